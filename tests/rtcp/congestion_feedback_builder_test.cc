#include "mediacore/rtcp/congestion_feedback_builder.h"

#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "../support/rtcp_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::BlockOf;

constexpr Timestamp AtMs(std::int64_t ms) { return Timestamp::Millis(ms); }
constexpr SequenceNumber Number(unsigned n) { return SequenceNumber(static_cast<std::uint16_t>(n)); }

// What one block of a message says: 'x' a packet that has not come, else its mark:
// '-' not-ECT, '1', '0', 'C'.
struct Told {
  std::uint32_t ssrc;
  unsigned begin_seq;
  std::string marks;
  bool operator==(const Told&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Told& told) {
  return out << told.ssrc << ':' << told.begin_seq << ' ' << told.marks;
}
std::vector<Told> ToldBy(Bytes message) {
  std::vector<Told> all;
  const auto feedback = CongestionFeedbackView::Parse(BlockOf(message));
  for (const CongestionReportBlock block : *feedback) {
    Told told{block.ssrc().value(), block.begin_seq().value(), {}};
    block.ForEach([&](SequenceNumber, PacketMetric metric) {
      told.marks += metric.received() ? "-10C"[static_cast<int>(metric.ecn())] : 'x';
    });
    all.push_back(told);
  }
  return all;
}
// One message of a datagram's size.
template <typename Builder>
std::vector<Told> Tell(Builder& builder, Timestamp now = AtMs(1000)) {
  std::array<std::uint8_t, 1200> out{};
  const std::size_t size = builder.WriteFront(out, now, ReportTimestamp(7));
  return size == 0 ? std::vector<Told>{} : ToldBy(Bytes(out).first(size));
}
template <typename Builder>
void Come(Builder& builder, std::initializer_list<unsigned> numbers, Ecn ecn = Ecn::kEct1, std::uint32_t ssrc = 2) {
  for (const unsigned number : numbers) builder.HandlePacket(Ssrc(ssrc), Number(number), ecn, AtMs(900));
}

constexpr bool BuildsAtCompileTime() {
  CongestionFeedbackBuilder<1, 8> builder{Ssrc(1)};
  builder.HandlePacket(Ssrc(2), SequenceNumber(65535), Ecn::kCe, AtMs(500));
  builder.HandlePacket(Ssrc(2), SequenceNumber(1), Ecn::kEct0, AtMs(1000));
  std::array<std::uint8_t, 64> out{};
  const std::size_t size = builder.WriteFront(out, AtMs(1000), ReportTimestamp(0x10000));
  constexpr std::array<std::uint8_t, 28> kExpected = {0x8b, 205, 0,    6, 0, 0,    0,    1, 0, 0, 0, 2, 0xff, 0xff,
                                                      0,    3,   0xe2, 0, 0, 0,    0xc0, 0, 0, 0, 0, 1, 0,    0};
  return std::ranges::equal(Bytes(out).first(size), kExpected) && !builder.HasNews();
}
static_assert(BuildsAtCompileTime());

TEST(RtcpCongestionFeedbackBuilderTest, PacketsAreToldOfOnceInOrderWithTheMissingOnes) {
  CongestionFeedbackBuilder<> builder{Ssrc(1)};
  EXPECT_FALSE(builder.HasNews());
  EXPECT_EQ(Tell(builder), std::vector<Told>{});
  Come(builder, {65534, 0, 65533, 3});
  EXPECT_TRUE(builder.HasNews());
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 65533, "11x1xx1"}}));
  EXPECT_FALSE(builder.HasNews());
  EXPECT_EQ(Tell(builder), std::vector<Told>{});
  Come(builder, {4, 6});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 4, "1x1"}}));
}

TEST(RtcpCongestionFeedbackBuilderTest, EachSourceHasItsBlock) {
  CongestionFeedbackBuilder<> builder{Ssrc(1)};
  Come(builder, {10, 11}, Ecn::kNotEct, 2);
  Come(builder, {500}, Ecn::kEct0, 0);
  Come(builder, {12}, Ecn::kCe, 2);
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 10, "--C"}, {0, 500, "0"}}));
}

TEST(RtcpCongestionFeedbackBuilderTest, APacketThatComesLateIsToldOfWithAllBehindItAndNoneIsTakenBack) {
  CongestionFeedbackBuilder<> builder{Ssrc(1)};
  Come(builder, {10, 11, 14});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 10, "11xx1"}}));
  Come(builder, {16, 13});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 13, "11x1"}}));
  Come(builder, {12});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 12, "111x1"}}));
  Come(builder, {9});  // before the first that came
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 9, "111111x1"}}));
}

TEST(RtcpCongestionFeedbackBuilderTest, OfCopiesTheFirstCountsButCongestionIsKeptFromAny) {
  CongestionFeedbackBuilder<> builder{Ssrc(1)};
  builder.HandlePacket(Ssrc(2), Number(5), Ecn::kEct0, AtMs(0));
  builder.HandlePacket(Ssrc(2), Number(5), Ecn::kEct1, AtMs(500));
  builder.HandlePacket(Ssrc(2), Number(6), Ecn::kCe, AtMs(500));
  builder.HandlePacket(Ssrc(2), Number(6), Ecn::kEct0, AtMs(600));
  std::array<std::uint8_t, 100> out{};
  ASSERT_EQ(builder.WriteFront(out, AtMs(1000), {}), 24u);
  EXPECT_EQ(LoadU16(&out[16]), PacketMetric::Received(Ecn::kEct0, TimeDelta::Millis(1000)).bits());
  EXPECT_EQ(LoadU16(&out[18]), PacketMetric::Received(Ecn::kCe, TimeDelta::Millis(500)).bits());

  builder.HandlePacket(Ssrc(2), Number(5), Ecn::kEct0, AtMs(1000));  // nothing new
  EXPECT_FALSE(builder.HasNews());
  builder.HandlePacket(Ssrc(2), Number(5), Ecn::kCe, AtMs(1000));
  ASSERT_EQ(builder.WriteFront(out, AtMs(2000), {}), 24u);
  EXPECT_EQ(LoadU16(&out[16]), PacketMetric::Received(Ecn::kCe, TimeDelta::Millis(2000)).bits());
  EXPECT_EQ(LoadU16(&out[18]), PacketMetric::Received(Ecn::kCe, TimeDelta::Millis(1500)).bits());
}

TEST(RtcpCongestionFeedbackBuilderTest, AClockThatSteppedBackOrNeverWasTellsNoTime) {
  CongestionFeedbackBuilder<> builder{Ssrc(1)};
  builder.HandlePacket(Ssrc(2), Number(5), Ecn::kNotEct, AtMs(1001));
  builder.HandlePacket(Ssrc(2), Number(6), Ecn::kNotEct, Timestamp::PlusInfinity());
  builder.HandlePacket(Ssrc(2), Number(7), Ecn::kNotEct, Timestamp::MinusInfinity());
  std::array<std::uint8_t, 100> out{};
  ASSERT_EQ(builder.WriteFront(out, AtMs(1000), {}), 28u);
  EXPECT_EQ(LoadU16(&out[16]), 0x9fff);
  EXPECT_EQ(LoadU16(&out[18]), 0x9fff);
  EXPECT_EQ(LoadU16(&out[20]), 0x9ffe);
}

TEST(RtcpCongestionFeedbackBuilderTest, WhatDoesNotFitGoesIntoTheNextMessage) {
  for (std::size_t room = 0; room <= 120; ++room) {
    CongestionFeedbackBuilder<4, 64> builder{Ssrc(1)};
    for (std::uint32_t ssrc = 2; ssrc < 5; ++ssrc) {
      for (unsigned i = 0; i < 21; i += ssrc) Come(builder, {65530 + i}, Ecn::kEct0, ssrc);
    }
    std::map<std::uint32_t, std::string> all;
    std::vector<std::uint8_t> out(room + 4, 0xee);
    while (builder.HasNews()) {
      const std::size_t size = builder.WriteFront(MutableBytes(out).first(room), AtMs(1000), {});
      ASSERT_EQ(LoadU32(&out[room]), 0xeeeeeeee);
      if (size == 0) break;
      ASSERT_LE(size, room);
      for (const Told& told : ToldBy(Bytes(out).first(size))) {
        ASSERT_EQ(told.begin_seq, (65530 + all[told.ssrc].size()) % 65536);
        ASSERT_FALSE(told.marks.empty());
        all[told.ssrc] += told.marks;
      }
    }
    if (room < 24) {
      ASSERT_TRUE(all.empty() && builder.HasNews()) << room;
      continue;
    }
    ASSERT_FALSE(builder.HasNews());
    ASSERT_EQ(all[2], "0x0x0x0x0x0x0x0x0x0x0") << room;
    ASSERT_EQ(all[3], "0xx0xx0xx0xx0xx0xx0");
    ASSERT_EQ(all[4], "0xxx0xxx0xxx0xxx0xxx0");
  }
}

TEST(RtcpCongestionFeedbackBuilderTest, EveryDistanceAheadAndBackLeavesTheWindowAndTheReportWithinTheirBounds) {
  for (unsigned distance = 0; distance <= 0xffff; ++distance) {
    CongestionFeedbackBuilder<1, 16> builder{Ssrc(1)};
    Come(builder, {60'000, 60'000 + distance});
    const auto told = Tell(builder);
    ASSERT_EQ(told.size(), 1u);
    const std::size_t back = 65'536 - distance;
    if (distance < 32'768) {  // half the circle away, the larger number is newer
      ASSERT_EQ(told[0].marks.size(), std::min<std::size_t>(distance + 1, 16));
      ASSERT_EQ(told[0].marks.back(), '1');
      ASSERT_EQ((told[0].begin_seq + told[0].marks.size() - 1) % 65'536, (60'000 + distance) % 65'536);
      ASSERT_EQ(builder.counters().passed_over, distance + 1 - told[0].marks.size());
    } else if (back < 16) {
      ASSERT_EQ(told[0], (Told{2, 60'000 - static_cast<unsigned>(back), "1" + std::string(back - 1, 'x') + "1"}));
    } else {
      ASSERT_EQ(told[0], (Told{2, 60'000, "1"}));
      ASSERT_EQ(builder.counters().too_old, 1u);
    }
  }
}

TEST(RtcpCongestionFeedbackBuilderTest, APlaceOfTheWindowIsNotTakenForThePacketThatStoodThereBefore) {
  CongestionFeedbackBuilder<1, 8> builder{Ssrc(1)};
  Come(builder, {0, 1, 2, 3, 4, 5, 6, 7, 15});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 8, "xxxxxxx1"}}));
  EXPECT_EQ(builder.counters().passed_over, 8u);
  Come(builder, {15 + 8 * 1000});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 8008, "xxxxxxx1"}}));
}

TEST(RtcpCongestionFeedbackBuilderTest, ASenderThatBeginsAnewIsFollowedFromItsSecondPacket) {
  CongestionFeedbackBuilder<2, 64> builder{Ssrc(1)};
  Come(builder, {40'000, 40'001});
  Come(builder, {20'000});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 40'000, "11"}}));
  Come(builder, {20'001, 20'002});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 20'001, "11"}}));
  EXPECT_EQ(builder.counters().too_old, 1u);
}

TEST(RtcpCongestionFeedbackBuilderTest, OldPacketsBetweenNewOnesStartNothing) {
  CongestionFeedbackBuilder<2, 64> builder{Ssrc(1)};
  Come(builder, {40'000, 20'000, 40'001, 20'001, 20'001, 20'003, 20'004 - 2});
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 40'000, "11"}}));
  EXPECT_EQ(builder.counters().too_old, 5u);
}

TEST(RtcpCongestionFeedbackBuilderTest, ANewSourceTakesThePlaceOfTheOneSilentLongest) {
  CongestionFeedbackBuilder<2, 64> builder{Ssrc(1)};
  Come(builder, {1}, Ecn::kEct1, 2);
  Come(builder, {1, 2}, Ecn::kEct1, 3);
  Come(builder, {2}, Ecn::kEct1, 2);
  Come(builder, {9}, Ecn::kEct1, 4);
  EXPECT_EQ(Tell(builder), (std::vector<Told>{{2, 1, "11"}, {4, 9, "1"}}));
  EXPECT_EQ(builder.counters(), (CongestionFeedbackBuilder<2, 64>::Counters{0, 2, 1}));
}

TEST(RtcpCongestionFeedbackBuilderTest, TheLargestWindowFillsOneReport) {
  using Builder = CongestionFeedbackBuilder<1, 16'384>;
  const auto builder = std::make_unique<Builder>(Ssrc(1));
  Come(*builder, {0, 20'000});
  std::vector<std::uint8_t> out(70'000);
  const std::size_t size = builder->WriteFront(out, AtMs(1000), {});
  ASSERT_EQ(size, 12 + CongestionReportBlock::SizeOf(16'384));
  const auto told = ToldBy(Bytes(out).first(size));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].begin_seq, 20'000 - 16'383u);
}

TEST(RtcpCongestionFeedbackBuilderTest, NothingIsTakenFromTheHeap) {
  const testing::HeapWatch watch;
  CongestionFeedbackBuilder<> builder{Ssrc(1)};
  std::array<std::uint8_t, 1200> out{};
  std::size_t written = 0;
  for (unsigned i = 0; i < 10'000; ++i) {
    builder.HandlePacket(Ssrc(i % 11), Number(i * i), EcnOf(static_cast<std::uint8_t>(i)), AtMs(i));
    if (i % 50 == 0) written += builder.WriteFront(out, AtMs(i), {});
  }
  EXPECT_GT(written, 0u);
  EXPECT_EQ(watch.allocations(), 0u);
}

}  // namespace
}  // namespace mediacore::rtcp
