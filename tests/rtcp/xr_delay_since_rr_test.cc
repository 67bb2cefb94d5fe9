#include "mediacore/rtcp/xr_delay_since_rr.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::XrBlock;

// Chromium to a receiver and its retransmissions.
constexpr std::array<std::uint8_t, 28> kTwo = {5,    0,    0,    6,    0x00, 0x00, 0x00, 0x01, 0x72, 0x20,
                                               0x53, 0xf2, 0x00, 0x00, 0x0b, 0x1b, 0xfa, 0x17, 0xfa, 0x17,
                                               0x72, 0x20, 0x53, 0xf7, 0x00, 0x00, 0x0b, 0x19};
static_assert(XrDelaySinceRrView::Parse(XrBlock(kTwo))->count() == 2);
static_assert(XrDelaySinceRrView::Parse(XrBlock(kTwo))->at(1) ==
              XrDelaySinceRr{Ssrc(0xfa17fa17), 0x722053f7, 0x0b19});

TEST(XrDelaySinceRrTest, AnAnswerIsFoundByWhomItAnswers) {
  const auto delays = XrDelaySinceRrView::Parse(XrBlock(kTwo));
  XrDelaySinceRr answer;
  ASSERT_TRUE(delays->Find(Ssrc(1), answer));
  EXPECT_EQ(answer.last_rr, 0x722053f2u);
  ASSERT_TRUE(delays->Find(Ssrc(0xfa17fa17), answer));
  EXPECT_FALSE(delays->Find(Ssrc(2), answer));
  EXPECT_EQ(answer.ssrc, Ssrc(0xfa17fa17));
}

// RFC 3550's figure 2, told by a receiver: sent at b705:0000, answered after
// 5.25 s, back at b710:8000.
TEST(XrDelaySinceRrTest, TheRoundTripIsWhatTheDelayLeaves) {
  const XrDelaySinceRr answer{Ssrc(1), 0xb7052000, 0x00054000};
  TimeDelta rtt = TimeDelta::Zero();
  ASSERT_TRUE(RoundTripTime(answer, NtpTime(std::uint64_t{0xb710'8000} << 16), rtt));
  EXPECT_EQ(rtt, TimeDelta::Micros(6'125'000));
}

TEST(XrDelaySinceRrTest, ARoundTripIsAbsentRatherThanNegative) {
  TimeDelta rtt = TimeDelta::Millis(7);
  const NtpTime now(std::uint64_t{0x0100'0000} << 16);
  EXPECT_FALSE(RoundTripTime(XrDelaySinceRr{Ssrc(1), 0, 0}, now, rtt));  // none has come
  EXPECT_FALSE(RoundTripTime(XrDelaySinceRr{Ssrc(1), 0x0100'0001, 0}, now, rtt));
  EXPECT_FALSE(RoundTripTime(XrDelaySinceRr{Ssrc(1), 0x00ff'0000, 0x0001'0001}, now, rtt));
  EXPECT_EQ(rtt, TimeDelta::Millis(7));
  ASSERT_TRUE(RoundTripTime(XrDelaySinceRr{Ssrc(1), 0x00ff'0000, 0x0001'0000}, now, rtt));
  EXPECT_EQ(rtt, TimeDelta::Zero());
}

TEST(XrDelaySinceRrTest, AnyNumberOfAnswersReadsBackAsItWasWritten) {
  EXPECT_EQ(testing::Written(XrDelaySinceRrWriter{}), (std::vector<std::uint8_t>{5, 0, 0, 0}));
  EXPECT_EQ(XrDelaySinceRrView::Parse(XrBlock(std::array<std::uint8_t, 4>{5, 0, 0, 0}))->count(), 0u);
  std::vector<XrDelaySinceRr> answers;
  for (std::uint32_t i = 0; i < 5461; ++i) answers.push_back({Ssrc(i), i * 3, ~i});
  for (const std::size_t count : {1u, 2u, 50u, 51u, 5460u}) {
    const XrDelaySinceRrWriter writer{std::span(answers).first(count)};
    ASSERT_TRUE(testing::KeepsToItsSize(writer));
    const auto bytes = testing::Written(writer);
    const auto delays = XrDelaySinceRrView::Parse(XrBlock(bytes));
    ASSERT_TRUE(delays);
    ASSERT_EQ(delays->count(), count);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(delays->at(i), answers[i]);
  }
}

TEST(XrDelaySinceRrTest, MoreThanADatagramHoldsIsNotWritten) {
  const std::vector<XrDelaySinceRr> many(5462);
  EXPECT_TRUE(testing::KeepsToItsSize(XrDelaySinceRrWriter{std::span(many).first(5461)}));
  EXPECT_EQ((XrDelaySinceRrWriter{std::span(many).first(5461)}).WireSize(), 0u);
  EXPECT_EQ((XrDelaySinceRrWriter{many}).WireSize(), 0u);
}

TEST(XrDelaySinceRrTest, EachCauseOfRefusal) {
  constexpr std::array<std::uint8_t, 16> kOther = {4, 0, 0, 3};
  EXPECT_EQ(XrDelaySinceRrView::Parse(XrBlock(kOther)).error(), XrBlockError::kOtherType);
  for (std::uint8_t words = 0; words < 9; ++words) {
    std::array<std::uint8_t, 36> bytes{5, 0, 0, words};
    const auto delays = XrDelaySinceRrView::Parse(XrBlock(bytes));
    ASSERT_EQ(delays.has_value(), words % 3 == 0);
    if (!delays) { EXPECT_EQ(delays.error(), XrBlockError::kBadLength); }
  }
}

}  // namespace
}  // namespace mediacore::rtcp
