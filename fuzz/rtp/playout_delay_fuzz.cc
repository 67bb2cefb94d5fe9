#include "mediacore/rtp/playout_delay.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back, and limits are in order.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::PlayoutDelay>({data, size}));
  const auto delay = rtp::PlayoutDelay::Parse({data, size});
  if (size != 3) FUZZ_CHECK(!delay);
  if (!delay) return 0;
  FUZZ_CHECK(TimeDelta::Zero() <= delay->min && delay->min <= delay->max && delay->max <= rtp::PlayoutDelay::kMax);
  FUZZ_CHECK(delay->max == TimeDelta::Millis(10 * ((data[1] & 15) * 256 + data[2])));
  return 0;
}
