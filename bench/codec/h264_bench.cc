#include "mediacore/codec/h264.h"

#include "../../tests/support/h264_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

void BM_SpsParse(benchmark::State& state) {
  testing::SpsSpec spec;
  spec.profile = 100;
  spec.vui = spec.colour = spec.restriction = true;
  spec.num_units = 1;
  spec.time_scale = 50;
  if (state.range(0) != 0) spec.width_mbs = 4096;
  const auto nal = testing::MakeSps(spec);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(nal.data());
    const auto sps = Sps::Parse(nal);
    benchmark::DoNotOptimize(sps.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SpsParse)->ArgName("refused")->Arg(0)->Arg(1);

void BM_SliceHeaderParse(benchmark::State& state) {
  testing::Dice dice(1);
  const auto nal = testing::MakeSlice(dice, 0x41, 100, 1000);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(nal.data());
    const auto slice = SliceHeader::Parse(nal);
    benchmark::DoNotOptimize(slice.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SliceHeaderParse);

}  // namespace
}  // namespace mediacore::codec
