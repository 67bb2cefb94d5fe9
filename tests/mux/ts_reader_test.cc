#include "mediacore/mux/ts_reader.h"

#include <algorithm>
#include <ctime>
#include <limits>

#include <gtest/gtest.h>

#include "mediacore/mux/ts_writer.h"
#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;
using testing::Demuxed;
using testing::Media;

// Lays a PES packet with any payload into packets of a PID.
class Stream {
 public:
  Stream() {
    bytes_.resize(2 * kTsPacketSize);
    WriteTsPat(MutableBytes(bytes_).first<188>(), 0, 0);
    WriteTsPmt(MutableBytes(bytes_).subspan<188, 188>(), 0, 0, true, true);
  }
  void Pes(std::uint16_t pid, std::int64_t pts, const Buffer& payload, bool timed = true) {
    std::array<std::uint8_t, 19> header{};
    PesHeaderWriter writer(pid == kTsVideoPid ? kPesVideo : kPesAudio, pts, pts);
    const std::size_t size = writer.Write(payload.size(), header);
    if (!timed) header[7] = 0;  // the bytes of the time become stuffing
    Buffer whole(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(size));
    whole.insert(whole.end(), payload.begin(), payload.end());
    bool start = true;
    for (std::size_t at = 0; at < whole.size();) {
      const std::size_t n = std::min<std::size_t>(184, whole.size() - at);
      std::array<std::uint8_t, 188> packet{};
      packet.fill(0xff);
      StoreU32(packet.data(), 0x47000010u | (start ? 0x400000u : 0u) | std::uint32_t{pid} << 8 |
                                  static_cast<std::uint32_t>(counters_[pid & 1]++ & 15));
      if (n < 184) {
        packet[3] |= 0x20;
        packet[4] = static_cast<std::uint8_t>(183 - n);
        if (n < 183) packet[5] = 0;
      }
      std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(at), n, packet.end() - static_cast<std::ptrdiff_t>(n));
      bytes_.insert(bytes_.end(), packet.begin(), packet.end());
      at += n;
      start = false;
    }
  }
  Buffer& bytes() { return bytes_; }

 private:
  Buffer bytes_;
  std::array<int, 2> counters_{};
};

Buffer Picture(std::uint8_t nal, std::size_t size) {
  Buffer bytes = {0, 0, 0, 1, nal};
  bytes.resize(5 + size, 0x99);
  return bytes;
}
Buffer Join(std::initializer_list<Buffer> parts) {
  Buffer all;
  for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
Buffer Frame(std::size_t size, std::uint8_t fill) {
  Buffer bytes(7);
  EXPECT_TRUE(WriteAdtsHeader({2, 3, 2}, size, std::span(bytes).first<7>()));
  bytes.resize(7 + size, fill);
  return bytes;
}

TEST(TsReaderTest, SeveralPicturesInOnePesPacketComeApart) {
  const Buffer first = Join({Picture(0x09, 1), Picture(0x65, 300)});
  const Buffer second = Join({Picture(0x09, 1), Picture(0x41, 30)});
  const Buffer third = Picture(0x41, 20);  // no delimiter, but macroblock 0
  Stream stream;
  stream.Pes(kTsVideoPid, 9000, Join({first, second, third}));
  Demuxed demuxed;
  demuxed.Read(stream.bytes());
  demuxed.Finish();
  ASSERT_EQ(demuxed.video.size(), 3u);
  EXPECT_EQ(demuxed.video[0].bytes, first);
  EXPECT_EQ(demuxed.video[1].bytes, second);
  EXPECT_EQ(demuxed.video[2].bytes, third);
  EXPECT_TRUE(demuxed.video[0].about.key_frame);
  EXPECT_FALSE(demuxed.video[1].about.key_frame);
  EXPECT_EQ(demuxed.video[0].about.pts, 9000);
}

TEST(TsReaderTest, ANalUnitThatRunsOverPesPacketsIsOneUnitWithTheTimeOfItsStart) {
  // Cut at every place, with and without a time on the second packet: that
  // time is for the picture that begins in it.
  const Buffer first = Join({Picture(0x09, 1), Picture(0x65, 40)});
  const Buffer second = Join({Picture(0x09, 1), Picture(0x41, 10)});
  const Buffer all = Join({first, second});
  for (std::size_t cut = 12; cut < first.size(); ++cut) {
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(cut);
    Stream stream;
    stream.Pes(kTsVideoPid, 9000, Buffer(all.begin(), middle));
    stream.Pes(kTsVideoPid, 12'000, Buffer(middle, all.end()));
    stream.Pes(kTsVideoPid, 15'000, first);
    Demuxed demuxed;
    demuxed.Read(stream.bytes());
    demuxed.Finish();
    ASSERT_EQ(demuxed.video.size(), 3u) << cut;
    EXPECT_EQ(demuxed.video[0].bytes, first);
    EXPECT_EQ(demuxed.video[0].about.pts, 9000);
    EXPECT_EQ(demuxed.video[1].bytes, second);
    EXPECT_EQ(demuxed.video[1].about.pts, 12'000);
    EXPECT_EQ(demuxed.video[2].about.pts, 15'000);
  }
}

TEST(TsReaderTest, APesPacketWithoutTimeGoesOnWithThePictureBefore) {
  Stream stream;
  stream.Pes(kTsVideoPid, 9000, Picture(0x65, 500));
  stream.Pes(kTsVideoPid, 0, Picture(0x65, 400), false);
  stream.bytes()[stream.bytes().size() - 1] = 0x42;
  Demuxed demuxed;
  demuxed.Read(stream.bytes());
  demuxed.Finish();
  ASSERT_FALSE(demuxed.video.empty());
  EXPECT_EQ(demuxed.video.back().bytes.back(), 0x42);
  for (const testing::Unit& unit : demuxed.video) EXPECT_EQ(unit.about.pts, 9000);
}

TEST(TsReaderTest, AFrameOfSoundCutBetweenPesPacketsIsWholeAndOnTime) {
  const Buffer frames = Join({Frame(100, 1), Frame(100, 2), Frame(100, 3)});
  for (std::size_t cut = 108; cut < 214; ++cut) {
    const auto middle = frames.begin() + static_cast<std::ptrdiff_t>(cut);
    Stream stream;
    stream.Pes(kTsAudioPid, 9000, Buffer(frames.begin(), middle));
    // The time is that of the first frame that begins here: the third.
    stream.Pes(kTsAudioPid, cut == 214 ? 10'920 : 12'840, Buffer(middle, frames.end()));
    Demuxed demuxed;
    demuxed.Read(stream.bytes());
    demuxed.Finish();
    ASSERT_EQ(demuxed.audio.size(), 3u) << cut;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(demuxed.audio[i].bytes, Buffer(100, static_cast<std::uint8_t>(i + 1)));
      EXPECT_EQ(demuxed.audio[i].about.pts, 9000 + 1920 * static_cast<std::int64_t>(i)) << cut;
    }
    EXPECT_EQ(demuxed.reader.stats().adts_errors, 0u);
  }
}

TEST(TsReaderTest, NoiseBetweenFramesOfSoundIsPassedOverAndCountedOnce) {
  Stream stream;
  stream.Pes(kTsAudioPid, 0, Join({Frame(50, 1), Buffer(37, 0x11), Frame(50, 2)}));
  Demuxed demuxed;
  demuxed.Read(stream.bytes());
  demuxed.Finish();
  EXPECT_EQ(demuxed.audio.size(), 2u);
  EXPECT_EQ(demuxed.reader.stats().adts_errors, 1u);
}

TEST(TsReaderTest, ALostPacketCostsItsOwnPictureOnly) {
  Stream stream;
  for (int i = 0; i < 4; ++i) stream.Pes(kTsVideoPid, 3000 * i, Picture(0x65, 1000));
  // Each picture has six packets; the ninth media packet is in the second one.
  Buffer& bytes = stream.bytes();
  bytes.erase(bytes.begin() + 188 * 10, bytes.begin() + 188 * 11);
  Demuxed demuxed;
  demuxed.Read(bytes);
  demuxed.Finish();
  ASSERT_EQ(demuxed.video.size(), 3u);
  EXPECT_EQ(demuxed.video[1].about.pts, 6000);
  EXPECT_EQ(demuxed.reader.stats().continuity_errors, 1u);
}

TEST(TsReaderTest, APacketSentTwiceCountsOnce) {
  Stream stream;
  stream.Pes(kTsVideoPid, 0, Picture(0x65, 1000));
  Buffer& bytes = stream.bytes();
  const Buffer twice(bytes.begin() + 188 * 3, bytes.begin() + 188 * 4);
  bytes.insert(bytes.begin() + 188 * 4, twice.begin(), twice.end());
  Demuxed demuxed;
  demuxed.Read(bytes);
  demuxed.Finish();
  ASSERT_EQ(demuxed.video.size(), 1u);
  EXPECT_EQ(demuxed.video[0].bytes, Picture(0x65, 1000));
}

TEST(TsReaderTest, APictureLargerThanTheStorageIsDroppedAndTheNextComes) {
  Stream stream;
  stream.Pes(kTsVideoPid, 0, Picture(0x65, 5000));
  stream.Pes(kTsVideoPid, 3000, Picture(0x41, 500));
  Demuxed demuxed(2000);
  demuxed.Read(stream.bytes());
  demuxed.Finish();
  ASSERT_EQ(demuxed.video.size(), 1u);
  EXPECT_EQ(demuxed.video[0].about.pts, 3000);
  EXPECT_EQ(demuxed.reader.stats().overflows, 1u);
}

TEST(TsReaderTest, BytesInPiecesOfAnySizeGiveTheSame) {
  Stream stream;
  for (int i = 0; i < 3; ++i) {
    stream.Pes(kTsVideoPid, 3000 * i, Picture(0x65, 700));
    stream.Pes(kTsAudioPid, 3000 * i, Frame(300, 1));
  }
  const Buffer& bytes = stream.bytes();
  for (const std::size_t piece : {1u, 100u, 188u, 189u, 1000u}) {
    Demuxed demuxed;
    Buffer held;
    int units = 0;
    const auto count = [&units](const TsAccessUnit&) { ++units; };
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      const std::size_t n = std::min(piece, bytes.size() - at);
      held.insert(held.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes.begin() + static_cast<std::ptrdiff_t>(at + n));
      const std::size_t done = demuxed.reader.Read(held, count);
      held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(done));
    }
    demuxed.reader.Flush(count);
    EXPECT_EQ(units, 6) << piece;
  }
}

TEST(TsReaderTest, EachKindOfDamageIsCounted) {
  Stream stream;
  stream.Pes(kTsVideoPid, 0, Picture(0x65, 10));
  Buffer& good = stream.bytes();
  const auto stats = [](Buffer bytes) {
    Demuxed demuxed;
    demuxed.Read(bytes);
    demuxed.Finish();
    return demuxed.reader.stats();
  };
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Buffer bytes = good;
    bytes[at] = value;
    return bytes;
  };
  EXPECT_EQ(stats(Join({Buffer(5, 0), good})).skipped_bytes, 5u);
  EXPECT_EQ(stats(with(188 * 2 + 3, 0)).bad_packets, 1u);
  EXPECT_EQ(stats(with(188 * 2 + 1, 0xc1)).transport_errors, 1u);
  EXPECT_EQ(stats(with(188 * 2 + 3, 0xf0)).scrambled, 1u);
  EXPECT_EQ(stats(with(9, 0x77)).section_errors, 1u);
  const std::size_t pes = 188 * 3 - 15 - 14;  // picture and header at the end
  EXPECT_EQ(stats(with(pes + 2, 9)).pes_errors, 1u);
  EXPECT_EQ(stats(good).pes_errors, 0u);
}

TEST(TsReaderTest, ThousandsOfNewTablesCostNothingButTheirBytes) {
  Buffer bytes;
  for (int i = 0; i < 5000; ++i) {
    Stream stream;
    stream.bytes()[3] = static_cast<std::uint8_t>(0x10 | (i & 15));
    stream.bytes()[191] = static_cast<std::uint8_t>(0x10 | (i & 15));
    bytes.insert(bytes.end(), stream.bytes().begin(), stream.bytes().end());
  }
  Demuxed demuxed;
  demuxed.Read(bytes);
  EXPECT_TRUE(demuxed.reader.has_video());
  EXPECT_EQ(demuxed.reader.stats().packets, 10'000u);
}

TEST(TsReaderTest, APictureInManyTimedPesPacketsCostsNoMoreThanItsBytes) {
  // No start code, so that it could go on for ever: looked at anew for each PES
  // packet, four times the bytes would cost sixteen times as much.
  std::vector<std::uint8_t> video(5'000'000), audio(10);
  const auto ticks = [&](int packets) {
    Stream stream;
    for (int i = 0; i < packets; ++i) stream.Pes(kTsVideoPid, 9000 + i, Buffer(165, 0x99));
    std::clock_t best = std::numeric_limits<std::clock_t>::max();
    for (int i = 0; i < 5; ++i) {
      TsReader reader(video, audio);
      std::size_t given = 0;
      const auto sink = [&](const TsAccessUnit& unit) { given += unit.data.size(); };
      const std::clock_t start = std::clock();
      reader.Read(stream.bytes(), sink);
      reader.Flush(sink);
      best = std::min(best, std::clock() - start);
      EXPECT_EQ(given, static_cast<std::size_t>(packets) * 165);
    }
    return best;
  };
  const std::clock_t few = ticks(7'000);
  EXPECT_LE(ticks(28'000), 8 * std::max<std::clock_t>(few, 200));
}

TEST(TsReaderTest, APictureCutTwiceWithinStartCodesIsWholeAndAKeyFrame) {
  Buffer last = Picture(0x65, 4);
  last[5] = 0x19;  // not from macroblock 0: of the same picture
  const Buffer picture = Join({Picture(0x09, 1), Picture(0x67, 3), Picture(0x65, 5), last});
  const auto to = [&](std::size_t at) { return picture.begin() + static_cast<std::ptrdiff_t>(at); };
  // A PES packet that begins with a start code begins a unit of its own.
  const auto cuts = [&](std::size_t at) { return picture[at] != 0 || picture[at + 1] != 0; };
  for (std::size_t one = 1; one + 1 < picture.size(); ++one) {
    for (std::size_t two = one + 1; two + 1 < picture.size(); ++two) {
      if (!cuts(one) || !cuts(two)) continue;
      Stream stream;
      stream.Pes(kTsVideoPid, 9000, Buffer(picture.begin(), to(one)));
      stream.Pes(kTsVideoPid, 9001, Buffer(to(one), to(two)));
      stream.Pes(kTsVideoPid, 9002, Buffer(to(two), picture.end()));
      Demuxed demuxed;
      demuxed.Read(stream.bytes());
      demuxed.Finish();
      ASSERT_EQ(demuxed.video.size(), 1u) << one << " " << two;
      EXPECT_EQ(demuxed.video[0].bytes, picture);
      EXPECT_TRUE(demuxed.video[0].about.key_frame);
      EXPECT_EQ(demuxed.video[0].about.pts, 9000);
    }
  }
}

TEST(TsReaderTest, WhatFfmpegWroteIsReadAndWrittenAgainWithTheSameFrames) {
  if (!testing::HaveFfmpeg()) GTEST_SKIP() << "ffmpeg and ffprobe are not installed";
  const testing::TempDir dir;
  const std::string made = dir / "made.ts";
  ASSERT_EQ(testing::MakeWithFfmpeg("aac", made), "");
  Demuxed demuxed;
  demuxed.Read(testing::ReadFile(made));
  demuxed.Finish();
  EXPECT_EQ(demuxed.video.size(), 50u);
  EXPECT_GE(demuxed.audio.size(), 94u);
  const TsReader::Stats& stats = demuxed.reader.stats();
  EXPECT_EQ(stats.bad_packets + stats.continuity_errors + stats.section_errors + stats.pes_errors +
                stats.adts_errors + stats.overflows + stats.skipped_bytes,
            0u);

  Media media;
  Bytes sps, pps;
  std::vector<Sample> video;
  for (const testing::Unit& unit : demuxed.video) {
    Buffer avcc(AvccSize(unit.bytes));
    std::size_t size = 0;
    ASSERT_TRUE(AnnexBToAvcc(unit.bytes, avcc, size));
    const Bytes data = media.Keep(avcc);
    AvccReader reader(data);
    Bytes nal;
    while (reader.Next(nal)) {
      if ((nal[0] & 31) == 7) sps = nal;
      if ((nal[0] & 31) == 8) pps = nal;
    }
    video.push_back({unit.about.dts, unit.about.pts, 3600, unit.about.key_frame, data});
  }
  ASSERT_GT(sps.size(), 4u);
  Buffer config = {1, sps[1], sps[2], sps[3], 0xff, 0xe1, 0, static_cast<std::uint8_t>(sps.size())};
  config.insert(config.end(), sps.begin(), sps.end());
  config.insert(config.end(), {1, 0, static_cast<std::uint8_t>(pps.size())});
  config.insert(config.end(), pps.begin(), pps.end());
  TrackConfig video_track = testing::VideoTrack();
  video_track.codec_config = config;
  const auto audio_config = demuxed.audio[0].about.adts.ToAudioSpecificConfig();
  TrackConfig audio_track = testing::AudioTrack();
  audio_track.timescale = 90'000;
  audio_track.codec_config = audio_config;
  auto writer = TsWriter::Create({.video = video_track, .audio = audio_track, .timestamp_offset = 0});
  ASSERT_TRUE(writer);
  TsWriter ts = *writer;
  Buffer out(TsWriter::kTablesSize);
  ts.WriteTables(out);
  std::size_t a = 0;
  const auto add_audio = [&](std::int64_t until) {
    for (; a < demuxed.audio.size() && demuxed.audio[a].about.pts < until; ++a) {
      const std::int64_t pts = demuxed.audio[a].about.pts;
      const Sample sample = {pts, pts, 1920, true, demuxed.audio[a].bytes};
      const std::size_t at = out.size();
      out.resize(at + ts.AudioSize(std::span(&sample, 1)));
      ts.WriteAudio(std::span(&sample, 1), MutableBytes(out).subspan(at));
    }
  };
  for (const Sample& sample : video) {
    add_audio(sample.dts);
    const std::size_t at = out.size();
    out.resize(at + ts.VideoSize(sample));
    ts.WriteVideo(sample, MutableBytes(out).subspan(at));
  }
  add_audio(kInt64Max);
  const std::string again = dir / "again.ts";
  testing::WriteFile(again, out);
  EXPECT_EQ(testing::Run("ffprobe -v error " + again), "");
  for (const char kind : {'v', 'a'}) {
    const std::string frames = testing::DecodedFrames(made, kind);
    EXPECT_GT(frames.size(), 500u);
    EXPECT_EQ(testing::DecodedFrames(again, kind), frames);
  }
}

}  // namespace
}  // namespace mediacore::mux
