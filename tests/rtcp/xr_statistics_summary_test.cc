#include "mediacore/rtcp/xr_statistics_summary.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::XrBlock;

// All is reported, hop counts are those of IPv4.
constexpr std::array<std::uint8_t, 40> kAll = {6, 0xe8, 0, 9, 0, 0, 0, 1, 0xff, 0xfe, 0, 100, 0, 0,
                                               0, 2,    0, 0, 0, 3, 0, 0, 0, 4,    0,    0, 0,   5,
                                               0, 0,    0, 6, 0, 0, 0, 7, 8, 64, 60, 2};
constexpr XrStatisticsSummary kSummary{true, true, true, XrStatisticsSummary::HopCount::kIpv4Ttl, Ssrc(1),
                                       {SequenceNumber(65534), SequenceNumber(100)}, 2, 3, 4, 5, 6, 7, 8, 64, 60, 2};
static_assert(*XrStatisticsSummary::Parse(XrBlock(kAll)) == kSummary);

TEST(XrStatisticsSummaryTest, ASummaryReadsBackAsItWasWritten) {
  EXPECT_EQ(testing::Written(kSummary), std::vector<std::uint8_t>(kAll.begin(), kAll.end()));
  EXPECT_TRUE(testing::KeepsToItsSize(kSummary));
  const XrStatisticsSummary nothing{.ssrc = Ssrc(2)};
  EXPECT_EQ(*XrStatisticsSummary::Parse(XrBlock(testing::Written(nothing))), nothing);
}

TEST(XrStatisticsSummaryTest, ReservedBitsAreIgnored) {
  auto bytes = kAll;
  bytes[1] |= 7;
  EXPECT_EQ(*XrStatisticsSummary::Parse(XrBlock(bytes)), kSummary);
}

TEST(XrStatisticsSummaryTest, EachCauseOfRefusal) {
  auto other = kAll;
  other[0] = 7;
  EXPECT_EQ(XrStatisticsSummary::Parse(XrBlock(other)).error(), XrBlockError::kOtherType);
  for (const std::uint8_t words : {std::uint8_t{0}, std::uint8_t{8}}) {
    auto cut = kAll;
    cut[3] = words;
    EXPECT_EQ(XrStatisticsSummary::Parse(XrBlock(cut)).error(), XrBlockError::kBadLength);
  }
  auto undefined = kAll;
  undefined[1] = 0xf8;  // ToH 3
  EXPECT_EQ(XrStatisticsSummary::Parse(XrBlock(undefined)).error(), XrBlockError::kBadValue);
}

TEST(XrStatisticsSummaryTest, AFieldThatIsNotReportedMustBeZero) {
  struct Field {
    std::uint8_t flag;
    std::size_t begin, end;
  };
  for (const Field field : {Field{0x80, 12, 16}, Field{0x40, 16, 20}, Field{0x20, 20, 36}, Field{0x08, 36, 40}}) {
    auto bytes = kAll;
    bytes[1] = static_cast<std::uint8_t>(bytes[1] & ~field.flag);
    std::fill(bytes.begin() + static_cast<int>(field.begin), bytes.begin() + static_cast<int>(field.end), std::uint8_t{0});
    ASSERT_TRUE(XrStatisticsSummary::Parse(XrBlock(bytes)));
    for (std::size_t i = field.begin; i < field.end; ++i) {
      bytes[i] = 1;
      EXPECT_EQ(XrStatisticsSummary::Parse(XrBlock(bytes)).error(), XrBlockError::kBadValue) << i;
      bytes[i] = 0;
    }
  }
  XrStatisticsSummary summary = kSummary;
  summary.has_jitter = false;
  EXPECT_TRUE(testing::KeepsToItsSize(summary));
  EXPECT_EQ(summary.WireSize(), 0u);
  summary = kSummary;
  summary.range.thinning = 1;
  EXPECT_EQ(summary.WireSize(), 0u);
}

}  // namespace
}  // namespace mediacore::rtcp
