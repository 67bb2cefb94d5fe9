#include "mediacore/rtp/video_layers_allocation.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

// Chromium's simulcast: three streams of three temporal layers.
BENCH_EXTENSION_VALUE(VideoLayersAllocation, VideoLayersAllocation,
                      {0xa1, 0xa8, 0x3c, 0x5a, 0x96, 0x01, 0xc8, 0x01, 0xac, 0x02, 0xf4, 0x03, 0x8a, 0x05, 0xd0, 0x07,
                       0xda, 0x0c, 0x01, 0x3f, 0x00, 0xb3, 0x3c, 0x02, 0x7f, 0x01, 0x67, 0x3c, 0x04, 0xff, 0x02, 0xcf,
                       0x3c});

// All that there can be: 16 spatial layers, each of four temporal layers.
void BM_RtpVideoLayersAllocationReadLargest(benchmark::State& state) {
  static constexpr std::array<std::uint8_t, 149> kBytes = {0xff, 0xff, 0xff, 0xff, 0xff};
  bench::ReadExtensionValue<VideoLayersAllocation>(state, kBytes);
}
BENCHMARK(BM_RtpVideoLayersAllocationReadLargest);

}  // namespace
}  // namespace mediacore::rtp
