#ifndef MEDIACORE_RTCP_REMB_H_
#define MEDIACORE_RTCP_REMB_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Receiver Estimated Maximum Bitrate (draft-alvestrand-rmcat-remb-03, section
// 2.2): what a receiver thinks that its path carries, for these sources together.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  Unique identifier 'R' 'E' 'M' 'B'                            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  Num SSRC     | BR Exp    |  BR Mantissa                      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   SSRC feedback                                               |
//
//   if (const auto remb = rtcp::RembView::Parse(block)) target = std::min(target, remb->bitrate());
//
// Borrows the block's bytes.
class RembView {
 public:
  static constexpr std::uint32_t kUniqueIdentifier = 0x52454d42;
  static constexpr std::size_t kPrefixSize = 8;  // of the FCI, before the SSRCs
  static constexpr int kMantissaBits = 18;

  // Causes: kOtherMessage, kTooShort, kBadCount (more SSRCs are promised than
  // there are), kBadLength (fewer).
  static constexpr Expected<RembView, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::ParseApplicationLayer(block, kUniqueIdentifier);
    if (!message) return message.error();
    const Bytes fci = message->fci();
    if (fci.size() < kPrefixSize) return FeedbackError::kTooShort;
    const std::size_t wanted = kPrefixSize + std::size_t{4} * fci[4];
    if (fci.size() < wanted) return FeedbackError::kBadCount;
    if (fci.size() > wanted) return FeedbackError::kBadLength;
    return RembView(*message);
  }

  constexpr Ssrc sender_ssrc() const { return message_.sender_ssrc(); }
  // PlusInfinity() when it is more than DataRate counts.
  constexpr DataRate bitrate() const {
    const std::uint32_t word = LoadU24(message_.fci().data() + 5);
    return internal::ScaledRate{word >> kMantissaBits, word & 0x3ffff}.ToRate();
  }
  // `i` is below ssrc_count(), which is at most 255.
  constexpr int ssrc_count() const { return message_.fci()[4]; }
  constexpr Ssrc ssrc(int i) const {
    assert(i >= 0 && i < ssrc_count());
    return Ssrc(LoadU32(message_.fci().data() + kPrefixSize + 4 * static_cast<std::size_t>(i)));
  }

 private:
  constexpr explicit RembView(const FeedbackView& message) : message_(message) {}
  FeedbackView message_;
};

// Writes one; what it borrows has to live until Write().
struct RembWriter {
  Ssrc sender_ssrc;
  // 18 significant bits, the others are cut off.
  DataRate bitrate = DataRate::Zero();
  std::span<const Ssrc> ssrcs;  // at most 255

  // 0 when a limit above is passed or the rate is negative.
  constexpr std::size_t WireSize() const {
    if (ssrcs.size() > 255 || bitrate < DataRate::Zero()) return 0;
    return internal::BlockWireSize(kFormatApplicationLayer, FeedbackView::kSsrcsSize,
                                   RembView::kPrefixSize + 4 * ssrcs.size());
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    const auto rate = internal::ScaledRate::Of(bitrate, RembView::kMantissaBits);
    ByteWriter writer(out.first(size));
    internal::WriteFeedbackHeader(writer, kPayloadFeedback, kFormatApplicationLayer, size, sender_ssrc, Ssrc(0));
    writer.WriteU32(RembView::kUniqueIdentifier);
    writer.WriteU8(static_cast<std::uint8_t>(ssrcs.size()));
    writer.WriteU24(rate.exponent << RembView::kMantissaBits | rate.mantissa);
    for (const Ssrc ssrc : ssrcs) writer.WriteU32(ssrc.value());
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_REMB_H_
