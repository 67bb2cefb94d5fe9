#include "mediacore/mux/fmp4_fragment_writer.h"

#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "avformat_peer.h"
#include "media.h"
#include "mediacore/mux/fmp4_fragment_view.h"
#include "mediacore/mux/fmp4_init_writer.h"

namespace mediacore::mux {
namespace {

// See ts_writer_bench.cc, which has the memcpy of the same bytes.
void Sizes(benchmark::internal::Benchmark* b) {
  b->Args({12'500, 1})->Args({12'500, 64})->Args({100'000, 64});
}

// Header and a copy of the media, a fragment for each 30 pictures.
void BM_Fmp4FragmentWithMedia(benchmark::State& state) {
  const bench::Pictures media(state);
  std::vector<std::uint8_t> out(media.bytes().size() + 1'000'000);
  const bench::AgainstMemcpy copy(state, media);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t at = 0;
    std::span<const Sample> rest = media.samples();
    while (!rest.empty()) {
      const auto group = rest.first(std::min<std::size_t>(30, rest.size()));
      const FragmentWriter fragment(Fragment{}, group);
      at += fragment.Write(MutableBytes(out).subspan(at));
      rest = rest.subspan(group.size());
    }
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  media.Report(state);
}
BENCHMARK(BM_Fmp4FragmentWithMedia)->Apply(Sizes);

// What the caller pays who keeps the media where it is: of 60 pictures.
void BM_Fmp4FragmentHeader(benchmark::State& state) {
  std::vector<FragmentSample> samples(60);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = {3000, static_cast<std::uint32_t>(10'000 + i), 0, i == 0};
  }
  std::vector<std::uint8_t> out(2000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    const FragmentWriter fragment(Fragment{}, samples);
    benchmark::DoNotOptimize(fragment.WriteHeader(out));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 60);
}
BENCHMARK(BM_Fmp4FragmentHeader);

struct Written {
  Written() {
    TrackConfig track;
    track.codec = Codec::kOpus;
    track.channels = 2;
    const InitWriter writer(std::span(&track, 1));
    init.resize(writer.WireSize());
    writer.Write(init);
    const std::vector<std::uint8_t> data(100);
    std::vector<Sample> samples;
    for (int i = 0; i < 60; ++i) {
      samples.push_back({i * 3000, i * 3000, 3000, i == 0, Bytes(data).first(static_cast<std::size_t>(40 + i))});
    }
    const FragmentWriter fragment(Fragment{}, samples);
    bytes.resize(fragment.WireSize());
    fragment.Write(bytes);
  }
  std::vector<std::uint8_t> init;
  std::vector<std::uint8_t> bytes;
};

// Parse, then walk over 60 samples.
void BM_Fmp4FragmentRead(benchmark::State& state) {
  const Written written;
  const auto init = InitView::Parse(written.init);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    const auto fragment = FragmentView::Parse(written.bytes, 0, *init);
    auto reader = fragment->samples(1);
    Sample sample;
    while (reader.Next(sample)) benchmark::DoNotOptimize(sample);
  }
  state.SetItemsProcessed(state.iterations() * 60);
}
BENCHMARK(BM_Fmp4FragmentRead);

// The same fragment, its last byte missing.
void BM_Fmp4FragmentRefused(benchmark::State& state) {
  const Written written;
  const auto init = InitView::Parse(written.init);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        FragmentView::Parse(Bytes(written.bytes).first(written.bytes.size() - 1), 0, *init).has_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Fmp4FragmentRefused);

#ifdef MEDIACORE_HAVE_AVFORMAT
void BM_Fmp4OfLibavformat(benchmark::State& state) {
  const bench::Pictures media(state);
  bench::AvformatPeer peer("mp4", media.track(), media.bytes().size());
  const bench::AgainstMemcpy copy(state, media);
  for (auto _ : state) {
    if (!peer.Mux(media.samples())) mediacore::bench::Fail(state, "libavformat refused");
  }
  media.Report(state);
}
BENCHMARK(BM_Fmp4OfLibavformat)->Apply(Sizes);
#endif

}  // namespace
}  // namespace mediacore::mux
