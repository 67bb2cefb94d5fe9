#include "mediacore/segment/media_clock.h"

#include <gtest/gtest.h>

namespace mediacore::segment {
namespace {

constexpr Timestamp At(std::int64_t ms) { return Timestamp::Millis(ms); }
constexpr std::int64_t kUnixUs = 1'790'000'000'000'000;
NtpTime Wall(std::int64_t ms) { return NtpTime::FromUnixMicros(kUnixUs + ms * 1000); }

TEST(MediaClockTest, TicksGoOnWhereThe32BitsTurnOver) {
  MediaClock clock(90'000, TimeDelta::Seconds(5));
  std::int64_t last = clock.OnFrame(At(0), RtpTimestamp(0xffffff00u)).ticks;
  for (std::uint32_t i = 1; i < 10; ++i) {
    const auto update = clock.OnFrame(At(40 * i), RtpTimestamp(0xffffff00u + 3600 * i));
    EXPECT_FALSE(update.jumped);
    EXPECT_EQ(update.ticks - last, 3600);
    last = update.ticks;
  }
}

TEST(MediaClockTest, ADayOfTurnsStaysInStepWithTheArrivals) {
  MediaClock clock(90'000, TimeDelta::Seconds(5));
  const std::int64_t first = clock.OnFrame(At(0), RtpTimestamp(5)).ticks;
  std::int64_t ticks = 0;
  for (std::int64_t second = 1; second <= 100'000; ++second) {
    ticks = clock.OnFrame(Timestamp::Seconds(second),
                          RtpTimestamp(static_cast<std::uint32_t>(5 + second * 90'000))).ticks;
  }
  EXPECT_EQ(ticks - first, 100'000ll * 90'000);
}

TEST(MediaClockTest, AnotherTimeBaseGoesOnAtTheTimeThatPassed) {
  MediaClock clock(90'000, TimeDelta::Seconds(5));
  const std::int64_t first = clock.OnFrame(At(0), RtpTimestamp(1000)).ticks;
  const auto jump = clock.OnFrame(At(40), RtpTimestamp(0x70000000u));
  EXPECT_TRUE(jump.jumped);
  EXPECT_EQ(jump.ticks - first, 3600);
  EXPECT_FALSE(clock.OnFrame(At(80), RtpTimestamp(0x70000000u + 3600)).jumped);
}

TEST(MediaClockTest, APauseOfSenderAndClockIsNoJump) {
  MediaClock clock(90'000, TimeDelta::Seconds(5));
  static_cast<void>(clock.OnFrame(At(0), RtpTimestamp(0)));
  EXPECT_FALSE(clock.OnFrame(At(60'000), RtpTimestamp(60 * 90'000)).jumped);
}

TEST(MediaClockTest, ARestartIsANewBaseWhereverItsTimestampsAre) {
  MediaClock clock(48'000, TimeDelta::Seconds(5));
  const std::int64_t first = clock.OnFrame(At(0), RtpTimestamp(0)).ticks;
  clock.Restart();
  EXPECT_FALSE(clock.OnSenderReport(Wall(0), RtpTimestamp(0)));
  const auto update = clock.OnFrame(At(100), RtpTimestamp(960));
  EXPECT_TRUE(update.jumped);
  EXPECT_EQ(update.ticks - first, 4800);
}

TEST(MediaClockTest, TheFrameWithTheLeastDelayTellsTheOffset) {
  MediaClock clock(1000, TimeDelta::Seconds(5));
  static_cast<void>(clock.OnFrame(At(30), RtpTimestamp(0)));
  static_cast<void>(clock.OnFrame(At(110), RtpTimestamp(100)));
  static_cast<void>(clock.OnFrame(At(250), RtpTimestamp(200)));
  EXPECT_EQ(clock.ZeroByArrival(), TimeDelta::Millis(10));
}

TEST(MediaClockTest, OfFiveReportsTheMiddleOneCounts) {
  MediaClock clock(1000, TimeDelta::Seconds(5));
  static_cast<void>(clock.OnFrame(At(0), RtpTimestamp(0)));
  EXPECT_FALSE(clock.ZeroByReports().has_value());
  EXPECT_FALSE(clock.OnSenderReport(NtpTime(), RtpTimestamp(0)));
  for (const std::int64_t error : {0, 3, 5000, 1, 2}) {
    EXPECT_TRUE(clock.OnSenderReport(Wall(error), RtpTimestamp(0)));
  }
  EXPECT_EQ(clock.ZeroByReports()->us(), kUnixUs + 2000);
}

TEST(MediaClockTest, AReportBeforeTheFirstFrameCounts) {
  MediaClock clock(90'000, TimeDelta::Seconds(5));
  EXPECT_TRUE(clock.OnSenderReport(Wall(0), RtpTimestamp(0xfffffff0u)));
  const auto update = clock.OnFrame(At(0), RtpTimestamp(0xfffffff0u + 90'000));
  EXPECT_EQ((*clock.ZeroByReports() + TimeDelta::Ticks(update.ticks, 90'000)).us(),
            kUnixUs + 1'000'000);
}

TEST(MediaClockTest, TwoClocksAreAlignedByReportsWhenBothHaveThemElseByArrival) {
  MediaClock video(90'000, TimeDelta::Seconds(5));
  MediaClock audio(48'000, TimeDelta::Seconds(5));
  EXPECT_FALSE(Align(video, audio).has_value());
  static_cast<void>(video.OnFrame(At(0), RtpTimestamp(0)));
  static_cast<void>(audio.OnFrame(At(70), RtpTimestamp(0)));
  EXPECT_FALSE(Align(video, audio)->from_reports);
  EXPECT_EQ(Align(video, audio)->offset, TimeDelta::Millis(70));
  EXPECT_TRUE(video.OnSenderReport(Wall(0), RtpTimestamp(0)));
  EXPECT_FALSE(Align(video, audio)->from_reports);
  EXPECT_TRUE(audio.OnSenderReport(Wall(10), RtpTimestamp(0)));
  EXPECT_TRUE(Align(video, audio)->from_reports);
  EXPECT_EQ(Align(video, audio)->offset, TimeDelta::Millis(10));
}

TEST(MediaClockTest, WallClocksThatAreNotOneAreNotUsed) {
  MediaClock video(90'000, TimeDelta::Seconds(5));
  MediaClock audio(48'000, TimeDelta::Seconds(5));
  static_cast<void>(video.OnFrame(At(0), RtpTimestamp(0)));
  static_cast<void>(audio.OnFrame(At(0), RtpTimestamp(0)));
  EXPECT_TRUE(video.OnSenderReport(Wall(0), RtpTimestamp(0)));
  EXPECT_TRUE(audio.OnSenderReport(Wall(3'600'000), RtpTimestamp(0)));
  EXPECT_FALSE(Align(video, audio)->from_reports);
}

}  // namespace
}  // namespace mediacore::segment
