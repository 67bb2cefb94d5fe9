#include "mediacore/codec/comfort_noise.h"

#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "../support/h264_maker.h"

namespace mediacore::codec {
namespace {

constexpr std::uint8_t kNoise[] = {40, 127, 0, 254};
static_assert(ComfortNoiseView::Parse(kNoise)->level() == 40);
static_assert(ComfortNoiseView::Parse(kNoise)->order() == 3);
static_assert(ComfortNoiseView::Parse(kNoise)->reflection(0) == 0);
static_assert(ComfortNoiseView::Parse(kNoise)->reflection(1) == -32766);
static_assert(ComfortNoiseView::Parse(kNoise)->reflection(2) == 32766);

TEST(ComfortNoiseTest, EachLieHasItsError) {
  EXPECT_EQ(ComfortNoiseView::Parse({}).error(), ComfortNoiseError::kEmpty);
  for (int level = 0; level < 256; ++level) {
    const std::uint8_t payload[] = {static_cast<std::uint8_t>(level)};
    const auto view = ComfortNoiseView::Parse(payload);
    ASSERT_EQ(view.has_value(), level < 128);
    if (view) {
      EXPECT_EQ(view->level(), level);
      EXPECT_EQ(view->order(), 0u);
    } else {
      EXPECT_EQ(view.error(), ComfortNoiseError::kBadLevel);
    }
  }
  EXPECT_NE(ToString(ComfortNoiseError::kEmpty), ToString(ComfortNoiseError::kBadLevel));
  EXPECT_EQ(ToString(ComfortNoiseError{9}), "comfort noise: unknown");
}

TEST(ComfortNoiseTest, EveryCoefficientIsWithinOneAndQuantisedAsItCame) {
  for (int n = 0; n < 255; ++n) {
    const std::int16_t k = DequantizeReflection(static_cast<std::uint8_t>(n));
    EXPECT_EQ(QuantizeReflection(k), n);
    EXPECT_EQ(DequantizeReflection(static_cast<std::uint8_t>(254 - n)), -k);
  }
  EXPECT_EQ(DequantizeReflection(255), 32767);  // reserved
  for (int k = -32768; k < 32768; ++k) {
    const int back = DequantizeReflection(QuantizeReflection(static_cast<std::int16_t>(k)));
    ASSERT_LE(std::abs(back - k), 129) << k;
  }
}

TEST(ComfortNoiseTest, WhatIsWrittenReadsBackTheSame) {
  testing::Dice dice(4);
  for (int i = 0; i < 10'000; ++i) {
    const auto reflections = dice.Block(dice.Below(14));
    const ComfortNoiseWriter writer{static_cast<std::uint8_t>(dice.Below(256)), reflections};
    std::vector<std::uint8_t> wire(writer.WireSize());
    ASSERT_TRUE(writer.Write(wire));
    const auto view = ComfortNoiseView::Parse(wire);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->level(), std::min<int>(writer.level, 127));
    EXPECT_TRUE(std::ranges::equal(view->reflections(), reflections));
    wire.pop_back();
    EXPECT_FALSE(writer.Write(wire));
  }
}

}  // namespace
}  // namespace mediacore::codec
