#include "mediacore/codec/redundant_opus_depacketizer.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// Each packet with the frame of the one before: in order without a window, then
// pairs that changed places with one; or blocks that are no Opus packet.
void BM_RedundantOpus(benchmark::State& state) {
  Block frame(160, 7);
  frame[0] = state.range(0) == 2 ? 0xf9 : 0xf8;
  const std::uint32_t swap = state.range(0) == 1 ? 1 : 0;
  Block storage(16 * 1500);
  RedundantOpusDepacketizer depacketizer(storage, {.window = swap * 4800});
  std::uint32_t packet = 1;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    for (const std::uint32_t back : {1u, 0u}) {
      const RtpTimestamp timestamp(960 * ((packet ^ swap) - back));
      auto error = depacketizer.HandlePacket({timestamp, false, false, frame});
      benchmark::DoNotOptimize(error);
      for (EncodedFrame out; depacketizer.PollFrame(out);) benchmark::DoNotOptimize(out.data.data());
    }
    ++packet;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RedundantOpus)->ArgName("order_window_refused")->DenseRange(0, 2);

}  // namespace
}  // namespace mediacore::codec
