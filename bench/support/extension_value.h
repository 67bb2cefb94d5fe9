#ifndef MEDIACORE_BENCH_SUPPORT_EXTENSION_VALUE_H_
#define MEDIACORE_BENCH_SUPPORT_EXTENSION_VALUE_H_

#include <algorithm>
#include <array>

#include <benchmark/benchmark.h>

#include "heap_count.h"
#include "mediacore/base/bytes.h"

namespace mediacore::bench {

// The value of a header extension, of bytes that are taken or refused.
template <typename Value>
void ReadExtensionValue(benchmark::State& state, Bytes bytes, bool taken = true) {
  if (Value::Parse(bytes).has_value() != taken) return Fail(state, "not what it measures");
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes);
    benchmark::ClobberMemory();
    auto value = Value::Parse(bytes);
    benchmark::DoNotOptimize(value);
  }
  state.SetItemsProcessed(state.iterations());
}

// With a byte too many.
template <typename Value>
void RefuseExtensionValue(benchmark::State& state, Bytes bytes) {
  std::array<std::uint8_t, 256> longer{};
  std::ranges::copy(bytes, longer.begin());
  ReadExtensionValue<Value>(state, Bytes(longer).first(bytes.size() + 1), false);
}

template <typename Value>
void WriteExtensionValue(benchmark::State& state, Value value) {
  std::array<std::uint8_t, 256> out{};
  if (!value.Write(out)) return Fail(state, "cannot be written");
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(value);
    bool written = value.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace mediacore::bench

// Three benchmarks of one type: reads the bytes, refuses them with one more,
// writes what they say.
#define BENCH_EXTENSION_VALUE(Name, Type, ...)                                                        \
  constexpr auto k##Name##Bytes = std::to_array<std::uint8_t>(__VA_ARGS__);                           \
  void BM_Rtp##Name##Read(benchmark::State& state) {                                                  \
    bench::ReadExtensionValue<Type>(state, k##Name##Bytes);                                           \
  }                                                                                                   \
  BENCHMARK(BM_Rtp##Name##Read);                                                                      \
  void BM_Rtp##Name##Refuse(benchmark::State& state) {                                                \
    bench::RefuseExtensionValue<Type>(state, k##Name##Bytes);                                         \
  }                                                                                                   \
  BENCHMARK(BM_Rtp##Name##Refuse);                                                                    \
  void BM_Rtp##Name##Write(benchmark::State& state) {                                                 \
    bench::WriteExtensionValue(state, *Type::Parse(k##Name##Bytes));                                  \
  }                                                                                                   \
  BENCHMARK(BM_Rtp##Name##Write)

#endif  // MEDIACORE_BENCH_SUPPORT_EXTENSION_VALUE_H_
