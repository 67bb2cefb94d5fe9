#include "mediacore/base/units.h"

#include <gtest/gtest.h>

namespace mediacore {
namespace {

TEST(UnitsTest, SizeOverTimeIsRateAndBackAgain) {
  constexpr DataSize kSize = DataSize::Bytes(1'500);
  constexpr TimeDelta kTime = TimeDelta::Millis(12);
  constexpr DataRate kRate = DataRate::KilobitsPerSecond(1'000);
  EXPECT_EQ(kSize / kTime, kRate);
  EXPECT_EQ(kRate * kTime, kSize);
  EXPECT_EQ(kTime * kRate, kSize);
  EXPECT_EQ(kSize / kRate, kTime);
}

TEST(UnitsTest, ByNothingIsForEver) {
  EXPECT_EQ(DataSize::Bytes(1) / TimeDelta::Zero(), DataRate::PlusInfinity());
  EXPECT_EQ(DataSize::Bytes(1) / DataRate::Zero(), TimeDelta::PlusInfinity());
  EXPECT_EQ(DataSize::Zero() / TimeDelta::Zero(), DataRate::Zero());
}

TEST(UnitsTest, WhatIsInfiniteStaysSoThroughEveryConversion) {
  EXPECT_EQ(DataRate::PlusInfinity() * TimeDelta::Seconds(1), DataSize::PlusInfinity());
  EXPECT_EQ(DataRate::BitsPerSecond(1) * TimeDelta::PlusInfinity(),
            DataSize::PlusInfinity());
  EXPECT_EQ(DataRate::BitsPerSecond(-1) * TimeDelta::PlusInfinity(),
            DataSize::MinusInfinity());
  EXPECT_EQ(DataRate::Zero() * TimeDelta::PlusInfinity(), DataSize::Zero());
  EXPECT_EQ(DataSize::PlusInfinity() / TimeDelta::Seconds(1), DataRate::PlusInfinity());
  EXPECT_EQ(DataSize::Bytes(1'000) / TimeDelta::PlusInfinity(), DataRate::Zero());
}

TEST(UnitsTest, LargeProductsKeepTheirHighBits) {
  // 400 Gbit/s for ten days, and back.
  constexpr DataRate kRate = DataRate::BitsPerSecond(400'000'000'000);
  constexpr TimeDelta kTime = TimeDelta::Seconds(864'000);
  EXPECT_EQ((kRate * kTime).bytes(), 43'200'000'000'000'000);
  EXPECT_EQ(kRate * kTime / kTime, kRate);
}

TEST(UnitsTest, RatesAndFrequenciesScale) {
  EXPECT_EQ(DataRate::KilobitsPerSecond(3) * 2, DataRate::BitsPerSecond(6'000));
  EXPECT_EQ(2 * DataRate::KilobitsPerSecond(3) / 4, DataRate::BitsPerSecond(1'500));
  EXPECT_DOUBLE_EQ(DataRate::KilobitsPerSecond(3) / DataRate::KilobitsPerSecond(2), 1.5);
  EXPECT_DOUBLE_EQ(DataRate::BitsPerSecond(1'500).kbps(), 1.5);
  EXPECT_EQ(Frequency::Hertz(30).millihertz(), 30'000);
  EXPECT_DOUBLE_EQ(Frequency::MilliHertz(29'970).hertz(), 29.97);
  DataSize sum = DataSize::Bytes(5);
  sum += DataSize::Bytes(3);
  sum -= DataSize::Bytes(10);
  EXPECT_EQ(sum, DataSize::Bytes(-2));
}

}  // namespace
}  // namespace mediacore
