#ifndef MEDIACORE_BENCH_RTCP_READ_WRITE_H_
#define MEDIACORE_BENCH_RTCP_READ_WRITE_H_

#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/rtcp/block_view.h"

namespace mediacore::rtcp::bench {

// Reads the block that `writer` writes: View::Parse, then sum(view), which adds
// up what a user looks at.
template <typename View, typename Writer, typename Sum>
void Read(benchmark::State& state, const Writer& writer, Sum&& sum) {
  std::vector<std::uint8_t> bytes(writer.WireSize());
  if (bytes.empty() || !writer.Write(bytes)) return mediacore::bench::Fail(state, "nothing to read");
  std::uint64_t total = 0;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    ByteReader reader(bytes);
    const auto block = BlockView::TakeFrom(reader);
    if (const auto view = View::Parse(*block)) total += static_cast<std::uint64_t>(sum(*view));
    benchmark::DoNotOptimize(total);
  }
  if (total == 0) mediacore::bench::Fail(state, "not read");
  state.SetItemsProcessed(state.iterations());
}

// Refuses the same with its last word cut off, its length set right.
template <typename View, typename Writer>
void Refuse(benchmark::State& state, const Writer& writer) {
  std::vector<std::uint8_t> bytes(writer.WireSize());
  if (bytes.empty() || !writer.Write(bytes)) return mediacore::bench::Fail(state, "nothing to read");
  bytes.resize(bytes.size() - 4);
  StoreU16(&bytes[2], static_cast<std::uint16_t>(bytes.size() / 4 - 1));
  bool taken = false;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    ByteReader reader(bytes);
    const auto block = BlockView::TakeFrom(reader);
    taken |= View::Parse(*block).has_value();
    benchmark::DoNotOptimize(taken);
  }
  if (taken) mediacore::bench::Fail(state, "not refused");
  state.SetItemsProcessed(state.iterations());
}

template <typename Writer>
void Write(benchmark::State& state, Writer writer) {
  std::array<std::uint8_t, 1500> out{};
  bool written = true;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer);
    written &= writer.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  if (!written) mediacore::bench::Fail(state, "not written");
  state.SetItemsProcessed(state.iterations());
}

}  // namespace mediacore::rtcp::bench

#endif  // MEDIACORE_BENCH_RTCP_READ_WRITE_H_
