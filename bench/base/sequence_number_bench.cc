#include "mediacore/base/sequence_number.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore {
namespace {

// Each number follows from the one before: this is the time of one, not of many
// side by side.
void BM_UnwrapSequenceNumber(benchmark::State& state) {
  Unwrapper<SequenceNumber> unwrapper;
  std::uint16_t number = 0;
  bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(number);
    benchmark::DoNotOptimize(unwrapper.Unwrap(SequenceNumber(number)));
    ++number;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_UnwrapSequenceNumber);

}  // namespace
}  // namespace mediacore
