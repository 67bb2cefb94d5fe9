#include "mediacore/rtcp/temporal_spatial_tradeoff.h"

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

constexpr std::array<std::uint8_t, 20> kTstr = {0x85, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 200, 0, 0, 31};
constexpr TradeoffEntry kEntry{Ssrc(9), 200, TradeoffEntry::kSmoothest};
static_assert(TstrView::Parse(BlockOf(kTstr))->at(0) == kEntry);

TEST(RtcpTemporalSpatialTradeoffTest, RequestAndNotificationDifferInTheirFormatOnly) {
  auto tstn = kTstr;
  tstn[0] = 0x86;
  EXPECT_EQ(TstnView::Parse(BlockOf(tstn))->at(0), kEntry);
  EXPECT_EQ(TstnView::Parse(BlockOf(kTstr)).error(), FeedbackError::kOtherMessage);
  EXPECT_EQ(TstrView::Parse(BlockOf(tstn)).error(), FeedbackError::kOtherMessage);
  EXPECT_EQ(Written(TstrWriter{Ssrc(1), Ssrc(0), std::span(&kEntry, 1)}), std::vector(kTstr.begin(), kTstr.end()));
  EXPECT_EQ(Written(TstnWriter{Ssrc(1), Ssrc(0), std::span(&kEntry, 1)}), std::vector(tstn.begin(), tstn.end()));
}

TEST(RtcpTemporalSpatialTradeoffTest, ReservedBitsAreNotLookedAt) {
  auto bytes = kTstr;
  bytes[17] = bytes[18] = bytes[19] = 0xff;
  EXPECT_EQ(TstrView::Parse(BlockOf(bytes))->at(0), kEntry);
}

TEST(RtcpTemporalSpatialTradeoffTest, OnlyWholeEntriesAreTakenAndAtLeastOne) {
  EXPECT_EQ(TakenPrefixes<TstrView>(kTstr), (std::vector<std::size_t>{16}));
  EXPECT_EQ(VerdictOnPrefix<TstrView>(kTstr, 4), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<TstrView>(kTstr, 12), static_cast<int>(FeedbackError::kBadLength));
}

TEST(RtcpTemporalSpatialTradeoffTest, AnIndexAbove31IsNotWritten) {
  constexpr TradeoffEntry kBeyond{Ssrc(9), 0, 32};
  EXPECT_TRUE(CannotBeWritten(TstrWriter{{}, {}, std::span(&kBeyond, 1)}));
}

}  // namespace
}  // namespace mediacore::rtcp
