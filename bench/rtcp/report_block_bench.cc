#include "mediacore/rtcp/report_block.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtcp {
namespace {

void BM_RtcpReportBlockReadAndRoundTrip(benchmark::State& state) {
  std::array<std::uint8_t, ReportBlock::kSize> bytes{};
  ReportBlock{Ssrc(7), 12, 34, 56789, 90, 0x10000, 0x8000}.Write(bytes);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    TimeDelta round_trip = TimeDelta::Zero();
    bool known = RoundTripTime(ReportBlock::Read(bytes), NtpTime(2, 0), round_trip);
    benchmark::DoNotOptimize(known);
    benchmark::DoNotOptimize(round_trip);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpReportBlockReadAndRoundTrip);

}  // namespace
}  // namespace mediacore::rtcp
