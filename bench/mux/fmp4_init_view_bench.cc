#include "mediacore/mux/fmp4_init_view.h"

#include <vector>

#include "../../tests/mux/support.h"
#include "../support/read_view.h"
#include "mediacore/mux/fmp4_init_writer.h"

namespace mediacore::mux {
namespace {

std::vector<std::uint8_t> TwoTracks() {
  const std::array<TrackConfig, 2> tracks = {testing::VideoTrack(), testing::AudioTrack()};
  const InitWriter writer(tracks);
  std::vector<std::uint8_t> init(writer.WireSize());
  writer.Write(init);
  return init;
}

// Pictures and sound; refused: cut in the last box.
void BM_Fmp4InitView(benchmark::State& state) {
  const std::vector<std::uint8_t> init = TwoTracks();
  const bool taken = state.range(0) == 0;
  bench::ReadView(state, Bytes(init).first(init.size() - (taken ? 0 : 1)), taken, InitView::Parse);
}
BENCHMARK(BM_Fmp4InitView)->ArgName("refused")->Arg(0)->Arg(1);

void BM_Fmp4InitWrite(benchmark::State& state) {
  const std::array<TrackConfig, 2> tracks = {testing::VideoTrack(), testing::AudioTrack()};
  std::vector<std::uint8_t> out(2000);
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    auto size = InitWriter(tracks).Write(out);
    benchmark::DoNotOptimize(size);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Fmp4InitWrite);

}  // namespace
}  // namespace mediacore::mux
