#include "mediacore/base/ntp_time.h"

#include <gtest/gtest.h>

namespace mediacore {
namespace {

TEST(NtpTimeTest, TheEpochOfUnixIsSeventyYearsAfterThatOfNtp) {
  const NtpTime epoch = NtpTime::FromUnixMicros(0);
  EXPECT_EQ(epoch.seconds(), 2'208'988'800u);
  EXPECT_EQ(epoch.fraction(), 0u);
  EXPECT_EQ(epoch.ToUnixMicros(), 0);
}

TEST(NtpTimeTest, EveryMicrosecondOfASecondComesBackAsItWent) {
  constexpr std::int64_t kSecond = 1'700'000'000'000'000;
  for (std::int64_t us = 0; us < 1'000'000; ++us) {
    ASSERT_EQ(NtpTime::FromUnixMicros(kSecond + us).ToUnixMicros(), kSecond + us);
  }
}

TEST(NtpTimeTest, ComesBackFrom1968To2104) {
  // 20 January 1968 to 26 February 2104: the eras' turn in 2036 lies between.
  for (std::int64_t s = -61'505'152; s < 4'233'462'144; s += 86'399) {
    const std::int64_t us = s * 1'000'000 + 999'999;
    ASSERT_EQ(NtpTime::FromUnixMicros(us).ToUnixMicros(), us) << s;
  }
}

TEST(NtpTimeTest, TheSecondAfterTheEraTurnsFollowsTheOneBefore) {
  const NtpTime last(0xffffffffu, 0);
  const NtpTime first(0, 0);
  EXPECT_EQ(first - last, TimeDelta::Seconds(1));
  EXPECT_EQ(last - first, TimeDelta::Seconds(-1));
  EXPECT_EQ(first.ToUnixMicros() - last.ToUnixMicros(), 1'000'000);
  EXPECT_EQ(last + TimeDelta::Seconds(1), first);
}

TEST(NtpTimeTest, AddingADelayAndSubtractingGivesTheDelay) {
  const NtpTime start(0xe0000000u, 0x12345678u);
  for (std::int64_t us = -1'500'000; us <= 1'500'000; us += 13) {
    const TimeDelta delay = TimeDelta::Micros(us);
    ASSERT_EQ((start + delay) - start, delay);
  }
  for (const std::int64_t days : {1, 365, 3'650, 24'000}) {
    const TimeDelta delay = TimeDelta::Seconds(days * 86'400) + TimeDelta::Micros(1);
    ASSERT_EQ((start + delay) - start, delay);
    ASSERT_EQ((start + -delay) - start, -delay);
  }
}

TEST(NtpTimeTest, TheMiddleBitsAreWhatLsrAndDlsrCarry) {
  const NtpTime time(0x11112222u, 0x33334444u);
  EXPECT_EQ(time.compact(), 0x22223333u);
  EXPECT_EQ(time.value(), 0x1111222233334444u);
}

TEST(NtpTimeTest, ZeroMeansThatTheSenderHasNoClock) {
  EXPECT_FALSE(NtpTime().IsSet());
  EXPECT_TRUE(NtpTime(0, 1).IsSet());
  EXPECT_EQ(NtpTime(0, 0), NtpTime());
}

}  // namespace
}  // namespace mediacore
