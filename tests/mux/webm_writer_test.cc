#include "mediacore/mux/webm_writer.h"

#include <sstream>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "webm_support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;
using testing::KeptFrame;
using testing::KeptTrack;
using testing::ReadWebm;
using testing::TempDir;
using testing::WebmOutcome;

const Buffer kOpusHead = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0};

WebmWriter::Track Video(std::uint32_t id = 1) {
  TrackConfig config;
  config.codec = Codec::kVp8;
  config.id = id;
  config.width = 640;
  config.height = 360;
  return {.config = config, .default_duration_ns = 33'000'000};
}
WebmWriter::Track Audio(std::uint32_t id = 2) {
  TrackConfig config;
  config.codec = Codec::kOpus;
  config.id = id;
  config.timescale = 48'000;
  config.sample_rate = 48'000;
  config.channels = 2;
  return {.config = config, .codec_private = kOpusHead};
}

// A file, with the patches put in as they come.
class File {
 public:
  explicit File(const WebmWriter::Config& config) : writer(*WebmWriter::Create(config)) {
    bytes.resize(writer.HeaderSize());
    EXPECT_EQ(writer.WriteHeader(bytes), bytes.size());
  }
  std::size_t Add(std::uint32_t track, const Sample& sample, std::int64_t padding = 0) {
    const std::size_t at = bytes.size();
    bytes.resize(at + WebmWriter::kMaxFrameHeaderSize + sample.data.size());
    const std::size_t size = writer.WriteFrame(track, sample, MutableBytes(bytes).subspan(at), padding);
    bytes.resize(at + size);
    Patch();
    return size;
  }
  void Finish() {
    const std::size_t at = bytes.size();
    bytes.resize(at + writer.TailSize());
    EXPECT_EQ(writer.WriteTail(MutableBytes(bytes).subspan(at)), bytes.size() - at);
    Patch();
    EXPECT_EQ(writer.size(), bytes.size());
  }
  void Patch() {
    for (FilePatch patch; writer.TakePatch(patch); ++patches) {
      ASSERT_LE(patch.offset + patch.size, bytes.size());
      std::copy_n(patch.storage.begin(), patch.size, bytes.begin() + static_cast<std::ptrdiff_t>(patch.offset));
    }
  }

  WebmWriter writer;
  Buffer bytes;
  int patches = 0;
};

const std::array<WebmWriter::Track, 2> kBoth = {Video(), Audio()};

// Three seconds of both: a key frame each second.
void AddThreeSeconds(File& file, const Buffer& data) {
  std::int64_t sound = 0;
  for (int i = 0; i < 90; ++i) {
    file.Add(1, {i * 3000, i * 3000, 3000, i % 30 == 0, data});
    for (; sound < (i + 1) * 1600; sound += 960) file.Add(2, {sound, sound, 960, true, Bytes(data).first(20)});
  }
}

TEST(WebmWriterTest, WhatIsWrittenReadsBackWhetherItWasPatchedOrNot) {
  const Buffer data(500, 7);
  for (const bool seekable : {false, true}) {
    std::array<WebmCue, 10> cues;
    File file({.tracks = kBoth, .seekable = seekable, .cues = cues});
    AddThreeSeconds(file, data);
    file.Finish();
    EXPECT_EQ(file.patches, seekable ? 3 + 3 : 0);
    const WebmOutcome outcome = ReadWebm(file.bytes);
    EXPECT_EQ(outcome.error, WebmError::kNone);
    EXPECT_TRUE(ReadWebm(file.bytes, 1) == outcome);
    ASSERT_EQ(outcome.frames.size(), 90u + 150);
    EXPECT_EQ(outcome.stats.clusters, 3u);
    EXPECT_EQ(outcome.duration, seekable ? 3000.0 : 0.0);
    int pictures = 0;
    for (const KeptFrame& frame : outcome.frames) {
      if (frame.track != 1) continue;
      EXPECT_EQ(frame.key_frame, pictures % 30 == 0);
      EXPECT_EQ(frame.timestamp, (pictures * 100 + 1) / 3);
      EXPECT_EQ(frame.data, data);
      ++pictures;
    }
    ASSERT_EQ(outcome.tracks.size(), 2u);
    EXPECT_EQ(outcome.tracks[0].codec_id, "V_VP8");
    EXPECT_EQ(outcome.tracks[0].about.config.width, 640);
    EXPECT_EQ(outcome.tracks[0].about.default_duration_ns, 33'000'000u);
    EXPECT_EQ(outcome.tracks[1].codec_private, kOpusHead);
    EXPECT_EQ(outcome.tracks[1].about.codec_delay_ns, 6'500'000u);
    EXPECT_EQ(outcome.tracks[1].about.seek_pre_roll_ns, 80'000'000u);
    EXPECT_EQ(file.writer.cue_count(), 3u);
  }
}

TEST(WebmWriterTest, AFileCutOffBeforeItsEndIsReadUpToThere) {
  File file({.tracks = kBoth, .seekable = true});
  AddThreeSeconds(file, Buffer(500, 7));
  const WebmOutcome outcome = ReadWebm(Bytes(file.bytes).first(file.bytes.size() - 100));
  EXPECT_EQ(outcome.error, WebmError::kTruncated);
  EXPECT_GT(outcome.frames.size(), 230u);
}

TEST(WebmWriterTest, ClustersAreCutByTimeAtKeyFramesAndWhenTheirTimesDoNotReach) {
  const Buffer data(1);
  const auto clusters = [&](WebmWriter::Config config, const std::vector<std::pair<std::int64_t, bool>>& frames) {
    const std::array<WebmWriter::Track, 1> video = {Video()};
    config.tracks = video;
    File file(config);
    for (const auto& [ms, key] : frames) EXPECT_GT(file.Add(1, {ms * 90, ms * 90, 0, key, data}), 0u);
    file.Finish();
    const WebmOutcome outcome = ReadWebm(file.bytes);
    EXPECT_EQ(outcome.frames.size(), frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(outcome.frames[i].timestamp, frames[i].first);
    return outcome.stats.clusters;
  };
  EXPECT_EQ(clusters({}, {{0, true}, {100, false}, {200, true}, {300, false}}), 2u);
  EXPECT_EQ(clusters({.cut_at_key_frames = false}, {{0, true}, {100, false}, {200, true}, {300, false}}), 1u);
  EXPECT_EQ(clusters({.max_cluster_ms = 150}, {{0, true}, {100, false}, {200, false}, {300, false}}), 2u);
  EXPECT_EQ(clusters({.max_cluster_ms = 100'000}, {{0, true}, {32'767, false}, {32'768, false}}), 2u);
  // B frames go back before the cluster's time, but not before what fits.
  EXPECT_EQ(clusters({}, {{40'000, true}, {39'960, false}, {7'232, false}, {7'231, false}}), 2u);
  EXPECT_EQ(clusters({}, {{0, true}, {-40, false}, {-32'768, false}}), 1u);
}

TEST(WebmWriterTest, TheEndOfOpusIsTrimmedByDiscardPadding) {
  const std::array<WebmWriter::Track, 1> audio = {Audio(1)};
  File file({.tracks = audio});
  const Buffer data(30, 9);
  file.Add(1, {0, 0, 960, true, data});
  file.Add(1, {960, 960, 960, true, data}, 13'000'000);
  file.Add(1, {1920, 1920, 960, false, data}, -1);
  const WebmOutcome outcome = ReadWebm(file.bytes);
  ASSERT_EQ(outcome.frames.size(), 3u);
  EXPECT_EQ(outcome.frames[1].discard_padding_ns, 13'000'000);
  EXPECT_TRUE(outcome.frames[1].key_frame);
  EXPECT_EQ(outcome.frames[1].data, data);
  EXPECT_EQ(outcome.frames[2].discard_padding_ns, -1);
  EXPECT_FALSE(outcome.frames[2].key_frame);
}

TEST(WebmWriterTest, WhenThereIsNoRoomForCuesEveryOtherIsGivenUp) {
  const std::array<WebmWriter::Track, 1> video = {Video()};
  const Buffer data(1);
  for (const std::size_t room : {1u, 2u, 5u, 8u}) {
    std::vector<WebmCue> cues(room);
    File file({.tracks = video, .seekable = true, .cues = cues});
    for (int i = 0; i < 100; ++i) file.Add(1, {i * 90'000, i * 90'000, 0, true, data});
    file.Finish();
    const std::size_t count = file.writer.cue_count();
    EXPECT_LE(count, room);
    EXPECT_GE(count, (room + 1) / 2);
    EXPECT_EQ(cues[0].time, 0u);
    const std::uint64_t step = count > 1 ? cues[1].time : 0;
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(cues[i].time, i * step);
    EXPECT_EQ(ReadWebm(file.bytes).error, WebmError::kNone);
  }
}

TEST(WebmWriterTest, WhatCannotBeWrittenWritesNothingAndChangesNothing) {
  WebmWriter writer = *WebmWriter::Create({.tracks = kBoth});
  Buffer out(10'000);
  EXPECT_EQ(writer.WriteHeader(MutableBytes(out).first(writer.HeaderSize() - 1)), 0u);
  const std::size_t header = writer.WriteHeader(out);
  ASSERT_EQ(header, writer.HeaderSize());
  const Buffer data(100);
  const Sample sample{0, 0, 0, true, data};
  EXPECT_EQ(writer.WriteFrame(3, sample, out), 0u);
  EXPECT_EQ(writer.WriteFrame(1, {0, -90 * 32'769, 0, true, data}, out), 0u);
  EXPECT_EQ(writer.WriteFrame(1, {0, INT64_MAX, 0, true, data}, out), 0u);
  const std::size_t needed = WebmWriter(writer).WriteFrame(1, sample, out);
  for (std::size_t size = 0; size < needed; ++size) {
    EXPECT_EQ(writer.WriteFrame(1, sample, MutableBytes(out).first(size)), 0u);
  }
  EXPECT_EQ(writer.size(), header);
  EXPECT_EQ(writer.WriteFrame(1, sample, MutableBytes(out).first(needed)), needed);
}

TEST(WebmWriterTest, EachCauseOfRefusalHasItsName) {
  const auto error = [](std::vector<WebmWriter::Track> tracks, bool webm = true) {
    return WebmWriter::Create({.webm = webm, .tracks = tracks}).error();
  };
  EXPECT_EQ(error({}), WebmWriterError::kNoTrack);
  EXPECT_EQ(error(std::vector<WebmWriter::Track>(17, Video())), WebmWriterError::kTooManyTracks);
  EXPECT_EQ(error({Video(1), Audio(1)}), WebmWriterError::kBadTrackId);
  EXPECT_EQ(error({Video(0)}), WebmWriterError::kBadTrackId);
  WebmWriter::Track track = Video();
  track.config.timescale = 0;
  EXPECT_EQ(error({track}), WebmWriterError::kBadTimescale);
  track = Video();
  track.config.codec = Codec::kG722;
  EXPECT_EQ(error({track}), WebmWriterError::kUnsupportedCodec);
  track.codec_id = "A_G722";
  EXPECT_EQ(error({track}), WebmWriterError::kNotInWebm);
  EXPECT_TRUE(WebmWriter::Create({.webm = false, .tracks = std::span(&track, 1)}));
  track = Video();
  track.config.codec = Codec::kH264;
  EXPECT_EQ(error({track}), WebmWriterError::kNotInWebm);
  EXPECT_EQ(error({track}, false), WebmWriterError::kNoCodecPrivate);
  track = Audio();
  track.codec_private = track.codec_private.first(18);
  EXPECT_EQ(error({track}), WebmWriterError::kNoCodecPrivate);
  EXPECT_EQ(ToString(WebmWriterError::kNotInWebm), "webm writer: codec is not in WebM");
}

TEST(WebmWriterTest, WritingTakesNoHeap) {
  const Buffer data(1000);
  std::array<std::uint8_t, 2000> out;
  const mediacore::testing::HeapWatch heap;
  WebmWriter writer = *WebmWriter::Create({.tracks = kBoth, .seekable = true});
  std::size_t bytes = writer.WriteHeader(out);
  FilePatch patch;
  for (int i = 0; i < 100; ++i) {
    bytes += writer.WriteFrame(1, {i * 3000, i * 3000, 3000, i % 10 == 0, data}, out);
    while (writer.TakePatch(patch)) {
    }
  }
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_GT(bytes, 100'000u);
}

// ---- files of other programs

struct Made {
  const char* name;
  const char* options;
  const char* file;
  bool webm;
  bool laced = false;  // ffprobe does not say the times of all frames
};
void PrintTo(const Made& made, std::ostream* out) { *out << made.name; }

// "stream,pts,size,key" of each packet; N/A where ffprobe does not know.
std::vector<std::string> Probed(const std::string& file) {
  std::vector<std::string> lines;
  std::istringstream in(testing::Run(
      "ffprobe -v error -fflags nofillin -show_entries packet=stream_index,pts,size,flags -of csv=p=0 " + file));
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    const bool key = line.find(",K") != std::string::npos;
    lines.push_back(line.substr(0, line.find(',', line.find(',', line.find(',') + 1) + 1)) + (key ? ",K" : ",_"));
  }
  return lines;
}
// The same as the reader has it: ffmpeg takes the codec delay off.
std::vector<std::string> Told(const WebmOutcome& outcome) {
  std::vector<std::string> lines;
  for (const KeptFrame& frame : outcome.frames) {
    std::size_t index = 0;
    while (outcome.tracks[index].about.config.id != frame.track) ++index;
    const std::int64_t delay = outcome.tracks[index].about.config.priming;
    lines.push_back(std::to_string(index) + ',' + std::to_string(frame.timestamp - delay) + ',' +
                    std::to_string(frame.data.size()) + (frame.key_frame ? ",K" : ",_"));
  }
  return lines;
}
// Of the frames of a lace ffprobe has no time, or one that it added up from rounded ones, and of some
// codecs the key flag of the first only. What it cannot know, or has otherwise, is taken as told.
std::string OfLace(const std::string& told, const std::string& probed) {
  const std::size_t told_end = told.find(',', 2);
  const std::size_t end = probed.find(',', 2);
  const std::string time = probed.substr(2, end - 2);
  const std::int64_t told_time = std::stoll(told.substr(2));
  if (time != "N/A" && std::abs(std::stoll(time) - told_time) > 1) return probed;
  std::string out = probed.substr(0, 2) + told.substr(2, told_end - 2) + probed.substr(end);
  if (out.starts_with("1,") && out.ends_with('_')) out.back() = 'K';
  return out;
}
void ExpectSame(const std::vector<std::string>& told, std::vector<std::string> probed, bool laced = false) {
  ASSERT_EQ(told.size(), probed.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (laced && told[i] != probed[i]) probed[i] = OfLace(told[i], probed[i]);
    if (told[i] != probed[i] && ++different < 5) {
      ADD_FAILURE() << "packet " << i << ": " << told[i] << " and not " << probed[i];
    }
  }
  EXPECT_EQ(different, 0u);
}
bool Have(const std::string& program) { return std::system((program + " >/dev/null 2>&1").c_str()) == 0; }

class WebmOfOthers : public ::testing::TestWithParam<Made> {};

TEST_P(WebmOfOthers, IsReadAsFfprobeReadsItAndWrittenAgain) {
  if (!testing::HaveFfmpeg()) GTEST_SKIP() << "ffmpeg is not here";
  if (GetParam().laced && !Have("mkvmerge --version")) GTEST_SKIP() << "mkvmerge is not here";
  const TempDir dir;
  const std::string input =
      "SVT_LOG=1 ffmpeg -v error -y -f lavfi -i testsrc2=size=160x120:rate=25:duration=3 -f lavfi -i "
      "sine=frequency=300:sample_rate=48000:duration=3 -pix_fmt yuv420p ";
  const std::string name = dir / GetParam().file;
  if (GetParam().laced) {
    ASSERT_EQ(testing::Run(input + GetParam().options + " -f matroska " + dir / "plain.mkv"), "");
    testing::Run("mkvmerge -q -o " + name + " " + dir / "plain.mkv");
  } else {
    ASSERT_EQ(testing::Run(input + GetParam().options + " " + name), "");
  }
  const Buffer file = testing::ReadFile(name);
  const WebmOutcome outcome = ReadWebm(file);
  ASSERT_EQ(outcome.error, WebmError::kNone) << ToString(outcome.error) << " at " << outcome.offset;
  EXPECT_EQ(outcome.stats.bad_blocks + outcome.stats.oversized_blocks + outcome.stats.stray_blocks, 0u);
  EXPECT_EQ(outcome.is_webm, GetParam().webm);
  EXPECT_TRUE(ReadWebm(file, 1) == outcome);
  EXPECT_TRUE(ReadWebm(file, 1000) == outcome);
  const auto probed = Probed(name);
  ExpectSame(Told(outcome), probed, GetParam().laced);
  if (GetParam().laced) {
    EXPECT_LT(outcome.stats.clusters, outcome.frames.size());
  }

  // Of Vorbis in laces nobody says the times; written without laces it would need them.
  if (std::string(GetParam().name) == "Vp8VorbisLaced") return;
  for (const bool seekable : {false, true}) {
    std::vector<WebmWriter::Track> tracks;
    for (const KeptTrack& kept : outcome.tracks) {
      WebmWriter::Track track{.config = kept.about.config,
                              .codec_private = kept.codec_private,
                              .default_duration_ns = kept.about.default_duration_ns};
      if (track.config.codec == Codec::kUnknown) track.codec_id = kept.codec_id;
      tracks.push_back(track);
    }
    std::array<WebmCue, 100> cues;
    File again({.webm = GetParam().webm, .tracks = tracks, .seekable = seekable, .cues = cues});
    for (const KeptFrame& frame : outcome.frames) {
      const Sample sample{frame.timestamp, frame.timestamp, static_cast<std::uint32_t>(frame.duration), frame.key_frame,
                          frame.data};
      ASSERT_GT(again.Add(frame.track, sample, frame.discard_padding_ns), 0u);
    }
    again.Finish();
    const std::string copy = dir / (seekable ? "patched.mkv" : "streamed.mkv");
    testing::WriteFile(copy, again.bytes);
    ExpectSame(Told(ReadWebm(again.bytes)), Probed(copy));
    ExpectSame(Told(outcome), Probed(copy));
    if (!seekable) continue;
    EXPECT_EQ(testing::Run("ffmpeg -v error -xerror -i " + copy + " -f null -"), "");
    EXPECT_TRUE(testing::DecodedFrames(copy, 'v') == testing::DecodedFrames(name, 'v'));
    EXPECT_TRUE(testing::DecodedFrames(copy, 'a') == testing::DecodedFrames(name, 'a'));
    const double duration =
        std::atof(testing::Run("ffprobe -v error -show_entries format=duration -of csv=p=0 " + copy).c_str());
    EXPECT_NEAR(duration, 3.0, 0.15);
    EXPECT_NE(testing::Run("ffmpeg -v error -ss 2.2 -i " + copy + " -map 0:v -frames:v 1 -f framecrc -").find("28800"),
              std::string::npos);
    if (Have("mkvmerge --version")) {
      const std::string told = testing::Run("mkvmerge -i " + copy);
      EXPECT_EQ(told.find("arning"), std::string::npos) << told;
      EXPECT_EQ(told.find("rror"), std::string::npos) << told;
      EXPECT_NE(told.find("Track ID 1"), std::string::npos) << told;
    }
    if (Have("mkvinfo --version")) {
      const std::string told = testing::Run("mkvinfo -v -v " + copy + " | grep -c -E 'Simple block|Block group'");
      EXPECT_EQ(std::stoul(told), outcome.frames.size()) << told;
    }
  }
}
std::string NameOf(const ::testing::TestParamInfo<Made>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(
    Files, WebmOfOthers,
    ::testing::Values(
        Made{"Vp8Opus", "-c:v libvpx -b:v 200k -g 25 -c:a libopus", "a.webm", true},
        Made{"Vp9OpusByPipe",
             "-c:v libvpx-vp9 -b:v 200k -g 25 -deadline realtime -cpu-used 8 -c:a libopus -f webm - | cat >", "a.webm",
             true},
        Made{"Vp9OpusLive",
             "-c:v libvpx-vp9 -b:v 200k -g 25 -deadline realtime -cpu-used 8 -c:a libopus -f webm -live 1 "
             "-cluster_time_limit 400",
             "a.webm", true},
        Made{"Av1Vorbis", "-c:v libsvtav1 -preset 12 -g 25 -c:a libvorbis -ac 2", "a.webm", true},
        Made{"H264Aac", "-c:v libx264 -g 25 -bf 2 -c:a aac", "a.mkv", false},
        Made{"H265OpusByPipe", "-c:v libx265 -x265-params log-level=none -g 25 -c:a libopus -f matroska - | cat >",
             "a.mkv", false},
        Made{"H264AacLaced", "-c:v libx264 -g 25 -bf 2 -c:a aac", "a.mkv", false, true},
        Made{"Vp8VorbisLaced", "-c:v libvpx -b:v 200k -g 25 -c:a libvorbis -ac 2", "a.mkv", false, true}),
    NameOf);

}  // namespace
}  // namespace mediacore::mux
