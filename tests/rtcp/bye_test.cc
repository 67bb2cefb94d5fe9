#include "mediacore/rtcp/bye.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtcp {
namespace {

BlockView Block(Bytes bytes) {
  ByteReader reader(bytes);
  return *BlockView::TakeFrom(reader);
}

TEST(RtcpByeTest, SourcesAndReasonsOfEveryLengthReadBackTheSame) {
  const std::vector<Ssrc> ssrcs(31, Ssrc(0xdeadbeef));
  const std::vector<std::uint8_t> text(255, 'z');
  for (std::size_t count = 0; count <= 31; ++count) {
    for (std::size_t length = 0; length <= 255; length += length < 8 ? 1 : 13) {
      ByeWriter writer{std::span(ssrcs).first(count), Bytes(text).first(length)};
      std::vector<std::uint8_t> out(writer.WireSize());
      ASSERT_TRUE(writer.Write(out));
      const auto bye = ByeView::Parse(Block(out));
      ASSERT_TRUE(bye);
      ASSERT_EQ(bye->ssrc_count(), static_cast<int>(count));
      if (count > 0) {
        ASSERT_EQ(bye->ssrc(static_cast<int>(count) - 1), ssrcs[0]);
      }
      ASSERT_EQ(bye->reason().size(), length);
    }
  }
}

TEST(RtcpByeTest, EachCauseOfRefusal) {
  constexpr std::array<std::uint8_t, 8> kRr = {0x80, 201, 0, 1, 0, 0, 0, 1};
  constexpr std::array<std::uint8_t, 8> kSources = {0x82, 203, 0, 1, 0, 0, 0, 1};
  constexpr std::array<std::uint8_t, 12> kReason = {0x81, 203, 0, 2, 0,   0,
                                                    0,    1,   4, 'a', 'b', 'c'};
  EXPECT_EQ(ByeView::Parse(Block(kRr)).error(), ByeError::kNotBye);
  EXPECT_EQ(ByeView::Parse(Block(kSources)).error(), ByeError::kSourcesTruncated);
  EXPECT_EQ(ByeView::Parse(Block(kReason)).error(), ByeError::kReasonTruncated);
}

TEST(RtcpByeTest, PaddingIsNotPartOfAReason) {
  // The reason would fit with the four bytes of padding; it may not use them.
  constexpr std::array<std::uint8_t, 16> kPadded = {
      0xa1, 203, 0, 3, 0, 0, 0, 1, 5, 'a', 'b', 'c', 0, 0, 0, 4};
  EXPECT_EQ(ByeView::Parse(Block(kPadded)).error(), ByeError::kReasonTruncated);
}

TEST(RtcpByeTest, WhatNoByeCanHoldHasNoSizeAndIsNotWritten) {
  const std::vector<Ssrc> ssrcs(32);
  const std::vector<std::uint8_t> text(256);
  std::vector<std::uint8_t> out(1000);
  const ByeWriter many{ssrcs, {}};
  EXPECT_EQ(many.WireSize(), 0u);
  EXPECT_FALSE(many.Write(out));
  const ByeWriter wordy{{}, text};
  EXPECT_EQ(wordy.WireSize(), 0u);
  const ByeWriter one{std::span(ssrcs).first(1), {}};
  EXPECT_FALSE(one.Write(MutableBytes(out).first(7)));
  EXPECT_TRUE(one.Write(MutableBytes(out).first(8)));
}

}  // namespace
}  // namespace mediacore::rtcp
