#include "mediacore/codec/vp9_frame_header.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

void BM_Vp9FrameHeader(benchmark::State& state) {
  const std::vector<Block> frames = {
      {0x82, 0x49, 0x83, 0x42, 0x00, 0x14, 0x10, 0x0b, 0x16, 0x04, 0x38, 0x24},  // a key frame
      {0x86, 0x00, 0x40, 0x92, 0xf0, 0xc1, 0x25, 0x00},                          // an inter frame
      {0x82, 0x49, 0x83, 0x43, 0x00, 0x14, 0x10, 0x0b, 0x16, 0x04, 0x38, 0x24},  // refused: sync code
  };
  Block frame = frames[static_cast<std::size_t>(state.range(0))];
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(frame.data());
    benchmark::ClobberMemory();
    const auto header = Vp9FrameHeader::Parse(frame);
    std::uint32_t sum = header ? header->width + header->refresh_frame_flags : 0;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp9FrameHeader)->ArgName("key_inter_refused")->DenseRange(0, 2);

}  // namespace
}  // namespace mediacore::codec
