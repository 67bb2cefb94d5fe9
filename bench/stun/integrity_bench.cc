#include "mediacore/stun/integrity.h"

#include <benchmark/benchmark.h>

#include "../../tests/support/stun_vectors.h"
#include "../support/heap_count.h"

namespace mediacore::stun {
namespace {

// Of 108 bytes; and one of the wrong size, which is not computed. HMACs are
// measured in bench/crypto.
void BM_StunFingerprintVerify(benchmark::State& state) {
  auto bytes = testing::kStunRequest;
  if (state.range(0) == 0) bytes[103] = 3;
  const auto message = MessageView::Parse(bytes);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    auto verdict = VerifyFingerprint(*message);
    benchmark::DoNotOptimize(verdict);
  }
}
BENCHMARK(BM_StunFingerprintVerify)->Arg(1)->Arg(0);

void BM_StunTagCompare(benchmark::State& state) {
  std::array<std::uint8_t, 20> a{}, b{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(a.data());
    benchmark::DoNotOptimize(b.data());
    benchmark::ClobberMemory();
    bool same = EqualInConstantTime(a, b);
    benchmark::DoNotOptimize(same);
  }
}
BENCHMARK(BM_StunTagCompare);

}  // namespace
}  // namespace mediacore::stun
