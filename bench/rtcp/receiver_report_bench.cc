#include "mediacore/rtcp/receiver_report.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kReports = {ReportBlock{Ssrc(7), 12, 34, 56789, 90, 1234, 5678}};
const ReceiverReportWriter kWriter{Ssrc(1), kReports, {}};

void BM_RtcpReceiverReportRead(benchmark::State& state) {
  bench::Read<ReceiverReportView>(state, kWriter, [](const auto& view) { return view.sender_ssrc().value() + view.report(0).jitter; });
}
BENCHMARK(BM_RtcpReceiverReportRead);

void BM_RtcpReceiverReportRefuse(benchmark::State& state) { bench::Refuse<ReceiverReportView>(state, kWriter); }
BENCHMARK(BM_RtcpReceiverReportRefuse);

void BM_RtcpReceiverReportWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpReceiverReportWrite);

}  // namespace
}  // namespace mediacore::rtcp
