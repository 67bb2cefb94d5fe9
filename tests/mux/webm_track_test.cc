#include "mediacore/mux/webm_track.h"

#include <gtest/gtest.h>

#include "webm_support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;
using testing::Element;
using testing::Number;
using testing::Text;
using testing::operator+;

TEST(WebmTrackTest, AVideoTrackSaysWhatItIs) {
  const Buffer colour =
      Element(webm_id::kColour, Number(webm_id::kPrimaries, 9) + Number(webm_id::kTransferCharacteristics, 16) +
                                    Number(webm_id::kMatrixCoefficients, 9) + Number(webm_id::kRange, 2));
  const Buffer video =
      Element(webm_id::kVideo, Number(webm_id::kPixelWidth, 720) + colour + Number(webm_id::kPixelHeight, 576) +
                                   Number(webm_id::kDisplayWidth, 1024) + Number(webm_id::kDisplayHeight, 576));
  const Buffer entry = Number(webm_id::kTrackNumber, 3) + Number(webm_id::kTrackUid, 77) +
                       Number(webm_id::kTrackType, 1) + Text(webm_id::kCodecId, "V_AV1") +
                       Element(webm_id::kCodecPrivate, {0x81, 0, 0, 0}) + Text(webm_id::kLanguage, "deu") +
                       Text(webm_id::kName, "screen") + Number(webm_id::kDefaultDuration, 40'000'000) + video;
  const auto track = WebmTrack::Parse(entry);
  ASSERT_TRUE(track);
  EXPECT_EQ(track->kind, WebmTrack::Kind::kVideo);
  EXPECT_EQ(track->config.codec, Codec::kAv1);
  EXPECT_EQ(track->config.id, 3u);
  EXPECT_EQ(track->uid, 77u);
  EXPECT_EQ(track->config.width, 720);
  EXPECT_EQ(track->config.height, 576);
  EXPECT_EQ(track->config.pixel_width, 64u);
  EXPECT_EQ(track->config.pixel_height, 45u);
  EXPECT_EQ(track->config.colour, (TrackConfig::Colour{9, 16, 9, true}));
  EXPECT_EQ(track->config.codec_config.size(), 4u);
  EXPECT_EQ(track->default_duration_ns, 40'000'000u);
  EXPECT_EQ(track->config.language[0], 'd');
  EXPECT_EQ(track->name.size(), 6u);
  EXPECT_FALSE(track->encoded);
}

TEST(WebmTrackTest, AnAudioTrackSaysWhatItIs) {
  Buffer rate(12);
  EbmlWriter writer(rate);
  writer.Float(webm_id::kSamplingFrequency, 48'000);
  rate.resize(writer.size());
  const Buffer entry = Number(webm_id::kTrackNumber, 2) + Number(webm_id::kTrackType, 2) +
                       Text(webm_id::kCodecId, "A_OPUS") + Element(webm_id::kCodecPrivate, Buffer(19, 1)) +
                       Number(webm_id::kCodecDelay, 6'500'000) + Number(webm_id::kSeekPreRoll, 80'000'000) +
                       Element(webm_id::kContentEncodings, {}) +
                       Element(webm_id::kAudio, rate + Number(webm_id::kChannels, 2) + Number(webm_id::kBitDepth, 16));
  const auto track = WebmTrack::Parse(entry);
  ASSERT_TRUE(track);
  EXPECT_EQ(track->kind, WebmTrack::Kind::kAudio);
  EXPECT_EQ(track->config.codec, Codec::kOpus);
  EXPECT_EQ(track->config.sample_rate, 48'000u);
  EXPECT_EQ(track->config.channels, 2);
  EXPECT_EQ(track->codec_private.size(), 19u);
  EXPECT_TRUE(track->config.codec_config.empty());  // OpusHead is not what TrackConfig means
  EXPECT_EQ(track->codec_delay_ns, 6'500'000u);
  EXPECT_EQ(track->seek_pre_roll_ns, 80'000'000u);
  EXPECT_EQ(track->bit_depth, 16u);
  EXPECT_TRUE(track->encoded);
  EXPECT_EQ(track->config.language[0], 'e');  // what Matroska means when it says nothing
}

TEST(WebmTrackTest, EachCauseOfRefusalHasItsName) {
  const auto error = [](const Buffer& entry) { return WebmTrack::Parse(entry).error(); };
  const Buffer good = Number(webm_id::kTrackNumber, 1);
  EXPECT_TRUE(WebmTrack::Parse(good));
  EXPECT_EQ(error(good + Buffer{0x86, 0x85, 'V'}), WebmTrackError::kBadElement);
  EXPECT_EQ(error(good + Element(webm_id::kVideo, {0xb0, 0x85, 1})), WebmTrackError::kBadElement);
  EXPECT_EQ(error(good + Element(webm_id::kVideo, Element(webm_id::kColour, {0x55, 0xbb, 0x82, 1}))),
            WebmTrackError::kBadElement);
  EXPECT_EQ(error(good + Element(webm_id::kTrackUid, Buffer(9))), WebmTrackError::kBadValue);
  EXPECT_EQ(error(good + Element(webm_id::kAudio, Element(webm_id::kSamplingFrequency, Buffer(3)))),
            WebmTrackError::kBadValue);
  EXPECT_EQ(error({}), WebmTrackError::kBadNumber);
  EXPECT_EQ(error(Number(webm_id::kTrackNumber, 0)), WebmTrackError::kBadNumber);
  EXPECT_EQ(error(Number(webm_id::kTrackNumber, 0x100000000)), WebmTrackError::kBadNumber);
  EXPECT_EQ(ToString(WebmTrackError::kBadNumber), "webm track: bad number");
}

TEST(WebmTrackTest, NumbersThatMakeNoSenseBecomeSomethingThatIsSafe) {
  Buffer rate(12);
  EbmlWriter writer(rate);
  writer.Float(webm_id::kSamplingFrequency, -1e300);
  rate.resize(writer.size());
  const Buffer video = Number(webm_id::kPixelWidth, ~std::uint64_t{0}) + Number(webm_id::kPixelHeight, 1 << 20) +
                       Number(webm_id::kDisplayWidth, ~std::uint64_t{0}) + Number(webm_id::kDisplayHeight, 1);
  const auto track = WebmTrack::Parse(Number(webm_id::kTrackNumber, 1) + Number(webm_id::kTrackType, 99) +
                                      Element(webm_id::kVideo, video) +
                                      Element(webm_id::kAudio, rate + Number(webm_id::kChannels, 1000)));
  ASSERT_TRUE(track);
  EXPECT_EQ(track->kind, WebmTrack::Kind::kOther);
  EXPECT_EQ(track->config.width, 0xffff);
  EXPECT_EQ(track->config.pixel_width, 0u);
  EXPECT_EQ(track->config.sample_rate, 0u);
  EXPECT_EQ(track->config.channels, 255);
}

TEST(WebmTrackTest, CodecsAreFoundByTheirNamesBothWays) {
  for (const WebmCodec& known : kWebmCodecs) {
    const Buffer id(known.id.begin(), known.id.end());
    EXPECT_EQ(FindWebmCodec(Bytes(id)), &known);
    if (known.codec == Codec::kUnknown) continue;
    ASSERT_NE(FindWebmCodec(known.codec), nullptr);
    EXPECT_EQ(FindWebmCodec(known.codec)->codec, known.codec);
  }
  EXPECT_EQ(FindWebmCodec(Codec::kUnknown), nullptr);
  EXPECT_EQ(FindWebmCodec(Bytes()), nullptr);
}

}  // namespace
}  // namespace mediacore::mux
