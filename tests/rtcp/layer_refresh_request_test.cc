#include "mediacore/rtcp/layer_refresh_request.h"

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

// Sender 1; source 2, request 3, payload type 96: up to temporal 2 of layer 4,
// while temporal 1 of layer 0 is decoded.
constexpr std::array<std::uint8_t, 24> kLrr = {0x8a, 206, 0, 5, 0,  0,    0, 1, 0, 0, 0, 0,
                                               0,    0,   0, 2, 3, 0xe0, 0, 0, 2, 4, 1, 0};
constexpr LayerRefreshEntry kEntry{Ssrc(2), 3, PayloadType(96), {2, 4}, true, {1, 0}};
static_assert(LayerRefreshRequestView::Parse(BlockOf(kLrr))->at(0) == kEntry);

TEST(RtcpLayerRefreshRequestTest, EntriesReadBackTheSame) {
  EXPECT_EQ(Written(LayerRefreshRequestWriter{Ssrc(1), Ssrc(0), std::span(&kEntry, 1)}),
            std::vector(kLrr.begin(), kLrr.end()));
}

TEST(RtcpLayerRefreshRequestTest, WithoutTheFlagTheCurrentLayerMeansNothing) {
  auto bytes = kLrr;
  bytes[17] = 96;
  LayerRefreshEntry without = kEntry;
  without.has_current = false;
  without.current = {};
  EXPECT_EQ(LayerRefreshRequestView::Parse(BlockOf(bytes))->at(0), without);
  without.current = {0, 1};
  EXPECT_TRUE(CannotBeWritten(LayerRefreshRequestWriter{{}, {}, std::span(&without, 1)}));
}

TEST(RtcpLayerRefreshRequestTest, ReservedBitsAreNotLookedAt) {
  auto bytes = kLrr;
  bytes[18] = bytes[19] = 0xff;
  bytes[20] |= 0xf8;
  bytes[22] |= 0xf8;
  EXPECT_EQ(LayerRefreshRequestView::Parse(BlockOf(bytes))->at(0), kEntry);
}

TEST(RtcpLayerRefreshRequestTest, OnlyWholeEntriesAreTakenAndAtLeastOne) {
  EXPECT_EQ(TakenPrefixes<LayerRefreshRequestView>(kLrr), (std::vector<std::size_t>{20}));
  EXPECT_EQ(VerdictOnPrefix<LayerRefreshRequestView>(kLrr, 0), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<LayerRefreshRequestView>(kLrr, 16), static_cast<int>(FeedbackError::kBadLength));
  auto other = kLrr;
  other[1] = 205;
  EXPECT_EQ(LayerRefreshRequestView::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpLayerRefreshRequestTest, ATemporalLayerAbove7IsNotWritten) {
  LayerRefreshEntry entry = kEntry;
  entry.target.temporal_id = 8;
  EXPECT_TRUE(CannotBeWritten(LayerRefreshRequestWriter{{}, {}, std::span(&entry, 1)}));
  entry = kEntry;
  entry.current.temporal_id = 8;
  EXPECT_TRUE(CannotBeWritten(LayerRefreshRequestWriter{{}, {}, std::span(&entry, 1)}));
}

}  // namespace
}  // namespace mediacore::rtcp
