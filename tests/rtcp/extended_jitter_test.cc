#include "mediacore/rtcp/extended_jitter.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

constexpr BlockView Block(Bytes bytes) {
  ByteReader reader(bytes);
  return *BlockView::TakeFrom(reader);
}

// Jitter of two sources, 16 and 90000 ticks.
constexpr std::array<std::uint8_t, 12> kTwo = {0x82, 195, 0, 2, 0, 0, 0, 16, 0x00, 0x01, 0x5f, 0x90};
static_assert(ExtendedJitterView::Parse(Block(kTwo))->count() == 2);
static_assert(ExtendedJitterView::Parse(Block(kTwo))->jitter(1) == 90'000);

TEST(ExtendedJitterTest, AnyNumberOfEntriesReadsBackAsItWasWritten) {
  std::array<std::uint32_t, 32> jitters{};
  for (std::uint32_t i = 0; i < jitters.size(); ++i) jitters[i] = ~i;
  for (std::size_t count = 0; count <= 31; ++count) {
    const ExtendedJitterWriter writer{std::span(jitters).first(count)};
    ASSERT_TRUE(testing::KeepsToItsSize(writer));
    const auto bytes = testing::Written(writer);
    const auto ij = ExtendedJitterView::Parse(Block(bytes));
    ASSERT_TRUE(ij);
    ASSERT_EQ(ij->count(), static_cast<int>(count));
    for (int i = 0; i < ij->count(); ++i) EXPECT_EQ(ij->jitter(i), jitters[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(ExtendedJitterWriter{jitters}.WireSize(), 0u);
  EXPECT_TRUE(testing::KeepsToItsSize(ExtendedJitterWriter{jitters}));
}

TEST(ExtendedJitterTest, EachCauseOfRefusal) {
  auto other = kTwo;
  other[1] = 201;
  EXPECT_EQ(ExtendedJitterView::Parse(Block(other)).error(), ExtendedJitterError::kNotExtendedJitter);
  auto promises = kTwo;
  promises[0] = 0x83;
  EXPECT_EQ(ExtendedJitterView::Parse(Block(promises)).error(), ExtendedJitterError::kTruncated);
  auto padded = kTwo;
  padded[0] = 0xa2;
  padded[11] = 1;
  EXPECT_EQ(ExtendedJitterView::Parse(Block(padded)).error(), ExtendedJitterError::kTruncated);
  EXPECT_NE(ToString(ExtendedJitterError::kTruncated), ToString(ExtendedJitterError::kNotExtendedJitter));
  EXPECT_EQ(ToString(static_cast<ExtendedJitterError>(kExtendedJitterErrorCount)), "rtcp ij: unknown");
}

TEST(ExtendedJitterTest, WhatFollowsTheLastEntryIsIgnored) {
  auto fewer = kTwo;
  fewer[0] = 0x81;
  EXPECT_EQ(ExtendedJitterView::Parse(Block(fewer))->count(), 1);
}

}  // namespace
}  // namespace mediacore::rtcp
