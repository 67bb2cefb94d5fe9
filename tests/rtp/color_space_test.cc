#include "mediacore/rtp/color_space.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

// BT.709 in all three tables, limited range, chroma left and half way down.
constexpr std::array<std::uint8_t, 4> kBt709 = {1, 1, 1, 0x16};
static_assert(*ColorSpace::Parse(kBt709) == ColorSpace{.primaries = 1,
                                                       .transfer = 1,
                                                       .matrix = 1,
                                                       .range = ColorRange::kLimited,
                                                       .horizontal = ChromaSiting::kCollocated,
                                                       .vertical = ChromaSiting::kHalf});

// BT.2020, PQ, with a P3 display of 1000 cd/m2 and 0.0001 cd/m2.
constexpr std::array<std::uint8_t, 28> kHdr = {
    9,    16,   9,    0x20, 0x03, 0xe8, 0x00, 0x01,  // 1000, 1
    0x84, 0xd0, 0x3e, 0x80,                          // red 34000, 16000
    0x33, 0xc2, 0x86, 0xc4,                          // green 13250, 34500
    0x1d, 0x4c, 0x0b, 0xb8,                          // blue 7500, 3000
    0x3d, 0x13, 0x40, 0x42,                          // white point 15635, 16450
    0x03, 0xe8, 0x01, 0x90};                         // 1000, 400

TEST(RtpColorSpaceTest, HdrMetadataIsReadInTheOrderOfItsFields) {
  const auto color = ColorSpace::Parse(kHdr);
  ASSERT_TRUE(color);
  EXPECT_EQ(color->primaries, 9);
  EXPECT_EQ(color->transfer, 16);
  EXPECT_EQ(color->matrix, 9);
  EXPECT_EQ(color->range, ColorRange::kFull);
  ASSERT_TRUE(color->has_hdr);
  const HdrMetadata want{.luminance_max = 1000,
                         .luminance_min = 1,
                         .red = {34000, 16000},
                         .green = {13250, 34500},
                         .blue = {7500, 3000},
                         .white_point = {15635, 16450},
                         .max_content_light_level = 1000,
                         .max_frame_average_light_level = 400};
  EXPECT_EQ(color->hdr, want);
  EXPECT_TRUE(ReadsAndWritesBack<ColorSpace>(kHdr));
  EXPECT_TRUE(ReadsAndWritesBack<ColorSpace>(kBt709));
}

TEST(RtpColorSpaceTest, OtherSizesThanFourAndTwentyEightAreRefused) {
  EXPECT_TRUE(TakesOnlySizes<ColorSpace>({4, 28}, ExtensionError::kWrongSize));
}

TEST(RtpColorSpaceTest, OfTheFourthByteOnlyAChromaSitingOfThreeIsRefused) {
  for (int i = 0; i < 256; ++i) {
    const std::array<std::uint8_t, 4> value = {1, 13, 0, static_cast<std::uint8_t>(i)};
    const bool bad = (i & 3) == 3 || (i >> 2 & 3) == 3;
    const auto color = ColorSpace::Parse(value);
    ASSERT_EQ(color.has_value(), !bad) << i;
    if (bad) {
      EXPECT_EQ(color.error(), ExtensionError::kBadValue);
    }
    EXPECT_TRUE(ReadsAndWritesBack<ColorSpace>(value, [](Bytes, std::size_t at) { return at == 3 ? 0xc0 : 0; }));
  }
}

TEST(RtpColorSpaceTest, AChromaticityMayBeOneAndNoMore) {
  for (std::size_t at = 8; at < 24; at += 2) {
    auto value = kHdr;
    StoreU16(value.data() + at, HdrMetadata::kChromaticityOne);
    EXPECT_TRUE(ColorSpace::Parse(value)) << at;
    StoreU16(value.data() + at, HdrMetadata::kChromaticityOne + 1);
    const auto color = ColorSpace::Parse(value);
    ASSERT_FALSE(color) << at;
    EXPECT_EQ(color.error(), ExtensionError::kBadValue);
  }
}

TEST(RtpColorSpaceTest, ValuesWithoutAPlaceCannotBeWritten) {
  EXPECT_TRUE(CannotBeWritten(ColorSpace{.range = static_cast<ColorRange>(4)}));
  EXPECT_TRUE(CannotBeWritten(ColorSpace{.horizontal = static_cast<ChromaSiting>(3)}));
  EXPECT_TRUE(CannotBeWritten(ColorSpace{.vertical = static_cast<ChromaSiting>(4)}));
  EXPECT_TRUE(CannotBeWritten(ColorSpace{.has_hdr = true, .hdr = {.blue = {0, 50'001}}}));
}

}  // namespace
}  // namespace mediacore::rtp
