#ifndef MEDIACORE_RTP_EXTENSION_TABLE_H_
#define MEDIACORE_RTP_EXTENSION_TABLE_H_

#include <array>

#include "mediacore/rtp/packet_view.h"

namespace mediacore::rtp {

// The header extensions of one packet, walked over once and then found by id at
// once. Worth it from the second lookup on.
//
//   const rtp::ExtensionTable extensions(*packet);
//   Bytes mid, sent;
//   if (extensions.Find(ids.mid, mid)) { ... }
//   if (extensions.Find(ids.abs_send_time, sent)) { ... }
//
// Says the same as PacketView::FindExtension, the first of two elements with
// one id included. Ids above 14 exist in the two-byte form only and are looked
// for by walking. Memory: 48 bytes, no heap; borrows the packet's bytes.
class ExtensionTable {
 public:
  constexpr explicit ExtensionTable(const PacketView& packet) noexcept
      : packet_(packet) {
    const std::uint8_t* const start = packet.bytes().data();
    ExtensionReader reader = packet.extensions();
    for (ExtensionElement element; reader.Next(element);) {
      if (element.id >= kIds) continue;
      std::uint16_t& at = value_at_[static_cast<std::size_t>(element.id)];
      if (at == 0) at = static_cast<std::uint16_t>(element.value.data() - start);
    }
  }

  // False, and `out` as it was, when the packet has no such element.
  [[nodiscard]] constexpr bool Find(int id, Bytes& out) const noexcept {
    if (id < 0 || id >= kIds) return packet_.FindExtension(id, out);
    const std::size_t at = value_at_[static_cast<std::size_t>(id)];
    if (at == 0) return false;
    // The length stands in the byte before the value, in either form.
    const std::uint8_t* const value = packet_.bytes().data() + at;
    const bool one_byte = packet_.extension_profile() == kOneByteProfile;
    out = Bytes(value, one_byte ? (value[-1] & 0x0fu) + 1u : value[-1]);
    return true;
  }

 private:
  static constexpr int kIds = 16;

  PacketView packet_;
  std::array<std::uint16_t, kIds> value_at_{};  // in the packet; 0 is absent
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_EXTENSION_TABLE_H_
