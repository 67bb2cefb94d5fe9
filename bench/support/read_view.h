#ifndef MEDIACORE_BENCH_SUPPORT_READ_VIEW_H_
#define MEDIACORE_BENCH_SUPPORT_READ_VIEW_H_

#include <benchmark/benchmark.h>

#include "heap_count.h"
#include "mediacore/base/bytes.h"

namespace mediacore::bench {

// Times parse(bytes), which must take or refuse them as `taken` says.
template <typename Parse>
void ReadView(benchmark::State& state, Bytes bytes, bool taken, Parse&& parse) {
  if (parse(bytes).has_value() != taken) return Fail(state, "not what it measures");
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes);
    benchmark::ClobberMemory();
    auto view = parse(bytes);
    benchmark::DoNotOptimize(view);
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_SUPPORT_READ_VIEW_H_
