#include "mediacore/codec/telephone_event.h"

#include <array>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

void BM_TelephoneEventRead(benchmark::State& state) {
  std::array<std::uint8_t, 5> payload = {7, 0x8a, 3, 0x20, 0};
  const Bytes bytes = Bytes(payload).first(state.range(0) != 0 ? 5 : 4);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(payload.data());
    const auto view = TelephoneEventView::Parse(bytes);
    int sum = 0;
    for (std::size_t i = 0; view && i < view->size(); ++i) sum += (*view)[i].duration;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TelephoneEventRead)->ArgName("refused")->Arg(0)->Arg(1);

void BM_TelephoneEventWrite(benchmark::State& state) {
  TelephoneEvent event{7, true, false, 10, 800};
  std::array<std::uint8_t, 4> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(event);
    bool ok = TelephoneEventWriter{{&event, 1}}.Write(out);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TelephoneEventWrite);

}  // namespace
}  // namespace mediacore::codec
