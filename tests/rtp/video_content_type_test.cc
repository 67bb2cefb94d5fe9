#include "mediacore/rtp/video_content_type.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

TEST(RtpVideoContentTypeTest, TheLastBitSaysThatItIsAScreen) {
  for (int i = 0; i < 256; ++i) {
    const std::array value = {static_cast<std::uint8_t>(i)};
    const auto content = VideoContentType::Parse(value);
    ASSERT_TRUE(content);
    EXPECT_EQ(content->IsScreenshare(), i % 2 == 1);
    EXPECT_TRUE(ReadsAndWritesBack<VideoContentType>(value));
  }
}

TEST(RtpVideoContentTypeTest, AnotherSizeThanOneByteIsRefused) {
  EXPECT_TRUE(TakesOnlySizes<VideoContentType>({1}, ExtensionError::kWrongSize));
}

}  // namespace
}  // namespace mediacore::rtp
