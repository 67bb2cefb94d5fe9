#include "mediacore/mux/ts_reader.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "media.h"
#include "mediacore/mux/ts_writer.h"

namespace mediacore::mux {
namespace {

std::vector<std::uint8_t> Written(const bench::Pictures& media) {
  TsWriter writer = *TsWriter::Create({.video = media.track()});
  std::vector<std::uint8_t> out(media.bytes().size() * 11 / 10 + 1'000'000);
  std::size_t at = writer.WriteTables(out);
  for (const Sample& s : media.samples()) {
    at += writer.WriteVideo(s, MutableBytes(out).subspan(at));
  }
  out.resize(at);
  return out;
}

void BM_TsReader(benchmark::State& state) {
  const bench::Pictures media(state);
  const std::vector<std::uint8_t> stream = Written(media);
  std::vector<std::uint8_t> storage(200'000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    TsReader reader(storage, {});
    std::size_t units = 0;
    reader.Read(stream, [&](const TsAccessUnit&) { ++units; });
    benchmark::DoNotOptimize(units);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream.size() / 188));
}
BENCHMARK(BM_TsReader)->Args({12'500, 1});

// Bytes without a single packet in them.
void BM_TsReaderPassesOverNoise(benchmark::State& state) {
  const std::vector<std::uint8_t> noise(1'000'000, 0x46);
  std::vector<std::uint8_t> storage(1000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    TsReader reader(storage, {});
    benchmark::DoNotOptimize(reader.Read(noise, [](const TsAccessUnit&) {}));
  }
  state.SetBytesProcessed(state.iterations() * 1'000'000);
}
BENCHMARK(BM_TsReaderPassesOverNoise);

}  // namespace
}  // namespace mediacore::mux
