#include "mediacore/stats/receive_statistics.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::stats {
namespace {

// `swap`: of every 25 packets one comes after its follower, and one is lost.
void Run(benchmark::State& state, bool swap) {
  auto statistics = ReceiveStatistics::Create({.clock_rate = Frequency::Hertz(90'000)}).value();
  std::uint32_t i = 0;
  bench::HeapCount heap(state);
  for (auto _ : state) {
    const std::uint32_t place = i % 25;
    std::uint32_t number = i;
    if (swap && place == 3) number = i + 1;
    if (swap && (place == 4 || place == 20)) number = i - 1;
    benchmark::DoNotOptimize(statistics.OnPacket(
        Timestamp::Micros(std::int64_t{i} * 1000), SequenceNumber(static_cast<std::uint16_t>(number)),
        RtpTimestamp(i * 90), DataSize::Bytes(1200)));
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_ReceiveStatisticsInOrder(benchmark::State& state) { Run(state, false); }
BENCHMARK(BM_ReceiveStatisticsInOrder);

void BM_ReceiveStatisticsReordered(benchmark::State& state) { Run(state, true); }
BENCHMARK(BM_ReceiveStatisticsReordered);

// The refused input: every number is far from the last.
void BM_ReceiveStatisticsStrays(benchmark::State& state) {
  auto statistics = ReceiveStatistics::Create({.clock_rate = Frequency::Hertz(90'000)}).value();
  std::uint32_t i = 0;
  bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(statistics.OnPacket(Timestamp::Micros(i),
                                                 SequenceNumber(static_cast<std::uint16_t>(i * 20'000)),
                                                 RtpTimestamp(0), DataSize::Bytes(1200)));
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ReceiveStatisticsStrays);

}  // namespace
}  // namespace mediacore::stats
