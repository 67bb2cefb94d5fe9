#include "mediacore/rtcp/xr_reference_time.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::XrBlock;

constexpr std::array<std::uint8_t, 12> kTime = {4, 0, 0, 2, 0xee, 0xab, 0x71, 0x7b, 0xcf, 0xff, 0xde, 0x72};
static_assert(XrReferenceTime::Parse(XrBlock(kTime))->ntp_time == NtpTime(0xeeab717bcfffde72));

TEST(XrReferenceTimeTest, ATimeReadsBackAsItWasWritten) {
  const XrReferenceTime time{NtpTime(0xeeab717bcfffde72)};
  EXPECT_EQ(testing::Written(time), std::vector<std::uint8_t>(kTime.begin(), kTime.end()));
  EXPECT_TRUE(testing::KeepsToItsSize(time));
  EXPECT_EQ(*XrReferenceTime::Parse(XrBlock(testing::Written(XrReferenceTime{}))), XrReferenceTime{});
}

TEST(XrReferenceTimeTest, ReservedBitsAreIgnored) {
  auto bytes = kTime;
  bytes[1] = 0xff;
  EXPECT_TRUE(XrReferenceTime::Parse(XrBlock(bytes)));
}

TEST(XrReferenceTimeTest, EachCauseOfRefusal) {
  constexpr std::array<std::uint8_t, 12> kOther = {5, 0, 0, 2};
  constexpr std::array<std::uint8_t, 8> kShort = {4, 0, 0, 1};
  constexpr std::array<std::uint8_t, 16> kLong = {4, 0, 0, 3};
  EXPECT_EQ(XrReferenceTime::Parse(XrBlock(kOther)).error(), XrBlockError::kOtherType);
  EXPECT_EQ(XrReferenceTime::Parse(XrBlock(kShort)).error(), XrBlockError::kBadLength);
  EXPECT_EQ(XrReferenceTime::Parse(XrBlock(kLong)).error(), XrBlockError::kBadLength);
}

}  // namespace
}  // namespace mediacore::rtcp
