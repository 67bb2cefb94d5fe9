#include "mediacore/rtcp/xr_packet_receipt_times.h"

#include "../support/xr_blocks.h"

// There is a time for each packet of the range, counted one by one, and the
// block is written back as it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto view = XrPacketReceiptTimesView::Parse(block);
    if (!view) {
      FUZZ_CHECK(view.error() <= XrBlockError::kBadCount && !ToString(view.error()).empty());
      return;
    }
    const XrSequenceRange range = view->range();
    std::vector<RtpTimestamp> times;
    for (SequenceNumber number = range.begin; number != range.end; ++number) {
      if (number.value() % (1u << range.thinning) != 0) continue;
      FUZZ_CHECK(times.size() < view->count() && view->sequence_number(times.size()) == number);
      times.push_back(view->time(times.size()));
    }
    FUZZ_CHECK(times.size() == view->count());
    const XrPacketReceiptTimesWriter writer{view->ssrc(), range, times};
    if (block.size() <= 0xffff) fuzz::CheckWritesBack(writer, block, 0x0f);
  });
  return 0;
}
