#include "mediacore/codec/latm.h"

#include <vector>

#include "../../tests/support/latm_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

void BM_StreamMuxConfigParse(benchmark::State& state) {
  const auto bytes = testing::MakeLatmConfig({.layers = state.range(0) != 0 ? 1u : 0u});
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(bytes.data());
    const auto config = StreamMuxConfig::Parse(bytes);
    benchmark::DoNotOptimize(config.has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_StreamMuxConfigParse)->ArgName("refused")->Arg(0)->Arg(1);

void BM_StreamMuxConfigWrite(benchmark::State& state) {
  const auto bytes = testing::MakeLatmConfig({});
  const auto config = StreamMuxConfig::Parse(bytes);
  if (!config) return bench::Fail(state, "does not read");
  std::vector<std::uint8_t> out(StreamMuxConfig::kMaxWireSize);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t written = 0;
    bool ok = config->Write(out, written);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_StreamMuxConfigWrite);

}  // namespace
}  // namespace mediacore::codec
