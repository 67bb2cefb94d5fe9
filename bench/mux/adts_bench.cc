#include "mediacore/mux/adts.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::mux {
namespace {

void BM_AdtsView(benchmark::State& state) {
  std::vector<std::uint8_t> frame(347);
  if (!WriteAdtsHeader({}, 340, std::span(frame).first<7>())) mediacore::bench::Fail(state, "refused");
  if (state.range(0) == 1) frame[0] = 0xfe;  // refused
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(frame.data());
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(AdtsView::Parse(frame));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_AdtsView)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mediacore::mux
