#include "mediacore/rtcp/remb.h"

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

// 1 Mbit/s for sources 7 and 8: mantissa 250000, exponent 2.
constexpr std::array<std::uint8_t, 28> kRemb = {0x8f, 206, 0,   6, 0,    0,    0,    1, 0, 0, 0, 0, 'R', 'E',
                                                'M',  'B', 2, 0x0b, 0xd0, 0x90, 0,    0, 0, 7, 0, 0, 0,   8};

constexpr bool ReadsIt() {
  const auto remb = RembView::Parse(BlockOf(kRemb));
  return remb && remb->sender_ssrc() == Ssrc(1) && remb->bitrate() == DataRate::KilobitsPerSecond(1000) &&
         remb->ssrc_count() == 2 && remb->ssrc(0) == Ssrc(7) && remb->ssrc(1) == Ssrc(8);
}
static_assert(ReadsIt());

TEST(RtcpRembTest, ItReadsBackTheSame) {
  constexpr std::array kSsrcs = {Ssrc(7), Ssrc(8)};
  EXPECT_EQ(Written(RembWriter{Ssrc(1), DataRate::KilobitsPerSecond(1000), kSsrcs}),
            std::vector(kRemb.begin(), kRemb.end()));
}

TEST(RtcpRembTest, ItsCountIsProvedAgainstWhatThereIs) {
  auto bytes = kRemb;
  for (int count = 0; count <= 255; ++count) {
    bytes[16] = static_cast<std::uint8_t>(count);
    const auto remb = RembView::Parse(BlockOf(bytes));
    ASSERT_EQ(remb.has_value(), count == 2);
    if (!remb) {
      ASSERT_EQ(remb.error(), count < 2 ? FeedbackError::kBadLength : FeedbackError::kBadCount);
    }
  }
}

TEST(RtcpRembTest, EveryExponentOfTheLargestMantissaIsARateOrInfinity) {
  for (std::uint32_t exponent = 0; exponent < 64; ++exponent) {
    auto bytes = kRemb;
    StoreU24(&bytes[17], exponent << 18 | 0x3ffff);
    const DataRate rate = RembView::Parse(BlockOf(bytes))->bitrate();
    if (exponent <= 45) {
      EXPECT_EQ(rate.bps(), std::int64_t{0x3ffff} << exponent);
    } else {
      EXPECT_EQ(rate, DataRate::PlusInfinity()) << exponent;
    }
    EXPECT_EQ(RembView::Parse(BlockOf(Written(RembWriter{{}, rate, {}})))->bitrate(), rate);
  }
}

TEST(RtcpRembTest, ARateOfMoreBitsIsRoundedDown) {
  const auto written = Written(RembWriter{{}, DataRate::BitsPerSecond(0x7ffff), {}});
  EXPECT_EQ(RembView::Parse(BlockOf(written))->bitrate().bps(), 0x7fffe);
}

TEST(RtcpRembTest, EachCauseOfRefusal) {
  EXPECT_EQ(TakenPrefixes<RembView>(kRemb), (std::vector<std::size_t>{24}));
  EXPECT_EQ(VerdictOnPrefix<RembView>(kRemb, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<RembView>(kRemb, 11), static_cast<int>(FeedbackError::kOtherMessage));
  EXPECT_EQ(VerdictOnPrefix<RembView>(kRemb, 15), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<RembView>(kRemb, 23), static_cast<int>(FeedbackError::kBadCount));
  for (const std::size_t i : {0u, 1u, 12u, 13u, 14u, 15u}) {
    auto bytes = kRemb;
    bytes[i] ^= 1;
    EXPECT_EQ(RembView::Parse(BlockOf(bytes)).error(), FeedbackError::kOtherMessage) << i;
  }
}

TEST(RtcpRembTest, ItHolds255SourcesAndNoMore) {
  const std::vector<Ssrc> ssrcs(256);
  const auto most = Written(RembWriter{{}, DataRate::Zero(), std::span(ssrcs).first(255)});
  EXPECT_EQ(RembView::Parse(BlockOf(most))->ssrc_count(), 255);
  EXPECT_TRUE(CannotBeWritten(RembWriter{{}, DataRate::Zero(), ssrcs}));
  EXPECT_TRUE(CannotBeWritten(RembWriter{{}, DataRate::BitsPerSecond(-1), {}}));
}

}  // namespace
}  // namespace mediacore::rtcp
