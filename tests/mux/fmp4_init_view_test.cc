#include "mediacore/mux/fmp4_init_view.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "mediacore/mux/fmp4_init_writer.h"
#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

Buffer Written(std::span<const TrackConfig> tracks) {
  const InitWriter writer(tracks);
  Buffer bytes(writer.WireSize());
  EXPECT_EQ(writer.Write(bytes), bytes.size());
  EXPECT_GT(bytes.size(), 0u);
  return bytes;
}
Buffer Written(const TrackConfig& track) { return Written(std::span(&track, 1)); }

void ExpectSame(const TrackConfig& a, const TrackConfig& b) {
  EXPECT_EQ(a.codec, b.codec);
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.timescale, b.timescale);
  EXPECT_EQ(a.language, b.language);
  EXPECT_TRUE(std::ranges::equal(a.codec_config, b.codec_config));
  EXPECT_EQ(a.priming, b.priming);
  EXPECT_EQ(a.max_bitrate, b.max_bitrate);
  EXPECT_EQ(a.average_bitrate, b.average_bitrate);
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.pixel_width, b.pixel_width);
  EXPECT_EQ(a.pixel_height, b.pixel_height);
  EXPECT_EQ(a.colour, b.colour);
  EXPECT_EQ(a.sample_rate, b.sample_rate);
  EXPECT_EQ(a.channels, b.channels);
}

TrackConfig FullVideo() {
  TrackConfig track = testing::VideoTrack();
  track.language = {'d', 'e', 'u'};
  track.pixel_width = 4;
  track.pixel_height = 3;
  track.colour = {9, 16, 9, true};
  track.max_bitrate = 3'000'000;
  track.average_bitrate = 2'000'000;
  return track;
}
TrackConfig OpusTrack() {
  TrackConfig track;
  track.codec = Codec::kOpus;
  track.id = 7;
  track.timescale = 48'000;
  track.priming = 312;
  track.sample_rate = 44'100;
  track.channels = 2;
  return track;
}

// Any record: the container does not look inside.
constexpr std::array<std::uint8_t, 12> kRecord = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

TrackConfig VideoOf(Codec codec) {
  TrackConfig track = FullVideo();
  track.codec = codec;
  track.codec_config = kRecord;
  return track;
}

TEST(Fmp4InitTest, EachCodecReadsBackAsItWasWritten) {
  for (const TrackConfig& track : {FullVideo(), testing::VideoTrack(), VideoOf(Codec::kH265), VideoOf(Codec::kVp8),
                                   VideoOf(Codec::kVp9), VideoOf(Codec::kAv1), testing::AudioTrack(), OpusTrack()}) {
    const Buffer bytes = Written(track);
    const auto init = InitView::Parse(bytes);
    ASSERT_TRUE(init);
    ASSERT_EQ(init->tracks().size(), 1u);
    EXPECT_EQ(init->size(), bytes.size());
    ExpectSame(init->tracks()[0], track);
  }
}

TEST(Fmp4InitTest, TheSampleEntriesOfVideoDifferInTheirNamesAndInTheFlagsOfVpcC) {
  struct Names {
    Codec codec;
    const char* entry;
    const char* config;
    std::size_t before;  // the record
  };
  for (const Names& names : {Names{Codec::kH264, "avc1", "avcC", 0}, Names{Codec::kH265, "hvc1", "hvcC", 0},
                             Names{Codec::kVp8, "vp08", "vpcC", 4}, Names{Codec::kVp9, "vp09", "vpcC", 4},
                             Names{Codec::kAv1, "av01", "av1C", 0}}) {
    Buffer bytes = Written(VideoOf(names.codec));
    const std::string text(bytes.begin(), bytes.end());
    const std::size_t entry = text.rfind(names.entry);  // a brand may have the same name
    const std::size_t config = text.find(names.config);
    ASSERT_NE(entry, std::string::npos) << names.entry;
    ASSERT_EQ(config, entry + 4 + 78 + 4) << names.config;
    EXPECT_EQ(LoadU32(bytes.data() + config - 4), 8 + names.before + kRecord.size());
    if (names.before > 0) {
      EXPECT_EQ(LoadU32(bytes.data() + config + 4), 0x01000000u);
    }
    EXPECT_TRUE(std::ranges::equal(Bytes(bytes).subspan(config + 4 + names.before, kRecord.size()), kRecord));
    // Without its record nobody can decode it.
    bytes[config] = 'x';
    EXPECT_EQ(InitView::Parse(bytes)->tracks()[0].codec, Codec::kUnknown);
  }
}

TEST(Fmp4InitTest, EntriesWithParameterSetsInTheSamplesAreReadToo) {
  for (const Codec codec : {Codec::kH264, Codec::kH265}) {
    Buffer bytes = Written(VideoOf(codec));
    const std::string text(bytes.begin(), bytes.end());
    const std::size_t entry = text.find(codec == Codec::kH264 ? "avc1" : "hvc1");
    const std::string_view other = codec == Codec::kH264 ? "avc3" : "hev1";
    std::copy(other.begin(), other.end(), bytes.begin() + static_cast<std::ptrdiff_t>(entry));
    EXPECT_EQ(InitView::Parse(bytes)->tracks()[0].codec, codec);
  }
}

TEST(Fmp4InitTest, AVpcCOfAnotherVersionIsNotUnderstood) {
  Buffer bytes = Written(VideoOf(Codec::kVp9));
  const std::string text(bytes.begin(), bytes.end());
  bytes[text.find("vpcC") + 4] = 0;
  EXPECT_EQ(InitView::Parse(bytes)->tracks()[0].codec, Codec::kUnknown);
}

TEST(Fmp4InitTest, SeveralTracksStandInOneFile) {
  const std::array<TrackConfig, 3> tracks = {FullVideo(), testing::AudioTrack(), OpusTrack()};
  const Buffer bytes = Written(tracks);
  const auto init = InitView::Parse(bytes);
  ASSERT_TRUE(init);
  ASSERT_EQ(init->tracks().size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) ExpectSame(init->tracks()[i], tracks[i]);
  std::size_t at = 0;
  ASSERT_TRUE(init->Find(7, at));
  EXPECT_EQ(at, 2u);
  EXPECT_FALSE(init->Find(3, at));
}

TEST(Fmp4InitTest, OneTrackAloneClaimsTheCmafBrandAndSeveralDoNot) {
  const auto brands = [](const Buffer& bytes) {
    ByteReader reader(bytes);
    const auto ftyp = BoxView::TakeFrom(reader);
    EXPECT_TRUE(ftyp->Is("ftyp"));
    return std::string(ftyp->body().begin(), ftyp->body().end());
  };
  const std::array<TrackConfig, 2> two = {testing::VideoTrack(), testing::AudioTrack()};
  EXPECT_NE(brands(Written(two[0])).find("cmfc"), std::string::npos);
  EXPECT_NE(brands(Written(two)).find("iso6"), std::string::npos);
  EXPECT_EQ(brands(Written(two)).find("cmfc"), std::string::npos);
  EXPECT_EQ(brands(Written(two)).find("av01"), std::string::npos);
  // AV1 has a brand of its own, beside sound too.
  std::array<TrackConfig, 2> av1 = two;
  av1[0].codec = Codec::kAv1;
  EXPECT_NE(brands(Written(av1[0])).find("av01"), std::string::npos);
  EXPECT_NE(brands(Written(av1)).find("av01"), std::string::npos);
}

TEST(Fmp4InitTest, PrimingIsInTheEditListAndForOpusInItsHeaderToo) {
  const TrackConfig track = OpusTrack();
  const Buffer bytes = Written(track);
  const std::string text(bytes.begin(), bytes.end());
  const std::size_t elst = text.find("elst");
  const std::size_t dops = text.find("dOps");
  ASSERT_NE(elst, std::string::npos);
  ASSERT_NE(dops, std::string::npos);
  EXPECT_EQ(LoadU32(bytes.data() + elst + 16), 312u);
  EXPECT_EQ(LoadU16(bytes.data() + dops + 6), 312u);
  TrackConfig midway = track;
  midway.priming = 0;
  const Buffer without = Written(midway);
  EXPECT_EQ(std::string(without.begin(), without.end()).find("elst"), std::string::npos);
}

TEST(Fmp4InitTest, WhatCannotBeWrittenHasNoSize) {
  TrackConfig track = testing::VideoTrack();
  track.codec = Codec::kH266;
  EXPECT_EQ(InitWriter(std::span(&track, 1)).WireSize(), 0u);
  track = testing::VideoTrack();
  track.codec_config = {};
  EXPECT_EQ(InitWriter(std::span(&track, 1)).WireSize(), 0u);
  track = OpusTrack();
  track.channels = 6;
  EXPECT_EQ(InitWriter(std::span(&track, 1)).WireSize(), 0u);
  track = testing::AudioTrack();
  track.timescale = 0;
  EXPECT_EQ(InitWriter(std::span(&track, 1)).WireSize(), 0u);
  EXPECT_EQ(InitWriter({}).WireSize(), 0u);
  Buffer small(100);
  track = testing::VideoTrack();
  EXPECT_EQ(InitWriter(std::span(&track, 1)).Write(small), 0u);
}

TEST(Fmp4InitTest, EachCauseOfRefusalHasItsName) {
  const Buffer good = Written(FullVideo());
  EXPECT_EQ(InitView::Parse({}).error(), InitError::kNoMovie);
  EXPECT_EQ(InitView::Parse(Bytes(good).first(24)).error(), InitError::kBadBox);
  const Buffer empty_movie = {0, 0, 0, 8, 'm', 'o', 'o', 'v'};
  EXPECT_EQ(InitView::Parse(empty_movie).error(), InitError::kNoTrack);
  const Buffer bad_child = {0, 0, 0, 12, 'm', 'o', 'o', 'v', 0, 0, 0, 4};
  EXPECT_EQ(InitView::Parse(bad_child).error(), InitError::kBadBox);
  const std::string text(good.begin(), good.end());
  for (const char* name : {"tkhd", "mdhd", "hdlr", "stsd"}) {
    Buffer bytes = good;
    bytes[text.find(name)] = 'x';
    EXPECT_EQ(InitView::Parse(bytes).error(), InitError::kBadTrack) << name;
  }
  Buffer bytes = good;
  StoreU32(bytes.data() + text.find("mdhd") + 16, 0);
  EXPECT_EQ(InitView::Parse(bytes).error(), InitError::kBadTrack);
  std::vector<TrackConfig> nine(9, testing::AudioTrack());
  EXPECT_EQ(InitView::Parse(Written(nine)).error(), InitError::kTooManyTracks);
  nine.pop_back();
  EXPECT_TRUE(InitView::Parse(Written(nine)));
  EXPECT_EQ(ToString(InitError::kNoMovie), "fmp4 init: no moov");
}

TEST(Fmp4InitTest, ASectionCutShortAnywhereIsRefused) {
  const Buffer good = Written(FullVideo());
  for (std::size_t n = 0; n < good.size(); ++n) {
    EXPECT_FALSE(InitView::Parse(Bytes(good).first(n))) << n;
  }
}

TEST(Fmp4InitTest, ATrackOfAnotherCodecIsThereButUnknown) {
  Buffer bytes = Written(testing::VideoTrack());
  const std::string text(bytes.begin(), bytes.end());
  bytes[text.find("avc1")] = 'h';
  const auto init = InitView::Parse(bytes);
  ASSERT_TRUE(init);
  EXPECT_EQ(init->tracks()[0].codec, Codec::kUnknown);
  EXPECT_EQ(init->tracks()[0].width, 320);
}

}  // namespace
}  // namespace mediacore::mux
