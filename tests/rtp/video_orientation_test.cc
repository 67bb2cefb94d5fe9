#include "mediacore/rtp/video_orientation.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr std::array<std::uint8_t, 1> kBackMirrored270 = {0x0f};
static_assert(*VideoOrientation::Parse(kBackMirrored270) == VideoOrientation{true, true, 3});
static_assert(VideoOrientation::Parse(kBackMirrored270)->degrees() == 270);

TEST(RtpVideoOrientationTest, EveryByteIsReadAndWrittenBack) {
  for (int i = 0; i < 256; ++i) {
    const std::array value = {static_cast<std::uint8_t>(i)};
    const auto orientation = VideoOrientation::Parse(value);
    ASSERT_TRUE(orientation);
    EXPECT_EQ(orientation->back_camera, (i >> 3 & 1) == 1);
    EXPECT_EQ(orientation->flip, (i >> 2 & 1) == 1);
    EXPECT_EQ(orientation->degrees(), i % 4 * 90);
    EXPECT_TRUE(ReadsAndWritesBack<VideoOrientation>(value, [](Bytes, std::size_t) { return 0xf0; }));
    std::array<std::uint8_t, 1> out{};
    ASSERT_TRUE(orientation->Write(out));
    EXPECT_EQ(out[0], i & 15);
  }
}

TEST(RtpVideoOrientationTest, AFineRotationBeginsWithTheBitsOfTheCoarseOne) {
  for (int i = 0; i < 256; ++i) {
    const std::array value = {static_cast<std::uint8_t>(i)};
    const auto fine = VideoOrientation6::Parse(value);
    const auto coarse = VideoOrientation::Parse(value);
    ASSERT_TRUE(fine && coarse);
    EXPECT_EQ(fine->rotation / 16, coarse->rotation);
    EXPECT_EQ(fine->rotation % 16, i / 16);
    EXPECT_EQ(fine->back_camera, coarse->back_camera);
    EXPECT_EQ(fine->flip, coarse->flip);
    EXPECT_TRUE(ReadsAndWritesBack<VideoOrientation6>(value));
  }
  EXPECT_EQ((VideoOrientation6{.rotation = 1}.degrees()), 5.625);
}

TEST(RtpVideoOrientationTest, AnotherSizeThanOneByteIsRefused) {
  EXPECT_TRUE(TakesOnlySizes<VideoOrientation>({1}, ExtensionError::kWrongSize));
  EXPECT_TRUE(TakesOnlySizes<VideoOrientation6>({1}, ExtensionError::kWrongSize));
}

TEST(RtpVideoOrientationTest, MoreThanAWholeTurnCannotBeWritten) {
  EXPECT_TRUE(CannotBeWritten(VideoOrientation{.rotation = 4}));
  EXPECT_TRUE(CannotBeWritten(VideoOrientation6{.rotation = 64}));
}

}  // namespace
}  // namespace mediacore::rtp
