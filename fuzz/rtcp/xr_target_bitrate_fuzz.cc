#include "mediacore/rtcp/xr_target_bitrate.h"

#include "../support/xr_blocks.h"

// Every block of the type reads, within the limits of its fields, and is written
// back as it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto view = XrTargetBitrateView::Parse(block);
    FUZZ_CHECK(view.has_value() == (block.type() == XrBlockType::kTargetBitrate));
    if (!view) return;
    std::vector<XrTargetBitrate> targets;
    for (std::size_t i = 0; i < view->count(); ++i) {
      targets.push_back(view->at(i));
      FUZZ_CHECK(targets[i].spatial_layer < 16 && targets[i].temporal_layer < 16);
      FUZZ_CHECK(targets[i].rate >= DataRate::Zero() && targets[i].rate <= XrTargetBitrate::kMaxRate);
    }
    if (block.size() <= 0xffff) fuzz::CheckWritesBack(XrTargetBitrateWriter{targets}, block, 0);
  });
  return 0;
}
