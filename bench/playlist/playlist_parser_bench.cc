#include "mediacore/playlist/playlist_parser.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/playlist/playlist_writer.h"

namespace mediacore::playlist {
namespace {

// Segments of 4 s with a date each, as a window for time-shift holds them.
std::string LongPlaylist(std::int64_t count) {
  MediaPlaylist playlist;
  playlist.target_duration = TimeDelta::Seconds(4);
  std::vector<std::string> uris;
  for (std::int64_t i = 0; i < count; ++i) {
    uris.push_back("seg" + std::to_string(1'000'000 + i) + ".m4s");
  }
  for (const std::string& uri : uris) {
    Segment& segment = playlist.segments.emplace_back();
    segment.uri = uri;
    segment.duration = TimeDelta::Micros(3'999'996);
    segment.program_date_time = DateTime{1'795'228'620'250'000};
  }
  std::string text;
  if (!Write(playlist, text)) text.clear();
  return text;
}

void BM_PlaylistParse(benchmark::State& state) {
  const std::string text = LongPlaylist(state.range(0));
  const ParseOptions options{.max_bytes = text.size(), .max_lines = 4'000'000};
  const bench::HeapCount heap(state, 32);  // its segments, doubling
  for (auto _ : state) {
    MediaPlaylist playlist;
    const auto refused = Parse(text, options, playlist);
    benchmark::DoNotOptimize(refused.has_value());
    benchmark::DoNotOptimize(playlist.segments.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_PlaylistParse)->Arg(5)->Arg(1'000)->Arg(1'000'000);

// The same, with the last line cut off.
void BM_PlaylistParseRefused(benchmark::State& state) {
  std::string text = LongPlaylist(1'000);
  text.resize(text.rfind("seg"));
  for (auto _ : state) {
    MediaPlaylist playlist;
    const auto refused = Parse(text, {}, playlist);
    benchmark::DoNotOptimize(refused.has_value());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_PlaylistParseRefused);

void BM_PlaylistWrite(benchmark::State& state) {
  const std::string text = LongPlaylist(state.range(0));
  MediaPlaylist playlist;
  if (Parse(text, {}, playlist)) mediacore::bench::Fail(state, "refused");
  std::string out(text.size(), ' ');
  std::size_t size = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Write(playlist, std::span(out), size));
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_PlaylistWrite)->Arg(5)->Arg(1'000);

}  // namespace
}  // namespace mediacore::playlist
