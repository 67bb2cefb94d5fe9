#ifndef MEDIACORE_BENCH_RTP_REPAIR_H_
#define MEDIACORE_BENCH_RTP_REPAIR_H_

#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/base/bytes.h"

namespace mediacore::bench {

// Times read(bytes), which gives a number that is not 0 exactly when the bytes are taken.
template <typename ReadBytes>
void ReadRepair(benchmark::State& state, Bytes bytes, bool taken, ReadBytes&& read) {
  std::uint64_t total = 0;
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes);
    benchmark::ClobberMemory();
    total += static_cast<std::uint64_t>(read(bytes));
    benchmark::DoNotOptimize(total);
  }
  if ((total != 0) != taken) Fail(state, "not what it measures");
  state.SetItemsProcessed(state.iterations());
}

template <typename Writer>
void WriteRepair(benchmark::State& state, Writer writer) {
  std::array<std::uint8_t, 1500> out{};
  bool written = true;
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer);
    written &= writer.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  if (!written) Fail(state, "cannot be written");
  state.SetItemsProcessed(state.iterations());
}

template <typename Writer>
std::vector<std::uint8_t> Written(const Writer& writer) {
  std::vector<std::uint8_t> out(writer.WireSize());
  if (!writer.Write(out)) out.clear();
  return out;
}

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_RTP_REPAIR_H_
