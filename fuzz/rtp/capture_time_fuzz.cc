#include "mediacore/rtp/capture_time.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back; an offset in microseconds is the
// same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::AbsCaptureTime>({data, size}));
  const auto captured = rtp::AbsCaptureTime::Parse({data, size});
  FUZZ_CHECK(captured.has_value() == (size == 8 || size == 16));
  if (!captured) return 0;
  FUZZ_CHECK(captured->has_clock_offset == (size == 16));
  rtp::AbsCaptureTime rounded = *captured;
  rounded.SetClockOffset(captured->ClockOffset());
  FUZZ_CHECK(rounded.ClockOffset() == captured->ClockOffset());
  // A microsecond is 4295 units and not more.
  FUZZ_CHECK(captured->clock_offset - rounded.clock_offset < 4296);
  return 0;
}
