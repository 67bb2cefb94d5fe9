#include "mediacore/codec/aac_depacketizer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"
#include "mediacore/codec/aac_packetizer.h"

namespace mediacore::codec {
namespace {

using enum AacPayloadError;
using testing::Dice;
using Block = std::vector<std::uint8_t>;

class AacDepacketizerTest : public ::testing::Test {
 protected:
  AacPayloadError Push(const Block& payload, std::uint32_t timestamp,
                       bool marker = true, bool lost_before = false) {
    const auto error = depacketizer_.HandlePacket(
        {RtpTimestamp(timestamp), marker, lost_before, payload});
    EncodedFrame frame;
    while (depacketizer_.PollFrame(frame)) {
      frames_.emplace_back(frame.data.begin(), frame.data.end());
      times_.push_back(frame.rtp_timestamp.value());
      EXPECT_TRUE(frame.key_frame);
      EXPECT_EQ(frame.codec, Codec::kAac);
    }
    return error;
  }

  std::array<std::uint8_t, 300> storage_{};
  AacDepacketizer depacketizer_{storage_};
  std::vector<Block> frames_;
  std::vector<std::uint32_t> times_;
};

TEST_F(AacDepacketizerTest, SeveralUnitsOfAPacketHaveTheirTimes) {
  // Three AU-headers: sizes 2, 1, 3.
  EXPECT_EQ(Push({0, 48, 0, 2 << 3, 0, 1 << 3, 0, 3 << 3, 1, 2, 3, 4, 5, 6}, 0xfffffc00),
            kNone);
  EXPECT_EQ(frames_, (std::vector<Block>{{1, 2}, {3}, {4, 5, 6}}));
  EXPECT_EQ(times_, (std::vector<std::uint32_t>{0xfffffc00, 0, 1024}));
}

TEST_F(AacDepacketizerTest, AUnitOverThreePacketsIsPutTogether) {
  EXPECT_EQ(Push({0, 16, 0, 5 << 3, 1, 2}, 7, false), kNone);
  EXPECT_EQ(Push({0, 16, 0, 5 << 3, 3, 4}, 7, false), kNone);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(Push({0, 16, 0, 5 << 3, 5}, 7, true), kNone);
  EXPECT_EQ(frames_, (std::vector<Block>{{1, 2, 3, 4, 5}}));
  EXPECT_EQ(times_[0], 7u);
}

TEST_F(AacDepacketizerTest, AFragmentThatIsMissingDropsItsUnitOnce) {
  Push({0, 16, 0, 5 << 3, 1, 2}, 7, false);
  Push({0, 16, 0, 5 << 3, 5}, 7, true, true);  // middle lost
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  Push({0, 16, 0, 5 << 3, 3, 4}, 8, false, true);  // first lost
  Push({0, 16, 0, 5 << 3, 5}, 8, true);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 2u);
  Push({0, 16, 0, 5 << 3, 1, 2}, 9, false);  // last lost
  Push({0, 16, 0, 1 << 3, 9}, 10, true, true);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 3u);
  Push({0, 16, 0, 5 << 3, 1, 2}, 11, false);  // last lost, and nobody said so
  Push({0, 16, 0, 5 << 3, 1, 2}, 12, false);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 4u);
  Push({0, 16, 0, 5 << 3, 3, 4, 5}, 12, true);
  EXPECT_EQ(frames_, (std::vector<Block>{{9}, {1, 2, 3, 4, 5}}));
}

TEST_F(AacDepacketizerTest, EachLieHasItsError) {
  EXPECT_EQ(Push({}, 1), kNone);
  EXPECT_EQ(Push({0}, 1), kTruncated);
  EXPECT_EQ(Push({0, 16, 0}, 1), kTruncated);
  EXPECT_EQ(Push({0xff, 0xff, 0, 8, 1}, 1), kTruncated);
  EXPECT_EQ(Push({0, 0, 1}, 1), kBadHeaderSize);
  EXPECT_EQ(Push({0, 15, 0, 8, 1}, 1), kBadHeaderSize);
  EXPECT_EQ(Push({0, 24, 0, 8, 0, 1}, 1), kBadHeaderSize);
  EXPECT_EQ(Push({0, 16, 0, 1 << 3 | 1, 1}, 1), kInterleaved);
  EXPECT_EQ(Push({0, 32, 0, 1 << 3, 0, 1 << 3 | 1, 1, 2}, 1), kInterleaved);
  EXPECT_EQ(Push({0, 16, 0, 0, 1}, 1), kEmptyUnit);
  EXPECT_EQ(Push({0, 16, 0, 1 << 3, 1, 2}, 1), kBadUnitSize);
  EXPECT_EQ(Push({0, 32, 0, 1 << 3, 0, 2 << 3, 1, 2}, 1), kBadUnitSize);
  EXPECT_EQ(Push({0, 16, 0, 1 << 3}, 1), kBadUnitSize);
  EXPECT_EQ(Push({0, 16, 0, 5 << 3, 1}, 2, false), kNone);
  EXPECT_EQ(Push({0, 16, 0, 6 << 3, 1}, 2, false), kBadContinuation);
  EXPECT_EQ(Push({0, 16, 0, 5 << 3, 1, 2, 3, 4}, 3, false), kNone);
  EXPECT_EQ(Push({0, 16, 0, 5 << 3, 5, 6}, 3, true), kBadContinuation);
  EXPECT_EQ(Push({0, 16, 0, 5 << 3, 1}, 4, true), kBadContinuation);
  EXPECT_EQ(Push({0, 16, 0xff, 0xf8, 1}, 5, true), kTooLarge);
  Block large(4 + 297, 1);
  large[0] = 0;
  large[1] = 16;
  StoreU16(large.data() + 2, 297 << 3);
  EXPECT_EQ(Push(large, 6), kTooLarge);
  EXPECT_EQ(depacketizer_.counters().dropped_too_large, 2u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 3u);
  EXPECT_TRUE(frames_.empty());
  for (std::size_t e = 0; e < kAacPayloadErrors; ++e) {
    EXPECT_NE(ToString(static_cast<AacPayloadError>(e)), "aac payload: unknown");
    EXPECT_GT(depacketizer_.counters().errors[e], 0u);
  }
}

TEST_F(AacDepacketizerTest, AFormatOfOtherWidthsIsReadAndANonsensicalOneIsClamped) {
  AacDepacketizer low(storage_, {6, 2, 2, 960});
  EncodedFrame frame;
  // AAC-lbr's widths: one byte for each header.
  const Block payload = {0, 16, 2 << 2, 1 << 2, 7, 8, 9};
  EXPECT_EQ(low.HandlePacket({RtpTimestamp(5), true, false, payload}), kNone);
  ASSERT_TRUE(low.PollFrame(frame));
  ASSERT_TRUE(low.PollFrame(frame));
  EXPECT_EQ(frame.rtp_timestamp, RtpTimestamp(965));
  EXPECT_EQ(frame.data[0], 9);
  AacDepacketizer wild(storage_, {-5, 99, 1 << 30, 0});
  EXPECT_EQ(wild.HandlePacket({RtpTimestamp(5), true, false, payload}), kBadHeaderSize);
}

TEST_F(AacDepacketizerTest, TheEndDropsWhatIsIncomplete) {
  Push({0, 16, 0, 5 << 3, 1, 2}, 7, false);
  depacketizer_.Flush();
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  const Block two = {0, 32, 0, 8, 0, 8, 1, 2};
  (void)depacketizer_.HandlePacket({RtpTimestamp(1), true, false, two});
  depacketizer_.Flush();
  EXPECT_EQ(depacketizer_.counters().not_polled, 2u);
}

TEST(AacRoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(3);
  Block storage(10000);
  AacDepacketizer depacketizer(storage);
  std::uint32_t timestamp = 0;
  std::size_t units = 0;
  const std::uint32_t rounds = testing::Rounds(20'000);
  while (units < rounds) {
    std::vector<Block> made;
    for (std::size_t n = 1 + dice.Below(6); n > 0; --n) {
      made.push_back(dice.Block(1 + dice.Below(dice.Chance(5) ? 8191 : 600)));
    }
    const std::vector<Bytes> frames(made.begin(), made.end());
    const std::size_t max_size = 100 + dice.Below(8901);
    AacPacketizer packetizer({max_size});
    ASSERT_EQ(packetizer.SetFrames(frames), AacPacketizeError::kNone);
    AacPacket packet;
    EncodedFrame out;
    std::size_t back = 0;
    while (packetizer.Next(packet)) {
      Block payload(packet.size);
      ASSERT_LE(packet.size, max_size);
      ASSERT_TRUE(packet.Write(payload));
      const auto time = static_cast<std::uint32_t>(timestamp + packet.first_unit * 1024);
      ASSERT_EQ(depacketizer.HandlePacket(
                    {RtpTimestamp(time), packet.marker, false, payload}),
                kNone);
      while (depacketizer.PollFrame(out)) {
        ASSERT_TRUE(std::ranges::equal(out.data, made[back]));
        ASSERT_EQ(out.rtp_timestamp.value(),
                  static_cast<std::uint32_t>(timestamp + back * 1024));
        ++back;
      }
    }
    ASSERT_EQ(back, made.size());
    units += back;
    timestamp += static_cast<std::uint32_t>(made.size() * 1024);
  }
  EXPECT_EQ(depacketizer.counters().frames, units);
}

TEST(AacRoundTripTest, NoHeapIsUsedPerPacket) {
  Dice dice(5);
  const Block frame = dice.Block(2000);
  Block storage(4000);
  Block payload(1200);
  AacDepacketizer depacketizer(storage);
  AacPacketizer packetizer({1200});
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(packetizer.SetFrame(frame), AacPacketizeError::kNone);
    AacPacket packet;
    EncodedFrame out;
    while (packetizer.Next(packet)) {
      EXPECT_TRUE(packet.Write(payload));
      (void)depacketizer.HandlePacket(
          {RtpTimestamp(i), packet.marker, false, Bytes(payload).first(packet.size)});
      (void)depacketizer.PollFrame(out);
    }
  }
  EXPECT_EQ(depacketizer.counters().frames, 100u);
  EXPECT_EQ(watch.allocations(), 0u);
}

TEST(AacPropertyTest, ALossNeverMakesAUnitOfPieces) {
  for (const bool announced : {true, false}) {
    Dice dice(31);
    Block storage(10000);
    AacDepacketizer depacketizer(storage);
    std::size_t given = 0;
    for (std::uint32_t i = 0; i < 5000; ++i) {
      const Block unit = dice.Block(1 + dice.Below(3000));
      AacPacketizer packetizer({500});
      ASSERT_EQ(packetizer.SetFrame(unit), AacPacketizeError::kNone);
      AacPacket packet;
      bool lost = false;
      while (packetizer.Next(packet)) {
        if (dice.Chance(10)) {
          lost = true;
          continue;
        }
        Block payload(packet.size);
        ASSERT_TRUE(packet.Write(payload));
        (void)depacketizer.HandlePacket(
            {RtpTimestamp(i * 1024), packet.marker, announced && lost, payload});
        lost = false;
        EncodedFrame out;
        while (depacketizer.PollFrame(out)) {
          ASSERT_EQ(out.rtp_timestamp, RtpTimestamp(i * 1024));
          ASSERT_EQ(out.data.size(), unit.size());
          ASSERT_TRUE(std::ranges::equal(out.data, unit));
          ++given;
        }
      }
    }
    EXPECT_GT(given, 2000u);
    EXPECT_LT(given, 5000u);
  }
}

TEST(AacPacketizerTest, WhatCannotBeSentIsRefused) {
  AacPacketizer packetizer({1200});
  EXPECT_EQ(packetizer.SetFrame({}), AacPacketizeError::kEmptyUnit);
  EXPECT_EQ(packetizer.SetFrames({}), AacPacketizeError::kEmptyUnit);
  EXPECT_EQ(packetizer.SetFrame(Block(8192)), AacPacketizeError::kTooLarge);
  AacPacket packet;
  EXPECT_FALSE(packetizer.Next(packet));
  const Block largest(8191, 1);
  EXPECT_EQ(packetizer.SetFrame(largest), AacPacketizeError::kNone);
  ASSERT_TRUE(packetizer.Next(packet));
  Block room(packet.size - 1);
  EXPECT_FALSE(packet.Write(room));
}

}  // namespace
}  // namespace mediacore::codec
