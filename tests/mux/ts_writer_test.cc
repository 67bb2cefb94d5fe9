#include "mediacore/mux/ts_writer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;
using testing::Media;

TsWriter WriterOf(const TsWriter::Config& config) { return *TsWriter::Create(config); }
TsWriter BothWriter() { return WriterOf({.video = testing::VideoTrack(), .audio = testing::AudioTrack()}); }

// Grows the stream by what the writer writes, and checks that sizes were exact.
void AddTables(TsWriter& writer, Buffer& out) {
  const std::size_t at = out.size();
  out.resize(at + TsWriter::kTablesSize);
  EXPECT_EQ(writer.WriteTables(MutableBytes(out).subspan(at)), TsWriter::kTablesSize);
}
void AddVideo(TsWriter& writer, const Sample& sample, Buffer& out) {
  const std::size_t at = out.size();
  const std::size_t size = writer.VideoSize(sample);
  out.resize(at + size, 0xcc);
  EXPECT_EQ(writer.WriteVideo(sample, MutableBytes(out).subspan(at)), size);
  EXPECT_GT(size, 0u);
}
void AddAudio(TsWriter& writer, std::span<const Sample> samples, Buffer& out) {
  const std::size_t at = out.size();
  const std::size_t size = writer.AudioSize(samples);
  out.resize(at + size, 0xcc);
  EXPECT_EQ(writer.WriteAudio(samples, MutableBytes(out).subspan(at)), size);
  EXPECT_GT(size, 0u);
}

// What `sample` is in Annex B behind a delimiter and, for a key frame, the sets.
Buffer AnnexBOf(const Sample& sample) {
  Buffer out = {0, 0, 0, 1, 9, 0xf0};
  const auto add = [&out](Bytes nal) {
    out.insert(out.end(), {0, 0, 0, 1});
    out.insert(out.end(), nal.begin(), nal.end());
  };
  if (sample.sync) {
    add(testing::kSps);
    add(testing::kPps);
  }
  AvccReader reader(sample.data);
  Bytes nal;
  while (reader.Next(nal)) add(nal);
  return out;
}

TEST(TsWriterTest, AccessUnitsOfEverySizeComeBackByteForByte) {
  // Around each place where a packet is just full, with and without a clock.
  Media media;
  TsWriter writer = BothWriter();
  Buffer stream;
  AddTables(writer, stream);
  std::vector<Sample> video, audio;
  std::int64_t dts = 0;
  for (std::size_t size = 1; size < 800; ++size, dts += 3000) {
    video.push_back(media.Picture(dts, dts + (size % 3 == 0 ? 6000 : 0), size % 5 == 0, size));
    AddVideo(writer, video.back(), stream);
    audio.push_back(media.Sound(dts * 48 / 90, size));
    AddAudio(writer, std::span(&audio.back(), 1), stream);
  }
  video.push_back(media.Picture(dts, dts, true, 300'000));
  AddVideo(writer, video.back(), stream);

  testing::Demuxed demuxed;
  demuxed.Read(stream);
  demuxed.Finish();
  ASSERT_EQ(demuxed.video.size(), video.size());
  ASSERT_EQ(demuxed.audio.size(), audio.size());
  for (std::size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(demuxed.video[i].bytes, AnnexBOf(video[i])) << i;
    EXPECT_EQ(demuxed.video[i].about.dts, video[i].dts + kTsClock);
    EXPECT_EQ(demuxed.video[i].about.pts, video[i].pts + kTsClock);
    EXPECT_EQ(demuxed.video[i].about.key_frame, video[i].sync);
  }
  for (std::size_t i = 0; i < audio.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(demuxed.audio[i].bytes, audio[i].data)) << i;
    EXPECT_EQ(demuxed.audio[i].about.pts, audio[i].pts * 90 / 48 + kTsClock);
  }
  const TsReader::Stats& stats = demuxed.reader.stats();
  EXPECT_EQ(stats.packets * kTsPacketSize, stream.size());
  EXPECT_EQ(stats.bad_packets + stats.continuity_errors + stats.section_errors + stats.pes_errors +
                stats.adts_errors + stats.overflows + stats.skipped_bytes,
            0u);
}

TEST(TsWriterTest, SeveralFramesOfSoundGoIntoOnePesPacket) {
  Media media;
  TsWriter writer = WriterOf({.audio = testing::AudioTrack()});
  Buffer stream;
  AddTables(writer, stream);
  std::vector<Sample> samples;
  for (int i = 0; i < 9; ++i) samples.push_back(media.Sound(1024 * i, 200));
  AddAudio(writer, std::span(samples).first(4), stream);
  AddAudio(writer, std::span(samples).subspan(4), stream);
  testing::Demuxed demuxed;
  demuxed.Read(stream);
  demuxed.Finish();
  ASSERT_EQ(demuxed.audio.size(), 9u);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(demuxed.audio[static_cast<std::size_t>(i)].about.pts, 1920 * i + kTsClock);
  }
  EXPECT_EQ(demuxed.audio[0].about.adts, (AdtsConfig{2, 3, 2}));
}

TEST(TsWriterTest, CountersRunOnFromSegmentToSegmentAndOverNewTracks) {
  Media media;
  TsWriter writer = BothWriter();
  Buffer stream;
  for (int segment = 0; segment < 20; ++segment) {
    if (segment == 10) {
      TsWriter next = BothWriter();
      next.Continue(writer);
      writer = next;
    }
    AddTables(writer, stream);
    AddVideo(writer, media.Picture(segment * 180'000, segment * 180'000, true, 500), stream);
    const Sample sound = media.Sound(segment * 96'000, 100);
    AddAudio(writer, std::span(&sound, 1), stream);
  }
  std::map<int, int> last;
  std::map<int, int> versions;
  for (std::size_t at = 0; at < stream.size(); at += kTsPacketSize) {
    const auto packet = TsPacketView::Parse(Bytes(stream).subspan(at, kTsPacketSize));
    ASSERT_TRUE(packet);
    if (!packet->has_payload()) continue;
    const auto before = last.find(packet->pid());
    if (before != last.end()) {
      EXPECT_EQ(packet->continuity_counter(), (before->second + 1) & 15) << packet->pid();
    }
    last[packet->pid()] = packet->continuity_counter();
    if (packet->pid() == kTsPmtPid) ++versions[TsSectionView::Parse(packet->payload().subspan(1))->version()];
  }
  EXPECT_EQ(last.size(), 4u);
  EXPECT_EQ(versions, (std::map<int, int>{{0, 10}, {1, 10}}));
}

// The clock stays at most 100 ms apart, never falls, and never passes the decode
// time of what follows; pictures may be 40 ms or 2 s apart.
TEST(TsWriterTest, TheClockIsDenseAndAhead) {
  for (const std::int64_t step : {3600, 9000, 9001, 18'000, 180'000}) {
    Media media;
    TsWriter writer = BothWriter();
    Buffer stream;
    AddTables(writer, stream);
    for (int i = 0; i < 20; ++i) {
      AddVideo(writer, media.Picture(i * step, i * step, i == 0, 50), stream);
    }
    std::int64_t last = -1;
    int clocks = 0;
    for (std::size_t at = 0; at < stream.size(); at += kTsPacketSize) {
      const auto packet = TsPacketView::Parse(Bytes(stream).subspan(at, kTsPacketSize));
      ASSERT_TRUE(packet);
      std::int64_t pcr = 0;
      if (packet->ReadPcr(pcr)) {
        EXPECT_EQ(packet->pid(), kTsVideoPid);
        if (clocks++ > 0) {
          EXPECT_GT(pcr, last);
          EXPECT_LE(pcr - last, 2'700'000);
        }
        last = pcr;
      }
      if (packet->pid() == kTsVideoPid && packet->unit_start()) {
        const auto pes = PesHeaderView::Parse(packet->payload());
        ASSERT_TRUE(pes);
        EXPECT_LE(last / 300, pes->dts());
      }
    }
    EXPECT_GE(clocks, 20);
  }
}

TEST(TsWriterTest, AJumpOfTimeIsNotFilledWithClocks) {
  Media media;
  TsWriter writer = BothWriter();
  Buffer stream;
  AddVideo(writer, media.Picture(0, 0, true, 50), stream);
  EXPECT_EQ(writer.VideoSize(media.Picture(900'000, 900'000, true, 50)), 100 * kTsPacketSize);
  EXPECT_EQ(writer.VideoSize(media.Picture(900'001, 900'001, true, 50)), kTsPacketSize);
  EXPECT_EQ(writer.VideoSize(media.Picture(-900'001, -900'001, true, 50)), kTsPacketSize);
}

TEST(TsWriterTest, TimesWrapAtThirtyThreeBitsAndReadOn) {
  Media media;
  TsWriter writer = BothWriter();
  Buffer stream;
  AddTables(writer, stream);
  const std::int64_t start = kTsWrap - kTsClock - 9000;
  for (int i = 0; i < 10; ++i) {
    const std::int64_t dts = start + i * 3000;
    AddVideo(writer, media.Picture(dts, dts + 3000, i == 0, 400), stream);
  }
  testing::Demuxed demuxed;
  demuxed.Read(stream);
  demuxed.Finish();
  ASSERT_EQ(demuxed.video.size(), 10u);
  for (int i = 0; i < 10; ++i) {
    const TsAccessUnit& unit = demuxed.video[static_cast<std::size_t>(i)].about;
    EXPECT_EQ(unit.dts, start + kTsClock + i * 3000);
    EXPECT_EQ(unit.pts, unit.dts + 3000);
  }
}

TEST(TsWriterTest, ASampleThatBringsItsOwnDelimiterAndSetsKeepsThemOnce) {
  Media media;
  TsWriter writer = BothWriter();
  Buffer own = {0, 0, 0, 2, 9, 0x10, 0, 0, 0, 6};
  own.insert(own.end(), testing::kSps.begin(), testing::kSps.end());
  own.insert(own.end(), {0, 0, 0, 4});
  own.insert(own.end(), testing::kPps.begin(), testing::kPps.end());
  own.insert(own.end(), {0, 0, 0, 3, 0x65, 0x88, 0x84});
  Buffer stream;
  AddTables(writer, stream);
  AddVideo(writer, {0, 0, 3000, true, media.Keep(own)}, stream);
  testing::Demuxed demuxed;
  demuxed.Read(stream);
  demuxed.Finish();
  ASSERT_EQ(demuxed.video.size(), 1u);
  int delimiters = 0, sps = 0;
  AnnexBReader reader(demuxed.video[0].bytes);
  Bytes nal;
  while (reader.Next(nal)) {
    delimiters += (nal[0] & 31) == 9;
    sps += (nal[0] & 31) == 7;
  }
  EXPECT_EQ(delimiters, 1);
  EXPECT_EQ(sps, 1);
}

TEST(TsWriterTest, WhatCannotBeWrittenWritesNothingAndChangesNothing) {
  Media media;
  TsWriter writer = BothWriter();
  Buffer out(100'000);
  Sample lies = media.Picture(0, 0, true, 100);
  Buffer bytes(lies.data.begin(), lies.data.end());
  bytes[3] = 200;
  lies.data = media.Keep(bytes);
  EXPECT_EQ(writer.VideoSize(lies), 0u);
  EXPECT_EQ(writer.WriteVideo(lies, out), 0u);
  const Sample good = media.Picture(0, 0, true, 1000);
  EXPECT_EQ(writer.WriteVideo(good, MutableBytes(out).first(writer.VideoSize(good) - 1)), 0u);
  const Sample long_sound = media.Sound(0, kAdtsMaxAccessUnit + 1);
  EXPECT_EQ(writer.AudioSize(std::span(&long_sound, 1)), 0u);
  EXPECT_EQ(writer.WriteAudio({}, out), 0u);
  const std::vector<Sample> too_many(9, media.Sound(0, 8000));
  EXPECT_EQ(writer.AudioSize(too_many), 0u);
  EXPECT_GT(writer.AudioSize(std::span(too_many).first(8)), 0u);
  EXPECT_EQ(WriterOf({.video = testing::VideoTrack()}).AudioSize(std::span(too_many).first(1)), 0u);
  EXPECT_EQ(WriterOf({.audio = testing::AudioTrack()}).VideoSize(good), 0u);
  ASSERT_GT(writer.WriteVideo(good, out), 0u);
  EXPECT_EQ(TsPacketView::Parse(Bytes(out).first(kTsPacketSize))->continuity_counter(), 0);
}

TEST(TsWriterTest, EachCauseOfRefusalHasItsName) {
  const auto error = [](TrackConfig video, TrackConfig audio) {
    return TsWriter::Create({.video = video, .audio = audio}).error();
  };
  EXPECT_EQ(error({}, {}), TsWriterError::kNoTrack);
  TrackConfig track = testing::VideoTrack();
  track.codec = Codec::kVp8;
  EXPECT_EQ(error(track, {}), TsWriterError::kUnsupportedVideo);
  track = testing::VideoTrack();
  track.codec_config = track.codec_config.first(8);
  EXPECT_EQ(error(track, {}), TsWriterError::kBadVideoConfig);
  track = testing::AudioTrack();
  track.codec = Codec::kOpus;
  EXPECT_EQ(error({}, track), TsWriterError::kUnsupportedAudio);
  track = testing::AudioTrack();
  track.codec_config = {};
  EXPECT_EQ(error({}, track), TsWriterError::kBadAudioConfig);
  EXPECT_EQ(ToString(TsWriterError::kUnsupportedAudio), "ts writer: audio is not AAC");
}

}  // namespace
}  // namespace mediacore::mux
