#include "mediacore/rtcp/xr_ecn_summary.h"

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

constexpr XrEcnSummary kSummary{Ssrc(7), 1, 2, 3, 4, 5, 6};

std::uint64_t Read(const XrBlockView& block) {
  const auto summary = XrEcnSummary::Parse(block);
  return summary ? summary->ect0 + summary->ecn_ce : 0;
}

void BM_RtcpXrEcnSummaryRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(kSummary), Read); }
BENCHMARK(BM_RtcpXrEcnSummaryRead);

void BM_RtcpXrEcnSummaryRefuse(benchmark::State& state) { bench::TimeXrRefuse(state, bench::XrReport(kSummary), Read); }
BENCHMARK(BM_RtcpXrEcnSummaryRefuse);

void BM_RtcpXrEcnSummaryWrite(benchmark::State& state) { bench::TimeWrite(state, kSummary); }
BENCHMARK(BM_RtcpXrEcnSummaryWrite);

}  // namespace
}  // namespace mediacore::rtcp
