#include "mediacore/rtp/video_timing.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr std::array<std::uint8_t, 13> kFrame = {0x02, 0, 1, 0, 9, 0, 10, 0, 12, 1, 0, 0xff, 0xff};
static_assert(VideoTiming::Parse(kFrame)->encode_finish == TimeDelta::Millis(9));

TEST(RtpVideoTimingTest, SixTimesFollowTheFlags) {
  const auto timing = VideoTiming::Parse(kFrame);
  ASSERT_TRUE(timing);
  EXPECT_TRUE(timing->has_flags);
  EXPECT_EQ(timing->flags, VideoTiming::kBySize);
  EXPECT_EQ(timing->encode_start, TimeDelta::Millis(1));
  EXPECT_EQ(timing->encode_finish, TimeDelta::Millis(9));
  EXPECT_EQ(timing->packetization_complete, TimeDelta::Millis(10));
  EXPECT_EQ(timing->pacer_exit, TimeDelta::Millis(12));
  EXPECT_EQ(timing->network, TimeDelta::Millis(256));
  EXPECT_EQ(timing->network2, VideoTiming::kMax);
  EXPECT_TRUE(ReadsAndWritesBack<VideoTiming>(kFrame));
}

TEST(RtpVideoTimingTest, TheOldFormHasNoFlags) {
  auto old = *VideoTiming::Parse(Bytes(kFrame).subspan(1));
  EXPECT_FALSE(old.has_flags);
  EXPECT_TRUE(ReadsAndWritesBack<VideoTiming>(Bytes(kFrame).subspan(1)));
  old.has_flags = true;
  old.flags = VideoTiming::kBySize;
  EXPECT_EQ(old, *VideoTiming::Parse(kFrame));
}

TEST(RtpVideoTimingTest, ASenderCanSayThatItMeansNothing) {
  auto value = kFrame;
  EXPECT_TRUE(VideoTiming::Parse(value)->IsValid());
  value[0] = 0xff;
  EXPECT_FALSE(VideoTiming::Parse(value)->IsValid());
}

TEST(RtpVideoTimingTest, OtherSizesThanTwelveAndThirteenAreRefused) {
  EXPECT_TRUE((TakesOnlySizes<VideoTiming>({12, 13}, ExtensionError::kWrongSize)));
}

TEST(RtpVideoTimingTest, TimesOutsideOf16BitsAndFlagsWithoutAPlaceCannotBeWritten) {
  EXPECT_TRUE(CannotBeWritten(VideoTiming{.encode_start = TimeDelta::Micros(-1)}));
  EXPECT_TRUE(CannotBeWritten(VideoTiming{.network2 = VideoTiming::kMax + TimeDelta::Micros(1)}));
  EXPECT_TRUE(CannotBeWritten(VideoTiming{.pacer_exit = TimeDelta::PlusInfinity()}));
  EXPECT_TRUE(CannotBeWritten(VideoTiming{.has_flags = false, .flags = 1}));
}

}  // namespace
}  // namespace mediacore::rtp
