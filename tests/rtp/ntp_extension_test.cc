#include "mediacore/rtp/ntp_extension.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr NtpTime kNoon(0xe8'123456, 0x789abcde);
constexpr std::array<std::uint8_t, 8> kNoonBytes = {0xe8, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde};
static_assert(Ntp64::Parse(kNoonBytes)->time == kNoon);
static_assert(Ntp56::Parse(Bytes(kNoonBytes).subspan(1))->Expand(kNoon) == kNoon);

TEST(RtpNtpExtensionTest, BothFormsAreReadAndWrittenBack) {
  EXPECT_TRUE(ReadsAndWritesBack<Ntp64>(kNoonBytes));
  EXPECT_TRUE(ReadsAndWritesBack<Ntp56>(Bytes(kNoonBytes).subspan(1)));
  EXPECT_EQ(Ntp56::Of(kNoon).value, 0x123456'789abcdeu);
}

TEST(RtpNtpExtensionTest, EachFormHasOneSize) {
  EXPECT_TRUE(TakesOnlySizes<Ntp64>({8}, ExtensionError::kWrongSize));
  EXPECT_TRUE(TakesOnlySizes<Ntp56>({7}, ExtensionError::kWrongSize));
}

TEST(RtpNtpExtensionTest, WhatTheShortFormLeavesOutComesFromANearbyClock) {
  const std::int64_t half_round_s = 1 << 23;  // 97 days
  for (const std::int64_t s : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, half_round_s - 1, 1 - half_round_s}) {
    const NtpTime clock = kNoon + TimeDelta::Seconds(s);
    EXPECT_EQ(Ntp56::Of(kNoon).Expand(clock), kNoon) << s;
  }
  // Beyond half a round it is taken for another.
  EXPECT_EQ(Ntp56::Of(kNoon).Expand(kNoon + TimeDelta::Seconds(half_round_s + 1)),
            kNoon + TimeDelta::Seconds(2 * half_round_s));
  // Across the end of the era in 2036.
  const NtpTime last(0xffffffff, 0x80000000);
  EXPECT_EQ(Ntp56::Of(last).Expand(NtpTime(2, 0)), last);
  EXPECT_EQ(Ntp56::Of(NtpTime(2, 0)).Expand(last), NtpTime(2, 0));
}

TEST(RtpNtpExtensionTest, MoreThan56BitsCannotBeWritten) {
  EXPECT_TRUE(CannotBeWritten(Ntp56{Ntp56::kMask + 1}));
}

}  // namespace
}  // namespace mediacore::rtp
