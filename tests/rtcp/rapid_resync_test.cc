#include "mediacore/rtcp/rapid_resync.h"

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

constexpr std::array<std::uint8_t, 12> kRequest = {0x85, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2};
static_assert(*RapidResync::Parse(BlockOf(kRequest)) == RapidResync{Ssrc(1), Ssrc(2)});

TEST(RtcpRapidResyncTest, ItIsTwelveBytesAndReadsBackTheSame) {
  EXPECT_EQ(Written(RapidResync{Ssrc(1), Ssrc(2)}), std::vector(kRequest.begin(), kRequest.end()));
}

TEST(RtcpRapidResyncTest, EachCauseOfRefusal) {
  auto bytes = kRequest;
  bytes[1] = 206;
  EXPECT_EQ(RapidResync::Parse(BlockOf(bytes)).error(), FeedbackError::kOtherMessage);
  EXPECT_EQ(VerdictOnPrefix<RapidResync>(kRequest, 4), static_cast<int>(FeedbackError::kTooShort));
  constexpr std::array<std::uint8_t, 16> kLong = {0x85, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0};
  EXPECT_EQ(RapidResync::Parse(BlockOf(kLong)).error(), FeedbackError::kBadLength);
  EXPECT_EQ(TakenPrefixes<RapidResync>(kLong), (std::vector<std::size_t>{8}));
}

}  // namespace
}  // namespace mediacore::rtcp
