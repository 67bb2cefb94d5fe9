#include "mediacore/rtcp/xr_statistics_summary.h"

#include "../support/xr_blocks.h"

// A summary is written back as it came, and says nothing of what it does not report.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto value = XrStatisticsSummary::Parse(block);
    if (!value) {
      FUZZ_CHECK((value.error() == XrBlockError::kOtherType) == (block.type() != XrStatisticsSummary::kType));
      FUZZ_CHECK(!ToString(value.error()).empty());
      return;
    }
    FUZZ_CHECK(block.size() == value->WireSize());
    FUZZ_CHECK(value->hop_count <= XrStatisticsSummary::HopCount::kIpv6HopLimit);
    FUZZ_CHECK(value->has_loss || value->lost_packets == 0);
    FUZZ_CHECK(value->has_duplicates || value->dup_packets == 0);
    fuzz::CheckWritesBack(*value, block, 0xf8);
  });
  return 0;
}
