#include "mediacore/rtp/frame_marking.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// One to three bytes read and are written back; a byte less says the same but
// for what stood in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::FrameMarking>({data, size}));
  auto marking = rtp::FrameMarking::Parse({data, size});
  FUZZ_CHECK(marking.has_value() == (size >= 1 && size <= 3));
  if (!marking || size == 1) return 0;
  rtp::FrameMarking shorter = *marking;
  if (size == 3) {
    FUZZ_CHECK(marking->tl0picidx == data[2]);
    shorter.has_tl0picidx = false;
    shorter.tl0picidx = 0;
  } else {
    FUZZ_CHECK(marking->layer_id == data[1]);
    shorter.has_layer_id = false;
    shorter.layer_id = 0;
  }
  const auto read = rtp::FrameMarking::Parse({data, size - 1});
  FUZZ_CHECK(read && *read == shorter);
  shorter.temporal_id = 8;
  FUZZ_CHECK(testing::CannotBeWritten(shorter));
  return 0;
}
