#include "mediacore/rtcp/transport_feedback_builder.h"

#include <array>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"

namespace mediacore::rtcp {
namespace {

constexpr Timestamp AtMs(std::int64_t ms) { return Timestamp::Millis(ms); }
constexpr SequenceNumber Number(std::int64_t n) { return SequenceNumber(static_cast<std::uint16_t>(n & 0xffff)); }

struct Told {
  std::uint16_t number;
  bool received;
  std::int64_t us;  // on the clock of the arrivals
  bool operator==(const Told&) const = default;
};
template <typename Builder>
std::vector<Told> TellOne(Builder& builder, std::size_t room = 1200) {
  std::vector<std::uint8_t> out(room);
  const std::size_t size = builder.WriteFront(out);
  std::vector<Told> told;
  if (size == 0) return told;
  ByteReader reader(Bytes(out).first(size));
  const auto block = BlockView::TakeFrom(reader);
  EXPECT_TRUE(block && reader.empty());
  const auto feedback = TransportFeedbackView::Parse(*block);
  EXPECT_TRUE(feedback);
  feedback->ForEach([&](SequenceNumber number, bool received, TimeDelta at) {
    told.push_back({number.value(), received, received ? (feedback->reference_time().time() + at).us() : 0});
  });
  return told;
}

constexpr bool TellsOfOnePacket() {
  TransportFeedbackBuilder<16> builder(Ssrc(1), Ssrc(2));
  builder.HandlePacket(SequenceNumber(7), Timestamp::Millis(64));
  std::array<std::uint8_t, 24> out{};
  return builder.HasNews() && builder.WriteFront(out) == 24 && !builder.HasNews() && LoadU16(&out[12]) == 7;
}
static_assert(TellsOfOnePacket());

TEST(RtcpTransportFeedbackBuilderTest, TellsOfEveryPacketOnceAndOfThoseBetween) {
  TransportFeedbackBuilder<> builder(Ssrc(1), Ssrc(2));
  EXPECT_FALSE(builder.HasNews());
  EXPECT_TRUE(TellOne(builder).empty());
  builder.HandlePacket(Number(65535), AtMs(10));
  builder.HandlePacket(Number(1), AtMs(12));
  const std::vector<Told> expected = {{65535, true, 10'000}, {0, false, 0}, {1, true, 12'000}};
  EXPECT_EQ(TellOne(builder), expected);
  EXPECT_FALSE(builder.HasNews());
  builder.HandlePacket(Number(3), AtMs(20));
  EXPECT_EQ(TellOne(builder), (std::vector<Told>{{2, false, 0}, {3, true, 20'000}}));
  EXPECT_EQ(builder.counters(), TransportFeedbackBuilder<>::Counters());
}

TEST(RtcpTransportFeedbackBuilderTest, OfCopiesTheFirstOneCounts) {
  TransportFeedbackBuilder<> builder(Ssrc(1), Ssrc(2));
  builder.HandlePacket(Number(5), AtMs(10));
  builder.HandlePacket(Number(5), AtMs(12));
  EXPECT_EQ(TellOne(builder), (std::vector<Told>{{5, true, 10'000}}));
  builder.HandlePacket(Number(5), AtMs(14));
  EXPECT_FALSE(builder.HasNews());
}

TEST(RtcpTransportFeedbackBuilderTest, ALatePacketIsToldWithAllAfterItOnceMore) {
  TransportFeedbackBuilder<> builder(Ssrc(1), Ssrc(2));
  for (const int n : {1, 2, 4, 5}) builder.HandlePacket(Number(n), AtMs(n));
  EXPECT_EQ(TellOne(builder).size(), 5u);
  builder.HandlePacket(Number(3), AtMs(9));
  EXPECT_EQ(TellOne(builder), (std::vector<Told>{{3, true, 9'000}, {4, true, 4'000}, {5, true, 5'000}}));
  // The first of all may be late, too.
  builder.HandlePacket(Number(0), AtMs(11));
  EXPECT_EQ(TellOne(builder).size(), 6u);
}

TEST(RtcpTransportFeedbackBuilderTest, OnePacketThatIsTooOldIsLeftOutTwoInARowAreFollowed) {
  TransportFeedbackBuilder<64> builder(Ssrc(1), Ssrc(2));
  builder.HandlePacket(Number(1000), AtMs(1));
  builder.HandlePacket(Number(936), AtMs(2));
  builder.HandlePacket(Number(930), AtMs(2));
  EXPECT_EQ(builder.counters().too_old, 2u);
  EXPECT_EQ(TellOne(builder), (std::vector<Told>{{1000, true, 1'000}}));
  builder.HandlePacket(Number(7), AtMs(3));
  EXPECT_FALSE(builder.HasNews());
  builder.HandlePacket(Number(8), AtMs(4));
  EXPECT_EQ(TellOne(builder), (std::vector<Told>{{8, true, 4'000}}));
  EXPECT_EQ(builder.counters().too_old, 3u);
}

TEST(RtcpTransportFeedbackBuilderTest, AJumpPassesOverWhatLeavesTheWindow) {
  TransportFeedbackBuilder<64> builder(Ssrc(1), Ssrc(2));
  builder.HandlePacket(Number(0), AtMs(1));
  builder.HandlePacket(Number(60), AtMs(2));
  builder.HandlePacket(Number(70), AtMs(3));  // 0 to 6 are out
  EXPECT_EQ(builder.counters().passed_over, 7u);
  const auto told = TellOne(builder);
  ASSERT_EQ(told.size(), 64u);
  EXPECT_EQ(told.front(), (Told{7, false, 0}));
  builder.HandlePacket(Number(71), AtMs(4));
  builder.HandlePacket(Number(30'000), AtMs(5));
  EXPECT_EQ(builder.counters().passed_over, 8u);
  EXPECT_EQ(TellOne(builder), (std::vector<Told>{{30'000, true, 5'000}}));
}

TEST(RtcpTransportFeedbackBuilderTest, AnArrivalAtAnInfiniteTimeIsLeftOut) {
  TransportFeedbackBuilder<64> builder(Ssrc(1), Ssrc(2));
  builder.HandlePacket(Number(0), Timestamp::PlusInfinity());
  builder.HandlePacket(Number(0), Timestamp::MinusInfinity());
  EXPECT_FALSE(builder.HasNews());
}

// Whatever order packets arrive in: what was told last of a number that is still
// remembered is what happened, and nothing is told of a number that did not come.
TEST(RtcpTransportFeedbackBuilderTest, WhatIsToldIsWhatHappened) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    TransportFeedbackBuilder<256> builder(Ssrc(1), Ssrc(2));
    std::map<std::uint16_t, std::int64_t> arrived;
    std::map<std::uint16_t, Told> last;
    std::int64_t next = static_cast<std::int64_t>(random() % 65'536), us = 1'000'000;
    const testing::HeapWatch heap;
    std::size_t heap_in_builder = 0;
    for (int i = 0; i < 400; ++i) {
      us += static_cast<std::int64_t>(random() % 3'000);
      const std::int64_t late = random() % 4 == 0 ? static_cast<std::int64_t>(random() % 20) : 0;
      const SequenceNumber number = Number(next - late);
      if (random() % 20 != 0) {
        const std::size_t before = heap.allocations();
        builder.HandlePacket(number, Timestamp::Micros(us));
        heap_in_builder += heap.allocations() - before;
        arrived.emplace(number.value(), us);
      }
      next += late == 0;
      while (random() % 30 == 0 && builder.HasNews()) {
        const auto told = TellOne(builder, random() % 2 ? 1200 : 40);
        ASSERT_FALSE(told.empty());
        for (const Told& packet : told) last[packet.number] = packet;
      }
    }
    while (builder.HasNews()) {
      for (const Told& packet : TellOne(builder)) last[packet.number] = packet;
    }
    EXPECT_EQ(heap_in_builder, 0u);
    for (const auto& [number, at] : arrived) {
      ASSERT_TRUE(last.contains(number) && last[number].received) << number;
      ASSERT_EQ(last[number].us, at / 250 * 250);
    }
    for (const auto& [number, packet] : last) ASSERT_EQ(packet.received, arrived.contains(number)) << number;
  }
}

}  // namespace
}  // namespace mediacore::rtcp
