#ifndef MEDIACORE_BENCH_SUPPORT_HEAP_COUNT_H_
#define MEDIACORE_BENCH_SUPPORT_HEAP_COUNT_H_

#include <benchmark/benchmark.h>

#include "../../tests/support/heap_watch.h"

namespace mediacore::bench {

// Declared just before the timed loop: prints the heap allocations of each
// iteration beside its time, as `heap`.
class HeapCount {
 public:
  explicit HeapCount(benchmark::State& state) : state_(state) {}
  ~HeapCount() {
    // Read first: the map of counters allocates.
    const auto allocations = static_cast<double>(watch_.allocations());
    state_.counters["heap"] =
        benchmark::Counter(allocations, benchmark::Counter::kAvgIterations);
  }
  HeapCount(const HeapCount&) = delete;
  HeapCount& operator=(const HeapCount&) = delete;

 private:
  benchmark::State& state_;
  testing::HeapWatch watch_;
};

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_SUPPORT_HEAP_COUNT_H_
