#include "mediacore/codec/h266.h"

#include "../../tests/support/h266_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

void BM_H266SpsParse(benchmark::State& state) {
  testing::H266Spec spec;
  spec.constraints = spec.cropping = true;
  if (state.range(0) != 0) spec.width = 65536;
  const auto nal = testing::MakeH266Sps(spec);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(nal.data());
    const auto sps = H266Sps::Parse(nal);
    benchmark::DoNotOptimize(sps.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_H266SpsParse)->ArgName("refused")->Arg(0)->Arg(1);

void BM_H266PictureHeaderParse(benchmark::State& state) {
  testing::Dice dice(1);
  const auto nal = testing::MakeH266Slice(dice, H266NalType::kTrail, true, 1000);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(nal.data());
    const auto header = H266PictureHeader::Parse(nal);
    benchmark::DoNotOptimize(header.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_H266PictureHeaderParse);

}  // namespace
}  // namespace mediacore::codec
