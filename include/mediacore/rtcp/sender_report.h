#ifndef MEDIACORE_RTCP_SENDER_REPORT_H_
#define MEDIACORE_RTCP_SENDER_REPORT_H_

#include <cassert>

#include "mediacore/base/sequence_number.h"
#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"
#include "mediacore/rtcp/report_block.h"

namespace mediacore::rtcp {

// Why a block is not a sender report, in the order the parser looks.
enum class SenderReportError : std::uint8_t {
  kNotSenderReport,   // packet type is not 200
  kTooShort,          // fewer than the 24 bytes of SSRC and sender information
  kReportsTruncated,  // RC promises more report blocks than there are bytes
};
inline constexpr int kSenderReportErrorCount = 3;

constexpr std::string_view ToString(SenderReportError error) {
  switch (error) {
    case SenderReportError::kNotSenderReport: return "rtcp sr: other type";
    case SenderReportError::kTooShort: return "rtcp sr: too short";
    case SenderReportError::kReportsTruncated:
      return "rtcp sr: report blocks truncated";
  }
  return "rtcp sr: unknown";
}

// What a sender says about itself and what it receives (RFC 3550, section
// 6.4.1), behind the header of the block:
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        SSRC of sender                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                NTP timestamp, seconds, fraction               |
//  |                                                               |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                         RTP timestamp                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                     sender's packet count                     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                      sender's octet count                     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |            RC report blocks, profile's extension              |
//
// Borrows the block's bytes.
class SenderReportView {
 public:
  static constexpr std::size_t kSenderInfoSize = 24;  // with the SSRC

  static constexpr Expected<SenderReportView, SenderReportError> Parse(
      const BlockView& block) noexcept {
    if (block.packet_type() != kSenderReport) {
      return SenderReportError::kNotSenderReport;
    }
    const Bytes body = block.body();
    if (body.size() < kSenderInfoSize) return SenderReportError::kTooShort;
    const auto reports = static_cast<std::size_t>(block.count());
    if (body.size() - kSenderInfoSize < reports * ReportBlock::kSize) {
      return SenderReportError::kReportsTruncated;
    }
    return SenderReportView(body, block.count());
  }

  constexpr Ssrc sender_ssrc() const { return Ssrc(LoadU32<0>(info())); }
  // Wall clock of the moment that rtp_timestamp() stands for; not IsSet() when
  // the sender has no wall clock.
  constexpr NtpTime ntp_time() const {
    return NtpTime(LoadU32<4>(info()), LoadU32<8>(info()));
  }
  constexpr RtpTimestamp rtp_timestamp() const {
    return RtpTimestamp(LoadU32<12>(info()));
  }
  // Since it began to send; both wrap.
  constexpr std::uint32_t packet_count() const { return LoadU32<16>(info()); }
  constexpr std::uint32_t octet_count() const { return LoadU32<20>(info()); }

  // `i` is below report_count(), which is at most 31.
  constexpr int report_count() const { return report_count_; }
  constexpr ReportBlock report(int i) const {
    assert(i >= 0 && i < report_count_);
    return ReportBlock::Read(
        body_.subspan(kSenderInfoSize + static_cast<std::size_t>(i) * ReportBlock::kSize)
            .first<ReportBlock::kSize>());
  }
  constexpr Bytes profile_extension() const {
    return body_.subspan(kSenderInfoSize + static_cast<std::size_t>(report_count_) *
                                               ReportBlock::kSize);
  }

 private:
  constexpr SenderReportView(Bytes body, int report_count)
      : body_(body), report_count_(report_count) {}
  constexpr std::span<const std::uint8_t, kSenderInfoSize> info() const {
    return body_.first<kSenderInfoSize>();
  }
  Bytes body_;
  int report_count_;
};

// Writes a sender report. The fields are the view's; what it borrows has to
// live until Write().
//
//   rtcp::SenderReportWriter report;
//   report.sender_ssrc = ssrc;
//   report.ntp_time = NtpTime::FromUnixMicros(wall_clock_us);
//   if (report.Write(out)) Send(out.first(report.WireSize()));
struct SenderReportWriter {
  Ssrc sender_ssrc;
  NtpTime ntp_time;
  RtpTimestamp rtp_timestamp;
  std::uint32_t packet_count = 0;
  std::uint32_t octet_count = 0;
  std::span<const ReportBlock> reports;  // at most 31
  Bytes profile_extension;               // a multiple of 4 bytes

  // 0 when a limit above, or 65535 bytes in all, is passed.
  constexpr std::size_t WireSize() const {
    return internal::BlockWireSize(
        reports.size(),
        SenderReportView::kSenderInfoSize + reports.size() * ReportBlock::kSize,
        profile_extension.size());
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteBlockHeader(writer, reports.size(), kSenderReport, size);
    writer.WriteU32(sender_ssrc.value());
    writer.WriteU64(ntp_time.value());
    writer.WriteU32(rtp_timestamp.value());
    writer.WriteU32(packet_count);
    writer.WriteU32(octet_count);
    internal::WriteReports(writer, reports);
    writer.WriteBytes(profile_extension);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_SENDER_REPORT_H_
