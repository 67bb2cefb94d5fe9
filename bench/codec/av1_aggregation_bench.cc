#include "mediacore/codec/av1_aggregation.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

void Read(benchmark::State& state, const Block& payload, std::int64_t elements) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(payload.data());
    benchmark::ClobberMemory();
    const auto view = Av1AggregationView::Parse(payload);
    std::size_t sum = 0;
    if (view) {
      for (const Bytes element : *view) sum += element.size();
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * elements);
}

// So many OBUs of 200 bytes (of one: 1200, what most packets are). Items are OBUs.
void BM_Av1Aggregation(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Block obu(count == 1 ? 1200 : 200, 0x30);
  const std::vector<Bytes> elements(count, obu);
  const Av1AggregationWriter writer{.elements = elements};
  Block payload(writer.WireSize());
  if (!writer.Write(payload)) return bench::Fail(state, "not written");
  Read(state, payload, state.range(0));
}
BENCHMARK(BM_Av1Aggregation)->ArgName("obus")->Arg(1)->Arg(3)->Arg(6);

// The most that a packet can hold of them: OBUs of one byte.
void BM_Av1AggregationOfOneByteObus(benchmark::State& state) {
  Block payload(1, 0);
  for (int i = 0; i < 600; ++i) payload.insert(payload.end(), {1, 0x48});
  Read(state, payload, 600);
}
BENCHMARK(BM_Av1AggregationOfOneByteObus);

void BM_Av1AggregationRefused(benchmark::State& state) { Read(state, {0x30, 1, 0x48, 0xff, 0xff, 0x7f, 1}, 1); }
BENCHMARK(BM_Av1AggregationRefused);

void BM_Av1AggregationWrite(benchmark::State& state) {
  const Block obu(200, 0x30);
  const std::vector<Bytes> elements(6, obu);
  Block out(1300);
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    const Av1AggregationWriter writer{.elements = elements};
    bool written = writer.Write(out);
    benchmark::DoNotOptimize(written);
  }
  state.SetItemsProcessed(state.iterations() * 6);
}
BENCHMARK(BM_Av1AggregationWrite);

}  // namespace
}  // namespace mediacore::codec
