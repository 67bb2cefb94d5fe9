#ifndef MEDIACORE_RTCP_FEEDBACK_H_
#define MEDIACORE_RTCP_FEEDBACK_H_

#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"

namespace mediacore::rtcp {

// Formats of transport-layer feedback, packet type 205 (RFC 4585, section 6.2,
// and IANA's list of FMT values for RTPFB).
inline constexpr int kFormatNack = 1;
inline constexpr int kFormatTmmbr = 3;               // RFC 5104
inline constexpr int kFormatTmmbn = 4;               // RFC 5104
inline constexpr int kFormatRapidResync = 5;         // RFC 6051
inline constexpr int kFormatRapidAcquisition = 6;    // RFC 6285
inline constexpr int kFormatTransportThirdPartyLoss = 7;  // RFC 6642
inline constexpr int kFormatEcn = 8;                 // RFC 6679
inline constexpr int kFormatPauseResume = 9;         // RFC 7728
inline constexpr int kFormatDelayBudget = 10;        // 3GPP TS 26.114
inline constexpr int kFormatCongestionControl = 11;  // RFC 8888
inline constexpr int kFormatTransportWide = 15;      // draft-holmer-rmcat 01

// Formats of payload-specific feedback, packet type 206.
inline constexpr int kFormatPli = 1;
inline constexpr int kFormatSli = 2;
inline constexpr int kFormatRpsi = 3;
inline constexpr int kFormatFir = 4;               // RFC 5104
inline constexpr int kFormatTstr = 5;              // RFC 5104
inline constexpr int kFormatTstn = 6;              // RFC 5104
inline constexpr int kFormatVbcm = 7;              // RFC 5104
inline constexpr int kFormatPayloadThirdPartyLoss = 8;  // RFC 6642
inline constexpr int kFormatRoi = 9;               // 3GPP TS 26.114
inline constexpr int kFormatLrr = 10;              // RFC 9627
inline constexpr int kFormatApplicationLayer = 15;  // REMB, loss notification

// The name that tools print; empty for a format without one here.
constexpr std::string_view FeedbackName(int packet_type, int format) {
  if (packet_type == kTransportFeedback) {
    switch (format) {
      case kFormatNack: return "NACK";
      case kFormatTmmbr: return "TMMBR";
      case kFormatTmmbn: return "TMMBN";
      case kFormatRapidResync: return "SR-REQ";
      case kFormatRapidAcquisition: return "RAMS";
      case kFormatTransportThirdPartyLoss: return "TLLEI";
      case kFormatEcn: return "ECN";
      case kFormatPauseResume: return "PAUSE-RESUME";
      case kFormatDelayBudget: return "DBI";
      case kFormatCongestionControl: return "CCFB";
      case kFormatTransportWide: return "TWCC";
      default: return "";
    }
  }
  if (packet_type != kPayloadFeedback) return "";
  switch (format) {
    case kFormatPli: return "PLI";
    case kFormatSli: return "SLI";
    case kFormatRpsi: return "RPSI";
    case kFormatFir: return "FIR";
    case kFormatTstr: return "TSTR";
    case kFormatTstn: return "TSTN";
    case kFormatVbcm: return "VBCM";
    case kFormatPayloadThirdPartyLoss: return "PSLEI";
    case kFormatRoi: return "ROI";
    case kFormatLrr: return "LRR";
    case kFormatApplicationLayer: return "AFB";
    default: return "";
  }
}

// Why a block is not the feedback message that it was taken for, in the order
// the parsers look. The simple messages share these causes.
enum class FeedbackError : std::uint8_t {
  kOtherMessage,  // another packet type, format or unique identifier
  kTooShort,      // no room for the two SSRCs, or for what every such message has
  kBadLength,     // what follows is not a whole number of entries
  kBadCount,      // a count promises more than there is
  kBadValue,      // a field has a value that the RFC does not allow
};
inline constexpr int kFeedbackErrorCount = 5;

constexpr std::string_view ToString(FeedbackError error) {
  switch (error) {
    case FeedbackError::kOtherMessage: return "rtcp feedback: other message";
    case FeedbackError::kTooShort: return "rtcp feedback: too short";
    case FeedbackError::kBadLength: return "rtcp feedback: bad length";
    case FeedbackError::kBadCount: return "rtcp feedback: bad count";
    case FeedbackError::kBadValue: return "rtcp feedback: bad value";
  }
  return "rtcp feedback: unknown";
}

// What every feedback message has (RFC 4585, section 6.1): who says it, of
// which source, and the feedback control information (FCI), which the views of
// the messages read.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|   FMT   |    PT 205/206 |             length            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                  SSRC of packet sender                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                  SSRC of media source                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :            Feedback Control Information (FCI)                 :
//
// Borrows the block's bytes; padding is taken off.
class FeedbackView {
 public:
  static constexpr std::size_t kSsrcsSize = 8;

  // Of any format. Causes: kOtherMessage (neither 205 nor 206), kTooShort.
  static constexpr Expected<FeedbackView, FeedbackError> Parse(const BlockView& block) noexcept {
    if (block.packet_type() != kTransportFeedback && block.packet_type() != kPayloadFeedback) {
      return FeedbackError::kOtherMessage;
    }
    if (block.body().size() < kSsrcsSize) return FeedbackError::kTooShort;
    return FeedbackView(block);
  }
  // Of this packet type and format only.
  static constexpr Expected<FeedbackView, FeedbackError> Parse(const BlockView& block, int packet_type,
                                                               int format) noexcept {
    if (block.packet_type() != packet_type || block.count() != format) {
      return FeedbackError::kOtherMessage;
    }
    if (block.body().size() < kSsrcsSize) return FeedbackError::kTooShort;
    return FeedbackView(block);
  }

  constexpr int packet_type() const { return packet_type_; }
  constexpr int format() const { return format_; }
  constexpr Ssrc sender_ssrc() const { return Ssrc(LoadU32(body_.data())); }
  // 0 in messages that name their sources in the FCI.
  constexpr Ssrc media_ssrc() const { return Ssrc(LoadU32(body_.data() + 4)); }
  constexpr Bytes fci() const { return body_.subspan(kSsrcsSize); }

 private:
  constexpr explicit FeedbackView(const BlockView& block)
      : body_(block.body()),
        packet_type_(static_cast<std::uint8_t>(block.packet_type())),
        format_(static_cast<std::uint8_t>(block.count())) {}
  Bytes body_;
  std::uint8_t packet_type_;
  std::uint8_t format_;
};

namespace internal {
// The 12 bytes before the FCI. `size` is that of the whole block, a multiple of 4.
constexpr void WriteFeedbackHeader(ByteWriter& writer, int packet_type, int format, std::size_t size,
                                   Ssrc sender_ssrc, Ssrc media_ssrc) {
  WriteBlockHeader(writer, static_cast<std::size_t>(format), packet_type, size);
  writer.WriteU32(sender_ssrc.value());
  writer.WriteU32(media_ssrc.value());
}
}  // namespace internal

// Writes a feedback message of any format from its FCI; what it borrows has to
// live until Write().
struct FeedbackWriter {
  int packet_type = kTransportFeedback;
  int format = 0;  // 0 to 31
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  Bytes fci;  // a multiple of 4 bytes

  // 0 when a limit above, or 65535 bytes in all, is passed.
  constexpr std::size_t WireSize() const {
    const bool feedback = packet_type == kTransportFeedback || packet_type == kPayloadFeedback;
    if (!feedback || format < 0) return 0;
    return internal::BlockWireSize(static_cast<std::size_t>(format), FeedbackView::kSsrcsSize, fci.size());
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteFeedbackHeader(writer, packet_type, format, size, sender_ssrc, media_ssrc);
    writer.WriteBytes(fci);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_FEEDBACK_H_
