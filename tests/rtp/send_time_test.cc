#include "mediacore/rtp/send_time.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr std::array<std::uint8_t, 3> kOneAndAHalf = {0x06, 0x00, 0x00};
static_assert(AbsSendTime::Parse(kOneAndAHalf)->ticks == 3 * (1 << 17));
constexpr std::array<std::uint8_t, 3> kMinusOne = {0xff, 0xff, 0xff};
static_assert(TransmissionOffset::Parse(kMinusOne)->ticks == -1);

TEST(RtpSendTimeTest, EveryValueIsReadAndWrittenBack) {
  for (std::uint32_t i = 0; i < 1 << 24; i += 61) {
    std::array<std::uint8_t, 3> value{};
    StoreU24(value.data(), i);
    ASSERT_EQ(AbsSendTime::Parse(value)->ticks, i);
    ASSERT_EQ(TransmissionOffset::Parse(value)->ticks,
              static_cast<std::int64_t>(i) - (i >= 0x800000 ? 0x1000000 : 0));
    ASSERT_TRUE(i % 41 != 0 || ReadsAndWritesBack<AbsSendTime>(value));
    ASSERT_TRUE(i % 41 != 0 || ReadsAndWritesBack<TransmissionOffset>(value));
  }
}

TEST(RtpSendTimeTest, AnotherSizeThanThreeBytesIsRefused) {
  EXPECT_TRUE(TakesOnlySizes<AbsSendTime>({3}, ExtensionError::kWrongSize));
  EXPECT_TRUE(TakesOnlySizes<TransmissionOffset>({3}, ExtensionError::kWrongSize));
}

TEST(RtpSendTimeTest, WhatDoesNotFitIn24BitsCannotBeWritten) {
  EXPECT_TRUE(CannotBeWritten(AbsSendTime{1 << 24}));
  EXPECT_TRUE(CannotBeWritten(TransmissionOffset{TransmissionOffset::kMax + 1}));
  EXPECT_TRUE(CannotBeWritten(TransmissionOffset{TransmissionOffset::kMin - 1}));
  EXPECT_EQ((TransmissionOffset{TransmissionOffset::kMin}.WireSize()), 3u);
}

TEST(RtpSendTimeTest, ATransmissionOffsetIsAddedToTheTimestamp) {
  EXPECT_EQ(RtpTimestamp(5) + TransmissionOffset{-6}.ticks, RtpTimestamp(0xffffffff));
}

TEST(RtpSendTimeTest, TheClockComesRoundEvery64Seconds) {
  EXPECT_EQ(AbsSendTime::Of(Timestamp::Micros(0)).ticks, 0u);
  EXPECT_EQ(AbsSendTime::Of(Timestamp::Micros(63'999'999)).ticks, 0xffffffu);
  EXPECT_EQ(AbsSendTime::Of(Timestamp::Seconds(64)).ticks, 0u);
  EXPECT_EQ(AbsSendTime::Of(Timestamp::Micros(-1)).ticks, 0xffffffu);
  EXPECT_EQ(AbsSendTime::Of(Timestamp::Millis(64'500)).ticks, 1u << 17);
  EXPECT_LE(AbsSendTime::Of(Timestamp::PlusInfinity()).ticks, AbsSendTime::kMask);
  EXPECT_LE(AbsSendTime::Of(Timestamp::MinusInfinity()).ticks, AbsSendTime::kMask);
  // Bits 14 to 37 of the NTP time, as the specification says.
  EXPECT_EQ(AbsSendTime::Of(NtpTime(0x0123456789abcdef)).ticks, (0x0123456789abcdefu >> 14) & 0xffffff);
}

TEST(RtpSendTimeTest, ADistanceIsTheShorterWayRound) {
  const AbsSendTime late = AbsSendTime::Of(Timestamp::Millis(63'750)), early = AbsSendTime::Of(Timestamp::Millis(250));
  EXPECT_EQ(early - late, TimeDelta::Millis(500));
  EXPECT_EQ(late - early, TimeDelta::Millis(-500));
  EXPECT_EQ(late - late, TimeDelta::Zero());
}

TEST(RtpSendTimeTest, APacketEveryTwentySecondsUnwrapsToAClockThatClimbs) {
  AbsSendTimeUnwrapper unwrapper;
  for (int s = 60; s < 1000; s += 20) {
    EXPECT_EQ(unwrapper.Unwrap(AbsSendTime::Of(Timestamp::Seconds(s))), TimeDelta::Seconds(s));
    // One that comes late goes back.
    EXPECT_EQ(unwrapper.Unwrap(AbsSendTime::Of(Timestamp::Seconds(s - 1))), TimeDelta::Seconds(s - 1));
  }
  unwrapper.Reset();
  EXPECT_EQ(unwrapper.Unwrap(AbsSendTime::Of(Timestamp::Seconds(1001))), TimeDelta::Seconds(1001 % 64));
}

}  // namespace
}  // namespace mediacore::rtp
