#include "mediacore/codec/vpcc.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "../support/vpx_maker.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// As ffmpeg writes it of 1280x720 at 30 frames per second by libvpx.
constexpr std::array<std::uint8_t, 8> kHd = {0x00, 0x1f, 0x82, 0x02, 0x02, 0x02, 0x00, 0x00};

constexpr bool ReadsAndWritesIt() {
  const auto found = VpConfig::Parse(kHd);
  if (!found || found->profile != 0 || found->level != 31 || found->bit_depth != 8 || found->chroma_subsampling != 1) {
    return false;
  }
  std::array<std::uint8_t, 8> back{};
  return found->Write(back) && back == kHd && found->codec_string(Codec::kVp9).view() == "vp09.00.31.08" &&
         VpConfig{}.codec_string(Codec::kVp9).view() == "vp09.00.10.08";
}
static_assert(ReadsAndWritesIt());

// By ffmpeg as well: profiles 1 and 3.
TEST(VpConfigTest, WhatIsMadeOfAKeyFrameIsWhatFfmpegWrites) {
  const auto record_of = [](const Block& frame) {
    const auto header = Vp9FrameHeader::Parse(frame);
    EXPECT_TRUE(header);
    Block out(VpConfig::kSize);
    EXPECT_TRUE(VpConfig::Of(*header, 1280, 720).Write(out));
    return out;
  };
  EXPECT_EQ(record_of({0x82, 0x49, 0x83, 0x42, 0x00, 0x14, 0x10, 0x0b, 0x16, 0x04, 0x38}),
            Block(kHd.begin(), kHd.end()));
  EXPECT_EQ(record_of({0xa2, 0x49, 0x83, 0x42, 0x00, 0x02, 0x82, 0x01, 0x62, 0xc0, 0x87}),
            (Block{0x01, 0x1f, 0x86, 0x02, 0x02, 0x02, 0x00, 0x00}));
  EXPECT_EQ(record_of({0xb1, 0x24, 0xc1, 0xa1, 0x02, 0x00, 0xa0, 0x80, 0x58, 0xb0, 0x21}),
            (Block{0x03, 0x1f, 0xa4, 0x02, 0x02, 0x02, 0x00, 0x00}));
}

TEST(VpConfigTest, TheLevelIsTheLowestThatAllowsSizeAndRate) {
  const auto level = [](std::uint32_t width, std::uint32_t height, std::int64_t hertz) {
    return int{Vp9LevelOf(width, height, Frequency::Hertz(hertz))};
  };
  EXPECT_EQ(level(256, 144, 15), 10);
  EXPECT_EQ(level(320, 180, 30), 11);
  EXPECT_EQ(level(640, 360, 20), 20 + 1);  // too large a picture for 2.0
  EXPECT_EQ(level(640, 360, 30), 21);
  EXPECT_EQ(level(1280, 720, 30), 31);
  EXPECT_EQ(level(1920, 1080, 30), 40);
  EXPECT_EQ(level(1920, 1080, 60), 41);
  EXPECT_EQ(level(3840, 2160, 30), 50);
  EXPECT_EQ(level(3840, 2160, 60), 51);
  EXPECT_EQ(level(3840, 2160, 120), 52);
  EXPECT_EQ(level(7680, 4320, 60), 61);
  EXPECT_EQ(level(7680, 4320, 120), 62);
  EXPECT_EQ(level(1000, 8, 1), 21);  // too wide for 2.0
  EXPECT_EQ(level(65536, 65536, 1), 0);
  EXPECT_EQ(int{Vp9LevelOf(16832, 2118, Frequency::PlusInfinity())}, 0);
  EXPECT_EQ(int{Vp9LevelOf(0, 0, Frequency::Hertz(-5))}, 10);
}

TEST(VpConfigTest, TheNameSaysTheRestWhereItIsNotTheUsual) {
  VpConfig config{.profile = 2, .level = 51, .bit_depth = 10};
  const auto name = [&config] { return std::string(config.codec_string(Codec::kVp9).view()); };
  EXPECT_EQ(name(), "vp09.02.51.10");
  config.colour_primaries = config.transfer_characteristics = config.matrix_coefficients = 1;
  EXPECT_EQ(name(), "vp09.02.51.10");
  config.colour_primaries = 9;
  config.transfer_characteristics = 16;
  config.matrix_coefficients = 9;
  EXPECT_EQ(name(), "vp09.02.51.10.01.09.16.09.00");
  config.full_range = true;
  EXPECT_EQ(name(), "vp09.02.51.10.01.09.16.09.01");
  config = {.chroma_subsampling = 3};
  EXPECT_EQ(name(), "vp09.00.10.08.03.02.02.02.00");
  config = {.colour_primaries = 255, .transfer_characteristics = 255, .matrix_coefficients = 255};
  EXPECT_EQ(name(), "vp09.00.10.08.01.255.255.255.00");  // 31 characters: the longest
}

TEST(VpConfigTest, ColoursOfTheFrameHeaderHaveTheirNumbers) {
  Vp9FrameHeader header;
  header.profile = 2;
  header.color = {12, Vp9ColorSpace::kBt2020, false, true, true};
  EXPECT_EQ(VpConfig::Of(header, 1920, 1080).codec_string(Codec::kVp9).view(), "vp09.02.40.12.01.09.15.09.00");
  header.color.bit_depth = 10;
  EXPECT_EQ(VpConfig::Of(header, 1920, 1080).transfer_characteristics, 14);
  header.color.color_space = Vp9ColorSpace::kBt709;
  EXPECT_EQ(VpConfig::Of(header, 1920, 1080, Frequency::Hertz(60)).codec_string(Codec::kVp9).view(), "vp09.02.41.10");
  header.color.color_space = Vp9ColorSpace::kBt601;
  EXPECT_EQ(VpConfig::Of(header, 8, 8).matrix_coefficients, 5);
  header.color.color_space = Vp9ColorSpace::kSmpte170;
  EXPECT_EQ(VpConfig::Of(header, 8, 8).matrix_coefficients, 6);
  header.color.color_space = Vp9ColorSpace::kSmpte240;
  EXPECT_EQ(VpConfig::Of(header, 8, 8).matrix_coefficients, 7);
  header.color = {8, Vp9ColorSpace::kRgb, true, false, false};
  EXPECT_EQ(VpConfig::Of(header, 8, 8).matrix_coefficients, 0);
  EXPECT_EQ(VpConfig::Of(header, 8, 8).chroma_subsampling, 3);
  header.color = {8, Vp9ColorSpace::kUnknown, false, false, true};  // 4:4:0
  EXPECT_EQ(VpConfig::Of(header, 8, 8).WireSize(), 0u);
}

TEST(VpConfigTest, Vp8IsNamedLikewise) {
  const auto header = Vp8FrameHeader::Parse(Block{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01});
  ASSERT_TRUE(header);
  EXPECT_EQ(VpConfig::Of(*header).codec_string(Codec::kVp8).view(), "vp08.00.21.08");
}

TEST(VpConfigTest, EachLieHasItsErrorAndIsNotWritten) {
  Block record(kHd.begin(), kHd.end());
  for (std::size_t n = 0; n < record.size(); ++n) {
    EXPECT_EQ(VpConfig::Parse(Bytes(record).first(n)).error(), VpConfigError::kTooShort);
  }
  const auto with = [&](std::size_t at, int value) {
    Block other = record;
    other[at] = static_cast<std::uint8_t>(value);
    return VpConfig::Parse(other).error();
  };
  EXPECT_EQ(with(0, 4), VpConfigError::kBadProfile);
  EXPECT_EQ(with(1, 100), VpConfigError::kBadLevel);
  for (const int depth : {0, 7, 9, 11, 13, 15}) EXPECT_EQ(with(2, depth << 4), VpConfigError::kBadBitDepth);
  EXPECT_EQ(with(2, 0x88), VpConfigError::kBadChroma);
  EXPECT_EQ(with(7, 1), VpConfigError::kInitData);
  EXPECT_EQ(ToString(VpConfigError::kInitData), "vpcc: has initialization data");
  std::array<std::uint8_t, 8> out{0xee};
  for (const VpConfig& config :
       {VpConfig{.profile = 4}, VpConfig{.level = 100}, VpConfig{.bit_depth = 9}, VpConfig{.chroma_subsampling = 4}}) {
    EXPECT_EQ(config.WireSize(), 0u);
    EXPECT_FALSE(config.Write(out));
  }
  EXPECT_FALSE(VpConfig{}.Write(MutableBytes(out).first(7)));
  EXPECT_EQ(out[0], 0xee);
}

}  // namespace
}  // namespace mediacore::codec
