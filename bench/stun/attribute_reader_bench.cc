#include "mediacore/stun/attribute_reader.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../../tests/support/stun_vectors.h"
#include "../support/heap_count.h"

namespace mediacore::stun {
namespace {

void BM_StunAttributesWalk(benchmark::State& state) {
  auto bytes = testing::kStunRequest;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    AttributeReader reader(bytes, 20);
    std::size_t sum = 0;
    for (Attribute attribute; reader.Next(attribute);) sum += attribute.value.size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 6);
}
BENCHMARK(BM_StunAttributesWalk);

// The last of six, and one that is not there.
void BM_StunAttributeFind(benchmark::State& state) {
  auto bytes = testing::kStunRequest;
  const auto type = state.range(0) != 0 ? AttributeType::kFingerprint : AttributeType::kErrorCode;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    AttributeReader reader(bytes, 20);
    Attribute attribute;
    bool found = reader.Find(type, attribute);
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(BM_StunAttributeFind)->Arg(1)->Arg(0);

}  // namespace
}  // namespace mediacore::stun
