#include "mediacore/rtp/corruption_detection.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// What reads is written back, and its samples are the bytes after the third.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::CorruptionDetection>({data, size}));
  const auto check = rtp::CorruptionDetection::Parse({data, size});
  FUZZ_CHECK(check.has_value() == (size == 1 || (size >= 4 && size <= 16)));
  if (!check) return 0;
  FUZZ_CHECK(check->high_bits * 128 + check->sequence_index == data[0]);
  FUZZ_CHECK(check->samples.size() == (size == 1 ? 0 : size - 3));
  if (!check->samples.empty()) FUZZ_CHECK(check->samples.data() == data + 3);
  rtp::CorruptionDetection other = *check;
  other.luma_threshold = 16;
  FUZZ_CHECK(testing::CannotBeWritten(other) && !(other == *check));
  return 0;
}
