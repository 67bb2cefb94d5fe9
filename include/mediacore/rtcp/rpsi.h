#ifndef MEDIACORE_RTCP_RPSI_H_
#define MEDIACORE_RTCP_RPSI_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Reference Picture Selection Indication (RFC 4585, section 6.3.3): which picture
// a decoder has, in a bit string that the codec defines.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |      PB       |0| Payload Type|    Native RPSI bit string     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   defined per codec          ...                | Padding (0) |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto rpsi = rtcp::RpsiView::Parse(block)) {
//     if (rpsi->payload_type() == ours) encoder.Refer(rpsi->bit_string(), rpsi->bit_count());
//   }
//
// Borrows the block's bytes.
class RpsiView {
 public:
  static constexpr std::size_t kPrefixSize = 2;  // PB and payload type

  // Causes: kOtherMessage, kTooShort (no room for PB and payload type), kBadCount
  // (PB is more than the bits there are).
  static constexpr Expected<RpsiView, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::Parse(block, kPayloadFeedback, kFormatRpsi);
    if (!message) return message.error();
    const Bytes fci = message->fci();
    if (fci.size() < kPrefixSize) return FeedbackError::kTooShort;
    if (fci[0] > 8 * (fci.size() - kPrefixSize)) return FeedbackError::kBadCount;
    return RpsiView(*message);
  }

  constexpr Ssrc sender_ssrc() const { return message_.sender_ssrc(); }
  constexpr Ssrc media_ssrc() const { return message_.media_ssrc(); }
  constexpr PayloadType payload_type() const { return PayloadType(message_.fci()[1]); }
  constexpr std::size_t bit_count() const {
    return 8 * (message_.fci().size() - kPrefixSize) - message_.fci()[0];
  }
  // The bytes that hold bit_count() bits, the most significant first; what is
  // left over in the last one means nothing.
  constexpr Bytes bit_string() const { return message_.fci().subspan(kPrefixSize, (bit_count() + 7) / 8); }

 private:
  constexpr explicit RpsiView(const FeedbackView& message) : message_(message) {}
  FeedbackView message_;
};

// Writes one; what it borrows has to live until Write().
struct RpsiWriter {
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  PayloadType payload_type;
  Bytes bit_string;
  std::size_t bit_count = 0;  // at most those of bit_string

  // 0 when there are fewer bits than bit_count or a datagram cannot hold them.
  constexpr std::size_t WireSize() const {
    if (bit_string.size() > internal::kMaxSize || bit_count > 8 * bit_string.size()) return 0;
    return internal::BlockWireSize(kFormatRpsi, FeedbackView::kSsrcsSize, FciSize());
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    const std::size_t padding_bits = 8 * (FciSize() - RpsiView::kPrefixSize) - bit_count;
    ByteWriter writer(out.first(size));
    internal::WriteFeedbackHeader(writer, kPayloadFeedback, kFormatRpsi, size, sender_ssrc, media_ssrc);
    writer.WriteU8(static_cast<std::uint8_t>(padding_bits));
    writer.WriteU8(static_cast<std::uint8_t>(payload_type.value()));
    writer.WriteBytes(bit_string.first(bit_count / 8));
    if (bit_count % 8 != 0) {
      writer.WriteU8(static_cast<std::uint8_t>(bit_string[bit_count / 8] & ~(0xffu >> bit_count % 8)));
    }
    writer.Fill(writer.room(), 0);
    return writer.ok();
  }

 private:
  constexpr std::size_t FciSize() const { return (RpsiView::kPrefixSize + (bit_count + 7) / 8 + 3) / 4 * 4; }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_RPSI_H_
