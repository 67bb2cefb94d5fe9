#include "mediacore/rtcp/rpsi.h"

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

// mediacore and mediasoup agree: 8 bits of padding, 40 of string for type 2.
constexpr std::array<std::uint8_t, 20> kRpsi = {0x83, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 8, 2, 0, 0, 0, 0, 1, 0};

constexpr bool ReadsIt() {
  const auto rpsi = RpsiView::Parse(BlockOf(kRpsi));
  return rpsi && rpsi->sender_ssrc() == Ssrc(1) && rpsi->media_ssrc() == Ssrc(2) &&
         rpsi->payload_type() == PayloadType(2) && rpsi->bit_count() == 40 && rpsi->bit_string().size() == 5 &&
         rpsi->bit_string()[4] == 1;
}
static_assert(ReadsIt());

TEST(RtcpRpsiTest, StringsOfEveryLengthReadBackTheSameAndTheirPaddingIsZero) {
  const std::vector<std::uint8_t> ones(20, 0xff);
  for (std::size_t bits = 0; bits <= 160; ++bits) {
    const auto written = Written(RpsiWriter{Ssrc(1), Ssrc(2), PayloadType(96), ones, bits});
    const auto rpsi = RpsiView::Parse(BlockOf(written));
    ASSERT_TRUE(rpsi);
    ASSERT_EQ(rpsi->bit_count(), bits);
    ASSERT_EQ(rpsi->payload_type(), PayloadType(96));
    ASSERT_EQ(rpsi->bit_string().size(), (bits + 7) / 8);
    ASSERT_LT(written[12], 32);
    std::size_t set = 0;
    for (const std::uint8_t byte : Bytes(written).subspan(14)) set += static_cast<std::size_t>(std::popcount(byte));
    ASSERT_EQ(set, bits);
  }
}

TEST(RtcpRpsiTest, PaddingBitsBeyondTheStringAreRefused) {
  auto bytes = kRpsi;
  for (int padding = 0; padding <= 255; ++padding) {
    bytes[12] = static_cast<std::uint8_t>(padding);
    const auto rpsi = RpsiView::Parse(BlockOf(bytes));
    ASSERT_EQ(rpsi.has_value(), padding <= 48);
    if (!rpsi) {
      ASSERT_EQ(rpsi.error(), FeedbackError::kBadCount);
    } else {
      ASSERT_EQ(rpsi->bit_count(), 48u - static_cast<unsigned>(padding));
    }
  }
}

TEST(RtcpRpsiTest, EachCauseOfRefusal) {
  EXPECT_EQ(VerdictOnPrefix<RpsiView>(kRpsi, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<RpsiView>(kRpsi, 9), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<RpsiView>(kRpsi, 10), static_cast<int>(FeedbackError::kBadCount));
  EXPECT_EQ(TakenPrefixes<RpsiView>(kRpsi), (std::vector<std::size_t>{11, 12, 13, 14, 15, 16}));
  auto other = kRpsi;
  other[0] = 0x84;
  EXPECT_EQ(RpsiView::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpRpsiTest, MoreBitsThanThereAreOrThanADatagramHoldsAreNotWritten) {
  const std::vector<std::uint8_t> bytes(65536);
  EXPECT_TRUE(CannotBeWritten(RpsiWriter{{}, {}, {}, Bytes(bytes).first(2), 17}));
  EXPECT_TRUE(CannotBeWritten(RpsiWriter{{}, {}, {}, bytes, 8}));
  EXPECT_TRUE(CannotBeWritten(RpsiWriter{{}, {}, {}, Bytes(bytes).first(65535), 8 * 65535}));
}

}  // namespace
}  // namespace mediacore::rtcp
