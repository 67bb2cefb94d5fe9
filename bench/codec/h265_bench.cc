#include "mediacore/codec/h265.h"

#include "../../tests/support/h265_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

// What a careful encoder writes: VUI with timing and colour, eight reference sets.
testing::H265SpsSpec Spec() {
  testing::H265SpsSpec spec;
  spec.width = 1920;
  spec.height = 1088;
  spec.cropping = true;
  spec.crop[3] = 4;
  spec.vui = spec.colour = true;
  spec.num_units = 1;
  spec.time_scale = 50;
  spec.sets.assign(8, {.s0_minus1 = {0, 1}, .s1_minus1 = {0, 1}});
  return spec;
}

void BM_H265SpsParse(benchmark::State& state) {
  testing::H265SpsSpec spec = Spec();
  if (state.range(0) != 0) spec.width = 65536;
  const auto nal = testing::MakeH265Sps(spec);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(nal.data());
    const auto sps = H265Sps::Parse(nal);
    benchmark::DoNotOptimize(sps.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_H265SpsParse)->ArgName("refused")->Arg(0)->Arg(1);

void BM_H265SliceSegmentHeaderParse(benchmark::State& state) {
  testing::Dice dice(1);
  const auto nal = testing::MakeH265Slice(dice, H265NalType::kTrailR, true, 1000);
  const H265Pps pps;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(nal.data());
    const auto slice = H265SliceSegmentHeader::Parse(nal, &pps);
    benchmark::DoNotOptimize(slice.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_H265SliceSegmentHeaderParse);

// What repeats before every key frame: nothing is parsed anew.
void BM_H265ParameterSetsAgain(benchmark::State& state) {
  const auto vps = testing::MakeH265Vps(Spec()), sps = testing::MakeH265Sps(Spec()), pps = testing::MakeH265Pps(0, 0);
  H265ParameterSets sets;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    bool ok = sets.Store(vps) && sets.Store(sps) && sets.Store(pps);
    benchmark::DoNotOptimize(ok);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_H265ParameterSetsAgain);

}  // namespace
}  // namespace mediacore::codec
