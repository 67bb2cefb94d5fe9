#include "mediacore/segment/playlists.h"

#include <gtest/gtest.h>

#include "mediacore/playlist/playlist_parser.h"
#include "source.h"

namespace mediacore::segment {
namespace {

Config TwoTracks(PlaylistType type = PlaylistType::kLive) {
  Config config;
  config.type = type;
  config.max_segments = 16;
  config.tracks = {testing::VideoTrack(), testing::AacTrack()};
  return config;
}
constexpr std::size_t kVideo = 0;
constexpr std::size_t kSound = 1;

ListedSegment Seconds(int seconds) {
  ListedSegment segment;
  segment.duration = TimeDelta::Seconds(seconds);
  segment.init = 1;
  segment.independent = true;
  return segment;
}
void Add(Playlists& playlists, std::size_t rendition, int seconds, std::uint64_t bytes) {
  playlists.Append(rendition, Seconds(seconds));
  playlists.Measure(rendition, bytes);
}
std::vector<RenditionFacts> Facts() {
  RenditionFacts video;
  video.video_codec = "avc1.42c00d";
  video.width = 320;
  video.height = 240;
  video.frame_rate = Frequency::Hertz(25);
  RenditionFacts sound;
  sound.audio_codec = "mp4a.40.2";
  sound.channels = 2;
  return {video, sound};
}

TEST(PlaylistsTest, AListThatBeginsLateHasGapsWhereTheOthersHaveMedia) {
  const Config config = TwoTracks();
  Playlists playlists(config, MakeLayout(config));
  EXPECT_FALSE(playlists.any_joined());
  playlists.Join(kVideo, 0);
  for (int i = 0; i < 2; ++i) Add(playlists, kVideo, 4, 1000);
  playlists.Append(kVideo, Seconds(4));  // number 2: the sound is there too
  playlists.Join(kSound, 2);
  playlists.Append(kSound, Seconds(4));

  playlist::MediaPlaylist model;
  ASSERT_FALSE(playlist::Parse(playlists.MediaText(kSound, false), {}, model));
  ASSERT_EQ(model.segments.size(), 3u);
  EXPECT_TRUE(model.segments[0].gap);
  EXPECT_TRUE(model.segments[1].gap);
  EXPECT_FALSE(model.segments[2].gap);
  EXPECT_EQ(model.segments[2].uri, "audio-2.m4s");
}

TEST(PlaylistsTest, TheTargetDurationIsTheConfiguredOneOrWhatTheFirstSegmentNeeds) {
  const Config config = TwoTracks();
  for (const auto& [needed_ms, seconds] :
       {std::pair{3000, 4}, {4000, 4}, {4001, 5}, {9900, 10}}) {
    Playlists playlists(config, MakeLayout(config));
    EXPECT_FALSE(playlists.target_announced());
    playlists.AnnounceTarget(TimeDelta::Millis(needed_ms));
    EXPECT_TRUE(playlists.target_announced());
    EXPECT_EQ(playlists.target_seconds(), seconds);
  }
}

TEST(PlaylistsTest, AVodListSaysItsLongestSegmentRounded) {
  const Config config = TwoTracks(PlaylistType::kVod);
  Playlists playlists(config, MakeLayout(config));
  playlists.Join(kVideo, 0);
  Add(playlists, kVideo, 2, 1000);
  ListedSegment longest = Seconds(6);
  longest.duration += TimeDelta::Millis(500);
  playlists.Append(kVideo, longest);
  playlists.SetTargetToLongest();
  EXPECT_EQ(playlists.target_seconds(), 7);
}

TEST(PlaylistsTest, ALiveListSlidesAndTheOtherTypesGrowUntilTheyAreFull) {
  for (const PlaylistType type : {PlaylistType::kLive, PlaylistType::kEvent}) {
    const Config config = TwoTracks(type);
    Playlists playlists(config, MakeLayout(config));
    playlists.Join(kVideo, 0);
    int removed = 0;
    for (int i = 0; i < 16; ++i) {
      EXPECT_FALSE(playlists.full());
      Add(playlists, kVideo, 4, 1000);
      SegmentList::Removed gone;
      while (playlists.RemoveFirst(kVideo, gone)) ++removed;
    }
    EXPECT_EQ(removed, type == PlaylistType::kLive ? 11 : 0);
    EXPECT_EQ(playlists.full(), type == PlaylistType::kEvent);
  }
}

TEST(PlaylistsTest, AVariantsRateIsItsOwnAndThatOfTheSoundBesideIt) {
  const Config config = TwoTracks(PlaylistType::kVod);
  Playlists playlists(config, MakeLayout(config));
  playlists.Join(kVideo, 0);
  playlists.Join(kSound, 0);
  Add(playlists, kVideo, 4, 500'000);  // 1 Mbit/s
  Add(playlists, kSound, 4, 50'000);   // 0.1 Mbit/s
  std::uint64_t rewrites = 0;
  ASSERT_TRUE(playlists.UpdateRates(true, rewrites));
  playlist::MultivariantPlaylist model;
  ASSERT_FALSE(playlist::Parse(playlists.MultivariantText(Facts()), {}, model));
  ASSERT_EQ(model.variants.size(), 1u);
  EXPECT_NEAR(static_cast<double>(model.variants[0].bandwidth.bps()), 1'100'000, 4);
  EXPECT_EQ(model.variants[0].codecs, "avc1.42c00d,mp4a.40.2");
  EXPECT_EQ(model.variants[0].audio, "audio");
  ASSERT_EQ(model.renditions.size(), 1u);
  EXPECT_EQ(model.renditions[0].uri, "audio.m3u8");
}

TEST(PlaylistsTest, TheMultivariantPlaylistIsWrittenAgainOnlyWhenItIsWrong) {
  const Config config = TwoTracks();
  Playlists playlists(config, MakeLayout(config));
  playlists.Join(kVideo, 0);
  std::uint64_t rewrites = 0;
  Add(playlists, kVideo, 4, 500'000);
  EXPECT_TRUE(playlists.UpdateRates(false, rewrites));  // the first
  Add(playlists, kVideo, 4, 500'000);
  EXPECT_FALSE(playlists.UpdateRates(false, rewrites));
  EXPECT_EQ(rewrites, 0u);
  Add(playlists, kVideo, 4, 900'000);  // more than a quarter above
  EXPECT_TRUE(playlists.UpdateRates(false, rewrites));
  EXPECT_EQ(rewrites, 1u);
  playlists.FactsChanged();
  EXPECT_TRUE(playlists.UpdateRates(false, rewrites));
  EXPECT_EQ(rewrites, 1u);
}

TEST(PlaylistsTest, SoundAloneIsTheVariant) {
  Config config = TwoTracks();
  config.tracks.erase(config.tracks.begin());
  Playlists playlists(config, MakeLayout(config));
  playlists.Join(0, 0);
  Add(playlists, 0, 4, 50'000);
  std::uint64_t rewrites = 0;
  ASSERT_TRUE(playlists.UpdateRates(false, rewrites));
  playlist::MultivariantPlaylist model;
  ASSERT_FALSE(playlist::Parse(playlists.MultivariantText({Facts()[1]}), {}, model));
  ASSERT_EQ(model.variants.size(), 1u);
  EXPECT_EQ(model.variants[0].uri, "audio.m3u8");
  EXPECT_EQ(model.variants[0].codecs, "mp4a.40.2");
  EXPECT_TRUE(model.renditions.empty());
}

}  // namespace
}  // namespace mediacore::segment
