#include "mediacore/rtcp/sender_report.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kReports = {ReportBlock{Ssrc(7), 12, 34, 56789, 90, 1234, 5678}};
const SenderReportWriter kWriter{Ssrc(1), NtpTime(0xe800000080000000), RtpTimestamp(90000), 30, 3000, kReports, {}};

void BM_RtcpSenderReportRead(benchmark::State& state) {
  bench::Read<SenderReportView>(state, kWriter, [](const auto& view) { return view.rtp_timestamp().value() + view.report(0).jitter; });
}
BENCHMARK(BM_RtcpSenderReportRead);

void BM_RtcpSenderReportRefuse(benchmark::State& state) { bench::Refuse<SenderReportView>(state, kWriter); }
BENCHMARK(BM_RtcpSenderReportRefuse);

void BM_RtcpSenderReportWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpSenderReportWrite);

}  // namespace
}  // namespace mediacore::rtcp
