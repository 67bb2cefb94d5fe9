#include "mediacore/segment/segmenter.h"

#include <cmath>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "mediacore/codec/av1_sequence_header.h"
#include "player.h"
#include "source.h"

namespace mediacore::segment {
namespace {

using testing::AacTrack;
using testing::OpusTrack;
using testing::Player;
using testing::VideoTrack;

constexpr std::int64_t kUnixUs = 1'790'000'000'000'000;

// A camera with a microphone: frames of 25 pictures and 46.875 AAC frames (or
// 50 of Opus) a second, and a player of what a Segmenter makes of them. Media
// time runs from 0; what arrives, arrives `latency` later.
class Studio {
 public:
  explicit Studio(const Config& config)
      : config_(config), segmenter_(Segmenter::Create(config).value()) {}

  // Sends everything from where it stopped until `seconds`.
  void RunTo(double seconds) {
    const auto until = static_cast<std::int64_t>(seconds * 1e6);
    while (true) {
      // The track whose next frame is due first.
      std::size_t next = 0;
      std::int64_t due = kInt64Max;
      for (std::size_t t = 0; t < config_.tracks.size(); ++t) {
        if (DueUs(t) < due) {
          due = DueUs(t);
          next = t;
        }
      }
      if (due >= until) return;
      now_ = Timestamp::Micros(due) + latency;
      Send(next, due);
    }
  }
  void End() {
    segmenter_.HandleEnd(now_);
    Drain();
  }
  void Drain() {
    Output output;
    while (segmenter_.PollOutput(now_, output)) player.Take(now_, output);
  }
  void Restart() {
    for (std::size_t t = 0; t < config_.tracks.size(); ++t) segmenter_.HandleRestart(now_, t);
  }

  Segmenter& segmenter() { return segmenter_; }
  const Counters& counters() const { return segmenter_.counters(); }
  Timestamp now() const { return now_; }
  void Pass(TimeDelta time) { now_ += time; }

  Player player;
  TimeDelta latency = TimeDelta::Zero();
  int key_interval = 50;  // frames
  std::vector<int> keys;  // or exactly these frames
  std::int64_t skip_audio_from_us = kInt64Max;
  std::int64_t skip_audio_to_us = 0;
  std::int64_t skip_video_from_us = kInt64Max;
  std::int64_t skip_video_to_us = 0;
  int sps = 0;
  std::size_t picture_bytes = 1000;
  bool reports = true;
  TimeDelta report_error = TimeDelta::Zero();  // of the sound's reports
  std::vector<std::uint32_t> rtp_base = {0xffff0000u, 77u, 0x12345678u, 0xfffffff0u};
  double sound_clock = 1.0;  // how much faster the sound's clock is
  bool reorder = false;      // pictures: I P B B P B B ...
  bool open_gop = false;     // H.265: three pictures are shown before each CRA that they follow

 private:
  std::int64_t DueUs(std::size_t t) const {
    const std::int64_t n = sent_[t];
    if (IsVideo(config_.tracks[t].codec)) return n * 40'000;
    const std::int64_t samples = config_.tracks[t].codec == Codec::kAac ? 1024 : 960;
    // A fast sound card needs less time for a frame.
    return static_cast<std::int64_t>(
        std::llround(static_cast<double>(n * samples) * 1e6 / 48'000 / sound_clock));
  }
  void Send(std::size_t t, std::int64_t due) {
    const std::int64_t n = sent_[t]++;
    const Codec codec = config_.tracks[t].codec;
    codec::EncodedFrame frame;
    if (IsVideo(codec)) {
      if (due >= skip_video_from_us && due < skip_video_to_us) return;
      const bool key = keys.empty() ? n % key_interval == 0
                                    : std::find(keys.begin(), keys.end(), n) != keys.end();
      std::int64_t shown = n;
      if (reorder && !key) {
        // Decoding order P B B from showing order B B P.
        const std::int64_t in_gop = n % key_interval - 1;
        const std::int64_t group = in_gop / 3;
        if (group < (key_interval - 1) / 3) {
          const std::int64_t place[] = {2, 0, 1};
          shown = n - in_gop + group * 3 + place[in_gop % 3];
        }
      }
      const std::int64_t in_gop = n % key_interval;
      if (open_gop && n >= key_interval && in_gop <= 3) {
        shown = key ? n + 3 : n - 1;
        frame = maker_.H265(Rtp(t, shown * 3600), key ? 21 : 8, picture_bytes);
      } else {
        frame = maker_.Picture(codec, Rtp(t, shown * 3600), key, picture_bytes, sps);
      }
    } else if (codec == Codec::kAac) {
      if (due >= skip_audio_from_us && due < skip_audio_to_us) return;
      frame = maker_.Aac(Rtp(t, n * 1024));
    } else {
      if (due >= skip_audio_from_us && due < skip_audio_to_us) return;
      frame = maker_.Opus(Rtp(t, n * 960));
    }
    if (reports && due >= next_report_[t]) {
      next_report_[t] = due + 5'000'000;
      const bool sound = IsAudio(codec);
      segmenter_.HandleSenderReport(
          now_, t,
          NtpTime::FromUnixMicros(1'780'000'000'000'000 + due) +
              (sound ? report_error : TimeDelta::Zero()),
          Rtp(t, sound ? n * (codec == Codec::kAac ? 1024 : 960) : n * 3600));
    }
    segmenter_.HandleFrame(now_, t, frame);
    Drain();
  }
  RtpTimestamp Rtp(std::size_t t, std::int64_t ticks) const {
    return RtpTimestamp(rtp_base[t] + static_cast<std::uint32_t>(ticks));
  }

  Config config_;
  Segmenter segmenter_;
  testing::FrameMaker maker_;
  Timestamp now_ = Timestamp::Micros(0);
  std::array<std::int64_t, 4> sent_{};
  std::array<std::int64_t, 4> next_report_{};
};

Config Fmp4(PlaylistType type = PlaylistType::kLive) {
  Config config;
  config.type = type;
  config.tracks = {VideoTrack(), AacTrack()};
  config.wall_clock = NtpTime::FromUnixMicros(kUnixUs);
  return config;
}
Config Ts(PlaylistType type = PlaylistType::kLive) {
  Config config = Fmp4(type);
  config.container = Container::kTs;
  return config;
}

TEST(SegmenterTest, SegmentsAreThereBeforeThePlaylistsThatNameThem) {
  Config config = Fmp4();
  config.start_segments = 1;
  Studio studio(config);
  studio.RunTo(5);
  EXPECT_EQ(studio.player.order,
            (std::vector<std::string>{"video0-init1.mp4", "video0-0.m4s",
                                      "audio-init1.mp4", "audio-0.m4s", "video0.m3u8",
                                      "audio.m3u8", "index.m3u8"}));
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, ThePlaylistsBeginWithASegmentToPlayWhileTheNextIsMade) {
  for (const PlaylistType type : {PlaylistType::kLive, PlaylistType::kEvent}) {
    Studio studio(Fmp4(type));
    studio.player.start_segments = 2;
    studio.RunTo(7.9);
    EXPECT_EQ(studio.player.order,
              (std::vector<std::string>{"video0-init1.mp4", "video0-0.m4s",
                                        "audio-init1.mp4", "audio-0.m4s"}));
    studio.RunTo(8.1);
    EXPECT_EQ(studio.player.list("video0.m3u8").segments.size(), 2u);
    EXPECT_EQ(studio.player.list("audio.m3u8").segments.size(), 2u);
    EXPECT_EQ(studio.player.multivariants, 1);
    EXPECT_EQ(studio.player.fault, "");
  }
}

TEST(SegmenterTest, AStreamTooShortForThePlaylistsToBeginHasThemAtItsEnd) {
  for (const double length : {3.0, 6.0}) {  // in the first segment, in the second
    Studio studio(Fmp4());
    studio.RunTo(length);
    EXPECT_TRUE(studio.player.lists.empty());
    studio.End();
    EXPECT_EQ(studio.player.lists.size(), 2u);
    EXPECT_TRUE(studio.player.list("video0.m3u8").end_list);
    EXPECT_EQ(studio.player.list("video0.m3u8").segments.size(), length < 4 ? 1u : 2u);
    EXPECT_EQ(studio.player.fault, "");
  }
}

TEST(SegmenterTest, AWindowThatIsFullBeforeThePlaylistsBeginLosesNothing) {
  Config config = Fmp4();
  config.start_segments = config.window_segments;
  Studio studio(config);
  studio.player.start_segments = 5;
  studio.RunTo(41);
  EXPECT_EQ(studio.player.list("video0.m3u8").media_sequence, 5u);
  EXPECT_TRUE(studio.player.deleted.contains("video0-0.m4s"));
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, TheMultivariantPlaylistDescribesTheStream) {
  Studio studio(Fmp4());
  studio.RunTo(9);
  playlist::MultivariantPlaylist model;
  ASSERT_FALSE(playlist::Parse(studio.player.multivariant, {}, model));
  ASSERT_EQ(model.variants.size(), 1u);
  EXPECT_EQ(model.variants[0].codecs, "avc1.42c00d,mp4a.40.2");
  EXPECT_EQ(model.variants[0].resolution, (playlist::Resolution{320, 240}));
  EXPECT_EQ(model.variants[0].frame_rate, Frequency::Hertz(25));
  EXPECT_EQ(model.variants[0].video_range, "SDR");
  EXPECT_EQ(model.variants[0].audio, "audio");
  ASSERT_EQ(model.renditions.size(), 1u);
  EXPECT_EQ(model.renditions[0].channels, "2");
}

TEST(SegmenterTest, EveryFrameOfALongStreamIsThereInBothContainers) {
  for (const Config& config : {Fmp4(PlaylistType::kEvent), Ts(PlaylistType::kEvent)}) {
    Studio studio(config);
    studio.RunTo(61);
    studio.End();
    EXPECT_EQ(studio.player.fault, "");
    EXPECT_EQ(studio.counters().frames_in, 61u * 25 + 2860);
    EXPECT_EQ(studio.counters().frames_out, studio.counters().frames_in);
    EXPECT_EQ(studio.counters().dropped(), 0u);
    EXPECT_EQ(studio.counters().forced_cuts, 0u);
  }
}

TEST(SegmenterTest, KeyFramesEveryTwoSecondsGiveSegmentsOfTheTarget) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.RunTo(40);
  const auto& list = studio.player.list("video0.m3u8");
  EXPECT_EQ(list.target_duration, TimeDelta::Seconds(4));
  for (const auto& segment : list.segments) {
    EXPECT_EQ(segment.duration, TimeDelta::Seconds(4));
  }
  EXPECT_TRUE(list.independent_segments);
}

TEST(SegmenterTest, RareButRegularKeyFramesRaiseTheTargetBeforeItIsAnnounced) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.key_interval = 250;
  studio.RunTo(45);
  const auto& list = studio.player.list("video0.m3u8");
  EXPECT_EQ(list.target_duration, TimeDelta::Seconds(10));
  EXPECT_EQ(list.segments[0].duration, TimeDelta::Seconds(10));
  EXPECT_EQ(studio.counters().forced_cuts, 0u);
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, ALateKeyFrameMakesTheCutGoBackToTheLastOne) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.keys = {0, 75, 150, 225, 300};  // every 3 s
  studio.RunTo(13);
  const auto& list = studio.player.list("video0.m3u8");
  ASSERT_GE(list.segments.size(), 3u);
  for (const auto& segment : list.segments) {
    EXPECT_EQ(segment.duration, TimeDelta::Seconds(3));
  }
  EXPECT_TRUE(list.independent_segments);
}

TEST(SegmenterTest, AKeyFrameThatNeverComesForcesCutsAndThePlaylistSaysSo) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.keys = {0, 100};
  studio.RunTo(30);
  const auto& list = studio.player.list("video0.m3u8");
  EXPECT_EQ(list.target_duration, TimeDelta::Seconds(4));
  EXPECT_FALSE(list.independent_segments);
  EXPECT_GE(studio.counters().forced_cuts, 4u);
  EXPECT_EQ(studio.player.fault, "");
  // The sound begins anew with every frame.
  EXPECT_TRUE(studio.player.list("audio.m3u8").independent_segments);
}

TEST(SegmenterTest, AVodPlaylistComesOnceAtTheEndWithItsTrueTargetDuration) {
  Studio studio(Fmp4(PlaylistType::kVod));
  studio.keys = {0, 100, 330, 430};
  studio.RunTo(20);
  EXPECT_TRUE(studio.player.lists.empty());
  studio.End();
  const auto& list = studio.player.list("video0.m3u8");
  EXPECT_EQ(list.type, playlist::PlaylistType::kVod);
  EXPECT_EQ(list.target_duration, TimeDelta::Seconds(9));  // 9.2 s
  EXPECT_TRUE(list.end_list);
  EXPECT_EQ(studio.player.multivariants, 1);
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, TheRatesOfAnEndedPlaylistAreExact) {
  Studio studio(Fmp4(PlaylistType::kVod));
  studio.RunTo(16);
  studio.picture_bytes = 3000;
  studio.RunTo(20);
  studio.End();
  std::size_t video = 0;
  std::size_t audio = 0;
  double peak_video = 0;
  double peak_audio = 0;
  double video_time = 0;
  double audio_time = 0;
  for (const std::string name : {"video0", "audio"}) {
    for (const auto& segment : studio.player.list(name + ".m3u8").segments) {
      const std::size_t bytes = studio.player.media(std::string(segment.uri)).bytes.size();
      (name == "audio" ? audio : video) += bytes;
      (name == "audio" ? audio_time : video_time) += segment.duration.seconds();
      double& peak = name == "audio" ? peak_audio : peak_video;
      peak = std::max(peak, static_cast<double>(bytes) * 8 / segment.duration.seconds());
    }
  }
  playlist::MultivariantPlaylist model;
  ASSERT_FALSE(playlist::Parse(studio.player.multivariant, {}, model));
  EXPECT_NEAR(static_cast<double>(model.variants[0].bandwidth.bps()),
              peak_video + peak_audio, 4);
  EXPECT_NEAR(static_cast<double>(model.variants[0].average_bandwidth->bps()),
              static_cast<double>(video) * 8 / video_time +
                  static_cast<double>(audio) * 8 / audio_time, 4);
}

TEST(SegmenterTest, ALiveStreamThatOutgrowsItsAnnouncedRateIsAnnouncedAgain) {
  Config config = Fmp4();
  config.max_bitrate = DataRate::KilobitsPerSecond(400);
  Studio studio(config);
  studio.RunTo(9);
  EXPECT_NE(studio.player.multivariant.find("BANDWIDTH=400000"), std::string::npos);
  EXPECT_EQ(studio.counters().bandwidth_rewrites, 0u);
  studio.picture_bytes = 4000;
  studio.RunTo(17);
  EXPECT_GE(studio.counters().bandwidth_rewrites, 1u);
  EXPECT_EQ(studio.player.multivariant.find("BANDWIDTH=400000,"), std::string::npos);
}

TEST(SegmenterTest, ALiveWindowSlidesAndWhatLeftItStaysAsLongAsTheRulesSay) {
  Studio studio(Fmp4());
  studio.RunTo(41);
  const auto& list = studio.player.list("video0.m3u8");
  EXPECT_EQ(list.segments.size(), 5u);
  EXPECT_EQ(list.media_sequence, 5u);
  ASSERT_TRUE(studio.player.deleted.contains("video0-0.m4s"));
  // Left at 24 s; its own 4 s and the 20 s of the longest list stay on.
  const TimeDelta stays =
      studio.player.deleted.at("video0-0.m4s") - Timestamp::Seconds(24);
  EXPECT_NEAR(stays.seconds(), 24, 0.1);
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, ThePlaylistEndsProperly) {
  Studio studio(Fmp4());
  studio.RunTo(10);
  studio.End();
  EXPECT_TRUE(studio.player.list("video0.m3u8").end_list);
  EXPECT_TRUE(studio.player.list("audio.m3u8").end_list);
  EXPECT_EQ(studio.counters().frames_waiting, 0u);
  testing::FrameMaker maker;
  studio.segmenter().HandleFrame(studio.now(), 0, maker.Picture(RtpTimestamp(1), true));
  EXPECT_EQ(studio.counters().dropped_ended, 1u);
  Output output;
  EXPECT_FALSE(studio.segmenter().PollOutput(studio.now(), output));
}

TEST(SegmenterTest, TheDateIsTheWallClockAtWhichTheFirstPictureCame) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.latency = TimeDelta::Millis(1500);
  studio.RunTo(9);
  const auto& list = studio.player.list("video0.m3u8");
  EXPECT_EQ(list.segments[0].program_date_time->unix_us, kUnixUs + 1'500'000);
  EXPECT_EQ(list.segments[1].program_date_time->unix_us, kUnixUs + 5'500'000);
}

TEST(SegmenterTest, PicturesShownInAnotherOrderKeepTheirTimes) {
  for (const bool ts : {false, true}) {
    Studio studio(ts ? Ts(PlaylistType::kEvent) : Fmp4(PlaylistType::kEvent));
    studio.reorder = true;
    studio.sps = 2;
    studio.RunTo(20);
    studio.End();
    EXPECT_EQ(studio.player.fault, "");
    if (ts) continue;
    const auto& media = studio.player.media("video0-1.m4s");
    ASSERT_EQ(media.frames, 100u);
    EXPECT_EQ(media.samples[1].pts - media.samples[0].pts, 3 * 3600);
    EXPECT_EQ(media.samples[2].pts - media.samples[0].pts, 3600);
    EXPECT_EQ(media.samples[1].dts - media.samples[0].dts, 3600);
  }
}

TEST(SegmenterTest, AnOpenGopBeginsWithThePicturesShownBeforeItsKeyFrame) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.tracks[0].codec = Codec::kH265;
  Studio studio(config);
  studio.open_gop = true;
  studio.RunTo(21);
  studio.End();
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().dropped(), 0u);
  EXPECT_EQ(studio.counters().frames_out, studio.counters().frames_in);
  const auto& list = studio.player.list("video0.m3u8");
  ASSERT_EQ(list.segments.size(), 6u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(list.segments[i].duration, TimeDelta::Seconds(4)) << i;
  EXPECT_FALSE(list.independent_segments);  // they refer to the segment before
  const auto& media = studio.player.media("video0-1.m4s");
  ASSERT_EQ(media.frames, 100u);
  EXPECT_TRUE(media.sync);
  EXPECT_EQ(media.samples[0].pts - media.start, 3 * 3600);
  EXPECT_EQ(media.samples[1].pts, media.start);
  EXPECT_EQ(media.samples[99].pts + 3600, media.end);
}

TEST(SegmenterTest, PicturesOfEachCodecAreNamedAndAnotherSizeIsAnotherFormat) {
  struct Names {
    Codec codec;
    const char* entry;
    const char* large;  // of CODECS
    const char* small;
  };
  for (const Names& names : {Names{Codec::kH265, "hvc1", "hvc1.1.6.L60.90", "hvc1.1.6.L30.90"},
                             Names{Codec::kVp9, "vp09", "vp09.00.20.08", "vp09.00.10.08"},
                             Names{Codec::kAv1, "av01", "av01.0.00M.08", "av01.0.00M.08"}}) {
    Config config = Fmp4(PlaylistType::kEvent);
    config.tracks = {VideoTrack(), OpusTrack()};
    config.tracks[0].codec = names.codec;
    Studio studio(config);
    studio.RunTo(10);
    playlist::MultivariantPlaylist model;
    ASSERT_FALSE(playlist::Parse(studio.player.multivariant, {}, model));
    EXPECT_EQ(model.variants.at(0).codecs, std::string(names.large) + ",opus");
    EXPECT_EQ(model.variants[0].resolution, (playlist::Resolution{320, 240}));
    EXPECT_EQ(model.variants[0].frame_rate, Frequency::Hertz(25));
    studio.sps = 1;
    studio.RunTo(30);
    studio.End();
    EXPECT_EQ(studio.player.fault, "") << names.entry;
    EXPECT_EQ(studio.counters().dropped(), 0u);
    EXPECT_EQ(studio.counters().frames_out, studio.counters().frames_in);
    EXPECT_EQ(studio.counters().discontinuities, 1u) << names.entry;
    EXPECT_NE(studio.player.multivariant.find("CODECS=\"" + std::string(names.small) + ",opus\""), std::string::npos)
        << studio.player.multivariant;
    EXPECT_NE(studio.player.multivariant.find("RESOLUTION=160x120"), std::string::npos);
    EXPECT_NE(studio.player.inits["video0-init2.mp4"].find(names.entry), std::string::npos);
  }
}

TEST(SegmenterTest, ThePlaylistSaysWhichRangeOfLightThePicturesHave) {
  const auto obu = codec::Av1ObuView::Parse(testing::kAv1Sequence240);
  for (const auto& [transfer, range] : {std::pair(16, "PQ"), std::pair(18, "HLG"), std::pair(14, "SDR")}) {
    auto sequence = *codec::Av1SequenceHeader::Parse(*obu);
    sequence.bit_depth = 10;
    sequence.color_description_present = true;
    sequence.color_primaries = sequence.matrix_coefficients = 9;
    sequence.transfer_characteristics = static_cast<std::uint8_t>(transfer);
    std::vector<std::uint8_t> payload(codec::Av1SequenceHeader::kMaxSize);
    std::size_t size = 0;
    ASSERT_TRUE(sequence.Write(payload, size));
    codec::Av1ObuWriter header;
    header.type = codec::Av1ObuType::kSequenceHeader;
    header.payload = Bytes(payload).first(size);
    std::vector<std::uint8_t> unit(header.WireSize());
    ASSERT_TRUE(header.Write(unit));
    unit.insert(unit.end(), {0x32, 2, 0x10, 0x55});  // a key frame

    Config config;
    config.tracks = {VideoTrack()};
    config.tracks[0].codec = Codec::kAv1;
    Segmenter segmenter = Segmenter::Create(config).value();
    Player player;
    for (std::uint32_t n = 0; n < 250; ++n) {
      const Timestamp now = Timestamp::Millis(40 * n);
      segmenter.HandleFrame(
          now, 0, {.codec = Codec::kAv1, .rtp_timestamp = RtpTimestamp(3600 * n), .key_frame = true, .data = unit});
      for (Output output; segmenter.PollOutput(now, output);) player.Take(now, output);
    }
    EXPECT_EQ(player.fault, "");
    EXPECT_NE(player.multivariant.find("VIDEO-RANGE=" + std::string(range)), std::string::npos) << player.multivariant;
    EXPECT_NE(player.multivariant.find(transfer == 16 ? "av01.0.00M.10.0.110.09.16.09.0" : "av01.0.00M.10.0"),
              std::string::npos)
        << player.multivariant;
    const auto init =
        mux::InitView::Parse(Bytes(reinterpret_cast<const std::uint8_t*>(player.inits["video0-init1.mp4"].data()),
                                   player.inits["video0-init1.mp4"].size()));
    ASSERT_TRUE(init);
    EXPECT_EQ(init->tracks()[0].colour.transfer, transfer);
  }
}

TEST(SegmenterTest, PicturesThatAreNeverShownInAnotherOrderAreLateWhenTheyAre) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.tracks[0].codec = Codec::kVp9;
  Studio studio(config);
  studio.reorder = true;
  studio.RunTo(10);
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_GT(studio.counters().dropped_late, 0u);
}

TEST(SegmenterTest, RestartingTheSourceIsADiscontinuityAndTheSoundGoesWithIt) {
  for (const bool ts : {false, true}) {
    Studio studio(ts ? Ts(PlaylistType::kEvent) : Fmp4(PlaylistType::kEvent));
    studio.RunTo(10);
    studio.Restart();
    studio.rtp_base = {5, 0xfffffff0u, 0, 0};
    studio.RunTo(30);
    studio.End();
    EXPECT_EQ(studio.player.fault, "");
    EXPECT_EQ(studio.counters().discontinuities, 1u);
    EXPECT_EQ(studio.counters().time_jumps, 0u);
    EXPECT_EQ(studio.counters().frames_out + studio.counters().dropped(),
              studio.counters().frames_in);
    EXPECT_LE(studio.counters().dropped(), 6u);
  }
}

TEST(SegmenterTest, AJumpOfTheTimestampsNobodyAnnouncedIsADiscontinuityToo) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.RunTo(10);
  studio.rtp_base = {0x40000000u, 0x70000000u, 0, 0};
  studio.RunTo(30);
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().discontinuities, 1u);
  EXPECT_EQ(studio.counters().time_jumps, 2u);
}

TEST(SegmenterTest, AnotherResolutionGetsAnotherInitializationSection) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.RunTo(10);
  studio.sps = 1;
  studio.RunTo(30);
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().discontinuities, 1u);
  EXPECT_TRUE(studio.player.inits.contains("video0-init2.mp4"));
  EXPECT_NE(studio.player.multivariant.find("RESOLUTION=160x120"), std::string::npos);
  EXPECT_EQ(studio.counters().dropped(), 0u);
  // The sound is the same as before, and in the same numbers.
  EXPECT_FALSE(studio.player.inits.contains("audio-init2.mp4"));
  const auto& video = studio.player.list("video0.m3u8");
  const auto& audio = studio.player.list("audio.m3u8");
  for (std::size_t i = 0; i < video.segments.size(); ++i) {
    EXPECT_EQ(video.segments[i].discontinuity, audio.segments[i].discontinuity);
  }
}

TEST(SegmenterTest, NothingComesOutBeforeAKeyFrameWithItsParameterSets) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.keys = {60, 160, 260, 360};
  studio.RunTo(12);
  EXPECT_EQ(studio.counters().dropped_before_key_frame, 60u);
  EXPECT_EQ(studio.player.fault, "");
  const auto& media = studio.player.media("video0-0.m4s");
  EXPECT_TRUE(media.sync);
  // The sound of the time before is left out, not put beside other pictures.
  EXPECT_NEAR(static_cast<double>(studio.counters().dropped_outside), 2.4 * 46.875, 1);
}

TEST(SegmenterTest, SoundLostInTheMiddleLeavesAHoleAndTheRestInTime) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.skip_audio_from_us = 5'000'000;
  studio.skip_audio_to_us = 6'000'000;
  studio.RunTo(20);
  studio.End();
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().gaps, 0u);
  const auto& last = studio.player.media("audio-3.m4s");
  const auto& video = studio.player.media("video0-3.m4s");
  EXPECT_NEAR(static_cast<double>(last.start) / 48e3,
              static_cast<double>(video.start) / 90e3, 0.03);
}

TEST(SegmenterTest, SoundThatIsMissingForWholeSegmentsIsAGapInItsPlaylist) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.skip_audio_from_us = 7'000'000;
  studio.skip_audio_to_us = 17'000'000;
  studio.RunTo(30);
  studio.End();
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().gaps, 2u);
  const auto& audio = studio.player.list("audio.m3u8");
  EXPECT_EQ(audio.segments.size(), studio.player.list("video0.m3u8").segments.size());
  EXPECT_TRUE(audio.segments[2].gap);
  EXPECT_TRUE(audio.segments[3].gap);
  EXPECT_FALSE(audio.segments[4].gap);
}

TEST(SegmenterTest, AReadySegmentWaitsForTheSoundOnlySoLong) {
  Config config = Fmp4();
  Studio studio(config);
  studio.skip_audio_from_us = 3'500'000;
  studio.skip_audio_to_us = kInt64Max;
  studio.RunTo(4.03);  // the key frame at 4 s is there, the sound is not
  EXPECT_TRUE(studio.player.segments.empty());
  const Timestamp due = studio.segmenter().NextTimeout();
  EXPECT_GT(due, studio.now());
  EXPECT_LE(due, studio.now() + config.max_wait);
  studio.Pass(config.max_wait);
  studio.Drain();
  EXPECT_EQ(studio.player.segments.size(), 2u);
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, ThePictureThatFallsSilentLeavesTheLeadToTheSoundAndTakesItBack) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.skip_video_from_us = 10'000'000;
  studio.skip_video_to_us = 30'000'000;
  studio.RunTo(50);
  studio.End();
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().leader_changes, 2u);
  EXPECT_GE(studio.counters().gaps, 3u);
  EXPECT_EQ(studio.counters().dropped_overflow, 0u);
}

TEST(SegmenterTest, SoundAloneAndPicturesAloneAreStreamsToo) {
  for (const Container container : {Container::kFmp4, Container::kTs}) {
    for (const bool sound : {false, true}) {
      Config config;
      config.container = container;
      config.type = PlaylistType::kEvent;
      config.tracks = {sound ? AacTrack() : VideoTrack()};
      Studio studio(config);
      studio.RunTo(21);
      studio.End();
      EXPECT_EQ(studio.player.fault, "");
      EXPECT_EQ(studio.counters().frames_out, studio.counters().frames_in);
      EXPECT_EQ(studio.player.lists.size(), 1u);
      EXPECT_GE(studio.counters().segments, 5u);
    }
  }
}

TEST(SegmenterTest, TheRungsOfALadderAreCutTogetherAndShareTheSound) {
  for (const Container container : {Container::kFmp4, Container::kTs}) {
    Config config;
    config.container = container;
    config.type = PlaylistType::kEvent;
    config.tracks = {VideoTrack(0), AacTrack(0), VideoTrack(1), AacTrack(1)};
    Studio studio(config);
    studio.RunTo(21);
    studio.End();
    EXPECT_EQ(studio.player.fault, "");
    const bool ts = container == Container::kTs;
    const auto& first = studio.player.list(ts ? "stream0.m3u8" : "video0.m3u8");
    const auto& second = studio.player.list(ts ? "stream1.m3u8" : "video1.m3u8");
    ASSERT_EQ(first.segments.size(), second.segments.size());
    for (std::size_t i = 0; i < first.segments.size(); ++i) {
      EXPECT_EQ(first.segments[i].duration, second.segments[i].duration);
    }
    EXPECT_TRUE(second.independent_segments);
    EXPECT_EQ(studio.counters().unaligned_cuts, 0u);
    EXPECT_EQ(studio.player.lists.size(), ts ? 2u : 3u);
    // The other session's sound is not used, and that is counted.
    EXPECT_EQ(studio.counters().dropped(), studio.counters().dropped_outside);
    playlist::MultivariantPlaylist model;
    ASSERT_FALSE(playlist::Parse(studio.player.multivariant, {}, model));
    EXPECT_EQ(model.variants.size(), 2u);
  }
}

// What the sound's timeline says of the sound's frame `n`, against the picture
// that was captured with it.
double AudioAhead(Player& player, const std::string& number, double ticks_per_second) {
  const auto& audio = player.media("audio-" + number + ".m4s");
  const auto& video = player.media("video0-" + number + ".m4s");
  return static_cast<double>(audio.start) / ticks_per_second -
         static_cast<double>(video.start) / 90e3;
}

TEST(SegmenterTest, TenMinutesOfTwoClocksThatDriftEndWithinFortyMilliseconds) {
  for (const double ppm : {-300.0, 150.0, 300.0}) {
    Studio studio(Fmp4(PlaylistType::kEvent));
    studio.sound_clock = 1 + ppm * 1e-6;
    studio.RunTo(600);
    EXPECT_EQ(studio.player.fault, "");
    ASSERT_TRUE(studio.segmenter().SyncError(1).has_value());
    EXPECT_LE(studio.segmenter().SyncError(1)->Abs(), TimeDelta::Millis(40)) << ppm;
    // Without help it would be 90 ms or more.
    EXPECT_GT(studio.counters().slews, 3u);
    EXPECT_EQ(studio.counters().discontinuities, 0u);
  }
}

TEST(SegmenterTest, SoundThatArrivesLateButReportsItsTimeIsInTime) {
  Config config = Fmp4(PlaylistType::kEvent);
  for (const bool reports : {true, false}) {
    auto segmenter = Segmenter::Create(config).value();
    Player player;
    testing::FrameMaker maker;
    // The sound takes 300 ms more than the pictures.
    std::int64_t audio = 0;
    for (std::int64_t picture = 0; picture < 500; ++picture) {
      const Timestamp now = Timestamp::Millis(1000 + picture * 40);
      const auto ntp = [](std::int64_t us) { return NtpTime::FromUnixMicros(kUnixUs + us); };
      if (reports && picture % 100 == 0) {
        segmenter.HandleSenderReport(now, 0, ntp(picture * 40'000),
                                     RtpTimestamp(static_cast<std::uint32_t>(picture * 3600)));
      }
      segmenter.HandleFrame(now, 0, maker.Picture(RtpTimestamp(static_cast<std::uint32_t>(picture * 3600)),
                                                  picture % 50 == 0));
      while (audio * 1024 / 48 + 300 <= picture * 40) {
        const auto rtp = RtpTimestamp(static_cast<std::uint32_t>(audio * 1024));
        if (reports && audio % 200 == 0) {
          segmenter.HandleSenderReport(now, 1, ntp(audio * 1'024'000'000 / 48'000'000 * 1000), rtp);
        }
        segmenter.HandleFrame(now, 1, maker.Aac(rtp));
        ++audio;
      }
      Output output;
      while (segmenter.PollOutput(now, output)) player.Take(now, output);
    }
    EXPECT_EQ(player.fault, "");
    // Frame `n` of the sound was captured at n * 1024 / 48000 s, and so were
    // the pictures: with reports the first sound beside the first picture is
    // frame 0, by arrival it is the one that arrived with it.
    const auto& first = player.media("audio-0.m4s");
    EXPECT_NEAR(static_cast<double>(first.end - first.start) / 48e3, 4.0, 0.15);
    EXPECT_NEAR(AudioAhead(player, "1", 48e3), 0, 0.03);
    const double wanted = 4.0 * 46.875 - (reports ? 0 : 0.3 * 46.875);
    EXPECT_NEAR(static_cast<double>(first.frames), wanted, 2) << reports;
  }
}

// Sound that arrives `late` after the pictures it belongs to, and says so.
Counters RunWithLateSound(const Config& config, std::int64_t late_ms, Player& player) {
  auto segmenter = Segmenter::Create(config).value();
  testing::FrameMaker maker;
  std::int64_t sound = 0;
  for (std::int64_t picture = 0; picture < 1500; ++picture) {
    const Timestamp now = Timestamp::Millis(1000 + picture * 40);
    const auto drain = [&] {
      Output output;
      while (segmenter.PollOutput(now, output)) player.Take(now, output);
    };
    const auto rtp = RtpTimestamp(static_cast<std::uint32_t>(picture * 3600));
    if (picture % 25 == 0) {
      segmenter.HandleSenderReport(now, 0, NtpTime::FromUnixMicros(kUnixUs + picture * 40'000), rtp);
    }
    segmenter.HandleFrame(now, 0, maker.Picture(rtp, picture % 50 == 0));
    drain();
    for (; sound * 20 + late_ms <= picture * 40; ++sound) {
      const auto sound_rtp = RtpTimestamp(static_cast<std::uint32_t>(sound * 960));
      if (sound % 50 == 0) {
        segmenter.HandleSenderReport(now, 1, NtpTime::FromUnixMicros(kUnixUs + sound * 20'000), sound_rtp);
      }
      segmenter.HandleFrame(now, 1, maker.Opus(sound_rtp));
      drain();
    }
  }
  return segmenter.counters();
}

TEST(SegmenterTest, SoundThatIsAlwaysFarBehindIsWaitedForAndLosesNothing) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.tracks = {VideoTrack(), OpusTrack()};
  for (const std::int64_t late_ms : {1500, 2500}) {  // more than max_wait
    Player player;
    const Counters counters = RunWithLateSound(config, late_ms, player);
    EXPECT_EQ(player.fault, "");
    EXPECT_EQ(counters.dropped(), 0u) << late_ms;
    EXPECT_EQ(counters.gaps, 0u);
    EXPECT_GE(counters.segments, 26u);
  }
}

TEST(SegmenterTest, SoundThatIsBehindByMoreThanTheBoundLosesItsEndsAndIsCounted) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.tracks = {VideoTrack(), OpusTrack()};
  Player player;
  const Counters counters = RunWithLateSound(config, 3500, player);
  EXPECT_EQ(player.fault, "");
  EXPECT_GT(counters.dropped_outside, 100u);
  config.max_wait = TimeDelta::Seconds(2);  // what docs/segment.md says
  Player patient;
  EXPECT_EQ(RunWithLateSound(config, 3500, patient).dropped(), 0u);
  EXPECT_EQ(patient.fault, "");
}

TEST(SegmenterTest, OneReportThatLiesMovesNothing) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.RunTo(21);
  studio.report_error = TimeDelta::Millis(400);
  studio.RunTo(25.5);  // exactly one
  studio.report_error = TimeDelta::Zero();
  studio.RunTo(60);
  EXPECT_EQ(studio.counters().slews, 0u);
  EXPECT_EQ(studio.counters().discontinuities, 0u);
}

TEST(SegmenterTest, ReportsThatMoveTheSoundFarBreakTheTimelineOnce) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.RunTo(21);
  studio.report_error = TimeDelta::Millis(900);
  studio.RunTo(70);
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().discontinuities, 1u);
}

TEST(SegmenterTest, AFrameLargerThanASegmentMayBeIsDroppedAndDecodingBeginsAnew) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.max_segment_bytes = 64 * 1024;
  Studio studio(config);
  studio.RunTo(1);
  studio.picture_bytes = 70'000;
  studio.RunTo(1.04);
  studio.picture_bytes = 1000;
  studio.RunTo(9);
  EXPECT_EQ(studio.counters().dropped_overflow, 1u);
  EXPECT_EQ(studio.counters().dropped_before_key_frame, 24u);
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, MoreBytesThanASegmentMayHaveCutItEarly) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.max_segment_bytes = 256 * 1024;
  Studio studio(config);
  studio.picture_bytes = 10'000;  // 1 MB in 4 s
  studio.RunTo(20);
  studio.End();
  EXPECT_EQ(studio.player.fault, "");
  EXPECT_EQ(studio.counters().dropped(), 0u);
  for (const auto& [name, media] : studio.player.segments) {
    EXPECT_LE(media.bytes.size(), config.max_segment_bytes + 2000) << name;
  }
  EXPECT_GT(studio.counters().forced_cuts, 0u);
}

TEST(SegmenterTest, WhoDoesNotPollLosesFramesAndNothingElse) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.max_segment_samples = 64;
  auto segmenter = Segmenter::Create(config).value();
  testing::FrameMaker maker;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    segmenter.HandleFrame(Timestamp::Millis(40 * i), 0,
                          maker.Picture(RtpTimestamp(i * 3600), i % 50 == 0));
  }
  segmenter.HandleEnd(Timestamp::Seconds(40));
  Player player;
  Output output;
  while (segmenter.PollOutput(Timestamp::Seconds(40), output)) {
    player.Take(Timestamp::Seconds(40), output);
  }
  EXPECT_EQ(player.fault, "");
  EXPECT_EQ(segmenter.counters().frames_in,
            segmenter.counters().frames_out + segmenter.counters().dropped());
  EXPECT_GT(segmenter.counters().dropped(), 800u);
}

TEST(SegmenterTest, AnEventThatIsFullEnds) {
  Config config = Fmp4(PlaylistType::kEvent);
  config.max_segments = 16;
  Studio studio(config);
  studio.RunTo(80);
  EXPECT_TRUE(studio.player.list("video0.m3u8").end_list);
  EXPECT_EQ(studio.player.list("video0.m3u8").segments.size(), 16u);
  EXPECT_GT(studio.counters().dropped_ended, 0u);
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, AClockThatStepsBackStandsStill) {
  Studio studio(Fmp4(PlaylistType::kEvent));
  studio.RunTo(10);
  testing::FrameMaker maker;
  studio.segmenter().HandleFrame(Timestamp::MinusInfinity(), 1,
                                 maker.Aac(RtpTimestamp(0)));
  studio.RunTo(20);
  EXPECT_EQ(studio.player.fault, "");
}

TEST(SegmenterTest, RunningTakesNoHeapPerFrame) {
  Studio studio(Fmp4());
  studio.RunTo(9);
  Config config = Fmp4();
  auto segmenter = Segmenter::Create(config).value();
  testing::FrameMaker maker;
  const auto picture = maker.Picture(RtpTimestamp(0), true, 1000);
  testing::FrameMaker other;
  auto delta = other.Picture(RtpTimestamp(0), false, 1000);
  segmenter.HandleFrame(Timestamp::Micros(0), 0, picture);
  const mediacore::testing::HeapWatch watch;
  for (std::uint32_t i = 1; i < 90; ++i) {
    delta.rtp_timestamp = RtpTimestamp(i * 3600);
    segmenter.HandleFrame(Timestamp::Millis(40 * i), 0, delta);
    Output output;
    ASSERT_FALSE(segmenter.PollOutput(Timestamp::Millis(40 * i), output));
  }
  EXPECT_EQ(watch.allocations(), 0u);
}

}  // namespace
}  // namespace mediacore::segment
