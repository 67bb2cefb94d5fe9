#include "mediacore/playlist/playlist_writer.h"

#include <array>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "mediacore/playlist/playlist_parser.h"
#include "../support/heap_watch.h"

namespace mediacore::playlist {
namespace {

MediaPlaylist ThreeSegments() {
  MediaPlaylist playlist;
  playlist.target_duration = TimeDelta::Seconds(4);
  playlist.media_sequence = 17;
  for (const std::string_view uri : {"17.ts", "18.ts", "19.ts"}) {
    Segment& segment = playlist.segments.emplace_back();
    segment.uri = uri;
    segment.duration = TimeDelta::Micros(3'999'996);
  }
  playlist.segments[0].program_date_time = DateTime{1'795'228'620'250'000};
  return playlist;
}

template <typename Playlist>
std::string Text(const Playlist& playlist) {
  std::string text;
  EXPECT_TRUE(Write(playlist, text));
  return text;
}

TEST(PlaylistWriterTest, ALivePlaylistIsWrittenInOneFixedOrder) {
  EXPECT_EQ(Text(ThreeSegments()),
            "#EXTM3U\n"
            "#EXT-X-VERSION:3\n"
            "#EXT-X-TARGETDURATION:4\n"
            "#EXT-X-MEDIA-SEQUENCE:17\n"
            "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T02:37:00.250Z\n"
            "#EXTINF:3.999996,\n17.ts\n"
            "#EXTINF:3.999996,\n18.ts\n"
            "#EXTINF:3.999996,\n19.ts\n");
}

TEST(PlaylistWriterTest, AMultivariantPlaylistIsWrittenInOneFixedOrder) {
  MultivariantPlaylist playlist;
  playlist.independent_segments = true;
  Rendition& audio = playlist.renditions.emplace_back();
  audio.group_id = "aac";
  audio.name = "Audio";
  audio.is_default = audio.autoselect = true;
  audio.channels = "2";
  audio.uri = "audio.m3u8";
  Variant& variant = playlist.variants.emplace_back();
  variant.uri = "video.m3u8";
  variant.bandwidth = DataRate::KilobitsPerSecond(3'000);
  variant.codecs = "avc1.64001f,mp4a.40.2";
  variant.resolution = Resolution{1280, 720};
  variant.frame_rate = Frequency::MilliHertz(29'970);
  variant.audio = "aac";
  EXPECT_EQ(Text(playlist),
            "#EXTM3U\n"
            "#EXT-X-INDEPENDENT-SEGMENTS\n"
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aac\",NAME=\"Audio\",DEFAULT=YES,"
            "AUTOSELECT=YES,CHANNELS=\"2\",URI=\"audio.m3u8\"\n"
            "#EXT-X-STREAM-INF:BANDWIDTH=3000000,"
            "CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,"
            "FRAME-RATE=29.970,AUDIO=\"aac\"\n"
            "video.m3u8\n");
}

TEST(PlaylistWriterTest, WhatWasWrittenReadsBackTheSame) {
  MediaPlaylist playlist = ThreeSegments();
  playlist.version = 6;
  playlist.type = PlaylistType::kEvent;
  playlist.end_list = true;
  playlist.segments[1].discontinuity = true;
  playlist.segments[1].map = Map{"init.mp4", ByteRange{10, 20}};
  playlist.growing.parts.push_back({"20.0", TimeDelta::Millis(333), true, {}, false});
  playlist.part_target = TimeDelta::Micros(333'333);
  playlist.unknown_tags = {{0, "#EXT-X-A"}, {3, "#EXT-X-B:1"}};
  const std::string text = Text(playlist);
  MediaPlaylist back;
  ASSERT_FALSE(Parse(text, {.keep_unknown_tags = true}, back));
  EXPECT_EQ(back, playlist);
}

TEST(PlaylistWriterTest, TheVersionIsTheLowestThatTheContentNeeds) {
  const auto version = [](const std::function<void(MediaPlaylist&)>& change) {
    MediaPlaylist playlist;
    change(playlist);
    return NeededVersion(playlist);
  };
  using P = MediaPlaylist&;
  EXPECT_EQ(version([](P) {}), 1u);
  EXPECT_EQ(version([](P p) { p.growing.keys.push_back({KeyMethod::kAes128, "k", "0x1", "", ""}); }), 2u);
  EXPECT_EQ(version([](P p) { p.segments.emplace_back(); }), 3u);
  EXPECT_EQ(version([](P p) { p.segments.emplace_back().byte_range = ByteRange{}; }), 4u);
  EXPECT_EQ(version([](P p) { p.i_frames_only = true; }), 4u);
  EXPECT_EQ(version([](P p) { p.growing.keys.push_back({KeyMethod::kSampleAes, "k", "", "", ""}); }), 5u);
  EXPECT_EQ(version([](P p) { p.growing.keys.push_back({KeyMethod::kAes128, "k", "0x1", "f", ""}); }), 5u);
  EXPECT_EQ(version([](P p) { p.i_frames_only = true; p.growing.map = Map{}; }), 5u);
  EXPECT_EQ(version([](P p) { p.segments.emplace_back().map = Map{}; }), 6u);
  EXPECT_EQ(version([](P p) { p.defines.push_back({Define::Kind::kName, "a", ""}); }), 8u);
  EXPECT_EQ(version([](P p) { p.skip = Skip{3, ""}; }), 9u);
  EXPECT_EQ(version([](P p) { p.skip = Skip{3, "a"}; }), 10u);
  EXPECT_EQ(version([](P p) { p.defines.push_back({Define::Kind::kQueryParam, "a", ""}); }), 11u);
  EXPECT_EQ(version([](P p) { p.part_target = TimeDelta::Seconds(1); }), 1u);

  MultivariantPlaylist multivariant;
  EXPECT_EQ(NeededVersion(multivariant), 1u);
  multivariant.renditions.emplace_back().instream_id = "SERVICE1";
  EXPECT_EQ(NeededVersion(multivariant), 7u);
  multivariant.i_frame_variants.emplace_back().req_video_layout = "CH-STEREO";
  EXPECT_EQ(NeededVersion(multivariant), 12u);
}

TEST(PlaylistWriterTest, BeforeVersionThreeWholeSecondsHaveNoPoint) {
  MediaPlaylist playlist = ThreeSegments();
  playlist.version = 2;
  playlist.segments[0].duration = TimeDelta::Seconds(4);
  const std::string text = Text(playlist);
  EXPECT_NE(text.find("#EXTINF:4,\n17.ts\n#EXTINF:3.999996,\n"), std::string::npos);
}

TEST(PlaylistWriterTest, ATargetDurationIsRoundedUpToWholeSeconds) {
  MediaPlaylist playlist;
  playlist.target_duration = TimeDelta::Micros(4'000'001);
  EXPECT_NE(Text(playlist).find("#EXT-X-TARGETDURATION:5\n"), std::string::npos);
}

TEST(PlaylistWriterTest, NothingInAModelBecomesATagOfItsOwn) {
  const std::function<void(MediaPlaylist&)> faults[] = {
      [](auto& p) { p.segments[0].uri = "a\n#EXT-X-ENDLIST"; },
      [](auto& p) { p.segments[0].uri = "#EXT-X-ENDLIST"; },
      [](auto& p) { p.segments[0].uri = ""; },
      [](auto& p) { p.segments[0].uri = "\xff"; },
      [](auto& p) { p.segments[0].title = "a\r"; },
      [](auto& p) { p.segments[0].title = std::string_view("\0", 1); },
      [](auto& p) { p.segments[0].duration = TimeDelta::Micros(-1); },
      [](auto& p) { p.segments[0].duration = TimeDelta::PlusInfinity(); },
      [](auto& p) { p.segments[0].byte_range = ByteRange{UINT64_MAX, 1}; },
      [](auto& p) { p.segments[0].program_date_time = DateTime{kInt64Max}; },
      [](auto& p) { p.segments[0].map = Map{"a\",BYTERANGE=\"1", {}}; },
      [](auto& p) { p.segments[0].keys.push_back({KeyMethod::kAes128, "k", "0x1,URI=a", "", ""}); },
      [](auto& p) { p.segments[0].keys.push_back({static_cast<KeyMethod>(9), "k", "", "", ""}); },
      [](auto& p) { p.segments[0].date_ranges.emplace_back().client_attributes = {{"ID", "1"}}; },
      [](auto& p) { p.segments[0].date_ranges.emplace_back().client_attributes = {{"X-A", "1"}, {"X-A", "2"}}; },
      [](auto& p) { p.segments[0].date_ranges.emplace_back().client_attributes = {{"X-A", "\"a\"b"}}; },
      [](auto& p) { p.segments[0].date_ranges.emplace_back().client_attributes.resize(54, {"X-A", "1"}); },
      [](auto& p) { p.growing.uri = "a"; },
      [](auto& p) { p.target_duration = TimeDelta::Micros(-1); },
      [](auto& p) { p.unknown_tags = {{0, "a.ts"}}; },
      [](auto& p) { p.unknown_tags = {{0, "#EXT-X-ENDLIST"}}; },
      [](auto& p) { p.unknown_tags = {{4, "#EXT-X-A"}}; },
      [](auto& p) { p.unknown_tags = {{1, "#EXT-X-A"}, {0, "#EXT-X-B"}}; },
      [](auto& p) { p.defines.resize(257); },
  };
  for (const auto& fault : faults) {
    MediaPlaylist playlist = ThreeSegments();
    fault(playlist);
    std::string text = "as it was";
    EXPECT_FALSE(Write(playlist, text)) << &fault - faults;
    EXPECT_EQ(text, "as it was");
  }
  MultivariantPlaylist multivariant;
  multivariant.variants.emplace_back().uri = "a";
  multivariant.variants[0].bandwidth = DataRate::BitsPerSecond(-1);
  std::string text;
  EXPECT_FALSE(Write(multivariant, text));
  multivariant.variants[0].bandwidth = DataRate::Zero();
  multivariant.variants[0].video_range = "SDR,AUDIO=x";
  EXPECT_FALSE(Write(multivariant, text));
  multivariant.variants.clear();
  multivariant.session_data.push_back({"d", "v", "u", false, ""});
  EXPECT_FALSE(Write(multivariant, text));
}

TEST(PlaylistWriterTest, ASpanTakesItWithoutHeapOrNotAtAll) {
  const MediaPlaylist playlist = ThreeSegments();
  const std::string text = Text(playlist);
  std::array<char, 1000> out{};
  std::size_t size = 0;
  const testing::HeapWatch heap;
  ASSERT_TRUE(Write(playlist, out, size));
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_EQ(std::string_view(out.data(), size), text);
  for (std::size_t room = 0; room < text.size(); ++room) {
    size = 77;
    EXPECT_FALSE(Write(playlist, std::span(out).first(room), size));
    EXPECT_EQ(size, 77u);
  }
}

}  // namespace
}  // namespace mediacore::playlist
