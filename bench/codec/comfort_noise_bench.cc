#include "mediacore/codec/comfort_noise.h"

#include <array>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

// Ten coefficients, all read.
void BM_ComfortNoiseRead(benchmark::State& state) {
  std::array<std::uint8_t, 11> payload{40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  if (state.range(0) != 0) payload[0] = 0xa8;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(payload.data());
    const auto view = ComfortNoiseView::Parse(payload);
    int sum = 0;
    for (std::size_t i = 0; view && i < view->order(); ++i) sum += view->reflection(i);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ComfortNoiseRead)->ArgName("refused")->Arg(0)->Arg(1);

void BM_ComfortNoiseWrite(benchmark::State& state) {
  std::array<std::uint8_t, 10> reflections{};
  std::array<std::uint8_t, 11> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    for (std::size_t i = 0; i < reflections.size(); ++i) {
      auto k = static_cast<std::int16_t>(1000 * i);
      benchmark::DoNotOptimize(k);
      reflections[i] = QuantizeReflection(k);
    }
    benchmark::DoNotOptimize(reflections.data());
    bool ok = ComfortNoiseWriter{40, reflections}.Write(out);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ComfortNoiseWrite);

}  // namespace
}  // namespace mediacore::codec
