#include "mediacore/segment/decode_times.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::segment {
namespace {

using Times = std::vector<std::int64_t>;

TEST(DecodeTimesTest, WhatIsShownInOrderIsDecodedWhenItIsShown) {
  Times times = {10, 20, 30, 40};
  EXPECT_EQ(SortIntoDecodeTimes(times, 10), 40);
  EXPECT_EQ(times, (Times{10, 20, 30, 40}));
}

TEST(DecodeTimesTest, ReorderedPicturesAreDecodedAtTheSortedTimes) {
  Times times = {10, 40, 20, 30};  // I P B B
  SortIntoDecodeTimes(times, 10);
  EXPECT_EQ(times, (Times{10, 20, 30, 40}));
}

TEST(DecodeTimesTest, DecodeTimesRiseWhateverTheTimesAre) {
  Times times = {5, 5, 5, 5};
  EXPECT_EQ(SortIntoDecodeTimes(times, 100), 103);
  EXPECT_EQ(times, (Times{100, 101, 102, 103}));
}

TEST(DelayedDecodeTimesTest, NothingIsShownBeforeItIsDecodedAndSegmentsJoin) {
  DelayedDecodeTimes delayed;
  std::int64_t last = -1'000'000;
  for (std::int64_t segment = 0; segment < 5; ++segment) {
    const std::int64_t at = segment * 70;
    // I P b B b P B in decoding order, two pictures deep
    const Times pts = {at, at + 40, at + 20, at + 10, at + 30, at + 60, at + 50};
    Times dts(pts.size());
    delayed.Assign(pts, 10, dts);
    for (std::size_t i = 0; i < pts.size(); ++i) {
      EXPECT_LE(dts[i], pts[i]);
      EXPECT_GT(dts[i], last);
      if (segment > 0 || i > 0) {
        EXPECT_EQ(dts[i] - last, 10);
      }
      last = dts[i];
    }
  }
}

TEST(DelayedDecodeTimesTest, WithoutReorderingThereIsNoDelay) {
  DelayedDecodeTimes delayed;
  const Times pts = {0, 10, 20};
  Times dts(3);
  delayed.Assign(pts, 10, dts);
  EXPECT_EQ(dts, pts);
}

}  // namespace
}  // namespace mediacore::segment
