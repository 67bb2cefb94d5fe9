#include "mediacore/codec/aac.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// 0x11 0x90: AAC LC, 48 kHz, stereo.
constexpr std::uint8_t kLc[] = {0x11, 0x90};
static_assert(AacConfig::Parse(kLc)->sampling_frequency == 48000);
static_assert(AacConfig::Parse(kLc)->codec_string().view() == "mp4a.40.2");

TEST(AacConfigTest, TheFormsEncodersWriteAreRead) {
  struct Case {
    Block bytes;
    AacConfig config;
    std::string_view name;
  };
  AacConfig lc;
  lc.sampling_frequency = lc.output_frequency = 44100;
  lc.channel_configuration = lc.channels = 2;
  AacConfig he = lc;  // HE-AAC said in front, 24 kHz doubled
  he.sampling_frequency = 24000;
  he.output_frequency = 48000;
  he.sbr = true;
  AacConfig v2 = he;
  v2.ps = true;
  v2.channel_configuration = v2.channels = 1;
  AacConfig seven = lc;
  seven.sampling_frequency = seven.output_frequency = 48000;
  seven.channel_configuration = 7;
  seven.channels = 8;
  AacConfig odd = lc;
  odd.sampling_frequency = odd.output_frequency = 12345;
  odd.short_frames = true;
  for (const Case& c :
       {Case{{0x12, 0x10}, lc, "mp4a.40.2"},
        Case{{0x2b, 0x11, 0x88, 0x00}, he, "mp4a.40.5"},
        Case{{0x13, 0x10, 0x56, 0xe5, 0x98}, he, "mp4a.40.5"},  // said behind
        Case{{0xeb, 0x09, 0x88, 0x00}, v2, "mp4a.40.29"},
        Case{{0x13, 0x08, 0x56, 0xe5, 0x9d, 0x48, 0x80}, v2, "mp4a.40.29"},
        Case{{0x11, 0xb8}, seven, "mp4a.40.2"},
        Case{{0x17, 0x80, 0x18, 0x1c, 0x94}, odd, "mp4a.40.2"}}) {
    const auto config = AacConfig::Parse(c.bytes);
    ASSERT_TRUE(config) << c.name;
    EXPECT_EQ(*config, c.config) << c.name << +c.bytes[0];
    EXPECT_EQ(config->codec_string().view(), c.name);
    EXPECT_EQ(config->samples_per_frame(), c.config.short_frames ? 960u : 1024u);
  }
}

TEST(AacConfigTest, WhatIsWrittenReadsBack) {
  for (std::uint8_t type = 1; type <= 4; ++type) {
    for (const std::uint32_t frequency : {96000u, 48000u, 7350u, 1u, 0xffffffu}) {
      for (const int layer : {0, 1, 2}) {
        for (const std::uint8_t channels : {std::uint8_t{1}, std::uint8_t{6}}) {
          AacConfig config;
          config.object_type = type;
          config.sampling_frequency = frequency;
          config.output_frequency = layer == 0 ? frequency : 44100;
          config.channel_configuration = config.channels = channels;
          config.sbr = layer >= 1;
          config.ps = layer == 2;
          config.short_frames = frequency == 1;
          Block out(AacConfig::kMaxWireSize);
          std::size_t size = 0;
          ASSERT_TRUE(config.Write(out, size));
          const auto back = AacConfig::Parse(Bytes(out).first(size));
          ASSERT_TRUE(back);
          EXPECT_EQ(*back, config);
          for (std::size_t room = 0; room < size; ++room) {
            std::size_t ignored = 0;
            EXPECT_FALSE(config.Write(MutableBytes(out).first(room), ignored));
          }
        }
      }
    }
  }
}

TEST(AacConfigTest, WhatCannotBeWrittenIsNot) {
  AacConfig config;
  config.sampling_frequency = config.output_frequency = 48000;
  Block out(16);
  std::size_t size = 0;
  EXPECT_FALSE(config.Write(out, size));  // a program config element
  config.channel_configuration = 2;
  EXPECT_TRUE(config.Write(out, size));
  config.object_type = 5;
  EXPECT_FALSE(config.Write(out, size));
  config.object_type = 2;
  config.sampling_frequency = 0x1000000;
  EXPECT_FALSE(config.Write(out, size));
}

TEST(AacConfigTest, AProgramConfigElementCountsItsChannels) {
  std::uint8_t bytes[32];
  BitWriter bits(bytes);
  bits.WriteBits(2, 5);
  bits.WriteBits(3, 4);
  bits.WriteBits(0, 4);
  bits.WriteBits(0, 3);
  bits.WriteBits(0x013, 10);  // tag, object type, frequency
  bits.WriteBits(2, 4);       // front: single, pair
  bits.WriteBits(0, 4);
  bits.WriteBits(1, 4);  // back: pair
  bits.WriteBits(1, 2);  // low
  bits.WriteBits(1, 3);
  bits.WriteBits(1, 4);
  bits.WriteBits(0b1'1010, 5);  // mono mixdown: element 10
  bits.WriteBits(0, 1);         // no stereo mixdown
  bits.WriteBits(0b1'101, 4);   // matrix mixdown
  bits.WriteBits(0b00000, 5);  // front: single
  bits.WriteBits(0b10001, 5);  // front: pair
  bits.WriteBits(0b10010, 5);  // back: pair
  bits.WriteBits(0, 4 + 4 + 5);
  while (bits.position() % 8 != 0) bits.WriteBits(0, 1);
  bits.WriteBits(2, 8);
  bits.WriteBits(0x4142, 16);
  const auto config = AacConfig::Parse(Bytes(bytes).first(bits.byte_size()));
  ASSERT_TRUE(config);
  EXPECT_EQ(config->channel_configuration, 0);
  EXPECT_EQ(config->channels, 6);
}

TEST(AacConfigTest, EachCauseHasItsError) {
  const auto error = [](Block bytes) {
    const auto config = AacConfig::Parse(bytes);
    EXPECT_FALSE(config);
    return config ? AacConfigError{255} : config.error();
  };
  EXPECT_EQ(error({}), AacConfigError::kTruncated);
  EXPECT_EQ(error({0x11}), AacConfigError::kTruncated);
  EXPECT_EQ(error({0x16, 0x90}), AacConfigError::kBadFrequency);          // index 13
  EXPECT_EQ(error({0x17, 0x80, 0x00, 0x00, 0x10}), AacConfigError::kBadFrequency);  // 0 Hz
  EXPECT_EQ(error({0xb1, 0x90}), AacConfigError::kBadObjectType);          // 22
  EXPECT_EQ(error({0xf8, 0xe6, 0x40}), AacConfigError::kBadObjectType);    // 39, ELD
  EXPECT_EQ(error({0x11, 0xc8}), AacConfigError::kBadChannels);            // 9
  EXPECT_EQ(error({0x11, 0x92}), AacConfigError::kCoreCoder);
  EXPECT_EQ(error({0x11, 0x80, 0x00, 0x00}), AacConfigError::kTruncated);  // in the element
  EXPECT_EQ(error({0x11, 0x80, 0, 0, 0, 0, 0, 0}), AacConfigError::kBadChannels);
  for (int e = 0; e <= static_cast<int>(AacConfigError::kTruncated); ++e) {
    EXPECT_NE(ToString(static_cast<AacConfigError>(e)), "aac config: unknown");
  }
}

}  // namespace
}  // namespace mediacore::codec
