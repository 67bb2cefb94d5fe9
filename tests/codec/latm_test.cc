#include "mediacore/codec/latm.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/latm_maker.h"

namespace mediacore::codec {
namespace {

using enum LatmConfigError;
using Block = std::vector<std::uint8_t>;
using Spec = testing::LatmConfigSpec;
using testing::MakeLatmConfig;

// config=400024203fc0: what ffmpeg says of AAC LC, 44.1 kHz, stereo.
constexpr std::uint8_t kFfmpeg[] = {0x40, 0x00, 0x24, 0x20, 0x3f, 0xc0};
static_assert(StreamMuxConfig::Parse(kFfmpeg)->audio.sampling_frequency == 44100);
static_assert(StreamMuxConfig::Parse(kFfmpeg)->audio.channels == 2);
static_assert(StreamMuxConfig::Parse(kFfmpeg)->frame_count == 1);
static_assert(StreamMuxConfig::Parse(kFfmpeg)->audio_specific_config()[1] == 0x10);

LatmConfigError Error(const Block& bytes) {
  const auto config = StreamMuxConfig::Parse(bytes);
  EXPECT_FALSE(config);
  return config ? LatmConfigError{255} : config.error();
}

TEST(LatmConfigTest, BothVersionsSayTheSame) {
  for (const std::uint32_t version : {0u, 1u}) {
    Spec spec{.version = version, .sub_frames = 2, .other_data_bits = 0x1234, .crc = true};
    const auto config = StreamMuxConfig::Parse(MakeLatmConfig(spec));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->version, version);
    EXPECT_EQ(config->frame_count, 3);
    EXPECT_EQ(config->frame_length, 0);
    EXPECT_EQ(config->other_data_bits, 0x1234u);
    EXPECT_TRUE(config->crc_present);
    EXPECT_EQ(config->audio.sampling_frequency, 44100u);
    EXPECT_EQ(Block(config->audio_specific_config().begin(), config->audio_specific_config().end()), spec.asc);
    spec.frame_length_type = 1;
    spec.frame_length = 531;
    EXPECT_EQ(StreamMuxConfig::Parse(MakeLatmConfig(spec))->frame_length, 531);
  }
}

TEST(LatmConfigTest, SbrIsReadInFrontAlwaysAndBehindWhereTheLengthIsTold) {
  const Spec front{.asc = {0x2b, 0x11, 0x88, 0x00}, .asc_bits = 25};
  const auto in_front = StreamMuxConfig::Parse(MakeLatmConfig(front));
  ASSERT_TRUE(in_front);
  EXPECT_TRUE(in_front->audio.sbr);
  EXPECT_EQ(in_front->audio_specific_config().size(), 4u);
  const Spec behind{.version = 1, .asc = {0x13, 0x10, 0x56, 0xe5, 0x98}, .asc_bits = 40};
  const auto with_length = StreamMuxConfig::Parse(MakeLatmConfig(behind));
  ASSERT_TRUE(with_length);
  EXPECT_TRUE(with_length->audio.sbr);
  EXPECT_EQ(with_length->audio.output_frequency, 48000u);
}

TEST(LatmConfigTest, AProgramConfigElementCountsItsBytesFromTheAudioSpecificConfig) {
  // AAC LC, 48 kHz, channels by the element: a pair in front; comment of one byte.
  Block asc(20);
  BitWriter bits(asc);
  for (const auto& [value, width] :
       std::initializer_list<std::pair<std::uint32_t, int>>{{2, 5},
                                                            {3, 4},
                                                            {0, 4},
                                                            {0, 3},  // and a GASpecificConfig of zeros
                                                            {0, 4},
                                                            {1, 2},
                                                            {3, 4},
                                                            {1, 4},
                                                            {0, 4},
                                                            {0, 4},
                                                            {0, 2},
                                                            {0, 3},
                                                            {0, 4},
                                                            {0, 3},
                                                            {1, 1},
                                                            {0, 4}}) {
    bits.WriteBits(value, width);
  }
  bits.WriteBits(0, static_cast<int>((8 - bits.position() % 8) % 8));
  bits.WriteBits(1, 8);
  bits.WriteBits('x', 8);
  asc.resize(bits.byte_size());
  for (const std::uint32_t version : {0u, 1u}) {
    const auto config =
        StreamMuxConfig::Parse(MakeLatmConfig({.version = version, .asc = asc, .asc_bits = asc.size() * 8}));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->audio.channels, 2);
    EXPECT_EQ(config->audio.channel_configuration, 0);
    EXPECT_EQ(Block(config->audio_specific_config().begin(), config->audio_specific_config().end()), asc);
  }
}

TEST(LatmConfigTest, EachLieHasItsError) {
  EXPECT_EQ(Error({}), kTruncated);
  EXPECT_EQ(Error(MakeLatmConfig({.version = 1, .version_a = true})), kBadVersion);
  EXPECT_EQ(Error(MakeLatmConfig({.same_framing = false})), kOtherFraming);
  EXPECT_EQ(Error(MakeLatmConfig({.programs = 1})), kSeveralPrograms);
  EXPECT_EQ(Error(MakeLatmConfig({.layers = 7})), kSeveralLayers);
  EXPECT_EQ(Error(MakeLatmConfig({.version = 1, .asc_bits = 513})), kConfigTooLong);
  EXPECT_TRUE(StreamMuxConfig::Parse(MakeLatmConfig({.version = 1, .asc_bits = 512})));
  EXPECT_EQ(Error(MakeLatmConfig({.asc = {0x02, 0x10}})), kBadAudioConfig);
  EXPECT_EQ(Error(MakeLatmConfig({.version = 1, .asc_bits = 3})), kBadAudioConfig);
  EXPECT_EQ(Error(MakeLatmConfig({.frame_length_type = 3})), kBadFrameLength);
  // otherDataLenBits that goes on and on.
  EXPECT_EQ(Error(MakeLatmConfig({.endless_other_data = true})), kTruncated);
  for (int e = 0; e <= static_cast<int>(kBadFrameLength); ++e) {
    EXPECT_NE(ToString(static_cast<LatmConfigError>(e)), "latm config: unknown");
  }
}

TEST(LatmConfigTest, AConfigThatIsCutAnywhereIsTruncated) {
  for (const std::uint32_t version : {0u, 1u}) {
    const Block whole = MakeLatmConfig({.version = version, .other_data_bits = 0x102, .crc = true});
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(Error({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}), kTruncated) << size;
    }
    EXPECT_TRUE(StreamMuxConfig::Parse(whole));
  }
}

TEST(LatmConfigTest, WhatIsWrittenReadsBack) {
  for (const std::uint32_t other : {0u, 1u, 0xffu, 0x100u, 0x123456u, 0xffffffu}) {
    for (const std::uint16_t length : {std::uint16_t{0}, std::uint16_t{20}, std::uint16_t{531}}) {
      for (const bool sbr : {false, true}) {
        StreamMuxConfig config;
        config.audio.sampling_frequency = config.audio.output_frequency = 24000;
        config.audio.channel_configuration = config.audio.channels = 2;
        if (sbr) config.audio.output_frequency = 48000;
        config.audio.sbr = sbr;
        config.frame_count = static_cast<std::uint8_t>(1 + other % 64);
        config.frame_length = length;
        config.other_data_bits = other;
        Block wire(StreamMuxConfig::kMaxWireSize);
        std::size_t size = 0;
        ASSERT_TRUE(config.Write(wire, size));
        const auto back = StreamMuxConfig::Parse(Bytes(wire).first(size));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->audio, config.audio);
        EXPECT_EQ(back->frame_count, config.frame_count);
        EXPECT_EQ(back->frame_length, length);
        EXPECT_EQ(back->other_data_bits, other);
        EXPECT_FALSE(config.Write(MutableBytes(wire).first(size - 1), size));
      }
    }
  }
}

TEST(LatmConfigTest, WhatFfmpegWritesIsWrittenTheSame) {
  StreamMuxConfig config = *StreamMuxConfig::Parse(kFfmpeg);
  Block wire(StreamMuxConfig::kMaxWireSize);
  std::size_t size = 0;
  ASSERT_TRUE(config.Write(wire, size));
  EXPECT_EQ(Block(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(size)), Block(kFfmpeg, kFfmpeg + 6));
}

TEST(LatmConfigTest, NumbersOutOfRangeAreNotWritten) {
  Block wire(StreamMuxConfig::kMaxWireSize);
  std::size_t size = 0;
  StreamMuxConfig config = *StreamMuxConfig::Parse(kFfmpeg);
  config.frame_count = 0;
  EXPECT_FALSE(config.Write(wire, size));
  config.frame_count = 65;
  EXPECT_FALSE(config.Write(wire, size));
  config.frame_count = 1;
  config.frame_length = 19;
  EXPECT_FALSE(config.Write(wire, size));
  config.frame_length = 532;
  EXPECT_FALSE(config.Write(wire, size));
  config.frame_length = 0;
  config.audio.channel_configuration = 0;  // not kept
  EXPECT_FALSE(config.Write(wire, size));
}

}  // namespace
}  // namespace mediacore::codec
