#include "mediacore/rtp/color_space.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  const auto unused = [](Bytes, std::size_t i) { return i == 3 ? 0xc0 : 0; };
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::ColorSpace>({data, size}, unused));
  const auto color = rtp::ColorSpace::Parse({data, size});
  if (!color) return 0;
  FUZZ_CHECK(color->has_hdr == (size == 28));
  FUZZ_CHECK(color->primaries == data[0] && color->transfer == data[1] && color->matrix == data[2]);
  FUZZ_CHECK(color->vertical <= rtp::ChromaSiting::kHalf && color->horizontal <= rtp::ChromaSiting::kHalf);
  FUZZ_CHECK(color->hdr.blue.y <= 50'000);
  if (color->has_hdr) FUZZ_CHECK(color->hdr.max_frame_average_light_level == LoadU16(data + 26));
  return 0;
}
