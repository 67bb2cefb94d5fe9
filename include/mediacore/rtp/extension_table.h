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
// for by walking. Memory: 56 bytes, no heap; borrows the packet's bytes.
class ExtensionTable {
 public:
  constexpr explicit ExtensionTable(const PacketView& packet) noexcept
      : block_(packet.extension_block()), form_(packet.extension_form()) {
    if (form_ == ExtensionForm::kOneByte) {
      FillOneByte(block_.data(), block_.size());
    } else if (form_ == ExtensionForm::kTwoByte) {
      FillTwoByte();
    }
  }

  // False, and `out` as it was, when the packet has no such element.
  [[nodiscard]] constexpr bool Find(int id, Bytes& out) const noexcept {
    if (id < 0 || id >= kIds) return FindByWalking(id, out);
    const std::size_t at = value_at_[static_cast<std::size_t>(id)];
    if (at == 0) return false;
    // In either form the length stands in the byte before the value.
    const std::uint8_t* const value = block_.data() + at;
    const unsigned length = value[-1];
    const bool one_byte = form_ == ExtensionForm::kOneByte;
    out = Bytes(value, one_byte ? (length & 0x0f) + 1 : length);
    return true;
  }

 private:
  static constexpr int kIds = 16;

  // As ExtensionReader walks, in a loop that keeps to registers: half the time.
  constexpr void FillOneByte(const std::uint8_t* block, std::size_t size) noexcept {
    std::size_t at = 0;
    while (at < size) {
      const unsigned head = block[at];
      if (head < 0x10 || head >= 0xf0) {
        if (head != 0) return;
        ++at;
        continue;
      }
      const std::size_t next = at + (head & 0x0f) + 2;
      if (next > size) return;
      std::uint16_t& value_at = value_at_[head >> 4];
      if (value_at == 0) value_at = static_cast<std::uint16_t>(at + 1);
      at = next;
    }
  }
  constexpr void FillTwoByte() noexcept {
    ExtensionReader reader(form_, block_);
    for (ExtensionElement element; reader.Next(element);) {
      if (element.id >= kIds) continue;
      std::uint16_t& value_at = value_at_[static_cast<std::size_t>(element.id)];
      if (value_at != 0) continue;
      value_at = static_cast<std::uint16_t>(element.value.data() - block_.data());
    }
  }
  // Kept out of the callers, whose four or five lookups it would swell.
  [[gnu::noinline]] constexpr bool FindByWalking(int id, Bytes& out) const noexcept {
    return ExtensionReader(form_, block_).Find(id, out);
  }

  Bytes block_;
  ExtensionForm form_;
  // In the block; 0 is nowhere. Small on purpose: for an array of pointers
  // g++ 12 writes `rep stos`, which costs more than all the rest.
  std::array<std::uint16_t, kIds> value_at_{};
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_EXTENSION_TABLE_H_
