#include "mediacore/capture/rtpdump_writer.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::capture {
namespace {

void BM_RtpdumpWriter(benchmark::State& state) {
  const RtpdumpWriter writer({}, 1'600'000'000'000'000'000);
  const std::vector<std::uint8_t> packet(1200);
  std::vector<std::uint8_t> out(1300);
  std::int64_t now = 1'600'000'000'000'000'000;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer.WriteRtp(now += 1'000'000, packet, out));
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * 1200);
}
BENCHMARK(BM_RtpdumpWriter);

void BM_RtpdumpWriterRefusesATimeBeforeTheStart(benchmark::State& state) {
  const RtpdumpWriter writer({}, 1'600'000'000'000'000'000);
  const std::vector<std::uint8_t> packet(1200);
  std::vector<std::uint8_t> out(1300);
  std::int64_t before = 1'500'000'000'000'000'000;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(before);
    benchmark::DoNotOptimize(writer.WriteRtp(before, packet, out));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpdumpWriterRefusesATimeBeforeTheStart);

}  // namespace
}  // namespace mediacore::capture
