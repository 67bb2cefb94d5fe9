#include "mediacore/rtcp/sender_report.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/rtcp/receiver_report.h"

namespace mediacore::rtcp {
namespace {

constexpr ReportBlock kReport{Ssrc(0x11223344), 51, -3, 0x0001fffe,
                              90,               0xaabbccdd, 0x00010000};

BlockView Block(Bytes bytes) {
  ByteReader reader(bytes);
  return *BlockView::TakeFrom(reader);
}
template <typename Writer>
std::vector<std::uint8_t> Written(const Writer& writer) {
  std::vector<std::uint8_t> out(writer.WireSize());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

// What ffmpeg sends: SSRC 0xd24b344e, one packet of 100 bytes, no reports.
constexpr std::array<std::uint8_t, 28> kSr = {
    0x80, 200,  0,    6,    0xd2, 0x4b, 0x34, 0x4e, 0xe8, 0x00,
    0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x01, 0x5f, 0x90,
    0,    0,    0,    1,    0,    0,    0,    100};

constexpr bool ReadsAnSr() {
  ByteReader reader(kSr);
  const auto block = BlockView::TakeFrom(reader);
  const auto sr = SenderReportView::Parse(*block);
  return sr && sr->sender_ssrc() == Ssrc(0xd24b344e) &&
         sr->ntp_time() == NtpTime(0xe8000000, 0x80000000) &&
         sr->rtp_timestamp() == RtpTimestamp(90000) && sr->packet_count() == 1 &&
         sr->octet_count() == 100 && sr->report_count() == 0 &&
         sr->profile_extension().empty();
}
static_assert(ReadsAnSr());

TEST(RtcpSenderReportTest, EveryFieldReadsBackTheSame) {
  const std::array reports{kReport, ReportBlock{}, kReport};
  const std::array<std::uint8_t, 4> extension = {1, 2, 3, 4};
  SenderReportWriter writer;
  writer.sender_ssrc = Ssrc(5);
  writer.ntp_time = NtpTime(0x0123456789abcdef);
  writer.rtp_timestamp = RtpTimestamp(0xffffffff);
  writer.packet_count = 0xfffffffe;
  writer.octet_count = 0xfffffffd;
  writer.reports = reports;
  writer.profile_extension = extension;
  const auto bytes = Written(writer);
  const auto sr = SenderReportView::Parse(Block(bytes));
  ASSERT_TRUE(sr);
  EXPECT_EQ(sr->sender_ssrc(), writer.sender_ssrc);
  EXPECT_EQ(sr->ntp_time(), writer.ntp_time);
  EXPECT_EQ(sr->rtp_timestamp(), writer.rtp_timestamp);
  EXPECT_EQ(sr->packet_count(), writer.packet_count);
  EXPECT_EQ(sr->octet_count(), writer.octet_count);
  ASSERT_EQ(sr->report_count(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sr->report(i), reports[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(sr->profile_extension().size(), 4u);
  EXPECT_EQ(sr->profile_extension()[3], 4);
}

TEST(RtcpSenderReportTest, EachCauseOfRefusal) {
  auto bytes = kSr;
  bytes[1] = 201;
  EXPECT_EQ(SenderReportView::Parse(Block(bytes)).error(),
            SenderReportError::kNotSenderReport);
  bytes = kSr;
  bytes[3] = 5;
  EXPECT_EQ(SenderReportView::Parse(Block(bytes)).error(),
            SenderReportError::kTooShort);
  bytes = kSr;
  bytes[0] = 0x81;
  EXPECT_EQ(SenderReportView::Parse(Block(bytes)).error(),
            SenderReportError::kReportsTruncated);
}

TEST(RtcpSenderReportTest, PaddingIsNotTakenForAReport) {
  // A report block's worth of padding: RC 1 is a lie.
  std::array<std::uint8_t, 52> bytes{};
  std::copy(kSr.begin(), kSr.end(), bytes.begin());
  bytes[0] = 0xa1;
  bytes[3] = 12;
  bytes[51] = 24;
  EXPECT_EQ(SenderReportView::Parse(Block(bytes)).error(),
            SenderReportError::kReportsTruncated);
}

TEST(RtcpReceiverReportTest, EveryFieldReadsBackTheSame) {
  const std::vector<ReportBlock> reports(31, kReport);
  ReceiverReportWriter writer;
  writer.sender_ssrc = Ssrc(9);
  writer.reports = reports;
  const auto bytes = Written(writer);
  EXPECT_EQ(bytes.size(), 8u + 31 * 24);
  const auto rr = ReceiverReportView::Parse(Block(bytes));
  ASSERT_TRUE(rr);
  EXPECT_EQ(rr->sender_ssrc(), Ssrc(9));
  ASSERT_EQ(rr->report_count(), 31);
  EXPECT_EQ(rr->report(30), kReport);
  EXPECT_TRUE(rr->profile_extension().empty());
}

TEST(RtcpReceiverReportTest, EachCauseOfRefusal) {
  constexpr std::array<std::uint8_t, 4> kNoSsrc = {0x80, 201, 0, 0};
  constexpr std::array<std::uint8_t, 8> kLie = {0x81, 201, 0, 1, 0, 0, 0, 1};
  EXPECT_EQ(ReceiverReportView::Parse(Block(kSr)).error(),
            ReceiverReportError::kNotReceiverReport);
  EXPECT_EQ(ReceiverReportView::Parse(Block(kNoSsrc)).error(),
            ReceiverReportError::kTooShort);
  EXPECT_EQ(ReceiverReportView::Parse(Block(kLie)).error(),
            ReceiverReportError::kReportsTruncated);
}

TEST(RtcpReportWriterTest, WhatNoReportCanHoldHasNoSizeAndIsNotWritten) {
  const std::vector<ReportBlock> many(32);
  const std::array<std::uint8_t, 3> ragged{};
  std::vector<std::uint8_t> out(2000);
  SenderReportWriter sr;
  sr.reports = many;
  EXPECT_EQ(sr.WireSize(), 0u);
  EXPECT_FALSE(sr.Write(out));
  sr.reports = {};
  sr.profile_extension = ragged;
  EXPECT_EQ(sr.WireSize(), 0u);
  sr.profile_extension = {};
  EXPECT_FALSE(sr.Write(MutableBytes(out).first(27)));
  EXPECT_TRUE(sr.Write(MutableBytes(out).first(28)));
  ReceiverReportWriter rr;
  rr.reports = many;
  EXPECT_EQ(rr.WireSize(), 0u);
  EXPECT_FALSE(rr.Write(out));
}

TEST(RtcpReportBlockTest, CumulativeLossIsSignedAndClampedToTwentyFourBits) {
  const struct {
    std::int32_t in;
    std::int32_t out;
  } cases[] = {{0, 0},
               {1, 1},
               {-1, -1},
               {0x7fffff, 0x7fffff},
               {0x800000, 0x7fffff},
               {0x7fffffff, 0x7fffff},
               {-0x800000, -0x800000},
               {-0x800001, -0x800000},
               {-0x7fffffff - 1, -0x800000}};
  for (const auto& c : cases) {
    ReportBlock report;
    report.fraction_lost = 0xa5;
    report.cumulative_lost = c.in;
    std::array<std::uint8_t, ReportBlock::kSize> bytes{};
    report.Write(bytes);
    EXPECT_EQ(ReportBlock::Read(bytes).cumulative_lost, c.out);
    EXPECT_EQ(ReportBlock::Read(bytes).fraction_lost, 0xa5);
  }
}

TEST(RtcpRoundTripTimeTest, IsTheExampleOfRfc3550) {
  // Section 6.4.1, figure 2: A = b710:8000, LSR = b705:2000, DLSR = 5.250 s.
  ReportBlock report;
  report.last_sr = 0xb7052000;
  report.delay_since_last_sr = 0x00054000;
  TimeDelta rtt = TimeDelta::Zero();
  ASSERT_TRUE(RoundTripTime(report, NtpTime(0x0000b7108000'0000), rtt));
  EXPECT_EQ(rtt, TimeDelta::Micros(6'125'000));
}

TEST(RtcpRoundTripTimeTest, IsAbsentWithoutASenderReportOrWhenNegative) {
  ReportBlock report;
  TimeDelta rtt = TimeDelta::Seconds(42);
  EXPECT_FALSE(RoundTripTime(report, NtpTime(0x0000b71080000000), rtt));
  report.last_sr = 0xb7108000;
  report.delay_since_last_sr = 1;
  EXPECT_FALSE(RoundTripTime(report, NtpTime(0x0000b71080000000), rtt));
  report.delay_since_last_sr = 0xffffffff;
  report.last_sr = 0xb7109000;
  EXPECT_FALSE(RoundTripTime(report, NtpTime(0x0000b71080000000), rtt));
  EXPECT_EQ(rtt, TimeDelta::Seconds(42));
}

TEST(RtcpRoundTripTimeTest, GoesOnAcrossTheWrapOfTheCompactTime) {
  ReportBlock report;
  report.last_sr = 0xffff8000;  // half a second before the wrap
  report.delay_since_last_sr = 0x4000;
  TimeDelta rtt = TimeDelta::Zero();
  ASSERT_TRUE(RoundTripTime(report, NtpTime(0x0001'0000'8000'0000), rtt));
  EXPECT_EQ(rtt, TimeDelta::Millis(750));
}

}  // namespace
}  // namespace mediacore::rtcp
