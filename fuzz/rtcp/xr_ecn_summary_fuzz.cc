#include "mediacore/rtcp/xr_ecn_summary.h"

#include "../support/xr_blocks.h"

// A summary is written back as it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto value = XrEcnSummary::Parse(block);
    if (!value) {
      FUZZ_CHECK((value.error() == XrBlockError::kOtherType) == (block.type() != XrEcnSummary::kType));
      return;
    }
    FUZZ_CHECK(block.size() == value->WireSize());
    fuzz::CheckWritesBack(*value, block, 0);
  });
  return 0;
}
