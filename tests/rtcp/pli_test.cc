#include "mediacore/rtcp/pli.h"

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

constexpr std::array<std::uint8_t, 12> kPli = {0x81, 206, 0, 2, 0, 0, 0, 1, 0xde, 0xad, 0xbe, 0xef};
static_assert(*Pli::Parse(BlockOf(kPli)) == Pli{Ssrc(1), Ssrc(0xdeadbeef)});

TEST(RtcpPliTest, ItIsTwelveBytesAndReadsBackTheSame) {
  EXPECT_EQ(Written(Pli{Ssrc(1), Ssrc(0xdeadbeef)}), std::vector(kPli.begin(), kPli.end()));
  EXPECT_EQ(Pli::kSize, kPli.size());
}

TEST(RtcpPliTest, OnlyTheTwoSsrcsAreOne) {
  EXPECT_EQ(TakenPrefixes<Pli>(kPli), (std::vector<std::size_t>{8}));
  EXPECT_EQ(VerdictOnPrefix<Pli>(kPli, 7), static_cast<int>(FeedbackError::kTooShort));
}

TEST(RtcpPliTest, WhatHasAnFciIsRefused) {
  constexpr std::array<std::uint8_t, 16> kLong = {0x81, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0};
  EXPECT_EQ(Pli::Parse(BlockOf(kLong)).error(), FeedbackError::kBadLength);
}

TEST(RtcpPliTest, OtherTypesAndFormatsAreOtherMessages) {
  auto bytes = kPli;
  bytes[1] = 205;
  EXPECT_EQ(Pli::Parse(BlockOf(bytes)).error(), FeedbackError::kOtherMessage);
  bytes[1] = 206;
  bytes[0] = 0x82;
  EXPECT_EQ(Pli::Parse(BlockOf(bytes)).error(), FeedbackError::kOtherMessage);
}

}  // namespace
}  // namespace mediacore::rtcp
