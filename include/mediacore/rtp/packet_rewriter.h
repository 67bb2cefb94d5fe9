#ifndef MEDIACORE_RTP_PACKET_REWRITER_H_
#define MEDIACORE_RTP_PACKET_REWRITER_H_

#include <algorithm>
#include <array>

#include "mediacore/rtp/packet_view.h"

namespace mediacore::rtp {

// Which extension ids become which others when a packet goes from one session
// to another. Ids that nobody set are dropped: what the far side has not agreed
// on, it does not get. 256 bytes, made once per pair of sessions.
class ExtensionIdMapping {
 public:
  // `from` and `to` are 1-255; false, and nothing changed, otherwise.
  [[nodiscard]] constexpr bool Set(int from, int to) {
    if (from < 1 || from > 255 || to < 1 || to > 255) return false;
    to_[static_cast<std::size_t>(from)] = static_cast<std::uint8_t>(to);
    return true;
  }
  // 0: dropped.
  constexpr int Get(int from) const {
    return from < 1 || from > 255 ? 0 : to_[static_cast<std::size_t>(from)];
  }

 private:
  std::array<std::uint8_t, 256> to_{};
};

// Changes an RTP packet in place, never its size.
//
//   const auto packet = rtp::PacketRewriter::Parse(datagram);
//   if (!packet) return Count(packet.error());
//   packet->SetSsrc(out_ssrc);
//   packet->SetSequenceNumber(next_sequence_number);
//   packet->SetTimestamp(packet->view().timestamp() + offset);
//   if (!packet->SetExtension(ids.transport_sequence_number, number)) ...
//
// Like a span, it is const when it cannot be pointed elsewhere: what it changes
// are the caller's bytes, which it borrows. view() sees the packet as it now is.
class PacketRewriter {
 public:
  static constexpr Expected<PacketRewriter, PacketError> Parse(
      MutableBytes packet) noexcept {
    const auto view = PacketView::Parse(packet);
    if (!view) return view.error();
    return PacketRewriter(packet.data(), *view);
  }

  constexpr const PacketView& view() const { return view_; }

  constexpr void SetMarker(bool marker) const {
    data_[1] = static_cast<std::uint8_t>((data_[1] & 0x7f) |
                                         (marker ? 0x80 : 0));
  }
  constexpr void SetPayloadType(PayloadType payload_type) const {
    data_[1] = static_cast<std::uint8_t>((data_[1] & 0x80) |
                                         payload_type.value());
  }
  constexpr void SetSequenceNumber(SequenceNumber sequence_number) const {
    StoreU16(data_ + 2, sequence_number.value());
  }
  constexpr void SetTimestamp(RtpTimestamp timestamp) const {
    StoreU32(data_ + 4, timestamp.value());
  }
  constexpr void SetSsrc(Ssrc ssrc) const { StoreU32(data_ + 8, ssrc.value()); }

  // The bytes of an extension's value, to be changed; as
  // PacketView::FindExtension.
  [[nodiscard]] constexpr bool FindExtension(int id, MutableBytes& out) const {
    Bytes value;
    if (!view_.FindExtension(id, value)) return false;
    out = MutableBytes(data_ + OffsetOf(value), value.size());
    return true;
  }
  // False, and nothing changed, when the packet has no such extension or one
  // of another size.
  [[nodiscard]] constexpr bool SetExtension(int id, Bytes value) const {
    MutableBytes place;
    if (!FindExtension(id, place) || place.size() != value.size()) return false;
    std::ranges::copy(value, place.begin());
    return true;
  }

  // Gives every element the id of `mapping`; those that map to nothing, or to
  // an id above 14 in a packet of the one-byte form, become padding. Returns
  // how many became padding. What follows the end of the elements (id 15 in
  // the one-byte form, an element cut short) is cleared too, so that nothing
  // that was hidden comes to light.
  constexpr int MapExtensionIds(const ExtensionIdMapping& mapping) const {
    const bool one_byte = view_.extension_form() == ExtensionForm::kOneByte;
    if (!one_byte && view_.extension_form() != ExtensionForm::kTwoByte) return 0;
    const Bytes block = view_.extension_block();
    std::uint8_t* end = data_ + OffsetOf(block);
    std::uint8_t* const block_end = end + block.size();
    int dropped = 0;
    ExtensionReader reader = view_.extensions();
    for (ExtensionElement element; reader.Next(element);) {
      const int to = mapping.Get(element.id);
      std::uint8_t* const value = data_ + OffsetOf(element.value);
      std::uint8_t* const head = value - (one_byte ? 1 : 2);
      end = value + element.value.size();
      if (to == 0 || (one_byte && to > 14)) {
        std::fill(head, end, std::uint8_t{0});
        ++dropped;
      } else if (one_byte) {
        *head = static_cast<std::uint8_t>(to << 4 | (*head & 0x0f));
      } else {
        *head = static_cast<std::uint8_t>(to);
      }
    }
    std::fill(end, block_end, std::uint8_t{0});
    return dropped;
  }

 private:
  constexpr PacketRewriter(std::uint8_t* data, PacketView view)
      : data_(data), view_(view) {}
  constexpr std::ptrdiff_t OffsetOf(Bytes part) const {
    return part.data() - static_cast<const std::uint8_t*>(data_);
  }

  std::uint8_t* data_;
  PacketView view_;  // of the same bytes
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_PACKET_REWRITER_H_
