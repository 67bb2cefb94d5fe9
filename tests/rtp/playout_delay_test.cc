#include "mediacore/rtp/playout_delay.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr std::array<std::uint8_t, 3> kHundredToFourHundred = {0x00, 0xa0, 0x28};
static_assert(*PlayoutDelay::Parse(kHundredToFourHundred) ==
              PlayoutDelay{TimeDelta::Millis(100), TimeDelta::Millis(400)});

TEST(RtpPlayoutDelayTest, AllPairsOfLimitsAreReadAndWrittenBackUnlessTheyAreCrossed) {
  for (std::uint32_t both = 0; both < 1 << 24; both += 61) {
    std::array<std::uint8_t, 3> value{};
    StoreU24(value.data(), both);
    const auto delay = PlayoutDelay::Parse(value);
    ASSERT_EQ(delay.has_value(), both >> 12 <= (both & 0xfff)) << both;
    if (!delay) {
      ASSERT_EQ(delay.error(), ExtensionError::kBadValue);
    }
    ASSERT_TRUE(both % 41 != 0 || ReadsAndWritesBack<PlayoutDelay>(value)) << both;
  }
}

TEST(RtpPlayoutDelayTest, FortyOneSecondsAreTheMost) {
  constexpr std::array<std::uint8_t, 3> kMost = {0xff, 0xff, 0xff};
  EXPECT_EQ(*PlayoutDelay::Parse(kMost), (PlayoutDelay{PlayoutDelay::kMax, PlayoutDelay::kMax}));
  EXPECT_TRUE(CannotBeWritten(PlayoutDelay{TimeDelta::Zero(), PlayoutDelay::kMax + TimeDelta::Micros(1)}));
  EXPECT_TRUE(CannotBeWritten(PlayoutDelay{TimeDelta::Zero(), TimeDelta::PlusInfinity()}));
  EXPECT_TRUE(CannotBeWritten(PlayoutDelay{TimeDelta::Micros(-1), TimeDelta::Zero()}));
  EXPECT_TRUE(CannotBeWritten(PlayoutDelay{TimeDelta::Millis(20), TimeDelta::Millis(10)}));
}

TEST(RtpPlayoutDelayTest, DelaysBetweenTwoStepsAreRoundedDown) {
  std::array<std::uint8_t, 3> out{};
  ASSERT_TRUE((PlayoutDelay{TimeDelta::Micros(9'999), TimeDelta::Micros(19'999)}.Write(out)));
  EXPECT_EQ(*PlayoutDelay::Parse(out), (PlayoutDelay{TimeDelta::Zero(), TimeDelta::Millis(10)}));
}

TEST(RtpPlayoutDelayTest, AnotherSizeThanThreeBytesIsRefused) {
  EXPECT_TRUE(TakesOnlySizes<PlayoutDelay>({3}, ExtensionError::kWrongSize));
}

}  // namespace
}  // namespace mediacore::rtp
