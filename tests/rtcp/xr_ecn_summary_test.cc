#include "mediacore/rtcp/xr_ecn_summary.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::XrBlock;

constexpr std::array<std::uint8_t, 24> kBytes = {13, 0, 0, 5, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6};
constexpr XrEcnSummary kSummary{Ssrc(1), 65536, 2, 3, 4, 5, 6};
static_assert(*XrEcnSummary::Parse(XrBlock(kBytes)) == kSummary);

TEST(XrEcnSummaryTest, ASummaryReadsBackAsItWasWritten) {
  EXPECT_EQ(testing::Written(kSummary), std::vector<std::uint8_t>(kBytes.begin(), kBytes.end()));
  EXPECT_TRUE(testing::KeepsToItsSize(kSummary));
  const XrEcnSummary full{Ssrc(0xffffffff), 0xffffffff, 0xffffffff, 0xffff, 0xffff, 0xffff, 0xffff};
  EXPECT_EQ(*XrEcnSummary::Parse(XrBlock(testing::Written(full))), full);
}

TEST(XrEcnSummaryTest, EachCauseOfRefusal) {
  auto other = kBytes;
  other[0] = 14;
  EXPECT_EQ(XrEcnSummary::Parse(XrBlock(other)).error(), XrBlockError::kOtherType);
  for (std::uint8_t words = 0; words < 5; ++words) {
    auto cut = kBytes;
    cut[3] = words;
    EXPECT_EQ(XrEcnSummary::Parse(XrBlock(cut)).error(), XrBlockError::kBadLength);
  }
}

}  // namespace
}  // namespace mediacore::rtcp
