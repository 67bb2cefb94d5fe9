#ifndef MEDIACORE_RTP_TRANSPORT_SEQUENCE_NUMBER_H_
#define MEDIACORE_RTP_TRANSPORT_SEQUENCE_NUMBER_H_

#include "mediacore/base/sequence_number.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// The packet's number on its transport, counted over all streams, by which
// transport-wide feedback speaks of it (draft-holmer-rmcat-transport-wide-cc
// -extensions-01, section 2): 16 bits.
//
//   rtp::TransportSequenceNumber number;
//   if (rtp::ReadExtension(*packet, ids, number)) feedback.Add(number.number, now);
struct TransportSequenceNumber {
  static constexpr ExtensionKind kKind = ExtensionKind::kTransportSequenceNumber;

  SequenceNumber number;

  bool operator==(const TransportSequenceNumber&) const = default;

  static constexpr Expected<TransportSequenceNumber, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 2) return ExtensionError::kWrongSize;
    return TransportSequenceNumber{SequenceNumber(LoadU16(value.data()))};
  }
  constexpr std::size_t WireSize() const { return 2; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < WireSize()) return false;
    StoreU16(out.data(), number.value());
    return true;
  }
};

// The same where feedback is sent on request only (webrtc.org,
// transport-wide-cc-02): 2 bytes, or 4 with a request.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | transport-wide sequence number:T|        sequence count       :
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct TransportSequenceNumberV2 {
  static constexpr ExtensionKind kKind = ExtensionKind::kTransportSequenceNumberV2;
  static constexpr std::uint16_t kMaxCount = 0x7fff;

  SequenceNumber number;
  bool has_request = false;
  bool with_timing = false;    // T: the feedback is to say when packets arrived
  std::uint16_t count = 0;     // of how many packets, up to and with this one; 0: none is asked for

  bool operator==(const TransportSequenceNumberV2&) const = default;

  // Whether feedback is to be sent now.
  constexpr bool AsksForFeedback() const { return has_request && count != 0; }

  static constexpr Expected<TransportSequenceNumberV2, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() == 2) return TransportSequenceNumberV2{SequenceNumber(LoadU16(value.data()))};
    if (value.size() != 4) return ExtensionError::kWrongSize;
    const std::uint32_t both = LoadU32(value.data());
    return TransportSequenceNumberV2{SequenceNumber(static_cast<std::uint16_t>(both >> 16)), true, (both & 0x8000) != 0,
                                     static_cast<std::uint16_t>(both & kMaxCount)};
  }
  constexpr std::size_t WireSize() const {
    if (!has_request) return 2;
    return count <= kMaxCount ? 4 : 0;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    StoreU16(out.data(), number.value());
    if (has_request) StoreU16(out.data() + 2, static_cast<std::uint16_t>((with_timing ? 0x8000 : 0) | count));
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_TRANSPORT_SEQUENCE_NUMBER_H_
