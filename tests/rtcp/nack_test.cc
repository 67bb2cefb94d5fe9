#include "mediacore/rtcp/nack.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/rtcp_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::BlockOf;
using testing::CannotBeWritten;
using testing::TakenPrefixes;
using testing::VerdictOnPrefix;
using testing::Written;

// Packets 65530, 65531 and 10 (16 behind 65530) of source 2 are lost; and 100.
constexpr std::array<std::uint8_t, 20> kNack = {0x81, 205, 0, 4, 0,    0,    0, 1, 0, 0,
                                                0,    2,   0xff, 0xfa, 0x80, 0x01, 0, 100, 0, 0};
constexpr std::array kLost = {SequenceNumber(65530), SequenceNumber(65531), SequenceNumber(10), SequenceNumber(100)};

constexpr bool ReadsThemAll() {
  const auto nack = NackView::Parse(BlockOf(kNack));
  if (!nack || nack->count() != 2 || nack->media_ssrc() != Ssrc(2)) return false;
  std::size_t i = 0;
  for (const NackEntry entry : *nack) {
    for (const SequenceNumber lost : entry) {
      if (i == kLost.size() || lost != kLost[i++]) return false;
    }
  }
  return i == kLost.size();
}
static_assert(ReadsThemAll());

std::vector<std::uint16_t> NumbersIn(Bytes block) {
  std::vector<std::uint16_t> numbers;
  const auto nack = NackView::Parse(BlockOf(block));
  if (!nack) return numbers;
  for (const NackEntry entry : *nack) {
    for (const SequenceNumber lost : entry) numbers.push_back(lost.value());
  }
  return numbers;
}

TEST(RtcpNackTest, SequenceNumbersReadBackTheSame) {
  EXPECT_EQ(Written(NackWriter{Ssrc(1), Ssrc(2), kLost}), std::vector(kNack.begin(), kNack.end()));
  constexpr std::array kEntries = {NackEntry{SequenceNumber(65530), 0x8001}, NackEntry{SequenceNumber(100), 0}};
  EXPECT_EQ(Written(NackEntryWriter{Ssrc(1), Ssrc(2), kEntries}), std::vector(kNack.begin(), kNack.end()));
}

TEST(RtcpNackTest, EveryBitmaskNamesItsBitsAndNoMore) {
  for (unsigned blp = 0; blp <= 0xffff; ++blp) {
    const NackEntry entry{SequenceNumber(65528), static_cast<std::uint16_t>(blp)};
    unsigned seen = 0;
    int count = 0;
    for (const SequenceNumber lost : entry) {
      const auto behind = static_cast<std::uint16_t>(lost.value() - 65528);
      ASSERT_TRUE(count == 0 ? behind == 0 : behind >= 1 && behind <= 16);
      if (behind > 0) seen |= 1u << (behind - 1);
      ++count;
    }
    ASSERT_EQ(seen, blp);
    ASSERT_EQ(count, entry.count());
  }
}

TEST(RtcpNackTest, AtEveryStartTheSixteenBehindItAreNamedAcrossTheWrapAndNoneElse) {
  for (unsigned pid = 0; pid <= 0xffff; ++pid) {
    NackEntry entry{SequenceNumber(static_cast<std::uint16_t>(pid)), 0xffff};
    auto expected = static_cast<std::uint16_t>(pid);
    int count = 0;
    for (const SequenceNumber lost : entry) {
      ASSERT_EQ(lost.value(), expected++);
      ASSERT_TRUE(entry.Contains(lost));
      ++count;
    }
    ASSERT_EQ(count, 17);
    ASSERT_FALSE(entry.Contains(SequenceNumber(expected)));
    ASSERT_FALSE(entry.Add(SequenceNumber(expected)));
    ASSERT_FALSE(entry.Contains(entry.pid - 1));
    ASSERT_FALSE(entry.Add(entry.pid - 1));  // or the highest, come again, would ask for 65,535
  }
}

TEST(RtcpNackTest, EveryPairOfDistancesIsPackedIntoTheFewestEntries) {
  for (unsigned first = 1; first <= 40; ++first) {
    for (unsigned second = 1; second <= 40; ++second) {
      for (const unsigned start : {0u, 65500u, 65520u, 65535u}) {
        const std::array lost = {SequenceNumber(static_cast<std::uint16_t>(start)),
                                 SequenceNumber(static_cast<std::uint16_t>(start + first)),
                                 SequenceNumber(static_cast<std::uint16_t>(start + first + second))};
        const auto written = Written(NackWriter{{}, {}, lost});
        const std::size_t fewest = first + second <= 16 ? 1 : first <= 16 || second <= 16 ? 2 : 3;
        ASSERT_EQ(written.size(), 12 + 4 * fewest) << start << ' ' << first << ' ' << second;
        ASSERT_EQ(NumbersIn(written),
                  (std::vector{lost[0].value(), lost[1].value(), lost[2].value()}));
      }
    }
  }
}

TEST(RtcpNackTest, NumbersOutOfOrderAndTwiceAreAllNamed) {
  constexpr std::array kMixed = {SequenceNumber(5), SequenceNumber(5), SequenceNumber(3), SequenceNumber(40000)};
  EXPECT_EQ(NumbersIn(Written(NackWriter{{}, {}, kMixed})), (std::vector<std::uint16_t>{5, 3, 40000}));
}

TEST(RtcpNackTest, WhatDoesNotFitGoesIntoTheNextMessage) {
  std::vector<SequenceNumber> lost;
  for (unsigned i = 0; i < 100; ++i) lost.emplace_back(static_cast<std::uint16_t>(65000 + i * 20));  // one entry each
  std::array<std::uint8_t, 12 + 4 * 7 + 3> out{};
  NackWriter nack{Ssrc(1), Ssrc(2), lost};
  std::vector<std::uint16_t> seen;
  int messages = 0;
  while (!nack.lost.empty()) {
    const std::size_t size = nack.WriteFront(out);
    ASSERT_EQ(size, nack.lost.empty() ? 12u + 4 * 2 : 12u + 4 * 7);
    const auto numbers = NumbersIn(Bytes(out).first(size));
    seen.insert(seen.end(), numbers.begin(), numbers.end());
    ++messages;
  }
  EXPECT_EQ(messages, 15);
  ASSERT_EQ(seen.size(), lost.size());
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], lost[i].value());
  EXPECT_EQ(nack.WriteFront(out), 0u);
}

TEST(RtcpNackTest, WhereNotOneFitsNothingIsWrittenAndNoneTaken) {
  std::array<std::uint8_t, 15> out{};
  NackWriter nack{Ssrc(1), Ssrc(2), kLost};
  EXPECT_EQ(nack.WriteFront(out), 0u);
  EXPECT_EQ(out, (std::array<std::uint8_t, 15>{}));
  EXPECT_EQ(nack.lost.size(), kLost.size());
}

TEST(RtcpNackTest, AllNumbersThereAreFitOneDatagramAndScatteredOnesDoNot) {
  std::vector<SequenceNumber> lost;
  for (unsigned i = 0; i < 65536; ++i) lost.emplace_back(static_cast<std::uint16_t>(i));
  EXPECT_EQ(Written(NackWriter{{}, {}, lost}).size(), 12u + 4 * 3856);
  for (unsigned i = 0; i < 65536; ++i) lost[i] = SequenceNumber(static_cast<std::uint16_t>(i * 20));
  EXPECT_TRUE(CannotBeWritten(NackWriter{{}, {}, lost}));
  std::vector<std::uint8_t> out(70'000);
  NackWriter some{{}, {}, lost};
  EXPECT_EQ(some.WriteFront(out), 65532u);
  EXPECT_TRUE(CannotBeWritten(NackWriter{}));
}

TEST(RtcpNackTest, OnlyWholeEntriesAreTakenAndAtLeastOne) {
  EXPECT_EQ(TakenPrefixes<NackView>(kNack), (std::vector<std::size_t>{12, 16}));
  EXPECT_EQ(VerdictOnPrefix<NackView>(kNack, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<NackView>(kNack, 8), static_cast<int>(FeedbackError::kBadLength));
  EXPECT_EQ(VerdictOnPrefix<NackView>(kNack, 14), static_cast<int>(FeedbackError::kBadLength));
  auto other = kNack;
  other[1] = 206;
  EXPECT_EQ(NackView::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

}  // namespace
}  // namespace mediacore::rtcp
