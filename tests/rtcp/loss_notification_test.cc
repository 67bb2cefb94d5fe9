#include "mediacore/rtcp/loss_notification.h"

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

// Decoded up to 65535, received up to 1, and that can be decoded.
constexpr std::array<std::uint8_t, 20> kLntf = {0x8f, 206, 0,   4,   0,   0,    0,    1, 0, 0,
                                                0,    2,   'L', 'N', 'T', 'F', 0xff, 0xff, 0, 5};
constexpr LossNotification kMessage{Ssrc(1), Ssrc(2), SequenceNumber(65535), SequenceNumber(1), true};
static_assert(*LossNotification::Parse(BlockOf(kLntf)) == kMessage);

TEST(RtcpLossNotificationTest, ItReadsBackTheSame) {
  EXPECT_EQ(Written(kMessage), std::vector(kLntf.begin(), kLntf.end()));
}

TEST(RtcpLossNotificationTest, EveryDistanceUpTo32767IsWrittenAndNoOther) {
  LossNotification message = kMessage;
  std::array<std::uint8_t, LossNotification::kSize> out{};
  for (unsigned ahead = 0; ahead <= 0xffff; ++ahead) {
    message.last_received = message.last_decoded + ahead;
    message.is_decodable = ahead % 3 == 0;
    ASSERT_EQ(message.Write(out), ahead <= 32767) << ahead;
    if (ahead <= 32767) {
      ASSERT_EQ(*LossNotification::Parse(BlockOf(out)), message);
    }
  }
  EXPECT_TRUE(CannotBeWritten(message));
}

TEST(RtcpLossNotificationTest, EachCauseOfRefusal) {
  EXPECT_EQ(TakenPrefixes<LossNotification>(kLntf), (std::vector<std::size_t>{16}));
  EXPECT_EQ(VerdictOnPrefix<LossNotification>(kLntf, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<LossNotification>(kLntf, 15), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<LossNotification>(kLntf, 11), static_cast<int>(FeedbackError::kOtherMessage));
  auto remb = kLntf;
  remb[12] = 'R';
  EXPECT_EQ(LossNotification::Parse(BlockOf(remb)).error(), FeedbackError::kOtherMessage);
  std::vector<std::uint8_t> body(kLntf.begin() + 4, kLntf.end());
  body.resize(20);
  EXPECT_EQ(LossNotification::Parse(BlockOf(testing::MakeBlock(206, 15, body))).error(), FeedbackError::kBadLength);
}

}  // namespace
}  // namespace mediacore::rtcp
