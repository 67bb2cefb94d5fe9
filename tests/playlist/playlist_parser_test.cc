#include "mediacore/playlist/playlist_parser.h"

#include <algorithm>
#include <ctime>
#include <string>

#include <gtest/gtest.h>

namespace mediacore::playlist {
namespace {

constexpr std::string_view kLowLatency =
    "#EXTM3U\n"
    "#EXT-X-VERSION:10\n"
    "#EXT-X-TARGETDURATION:4\n"
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24,"
    "CAN-SKIP-DATERANGES=YES,HOLD-BACK=12.5,PART-HOLD-BACK=1.0\n"
    "#EXT-X-PART-INF:PART-TARGET=0.33334\n"
    "#EXT-X-MEDIA-SEQUENCE:266\n"
    "#EXT-X-DISCONTINUITY-SEQUENCE:2\n"
    "#EXT-X-SKIP:SKIPPED-SEGMENTS=3,RECENTLY-REMOVED-DATERANGES=\"a\tb\"\n"
    "# a comment\n"
    "\n"
    "#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"718@20\"\n"
    "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k1\",IV=0x0A,KEYFORMAT=\"f\","
    "KEYFORMATVERSIONS=\"1/2\"\n"
    "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k2\"\n"
    "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T02:37:00.250Z\n"
    "#EXT-X-BITRATE:800\n"
    "#EXT-X-DATERANGE:ID=\"ad\",CLASS=\"c\",START-DATE=\"2026-11-21T02:37:00Z\","
    "CUE=\"PRE\",END-DATE=\"2026-11-21T02:38:00Z\",DURATION=60,"
    "PLANNED-DURATION=59.5,X-A=\"v\",X-B=0x1F,SCTE35-OUT=0xFC\n"
    "#EXT-X-PART:DURATION=2.00001,URI=\"1.0\",INDEPENDENT=YES,BYTERANGE=\"5@6\"\n"
    "#EXT-X-PART:DURATION=2,URI=\"1.1\",GAP=YES,FUTURE=1\n"
    "#EXTINF:4.0000095,first, of all\n"
    "#EXT-X-BYTERANGE:100\n"
    "1.m4s\n"
    "#EXT-X-DISCONTINUITY\n"
    "#EXT-X-GAP\n"
    "#EXT-X-OTHER:1\n"
    "#EXTINF:4,\n"
    "2.m4s\n"
    "#EXT-X-PART:DURATION=.33334,URI=\"3.0\"\n"
    "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"3.1\",BYTERANGE-START=7,"
    "BYTERANGE-LENGTH=8\n"
    "#EXT-X-PRELOAD-HINT:TYPE=SMELL,URI=\"x\"\n"
    "#EXT-X-RENDITION-REPORT:URI=\"../a.m3u8\",LAST-MSN=270,LAST-PART=0\n";

TEST(PlaylistParserTest, ALowLatencyPlaylistIsReadTagByTag) {
  MediaPlaylist playlist;
  ASSERT_FALSE(Parse(kLowLatency, {.keep_unknown_tags = true}, playlist));
  EXPECT_EQ(playlist.version, 10u);
  EXPECT_EQ(playlist.target_duration, TimeDelta::Seconds(4));
  EXPECT_EQ(playlist.media_sequence, 266u);
  EXPECT_EQ(playlist.discontinuity_sequence, 2u);
  EXPECT_EQ(playlist.type, PlaylistType::kLive);
  EXPECT_FALSE(playlist.end_list);
  EXPECT_TRUE(playlist.server_control.can_block_reload);
  EXPECT_TRUE(playlist.server_control.can_skip_dateranges);
  EXPECT_EQ(playlist.server_control.can_skip_until, TimeDelta::Seconds(24));
  EXPECT_EQ(playlist.server_control.hold_back, TimeDelta::Millis(12'500));
  EXPECT_EQ(playlist.server_control.part_hold_back, TimeDelta::Seconds(1));
  EXPECT_EQ(playlist.part_target, TimeDelta::Micros(333'340));
  EXPECT_EQ(playlist.skip, (Skip{3, "a\tb"}));

  ASSERT_EQ(playlist.segments.size(), 2u);
  const Segment& first = playlist.segments[0];
  EXPECT_EQ(first.uri, "1.m4s");
  EXPECT_EQ(first.duration, TimeDelta::Micros(4'000'010)) << "to the nearest";
  EXPECT_EQ(first.title, "first, of all");
  EXPECT_EQ(first.byte_range, (ByteRange{100, {}}));
  EXPECT_EQ(first.map, (Map{"init.mp4", ByteRange{718, 20}}));
  ASSERT_EQ(first.keys.size(), 2u);
  EXPECT_EQ(first.keys[0], (Key{KeyMethod::kSampleAes, "k1", "0x0A", "f", "1/2"}));
  EXPECT_EQ(first.keys[1].uri, "k2");
  EXPECT_EQ(first.program_date_time, DateTime{1'795'228'620'250'000});
  EXPECT_EQ(first.bitrate_kbps, 800u);
  ASSERT_EQ(first.date_ranges.size(), 1u);
  const DateRange& range = first.date_ranges[0];
  EXPECT_EQ(range.id, "ad");
  EXPECT_EQ(range.range_class, "c");
  EXPECT_EQ(range.cue, "PRE");
  EXPECT_EQ(*range.end_date - *range.start_date, TimeDelta::Seconds(60));
  EXPECT_EQ(range.duration, TimeDelta::Seconds(60));
  EXPECT_EQ(range.planned_duration, TimeDelta::Millis(59'500));
  EXPECT_EQ(range.scte35_out, "0xFC");
  ASSERT_EQ(range.client_attributes.size(), 2u);
  EXPECT_EQ(range.client_attributes[0].value, "\"v\"");
  EXPECT_EQ(range.client_attributes[1].name, "X-B");
  ASSERT_EQ(first.parts.size(), 2u);
  EXPECT_EQ(first.parts[0], (Part{"1.0", TimeDelta::Micros(2'000'010), true,
                                  ByteRange{5, 6}, false}));
  EXPECT_TRUE(first.parts[1].gap);

  const Segment& second = playlist.segments[1];
  EXPECT_TRUE(second.discontinuity);
  EXPECT_TRUE(second.gap);
  EXPECT_FALSE(second.map) << "a map is where it is written";
  ASSERT_EQ(playlist.growing.parts.size(), 1u);
  EXPECT_EQ(playlist.growing.parts[0].duration, TimeDelta::Micros(333'340));
  ASSERT_EQ(playlist.preload_hints.size(), 1u) << "a hint of unknown type is no hint";
  EXPECT_EQ(playlist.preload_hints[0].byterange_length, 8u);
  ASSERT_EQ(playlist.rendition_reports.size(), 1u);
  EXPECT_EQ(playlist.rendition_reports[0], (RenditionReport{"../a.m3u8", 270, 0}));
  ASSERT_EQ(playlist.unknown_tags.size(), 1u);
  EXPECT_EQ(playlist.unknown_tags[0], (UnknownTag{1, "#EXT-X-OTHER:1"}));
}

TEST(PlaylistParserTest, UnknownTagsAreSkippedUnlessAskedFor) {
  MediaPlaylist playlist;
  ASSERT_FALSE(Parse(kLowLatency, {}, playlist));
  EXPECT_TRUE(playlist.unknown_tags.empty());
}

TEST(PlaylistParserTest, AMultivariantPlaylistIsReadTagByTag) {
  constexpr std::string_view kText =
      "#EXTM3U\r\n"
      "#EXT-X-INDEPENDENT-SEGMENTS\r\n"
      "#EXT-X-START:TIME-OFFSET=-4.5,PRECISE=YES\r\n"
      "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"\"\r\n"
      "#EXT-X-DEFINE:IMPORT=\"b\"\r\n"
      "#EXT-X-DEFINE:QUERYPARAM=\"c\"\r\n"
      "#EXT-X-CONTENT-STEERING:SERVER-URI=\"s\",PATHWAY-ID=\"p\"\r\n"
      "#EXT-X-SESSION-DATA:DATA-ID=\"d\",VALUE=\"\",LANGUAGE=\"en\"\r\n"
      "#EXT-X-SESSION-DATA:DATA-ID=\"e\",URI=\"u\",FORMAT=RAW\r\n"
      "#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES-CTR,URI=\"k\"\r\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"n\",LANGUAGE=\"en\","
      "ASSOC-LANGUAGE=\"fr\",STABLE-RENDITION-ID=\"sr\",DEFAULT=YES,AUTOSELECT=YES,"
      "BIT-DEPTH=16,SAMPLE-RATE=48000,CHARACTERISTICS=\"ch\",CHANNELS=\"2\","
      "URI=\"a.m3u8\"\r\n"
      "#EXT-X-MEDIA:TYPE=SMELL,GROUP-ID=\"g\",NAME=\"n\"\r\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=3000000,AVERAGE-BANDWIDTH=2500000,SCORE=1.5,"
      "CODECS=\"avc1.64001f,mp4a.40.2\",SUPPLEMENTAL-CODECS=\"x/y\","
      "RESOLUTION=1280x720,FRAME-RATE=29.97,HDCP-LEVEL=TYPE-1,ALLOWED-CPC=\"z\","
      "VIDEO-RANGE=PQ,REQ-VIDEO-LAYOUT=\"CH-STEREO\",STABLE-VARIANT-ID=\"sv\","
      "AUDIO=\"g\",VIDEO=\"v\",SUBTITLES=\"s\",CLOSED-CAPTIONS=NONE,"
      "PATHWAY-ID=\"p\"\r\n"
      "\r\n"
      "v.m3u8\r\n"
      "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=5,URI=\"i.m3u8\"\r\n";
  EXPECT_TRUE(IsMultivariant(kText));
  EXPECT_FALSE(IsMultivariant(kLowLatency));
  MultivariantPlaylist playlist;
  ASSERT_FALSE(Parse(kText, {}, playlist));
  EXPECT_EQ(playlist.version, 1u) << "the version of a playlist that names none";
  EXPECT_TRUE(playlist.independent_segments);
  EXPECT_EQ(playlist.start, (Start{TimeDelta::Millis(-4'500), true}));
  ASSERT_EQ(playlist.defines.size(), 3u);
  EXPECT_EQ(playlist.defines[1], (Define{Define::Kind::kImport, "b", ""}));
  EXPECT_EQ(playlist.defines[2], (Define{Define::Kind::kQueryParam, "c", ""}));
  EXPECT_EQ(playlist.content_steering, (ContentSteering{"s", "p"}));
  ASSERT_EQ(playlist.session_data.size(), 2u);
  EXPECT_EQ(playlist.session_data[1], (SessionData{"e", "", "u", true, ""}));
  ASSERT_EQ(playlist.session_keys.size(), 1u);
  EXPECT_EQ(playlist.session_keys[0].method, KeyMethod::kSampleAesCtr);
  ASSERT_EQ(playlist.renditions.size(), 1u);
  const Rendition& rendition = playlist.renditions[0];
  EXPECT_EQ(rendition.type, Rendition::Type::kAudio);
  EXPECT_EQ(rendition.uri, "a.m3u8");
  EXPECT_TRUE(rendition.is_default && rendition.autoselect && !rendition.forced);
  EXPECT_EQ(rendition.bit_depth, 16u);
  EXPECT_EQ(rendition.sample_rate, 48'000u);
  EXPECT_EQ(rendition.channels, "2");
  ASSERT_EQ(playlist.variants.size(), 1u);
  const Variant& variant = playlist.variants[0];
  EXPECT_EQ(variant.uri, "v.m3u8");
  EXPECT_EQ(variant.bandwidth, DataRate::KilobitsPerSecond(3'000));
  EXPECT_EQ(variant.average_bandwidth, DataRate::KilobitsPerSecond(2'500));
  EXPECT_EQ(variant.score_millionths, 1'500'000);
  EXPECT_EQ(variant.codecs, "avc1.64001f,mp4a.40.2");
  EXPECT_EQ(variant.resolution, (Resolution{1280, 720}));
  EXPECT_EQ(variant.frame_rate, Frequency::MilliHertz(29'970));
  EXPECT_EQ(variant.hdcp_level, "TYPE-1");
  EXPECT_EQ(variant.video_range, "PQ");
  EXPECT_EQ(variant.req_video_layout, "CH-STEREO");
  EXPECT_TRUE(variant.no_closed_captions);
  EXPECT_EQ(variant.pathway_id, "p");
  ASSERT_EQ(playlist.i_frame_variants.size(), 1u);
  EXPECT_EQ(playlist.i_frame_variants[0].uri, "i.m3u8");
}

struct Refused {
  PlaylistError cause;
  std::string text;
  std::size_t offset;
};

template <typename Playlist>
void ExpectRefused(const std::vector<Refused>& cases) {
  for (const Refused& c : cases) {
    Playlist playlist;
    const auto refused = Parse(c.text, {}, playlist);
    ASSERT_TRUE(refused) << c.text;
    EXPECT_EQ(ToString(refused->cause), ToString(c.cause)) << c.text;
    EXPECT_EQ(refused->offset, c.offset) << c.text;
    const auto begin = c.text.begin();
    EXPECT_EQ(refused->line, 1 + static_cast<std::size_t>(std::count(
        begin, begin + static_cast<std::ptrdiff_t>(refused->offset), '\n')));
  }
}

TEST(PlaylistParserTest, EachFaultOfAMediaPlaylistIsNamedWithItsPlace) {
  const std::string head = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n";  // 32 bytes
  using enum PlaylistError;
  ExpectRefused<MediaPlaylist>({
      {kBadText, head + "#\x01\n", 33},
      {kBadText, head + "#\xff\n", 33},
      {kBadText, head + "#\xc0\x80\n", 33},
      {kBadText, head + "#\xc2\x85\n", 33},
      {kBadText, head + "#\xed\xa0\x80\n", 33},
      {kBadText, head + "#\xe2\x82", 33},
      {kBadText, head + "a\rb\n", 33},
      {kNoHeader, "", 0},
      {kNoHeader, "\xef\xbb\xbf#EXTM3U\n", 0},
      {kNoHeader, "#EXTM3U8\n", 0},
      {kOtherKind, head + "#EXT-X-STREAM-INF:BANDWIDTH=1\n", 32},
      {kRepeatedTag, head + "#EXT-X-TARGETDURATION:4\n", 32},
      {kRepeatedTag, head + "#EXTM3U\n", 32},
      {kBadValue, head + "#EXT-X-MEDIA-SEQUENCE:18446744073709551616\n", 54},
      {kBadValue, head + "#EXT-X-MEDIA-SEQUENCE:-1\n", 54},
      {kBadValue, head + "#EXT-X-MEDIA-SEQUENCE\n", 53},
      {kBadValue, head + "#EXT-X-VERSION:0\n", 47},
      {kBadValue, head + "#EXT-X-ENDLIST:1\n", 47},
      {kBadValue, head + "#EXT-X-PLAYLIST-TYPE:LIVE\n", 53},
      {kBadValue, head + "#EXT-X-PROGRAM-DATE-TIME:yesterday\n", 57},
      {kBadValue, head + "#EXTINF:,\na\n", 40},
      {kBadValue, head + "#EXTINF:-1,\na\n", 40},
      {kBadValue, head + "#EXTINF:9300000000000,\na\n", 40},
      {kBadValue, head + "#EXTINF:.,\na\n", 40},
      {kBadValue, head + "#EXTINF:1.0s,\na\n", 40},
      {kBadValue, head + "#EXT-X-BYTERANGE:2@18446744073709551614\n", 49},
      {kBadValue, head + "#EXT-X-BYTERANGE:2@\n", 49},
      {kBadAttributes, head + "#EXT-X-MAP:URI=\"a\n", 47},
      {kBadAttributes, head + "#EXT-X-MAP\n", 42},
      {kBadAttributes, head + "#EXT-X-MAP:URI=\"a\",URI=\"b\"\n", 51},
      {kMissingAttribute, head + "#EXT-X-MAP:BYTERANGE=\"1\"\n", 32},
      {kMissingAttribute, head + "#EXT-X-PART-INF:A=1\n", 32},
      {kMissingAttribute, head + "#EXT-X-DEFINE:NAME=\"a\"\n", 32},
      {kMissingAttribute, head + "#EXT-X-DEFINE:VALUE=\"a\"\n", 32},
      {kBadAttribute, head + "#EXT-X-MAP:URI=a\n", 47},
      {kBadAttribute, head + "#EXT-X-MAP:URI=\"a\",BYTERANGE=\"1@x\"\n", 61},
      {kBadAttribute, head + "#EXT-X-KEY:METHOD=ROT13\n", 50},
      {kBadAttribute, head + "#EXT-X-KEY:METHOD=NONE,IV=0xG\n", 58},
      {kBadAttribute, head + "#EXT-X-PART:URI=\"a\",DURATION=1,GAP=MAYBE\n", 67},
      {kBadAttribute, head + "#EXT-X-DATERANGE:ID=\"a\",END-DATE=\"b\"\n", 65},
      {kBadAttribute, head + "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"\",IMPORT=\"b\"\n", 46},
      {kBadAttribute, head + "#EXT-X-START:TIME-OFFSET=--1\n", 57},
      {kRepeatedDefine, head + "#EXT-X-DEFINE:IMPORT=\"a\"\n#EXT-X-DEFINE:NAME=\"a\",VALUE=\"\"\n", 57},
      {kStrayUri, head + "a\n", 32},
      {kMissingUri, head + "#EXTINF:1,\n", 32},
      {kMissingUri, head + "#EXT-X-BYTERANGE:1\n", 32},
      {kMissingTag, "#EXTM3U\n", 8},
  });
}

TEST(PlaylistParserTest, EachFaultOfAMultivariantPlaylistIsNamedWithItsPlace) {
  const std::string head = "#EXTM3U\n";
  using enum PlaylistError;
  ExpectRefused<MultivariantPlaylist>({
      {kOtherKind, head + "#EXTINF:1,\na\n", 8},
      {kMissingAttribute, head + "#EXT-X-STREAM-INF:CODECS=\"a\"\na\n", 8},
      {kBadAttribute, head + "#EXT-X-STREAM-INF:BANDWIDTH=9223372036854775807\na\n", 36},
      {kBadAttribute, head + "#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=1280\na\n", 49},
      {kBadAttribute, head + "#EXT-X-STREAM-INF:BANDWIDTH=1,CLOSED-CAPTIONS=SOME\na\n", 54},
      {kBadAttribute, head + "#EXT-X-SESSION-DATA:DATA-ID=\"a\",VALUE=\"\",URI=\"b\"\n", 28},
      {kBadAttribute, head + "#EXT-X-SESSION-DATA:DATA-ID=\"a\",URI=\"b\",FORMAT=XML\n", 28},
      {kMissingAttribute, head + "#EXT-X-SESSION-DATA:DATA-ID=\"a\"\n", 8},
      {kStrayUri, head + "a\n", 8},
      {kMissingUri, head + "#EXT-X-STREAM-INF:BANDWIDTH=1\n", 8},
      {kMissingUri, head + "#EXT-X-STREAM-INF:BANDWIDTH=1\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n", 8},
  });
}

TEST(PlaylistParserTest, TextPastTheLimitsIsRefused) {
  MediaPlaylist playlist;
  const std::string_view text = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#\n#\n";
  EXPECT_EQ(Parse(text, {.max_bytes = 35}, playlist)->cause, PlaylistError::kTooLarge);
  EXPECT_EQ(Parse(text, {.max_lines = 3}, playlist)->cause, PlaylistError::kTooManyLines);
  EXPECT_FALSE(Parse(text, {.max_bytes = 36, .max_lines = 4}, playlist));
  std::string defines = "#EXTM3U\n";
  for (int i = 0; i < 257; ++i) {
    defines += "#EXT-X-DEFINE:IMPORT=\"" + std::to_string(i) + "\"\n";
  }
  EXPECT_EQ(Parse(defines, {}, playlist)->cause, PlaylistError::kTooManyDefines);
}

// Of a quarter of a million tags and of a million: the time for one may differ
// by caches and a busy machine, not by a factor of four.
TEST(PlaylistParserTest, AMillionTagsTakeFourTimesAsLongAsAQuarterMillion) {
  const auto ticks = [](std::string_view line, std::size_t count) {
    std::string text = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n";
    for (std::size_t i = 0; i < count; ++i) text += line;
    double best = 1e18;
    for (int run = 0; run < 2; ++run) {
      MediaPlaylist playlist;
      const std::clock_t start = std::clock();
      EXPECT_FALSE(Parse(text, {.max_bytes = std::size_t{1} << 28, .max_lines = 3'000'000,
                                .keep_unknown_tags = true}, playlist));
      best = std::min(best, static_cast<double>(std::clock() - start));
    }
    return best;
  };
  for (const std::string_view line :
       {"#EXTINF:1,\na\n", "#EXT-X-PART:DURATION=1,URI=\"\"\n", "#EXT-X-Z\n"}) {
    EXPECT_LT(ticks(line, 1'000'000), 16 * ticks(line, 250'000)) << line;
  }
}

TEST(PlaylistParserTest, EachErrorHasItsOwnWords) {
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(PlaylistError::kMissingTag); ++i) {
    words.push_back(ToString(static_cast<PlaylistError>(i)));
    EXPECT_TRUE(words.back().starts_with("playlist: "));
    EXPECT_NE(words.back(), "playlist: unknown");
  }
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
}

}  // namespace
}  // namespace mediacore::playlist
