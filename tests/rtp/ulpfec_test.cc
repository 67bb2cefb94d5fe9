#include "mediacore/rtp/ulpfec.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

using Buffer = std::vector<std::uint8_t>;
using Error = UlpFecError;

// Chromium's FEC of three packets of VP8: 12640, 12641 and 12642.
constexpr std::array<std::uint8_t, 18> kThreePackets = {
    0x10, 0xe0,              // E 0, L 0, P 0, X 1, CC 0; M 1, PT recovery 96
    0x31, 0x60,              // SN base 12640
    0x84, 0x33, 0x92, 0x7b,  // TS recovery
    0x03, 0x12,              // length recovery
    0x00, 0x04, 0xe0, 0x00,  // level 0: 4 bytes of packets 0, 1 and 2
    1,    2,    3,    4};

constexpr bool ReadsThreePackets() {
  const auto fec = UlpFecView::Parse(kThreePackets);
  if (!fec || fec->sn_base() != SequenceNumber(12640) || fec->mask_bits() != 16) return false;
  const FecRecovery recovery = fec->recovery();
  if (!recovery.extension() || recovery.padding() || recovery.csrc_count() != 0 || !recovery.marker()) return false;
  if (recovery.payload_type() != PayloadType(96) || recovery.length != 0x312) return false;
  int levels = 0;
  for (const UlpFecLevel& level : *fec) {
    ++levels;
    if (level.payload.size() != 4 || level.payload[3] != 4 || fec->packets(level).count() != 3) return false;
  }
  return levels == 1 && recovery.timestamp == 0x8433927b &&
         fec->packets(fec->first_level()).Contains(SequenceNumber(12642));
}
static_assert(ReadsThreePackets());

// RFC 5109, section 10.2: four packets of 12 + 20, 12, 16 and 8 bytes, the second of
// them with M; level 0 protects all in 70 % of the longest, level 1 the first two.
constexpr bool WritesTwoLevels() {
  std::array<std::uint8_t, 14> first{};
  std::array<std::uint8_t, 6> second{};
  FecMask all, two;
  for (int i = 0; i < 4; ++i) {
    if (!all.Add(i) || (i < 2 && !two.Add(i))) return false;
  }
  const std::array levels{UlpFecLevel{all, first}, UlpFecLevel{two, second}};
  UlpFecWriter writer;
  writer.recovery = {0x0080 ^ 11 ^ 18 ^ 11 ^ 18, 20 ^ 12 ^ 16 ^ 8, 3 ^ 5 ^ 7 ^ 9};
  writer.sn_base = SequenceNumber(8);
  writer.levels = levels;
  std::array<std::uint8_t, 38> out{};
  if (writer.WireSize() != 38 || !writer.Write(out)) return false;
  constexpr std::array<std::uint8_t, 14> kHead = {0, 0x80, 0, 8, 0, 0, 0, 8, 0, 0, 0, 14, 0xf0, 0};
  for (std::size_t i = 0; i < kHead.size(); ++i) {
    if (out[i] != kHead[i]) return false;
  }
  return out[28] == 0 && out[29] == 6 && out[30] == 0xc0 && out[31] == 0;
}
static_assert(WritesTwoLevels());

TEST(UlpFecTest, EveryCauseHasItsBytes) {
  const auto error = [](Buffer bytes) { return UlpFecView::Parse(bytes).error(); };
  const Buffer good(kThreePackets.begin(), kThreePackets.end());
  for (std::size_t n = 0; n < good.size(); ++n) {
    EXPECT_EQ(error(Buffer(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))),
              n < 10   ? Error::kTooShort
              : n < 14 ? Error::kLevelHeaderTruncated
                       : Error::kLevelTruncated)
        << n;
  }
  Buffer longer = good;
  longer.push_back(0);  // half a second level
  EXPECT_EQ(error(longer), Error::kLevelHeaderTruncated);
  Buffer nothing = good;
  nothing[12] = 0;
  EXPECT_EQ(error(nothing), Error::kNothingProtected);
  Buffer second = good;
  for (const int byte : {0, 0, 0, 0}) second.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_EQ(error(second), Error::kNothingProtected);
  second[second.size() - 1] = 1;
  EXPECT_TRUE(UlpFecView::Parse(second));
  Buffer long_mask = good;
  long_mask[0] |= 0x40;
  EXPECT_EQ(error(Buffer(long_mask.begin(), long_mask.begin() + 17)), Error::kLevelHeaderTruncated);
  EXPECT_EQ(error(long_mask), Error::kLevelTruncated);
  for (int i = 0; i < kUlpFecErrorCount; ++i)
    EXPECT_NE(ToString(static_cast<Error>(i)), ToString(static_cast<Error>(99)));
}

TEST(UlpFecTest, TheExtensionBitIsIgnored) {
  Buffer bytes(kThreePackets.begin(), kThreePackets.end());
  bytes[0] |= 0x80;
  const auto fec = UlpFecView::Parse(bytes);
  ASSERT_TRUE(fec);
  EXPECT_EQ(fec->recovery(), UlpFecView::Parse(kThreePackets)->recovery());
}

void ExpectWritesBack(const UlpFecWriter& writer, int mask_bits) {
  Buffer out(writer.WireSize());
  ASSERT_FALSE(out.empty());
  ASSERT_TRUE(writer.Write(out));
  const auto fec = UlpFecView::Parse(out);
  ASSERT_TRUE(fec) << ToString(fec.error());
  ASSERT_EQ(fec->recovery(), writer.recovery);
  ASSERT_EQ(fec->sn_base(), writer.sn_base);
  ASSERT_EQ(fec->mask_bits(), mask_bits);
  std::size_t at = 0;
  for (const UlpFecLevel& level : *fec) {
    ASSERT_LT(at, writer.levels.size());
    ASSERT_EQ(level.mask, writer.levels[at].mask);
    ASSERT_TRUE(std::ranges::equal(level.payload, writer.levels[at].payload));
    ++at;
  }
  ASSERT_EQ(at, writer.levels.size());
}

TEST(UlpFecTest, EveryMaskOf16BitsReadsBackInTheShortForm) {
  const Buffer bytes = {7, 8, 9};
  for (int bits = 1; bits <= 0xffff; ++bits) {
    FecMask mask;
    mask.AddBits(0, 16, static_cast<std::uint64_t>(bits));
    const std::array levels{UlpFecLevel{mask, bytes}};
    UlpFecWriter writer;
    writer.recovery = {static_cast<std::uint16_t>(bits & 0x3fff), static_cast<std::uint16_t>(bits), 0xdeadbeef};
    writer.sn_base = SequenceNumber(static_cast<std::uint16_t>(bits * 7));
    writer.levels = levels;
    ExpectWritesBack(writer, 16);
  }
}

TEST(UlpFecTest, EveryPairOfOffsetsReadsBackInTheSmallestForm) {
  const Buffer bytes = {7};
  for (int a = 0; a < 48; ++a) {
    for (int b = 0; b < 48; ++b) {
      FecMask first, second;
      ASSERT_TRUE(first.Add(a) && second.Add(b) && second.Add(a));
      const std::array levels{UlpFecLevel{first, {}}, UlpFecLevel{second, bytes}};
      UlpFecWriter writer;
      writer.levels = levels;
      ExpectWritesBack(writer, a < 16 && b < 16 ? 16 : 48);
      writer.long_masks = true;
      ExpectWritesBack(writer, 48);
    }
  }
}

TEST(UlpFecTest, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  FecMask mask, far;
  ASSERT_TRUE(mask.Add(3) && far.Add(48));
  const Buffer huge(65536);
  const auto refused = [](std::span<const UlpFecLevel> levels) {
    UlpFecWriter writer;
    writer.levels = levels;
    Buffer out(70000, 0xee);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(70000, 0xee));
  };
  refused({});
  refused(std::array{UlpFecLevel{{}, {}}});
  refused(std::array{UlpFecLevel{mask, {}}, UlpFecLevel{far, {}}});
  refused(std::array{UlpFecLevel{mask, huge}});
  const std::array levels{UlpFecLevel{mask, Bytes(huge).first(5)}};
  UlpFecWriter writer;
  writer.levels = levels;
  for (std::size_t room = 0; room < writer.WireSize(); ++room) {
    Buffer out(room, 0xee);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(room, 0xee));
  }
}

}  // namespace
}  // namespace mediacore::rtp
