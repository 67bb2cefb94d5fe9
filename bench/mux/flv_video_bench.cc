#include "mediacore/mux/flv_video.h"

#include <vector>

#include "../support/read_view.h"

namespace mediacore::mux {
namespace {

void BM_FlvVideoView(benchmark::State& state, std::vector<std::uint8_t> body, bool taken) {
  mediacore::bench::ReadView(state, body, taken, [](Bytes bytes) { return FlvVideoView::Parse(bytes); });
}
using Body = std::vector<std::uint8_t>;
BENCHMARK_CAPTURE(BM_FlvVideoView, older, Body{0x17, 1, 0, 0, 40, 0, 0, 0, 1, 0x65}, true);
BENCHMARK_CAPTURE(BM_FlvVideoView, enhanced, Body{0xa1, 'h', 'v', 'c', '1', 0, 0, 40, 1, 2}, true);
BENCHMARK_CAPTURE(BM_FlvVideoView, two_tracks, Body{0x96, 0x11, 'a', 'v', '0', '1', 0, 0, 0, 2, 1, 2, 1, 0, 0, 1, 3},
                  true);
BENCHMARK_CAPTURE(BM_FlvVideoView, refused, Body{0x17, 3, 0, 0, 0}, false);

void BM_FlvVideoWriter(benchmark::State& state) {
  const std::vector<std::uint8_t> data(1000, 0x5a);
  std::vector<std::uint8_t> out(1010);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    FlvTrack track = {.data = data};
    benchmark::DoNotOptimize(track);
    const FlvVideoWriter writer = {.tracks = {&track, 1}};
    if (!writer.Write(out)) mediacore::bench::Fail(state, "refused");
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_FlvVideoWriter);

}  // namespace
}  // namespace mediacore::mux
