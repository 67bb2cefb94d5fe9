#include "mediacore/rtcp/ecn_feedback.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/rtcp_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::BlockOf;
using testing::TakenPrefixes;
using testing::VerdictOnPrefix;
using testing::Written;

// Of source 2 up to packet 65546: 1000 ECT(0), 2 ECT(1), 3 CE, 4 not-ECT, 5 lost,
// 6 duplicated.
constexpr std::array<std::uint8_t, 32> kEcn = {0x88, 205, 0,    7,    0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 10,
                                               0,    0,   0x03, 0xe8, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6};
constexpr EcnFeedback kFeedback{Ssrc(1), Ssrc(2), 65546, 1000, 2, 3, 4, 5, 6};
static_assert(*EcnFeedback::Parse(BlockOf(kEcn)) == kFeedback);

TEST(RtcpEcnFeedbackTest, EveryCounterReadsBackTheSame) {
  EXPECT_EQ(Written(kFeedback), std::vector(kEcn.begin(), kEcn.end()));
  constexpr EcnFeedback kMost{Ssrc(~0u), Ssrc(~0u), ~0u, ~0u, ~0u, 0xffff, 0xffff, 0xffff, 0xffff};
  const auto written = Written(kMost);
  EXPECT_EQ(*EcnFeedback::Parse(BlockOf(written)), kMost);
}

TEST(RtcpEcnFeedbackTest, TheFciHasOneSizeAndEachOtherIsRefusedWithItsCause) {
  EXPECT_EQ(TakenPrefixes<EcnFeedback>(kEcn), (std::vector<std::size_t>{28}));
  EXPECT_EQ(VerdictOnPrefix<EcnFeedback>(kEcn, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<EcnFeedback>(kEcn, 24), static_cast<int>(FeedbackError::kBadLength));
  std::vector<std::uint8_t> longer(kEcn.begin(), kEcn.end());
  longer.resize(36);
  longer[3] = 8;
  EXPECT_EQ(EcnFeedback::Parse(BlockOf(longer)).error(), FeedbackError::kBadLength);
  auto other = kEcn;
  other[0] = 0x89;
  EXPECT_EQ(EcnFeedback::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

}  // namespace
}  // namespace mediacore::rtcp
