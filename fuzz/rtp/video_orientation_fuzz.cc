#include "mediacore/rtp/video_orientation.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any one byte is an orientation in either form, written back; both agree on
// the quarter turns.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::VideoOrientation>({data, size}, [](Bytes, std::size_t) { return 0xf0; }));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::VideoOrientation6>({data, size}));
  const auto coarse = rtp::VideoOrientation::Parse({data, size});
  const auto fine = rtp::VideoOrientation6::Parse({data, size});
  FUZZ_CHECK(coarse.has_value() == (size == 1) && fine.has_value() == (size == 1));
  if (!coarse) return 0;
  FUZZ_CHECK(coarse->flip == fine->flip && coarse->back_camera == fine->back_camera);
  FUZZ_CHECK(coarse->degrees() <= fine->degrees() && fine->degrees() < coarse->degrees() + 90);
  return 0;
}
