#include "mediacore/rtmp/chunk_writer.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtmp {
namespace {

// Pictures of 12.5 kB behind the header of their tag, as they lie, in chunks of the
// argument's size.
void BM_ChunkWriter(benchmark::State& state) {
  const std::vector<std::uint8_t> media(12'500, 0x5a);
  const std::array<std::uint8_t, 5> tag = {0x27, 1, 0, 0, 0};
  ChunkWriter writer;
  std::vector<std::uint8_t> out(14'000);
  std::array<std::uint8_t, 4> size{};
  StoreU32(size.data(), static_cast<std::uint32_t>(state.range(0)));
  if (writer.Write({2, MessageType::kSetChunkSize, 0, 0, size}, out) == 0) mediacore::bench::Fail(state, "refused");
  std::uint32_t time = 0;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    if (writer.Write({6, MessageType::kVideo, 1, time += 33, tag}, out, media) == 0)
      mediacore::bench::Fail(state, "refused");
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(media.size()));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ChunkWriter)->ArgName("chunk")->Arg(65'536)->Arg(4'096)->Arg(128);

void BM_ChunkWriterRefusesATooLargeMessage(benchmark::State& state) {
  const std::vector<std::uint8_t> media(kMaxMessageSize + 1);
  ChunkWriter writer;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    if (writer.WireSize({6, MessageType::kVideo, 1, 0, media}) != 0) mediacore::bench::Fail(state, "not refused");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ChunkWriterRefusesATooLargeMessage);

}  // namespace
}  // namespace mediacore::rtmp
