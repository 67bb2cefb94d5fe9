#include "mediacore/rtp/capture_time.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr std::array<std::uint8_t, 16> kHalfASecondBehind = {
    0xe8, 0, 0, 1, 0x80, 0,    0,    0,      // 1.5 s after e8000000
    0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0};  // -0.5 s
static_assert(AbsCaptureTime::Parse(kHalfASecondBehind)->time == NtpTime(0xe8000001, 0x80000000));
static_assert(AbsCaptureTime::Parse(kHalfASecondBehind)->ClockOffset() == TimeDelta::Millis(-500));

TEST(RtpAbsCaptureTimeTest, TheClockOffsetMayBeLeftOut) {
  const auto with = AbsCaptureTime::Parse(kHalfASecondBehind);
  const auto without = AbsCaptureTime::Parse(Bytes(kHalfASecondBehind).first(8));
  ASSERT_TRUE(with && without);
  EXPECT_EQ(with->time, without->time);
  EXPECT_TRUE(with->has_clock_offset);
  EXPECT_FALSE(without->has_clock_offset);
  EXPECT_EQ(without->ClockOffset(), TimeDelta::Zero());
  EXPECT_TRUE(ReadsAndWritesBack<AbsCaptureTime>(kHalfASecondBehind));
  EXPECT_TRUE(ReadsAndWritesBack<AbsCaptureTime>(Bytes(kHalfASecondBehind).first(8)));
}

// Capture clock = sender's clock + offset.
TEST(RtpAbsCaptureTimeTest, TheCaptureTimeLessTheOffsetIsByTheSendersClock) {
  const auto captured = AbsCaptureTime::Parse(kHalfASecondBehind);
  ASSERT_TRUE(captured);
  EXPECT_EQ(captured->time + -captured->ClockOffset(), NtpTime(0xe8000002, 0));
}

TEST(RtpAbsCaptureTimeTest, OtherSizesThanEightAndSixteenAreRefused) {
  EXPECT_TRUE(TakesOnlySizes<AbsCaptureTime>({8, 16}, ExtensionError::kWrongSize));
}

TEST(RtpAbsCaptureTimeTest, AnOffsetInMicrosecondsComesBackTheSame) {
  for (const std::int64_t us : {0LL, 1LL, -1LL, 499'999LL, -500'001LL, 86'400'000'000LL, -2'000'000'000'000'000LL}) {
    AbsCaptureTime captured;
    captured.SetClockOffset(TimeDelta::Micros(us));
    EXPECT_TRUE(captured.has_clock_offset);
    EXPECT_EQ(captured.ClockOffset(), TimeDelta::Micros(us));
  }
}

TEST(RtpAbsCaptureTimeTest, OffsetsFinerThanAMicrosecondSurviveReadingAndWriting) {
  for (const std::int64_t q32 : {std::int64_t{1}, std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
    std::array<std::uint8_t, 16> out{};
    const AbsCaptureTime captured{.time = NtpTime(7), .has_clock_offset = true, .clock_offset = q32};
    ASSERT_TRUE(captured.Write(out));
    EXPECT_EQ(*AbsCaptureTime::Parse(out), captured);
  }
}

}  // namespace
}  // namespace mediacore::rtp
