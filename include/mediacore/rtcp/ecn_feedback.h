#ifndef MEDIACORE_RTCP_ECN_FEEDBACK_H_
#define MEDIACORE_RTCP_ECN_FEEDBACK_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// How a source's packets were marked on their way, told at once when one was
// marked (RFC 6679, section 5.1). Counts since the session began, which wrap.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |              extended highest sequence number                 |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        ECT (0) counter                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        ECT (1) counter                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |        ECN-CE counter         |        not-ECT counter        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     lost packets counter      |      duplication counter      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto ecn = rtcp::EcnFeedback::Parse(block)) {
//     marked = static_cast<std::uint16_t>(ecn->ecn_ce - last_ecn_ce);
//   }
//
// Errors: kOtherMessage, kTooShort, kBadLength.
struct EcnFeedback {
  static constexpr std::size_t kFciSize = 20;
  static constexpr std::size_t kSize = BlockView::kHeaderSize + FeedbackView::kSsrcsSize + kFciSize;

  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  std::uint32_t extended_highest_sequence_number = 0;  // cycles << 16 | number
  std::uint32_t ect0 = 0;
  std::uint32_t ect1 = 0;
  std::uint16_t ecn_ce = 0;
  std::uint16_t not_ect = 0;
  std::uint16_t lost = 0;
  std::uint16_t duplicated = 0;

  constexpr bool operator==(const EcnFeedback&) const = default;

  static constexpr Expected<EcnFeedback, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::Parse(block, kTransportFeedback, kFormatEcn);
    if (!message) return message.error();
    if (message->fci().size() != kFciSize) return FeedbackError::kBadLength;
    const std::uint8_t* from = message->fci().data();
    return EcnFeedback{message->sender_ssrc(), message->media_ssrc(), LoadU32(from),      LoadU32(from + 4),
                       LoadU32(from + 8),      LoadU16(from + 12),    LoadU16(from + 14), LoadU16(from + 16),
                       LoadU16(from + 18)};
  }

  constexpr std::size_t WireSize() const { return kSize; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < kSize) return false;
    ByteWriter writer(out.first(kSize));
    internal::WriteFeedbackHeader(writer, kTransportFeedback, kFormatEcn, kSize, sender_ssrc, media_ssrc);
    for (const std::uint32_t value : {extended_highest_sequence_number, ect0, ect1}) writer.WriteU32(value);
    for (const std::uint16_t value : {ecn_ce, not_ect, lost, duplicated}) writer.WriteU16(value);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_ECN_FEEDBACK_H_
