#include "mediacore/rtp/generic_frame_descriptor.h"

#include <algorithm>
#include <vector>

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// What reads is written in as many bytes or, where a diff was longer than it
// had to be, in fewer, which write back exactly.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using rtp::GenericFrameDescriptor;
  const auto frame = GenericFrameDescriptor::Parse({data, size});
  if (!frame) {
    FUZZ_CHECK(static_cast<int>(frame.error()) < rtp::kExtensionErrorCount);
    FUZZ_CHECK(frame.error() == rtp::ExtensionError::kWrongSize || size > 4);
    return 0;
  }
  FUZZ_CHECK(frame->first_packet == (data[0] >= 128) && (frame->first_packet || size == 1));
  FUZZ_CHECK(frame->frame_diffs.size() <= GenericFrameDescriptor::kMaxFrameDiffs);
  FUZZ_CHECK(!frame->has_resolution || size == 8);
  for (const std::uint16_t diff : frame->frame_diffs) {
    FUZZ_CHECK(diff >= 1 && diff <= GenericFrameDescriptor::kMaxFrameDiff);
  }
  std::vector<std::uint8_t> out(frame->WireSize(), 0xee);
  FUZZ_CHECK(!out.empty() && out.size() <= size && frame->Write(out));
  const auto again = GenericFrameDescriptor::Parse(out);
  FUZZ_CHECK(again && *again == *frame && testing::ReadsAndWritesBack<GenericFrameDescriptor>(out));
  if (frame->first_packet && out.size() == size) FUZZ_CHECK(std::equal(out.begin(), out.end(), data));

  GenericFrameDescriptor other = *frame;
  other.first_packet = true;
  other.temporal_layer = 8;
  FUZZ_CHECK(testing::CannotBeWritten(other));
  other.temporal_layer = 0;
  other.frame_diffs = {0};
  FUZZ_CHECK(testing::CannotBeWritten(other));
  return 0;
}
