#include "mediacore/mux/adts.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::mux {
namespace {

// AAC LC, 48 kHz, stereo, a frame of 9 bytes that holds 2.
constexpr std::array<std::uint8_t, 9> kFrame = {0xff, 0xf1, 0x4c, 0x80, 0x01,
                                                0x3f, 0xfc, 0xaa, 0xbb};

constexpr bool ReadsAFrame() {
  const auto frame = AdtsView::Parse(kFrame);
  return frame && frame->size() == 9 && frame->access_unit().size() == 2 &&
         frame->config() == AdtsConfig{2, 3, 2} &&
         frame->config().sample_rate() == 48'000 && frame->config().channels() == 2;
}
static_assert(ReadsAFrame());

AdtsError ErrorOf(std::vector<std::uint8_t> bytes) { return AdtsView::Parse(bytes).error(); }
std::vector<std::uint8_t> With(std::size_t at, std::uint8_t value) {
  std::vector<std::uint8_t> bytes(kFrame.begin(), kFrame.end());
  bytes[at] = value;
  return bytes;
}

TEST(AdtsTest, EachCauseOfRefusalHasItsName) {
  EXPECT_EQ(ErrorOf({0xff, 0xf1, 0x4c, 0x80, 0x01, 0x3f}), AdtsError::kTooShort);
  EXPECT_EQ(ErrorOf(With(1, 0xe1)), AdtsError::kBadSync);
  EXPECT_EQ(ErrorOf(With(1, 0xf3)), AdtsError::kBadSync);  // a layer
  EXPECT_EQ(ErrorOf(With(2, 0x7c)), AdtsError::kBadRate);  // index 15
  EXPECT_EQ(ErrorOf(With(4, 0x00)), AdtsError::kBadLength);
  EXPECT_EQ(ErrorOf(With(6, 0xfd)), AdtsError::kSeveralBlocks);
  EXPECT_EQ(ErrorOf(With(4, 0x02)), AdtsError::kTruncated);
}

TEST(AdtsTest, AFrameWithACrcHasAHeaderOfNineBytes) {
  const auto bytes = With(1, 0xf0);
  const auto frame = AdtsView::Parse(bytes);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->access_unit().empty());
}

TEST(AdtsTest, EveryHeaderWrittenReadsBackTheSame) {
  std::vector<std::uint8_t> frame(8191);
  for (std::uint8_t type = 1; type <= 4; ++type) {
    for (std::uint8_t rate = 0; rate < 13; ++rate) {
      for (std::uint8_t channels = 1; channels <= 7; ++channels) {
        for (const std::size_t size : {std::size_t{0}, std::size_t{333}, kAdtsMaxAccessUnit}) {
          const AdtsConfig config{type, rate, channels};
          ASSERT_TRUE(WriteAdtsHeader(config, size, std::span(frame).first<7>()));
          const auto view = AdtsView::Parse(frame);
          ASSERT_TRUE(view);
          EXPECT_EQ(view->config(), config);
          EXPECT_EQ(view->access_unit().size(), size);
        }
      }
    }
  }
}

TEST(AdtsTest, AnAccessUnitTooLongForThirteenBitsIsRefused) {
  std::array<std::uint8_t, 7> header{};
  EXPECT_FALSE(WriteAdtsHeader({}, kAdtsMaxAccessUnit + 1, header));
  EXPECT_EQ(header[0], 0);
}

TEST(AdtsTest, TheAudioSpecificConfigSaysTheSameAsTheHeader) {
  for (std::uint8_t rate = 0; rate < 13; ++rate) {
    for (std::uint8_t channels = 1; channels <= 7; ++channels) {
      const AdtsConfig config{2, rate, channels};
      AdtsConfig back;
      ASSERT_TRUE(AdtsConfig::FromAudioSpecificConfig(config.ToAudioSpecificConfig(), back));
      EXPECT_EQ(back, config);
    }
  }
}

TEST(AdtsTest, OfHeAacTheHeaderNamesTheCore) {
  // Object type 5, 24 kHz, stereo, extension 48 kHz, core AAC LC.
  const std::array<std::uint8_t, 4> he_aac = {0x2b, 0x11, 0x88, 0x00};
  AdtsConfig config;
  ASSERT_TRUE(AdtsConfig::FromAudioSpecificConfig(he_aac, config));
  EXPECT_EQ(config, (AdtsConfig{2, 6, 2}));
  // A rate in 24 bits that is in the table.
  const std::array<std::uint8_t, 5> spelled = {0x17, 0x80, 0x5d, 0xc0, 0x10};
  ASSERT_TRUE(AdtsConfig::FromAudioSpecificConfig(spelled, config));
  EXPECT_EQ(config.sample_rate(), 48'000u);
}

TEST(AdtsTest, WhatAdtsCannotSayIsRefused) {
  AdtsConfig config;
  using A = std::array<std::uint8_t, 2>;
  EXPECT_FALSE(AdtsConfig::FromAudioSpecificConfig({}, config));
  EXPECT_FALSE(AdtsConfig::FromAudioSpecificConfig(A{0x11, 0x80}, config));  // channels 0
  EXPECT_FALSE(AdtsConfig::FromAudioSpecificConfig(A{0x31, 0x90}, config));  // scalable
  EXPECT_FALSE(AdtsConfig::FromAudioSpecificConfig(A{0x16, 0x90}, config));  // rate index 13
}

TEST(AdtsTest, ErrorsHaveNames) {
  EXPECT_EQ(ToString(AdtsError::kTruncated), "adts: truncated");
}

}  // namespace
}  // namespace mediacore::mux
