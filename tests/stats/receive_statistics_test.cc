#include "mediacore/stats/receive_statistics.h"

#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"

namespace mediacore::stats {
namespace {

ReceiveStatistics Make(std::int64_t hz = 90'000) {
  return ReceiveStatistics::Create({.clock_rate = Frequency::Hertz(hz)}).value();
}
Arrival See(ReceiveStatistics& statistics, int number) {
  return statistics
      .OnPacket(Timestamp::Zero(), SequenceNumber(static_cast<std::uint16_t>(number)), RtpTimestamp(0),
                DataSize::Bytes(100))
      .arrival;
}

TEST(ReceiveStatisticsTest, AStreamWithoutIncidentMissesNothing) {
  auto statistics = Make();
  EXPECT_EQ(statistics.expected(), 0);
  EXPECT_EQ(statistics.missing(), 0);
  EXPECT_EQ(See(statistics, 65530), Arrival::kFirst);
  for (int i = 1; i < 100'000; ++i) ASSERT_EQ(See(statistics, 65530 + i), Arrival::kNext) << i;
  EXPECT_EQ(statistics.received(), 100'000);
  EXPECT_EQ(statistics.expected(), 100'000);
  EXPECT_EQ(statistics.missing(), 0);
  EXPECT_EQ(statistics.reordered() + statistics.duplicates() + statistics.strays(), 0);
  EXPECT_EQ(statistics.size(), DataSize::Bytes(10'000'000));
  EXPECT_EQ(statistics.extended_highest_sequence_number(), 65530u + 99'999u);
}

TEST(ReceiveStatisticsTest, APacketLateByTwoFillsItsGap) {
  auto statistics = Make();
  See(statistics, 1);
  EXPECT_EQ(See(statistics, 4), Arrival::kAfterGap);
  EXPECT_EQ(statistics.missing(), 2);
  EXPECT_EQ(See(statistics, 2), Arrival::kReordered);
  EXPECT_EQ(statistics.missing(), 1);
  EXPECT_EQ(statistics.reordered(), 1);
}

TEST(ReceiveStatisticsTest, ADuplicateDoesNotMakeUpForALoss) {
  auto statistics = Make();
  See(statistics, 1);
  See(statistics, 3);
  EXPECT_EQ(See(statistics, 3), Arrival::kDuplicate);
  EXPECT_EQ(See(statistics, 1), Arrival::kDuplicate);
  EXPECT_EQ(statistics.missing(), 1);
  EXPECT_EQ(statistics.duplicates(), 2);
  // The report counts as the RFC says: expected less received.
  EXPECT_EQ(statistics.TakeReport(Ssrc(7)).cumulative_lost, -1);
}

TEST(ReceiveStatisticsTest, APacketFromBeforeTheFirstOneMovesTheBeginning) {
  auto statistics = Make();
  See(statistics, 2);
  EXPECT_EQ(See(statistics, 65535), Arrival::kReordered);
  EXPECT_EQ(statistics.expected(), 4);
  EXPECT_EQ(statistics.missing(), 2);
}

TEST(ReceiveStatisticsTest, OldNumbersAreForgottenWhenTheRingComesRound) {
  auto statistics = Make();
  See(statistics, 0);
  See(statistics, 2000);
  See(statistics, 4000);
  EXPECT_EQ(See(statistics, 2000 + 4096), Arrival::kAfterGap);
  EXPECT_EQ(See(statistics, 4096), Arrival::kReordered);  // 0 was in its place
  EXPECT_EQ(See(statistics, 2001), Arrival::kReordered);
  EXPECT_EQ(See(statistics, 2000), Arrival::kJumped);  // one too old to know
}

TEST(ReceiveStatisticsTest, ASenderThatStartsAnewLosesNothing) {
  auto statistics = Make();
  for (int i = 0; i < 10; ++i) See(statistics, 100 + i);
  EXPECT_EQ(See(statistics, 40'000), Arrival::kJumped);
  EXPECT_EQ(statistics.strays(), 1);
  EXPECT_EQ(See(statistics, 40'001), Arrival::kRestarted);
  EXPECT_EQ(See(statistics, 40'002), Arrival::kNext);
  EXPECT_EQ(statistics.received(), 13);
  EXPECT_EQ(statistics.expected(), 13);
  EXPECT_EQ(statistics.missing(), 0);
  EXPECT_EQ(statistics.strays(), 0);
  EXPECT_EQ(statistics.restarts(), 1);
}

TEST(ReceiveStatisticsTest, OneStrangeNumberIsAStrayAndChangesNothing) {
  auto statistics = Make();
  See(statistics, 100);
  EXPECT_EQ(See(statistics, 40'000), Arrival::kJumped);
  EXPECT_EQ(See(statistics, 101), Arrival::kNext);
  EXPECT_EQ(See(statistics, 40'001), Arrival::kJumped);
  EXPECT_EQ(statistics.received(), 2);
  EXPECT_EQ(statistics.missing(), 0);
  EXPECT_EQ(statistics.strays(), 2);
  EXPECT_EQ(statistics.restarts(), 0);
}

TEST(ReceiveStatisticsTest, TheFractionIsOfWhatCameSinceTheLastReport) {
  auto statistics = Make();
  for (int i = 0; i < 100; ++i) {
    if (i % 4 != 3) See(statistics, i);
  }
  See(statistics, 100);
  auto report = statistics.TakeReport(Ssrc(0x1234));
  EXPECT_EQ(report.ssrc, Ssrc(0x1234));
  EXPECT_EQ(report.cumulative_lost, 25);
  EXPECT_EQ(report.fraction_lost, 25 * 256 / 101);
  EXPECT_EQ(report.extended_highest_sequence_number, 100u);
  for (int i = 101; i < 200; ++i) See(statistics, i);
  report = statistics.TakeReport(Ssrc(0x1234));
  EXPECT_EQ(report.fraction_lost, 0);
  EXPECT_EQ(report.cumulative_lost, 25);
  EXPECT_EQ(statistics.TakeReport(Ssrc(0x1234)).fraction_lost, 0);  // nothing since
}

TEST(ReceiveStatisticsTest, PacketsThatKeepTheirSpacingHaveNoJitter) {
  auto statistics = Make(48'000);
  for (int i = 0; i < 500; ++i) {
    statistics.OnPacket(Timestamp::Millis(20 * i), SequenceNumber(static_cast<std::uint16_t>(i)),
                        RtpTimestamp(0xfffff000u + 960u * static_cast<std::uint32_t>(i)), DataSize::Zero());
  }
  EXPECT_EQ(statistics.jitter_ticks(), 0u);
  EXPECT_EQ(statistics.jitter(), TimeDelta::Zero());
}

// Section 6.4.1 with real numbers: J(i) = J(i-1) + (|D(i-1,i)| - J(i-1)) / 16.
TEST(ReceiveStatisticsTest, JitterFollowsTheFormulaOfTheRfc) {
  auto statistics = Make(90'000);
  double jitter = 0;
  double last_transit = 0;
  std::uint32_t random = 1;
  for (int i = 0; i < 2000; ++i) {
    random = random * 1664525 + 1013904223;
    const std::int64_t arrival_ms = 33 * i + static_cast<int>(random % 25);
    const std::uint32_t timestamp = 1000 + 2970u * static_cast<std::uint32_t>(i);
    const double transit = static_cast<double>(arrival_ms) * 90 - timestamp;
    if (i > 0) jitter += (std::abs(transit - last_transit) - jitter) / 16;
    last_transit = transit;
    statistics.OnPacket(Timestamp::Millis(arrival_ms), SequenceNumber(static_cast<std::uint16_t>(i)),
                        RtpTimestamp(timestamp), DataSize::Zero());
    // Integers round; the RFC's own code does too.
    ASSERT_NEAR(statistics.jitter_ticks(), jitter, 2.0) << i;
  }
  EXPECT_NEAR(statistics.jitter().seconds(), jitter / 90'000, 0.0001);
  EXPECT_GT(jitter, 90 * 5);
}

TEST(ReceiveStatisticsTest, AClockThatStepsBackStandsStill) {
  auto statistics = Make(1000);
  statistics.OnPacket(Timestamp::Millis(1000), SequenceNumber(1), RtpTimestamp(0), DataSize::Zero());
  statistics.OnPacket(Timestamp::MinusInfinity(), SequenceNumber(2), RtpTimestamp(0), DataSize::Zero());
  statistics.OnPacket(Timestamp::Millis(-5000), SequenceNumber(3), RtpTimestamp(0), DataSize::Zero());
  EXPECT_EQ(statistics.jitter_ticks(), 0u);
  EXPECT_EQ(statistics.received(), 3);
}

TEST(ReceiveStatisticsTest, WithoutAClockRateThereIsNoJitter) {
  auto statistics = Make(0);
  statistics.OnPacket(Timestamp::Millis(0), SequenceNumber(1), RtpTimestamp(0), DataSize::Zero());
  statistics.OnPacket(Timestamp::Millis(90), SequenceNumber(2), RtpTimestamp(77), DataSize::Zero());
  EXPECT_EQ(statistics.jitter(), TimeDelta::Zero());
}

TEST(ReceiveStatisticsTest, PacketsCostNoHeap) {
  auto statistics = Make();
  testing::HeapWatch watch;
  for (int i = 0; i < 10'000; ++i) See(statistics, i * 7);
  EXPECT_EQ(watch.allocations(), 0u);
}

TEST(ReceiveStatisticsTest, CreateSaysWhatIsWrong) {
  EXPECT_EQ(ReceiveStatistics::Create({.clock_rate = Frequency::Hertz(-1)}).status().message(),
            "ReceiveStatistics::Config::clock_rate is not between 0 and 1 GHz");
  EXPECT_EQ(ReceiveStatistics::Create({.max_dropout = 32768}).status().message(),
            "ReceiveStatistics::Config::max_dropout is not between 1 and 32767");
  EXPECT_FALSE(ReceiveStatistics::Create({.max_dropout = 0}).ok());
}

}  // namespace
}  // namespace mediacore::stats
