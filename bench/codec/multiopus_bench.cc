#include "mediacore/codec/multiopus.h"

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

void BM_MultiopusRead(benchmark::State& state) {
  std::string_view mapping = state.range(0) != 0 ? "0,4,1,2,3,9" : "0,4,1,2,3,5";
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(mapping);
    const auto multiopus = Multiopus::Parse(6, "4", "2", mapping);
    bool ok = multiopus.has_value();
    benchmark::DoNotOptimize(ok);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MultiopusRead)->ArgName("refused")->Arg(0)->Arg(1);

void BM_MultiopusWrite(benchmark::State& state) {
  const auto multiopus = Multiopus::Parse(6, "4", "2", "0,4,1,2,3,5");
  if (!multiopus) return bench::Fail(state, "does not read");
  char text[100];
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    SpanSink sink(text);
    bool ok = multiopus->WriteTo(sink);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MultiopusWrite);

}  // namespace
}  // namespace mediacore::codec
