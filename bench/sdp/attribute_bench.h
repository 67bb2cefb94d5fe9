#ifndef MEDIACORE_BENCH_SDP_ATTRIBUTE_BENCH_H_
#define MEDIACORE_BENCH_SDP_ATTRIBUTE_BENCH_H_

#include <array>
#include <string>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/sdp/attributes.h"

namespace mediacore::bench {

// One value read, or refused where `good` says so.
template <typename T>
void ReadAttribute(benchmark::State& state, std::string_view value, bool good) {
  const std::string text(value);
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(text.data());
    T read;
    bool done = T::Read(text, read);
    benchmark::DoNotOptimize(read);
    benchmark::DoNotOptimize(done);
    if (done != good) Fail(state, "another verdict");
  }
  state.SetItemsProcessed(state.iterations());
}

template <typename T>
void WriteAttribute(benchmark::State& state, std::string_view value) {
  T read;
  if (!T::Read(value, read)) Fail(state, "refused");
  std::array<char, 512> room{};
  std::size_t size = 0;
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(read);
    bool done = sdp::WriteAttribute(read, std::span(room), size);
    benchmark::DoNotOptimize(done);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_SDP_ATTRIBUTE_BENCH_H_
