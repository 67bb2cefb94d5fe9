#include "mediacore/mux/webm_reader.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "avformat_peer.h"
#include "media.h"
#include "mediacore/mux/webm_writer.h"

namespace mediacore::mux {
namespace {

std::vector<std::uint8_t> Written(const bench::Pictures& media) {
  const WebmWriter::Track track{.config = media.track()};
  WebmWriter writer = *WebmWriter::Create({.webm = false, .tracks = std::span(&track, 1)});
  std::vector<std::uint8_t> out(media.bytes().size() + 100 * media.samples().size() + 1000);
  std::size_t at = writer.WriteHeader(out);
  for (const Sample& s : media.samples()) at += writer.WriteFrame(1, s, MutableBytes(out).subspan(at));
  out.resize(at);
  return out;
}
std::size_t ReadAll(Bytes file, std::size_t piece) {
  static std::vector<std::uint8_t> tracks(10'000), block(200'000);
  WebmReader reader(tracks, block);
  std::size_t bytes = 0;
  while (!file.empty()) {
    const Bytes some = file.first(std::min(piece, file.size()));
    reader.Read(some, [&](const WebmFrame& frame) { bytes += frame.data.size(); });
    file = file.subspan(some.size());
  }
  return bytes;
}

// The arguments are bytes of a frame, MB in all, bytes of a piece.
void BM_WebmReader(benchmark::State& state) {
  const bench::Pictures media(state);
  const std::vector<std::uint8_t> file = Written(media);
  ReadAll(file, SIZE_MAX);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ReadAll(file, static_cast<std::size_t>(state.range(2))));
  }
  media.Report(state);
}
BENCHMARK(BM_WebmReader)
    ->Args({12'500, 1, 1'000'000'000})
    ->Args({12'500, 1, 65'536})
    ->Args({12'500, 1, 1460})
    ->Args({160, 1, 1'000'000'000});

// What costs most: 1 MB of elements without bytes in a cluster, of blocks of 256 laces of one byte, and of
// blocks that are malformed.
void BM_WebmReaderAtItsWorst(benchmark::State& state) {
  const bench::Pictures media(state);
  std::vector<std::uint8_t> file = Written(media);
  const std::size_t begin = file.size();
  std::vector<std::uint8_t> unit = {0xec, 0x80};
  if (state.range(2) == 1) {
    unit = {0xa3, 0x41, 0x05, 0x81, 0, 0, 0x04, 255};
    unit.resize(3 + 0x105);
  }
  if (state.range(2) == 2) unit = {0xa3, 0x81, 0x81};
  for (std::size_t i = 0; i < 1'000'000 / unit.size(); ++i) file.insert(file.end(), unit.begin(), unit.end());
  const auto worst = static_cast<std::int64_t>(file.size() - begin);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) benchmark::DoNotOptimize(ReadAll(file, static_cast<std::size_t>(state.range(3))));
  state.SetBytesProcessed(state.iterations() * worst);
}
BENCHMARK(BM_WebmReaderAtItsWorst)
    ->Args({12'500, 1, 0, 1 << 30})
    ->Args({12'500, 1, 0, 1})
    ->Args({12'500, 1, 1, 1 << 30})
    ->Args({12'500, 1, 2, 1 << 30});

#ifdef MEDIACORE_HAVE_AVFORMAT
void BM_WebmReaderAgainstAvformat(benchmark::State& state) {
  const bench::Pictures media(state);
  const std::vector<std::uint8_t> file = Written(media);
  bench::AvformatReader peer("matroska", file);
  if (peer.Demux() == 0) return mediacore::bench::Fail(state, "libavformat does not read the file");
  mediacore::bench::CompareWithPeer(
      state, [&] { benchmark::DoNotOptimize(ReadAll(file, 65'536)); }, [&] { benchmark::DoNotOptimize(peer.Demux()); },
      10);
}
BENCHMARK(BM_WebmReaderAgainstAvformat)->Args({12'500, 10})->Iterations(5);
#endif

}  // namespace
}  // namespace mediacore::mux
