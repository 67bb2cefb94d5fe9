#include "mediacore/rtp/red.h"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

using Buffer = std::vector<std::uint8_t>;
using Error = RedError;

// RFC 2198, section 7: a redundant block of LPC 20 ms back and a primary one of DVI,
// cut to 3 and 2 bytes.
constexpr std::array<std::uint8_t, 10> kLpcAndDvi = {0x80 | 7, 0x02, 0x80, 0x03,  // F, LPC, offset 160, length 3
                                                     5,                           // DVI
                                                     'l',      'p',  'c',  'd',  'v'};

constexpr bool ReadsLpcAndDvi() {
  const auto red = RedView::Parse(kLpcAndDvi);
  if (!red || red->block_count() != 2) return false;
  auto at = red->begin();
  const RedBlock lpc = *at++;
  const RedBlock dvi = *at++;
  if (lpc.payload_type != PayloadType(7) || lpc.timestamp_offset != 160 || lpc.payload.size() != 3) return false;
  if (dvi.payload_type != PayloadType(5) || dvi.timestamp_offset != 0 || dvi.payload[0] != 'd') return false;
  return at == red->end() && red->primary().payload.data() == dvi.payload.data() && red->primary().payload.size() == 2;
}
static_assert(ReadsLpcAndDvi());

TEST(RedTest, EveryCauseHasItsBytes) {
  for (std::size_t n = 0; n < kLpcAndDvi.size(); ++n) {
    const auto red = RedView::Parse(Bytes(kLpcAndDvi).first(n));
    ASSERT_EQ(red.has_value(), n >= 8) << n;
    if (red) continue;
    EXPECT_EQ(red.error(), n < 5 ? Error::kHeaderTruncated : Error::kBlockTruncated) << n;
  }
  const auto error = [](Buffer bytes, int max_blocks = 32) { return RedView::Parse(bytes, max_blocks).error(); };
  EXPECT_EQ(error({0xff, 0xff, 0xff, 0xff, 0x00}), Error::kBlockTruncated);
  EXPECT_EQ(error({0x80}), Error::kHeaderTruncated);
  EXPECT_EQ(error(Buffer(1000, 0x80)), Error::kTooManyBlocks);
  EXPECT_EQ(error(Buffer(1000, 0x80), 1 << 20), Error::kHeaderTruncated);
  EXPECT_EQ(error({0x60}, 0), Error::kTooManyBlocks);
  for (int i = 0; i < kRedErrorCount; ++i) EXPECT_NE(ToString(static_cast<Error>(i)), ToString(static_cast<Error>(99)));
}

TEST(RedTest, ASumOfLengthsLargerThanThePacketRefusesAllOfIt) {
  Buffer bytes = {0x80 | 111, 0, 0, 2, 0x80 | 111, 0, 0, 3, 111, 1, 2, 3, 4};
  EXPECT_EQ(RedView::Parse(bytes).error(), Error::kBlockTruncated);
  bytes.push_back(5);
  const auto red = RedView::Parse(bytes);
  ASSERT_TRUE(red);
  EXPECT_TRUE(red->primary().payload.empty());
}

TEST(RedTest, TheNumberOfBlocksIsTheCallersBound) {
  Buffer bytes;
  for (int blocks = 1; blocks <= 40; ++blocks) {
    Buffer whole = bytes;
    whole.push_back(96);
    for (int max = 0; max <= 41; ++max) EXPECT_EQ(RedView::Parse(whole, max).has_value(), blocks <= max);
    EXPECT_EQ(RedView::Parse(whole).has_value(), blocks <= RedView::kDefaultMaxBlocks);
    for (const int byte : {0x80 | 96, 0, 0, 0}) bytes.push_back(static_cast<std::uint8_t>(byte));
  }
}

Buffer Write(const RedWriter& writer) {
  Buffer out(writer.WireSize(), 0xee);
  EXPECT_FALSE(out.empty());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

TEST(RedTest, EveryOffsetAndEveryLengthReadBack) {
  const Buffer bytes(RedBlock::kMaxRedundantSize, 0x77);
  for (int offset = 0; offset <= RedBlock::kMaxTimestampOffset; ++offset) {
    const auto length = static_cast<std::size_t>(offset) % (RedBlock::kMaxRedundantSize + 1);
    const std::array blocks{
        RedBlock{PayloadType(offset), static_cast<std::uint16_t>(offset), Bytes(bytes).first(length)},
        RedBlock{PayloadType(1), 0, {}}};
    const RedWriter writer{blocks, PayloadType(offset + 1), Bytes(bytes).first(5)};
    const Buffer out = Write(writer);
    const auto red = RedView::Parse(out);
    ASSERT_TRUE(red && red->block_count() == 3);
    const RedBlock first = *red->begin();
    ASSERT_EQ(first.payload_type, PayloadType(offset));
    ASSERT_EQ(first.timestamp_offset, offset);
    ASSERT_EQ(first.payload.size(), length);
    ASSERT_EQ(red->primary().payload_type, PayloadType(offset + 1));
    ASSERT_EQ(red->primary().payload.size(), 5u);
  }
}

TEST(RedTest, WhatTheFieldsCannotHoldIsAnErrorOfTheWriter) {
  using enum RedWriterError;
  const Buffer huge(70000);
  const auto error = [&](RedBlock block, std::size_t primary) {
    const RedWriter writer{{&block, 1}, PayloadType(96), Bytes(huge).first(primary)};
    Buffer out(70000, 0xee);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(70000, 0xee));
    return writer.Size().error();
  };
  EXPECT_EQ(error({PayloadType(1), 0x4000, {}}, 1), kTimestampOffsetTooLarge);
  EXPECT_EQ(error({PayloadType(1), 0x3fff, Bytes(huge).first(1024)}, 1), kBlockTooLong);
  EXPECT_EQ(error({PayloadType(1), 0x3fff, Bytes(huge).first(1023)}, 65535 - 1023 - 4), kTooLong);
  EXPECT_EQ(error({PayloadType(1), 0, {}}, 65536), kTooLong);
  const RedBlock largest{PayloadType(1), 0x3fff, Bytes(huge).first(1023)};
  const RedWriter writer{{&largest, 1}, PayloadType(96), Bytes(huge).first(65535 - 1023 - 5)};
  EXPECT_EQ(Write(writer).size(), 65535u);
  for (int i = 0; i < kRedWriterErrorCount; ++i) {
    EXPECT_NE(ToString(static_cast<RedWriterError>(i)), ToString(static_cast<RedWriterError>(99)));
  }
}

TEST(RedTest, WhatDoesNotFitIsNotWrittenAndLeavesTheBytes) {
  const std::array<std::uint8_t, 3> bytes = {1, 2, 3};
  const std::array blocks{RedBlock{PayloadType(111), 960, bytes}};
  const RedWriter writer{blocks, PayloadType(111), bytes};
  for (std::size_t room = 0; room < writer.WireSize(); ++room) {
    Buffer out(room, 0xee);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(room, 0xee));
  }
}

}  // namespace
}  // namespace mediacore::rtp
