#include "mediacore/mux/ivf.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "media.h"

namespace mediacore::mux {
namespace {

std::vector<std::uint8_t> Written(const bench::Pictures& media) {
  std::vector<std::uint8_t> out(kIvfHeaderSize + media.bytes().size() + kIvfFrameHeaderSize * media.samples().size());
  IvfHeader().Write(MutableBytes(out).first<kIvfHeaderSize>());
  std::size_t at = kIvfHeaderSize;
  for (const Sample& s : media.samples()) at += IvfFrame{s.pts, s.data}.Write(MutableBytes(out).subspan(at));
  return out;
}

// In pieces as large as a read from a socket or a file; frames are cut by most of them.
void BM_IvfReader(benchmark::State& state) {
  const bench::Pictures media(state);
  const std::vector<std::uint8_t> file = Written(media);
  std::vector<std::uint8_t> storage(200'000);
  const auto piece = static_cast<std::size_t>(state.range(2));
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    IvfReader reader(storage);
    std::size_t frames = 0;
    for (Bytes rest = file; !rest.empty();) {
      const Bytes some = rest.first(std::min(piece, rest.size()));
      reader.Read(some, [&](const IvfFrame&) { ++frames; });
      rest = rest.subspan(some.size());
    }
    benchmark::DoNotOptimize(frames);
  }
  media.Report(state);
}
BENCHMARK(BM_IvfReader)->Args({12'500, 1, 1'000'000'000})->Args({12'500, 1, 65'536})->Args({12'500, 1, 1'460});

void BM_IvfReaderRefusesAFrameTooLarge(benchmark::State& state) {
  std::vector<std::uint8_t> file(kIvfHeaderSize + kIvfFrameHeaderSize, 0xff);
  IvfHeader().Write(MutableBytes(file).first<kIvfHeaderSize>());
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    IvfReader reader({});
    reader.Read(file, [](const IvfFrame&) {});
    benchmark::DoNotOptimize(reader.error());
  }
}
BENCHMARK(BM_IvfReaderRefusesAFrameTooLarge);

void BM_IvfWriter(benchmark::State& state) {
  const bench::Pictures media(state);
  std::vector<std::uint8_t> out = Written(media);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t at = kIvfHeaderSize;
    for (const Sample& s : media.samples()) at += IvfFrame{s.pts, s.data}.Write(MutableBytes(out).subspan(at));
    benchmark::DoNotOptimize(out.data());
  }
  media.Report(state);
}
BENCHMARK(BM_IvfWriter)->Args({12'500, 1})->Args({12'500, 64});

}  // namespace
}  // namespace mediacore::mux
