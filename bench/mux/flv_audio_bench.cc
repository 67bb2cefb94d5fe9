#include "mediacore/mux/flv_audio.h"

#include <vector>

#include "../support/read_view.h"

namespace mediacore::mux {
namespace {

void BM_FlvAudioView(benchmark::State& state, std::vector<std::uint8_t> body, bool taken) {
  mediacore::bench::ReadView(state, body, taken, [](Bytes bytes) { return FlvAudioView::Parse(bytes); });
}
using Body = std::vector<std::uint8_t>;
BENCHMARK_CAPTURE(BM_FlvAudioView, older, Body{0xaf, 1, 0x21, 0x10, 4, 60}, true);
BENCHMARK_CAPTURE(BM_FlvAudioView, enhanced, Body{0x91, 'O', 'p', 'u', 's', 0x78, 1, 2}, true);
BENCHMARK_CAPTURE(BM_FlvAudioView, two_tracks, Body{0x95, 0x11, 'O', 'p', 'u', 's', 0, 0, 0, 2, 1, 2, 1, 0, 0, 1, 3},
                  true);
BENCHMARK_CAPTURE(BM_FlvAudioView, refused, Body{0xaf, 2, 0x21}, false);

void BM_FlvAudioWriter(benchmark::State& state) {
  const std::vector<std::uint8_t> data(1000, 0x5a);
  std::vector<std::uint8_t> out(1010);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    FlvTrack track = {.data = data};
    benchmark::DoNotOptimize(track);
    const FlvAudioWriter writer = {.tracks = {&track, 1}};
    if (!writer.Write(out)) mediacore::bench::Fail(state, "refused");
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_FlvAudioWriter);

}  // namespace
}  // namespace mediacore::mux
