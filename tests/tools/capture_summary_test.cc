#include "capture_summary.h"

#include <numeric>

#include <gtest/gtest.h>

#include "key_frame.h"

namespace mediacore::tools {
namespace {

std::int64_t Total(const TimeSeries& series) {
  return std::accumulate(series.bins().begin(), series.bins().end(), std::int64_t{0});
}

TEST(TimeSeriesTest, AmountsFallIntoTheirTenthOfASecond) {
  TimeSeries series;
  series.Add(TimeDelta::Millis(0), 1);
  series.Add(TimeDelta::Millis(99), 2);
  series.Add(TimeDelta::Millis(100), 4);
  series.Add(TimeDelta::Millis(-5), 8);
  EXPECT_EQ(series.bins(), (std::vector<std::int64_t>{11, 4}));
}

TEST(TimeSeriesTest, ALongCaptureHasLongerBinsAndLosesNothing) {
  TimeSeries series;
  for (int i = 0; i < 100'000; ++i) series.Add(TimeDelta::Millis(10 * i), 3);
  EXPECT_LE(series.bins().size(), TimeSeries::kMaxBins);
  EXPECT_EQ(series.bin(), TimeDelta::Millis(1600));
  EXPECT_EQ(Total(series), 300'000);
  EXPECT_EQ(series.bins()[1], 480);
  series.Add(TimeDelta::Seconds(1'000'000'000'000), 1);  // a time that lies
  EXPECT_LE(series.bins().size(), TimeSeries::kMaxBins);
  EXPECT_EQ(Total(series), 300'001);
  series.Add(TimeDelta::PlusInfinity(), 1);
  EXPECT_EQ(Total(series), 300'001);
}

TEST(TimeSeriesTest, PeaksJoinToTheLargerOne) {
  TimeSeries series(TimeSeries::Join::kMost);
  series.Add(TimeDelta::Millis(0), 5);
  series.Add(TimeDelta::Millis(10), 3);
  series.Add(TimeDelta::Millis(150), 9);
  EXPECT_EQ(series.bins(), (std::vector<std::int64_t>{5, 9}));
  series.Add(TimeDelta::Millis(100 * TimeSeries::kMaxBins), 1);
  EXPECT_EQ(series.bins()[0], 9);
}

bool Begins(Codec codec, std::initializer_list<std::uint8_t> payload) {
  return BeginsKeyFrame(codec, Bytes(payload.begin(), payload.size()));
}

TEST(KeyFrameTest, AnIdrSliceOfH264IsFoundAloneInAnAggregateAndInItsFirstFragment) {
  EXPECT_TRUE(Begins(Codec::kH264, {0x65, 0x88}));
  EXPECT_FALSE(Begins(Codec::kH264, {0x41, 0x9a}));
  EXPECT_TRUE(Begins(Codec::kH264, {0x78, 0, 2, 0x67, 0x42, 0, 2, 0x65, 0x88}));
  EXPECT_FALSE(Begins(Codec::kH264, {0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xce}));
  EXPECT_FALSE(Begins(Codec::kH264, {0x78, 0, 9, 0x65}));  // its length lies
  EXPECT_TRUE(Begins(Codec::kH264, {0x7c, 0x85, 0x88}));
  EXPECT_FALSE(Begins(Codec::kH264, {0x7c, 0x05, 0x88}));
  EXPECT_FALSE(Begins(Codec::kH264, {0x7c}));
}

TEST(KeyFrameTest, AnIrapSliceOfH265IsFoundAloneInAnAggregateAndInItsFirstFragment) {
  EXPECT_TRUE(Begins(Codec::kH265, {0x26, 0x01, 0xaf}));  // IDR
  EXPECT_TRUE(Begins(Codec::kH265, {0x2a, 0x01, 0xaf}));  // CRA
  EXPECT_FALSE(Begins(Codec::kH265, {0x02, 0x01, 0xd0}));
  EXPECT_TRUE(Begins(Codec::kH265, {0x60, 0x01, 0, 3, 0x44, 0x01, 0xc1, 0, 3, 0x26, 0x01, 0xaf}));
  EXPECT_FALSE(Begins(Codec::kH265, {0x60, 0x01, 0, 3, 0x44, 0x01, 0xc1, 0, 3, 0x02, 0x01, 0xd0}));
  EXPECT_FALSE(Begins(Codec::kH265, {0x60, 0x01, 0, 9, 0x26, 0x01}));  // its length lies
  EXPECT_TRUE(Begins(Codec::kH265, {0x62, 0x01, 0x93, 0xaf}));
  EXPECT_FALSE(Begins(Codec::kH265, {0x62, 0x01, 0x13, 0xaf}));
  EXPECT_FALSE(Begins(Codec::kH265, {0x26}));
}

TEST(KeyFrameTest, AVp8FrameTagIsReadBehindTheWholeDescriptor) {
  EXPECT_TRUE(Begins(Codec::kVp8, {0x10, 0x50}));
  EXPECT_FALSE(Begins(Codec::kVp8, {0x10, 0x51}));              // predicted
  EXPECT_FALSE(Begins(Codec::kVp8, {0x00, 0x50}));              // not the first packet
  EXPECT_TRUE(Begins(Codec::kVp8, {0x90, 0x80, 0x12, 0x50}));    // 7 bits of picture id
  EXPECT_TRUE(Begins(Codec::kVp8, {0x90, 0xe0, 0x92, 0x34, 0x01, 0x40, 0x50}));
  EXPECT_FALSE(Begins(Codec::kVp8, {0x90, 0xe0, 0x92, 0x34, 0x01}));
}

TEST(KeyFrameTest, AVp9KeyFrameIsNotPredictedAndTheLowestLayer) {
  EXPECT_TRUE(Begins(Codec::kVp9, {0x88, 0x92, 0x34}));
  EXPECT_FALSE(Begins(Codec::kVp9, {0xc8, 0x92, 0x34}));         // P
  EXPECT_FALSE(Begins(Codec::kVp9, {0x80, 0x92, 0x34}));         // does not begin
  EXPECT_FALSE(Begins(Codec::kVp9, {0xa8, 0x92, 0x34, 0x02}));   // spatial layer 1
  EXPECT_FALSE(Begins(Codec::kVp9, {0x88, 0x92}));
}

TEST(KeyFrameTest, TheFirstPacketOfASequenceOfAv1SaysSo) {
  EXPECT_TRUE(Begins(Codec::kAv1, {0x18, 0x08}));
  EXPECT_FALSE(Begins(Codec::kAv1, {0x10, 0x08}));
  EXPECT_FALSE(Begins(Codec::kAv1, {0x18}));        // nothing in it
  EXPECT_FALSE(Begins(Codec::kAv1, {0x98, 0x08}));  // a sequence cannot begin inside an OBU
}

TEST(KeyFrameTest, OtherCodecsAndEmptyPayloadsHaveNone) {
  EXPECT_FALSE(Begins(Codec::kOpus, {0x65}));
  EXPECT_FALSE(Begins(Codec::kH264, {}));
}

}  // namespace
}  // namespace mediacore::tools
