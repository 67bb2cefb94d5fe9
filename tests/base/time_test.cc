#include "mediacore/base/time.h"

#include <concepts>
#include <limits>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

template <typename A, typename B>
concept Adds = requires(A a, B b) { a + b; };
static_assert(Adds<TimeDelta, TimeDelta>);
static_assert(Adds<Timestamp, TimeDelta>);
static_assert(!Adds<Timestamp, Timestamp>, "two points have no sum");
static_assert(!Adds<TimeDelta, std::int64_t>, "a bare number has no unit");
static_assert(!std::convertible_to<std::int64_t, TimeDelta>);
static_assert(std::same_as<decltype(Timestamp::Zero() - Timestamp::Zero()), TimeDelta>);

TEST(TimeDeltaTest, SecondsMillisecondsAndMicrosecondsAgree) {
  EXPECT_EQ(TimeDelta::Seconds(2), TimeDelta::Millis(2'000));
  EXPECT_EQ(TimeDelta::Millis(-3), TimeDelta::Micros(-3'000));
  EXPECT_EQ(TimeDelta::Micros(2'999).ms(), 2);
  EXPECT_DOUBLE_EQ(TimeDelta::Millis(1'500).seconds(), 1.5);
}

TEST(TimeDeltaTest, MoreSecondsThanFitAreForEver) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(TimeDelta::Seconds(kMost), TimeDelta::PlusInfinity());
  EXPECT_EQ(TimeDelta::Seconds(kMost / 1'000'000 + 1), TimeDelta::PlusInfinity());
  EXPECT_TRUE(TimeDelta::Seconds(kMost / 1'000'000).IsFinite());
  EXPECT_EQ(TimeDelta::Millis(-kMost), TimeDelta::MinusInfinity());
}

TEST(TimeDeltaTest, ForEverStaysForEverWhateverHappensToIt) {
  constexpr TimeDelta kForEver = TimeDelta::PlusInfinity();
  EXPECT_EQ(kForEver - TimeDelta::Seconds(1), kForEver);
  EXPECT_EQ(kForEver + TimeDelta::MinusInfinity(), kForEver);
  EXPECT_EQ(kForEver - kForEver, kForEver);
  EXPECT_EQ(kForEver * 2, kForEver);
  EXPECT_EQ(kForEver * -1, TimeDelta::MinusInfinity());
  EXPECT_EQ(kForEver / 2, kForEver);
  EXPECT_EQ(kForEver / -3, TimeDelta::MinusInfinity());
  EXPECT_EQ(-kForEver, TimeDelta::MinusInfinity());
  EXPECT_EQ(TimeDelta::MinusInfinity().Abs(), kForEver);
  EXPECT_EQ(TimeDelta::Seconds(1) / 0, kForEver);
  EXPECT_EQ(TimeDelta::Seconds(-1) / 0, TimeDelta::MinusInfinity());
  EXPECT_GT(kForEver, TimeDelta::Seconds(1'000'000));
  EXPECT_FALSE(kForEver.IsFinite());
}

TEST(TimeDeltaTest, TicksOfEveryUsualClockComeBackAsTheyWent) {
  // A tick of these clocks is longer than a microsecond, so none gets lost.
  for (const std::int64_t hz : {1, 25, 1'000, 8'000, 22'050, 44'100, 48'000,
                                90'000, 192'000}) {
    for (std::int64_t ticks = -200'000; ticks <= 200'000; ticks += 7) {
      ASSERT_EQ(TimeDelta::Ticks(ticks, hz).ToTicks(hz), ticks) << hz;
    }
  }
}

TEST(TimeDeltaTest, TicksAreExactWhereTheyCanBe) {
  EXPECT_EQ(TimeDelta::Ticks(90'000, 90'000), TimeDelta::Seconds(1));
  EXPECT_EQ(TimeDelta::Ticks(1, 90'000), TimeDelta::Micros(11));
  EXPECT_EQ(TimeDelta::Ticks(-1, 90'000), TimeDelta::Micros(-11));
  EXPECT_EQ(TimeDelta::Micros(11).ToTicks(90'000), 1);
  EXPECT_EQ(TimeDelta::Micros(5).ToTicks(90'000), 0);
  EXPECT_EQ(TimeDelta::Micros(6).ToTicks(90'000), 1);
  EXPECT_EQ(TimeDelta::Micros(-6).ToTicks(90'000), -1);
}

TEST(TimeDeltaTest, TicksThatDoNotFitSaturate) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(TimeDelta::Ticks(kMost - 1, 1), TimeDelta::PlusInfinity());
  EXPECT_EQ(TimeDelta::Ticks(5, 0), TimeDelta::PlusInfinity());
  EXPECT_EQ(TimeDelta::Ticks(-5, 0), TimeDelta::MinusInfinity());
  EXPECT_EQ(TimeDelta::Micros(kMost - 1).ToTicks(kMost), kMost);
  EXPECT_EQ(TimeDelta::Micros(1 - kMost).ToTicks(2'000'000),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(TimeDelta::PlusInfinity().ToTicks(90'000), kMost);
}

TEST(TimestampTest, PointsAndLengthsAddUp) {
  Timestamp t = Timestamp::Seconds(10);
  t += TimeDelta::Millis(250);
  EXPECT_EQ(t, Timestamp::Millis(10'250));
  EXPECT_EQ(t - Timestamp::Seconds(10), TimeDelta::Millis(250));
  EXPECT_EQ(t - TimeDelta::Millis(10'250), Timestamp::Zero());
  EXPECT_EQ(t.us(), 10'250'000);
  EXPECT_EQ(t.ms(), 10'250);
  EXPECT_DOUBLE_EQ(t.seconds(), 10.25);
}

TEST(TimestampTest, NeverIsLaterThanEverythingAndStaysSo) {
  constexpr Timestamp kNever = Timestamp::PlusInfinity();
  EXPECT_EQ(kNever - TimeDelta::Seconds(5), kNever);
  EXPECT_EQ(kNever - Timestamp::Seconds(5), TimeDelta::PlusInfinity());
  EXPECT_EQ(Timestamp::Seconds(5) - kNever, TimeDelta::MinusInfinity());
  EXPECT_EQ(Timestamp::Seconds(5) + TimeDelta::PlusInfinity(), kNever);
  EXPECT_LT(Timestamp::MinusInfinity(), Timestamp::Micros(-1));
}

}  // namespace
}  // namespace mediacore
