#ifndef MEDIACORE_RTCP_LOSS_NOTIFICATION_H_
#define MEDIACORE_RTCP_LOSS_NOTIFICATION_H_

#include "mediacore/base/sequence_number.h"
#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Loss notification, as libwebrtc sends it (application-layer feedback, no
// specification): how far a receiver came with a stream of video frames.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  Unique identifier 'L' 'N' 'T' 'F'                            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | Last Decoded Sequence Number  | Last Received SeqNum Delta  |D|
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto lntf = rtcp::LossNotification::Parse(block)) {
//     if (!lntf->is_decodable) encoder.ReferAtMostTo(lntf->last_decoded);
//   }
struct LossNotification {
  static constexpr std::uint32_t kUniqueIdentifier = 0x4c4e5446;
  static constexpr std::size_t kFciSize = 8;
  static constexpr std::size_t kSize = BlockView::kHeaderSize + FeedbackView::kSsrcsSize + kFciSize;

  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  SequenceNumber last_decoded;   // of the last packet of the last frame that was decoded
  SequenceNumber last_received;  // 0 to 32767 ahead of last_decoded
  // D: the frame being received can be decoded, as far as it is known.
  bool is_decodable = false;

  constexpr bool operator==(const LossNotification&) const = default;

  // Causes: kOtherMessage, kTooShort, kBadLength (more than the two words).
  static constexpr Expected<LossNotification, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::ParseApplicationLayer(block, kUniqueIdentifier);
    if (!message) return message.error();
    const Bytes fci = message->fci();
    if (fci.size() < kFciSize) return FeedbackError::kTooShort;
    if (fci.size() > kFciSize) return FeedbackError::kBadLength;
    const SequenceNumber last_decoded(LoadU16(fci.data() + 4));
    const std::uint16_t delta_and_flag = LoadU16(fci.data() + 6);
    return LossNotification{message->sender_ssrc(), message->media_ssrc(), last_decoded,
                            last_decoded + (delta_and_flag >> 1), (delta_and_flag & 1) != 0};
  }

  // 0 when last_received is not as far ahead as it may be.
  constexpr std::size_t WireSize() const { return Delta() <= 0x7fff ? kSize : 0; }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < kSize) return false;
    ByteWriter writer(out.first(kSize));
    internal::WriteFeedbackHeader(writer, kPayloadFeedback, kFormatApplicationLayer, kSize, sender_ssrc, media_ssrc);
    writer.WriteU32(kUniqueIdentifier);
    writer.WriteU16(last_decoded.value());
    writer.WriteU16(static_cast<std::uint16_t>(Delta() << 1 | (is_decodable ? 1 : 0)));
    return writer.ok();
  }

 private:
  constexpr std::uint16_t Delta() const {
    return static_cast<std::uint16_t>(last_received.value() - last_decoded.value());
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_LOSS_NOTIFICATION_H_
