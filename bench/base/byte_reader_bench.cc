#include "mediacore/base/byte_reader.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore {
namespace {

// Twelve bytes field by field, as an RTP header; cut short in the second run.
void BM_ByteReaderTwelveBytes(benchmark::State& state) {
  const std::array<std::uint8_t, 12> bytes = {0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3};
  const Bytes input = Bytes(bytes).first(static_cast<std::size_t>(state.range(0)));
  bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    ByteReader reader(input);
    std::uint8_t first = 0;
    std::uint8_t second = 0;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    bool ok = reader.ReadU8(first) && reader.ReadU8(second) &&
              reader.ReadU16(sequence) && reader.ReadU32(timestamp) &&
              reader.ReadU32(ssrc);
    benchmark::DoNotOptimize(ok);
    benchmark::DoNotOptimize(ssrc);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ByteReaderTwelveBytes)->Arg(12)->Arg(11);

}  // namespace
}  // namespace mediacore
