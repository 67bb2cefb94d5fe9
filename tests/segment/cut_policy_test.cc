#include "mediacore/segment/cut_policy.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::segment {
namespace {

// Frames every 100 ms with key frames at `keys`; where the first cut is.
std::optional<Cut> FirstCut(const CutPolicy::Limits& limits, const std::vector<int>& keys,
                            int frames = 300, std::uint64_t bytes = 1) {
  CutPolicy policy;
  for (int i = 0; i < frames; ++i) {
    const bool key = std::find(keys.begin(), keys.end(), i) != keys.end();
    if (const auto cut = policy.Add(limits, TimeDelta::Millis(i * 100), key, bytes)) {
      return cut;
    }
  }
  return std::nullopt;
}

TEST(CutPolicyTest, TheFirstKeyFrameFromTheTargetOnIsTheCut) {
  const auto cut = FirstCut({}, {0, 10, 20, 30, 40});
  EXPECT_EQ(cut->index, 40u);
  EXPECT_FALSE(cut->forced);
}

TEST(CutPolicyTest, AKeyFrameAHairBeforeTheTargetIsAtTheTarget) {
  CutPolicy policy;
  EXPECT_FALSE(policy.Add({}, TimeDelta::Zero(), true, 1));
  EXPECT_TRUE(policy.Add({}, TimeDelta::Micros(3'999'989), true, 1));
}

TEST(CutPolicyTest, WhenTheNextKeyFrameIsTooLateTheLastOneIsTheCut) {
  const auto cut = FirstCut({}, {0, 12, 33, 50});
  EXPECT_EQ(cut->index, 33u);
  EXPECT_FALSE(cut->forced);
}

TEST(CutPolicyTest, WithoutAKeyFrameTheCutIsForcedAtTheBound) {
  const auto cut = FirstCut({}, {0});
  EXPECT_EQ(cut->index, 43u);  // the first frame that is past 4.25 s
  EXPECT_TRUE(cut->forced);
}

TEST(CutPolicyTest, PatienceWaitsForTheFirstKeyFrame) {
  CutPolicy::Limits limits;
  limits.patience = TimeDelta::Seconds(12);
  EXPECT_EQ(FirstCut(limits, {0, 100})->index, 100u);
  EXPECT_FALSE(FirstCut(limits, {0, 100})->forced);
  EXPECT_TRUE(FirstCut(limits, {0, 200})->forced);
}

TEST(CutPolicyTest, SizesCutTooAtAKeyFrameWhereThereIsOne) {
  CutPolicy::Limits limits;
  limits.max_bytes = 1000;
  EXPECT_EQ(FirstCut(limits, {0, 5}, 300, 100)->index, 5u);
  const auto cut = FirstCut(limits, {0}, 300, 100);
  EXPECT_EQ(cut->index, 10u);
  EXPECT_TRUE(cut->forced);
  limits = {};
  limits.max_samples = 7;
  EXPECT_EQ(FirstCut(limits, {0})->index, 7u);
}

}  // namespace
}  // namespace mediacore::segment
