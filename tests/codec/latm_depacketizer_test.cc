#include "mediacore/codec/latm_depacketizer.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/frame_collector.h"
#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "../support/latm_maker.h"
#include "../support/rounds.h"
#include "mediacore/codec/latm_packetizer.h"

namespace mediacore::codec {
namespace {

using enum LatmPayloadError;
using testing::Dice;
using testing::LatmHead;
using testing::MakeLatmElement;
using Block = std::vector<std::uint8_t>;
using Spec = testing::LatmConfigSpec;
using Collector = testing::FrameCollector<LatmDepacketizer>;

LatmFormat OutOfBand(const Spec& spec = {}) {
  return {.config_present = false, .config = *StreamMuxConfig::Parse(testing::MakeLatmConfig(spec))};
}

std::vector<Block> DataOf(const Collector& collector) {
  std::vector<Block> all;
  for (const auto& frame : collector.frames()) all.push_back(frame.data);
  return all;
}

TEST(LatmDepacketizerTest, AnElementIsAPacketWithItsConfigurationInSdp) {
  Collector collector(100, OutOfBand());
  EXPECT_EQ(collector.Push({3, 7, 8, 9}, 1000), kNone);
  EXPECT_EQ(collector.Push({1, 5}, 2024), kNone);
  EXPECT_EQ(DataOf(collector), (std::vector<Block>{{7, 8, 9}, {5}}));
  EXPECT_EQ(collector.frames()[1].timestamp, 2024u);
  EXPECT_EQ(collector.last().codec, Codec::kAac);
  EXPECT_TRUE(collector.last().key_frame);
}

TEST(LatmDepacketizerTest, AConfigurationInBandHoldsUntilTheNext) {
  Collector collector(400);
  const Block unit = {0xde, 0xad, 0xbe, 0xef};
  EXPECT_EQ(collector.Push(MakeLatmElement({}, LatmHead::kSame, {unit}), 0), kNoConfig);
  EXPECT_FALSE(collector.depacketizer().config());
  EXPECT_EQ(collector.Push(MakeLatmElement({}, LatmHead::kConfig, {unit}), 1024), kNone);
  EXPECT_EQ(collector.depacketizer().config()->audio.sampling_frequency, 44100u);
  EXPECT_EQ(collector.Push(MakeLatmElement({}, LatmHead::kSame, {unit}), 2048), kNone);
  const Spec other{.version = 1, .asc = {0x11, 0x90}};
  EXPECT_EQ(collector.Push(MakeLatmElement(other, LatmHead::kConfig, {unit}), 3072), kNone);
  EXPECT_EQ(collector.depacketizer().config()->audio.sampling_frequency, 48000u);
  EXPECT_EQ(DataOf(collector), (std::vector<Block>{unit, unit, unit}));
  EXPECT_TRUE(collector.frames()[0].lost_before);
  EXPECT_FALSE(collector.frames()[1].lost_before);
}

TEST(LatmDepacketizerTest, SeveralUnitsOfAnElementHaveTheirTimes) {
  for (const auto& [clock_rate, step] : {std::pair{0u, 1024u}, std::pair{90'000u, 2089u}, std::pair{22'050u, 512u}}) {
    for (const LatmHead head : {LatmHead::kConfig, LatmHead::kNone}) {
      Spec spec{.sub_frames = 2, .other_data_bits = 12};
      LatmFormat format = head == LatmHead::kNone ? OutOfBand(spec) : LatmFormat{};
      format.clock_rate = clock_rate;
      Collector collector(2000, format);
      const std::vector<Block> units = {{1, 2, 3}, Block(255, 0x5a), Block(600, 0xa5)};
      EXPECT_EQ(collector.Push(MakeLatmElement(spec, head, units), 0xffffffff), kNone);
      EXPECT_EQ(DataOf(collector), units);
      EXPECT_EQ(collector.frames()[1].timestamp, step - 1);
      EXPECT_EQ(collector.frames()[2].timestamp, clock_rate == 90'000 ? 4178u : 2 * step - 1);
    }
  }
}

TEST(LatmDepacketizerTest, UnitsOfOneLengthSayNoSize) {
  const Spec spec{.sub_frames = 1, .frame_length_type = 1, .frame_length = 20};
  Collector collector(400, OutOfBand(spec));
  const std::vector<Block> units = {Block(20, 1), Block(20, 2)};
  EXPECT_EQ(collector.Push(MakeLatmElement(spec, LatmHead::kNone, units), 0), kNone);
  EXPECT_EQ(DataOf(collector), units);
}

TEST(LatmDepacketizerTest, AnElementOverThreePacketsIsPutTogether) {
  Collector collector(400, OutOfBand());
  EXPECT_EQ(collector.Push({5, 1, 2}, 7, false), kNone);
  EXPECT_EQ(collector.Push({3, 4}, 7, false), kNone);
  EXPECT_TRUE(collector.frames().empty());
  EXPECT_EQ(collector.Push({5}, 7, true), kNone);
  EXPECT_EQ(DataOf(collector), (std::vector<Block>{{1, 2, 3, 4, 5}}));
}

TEST(LatmDepacketizerTest, AFragmentThatIsMissingDropsItsElementOnce) {
  Collector collector(400, OutOfBand());
  collector.Push({5, 1, 2}, 7, false);
  collector.Push({5}, 7, true, true);  // middle lost
  EXPECT_EQ(collector.counters().dropped_incomplete, 1u);
  collector.Push({1, 9}, 8);
  // A head is lost; what is left looks like an element.
  collector.Push({1, 5}, 9, true, true);
  EXPECT_EQ(collector.counters().dropped_incomplete, 2u);
  collector.Push({1, 6}, 10);
  collector.Push({5, 1, 2}, 11, false);  // the end is lost, and what begins next
  collector.Push({1, 5}, 12, true, true);
  EXPECT_EQ(collector.counters().dropped_incomplete, 4u);
  collector.Push({1, 8}, 13);
  EXPECT_EQ(DataOf(collector), (std::vector<Block>{{9}, {6}, {8}}));
  for (const auto& frame : collector.frames()) EXPECT_TRUE(frame.lost_before);
  collector.Push({5, 1, 2}, 14, false);  // the end is lost, and nobody said so
  EXPECT_EQ(collector.Push({1, 1}, 15), kBadContinuation);
  collector.Push({1, 2}, 16);
  EXPECT_EQ(collector.frames().back().data, Block{2});
}

TEST(LatmDepacketizerTest, AStreamWithoutFragmentsGoesOnAtOnceAfterALoss) {
  Collector collector(400, OutOfBand());
  collector.Push({1, 5}, 1);
  collector.Push({1, 6}, 3, true, true);
  EXPECT_EQ(DataOf(collector), (std::vector<Block>{{5}, {6}}));
  EXPECT_EQ(collector.counters().dropped_incomplete, 0u);
}

TEST(LatmDepacketizerTest, WhatFollowsALossDoesNotTakeTheConfigurationAway) {
  Collector collector(400);
  const Block unit = {1, 2, 3};
  collector.Push(MakeLatmElement({}, LatmHead::kConfig, {unit}), 0);
  EXPECT_EQ(collector.Push({0x7f, 0xff, 0xff}, 2048, true, true), kBadConfig);
  EXPECT_TRUE(collector.depacketizer().config());
  EXPECT_EQ(collector.Push(MakeLatmElement({}, LatmHead::kSame, {unit}), 3072), kNone);
  EXPECT_EQ(collector.Push(MakeLatmElement({.layers = 1}, LatmHead::kConfig, {unit}), 4096), kBadConfig);
  EXPECT_FALSE(collector.depacketizer().config());
}

TEST(LatmDepacketizerTest, EachLieHasItsError) {
  Collector collector(8, OutOfBand());
  EXPECT_EQ(collector.Push({}, 1), kNone);
  EXPECT_EQ(collector.Push({0}, 1), kEmptyUnit);
  EXPECT_EQ(collector.Push({2, 1}, 1), kBadUnitSize);
  EXPECT_EQ(collector.Push({255}, 1), kBadUnitSize);
  EXPECT_EQ(collector.Push({1, 1, 1}, 1), kTrailingBytes);
  EXPECT_EQ(collector.Push(Block(9), 1), kTooLarge);
  EXPECT_EQ(collector.Push({6, 1, 2, 3}, 2, false), kNone);
  EXPECT_EQ(collector.Push(Block(5), 2, false), kTooLarge);
  EXPECT_EQ(collector.Push(Block(5), 2, true), kNone);  // the rest of it
  EXPECT_EQ(collector.Push({6, 1, 2, 3}, 3, false), kNone);
  EXPECT_EQ(collector.Push({6, 1, 2, 3}, 4, false), kBadContinuation);
  EXPECT_TRUE(collector.frames().empty());
  EXPECT_EQ(collector.counters().dropped_too_large, 2u);
  Collector in_band(8);
  EXPECT_EQ(in_band.Push({0x80, 0}, 1), kNoConfig);
  EXPECT_EQ(in_band.Push({0, 0}, 1), kBadConfig);
  for (std::size_t e = 0; e < kLatmPayloadErrors; ++e) {
    EXPECT_NE(ToString(static_cast<LatmPayloadError>(e)), "latm payload: unknown");
    EXPECT_GT(collector.counters().errors[e] + in_band.counters().errors[e], 0u) << e;
  }
}

TEST(LatmDepacketizerTest, TheEndDropsWhatIsIncompleteAndCountsWhatNobodyAskedFor) {
  Collector collector(100, OutOfBand());
  collector.Push({5, 1, 2}, 7, false);
  collector.Flush();
  EXPECT_EQ(collector.counters().dropped_incomplete, 1u);
  const Block one = {1, 2};
  (void)collector.depacketizer().HandlePacket({RtpTimestamp(9), true, false, one});
  collector.depacketizer().Flush();
  EXPECT_EQ(collector.counters().not_polled, 1u);
}

TEST(LatmRoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(3);
  Block storage(10000);
  Block wire(9000);
  const Block noise = dice.Block(20'000);
  LatmDepacketizer depacketizer(storage, OutOfBand());
  const std::uint32_t rounds = testing::Rounds(20'000);
  const testing::HeapWatch watch;
  for (std::size_t i = 0; i < rounds; ++i) {
    const std::size_t size = 1 + dice.Below(dice.Chance(5) ? 9000 : 600);
    const Bytes unit = Bytes(noise).subspan(dice.Below(noise.size() - size), size);
    const std::size_t max_size = 100 + dice.Below(8901);
    LatmPacketizer packetizer({max_size});
    ASSERT_EQ(packetizer.SetFrame(unit), LatmPacketizeError::kNone);
    EncodedFrame out;
    for (LatmPacket packet; packetizer.Next(packet);) {
      ASSERT_LE(packet.size, max_size);
      ASSERT_TRUE(packet.Write(wire));
      const RtpTimestamp time(static_cast<std::uint32_t>(i * 1024));
      ASSERT_EQ(depacketizer.HandlePacket({time, packet.marker, false, Bytes(wire).first(packet.size)}), kNone);
      ASSERT_EQ(depacketizer.PollFrame(out), packet.marker);
    }
    ASSERT_TRUE(std::ranges::equal(out.data, unit));
    ASSERT_EQ(out.rtp_timestamp.value(), static_cast<std::uint32_t>(i * 1024));
  }
  EXPECT_EQ(depacketizer.counters().frames, rounds);
  EXPECT_EQ(watch.allocations(), 0u);
}

// Elements at every bit offset, of any number of units, with and without a
// configuration in front.
TEST(LatmRoundTripTest, WhateverIsMultiplexedComesBack) {
  Dice dice(8);
  Collector collector(20'000);
  std::vector<Block> sent;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    Spec spec{.version = static_cast<std::uint32_t>(dice.Below(2)),
              .sub_frames = static_cast<std::uint32_t>(dice.Below(4)),
              .other_data_bits = static_cast<std::uint32_t>(dice.Below(40)),
              .crc = dice.Chance(30)};
    if (dice.Chance(50)) spec.asc = {0x2b, 0x11, 0x88, 0x00}, spec.asc_bits = 25;
    for (int element = 0; element < 2; ++element) {
      std::vector<Block> units;
      for (std::uint32_t u = 0; u <= spec.sub_frames; ++u) units.push_back(dice.Block(1 + dice.Below(600)));
      ASSERT_EQ(collector.Push(MakeLatmElement(spec, element == 0 ? LatmHead::kConfig : LatmHead::kSame, units), i),
                kNone);
      sent.insert(sent.end(), units.begin(), units.end());
    }
  }
  EXPECT_EQ(DataOf(collector), sent);
}

TEST(LatmPropertyTest, ALossNeverMakesAUnitOfPieces) {
  for (const bool announced : {true, false}) {
    Dice dice(31);
    Block storage(10000);
    LatmDepacketizer depacketizer(storage, OutOfBand());
    std::size_t given = 0;
    std::size_t losses_told = 0;
    std::size_t losses = 0;
    for (std::uint32_t i = 0; i < 5000; ++i) {
      const Block unit = dice.Block(1 + dice.Below(3000));
      LatmPacketizer packetizer({500});
      ASSERT_EQ(packetizer.SetFrame(unit), LatmPacketizeError::kNone);
      bool lost = false;
      for (LatmPacket packet; packetizer.Next(packet);) {
        // Without a word only what is not the first can be missed and noticed.
        if (dice.Chance(10) && (announced || packet.marker)) {
          losses += lost ? 0 : 1;
          lost = true;
          continue;
        }
        Block payload(packet.size);
        ASSERT_TRUE(packet.Write(payload));
        (void)depacketizer.HandlePacket({RtpTimestamp(i * 1024), packet.marker, announced && lost, payload});
        lost = false;
        EncodedFrame out;
        while (depacketizer.PollFrame(out)) {
          ASSERT_EQ(out.rtp_timestamp, RtpTimestamp(i * 1024));
          ASSERT_TRUE(std::ranges::equal(out.data, unit));
          losses_told += out.lost_before ? 1 : 0;
          ++given;
        }
      }
    }
    EXPECT_GT(given, 1500u);
    EXPECT_LT(given, 5000u);
    EXPECT_GT(losses_told, 300u);
    EXPECT_LE(losses_told, losses);
  }
}

TEST(LatmPacketizerTest, WhatCannotBeSentIsRefused) {
  LatmPacketizer packetizer({0});
  EXPECT_EQ(packetizer.SetFrame({}), LatmPacketizeError::kEmptyUnit);
  LatmPacket packet;
  EXPECT_FALSE(packetizer.Next(packet));
  const Block unit(300, 1);
  EXPECT_EQ(packetizer.SetFrame(unit), LatmPacketizeError::kNone);
  std::size_t packets = 0;
  for (Block room(1); packetizer.Next(packet); ++packets) {
    ASSERT_TRUE(packet.Write(room));
    EXPECT_EQ(room[0], packets == 0 ? 255 : packets == 1 ? 45 : 1);
    EXPECT_FALSE(packet.Write({}));
  }
  EXPECT_EQ(packets, 302u);
  EXPECT_EQ(ToString(LatmPacketizeError{9}), "latm packetize: unknown");
  EXPECT_NE(ToString(LatmPacketizeError::kNone), ToString(LatmPacketizeError::kEmptyUnit));
}

}  // namespace
}  // namespace mediacore::codec
