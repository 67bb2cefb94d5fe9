#ifndef MEDIACORE_BENCH_SUPPORT_HEAP_COUNT_H_
#define MEDIACORE_BENCH_SUPPORT_HEAP_COUNT_H_

#include <algorithm>

#include <benchmark/benchmark.h>

#include "../../tests/support/heap_watch.h"
#include "fail.h"

namespace mediacore::bench {

// Declared just before the timed loop: prints the heap allocations of each
// iteration beside its time, as `heap`. More than `allowed` of each iteration,
// and the benchmark fails; on the way of a packet none is allowed.
class HeapCount {
 public:
  explicit HeapCount(benchmark::State& state, std::size_t allowed = 0)
      : state_(state), allowed_(allowed) {}
  ~HeapCount() {
    // Read first: the map of counters allocates. SetItemsProcessed() and
    // SetBytesProcessed() after the loop have done so twice each.
    std::size_t allocations = watch_.allocations();
    for (const char* name : {"items_per_second", "bytes_per_second"}) {
      if (state_.counters.count(name) != 0) {
        allocations -= std::min<std::size_t>(allocations, 2);
      }
    }
    if (allocations > allowed_ * static_cast<std::size_t>(state_.iterations())) {
      Fail(state_, "more heap allocations than this benchmark allows");
      return;
    }
    state_.counters["heap"] = benchmark::Counter(
        static_cast<double>(allocations), benchmark::Counter::kAvgIterations);
  }
  HeapCount(const HeapCount&) = delete;
  HeapCount& operator=(const HeapCount&) = delete;

 private:
  benchmark::State& state_;
  std::size_t allowed_;
  testing::HeapWatch watch_;
};

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_SUPPORT_HEAP_COUNT_H_
