#include "mediacore/codec/vp9_superframe.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// 0: three frames; 1: one frame and no index; 2: refused, sizes that lie.
void BM_Vp9Superframe(benchmark::State& state) {
  const std::vector<std::uint32_t> sizes = {2000, 4000, 12000};
  const Vp9SuperframeIndexWriter writer{sizes};
  Block chunk(18000 + writer.WireSize());
  if (!writer.Write(MutableBytes(chunk).subspan(18000))) return;
  if (state.range(0) == 1) chunk.back() = 0;
  if (state.range(0) == 2) chunk[18002] = 0xff;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(chunk.data());
    benchmark::ClobberMemory();
    const auto found = Vp9SuperframeView::Parse(chunk);
    std::size_t sum = 0;
    for (int i = 0; found && i < found->frame_count(); ++i) sum += found->frame(i).size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp9Superframe)->ArgName("three_one_refused")->DenseRange(0, 2);

void BM_Vp9SuperframeIndexWrite(benchmark::State& state) {
  const std::vector<std::uint32_t> sizes = {2000, 4000, 12000};
  Block out(Vp9SuperframeIndexWriter::kMaxSize);
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    bool ok = Vp9SuperframeIndexWriter{sizes}.Write(out);
    benchmark::DoNotOptimize(ok);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp9SuperframeIndexWrite);

}  // namespace
}  // namespace mediacore::codec
