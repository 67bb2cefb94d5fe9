#include "mediacore/segment/segment_maker.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/codec/avcc_writer.h"
#include "mediacore/codec/h264.h"
#include "mediacore/mux/fmp4_fragment_view.h"
#include "mediacore/mux/fmp4_init_view.h"
#include "mediacore/mux/ts_reader.h"
#include "source.h"

namespace mediacore::segment {
namespace {

constexpr std::size_t kSamples = 64;

// A queue of so many frames of `size` bytes each, `step` ticks apart.
void Fill(SampleQueue& queue, int count, std::int64_t step, std::size_t size,
          std::uint8_t first_byte = 0x41) {
  for (int i = 0; i < count; ++i) {
    std::uint8_t* to = queue.Reserve(size);
    ASSERT_NE(to, nullptr);
    std::fill_n(to, size, static_cast<std::uint8_t>(i));
    if (size > 5) {  // one NAL unit
      StoreU32(to, static_cast<std::uint32_t>(size - 4));
      to[4] = i == 0 ? 0x65 : first_byte;
      to[5] = 0x88;
    }
    queue.Push({.ticks = i * step, .size = static_cast<std::uint32_t>(size), .key = i == 0});
  }
}
std::vector<std::uint8_t> Join(std::span<const Bytes> pieces) {
  std::vector<std::uint8_t> all;
  for (const Bytes piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}
mux::TrackConfig Sound() {
  mux::TrackConfig track;
  track.codec = Codec::kAac;
  track.timescale = 48'000;
  track.codec_config = testing::kAac48;
  track.channels = 2;
  track.sample_rate = 48'000;
  return track;
}

TEST(SegmentMakerTest, AFragmentIsAHeaderAndTheFramesWhereTheyLie) {
  SampleQueue queue(1 << 16, kSamples);
  Fill(queue, 10, 1024, 200);
  SegmentMaker maker(kSamples, 0);
  const auto init_bytes = Join(maker.Init(Sound()));
  const auto init = mux::InitView::Parse(init_bytes);
  ASSERT_TRUE(init);
  const auto pieces = maker.Fragment({.queue = &queue,
                                      .count = 4,
                                      .offset = 480'000,
                                      .start = 480'000,
                                      .end = 480'000 + 4096,
                                      .frame_ticks = 1024,
                                      .rate = 48'000},
                                     7);
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[1].data(), queue.data(0).data());
  EXPECT_EQ(pieces[1].size(), 800u);
  const auto bytes = Join(pieces);
  const auto fragment = mux::FragmentView::Parse(bytes, 0, *init);
  ASSERT_TRUE(fragment);
  auto samples = fragment->samples(1);
  mux::Sample sample;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(samples.Next(sample));
    EXPECT_EQ(sample.dts, 480'000 + 1024 * i);
    EXPECT_EQ(sample.duration, 1024u);
    EXPECT_EQ(sample.data.size(), 200u);
  }
  EXPECT_FALSE(samples.Next(sample));
}

TEST(SegmentMakerTest, FramesOnBothSidesOfTheRingsEndAreTwoPieces) {
  SampleQueue queue(1000, kSamples);
  Fill(queue, 4, 1024, 240);
  queue.PopFront(3);  // one at 720; the next does not fit behind it
  Fill(queue, 2, 1024, 240);
  SegmentMaker maker(kSamples, 0);
  const auto pieces = maker.Fragment(
      {.queue = &queue, .count = 3, .start = 0, .end = 4096, .rate = 48'000}, 0);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[1].size(), 240u);
  EXPECT_EQ(pieces[2].size(), 480u);
}

TEST(SegmentMakerTest, ATransportSegmentHasBothTracksInTheOrderOfTheirTimes) {
  SampleQueue video(1 << 16, kSamples);
  SampleQueue audio(1 << 16, kSamples);
  Fill(video, 10, 3600, 1000);
  Fill(audio, 18, 1024, 50, 0x21);
  SegmentMaker maker(kSamples, SegmentMaker::TsBytes(1 << 16, 2 * kSamples));
  codec::ParameterSets sets;
  ASSERT_TRUE(sets.Store(testing::kSps240) && sets.Store(testing::kPps240));
  std::array<std::uint8_t, codec::AvccWriter::kMaxSize> avcc{};
  std::size_t avcc_size = 0;
  ASSERT_TRUE(codec::AvccWriter(sets).Write(avcc, avcc_size));
  mux::TsWriter::Config config;
  config.video.codec = Codec::kH264;
  config.video.timescale = 90'000;
  config.video.codec_config = Bytes(avcc).first(avcc_size);
  config.audio = Sound();
  config.timestamp_offset = 0;
  const auto made = mux::TsWriter::Create(config);
  ASSERT_TRUE(made);
  mux::TsWriter writer = *made;
  DelayedDecodeTimes delayed;
  std::uint64_t left_out = 0;
  const TrackSpan sound = {.queue = &audio,
                           .count = 18,
                           .offset = 480'000,
                           .frame_ticks = 1024,
                           .rate = 48'000};
  const TrackSpan pictures = {
      .queue = &video, .count = 10, .offset = 900'000, .frame_ticks = 3600, .reorders = true};
  const auto bytes = Join(maker.Transport(writer, delayed, pictures, sound, left_out));
  EXPECT_EQ(left_out, 0u);
  std::vector<std::uint8_t> video_room(1 << 16);
  std::vector<std::uint8_t> audio_room(1 << 16);
  mux::TsReader reader(video_room, audio_room);
  std::vector<std::int64_t> shown;
  std::vector<std::int64_t> heard;
  const auto take = [&](const mux::TsAccessUnit& unit) {
    (unit.codec == Codec::kH264 ? shown : heard).push_back(unit.pts);
  };
  reader.Read(bytes, take);
  reader.Flush(take);
  ASSERT_EQ(shown.size(), 10u);
  EXPECT_EQ(shown[0], 900'000);  // 10 s
  EXPECT_EQ(shown[9], 900'000 + 9 * 3600);
  ASSERT_EQ(heard.size(), 18u);
  EXPECT_EQ(heard[0], 900'000);
  EXPECT_EQ(heard[17], 900'000 + 17 * 1920);
  EXPECT_EQ(reader.stats().continuity_errors, 0u);
}

TEST(SegmentMakerTest, WhatFindsNoRoomInATransportSegmentIsCounted) {
  SampleQueue audio(1 << 16, kSamples);
  Fill(audio, 18, 1024, 1000, 0x21);
  SegmentMaker maker(kSamples, 8 * mux::kTsPacketSize);  // tables and one group
  mux::TsWriter::Config config;
  config.audio = Sound();
  const auto made = mux::TsWriter::Create(config);
  ASSERT_TRUE(made);
  mux::TsWriter writer = *made;
  DelayedDecodeTimes delayed;
  std::uint64_t left_out = 0;
  const TrackSpan sound = {
      .queue = &audio, .count = 18, .frame_ticks = 1024, .rate = 48'000};
  const auto bytes = Join(maker.Transport(writer, delayed, {}, sound, left_out));
  EXPECT_GT(left_out, 0u);
  EXPECT_LE(bytes.size(), 8 * mux::kTsPacketSize);
}

TEST(SegmentMakerTest, MemoryIsWhatTheTwoContainersNeed) {
  EXPECT_LT(SegmentMaker::Memory(kSamples, 0), 20'000u);
  EXPECT_GE(SegmentMaker::Memory(kSamples, 1 << 20), std::size_t{1} << 20);
  // A frame of one byte takes a packet of its own.
  EXPECT_GE(SegmentMaker::TsBytes(0, 10), 10 * mux::kTsPacketSize);
}

}  // namespace
}  // namespace mediacore::segment
