#include "mediacore/rtp/transport_sequence_number.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;
using testing::TakesOnlySizes;

constexpr std::array<std::uint8_t, 4> kAsksForFive = {0x12, 0x34, 0x80, 0x05};
static_assert(*TransportSequenceNumberV2::Parse(kAsksForFive) ==
              TransportSequenceNumberV2{SequenceNumber(0x1234), true, true, 5});
static_assert(TransportSequenceNumber::Parse(Bytes(kAsksForFive).first(2))->number == SequenceNumber(0x1234));

TEST(RtpTransportSequenceNumberTest, EveryNumberAndEveryRequestIsReadAndWrittenBack) {
  for (int i = 0; i < 0x10000; i += 7) {
    const auto high = static_cast<std::uint8_t>(i >> 8), low = static_cast<std::uint8_t>(i);
    const std::array<std::uint8_t, 4> value = {high, low, low, high};
    EXPECT_TRUE(ReadsAndWritesBack<TransportSequenceNumber>(Bytes(value).first(2)));
    EXPECT_TRUE(ReadsAndWritesBack<TransportSequenceNumberV2>(Bytes(value).first(2)));
    EXPECT_TRUE(ReadsAndWritesBack<TransportSequenceNumberV2>(value));
  }
}

TEST(RtpTransportSequenceNumberTest, FeedbackIsAskedForWithACountThatIsNotZero) {
  EXPECT_TRUE(TransportSequenceNumberV2::Parse(kAsksForFive)->AsksForFeedback());
  EXPECT_FALSE(TransportSequenceNumberV2::Parse(Bytes(kAsksForFive).first(2))->AsksForFeedback());
  constexpr std::array<std::uint8_t, 4> kAsksForNone = {0x12, 0x34, 0x80, 0x00};
  EXPECT_FALSE(TransportSequenceNumberV2::Parse(kAsksForNone)->AsksForFeedback());
}

TEST(RtpTransportSequenceNumberTest, OtherSizesAreRefused) {
  EXPECT_TRUE(TakesOnlySizes<TransportSequenceNumber>({2}, ExtensionError::kWrongSize));
  EXPECT_TRUE((TakesOnlySizes<TransportSequenceNumberV2>({2, 4}, ExtensionError::kWrongSize)));
}

TEST(RtpTransportSequenceNumberTest, AsManyAs32767PacketsCanBeAskedFor) {
  TransportSequenceNumberV2 packet{SequenceNumber(1), true, false, TransportSequenceNumberV2::kMaxCount};
  EXPECT_EQ(packet.WireSize(), 4u);
  ++packet.count;
  EXPECT_TRUE(CannotBeWritten(packet));
}

}  // namespace
}  // namespace mediacore::rtp
