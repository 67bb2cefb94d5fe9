#include "mediacore/mux/ebml.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::mux {
namespace {

// A thousand elements in memory, of so many bytes each.
void BM_EbmlElementWalk(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  std::vector<std::uint8_t> bytes(1000 * (size + 4));
  EbmlWriter writer(bytes);
  for (int i = 0; i < 1000; ++i) writer.Binary(0xec, std::vector<std::uint8_t>(size));
  bytes.resize(writer.size());
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    ByteReader reader(bytes);
    std::size_t sum = 0;
    while (const auto element = EbmlElement::TakeFrom(reader)) sum += element->body().size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(BM_EbmlElementWalk)->Arg(0)->Arg(100)->Arg(1000);

void BM_EbmlElementRefusesABadId(benchmark::State& state) {
  const std::vector<std::uint8_t> bytes(16, 0);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    ByteReader reader(bytes);
    benchmark::DoNotOptimize(EbmlElement::TakeFrom(reader).has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_EbmlElementRefusesABadId);

}  // namespace
}  // namespace mediacore::mux
