#include "mediacore/mux/webm_writer.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "avformat_peer.h"
#include "media.h"

namespace mediacore::mux {
namespace {

std::size_t WriteAll(const WebmWriter::Track& track, std::span<const Sample> samples, MutableBytes out) {
  WebmWriter writer = *WebmWriter::Create({.webm = false, .tracks = std::span(&track, 1)});
  std::size_t at = writer.WriteHeader(out);
  for (const Sample& s : samples) at += writer.WriteFrame(1, s, out.subspan(at));
  return at;
}

void BM_WebmWriter(benchmark::State& state) {
  const bench::Pictures media(state);
  const WebmWriter::Track track{.config = media.track()};
  std::vector<std::uint8_t> out(media.bytes().size() + 100 * media.samples().size() + 1000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(WriteAll(track, media.samples(), out));
    benchmark::ClobberMemory();
  }
  media.Report(state);
}
BENCHMARK(BM_WebmWriter)->Args({12'500, 1})->Args({12'500, 64})->Args({160, 1});

// The media stays where it is.
void BM_WebmWriterHeadersOnly(benchmark::State& state) {
  const bench::Pictures media(state);
  const WebmWriter::Track track{.config = media.track()};
  std::array<std::uint8_t, 1000> out;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    WebmWriter writer = *WebmWriter::Create({.webm = false, .tracks = std::span(&track, 1)});
    benchmark::DoNotOptimize(writer.WriteHeader(out));
    for (const Sample& s : media.samples()) benchmark::DoNotOptimize(writer.WriteFrameHeader(1, s, out));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(media.samples().size()));
}
BENCHMARK(BM_WebmWriterHeadersOnly)->Args({12'500, 1});

void BM_WebmWriterRefusesAnotherTrack(benchmark::State& state) {
  const bench::Pictures media(state);
  const WebmWriter::Track track{.config = media.track()};
  std::array<std::uint8_t, 1000> out;
  WebmWriter writer = *WebmWriter::Create({.webm = false, .tracks = std::span(&track, 1)});
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) benchmark::DoNotOptimize(writer.WriteFrameHeader(2, media.samples()[0], out));
}
BENCHMARK(BM_WebmWriterRefusesAnotherTrack)->Args({12'500, 1});

#ifdef MEDIACORE_HAVE_AVFORMAT
void BM_WebmWriterAgainstAvformat(benchmark::State& state) {
  const bench::Pictures media(state);
  const WebmWriter::Track track{.config = media.track()};
  std::vector<std::uint8_t> out(media.bytes().size() + 100 * media.samples().size() + 1000);
  bench::AvformatPeer peer("matroska", media.track(), media.bytes().size());
  if (!peer.Mux(media.samples())) return mediacore::bench::Fail(state, "libavformat does not mux the media");
  mediacore::bench::CompareWithPeer(
      state, [&] { benchmark::DoNotOptimize(WriteAll(track, media.samples(), out)); },
      [&] { peer.Mux(media.samples()); }, 10);
}
BENCHMARK(BM_WebmWriterAgainstAvformat)->Args({12'500, 1})->Args({12'500, 64})->Iterations(5);
#endif

}  // namespace
}  // namespace mediacore::mux
