#include "mediacore/codec/opus.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"
#include "mediacore/codec/depacketizer.h"
#include "mediacore/codec/opus_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

constexpr std::uint8_t kCeltStereo20[] = {0xfc, 1, 2, 3};
static_assert(OpusPacketView::Parse(kCeltStereo20)->samples() == 960);
static_assert(OpusPacketView::Parse(kCeltStereo20)->channels() == 2);

OpusError Error(const Block& packet) {
  const auto view = OpusPacketView::Parse(packet);
  EXPECT_FALSE(view);
  return view ? OpusError{255} : view.error();
}

TEST(OpusTest, EveryConfigurationIsTheOneOfTheTable) {
  using enum OpusBandwidth;
  struct Row {  // RFC 6716, table 2
    int first;
    int last;
    OpusMode mode;
    OpusBandwidth bandwidth;
    std::vector<std::uint32_t> samples;
  };
  const std::vector<std::uint32_t> silk = {480, 960, 1920, 2880};
  const std::vector<std::uint32_t> hybrid = {480, 960};
  const std::vector<std::uint32_t> celt = {120, 240, 480, 960};
  for (const Row& row : {Row{0, 3, OpusMode::kSilk, kNarrow, silk},
                         Row{4, 7, OpusMode::kSilk, kMedium, silk},
                         Row{8, 11, OpusMode::kSilk, kWide, silk},
                         Row{12, 13, OpusMode::kHybrid, kSuperWide, hybrid},
                         Row{14, 15, OpusMode::kHybrid, kFull, hybrid},
                         Row{16, 19, OpusMode::kCelt, kNarrow, celt},
                         Row{20, 23, OpusMode::kCelt, kWide, celt},
                         Row{24, 27, OpusMode::kCelt, kSuperWide, celt},
                         Row{28, 31, OpusMode::kCelt, kFull, celt}}) {
    for (int config = row.first; config <= row.last; ++config) {
      const Block packet = {static_cast<std::uint8_t>(config << 3)};
      const auto view = OpusPacketView::Parse(packet);
      ASSERT_TRUE(view);
      EXPECT_EQ(view->config(), config);
      EXPECT_EQ(view->mode(), row.mode);
      EXPECT_EQ(view->bandwidth(), row.bandwidth);
      EXPECT_EQ(view->samples(), row.samples[static_cast<std::size_t>(config - row.first)]);
    }
  }
}

TEST(OpusTest, TheFourFrameCountCodesAreRead) {
  EXPECT_EQ(OpusPacketView::Parse(Block{0xf8})->frame_count(), 1);  // DTX
  EXPECT_EQ(OpusPacketView::Parse(Block{0xf9, 1, 2})->frame_count(), 2);
  EXPECT_EQ(OpusPacketView::Parse(Block{0xfa, 2, 1, 2, 3})->frame_count(), 2);
  EXPECT_EQ(OpusPacketView::Parse(Block{0xfb, 3, 1, 2, 3})->frame_count(), 3);
  EXPECT_EQ(OpusPacketView::Parse(Block{0xfb, 0x83, 1, 2, 9, 9, 9, 9})->frame_count(), 3);
  EXPECT_EQ(OpusPacketView::Parse(Block{0xfb, 0x43, 2, 1, 2, 3, 0, 0})->frame_count(), 3);
  EXPECT_EQ(OpusPacketView::Parse(Block{0xe3, 48})->samples(), 5760u);
  EXPECT_EQ(OpusPacketView::Parse(Block{0xe3, 48})->duration(), TimeDelta::Millis(120));
}

TEST(OpusTest, EachRequirementOfSection34HasItsError) {
  EXPECT_EQ(Error({}), OpusError::kEmpty);
  Block large(1 + 1275, 0);
  large[0] = 0xf8;
  EXPECT_TRUE(OpusPacketView::Parse(large));
  large.push_back(0);
  EXPECT_EQ(Error(large), OpusError::kFrameTooLarge);
  EXPECT_EQ(Error({0xf9, 1}), OpusError::kOddSize);
  Block two(1 + 2552, 0);
  two[0] = 0xf9;
  EXPECT_EQ(Error(two), OpusError::kFrameTooLarge);
  EXPECT_EQ(Error({0xfa}), OpusError::kBadFrameSize);
  EXPECT_EQ(Error({0xfa, 252}), OpusError::kBadFrameSize);
  EXPECT_EQ(Error({0xfa, 3, 1, 2}), OpusError::kBadFrameSize);
  Block second(1 + 1 + 1276, 0);
  second[0] = 0xfa;
  EXPECT_EQ(Error(second), OpusError::kFrameTooLarge);
  EXPECT_EQ(Error({0xfb}), OpusError::kBadFrameCount);
  EXPECT_EQ(Error({0xfb, 0x80}), OpusError::kBadFrameCount);
  EXPECT_EQ(Error({0xfb, 7}), OpusError::kTooLong);  // 140 ms
  EXPECT_EQ(Error({0xe3, 49}), OpusError::kTooLong);
  EXPECT_EQ(Error({0xfb, 0x41}), OpusError::kBadPadding);
  EXPECT_EQ(Error({0xfb, 0x41, 255, 255}), OpusError::kBadPadding);
  EXPECT_EQ(Error({0xfb, 0x41, 2, 0}), OpusError::kBadPadding);
  EXPECT_EQ(Error({0xfb, 2, 1}), OpusError::kUnevenSize);
  EXPECT_EQ(Error({0xfb, 0x82}), OpusError::kBadFrameSize);
  EXPECT_EQ(Error({0xfb, 0x82, 3, 1, 2}), OpusError::kBadFrameSize);
  EXPECT_EQ(Error({0xfb, 0xc2, 1, 2, 1, 2}), OpusError::kBadFrameSize);
  Block many(2 + 1276, 0);
  many[0] = 0xfb;
  many[1] = 1;
  EXPECT_EQ(Error(many), OpusError::kFrameTooLarge);
  many[1] = 0x81;
  EXPECT_EQ(Error(many), OpusError::kFrameTooLarge);
  for (int e = 0; e <= static_cast<int>(OpusError::kUnevenSize); ++e) {
    EXPECT_NE(ToString(static_cast<OpusError>(e)), "opus: unknown");
  }
}

TEST(OpusTest, TheTwoByteSizeReachesTheLargestFrame) {
  Block packet = {0xfa, 255, 255};  // 255 + 4 * 255 = 1275
  packet.resize(3 + 1275 + 1);
  EXPECT_TRUE(OpusPacketView::Parse(packet));
  packet.resize(3 + 1274);
  EXPECT_EQ(Error(packet), OpusError::kBadFrameSize);
}

TEST(OpusDepacketizerTest, AnyPacketThatIsOneComesBack) {
  testing::Dice dice(1);
  Block storage(9000);
  OpusDepacketizer depacketizer(storage);
  Block wire(9000);
  std::size_t sent = 0;
  const std::uint32_t rounds = testing::Rounds(20'000);
  const testing::HeapWatch watch;
  std::size_t made_by_test = 0;
  for (std::uint32_t i = 0; sent < rounds; ++i) {
    const std::size_t before = watch.allocations();
    Block frame = dice.Block(1 + dice.Below(1200));
    if (dice.Chance(70)) frame[0] = static_cast<std::uint8_t>(frame[0] & ~3);
    made_by_test += watch.allocations() - before;
    OpusPacketizer packetizer({100 + dice.Below(8901)});
    const auto error = packetizer.SetFrame(frame, i == 0);
    ASSERT_EQ(error == OpusPacketizeError::kBadPacket, !OpusPacketView::Parse(frame));
    OpusPacket packet;
    if (!packetizer.Next(packet)) continue;
    ++sent;
    ASSERT_TRUE(packet.Write(MutableBytes(wire).first(packet.size)));
    ASSERT_FALSE(packetizer.Next(packet));
    ASSERT_EQ(depacketizer.HandlePacket({RtpTimestamp(i), packet.marker, i % 3 == 0,
                                         Bytes(wire).first(packet.size)}),
              OpusPayloadError::kNone);
    EncodedFrame out;
    ASSERT_TRUE(depacketizer.PollFrame(out));
    ASSERT_TRUE(std::equal(out.data.begin(), out.data.end(), frame.begin(), frame.end()));
    ASSERT_EQ(out.codec, Codec::kOpus);
    ASSERT_FALSE(depacketizer.PollFrame(out));
  }
  EXPECT_EQ(watch.allocations(), made_by_test);
  EXPECT_EQ(depacketizer.counters().frames, sent);
}

TEST(OpusDepacketizerTest, SilenceAndPaddingAndNoise) {
  std::array<std::uint8_t, 8> storage{};
  OpusDepacketizer depacketizer(storage);
  const auto push = [&](Block payload) {
    return depacketizer.HandlePacket({RtpTimestamp(1), false, false, payload});
  };
  EncodedFrame out;
  EXPECT_EQ(push({}), OpusPayloadError::kNone);
  EXPECT_FALSE(depacketizer.PollFrame(out));
  EXPECT_EQ(push({0xf8}), OpusPayloadError::kNone);
  EXPECT_TRUE(depacketizer.PollFrame(out));
  EXPECT_EQ(push({0xf9, 1}), OpusPayloadError::kBadPacket);
  EXPECT_FALSE(depacketizer.PollFrame(out));
  EXPECT_EQ(push(Block(9, 0xf8)), OpusPayloadError::kTooLarge);
  EXPECT_EQ(push({0xf8}), OpusPayloadError::kNone);
  depacketizer.Flush();
  EXPECT_FALSE(depacketizer.PollFrame(out));
  EXPECT_EQ(depacketizer.counters().not_polled, 1u);
}

TEST(OpusPacketizerTest, WhatCannotBeSentIsRefused) {
  OpusPacketizer packetizer({10});
  EXPECT_EQ(packetizer.SetFrame({}), OpusPacketizeError::kBadPacket);
  EXPECT_EQ(packetizer.SetFrame(Block(11, 0xf8)), OpusPacketizeError::kTooLarge);
  OpusPacket packet;
  EXPECT_FALSE(packetizer.Next(packet));
  const Block fits(10, 0xf8);
  EXPECT_EQ(packetizer.SetFrame(fits, true), OpusPacketizeError::kNone);
  ASSERT_TRUE(packetizer.Next(packet));
  EXPECT_TRUE(packet.marker);
  Block room(9);
  EXPECT_FALSE(packet.Write(room));
}

}  // namespace
}  // namespace mediacore::codec
