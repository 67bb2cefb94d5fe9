#include "mediacore/mux/fmp4_fragment_view.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "mediacore/mux/fmp4_fragment_writer.h"
#include "mediacore/mux/fmp4_init_writer.h"
#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;
using testing::Media;

Buffer InitOf(std::span<const TrackConfig> tracks) {
  const InitWriter writer(tracks);
  Buffer bytes(writer.WireSize());
  EXPECT_EQ(writer.Write(bytes), bytes.size());
  return bytes;
}
Buffer Written(const Fragment& about, std::span<const Sample> samples) {
  const FragmentWriter writer(about, samples);
  Buffer bytes(static_cast<std::size_t>(writer.WireSize()));
  EXPECT_EQ(writer.Write(bytes), bytes.size());
  return bytes;
}
std::vector<Sample> All(const FragmentView& fragment, std::uint32_t track) {
  std::vector<Sample> samples;
  auto reader = fragment.samples(track);
  Sample sample;
  while (reader.Next(sample)) samples.push_back(sample);
  return samples;
}
void ExpectSame(std::span<const Sample> a, std::span<const Sample> b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].dts, b[i].dts) << i;
    EXPECT_EQ(a[i].pts, b[i].pts) << i;
    EXPECT_EQ(a[i].duration, b[i].duration) << i;
    EXPECT_EQ(a[i].sync, b[i].sync) << i;
    EXPECT_TRUE(std::ranges::equal(a[i].data, b[i].data)) << i;
  }
}

class Fmp4FragmentTest : public ::testing::Test {
 protected:
  Fmp4FragmentTest()
      : tracks_{testing::VideoTrack(), testing::AudioTrack()},
        init_bytes_(InitOf(tracks_)),
        init_(*InitView::Parse(init_bytes_)) {}

  FragmentError ErrorOf(const Buffer& bytes) {
    return FragmentView::Parse(bytes, 0, init_).error();
  }

  std::array<TrackConfig, 2> tracks_;
  Buffer init_bytes_;
  InitView init_;
  Media media_;
};

TEST_F(Fmp4FragmentTest, PicturesWithBFramesReadBackAsWritten) {
  const std::vector<Sample> samples = {
      media_.Picture(900'000, 903'000, true, 5000), media_.Picture(903'000, 912'000, false, 300),
      media_.Picture(906'000, 906'000, false, 100), media_.Picture(909'000, 908'000, false, 120)};
  const Buffer bytes = Written({.sequence_number = 9, .base_decode_time = 900'000}, samples);
  const auto fragment = FragmentView::Parse(bytes, 0, init_);
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->sequence_number(), 9u);
  EXPECT_EQ(fragment->end(), bytes.size());
  EXPECT_FALSE(fragment->capture_time().IsSet());
  ExpectSame(All(*fragment, 1), samples);
  EXPECT_TRUE(All(*fragment, 2).empty());
}

TEST_F(Fmp4FragmentTest, EveryMixOfEqualAndUnequalFieldsReadsBack) {
  for (unsigned mix = 0; mix < 64; ++mix) {
    for (std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
      std::vector<Sample> samples;
      std::int64_t dts = std::int64_t{1} << 40;
      for (std::size_t i = 0; i < count; ++i) {
        const bool odd = i % 2 == 1;
        Sample s = media_.Picture(dts, dts, true, (mix & 1) != 0 && odd ? 50 : 60);
        s.duration = (mix & 2) != 0 && odd ? 3003 : 3000;
        s.sync = (mix & 4) != 0 ? odd : (mix & 8) != 0 ? i == 0 : (mix & 16) == 0;
        if ((mix & 32) != 0 && odd) s.pts += 6000;
        dts += s.duration;
        samples.push_back(s);
      }
      const Buffer bytes = Written({.base_decode_time = std::uint64_t{1} << 40}, samples);
      const auto fragment = FragmentView::Parse(bytes, 0, init_);
      ASSERT_TRUE(fragment) << mix;
      ExpectSame(All(*fragment, 1), samples);
    }
  }
}

TEST_F(Fmp4FragmentTest, WhatIsTheSameForAllSamplesIsSaidOnce) {
  std::vector<FragmentSample> samples(100, {1024, 300, 0, true});
  const Fragment part = {.track_id = 2, .segment_start = false};
  EXPECT_EQ(FragmentWriter(part, samples).HeaderSize(), 8u + 16 + 8 + 28 + 20 + 20 + 8);
  samples[50].size = 301;
  EXPECT_EQ(FragmentWriter(part, samples).HeaderSize(), 8u + 16 + 8 + 24 + 20 + 20 + 400 + 8);
}

TEST_F(Fmp4FragmentTest, TheHeaderAloneLetsTheCallerKeepTheMedia) {
  const std::vector<Sample> samples = {media_.Picture(0, 0, true, 700), media_.Picture(3000, 3000, false, 80)};
  std::vector<FragmentSample> about;
  Buffer payload;
  for (const Sample& s : samples) {
    about.push_back({s.duration, static_cast<std::uint32_t>(s.data.size()), 0, s.sync});
    payload.insert(payload.end(), s.data.begin(), s.data.end());
  }
  const FragmentWriter writer(Fragment{}, about);
  Buffer bytes(writer.HeaderSize());
  EXPECT_EQ(writer.WriteHeader(bytes), bytes.size());
  EXPECT_EQ(writer.MediaSize(), payload.size());
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  EXPECT_EQ(bytes, Written(Fragment{}, samples));
  Buffer small(writer.HeaderSize() - 1);
  EXPECT_EQ(writer.WriteHeader(small), 0u);
}

TEST_F(Fmp4FragmentTest, PartsOfASegmentFollowOnEachOther) {
  Buffer file = init_bytes_;
  std::vector<Sample> all;
  for (int part = 0; part < 4; ++part) {
    const std::vector<Sample> samples = {media_.Sound(2048 * part, 100), media_.Sound(2048 * part + 1024, 120)};
    const Buffer bytes = Written({.track_id = 2,
                                  .sequence_number = static_cast<std::uint32_t>(part + 1),
                                  .base_decode_time = static_cast<std::uint64_t>(2048 * part),
                                  .segment_start = part == 0},
                                 samples);
    file.insert(file.end(), bytes.begin(), bytes.end());
    all.insert(all.end(), samples.begin(), samples.end());
  }
  std::vector<Sample> read;
  std::size_t at = init_.size();
  std::uint32_t expected = 0;
  while (const auto fragment = FragmentView::Parse(file, at, init_)) {
    EXPECT_EQ(fragment->sequence_number(), ++expected);
    for (const Sample& s : All(*fragment, 2)) read.push_back(s);
    at = fragment->end();
  }
  EXPECT_EQ(FragmentView::Parse(file, at, init_).error(), FragmentError::kEnd);
  ExpectSame(read, all);
}

TEST_F(Fmp4FragmentTest, TheCaptureTimeTravelsInFront) {
  const NtpTime captured = NtpTime::FromUnixMicros(1'700'000'000'123'456);
  const std::vector<Sample> samples = {media_.Sound(0, 10)};
  const Buffer bytes = Written({.track_id = 2, .capture_time = captured}, samples);
  const auto fragment = FragmentView::Parse(bytes, 0, init_);
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->capture_time(), captured);
}

TEST_F(Fmp4FragmentTest, AFragmentCutShortAnywhereIsRefused) {
  const std::vector<Sample> samples = {media_.Sound(0, 10), media_.Sound(1024, 20)};
  const Buffer bytes = Written({.track_id = 2}, samples);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(FragmentView::Parse(Bytes(bytes).first(n), 0, init_)) << n;
  }
}

// Where things lie in a fragment without styp: moof 0, mfhd 8, traf 24, tfhd 32,
// then tfdt of 20 bytes, trun, mdat.
TEST_F(Fmp4FragmentTest, EachCauseOfRefusalHasItsName) {
  const std::vector<Sample> samples = {media_.Sound(0, 10), media_.Sound(1024, 20)};
  const Buffer good = Written({.track_id = 2, .segment_start = false}, samples);
  const std::string text(good.begin(), good.end());
  const std::size_t tfhd = text.find("tfhd"), tfdt = text.find("tfdt"), trun = text.find("trun");
  const auto with = [&](std::size_t at, std::uint32_t value) {
    Buffer bytes = good;
    StoreU32(bytes.data() + at, value);
    return ErrorOf(bytes);
  };
  EXPECT_EQ(ErrorOf({}), FragmentError::kEnd);
  EXPECT_EQ(with(0, 4), FragmentError::kBadBox);
  EXPECT_EQ(with(text.find("mfhd"), 0), FragmentError::kNoHeader);
  EXPECT_EQ(with(tfhd, 0), FragmentError::kBadTrackHeader);
  EXPECT_EQ(with(tfhd + 8, 9), FragmentError::kUnknownTrack);
  EXPECT_EQ(with(tfdt, 0), FragmentError::kNoTime);
  EXPECT_EQ(with(tfdt + 8, 0x20000000), FragmentError::kBadTime);
  EXPECT_EQ(with(trun + 8, 3), FragmentError::kBadRun);
  EXPECT_EQ(with(trun + 12, 0), FragmentError::kDataOutside);
  EXPECT_EQ(with(trun + 16, 31), FragmentError::kDataOutside);
  EXPECT_EQ(ToString(FragmentError::kDataOutside), "fmp4 fragment: samples outside mdat");

  // A second traf that neither counts from moof nor says where from.
  Buffer two = good;
  const std::size_t traf = text.find("traf") - 4;
  const std::uint32_t size = LoadU32(good.data() + traf);
  Buffer second(good.begin() + static_cast<std::ptrdiff_t>(traf),
                good.begin() + static_cast<std::ptrdiff_t>(traf + size));
  second[tfhd + 5 - traf] = 0;
  two.insert(two.begin() + static_cast<std::ptrdiff_t>(traf + size), second.begin(), second.end());
  StoreU32(two.data(), LoadU32(two.data()) + size);
  StoreU32(two.data() + trun + 12, LoadU32(two.data() + trun + 12) + size);
  EXPECT_EQ(ErrorOf(two), FragmentError::kNoDataBase);
}

TEST_F(Fmp4FragmentTest, ACountWithoutBytesTakesNoTime) {
  // All fields by default and a size of 0: four billion samples in 20 bytes.
  std::vector<FragmentSample> samples(1, {1024, 1, 0, true});
  const FragmentWriter writer(Fragment{.track_id = 2}, samples);
  Buffer bytes(writer.HeaderSize() + 1);
  ASSERT_EQ(writer.WriteHeader(bytes), writer.HeaderSize());
  const std::string text(bytes.begin(), bytes.end());
  StoreU32(bytes.data() + text.find("tfhd") + 16, 0);
  EXPECT_TRUE(FragmentView::Parse(bytes, 0, init_));
  const std::size_t trun = text.find("trun");
  StoreU32(bytes.data() + trun + 8, 0xffffffff);
  EXPECT_EQ(ErrorOf(bytes), FragmentError::kBadRun);
}

TEST_F(Fmp4FragmentTest, AnyNumberOfSamplesWithoutBytesReadsBack) {
  std::vector<Sample> samples(1000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].dts = samples[i].pts = 1024 * static_cast<std::int64_t>(i);
    samples[i].duration = 1024;
    samples[i].sync = true;
  }
  const Buffer bytes = Written(Fragment{.track_id = 2}, samples);
  const auto fragment = FragmentView::Parse(bytes, 0, init_);
  ASSERT_TRUE(fragment);
  ExpectSame(All(*fragment, 2), samples);
}

TEST_F(Fmp4FragmentTest, MoreThanFourGigabytesOfMediaHaveALargeBox) {
  const std::vector<FragmentSample> samples(2, {3000, 0x80000000u, 0, true});
  const FragmentWriter writer(Fragment{.segment_start = false}, samples);
  Buffer bytes(writer.HeaderSize());
  ASSERT_EQ(writer.WriteHeader(bytes), bytes.size());
  EXPECT_EQ(LoadU32(bytes.data() + bytes.size() - 16), 1u);
  EXPECT_EQ(LoadU64(bytes.data() + bytes.size() - 8), 0x100000010u);
}

TEST(Fmp4FilesTest, WhatFfmpegWroteIsReadAndWrittenAgainWithTheSameFrames) {
  if (!testing::HaveFfmpeg()) GTEST_SKIP() << "ffmpeg and ffprobe are not installed";
  const testing::TempDir dir;
  struct Codecs {
    const char* audio;
    const char* video;
    const char* moov = "empty_moov";
  };
  for (const auto& [audio, video, moov] :
       {Codecs{"aac", "libx264 -preset veryfast -bf 2"}, Codecs{"libopus", "libx264 -preset veryfast -bf 2"},
        Codecs{"aac", "libx265 -preset ultrafast -bf 2 -x265-params log-level=none -tag:v hvc1"},
        Codecs{"libopus", "libvpx-vp9 -deadline realtime -cpu-used 8"},
        // Its sequence header comes with the first frame alone.
        Codecs{"libopus", "libaom-av1 -usage realtime -cpu-used 8", "delay_moov"}}) {
    const std::string made = dir / "made.mp4";
    ASSERT_EQ(testing::MakeWithFfmpeg(audio, "-movflags frag_keyframe+" + std::string(moov) + " " + made, video), "");
    const Buffer file = testing::ReadFile(made);
    const auto init = InitView::Parse(file);
    ASSERT_TRUE(init);
    ASSERT_EQ(init->tracks().size(), 2u);
    const auto again = [&](std::size_t track) {
      const TrackConfig config = init->tracks()[track];
      Buffer out = InitOf(std::span(&config, 1));
      std::uint32_t sequence = 0;
      std::size_t at = init->size();
      std::size_t count = 0;
      for (;;) {
        const auto fragment = FragmentView::Parse(file, at, *init);
        if (!fragment) {
          // ffmpeg ends the file with an index that is no fragment.
          EXPECT_EQ(fragment.error(), FragmentError::kEnd);
          break;
        }
        at = fragment->end();
        const auto samples = All(*fragment, config.id);
        if (samples.empty()) continue;
        count += samples.size();
        const Buffer bytes = Written({.track_id = config.id,
                                      .sequence_number = ++sequence,
                                      .base_decode_time = static_cast<std::uint64_t>(samples[0].dts)},
                                     samples);
        out.insert(out.end(), bytes.begin(), bytes.end());
      }
      EXPECT_GE(count, 50u);
      return out;
    };
    for (std::size_t track = 0; track < 2; ++track) {
      const std::string rewritten = dir / "again.mp4";
      testing::WriteFile(rewritten, again(track));
      EXPECT_EQ(testing::Run("ffprobe -v error " + rewritten), "");
      const char kind = IsVideo(init->tracks()[track].codec) ? 'v' : 'a';
      const std::string frames = testing::DecodedFrames(made, kind);
      EXPECT_GT(frames.size(), 500u);
      EXPECT_EQ(testing::DecodedFrames(rewritten, kind), frames) << audio << " " << video << " " << kind;
    }
  }
}

}  // namespace
}  // namespace mediacore::mux
