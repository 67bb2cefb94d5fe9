#include "mediacore/rtp/audio_level.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr std::array<std::uint8_t, 1> kLoudSpeech = {0x80 | 12};
static_assert(*AudioLevel::Parse(kLoudSpeech) == AudioLevel{.level = 12, .voice_activity = true});

TEST(RtpAudioLevelTest, EveryByteIsALevelAndWritesBack) {
  for (int i = 0; i < 256; ++i) {
    const std::array value = {static_cast<std::uint8_t>(i)};
    const auto audio = AudioLevel::Parse(value);
    ASSERT_TRUE(audio);
    EXPECT_EQ(audio->level, i % 128);
    EXPECT_EQ(audio->voice_activity, i >= 128);
    EXPECT_TRUE(ReadsAndWritesBack<AudioLevel>(value));
  }
}

TEST(RtpAudioLevelTest, AnotherSizeThanOneByteIsRefused) {
  EXPECT_TRUE(TakesOnlySizes<AudioLevel>({1}, ExtensionError::kWrongSize));
}

TEST(RtpAudioLevelTest, NothingIsSofterThanSilence) {
  EXPECT_EQ(AudioLevel().level, AudioLevel::kSilence);
  EXPECT_TRUE(CannotBeWritten(AudioLevel{.level = 128}));
}

TEST(RtpCsrcAudioLevelsTest, ThereIsOneLevelForEachSourceUpToFifteen) {
  constexpr std::array<std::uint8_t, 3> kThree = {0, 127, 0x80 | 30};  // the reserved bit is not looked at
  const auto levels = CsrcAudioLevels::Parse(kThree);
  ASSERT_TRUE(levels);
  ASSERT_EQ(levels->count(), 3);
  EXPECT_EQ(levels->level(0), 0);
  EXPECT_EQ(levels->level(1), 127);
  EXPECT_EQ(levels->level(2), 30);
  EXPECT_TRUE(TakesOnlySizes<CsrcAudioLevels>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                              ExtensionError::kWrongSize));
}

TEST(RtpCsrcAudioLevelsTest, TheReservedBitIsWrittenAsZero) {
  std::array<std::uint8_t, 15> all{};
  all.fill(0xff);
  for (std::size_t n = 1; n <= all.size(); ++n) {
    EXPECT_TRUE(ReadsAndWritesBack<CsrcAudioLevels>(Bytes(all).first(n), [](Bytes, std::size_t) { return 0x80; }));
  }
  std::array<std::uint8_t, 15> out{};
  ASSERT_TRUE(CsrcAudioLevels{all}.Write(out));
  EXPECT_EQ(out[14], 0x7f);
}

TEST(RtpCsrcAudioLevelsTest, NoSourceAndSixteenCannotBeWritten) {
  constexpr std::array<std::uint8_t, 16> kTooMany = {};
  EXPECT_TRUE(CannotBeWritten(CsrcAudioLevels{}));
  EXPECT_TRUE(CannotBeWritten(CsrcAudioLevels{kTooMany}));
}

TEST(RtpInbandComfortNoiseTest, TheLevelCountsOnlyWhenItIsSaidToBeThere) {
  for (int i = 0; i < 256; ++i) {
    const std::array value = {static_cast<std::uint8_t>(i)};
    const auto noise = InbandComfortNoise::Parse(value);
    ASSERT_TRUE(noise);
    EXPECT_EQ(noise->has_level, i >= 128);
    EXPECT_EQ(noise->level, i >= 128 ? i - 128 : 0);
    EXPECT_TRUE(ReadsAndWritesBack<InbandComfortNoise>(
        value, [](Bytes v, std::size_t) { return (v[0] & 0x80) == 0 ? 0x7f : 0; }));
  }
  EXPECT_TRUE(TakesOnlySizes<InbandComfortNoise>({1}, ExtensionError::kWrongSize));
}

TEST(RtpInbandComfortNoiseTest, ALevelWithoutItsBitOrAboveSilenceCannotBeWritten) {
  EXPECT_TRUE(CannotBeWritten(InbandComfortNoise{.has_level = false, .level = 1}));
  EXPECT_TRUE(CannotBeWritten(InbandComfortNoise{.has_level = true, .level = 128}));
}

}  // namespace
}  // namespace mediacore::rtp
