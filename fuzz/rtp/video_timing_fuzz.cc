#include "mediacore/rtp/video_timing.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back; without its flags a value is the
// same in the old form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::VideoTiming>({data, size}));
  const auto timing = rtp::VideoTiming::Parse({data, size});
  FUZZ_CHECK(timing.has_value() == (size == 12 || size == 13));
  if (!timing || !timing->has_flags) return 0;
  FUZZ_CHECK(timing->IsValid() == (data[0] != 255));
  auto old = rtp::VideoTiming::Parse({data + 1, size - 1});
  FUZZ_CHECK(old && old->network2 == TimeDelta::Millis(data[11] * 256 + data[12]));
  rtp::VideoTiming with_flags = *old;
  with_flags.has_flags = true;
  with_flags.flags = data[0];
  FUZZ_CHECK(with_flags == *timing);
  return 0;
}
