#include "mediacore/mux/pes.h"

#include "../support/read_view.h"

namespace mediacore::mux {
namespace {

// A header with both times; refused: cut in the second.
void BM_PesHeaderView(benchmark::State& state) {
  std::array<std::uint8_t, PesHeaderWriter::kMaxSize> header{};
  PesHeaderWriter(kPesVideo, 126'000, 121'500).Write(70'000, header);
  const bool taken = state.range(0) == 0;
  bench::ReadView(state, Bytes(header).first(taken ? 19 : 18), taken, PesHeaderView::Parse);
}
BENCHMARK(BM_PesHeaderView)->ArgName("refused")->Arg(0)->Arg(1);

void BM_PesHeaderWrite(benchmark::State& state) {
  std::array<std::uint8_t, PesHeaderWriter::kMaxSize> header{};
  const bench::HeapCount heap(state);
  std::int64_t pts = 126'000;
  benchmark::DoNotOptimize(header.data());
  for (auto _ : state) {
    benchmark::DoNotOptimize(pts);
    auto size = PesHeaderWriter(kPesVideo, pts, 121'500).Write(70'000, header);
    benchmark::DoNotOptimize(size);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_PesHeaderWrite);

}  // namespace
}  // namespace mediacore::mux
