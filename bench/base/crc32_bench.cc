#include "mediacore/base/crc32.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore {
namespace {

// A programme map with two streams: what every segment of a transport stream has.
void BM_Crc32Mpeg(benchmark::State& state) {
  const std::array<std::uint8_t, 26> section = {0x02, 0xb0, 0x17, 0x00, 0x01, 0xc1};
  bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(section.data());
    benchmark::DoNotOptimize(Crc32Mpeg(section));
  }
  state.SetBytesProcessed(state.iterations() * 26);
}
BENCHMARK(BM_Crc32Mpeg);

}  // namespace
}  // namespace mediacore
