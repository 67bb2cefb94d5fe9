#ifndef MEDIACORE_RTCP_RECEIVER_REPORT_H_
#define MEDIACORE_RTCP_RECEIVER_REPORT_H_

#include <cassert>

#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"
#include "mediacore/rtcp/report_block.h"

namespace mediacore::rtcp {

// Why a block is not a receiver report, in the order the parser looks.
enum class ReceiverReportError : std::uint8_t {
  kNotReceiverReport,  // packet type is not 201
  kTooShort,           // no room for the SSRC of the reporter
  kReportsTruncated,   // RC promises more report blocks than there are bytes
};
inline constexpr int kReceiverReportErrorCount = 3;

constexpr std::string_view ToString(ReceiverReportError error) {
  switch (error) {
    case ReceiverReportError::kNotReceiverReport: return "rtcp rr: other type";
    case ReceiverReportError::kTooShort: return "rtcp rr: too short";
    case ReceiverReportError::kReportsTruncated:
      return "rtcp rr: report blocks truncated";
  }
  return "rtcp rr: unknown";
}

// What somebody receives who does not send (RFC 3550, section 6.4.2): its
// SSRC, RC report blocks, a profile's extension. With no reports it is the
// empty head of a compound packet. Borrows the block's bytes.
class ReceiverReportView {
 public:
  static constexpr Expected<ReceiverReportView, ReceiverReportError> Parse(
      const BlockView& block) noexcept {
    if (block.packet_type() != kReceiverReport) {
      return ReceiverReportError::kNotReceiverReport;
    }
    const Bytes body = block.body();
    if (body.size() < 4) return ReceiverReportError::kTooShort;
    const auto reports = static_cast<std::size_t>(block.count());
    if (body.size() - 4 < reports * ReportBlock::kSize) {
      return ReceiverReportError::kReportsTruncated;
    }
    return ReceiverReportView(body, block.count());
  }

  constexpr Ssrc sender_ssrc() const { return Ssrc(LoadU32(body_.data())); }
  // `i` is below report_count(), which is at most 31.
  constexpr int report_count() const { return report_count_; }
  constexpr ReportBlock report(int i) const {
    assert(i >= 0 && i < report_count_);
    return ReportBlock::Read(
        body_.subspan(4 + static_cast<std::size_t>(i) * ReportBlock::kSize)
            .first<ReportBlock::kSize>());
  }
  constexpr Bytes profile_extension() const {
    return body_.subspan(4 + static_cast<std::size_t>(report_count_) *
                                 ReportBlock::kSize);
  }

 private:
  constexpr ReceiverReportView(Bytes body, int report_count)
      : body_(body), report_count_(report_count) {}
  Bytes body_;
  int report_count_;
};

// Writes a receiver report; what it borrows has to live until Write().
struct ReceiverReportWriter {
  Ssrc sender_ssrc;
  std::span<const ReportBlock> reports;  // at most 31
  Bytes profile_extension;               // a multiple of 4 bytes

  // 0 when a limit above, or 65535 bytes in all, is passed.
  constexpr std::size_t WireSize() const {
    return internal::BlockWireSize(reports.size(),
                                   4 + reports.size() * ReportBlock::kSize,
                                   profile_extension.size());
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteBlockHeader(writer, reports.size(), kReceiverReport, size);
    writer.WriteU32(sender_ssrc.value());
    internal::WriteReports(writer, reports);
    writer.WriteBytes(profile_extension);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_RECEIVER_REPORT_H_
