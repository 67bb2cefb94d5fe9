#include "mediacore/codec/sample_audio.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "../support/frame_collector.h"
#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"
#include "mediacore/codec/depacketizer.h"
#include "mediacore/codec/sample_audio_packetizer.h"

namespace mediacore::codec {
namespace {

using testing::Dice;
using Block = std::vector<std::uint8_t>;
using Collector = testing::FrameCollector<SampleAudioDepacketizer>;

constexpr std::uint8_t kTwentyMs[160] = {};
static_assert(SampleAudioView::Parse(kTwentyMs, {Codec::kPcmu})->samples() == 160);
static_assert(SampleAudioView::Parse(kTwentyMs, {Codec::kPcma, 2})->samples() == 80);
// RFC 3551, section 4.5.2: 16 kHz on a clock of 8 kHz.
static_assert(SampleAudioView::Parse(kTwentyMs, {Codec::kG722})->ticks() == 160);
static_assert(SampleAudioView::Parse(kTwentyMs, {Codec::kG722})->samples() == 320);
static_assert(SampleAudioView::Parse(kTwentyMs, {Codec::kG722})->duration() == TimeDelta::Millis(20));

TEST(SampleAudioTest, EachPacketIsAFrameOfItsEncoding) {
  for (const Codec encoding : {Codec::kPcmu, Codec::kPcma, Codec::kG722}) {
    Collector collector(400, SampleAudioFormat{encoding});
    EXPECT_EQ(collector.Push({1, 2, 3}, 0xffffffff), SampleAudioError::kNone);
    EXPECT_EQ(collector.Push({4}, 2), SampleAudioError::kNone);
    ASSERT_EQ(collector.frames().size(), 2u);
    EXPECT_EQ(collector.frames()[0], (Collector::Frame{{1, 2, 3}, 0xffffffff, false}));
    EXPECT_EQ(collector.last().codec, encoding);
    EXPECT_TRUE(collector.last().key_frame);
  }
}

TEST(SampleAudioTest, EachLieHasItsError) {
  Collector collector(8, SampleAudioFormat{Codec::kPcmu, 3});
  EXPECT_EQ(collector.Push({}, 1), SampleAudioError::kNone);
  EXPECT_EQ(collector.Push({1, 2, 3, 4}, 1), SampleAudioError::kPartialSample);
  EXPECT_EQ(collector.Push(Block(9), 1), SampleAudioError::kTooLarge);
  EXPECT_EQ(SampleAudioView::Parse(Block(4), {Codec::kPcmu, 3}).error(), SampleAudioError::kPartialSample);
  EXPECT_TRUE(SampleAudioView::Parse(Block(5), {Codec::kPcmu, 0}));
  EXPECT_TRUE(collector.frames().empty());
  EXPECT_EQ(collector.counters().dropped_too_large, 1u);
  for (std::size_t e = 0; e < kSampleAudioErrors; ++e) {
    EXPECT_EQ(collector.counters().errors[e], 1u);
    EXPECT_NE(ToString(static_cast<SampleAudioError>(e)), "sample audio: unknown");
    EXPECT_NE(ToString(static_cast<SampleAudioPacketizeError>(e)), "sample audio packetize: unknown");
  }
}

TEST(SampleAudioTest, TheFrameAfterALossTellsItOnce) {
  Collector collector(100, SampleAudioFormat{});
  collector.Push({1}, 0);
  collector.Push({2}, 2, true, true);
  collector.Push({3}, 3);
  collector.Push({}, 4, true, true);  // padding alone: the next frame tells
  collector.Push({4}, 4);
  collector.Push(Block(101), 5);  // refused
  collector.Push({5}, 106);
  std::vector<bool> told;
  for (const auto& frame : collector.frames()) told.push_back(frame.lost_before);
  EXPECT_EQ(told, (std::vector<bool>{false, true, false, true, true}));
}

TEST(SampleAudioTest, PacketsInAnyOrderGiveEachFrameOnce) {
  Dice dice(2);
  Collector collector(100, SampleAudioFormat{});
  std::vector<std::uint8_t> order(200);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint8_t>(i);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice.Below(i)]);
  for (const std::uint8_t i : order) collector.Push({i, i}, 2u * i);
  ASSERT_EQ(collector.frames().size(), 200u);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(collector.frames()[i], (Collector::Frame{{order[i], order[i]}, 2u * order[i], false}));
  }
}

TEST(SampleAudioTest, WhatIsNotPolledIsCounted) {
  Block storage(4);
  SampleAudioDepacketizer depacketizer(storage, {Codec::kPcma});
  const Block payload = {1, 2};
  EXPECT_EQ(depacketizer.HandlePacket({RtpTimestamp(1), false, false, payload}), SampleAudioError::kNone);
  depacketizer.Flush();
  EncodedFrame frame;
  EXPECT_FALSE(depacketizer.PollFrame(frame));
  EXPECT_EQ(depacketizer.counters().not_polled, 1u);
}

TEST(SampleAudioPacketizerTest, SamplesAreCutIntoPacketTimes) {
  const Block samples(500, 7);
  SampleAudioPacketizer packetizer({.format = {Codec::kG722}});
  ASSERT_EQ(packetizer.SetFrame(samples, true), SampleAudioPacketizeError::kNone);
  std::vector<std::pair<std::size_t, std::size_t>> pieces;  // first tick, size
  for (SampleAudioPacket packet; packetizer.Next(packet);) {
    EXPECT_EQ(packet.marker, pieces.empty());
    pieces.emplace_back(packet.first_tick, packet.size);
  }
  EXPECT_EQ(pieces, (std::vector<std::pair<std::size_t, std::size_t>>{{0, 160}, {160, 160}, {320, 160}, {480, 20}}));
}

TEST(SampleAudioPacketizerTest, NoPayloadIsAboveItsSizeOrCutsASample) {
  const Block samples(12, 7);
  const auto first = [&](std::size_t max_size, TimeDelta time) {
    SampleAudioPacketizer packetizer({{Codec::kPcmu, 3}, max_size, time});
    SampleAudioPacket packet;
    if (packetizer.SetFrame(samples) != SampleAudioPacketizeError::kNone) return std::size_t{0};
    return packetizer.Next(packet) ? packet.size : 0;
  };
  EXPECT_EQ(first(1200, TimeDelta::Millis(20)), 12u);
  EXPECT_EQ(first(11, TimeDelta::Millis(20)), 9u);
  EXPECT_EQ(first(1200, TimeDelta::Zero()), 3u);
  EXPECT_EQ(first(1200, -TimeDelta::Seconds(1)), 3u);
  EXPECT_EQ(first(1200, TimeDelta::PlusInfinity()), 12u);
  EXPECT_EQ(first(2, TimeDelta::Millis(20)), 0u);
}

TEST(SampleAudioPacketizerTest, WhatCannotBeSentIsRefused) {
  SampleAudioPacketizer packetizer({{Codec::kPcmu, 2}, 1});
  EXPECT_EQ(packetizer.SetFrame(Block(3)), SampleAudioPacketizeError::kPartialSample);
  EXPECT_EQ(packetizer.SetFrame(Block(2)), SampleAudioPacketizeError::kTooLarge);
  EXPECT_EQ(packetizer.SetFrame({}), SampleAudioPacketizeError::kNone);
  SampleAudioPacket packet;
  EXPECT_FALSE(packetizer.Next(packet));
  SampleAudioPacketizer fits({{Codec::kPcmu, 2}, 2});
  const Block two(2);
  EXPECT_EQ(fits.SetFrame(two), SampleAudioPacketizeError::kNone);
  ASSERT_TRUE(fits.Next(packet));
  Block room(1);
  EXPECT_FALSE(packet.Write(room));
}

TEST(SampleAudioRoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(3);
  Block storage(9000);
  Block wire(9000);
  const Block noise = dice.Block(20'000);
  constexpr Codec kEncodings[] = {Codec::kPcmu, Codec::kPcma, Codec::kG722};
  std::uint64_t frames = 0;
  const std::uint32_t rounds = testing::Rounds(50'000);
  const testing::HeapWatch watch;
  while (frames < rounds) {
    const SampleAudioFormat format{kEncodings[dice.Below(3)], static_cast<std::uint8_t>(1 + dice.Below(3))};
    SampleAudioDepacketizer depacketizer(storage, format);
    SampleAudioPacketizer packetizer(
        {format, 100 + dice.Below(8901), TimeDelta::Micros(static_cast<std::int64_t>(dice.Below(120'000)))});
    const std::size_t size = format.bytes_per_tick() * (1 + dice.Below(6000));
    const Bytes samples = Bytes(noise).subspan(dice.Below(noise.size() - size), size);
    const auto timestamp = static_cast<std::uint32_t>(dice.Bits());
    ASSERT_EQ(packetizer.SetFrame(samples), SampleAudioPacketizeError::kNone);
    std::size_t back = 0;
    for (SampleAudioPacket packet; packetizer.Next(packet);) {
      ASSERT_TRUE(packet.Write(wire));
      const RtpTimestamp time = RtpTimestamp(timestamp) + static_cast<std::int64_t>(packet.first_tick);
      ASSERT_EQ(depacketizer.HandlePacket({time, packet.marker, false, Bytes(wire).first(packet.size)}),
                SampleAudioError::kNone);
      EncodedFrame frame;
      ASSERT_TRUE(depacketizer.PollFrame(frame));
      ASSERT_EQ(frame.rtp_timestamp,
                RtpTimestamp(timestamp) + static_cast<std::int64_t>(back / format.bytes_per_tick()));
      ASSERT_TRUE(std::ranges::equal(frame.data, samples.subspan(back, frame.data.size())));
      back += frame.data.size();
      ++frames;
    }
    ASSERT_EQ(back, size);
  }
  EXPECT_EQ(watch.allocations(), 0u);
}

}  // namespace
}  // namespace mediacore::codec
