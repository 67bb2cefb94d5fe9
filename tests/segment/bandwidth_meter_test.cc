#include "mediacore/segment/bandwidth_meter.h"

#include <gtest/gtest.h>

namespace mediacore::segment {
namespace {

constexpr TimeDelta kTarget = TimeDelta::Seconds(4);

TEST(BandwidthMeterTest, PeakAndAverageOfSegmentsOfTheTarget) {
  BandwidthMeter meter;
  EXPECT_TRUE(meter.empty());
  meter.Add(1'000'000, kTarget, kTarget);
  meter.Add(3'000'000, kTarget, kTarget);
  EXPECT_NEAR(static_cast<double>(meter.peak().bps()), 6e6, 1);
  EXPECT_NEAR(static_cast<double>(meter.average().bps()), 4e6, 1);
}

TEST(BandwidthMeterTest, AShortBurstCountsOnlyWithItsNeighbours) {
  BandwidthMeter meter;
  meter.Add(1'000'000, kTarget, kTarget);
  meter.Add(1'000'000, TimeDelta::Seconds(1), kTarget);  // 8 Mbit/s, but 1 s
  EXPECT_NEAR(static_cast<double>(meter.peak().bps()), 2e6 * 8 / 5, 1);
}

TEST(BandwidthMeterTest, RunsOfShortSegmentsCount) {
  BandwidthMeter meter;
  for (int i = 0; i < 8; ++i) meter.Add(i < 2 ? 500'000 : 100'000, TimeDelta::Seconds(1), kTarget);
  EXPECT_NEAR(static_cast<double>(meter.peak().bps()), 4e6, 1);  // the first two
}

TEST(BandwidthMeterTest, AStreamTooShortForARunHasItsAverageAsPeak) {
  BandwidthMeter meter;
  meter.Add(1'000, TimeDelta::Millis(500), kTarget);
  EXPECT_EQ(meter.peak(), meter.average());
}

TEST(BandwidthMeterTest, RunsDoNotReachAcrossAHole) {
  BandwidthMeter meter;
  meter.Add(1'000'000, TimeDelta::Seconds(1), kTarget);
  meter.Break();
  meter.Add(1'000'000, TimeDelta::Seconds(1), kTarget);
  meter.Add(0, TimeDelta::Seconds(3), kTarget);
  EXPECT_NEAR(static_cast<double>(meter.peak().bps()), 2e6, 1);
}

}  // namespace
}  // namespace mediacore::segment
