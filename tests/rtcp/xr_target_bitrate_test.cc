#include "mediacore/rtcp/xr_target_bitrate.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::XrBlock;

// Two spatial layers; the second has two temporal ones.
constexpr std::array<std::uint8_t, 16> kThree = {42,   0, 0x00, 3,    0x00, 0, 0x01, 0x2c,
                                                 0x10, 0, 0x02, 0x58, 0x11, 0, 0x03, 0xe8};
static_assert(XrTargetBitrateView::Parse(XrBlock(kThree))->count() == 3);
static_assert(XrTargetBitrateView::Parse(XrBlock(kThree))->at(2) ==
              XrTargetBitrate{1, 1, DataRate::KilobitsPerSecond(1000)});

TEST(XrTargetBitrateTest, EveryLayerReadsBackAsItWasWritten) {
  std::vector<XrTargetBitrate> targets;
  for (int layer = 0; layer < 256; ++layer) {
    targets.push_back({static_cast<std::uint8_t>(layer >> 4), static_cast<std::uint8_t>(layer & 15),
                       DataRate::KilobitsPerSecond(layer * 65793)});  // up to the largest, 0xffffff
  }
  const XrTargetBitrateWriter writer{targets};
  EXPECT_TRUE(testing::KeepsToItsSize(writer));
  const auto bytes = testing::Written(writer);
  const auto view = XrTargetBitrateView::Parse(XrBlock(bytes));
  ASSERT_TRUE(view);
  ASSERT_EQ(view->count(), targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) EXPECT_EQ(view->at(i), targets[i]);
  EXPECT_EQ(targets.back().rate, XrTargetBitrate::kMaxRate);
}

TEST(XrTargetBitrateTest, ABlockWithoutLayersIsAllowed) {
  const auto bytes = testing::Written(XrTargetBitrateWriter{});
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{42, 0, 0, 0}));
  EXPECT_EQ(XrTargetBitrateView::Parse(XrBlock(bytes))->count(), 0u);
}

TEST(XrTargetBitrateTest, WhatNoBlockCanHoldHasNoSizeAndIsNotWritten) {
  const auto size = [](XrTargetBitrate target) { return XrTargetBitrateWriter{std::span(&target, 1)}.WireSize(); };
  EXPECT_EQ(size({15, 15, XrTargetBitrate::kMaxRate}), 8u);
  EXPECT_EQ(size({16, 0, DataRate::Zero()}), 0u);
  EXPECT_EQ(size({0, 16, DataRate::Zero()}), 0u);
  EXPECT_EQ(size({0, 0, DataRate::KilobitsPerSecond(0x1000000)}), 0u);
  EXPECT_EQ(size({0, 0, DataRate::KilobitsPerSecond(-1)}), 0u);
  EXPECT_EQ(size({0, 0, DataRate::BitsPerSecond(1500)}), 0u);
  EXPECT_EQ(size({0, 0, DataRate::PlusInfinity()}), 0u);
  const std::vector<XrTargetBitrate> many(16384);
  EXPECT_EQ(XrTargetBitrateWriter{many}.WireSize(), 0u);
  EXPECT_TRUE(testing::KeepsToItsSize(XrTargetBitrateWriter{many}));
}

TEST(XrTargetBitrateTest, EachCauseOfRefusal) {
  constexpr std::array<std::uint8_t, 4> kOther = {41, 0, 0, 0};
  EXPECT_EQ(XrTargetBitrateView::Parse(XrBlock(kOther)).error(), XrBlockError::kOtherType);
}

}  // namespace
}  // namespace mediacore::rtcp
