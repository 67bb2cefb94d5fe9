#include "mediacore/rtcp/xr_reference_time.h"

#include "../support/xr_blocks.h"

// A time is written back as it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto value = XrReferenceTime::Parse(block);
    if (!value) {
      FUZZ_CHECK((value.error() == XrBlockError::kOtherType) == (block.type() != XrReferenceTime::kType));
      return;
    }
    FUZZ_CHECK(block.size() == value->WireSize());
    fuzz::CheckWritesBack(*value, block, 0);
  });
  return 0;
}
