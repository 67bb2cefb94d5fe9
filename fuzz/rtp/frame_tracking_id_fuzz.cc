#include "mediacore/rtp/frame_tracking_id.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any two bytes are a number, written back; any others are refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::VideoFrameTrackingId>({data, size}));
  const auto tracking = rtp::VideoFrameTrackingId::Parse({data, size});
  FUZZ_CHECK(tracking.has_value() == (size == 2));
  if (tracking) FUZZ_CHECK(tracking->id == data[0] * 256 + data[1]);
  return 0;
}
