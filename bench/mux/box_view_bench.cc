#include "mediacore/mux/box_view.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::mux {
namespace {

// A row of 100 boxes of 40 bytes, or one whose size runs past the end.
void BM_BoxViewWalk(benchmark::State& state) {
  std::vector<std::uint8_t> file(4000);
  for (std::size_t at = 0; at < file.size(); at += 40) StoreU32(file.data() + at, 40);
  if (state.range(0) == 1) StoreU32(file.data(), 4001);
  const bench::HeapCount heap(state);
  int boxes = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(file.data());
    benchmark::ClobberMemory();
    ByteReader reader(file);
    boxes = 0;
    while (const auto box = BoxView::TakeFrom(reader)) boxes += box->body().size() == 32 ? 1 : 0;
    benchmark::DoNotOptimize(boxes);
  }
  if (boxes != (state.range(0) == 0 ? 100 : 0)) bench::Fail(state, "not what it measures");
  state.SetItemsProcessed(state.iterations() * std::max(1, boxes));
}
BENCHMARK(BM_BoxViewWalk)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mediacore::mux
