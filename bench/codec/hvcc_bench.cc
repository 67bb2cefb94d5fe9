#include "mediacore/codec/hvcc.h"

#include "../../tests/support/h265_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

H265ParameterSets Sets() {
  H265ParameterSets sets;
  (void)sets.Store(testing::MakeH265Vps({}));
  (void)sets.Store(testing::MakeH265Sps({}));
  (void)sets.Store(testing::MakeH265Pps(0, 0));
  return sets;
}

void BM_HvccParse(benchmark::State& state) {
  std::vector<std::uint8_t> record(HvccWriter::kMaxSize);
  std::size_t size = 0;
  if (!HvccWriter(Sets()).Write(record, size)) return state.SkipWithError("not written");
  record.resize(size - (state.range(0) != 0 ? 1 : 0));
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(record.data());
    const auto view = HvccView::Parse(record);
    benchmark::DoNotOptimize(view.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_HvccParse)->ArgName("refused")->Arg(0)->Arg(1);

void BM_HvccWrite(benchmark::State& state) {
  const H265ParameterSets sets = Sets();
  std::vector<std::uint8_t> record(HvccWriter::kMaxSize);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t size = 0;
    bool ok = HvccWriter(sets).Write(record, size);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_HvccWrite);

}  // namespace
}  // namespace mediacore::codec
