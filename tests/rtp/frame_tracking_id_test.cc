#include "mediacore/rtp/frame_tracking_id.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

TEST(RtpVideoFrameTrackingIdTest, EveryNumberIsReadAndWrittenBack) {
  for (int i = 0; i < 0x10000; ++i) {
    const std::array value = {static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
    ASSERT_EQ(VideoFrameTrackingId::Parse(value)->id, i);
    ASSERT_TRUE(i % 251 != 0 || ReadsAndWritesBack<VideoFrameTrackingId>(value));
  }
}

TEST(RtpVideoFrameTrackingIdTest, AnotherSizeThanTwoBytesIsRefused) {
  EXPECT_TRUE(TakesOnlySizes<VideoFrameTrackingId>({2}, ExtensionError::kWrongSize));
}

}  // namespace
}  // namespace mediacore::rtp
