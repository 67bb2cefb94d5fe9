#include "mediacore/codec/redundant_opus_depacketizer.h"

#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "../support/capture_streams.h"
#include "../support/frame_collector.h"
#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "mediacore/rtp/red.h"

namespace mediacore::codec {
namespace {

using enum OpusPayloadError;
using testing::Dice;
using Block = std::vector<std::uint8_t>;
using Collector = testing::FrameCollector<RedundantOpusDepacketizer>;

constexpr std::uint32_t kFrame = 960;
// The frame of 20 ms that begins at `timestamp`.
Block FrameAt(std::uint32_t timestamp) {
  const std::uint32_t number = timestamp / kFrame;
  return {0xf8, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}
// A packet of that frame and the `depth` before it, oldest first.
void PushPacket(Collector& collector, std::uint32_t number, std::uint32_t depth, bool lost_before = false) {
  for (std::uint32_t back = std::min(depth, number) + 1; back-- > 0;) {
    const std::uint32_t timestamp = (number - back) * kFrame;
    EXPECT_EQ(collector.Push(FrameAt(timestamp), timestamp, false, lost_before), kNone);
  }
}
std::vector<std::uint32_t> Numbers(const Collector& collector) {
  std::vector<std::uint32_t> numbers;
  for (const auto& frame : collector.frames()) {
    EXPECT_EQ(frame.data, FrameAt(frame.timestamp));
    numbers.push_back(frame.timestamp / kFrame);
  }
  return numbers;
}
std::vector<bool> Losses(const Collector& collector) {
  std::vector<bool> losses;
  for (const auto& frame : collector.frames()) losses.push_back(frame.lost_before);
  return losses;
}

TEST(RedundantOpusTest, ALostFrameComesOutOfTheNextPacketAndNoneComesTwice) {
  Collector collector(1000);
  PushPacket(collector, 0, 1);
  PushPacket(collector, 1, 1);
  PushPacket(collector, 3, 1, true);  // 2 is made good
  PushPacket(collector, 6, 1, true);  // 4 is lost for good, 5 not
  PushPacket(collector, 7, 1);
  EXPECT_EQ(Numbers(collector), (std::vector<std::uint32_t>{0, 1, 2, 3, 5, 6, 7}));
  EXPECT_EQ(Losses(collector), (std::vector<bool>{false, false, false, false, true, false, false}));
  EXPECT_EQ(collector.counters().repeated, 2u);
  EXPECT_EQ(collector.counters().frames, 7u);
}

TEST(RedundantOpusTest, SilenceIsNoLoss) {
  Collector collector(1000);
  PushPacket(collector, 0, 0);
  PushPacket(collector, 20, 2);  // a sender that repeats what it never sent
  PushPacket(collector, 40, 0);
  EXPECT_EQ(Numbers(collector), (std::vector<std::uint32_t>{0, 18, 19, 20, 40}));
  for (const bool loss : Losses(collector)) EXPECT_FALSE(loss);
}

TEST(RedundantOpusTest, WithAWindowPacketsMayComeInAnyOrder) {
  Collector collector(1000, RedundantOpusConfig{.window = 4 * kFrame});
  for (const std::uint32_t number : {1u, 0u, 3u, 2u, 4u}) PushPacket(collector, number, 0);
  EXPECT_EQ(Numbers(collector), (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
  PushPacket(collector, 6, 0);  // 5 is missing
  PushPacket(collector, 7, 0);
  EXPECT_EQ(collector.frames().size(), 5u);
  PushPacket(collector, 10, 0);  // a window later 6 waits no more
  EXPECT_EQ(collector.frames().size(), 7u);
  PushPacket(collector, 5, 0);  // too late
  collector.Flush();
  EXPECT_EQ(Numbers(collector), (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 6, 7, 10}));
  EXPECT_EQ(collector.counters().repeated, 1u);
}

TEST(RedundantOpusTest, NoMoreFramesWaitThanThereAreSlots) {
  Collector collector(300, RedundantOpusConfig{.window = 100'000, .slots = 3});
  for (const std::uint32_t number : {2u, 4u, 6u, 8u}) PushPacket(collector, number, 0);
  EXPECT_EQ(Numbers(collector), (std::vector<std::uint32_t>{2, 4}));
  // Nobody asks: the oldest give way.
  for (const std::uint32_t number : {10u, 12u, 14u}) {
    const Block frame = FrameAt(number * kFrame);
    (void)collector.depacketizer().HandlePacket({RtpTimestamp(number * kFrame), false, false, frame});
  }
  collector.Flush();
  EXPECT_EQ(Numbers(collector), (std::vector<std::uint32_t>{2, 4, 10, 12, 14}));
  EXPECT_EQ(collector.counters().not_polled, 2u);
}

TEST(RedundantOpusTest, ALossThatNobodyPolledIsToldByTheNextFrame) {
  Collector collector(100, RedundantOpusConfig{.slots = 1});
  PushPacket(collector, 1, 0);
  const Block frame = FrameAt(3 * kFrame);
  (void)collector.depacketizer().HandlePacket({RtpTimestamp(3 * kFrame), false, true, frame});
  PushPacket(collector, 4, 0);
  PushPacket(collector, 5, 0);
  EXPECT_EQ(Numbers(collector), (std::vector<std::uint32_t>{1, 4, 5}));
  EXPECT_EQ(Losses(collector), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(collector.counters().not_polled, 1u);
}

TEST(RedundantOpusTest, EachLieHasItsErrorAndIsALossUnlessMadeGood) {
  Collector collector(32, RedundantOpusConfig{.slots = 2});
  EXPECT_EQ(collector.Push({}, 0), kNone);
  EXPECT_EQ(collector.Push(FrameAt(0), 0), kNone);
  EXPECT_EQ(collector.Push({0xf9, 1}, kFrame), kBadPacket);
  EXPECT_EQ(collector.Push(FrameAt(kFrame), kFrame), kNone);  // made good
  EXPECT_EQ(collector.Push(Block(17, 0xf8), 2 * kFrame), kTooLarge);
  EXPECT_EQ(collector.Push(FrameAt(3 * kFrame), 3 * kFrame), kNone);
  EXPECT_EQ(collector.Push(FrameAt(5 * kFrame), 5 * kFrame), kNone);
  EXPECT_EQ(Losses(collector), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(collector.counters().dropped_too_large, 1u);
}

TEST(RedundantOpusTest, TimestampsWrapAndAClockThatIsSetBackStartsAnew) {
  Collector collector(1000);
  const auto push = [&](std::uint32_t timestamp) {
    EXPECT_EQ(collector.Push({0xf8}, timestamp), kNone);
    return collector.frames().size();
  };
  EXPECT_EQ(push(0xffffffff - kFrame + 1), 1u);
  EXPECT_EQ(push(0), 2u);
  EXPECT_EQ(push(100'000), 3u);
  EXPECT_EQ(push(100'000 - 30'000), 3u);
  EXPECT_EQ(push(100'000 - 40'000), 4u);
  EXPECT_EQ(push(0x7fffffff), 5u);
  EXPECT_EQ(collector.counters().restarts, 2u);
}

// Whatever is lost and however packets overtake one another within the window: no
// frame twice, all in order, and each that arrived in time is there.
TEST(RedundantOpusTest, HalfTheCircleAwayIsAClockThatIsSetFromEitherSide) {
  std::array<std::uint8_t, 64> storage{};
  constexpr std::array<std::uint8_t, 3> kPacket = {0x08, 1, 2};
  for (const std::uint32_t first : {0u, 0x80000000u}) {
    RedundantOpusDepacketizer depacketizer(storage, {.window = 960, .slots = 4});
    depacketizer.HandlePacket({RtpTimestamp(first), false, false, kPacket});
    depacketizer.HandlePacket({RtpTimestamp(first + 0x80000000u), false, false, kPacket});
    EXPECT_EQ(depacketizer.counters().restarts, 1u);
  }
}

TEST(RedundantOpusPropertyTest, EveryFrameThatArrivesComesOutOnceInOrder) {
  Dice dice(6);
  for (int round = 0; round < 1000; ++round) {
    const auto depth = static_cast<std::uint32_t>(dice.Below(4));
    const std::uint32_t reach = static_cast<std::uint32_t>(dice.Below(5));  // how far packets overtake
    std::vector<std::pair<std::uint32_t, std::uint32_t>> order;
    for (std::uint32_t number = 0; number < 100; ++number) {
      if (dice.Chance(20)) continue;
      order.emplace_back(number + dice.Below(reach + 1), number);
    }
    std::ranges::sort(order);
    std::map<std::uint32_t, bool> arrived;
    Collector collector(32 * 4,
                        RedundantOpusConfig{.window = reach == 0 ? 0 : (2 * reach + depth + 1) * kFrame, .slots = 32});
    for (const auto& [place, number] : order) {
      PushPacket(collector, number, depth);
      for (std::uint32_t back = 0; back <= std::min(depth, number); ++back) arrived[number - back] = true;
    }
    collector.Flush();
    const auto numbers = Numbers(collector);
    ASSERT_TRUE(std::ranges::is_sorted(numbers, std::less_equal<>()) ||
                std::ranges::adjacent_find(numbers, std::greater_equal<>()) == numbers.end());
    ASSERT_EQ(numbers.size(), arrived.size()) << round;
  }
}

TEST(RedundantOpusPropertyTest, NoHeapIsUsedPerPacket) {
  Block storage(1000);
  const Block frame = {0xf8, 1, 2, 3};
  RedundantOpusDepacketizer depacketizer(storage, {.window = 2000});
  std::uint64_t frames = 0;
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    (void)depacketizer.HandlePacket({RtpTimestamp((i ^ 1) * kFrame), false, false, frame});
    for (EncodedFrame out; depacketizer.PollFrame(out);) ++frames;
  }
  EXPECT_EQ(watch.allocations(), 0u);
  EXPECT_EQ(frames, 1000u);
}

// Audio in RED (payload type 63) as Chromium sent it, and what 5 % loss left of it.
TEST(RedundantOpusCaptureTest, RedundancyMakesGoodWhatWasLost) {
  struct Case {
    const char* name;
    std::size_t packets;
    std::size_t blocks;  // these two of the page beside the captures
    std::size_t frames;  // all that were sent: each was in a packet that arrived
  };
  for (const Case& c : {Case{"chromium-vp8-red-ulpfec-loss5.sender.pcap", 251, 501, 251},
                        Case{"chromium-vp8-red-ulpfec-loss5.receiver.pcap", 244, 487, 250}}) {
    const auto streams = testing::ReadCapture(c.name);
    if (streams.empty()) GTEST_SKIP() << c.name << " is not there";
    const auto& packets = streams.at({0x6e903078, 63});
    ASSERT_EQ(packets.size(), c.packets);
    for (const std::uint32_t window : {0u, 5 * kFrame}) {
      Collector collector(32 * 1500, RedundantOpusConfig{.window = window, .slots = 32});
      std::map<std::uint32_t, Block> arrived;
      std::size_t blocks = 0;
      for (const auto& packet : packets) {
        const auto red = rtp::RedView::Parse(packet.payload);
        ASSERT_TRUE(red);
        for (const rtp::RedBlock& block : *red) {
          const auto timestamp = static_cast<std::uint32_t>(packet.timestamp - block.timestamp_offset);
          const Block payload(block.payload.begin(), block.payload.end());
          ++blocks;
          arrived.emplace(timestamp, payload);
          EXPECT_EQ(collector.Push(payload, timestamp, packet.marker), kNone);
        }
      }
      collector.Flush();
      EXPECT_EQ(blocks, c.blocks);
      EXPECT_EQ(collector.frames().size(), c.frames);
      for (std::size_t i = 0; i < collector.frames().size(); ++i) {
        const auto& frame = collector.frames()[i];
        EXPECT_EQ(frame.data, arrived.at(frame.timestamp));
        EXPECT_EQ(frame.timestamp, collector.frames()[0].timestamp + i * kFrame);
      }
    }
  }
}

}  // namespace
}  // namespace mediacore::codec
