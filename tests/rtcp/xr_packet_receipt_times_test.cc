#include "mediacore/rtcp/xr_packet_receipt_times.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::XrBlock;

// Source 1, packets 65535 to 1, times 10, 20, 30.
constexpr std::array<std::uint8_t, 24> kThree = {3, 0, 0, 5, 0, 0, 0, 1, 0xff, 0xff, 0, 2,
                                                 0, 0, 0, 10, 0, 0, 0, 20, 0, 0, 0, 30};

constexpr bool ReadsThree() {
  const auto times = XrPacketReceiptTimesView::Parse(XrBlock(kThree));
  return times && times->ssrc() == Ssrc(1) && times->count() == 3 && times->time(2) == RtpTimestamp(30) &&
         times->sequence_number(0) == SequenceNumber(65535) && times->sequence_number(2) == SequenceNumber(1);
}
static_assert(ReadsThree());

TEST(XrPacketReceiptTimesTest, ThinnedTimesBelongToEachEighthPacket) {
  const std::array times{RtpTimestamp(1), RtpTimestamp(2), RtpTimestamp(3)};
  const XrPacketReceiptTimesWriter writer{Ssrc(7), {SequenceNumber(9), SequenceNumber(33), 3}, times};
  ASSERT_TRUE(testing::KeepsToItsSize(writer));
  const auto bytes = testing::Written(writer);
  EXPECT_EQ(bytes[1], 3);
  const auto view = XrPacketReceiptTimesView::Parse(XrBlock(bytes));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->range(), writer.range);
  ASSERT_EQ(view->count(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(view->sequence_number(i), SequenceNumber(static_cast<std::uint16_t>(16 + 8 * i)));
    EXPECT_EQ(view->time(i), times[i]);
  }
}

TEST(XrPacketReceiptTimesTest, AnEmptyRangeHasNoTimes) {
  const auto bytes = testing::Written(XrPacketReceiptTimesWriter{Ssrc(7), {SequenceNumber(9), SequenceNumber(9)}, {}});
  ASSERT_EQ(bytes.size(), 12u);
  EXPECT_EQ(XrPacketReceiptTimesView::Parse(XrBlock(bytes))->count(), 0u);
}

TEST(XrPacketReceiptTimesTest, EachCauseOfRefusal) {
  auto other = kThree;
  other[0] = 1;
  EXPECT_EQ(XrPacketReceiptTimesView::Parse(XrBlock(other)).error(), XrBlockError::kOtherType);
  for (std::uint8_t words = 0; words < 5; ++words) {
    auto cut = kThree;
    cut[3] = words;
    EXPECT_EQ(XrPacketReceiptTimesView::Parse(XrBlock(cut)).error(),
              words < 2 ? XrBlockError::kBadLength : XrBlockError::kBadCount);
  }
  auto fewer_packets = kThree;
  fewer_packets[11] = 1;
  EXPECT_EQ(XrPacketReceiptTimesView::Parse(XrBlock(fewer_packets)).error(), XrBlockError::kBadCount);
}

TEST(XrPacketReceiptTimesTest, WhatNoBlockCanHoldHasNoSizeAndIsNotWritten) {
  const std::vector<RtpTimestamp> times(16384);
  const auto writer = [&](std::uint16_t end, std::uint8_t thinning, std::size_t count) {
    return XrPacketReceiptTimesWriter{Ssrc(1), {SequenceNumber(0), SequenceNumber(end), thinning},
                                      std::span(times).first(count)};
  };
  EXPECT_EQ(writer(3, 0, 2).WireSize(), 0u);
  EXPECT_TRUE(testing::KeepsToItsSize(writer(3, 0, 2)));
  EXPECT_EQ(writer(3, 16, 1).WireSize(), 0u);
  EXPECT_EQ(writer(16384, 0, 16384).WireSize(), 0u);
  EXPECT_EQ(writer(16380, 0, 16380).WireSize(), 65532u);
}

}  // namespace
}  // namespace mediacore::rtcp
