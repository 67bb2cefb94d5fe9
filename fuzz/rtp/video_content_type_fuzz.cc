#include "mediacore/rtp/video_content_type.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any one byte is a content type, written back; any others are refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::VideoContentType>({data, size}));
  const auto content = rtp::VideoContentType::Parse({data, size});
  FUZZ_CHECK(content.has_value() == (size == 1));
  if (content) FUZZ_CHECK(content->IsScreenshare() == (data[0] % 2 == 1));
  return 0;
}
