#include "mediacore/rtcp/tmmbr.h"

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

// 112 kbit/s with 40 bytes of headers: mantissa 112000, exponent 0.
constexpr std::array<std::uint8_t, 20> kTmmbr = {0x83, 205, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0x03, 0x6b, 0x00, 40};
constexpr TmmbrEntry kEntry{Ssrc(5), DataRate::BitsPerSecond(112'000), DataSize::Bytes(40)};
static_assert(TmmbrView::Parse(BlockOf(kTmmbr))->at(0) == kEntry);

DataRate ReadRate(std::uint32_t exponent, std::uint32_t mantissa) {
  std::array<std::uint8_t, 8> bytes{};
  StoreU32(&bytes[4], exponent << 26 | mantissa << 9);
  return TmmbrEntry::Read(bytes.data()).max_total_bit_rate;
}
TmmbrEntry WrittenAndRead(DataRate rate) {
  std::array<std::uint8_t, 8> bytes{};
  TmmbrEntry{Ssrc(1), rate, DataSize::Bytes(511)}.Write(bytes.data());
  return TmmbrEntry::Read(bytes.data());
}

TEST(RtcpTmmbrTest, RequestAndNotificationDifferInTheirFormatOnly) {
  auto tmmbn = kTmmbr;
  tmmbn[0] = 0x84;
  EXPECT_EQ(TmmbnView::Parse(BlockOf(tmmbn))->at(0), kEntry);
  EXPECT_EQ(TmmbnView::Parse(BlockOf(kTmmbr)).error(), FeedbackError::kOtherMessage);
  EXPECT_EQ(TmmbrView::Parse(BlockOf(tmmbn)).error(), FeedbackError::kOtherMessage);
  EXPECT_EQ(Written(TmmbrWriter{Ssrc(1), Ssrc(0), std::span(&kEntry, 1)}), std::vector(kTmmbr.begin(), kTmmbr.end()));
  EXPECT_EQ(Written(TmmbnWriter{Ssrc(1), Ssrc(0), std::span(&kEntry, 1)}), std::vector(tmmbn.begin(), tmmbn.end()));
}

TEST(RtcpTmmbrTest, ANotificationMayHaveNoBoundsARequestMayNot) {
  EXPECT_EQ(TakenPrefixes<TmmbrView>(kTmmbr), (std::vector<std::size_t>{16}));
  EXPECT_EQ(VerdictOnPrefix<TmmbrView>(kTmmbr, 8), static_cast<int>(FeedbackError::kBadLength));
  EXPECT_EQ(VerdictOnPrefix<TmmbrView>(kTmmbr, 5), static_cast<int>(FeedbackError::kTooShort));
  const auto none = Written(TmmbnWriter{});
  EXPECT_EQ(none.size(), 12u);
  EXPECT_EQ(TmmbnView::Parse(BlockOf(none))->count(), 0u);
  EXPECT_TRUE(CannotBeWritten(TmmbrWriter{}));
}

TEST(RtcpTmmbrTest, EveryExponentOfTheLargestMantissaIsARateOrInfinity) {
  for (std::uint32_t exponent = 0; exponent < 64; ++exponent) {
    const DataRate rate = ReadRate(exponent, 0x1ffff);
    if (exponent <= 46) {
      EXPECT_EQ(rate.bps(), std::int64_t{0x1ffff} << exponent);
    } else {
      EXPECT_EQ(rate, DataRate::PlusInfinity()) << exponent;
    }
    EXPECT_EQ(WrittenAndRead(rate).max_total_bit_rate, rate);
    EXPECT_EQ(ReadRate(exponent, 0), DataRate::Zero());
    EXPECT_EQ(ReadRate(exponent, 1).IsFinite(), exponent < 63);
  }
}

TEST(RtcpTmmbrTest, ARateOfMoreBitsIsRoundedDown) {
  EXPECT_EQ(WrittenAndRead(DataRate::BitsPerSecond(0x1ffff)).max_total_bit_rate.bps(), 0x1ffff);
  EXPECT_EQ(WrittenAndRead(DataRate::BitsPerSecond(0x20001)).max_total_bit_rate.bps(), 0x20000);
  EXPECT_EQ(WrittenAndRead(DataRate::BitsPerSecond(0x3ffff)).max_total_bit_rate.bps(), 0x3fffe);
  EXPECT_EQ(WrittenAndRead(DataRate::BitsPerSecond(kInt64Max - 1)).max_total_bit_rate.bps(),
            std::int64_t{0x1ffff} << 46);
  EXPECT_EQ(WrittenAndRead(DataRate::Zero()).measured_overhead.bytes(), 511);
}

TEST(RtcpTmmbrTest, WhatDoesNotFitItsBitsIsNotWritten) {
  for (const TmmbrEntry entry : {TmmbrEntry{{}, DataRate::BitsPerSecond(-1), {DataSize::Zero()}},
                                 TmmbrEntry{{}, DataRate::Zero(), DataSize::Bytes(512)},
                                 TmmbrEntry{{}, DataRate::Zero(), DataSize::Bytes(-1)}}) {
    EXPECT_TRUE(CannotBeWritten(TmmbrWriter{{}, {}, std::span(&entry, 1)}));
  }
}

}  // namespace
}  // namespace mediacore::rtcp
