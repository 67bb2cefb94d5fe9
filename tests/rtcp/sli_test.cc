#include "mediacore/rtcp/sli.h"

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

// One picture: 3 macroblocks from 17 on; and all there can be of all fields.
constexpr std::array<std::uint8_t, 20> kSli = {0x82, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0x88, 0, 0xc5, 0xff, 0xff, 0xff, 0xff};
constexpr std::array kEntries = {SliEntry{17, 3, 5}, SliEntry{8191, 8191, 63}};

constexpr bool ReadsBoth() {
  const auto sli = SliView::Parse(BlockOf(kSli));
  return sli && sli->count() == 2 && sli->at(0) == kEntries[0] && sli->at(1) == kEntries[1];
}
static_assert(ReadsBoth());
// The item of mediasoup's tests: first 1, number 4, picture 1.
constexpr std::array<std::uint8_t, 4> kItem = {0x00, 0x08, 0x01, 0x01};
static_assert(SliEntry::Read(kItem.data()) == SliEntry{1, 4, 1});

TEST(RtcpSliTest, EntriesReadBackTheSame) {
  EXPECT_EQ(Written(SliWriter{Ssrc(1), Ssrc(2), kEntries}), std::vector(kSli.begin(), kSli.end()));
}

TEST(RtcpSliTest, OnlyWholeEntriesAreTakenAndAtLeastOne) {
  EXPECT_EQ(TakenPrefixes<SliView>(kSli), (std::vector<std::size_t>{12, 16}));
  EXPECT_EQ(VerdictOnPrefix<SliView>(kSli, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<SliView>(kSli, 8), static_cast<int>(FeedbackError::kBadLength));
  auto other = kSli;
  other[1] = 205;
  EXPECT_EQ(SliView::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpSliTest, WhatDoesNotFitItsBitsIsNotWritten) {
  for (const SliEntry entry : {SliEntry{8192, 0, 0}, SliEntry{0, 8192, 0}, SliEntry{0, 0, 64}}) {
    EXPECT_TRUE(CannotBeWritten(SliWriter{{}, {}, std::span(&entry, 1)}));
  }
}

}  // namespace
}  // namespace mediacore::rtcp
