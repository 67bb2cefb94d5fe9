#include "mediacore/rtcp/congestion_feedback.h"

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

using Block = CongestionFeedbackWriter::Block;

// Of source 2: 65535 came half a second before the report, 0 did not come, 1 came
// with CE at an unknown time. Of source 3 nothing came behind 7.
constexpr std::array<std::uint8_t, 36> kCcfb = {0x8b, 205, 0, 8, 0,    0,    0,    1, 0, 0, 0,    2,    //
                                                0xff, 0xff, 0, 3, 0x82, 0x00, 0,    0, 0xff, 0xff, 0, 0,  //
                                                0,    0,   0, 3, 0,    7,    0,    0, 0xaa, 0xbb, 0xcc, 0xdd};
constexpr std::array kMetrics = {PacketMetric::Received(Ecn::kNotEct, TimeDelta::Millis(500)), PacketMetric(),
                                 PacketMetric::Received(Ecn::kCe, TimeDelta::Micros(-1))};
constexpr std::array kBlocks = {Block{Ssrc(2), SequenceNumber(65535), kMetrics}, Block{Ssrc(3), SequenceNumber(7), {}}};
constexpr CongestionFeedbackWriter kWriter{Ssrc(1), kBlocks, ReportTimestamp(0xaabbccdd)};

constexpr bool ReadsEveryPacket() {
  const auto feedback = CongestionFeedbackView::Parse(BlockOf(kCcfb));
  if (!feedback || feedback->sender_ssrc() != Ssrc(1)) return false;
  if (feedback->report_timestamp() != ReportTimestamp(0xaabbccdd)) return false;
  std::size_t seen = 0;
  bool same = true;
  feedback->ForEach([&](Ssrc ssrc, SequenceNumber number, PacketMetric metric) {
    same = same && ssrc == Ssrc(2) && number == SequenceNumber(65535) + static_cast<std::int64_t>(seen) &&
           metric == kMetrics[seen];
    ++seen;
  });
  return same && seen == 3;
}
static_assert(ReadsEveryPacket());
static_assert(kMetrics[0].bits() == 0x8200 && kMetrics[2].bits() == 0xffff);

// Made elsewhere and read by another program: source 7 from 100 on, ato 1, not
// received, unknown with ECT(1), over range with ECT(0); report timestamp 1234.
constexpr std::array<std::uint8_t, 28> kOthers = {0x8b, 205, 0,    6, 0, 0, 0,    17,   0,    0,    0, 7, 0,    100,
                                                  0,    4,   0x80, 1, 0, 0, 0xbf, 0xff, 0xdf, 0xfe, 0, 0, 0x04, 0xd2};
constexpr bool ReadsTheOthers() {
  const auto feedback = CongestionFeedbackView::Parse(BlockOf(kOthers));
  if (!feedback || feedback->sender_ssrc() != Ssrc(17) || feedback->report_timestamp().value() != 1234) return false;
  const CongestionReportBlock block = *feedback->begin();
  TimeDelta first = TimeDelta::Zero(), last = TimeDelta::Zero();
  return block.ssrc() == Ssrc(7) && block.begin_seq().value() == 100 && block.num_reports() == 4 &&
         block.metric(0).ReadArrivalTimeOffset(first) && first == TimeDelta::Micros(976) &&
         !block.metric(1).received() && block.metric(2).ecn() == Ecn::kEct1 &&
         block.metric(2).arrival_time_offset() == PacketMetric::kUnknownOffset && block.metric(3).ecn() == Ecn::kEct0 &&
         block.metric(3).ReadArrivalTimeOffset(last) && last == TimeDelta::PlusInfinity();
}
static_assert(ReadsTheOthers());

struct Report {
  std::uint32_t ssrc;
  std::uint16_t number;
  std::uint16_t metric;
  bool operator==(const Report&) const = default;
};
std::vector<Report> ReportsIn(const CongestionFeedbackView& feedback) {
  std::vector<Report> reports;
  for (const CongestionReportBlock block : feedback) {
    for (int i = 0; i < block.num_reports(); ++i) {
      reports.push_back({block.ssrc().value(), (block.begin_seq() + i).value(), block.metric(i).bits()});
    }
  }
  return reports;
}

TEST(RtcpCongestionFeedbackTest, WhatIsWrittenReadsBackTheSame) {
  EXPECT_EQ(Written(kWriter), std::vector(kCcfb.begin(), kCcfb.end()));
}

TEST(RtcpCongestionFeedbackTest, EachOfAllMetricsSaysWhatItsBitsSayAndIsMadeOfItAgain) {
  for (unsigned bits = 0; bits <= 0xffff; ++bits) {
    const PacketMetric metric(static_cast<std::uint16_t>(bits));
    TimeDelta offset = TimeDelta::Micros(-77);
    const bool known = metric.ReadArrivalTimeOffset(offset);
    if (bits < 0x8000) {  // the others MUST be ignored
      ASSERT_EQ(metric, PacketMetric());
      ASSERT_FALSE(metric.received());
      ASSERT_EQ(metric.ecn(), Ecn::kNotEct);
      ASSERT_FALSE(known);
      continue;
    }
    ASSERT_EQ(metric.bits(), bits);
    ASSERT_TRUE(metric.received());
    ASSERT_EQ(static_cast<unsigned>(metric.ecn()), bits >> 13 & 3);
    const unsigned units = bits & 0x1fff;
    ASSERT_EQ(known, units != 0x1fff);
    if (!known) {
      ASSERT_EQ(offset, TimeDelta::Micros(-77));
      ASSERT_EQ(PacketMetric::Received(metric.ecn(), offset), metric);
      continue;
    }
    ASSERT_EQ(offset, units == 0x1ffe ? TimeDelta::PlusInfinity() : TimeDelta::Ticks(units, 1024));
    ASSERT_EQ(PacketMetric::Received(metric.ecn(), offset), metric);
  }
}

TEST(RtcpCongestionFeedbackTest, EveryMicrosecondOfEightSecondsIsRoundedToTheNearestUnit) {
  const auto units = [](std::int64_t us) {
    return PacketMetric::Received(Ecn::kNotEct, TimeDelta::Micros(us)).bits() & 0x1fff;
  };
  for (std::int64_t us = 0; us <= 7'997'070; ++us) {
    if (units(us) != (us * 1024 * 2 + 1'000'000) / 2'000'000) FAIL() << us;
  }
  EXPECT_EQ(units(7'997'070), 0x1ffd);  // 8189/1024 s is 0.3 us more
  EXPECT_EQ(units(7'997'071), 0x1ffe);
  EXPECT_EQ(units(8'000'000), 0x1ffe);
  EXPECT_EQ(units(kInt64Max), 0x1ffe);
  EXPECT_EQ(units(-1), 0x1fff);
  EXPECT_EQ(units(kInt64Min), 0x1fff);
}

TEST(RtcpCongestionFeedbackTest, FromEveryBeginTheNumbersGoOnAcrossTheWrap) {
  const std::array<PacketMetric, 3> metrics{};
  std::array<std::uint8_t, 40> out{};
  for (unsigned begin = 0; begin <= 0xffff; ++begin) {
    const std::array blocks{Block{Ssrc(2), SequenceNumber(static_cast<std::uint16_t>(begin)), metrics}};
    ASSERT_TRUE((CongestionFeedbackWriter{Ssrc(1), blocks, {}}.Write(out)));
    const auto feedback = CongestionFeedbackView::Parse(BlockOf(Bytes(out).first(28)));
    ASSERT_TRUE(feedback);
    unsigned expected = begin;
    feedback->ForEach([&](Ssrc, SequenceNumber number, PacketMetric) {
      ASSERT_EQ(number.value(), expected++ & 0xffff);
    });
    ASSERT_EQ(expected, begin + 3);
  }
}

TEST(RtcpCongestionFeedbackTest, NumReportsIsTheirNumberAndTheRestIsFilledToAWord) {
  const std::vector<PacketMetric> metrics(20, PacketMetric(0x8001));
  for (std::size_t count = 0; count <= metrics.size(); ++count) {
    const std::array blocks{Block{Ssrc(2), SequenceNumber(65530), std::span(metrics).first(count)},
                            Block{Ssrc(3), SequenceNumber(1), std::span(metrics).first(20 - count)}};
    const auto written = Written(CongestionFeedbackWriter{Ssrc(1), blocks, ReportTimestamp(9)});
    ASSERT_EQ(written.size(), 12 + 16 + 2 * 20 + (count % 2 != 0 ? 4u : 0u));
    ASSERT_EQ(LoadU16(&written[14]), count);
    if (count % 2 != 0) {
      ASSERT_EQ(LoadU16(&written[16 + 2 * count]), 0);
    }
    const auto feedback = CongestionFeedbackView::Parse(BlockOf(written));
    ASSERT_TRUE(feedback);
    ASSERT_EQ(ReportsIn(*feedback).size(), 20u);
    ASSERT_EQ(feedback->report_timestamp(), ReportTimestamp(9));
  }
}

TEST(RtcpCongestionFeedbackTest, WithoutABlockItIsAnEmptyMessage) {
  const auto written = Written(CongestionFeedbackWriter{Ssrc(1), {}, ReportTimestamp(5)});
  ASSERT_EQ(written.size(), 12u);
  const auto feedback = CongestionFeedbackView::Parse(BlockOf(written));
  ASSERT_TRUE(feedback);
  EXPECT_TRUE(feedback->begin() == feedback->end());
  EXPECT_EQ(feedback->report_timestamp(), ReportTimestamp(5));
}

TEST(RtcpCongestionFeedbackTest, AQuarterOfAllNumbersIsTheMostOfABlock) {
  const std::vector<PacketMetric> metrics(16'385, PacketMetric(0xa003));
  std::array blocks{Block{Ssrc(2), SequenceNumber(60'000), std::span(metrics).first(16'384)}};
  const CongestionFeedbackWriter writer{Ssrc(1), blocks, {}};
  auto written = Written(writer);
  const auto feedback = CongestionFeedbackView::Parse(BlockOf(written));
  ASSERT_TRUE(feedback);
  const auto reports = ReportsIn(*feedback);
  ASSERT_EQ(reports.size(), 16'384u);
  EXPECT_EQ(reports.back(), (Report{2, (60'000 + 16'383) % 65'536, 0xa003}));

  blocks[0].metrics = metrics;
  EXPECT_TRUE(CannotBeWritten(writer));
  written.resize(written.size() + 4);
  StoreU16(&written[2], static_cast<std::uint16_t>(written.size() / 4 - 1));
  StoreU16(&written[14], 16'385);
  EXPECT_EQ(CongestionFeedbackView::Parse(BlockOf(written)).error(), FeedbackError::kBadValue);
}

TEST(RtcpCongestionFeedbackTest, ADatagramIsTheMostThatIsWritten) {
  std::vector<Block> blocks(8190);  // 12 + 8190 * 8 = 65,532
  EXPECT_EQ(Written(CongestionFeedbackWriter{{}, blocks, {}}).size(), 65'532u);
  blocks.emplace_back();
  EXPECT_TRUE(CannotBeWritten(CongestionFeedbackWriter{{}, blocks, {}}));
}

TEST(RtcpCongestionFeedbackTest, EachCauseOfRefusal) {
  // Cut anywhere, the last four bytes are the timestamp: blocks have to end there.
  EXPECT_EQ(TakenPrefixes<CongestionFeedbackView>(kCcfb), (std::vector<std::size_t>{8, 24, 32}));
  EXPECT_EQ(VerdictOnPrefix<CongestionFeedbackView>(kCcfb, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<CongestionFeedbackView>(kCcfb, 12), static_cast<int>(FeedbackError::kBadLength));
  EXPECT_EQ(VerdictOnPrefix<CongestionFeedbackView>(kCcfb, 20), static_cast<int>(FeedbackError::kBadCount));
  EXPECT_EQ(VerdictOnPrefix<CongestionFeedbackView>(kCcfb, 22), static_cast<int>(FeedbackError::kBadCount));
  auto other = kCcfb;
  other[0] = 0x8f;
  EXPECT_EQ(CongestionFeedbackView::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpCongestionFeedbackTest, EveryNumReportsThatPromisesMoreThanThereIsIsRefused) {
  auto bytes = kCcfb;
  for (unsigned count = 0; count <= 0xffff; ++count) {
    StoreU16(&bytes[14], static_cast<std::uint16_t>(count));
    const auto feedback = CongestionFeedbackView::Parse(BlockOf(bytes));
    // 0: the metrics are a head, 0x8200 0x0000 0xffff 0x0000; 1, 2: the next head
    // has lost its first half and says 3 of none; 7, 8: as many as there is room for.
    const bool fits = count == 0 || (count >= 3 && count <= 4) || (count >= 7 && count <= 8);
    ASSERT_EQ(feedback.has_value(), fits) << count;
    if (!fits) {
      ASSERT_EQ(feedback.error(), count < 7 && count > 2 ? FeedbackError::kBadLength : FeedbackError::kBadCount);
    }
  }
}

TEST(RtcpCongestionFeedbackTest, TheTimeOfAReportIsUnwrapped) {
  Unwrapper<ReportTimestamp> unwrapper;
  const std::int64_t first = unwrapper.Unwrap(ReportTimestamp(0xffff'ff00));
  EXPECT_EQ(TimeDelta::Ticks(unwrapper.Unwrap(ReportTimestamp(0xff00)) - first, 65'536), TimeDelta::Seconds(1));
}

}  // namespace
}  // namespace mediacore::rtcp
