#include "mediacore/rtcp/xr_voip_metrics.h"

#include "../support/xr_blocks.h"

// Metrics are written back as they came, but for the two reserved bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto metrics = XrVoipMetrics::Parse(block);
    if (!metrics) {
      FUZZ_CHECK((metrics.error() == XrBlockError::kOtherType) == (block.type() != XrVoipMetrics::kType));
      return;
    }
    FUZZ_CHECK(metrics->packet_loss_concealment() << 6 == (metrics->rx_config & 0xc0));
    FUZZ_CHECK((metrics->jitter_buffer_adaptive() << 4 | metrics->jitter_buffer_rate()) == (metrics->rx_config & 0x3f));
    auto expected = std::vector<std::uint8_t>(block.bytes().begin(), block.bytes().end());
    expected[1] = expected[29] = 0;
    FUZZ_CHECK(fuzz::WriteAll(*metrics) == expected);
  });
  return 0;
}
