#include "mediacore/mux/ts_writer.h"

#include <cstring>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "avformat_peer.h"
#include "media.h"

namespace mediacore::mux {
namespace {

// Media bytes per second. A picture of 12.5 kB is 3 Mbit/s at 30 a second; the
// second number is how much media is walked over before it comes round again:
// 1 MB stays in the caches, 64 MB comes from memory.
void Sizes(benchmark::internal::Benchmark* b) {
  b->Args({12'500, 1})->Args({12'500, 64})->Args({100'000, 64});
}

void BM_MuxMemcpyTheSameBytes(benchmark::State& state) {
  const bench::Pictures media(state);
  std::vector<std::uint8_t> out(media.bytes().size());
  for (auto _ : state) {
    for (const Sample& s : media.samples()) {
      std::memcpy(out.data() + (s.data.data() - media.bytes().data()), s.data.data(), s.data.size());
    }
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  media.Report(state);
}
BENCHMARK(BM_MuxMemcpyTheSameBytes)->Apply(Sizes);

void BM_TsWriterVideo(benchmark::State& state) {
  const bench::Pictures media(state);
  TsWriter writer = *TsWriter::Create({.video = media.track()});
  std::vector<std::uint8_t> out(media.bytes().size() * 11 / 10 + 1'000'000);
  const bench::AgainstMemcpy copy(state, media);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t at = 0;
    for (const Sample& s : media.samples()) {
      at += writer.WriteVideo(s, MutableBytes(out).subspan(at));
    }
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  media.Report(state);
}
BENCHMARK(BM_TsWriterVideo)->Apply(Sizes);

void BM_TsWriterAudio(benchmark::State& state) {
  const std::array<std::uint8_t, 2> config = {0x11, 0x90};
  TrackConfig track;
  track.codec = Codec::kAac;
  track.timescale = 48'000;
  track.codec_config = config;
  TsWriter writer = *TsWriter::Create({.audio = track});
  const std::vector<std::uint8_t> frame(340, 0x5a);  // 128 kbit/s
  std::vector<Sample> samples(4, {0, 0, 1024, true, frame});
  std::vector<std::uint8_t> out(4000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer.WriteAudio(samples, out));
    for (Sample& s : samples) s.pts = s.dts += 4096;
  }
  state.SetItemsProcessed(state.iterations() * 4);
  state.SetBytesProcessed(state.iterations() * 4 * 340);
}
BENCHMARK(BM_TsWriterAudio);

// A picture whose NAL lengths lie.
void BM_TsWriterRefusesAPicture(benchmark::State& state) {
  const bench::Pictures media(state);
  TsWriter writer = *TsWriter::Create({.video = media.track()});
  Sample bad = media.samples()[0];
  bad.data = bad.data.first(bad.data.size() - 1);
  std::vector<std::uint8_t> out(1'000'000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer.WriteVideo(bad, out));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TsWriterRefusesAPicture)->Args({12'500, 1});

#ifdef MEDIACORE_HAVE_AVFORMAT
void BM_TsOfLibavformat(benchmark::State& state) {
  const bench::Pictures media(state);
  bench::AvformatPeer peer("mpegts", media.track(), media.bytes().size());
  const bench::AgainstMemcpy copy(state, media);
  for (auto _ : state) {
    if (!peer.Mux(media.samples())) mediacore::bench::Fail(state, "libavformat refused");
  }
  media.Report(state);
}
BENCHMARK(BM_TsOfLibavformat)->Apply(Sizes);
#endif

}  // namespace
}  // namespace mediacore::mux
