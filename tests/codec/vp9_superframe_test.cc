#include "mediacore/codec/vp9_superframe.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/h264_maker.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// Frames of 3 and 1 bytes, with sizes of one byte.
constexpr std::array<std::uint8_t, 8> kTwo = {0x86, 1, 2, 0x88, 0xc1, 3, 1, 0xc1};

constexpr bool ReadsTwo() {
  const auto found = Vp9SuperframeView::Parse(kTwo);
  if (!found || !found->has_index() || found->index_size() != 4 || found->frame_count() != 2) return false;
  const std::array<std::uint32_t, 2> sizes = {3, 1};
  std::array<std::uint8_t, 4> index{};
  return found->frame(0).size() == 3 && found->frame(1).size() == 1 && found->frame(1)[0] == 0x88 &&
         found->frame(2).empty() && found->frame(-1).empty() && Vp9SuperframeIndexWriter{sizes}.Write(index) &&
         std::equal(index.begin(), index.end(), kTwo.begin() + 4);
}
static_assert(ReadsTwo());

TEST(Vp9SuperframeTest, BytesWithoutAnIndexAreOneFrame) {
  EXPECT_EQ(Vp9SuperframeView::Parse({}).error(), Vp9SuperframeError::kEmpty);
  for (const Block& chunk :
       {Block{0x86, 1, 2}, Block{0xc1}, Block{0xc2, 3, 1, 0xc1}, Block{3, 1, 0xc1}, Block{0xe1, 3, 1, 0xe1}}) {
    const auto found = Vp9SuperframeView::Parse(chunk);
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->has_index());
    ASSERT_EQ(found->frame_count(), 1);
    EXPECT_EQ(found->frame(0).size(), chunk.size());
  }
}

TEST(Vp9SuperframeTest, AnIndexThatLiesIsRefused) {
  Block chunk(kTwo.begin(), kTwo.end());
  chunk[5] = 4;
  EXPECT_EQ(Vp9SuperframeView::Parse(chunk).error(), Vp9SuperframeError::kBadSizes);
  chunk[5] = 0;
  EXPECT_EQ(Vp9SuperframeView::Parse(chunk).error(), Vp9SuperframeError::kBadSizes);
  chunk[5] = 2;  // a byte belongs to none
  const auto found = Vp9SuperframeView::Parse(chunk);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frame(1).data(), chunk.data() + 2);
  EXPECT_EQ(ToString(Vp9SuperframeError::kBadSizes), "vp9 superframe: bad sizes");
}

TEST(Vp9SuperframeTest, FramesOfAnySizeAreFoundAgain) {
  testing::Dice dice(3);
  for (const std::size_t largest : {1u, 255u, 256u, 65535u, 65536u, 0xffffffu, 0x1000000u}) {
    for (std::size_t count = 1; count <= 8; ++count) {
      std::vector<std::uint32_t> sizes;
      std::size_t sum = 0;
      for (std::size_t i = 0; i < count; ++i) {
        sizes.push_back(
            static_cast<std::uint32_t>(i == 0 ? largest : 1 + dice.Below(std::min<std::size_t>(largest, 999))));
        sum += sizes.back();
      }
      const Vp9SuperframeIndexWriter writer{sizes};
      ASSERT_LE(writer.WireSize(), Vp9SuperframeIndexWriter::kMaxSize);
      Block chunk(sum + writer.WireSize());
      ASSERT_TRUE(writer.Write(MutableBytes(chunk).subspan(sum)));
      const auto found = Vp9SuperframeView::Parse(chunk);
      ASSERT_TRUE(found && found->has_index());
      ASSERT_EQ(found->frame_count(), static_cast<int>(count));
      std::size_t at = 0;
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(found->frame(static_cast<int>(i)).data(), chunk.data() + at);
        ASSERT_EQ(found->frame(static_cast<int>(i)).size(), sizes[i]);
        at += sizes[i];
      }
      ASSERT_EQ(at + found->index_size(), chunk.size());
    }
  }
}

TEST(Vp9SuperframeTest, WhatNoIndexCanSayIsNotWritten) {
  const std::vector<std::uint32_t> nine(9, 1);
  const std::vector<std::uint32_t> empty_frame = {1, 0};
  std::array<std::uint8_t, 40> out{0xee};
  for (const std::span<const std::uint32_t> sizes :
       {std::span(nine), std::span(empty_frame), std::span(nine).first(0)}) {
    EXPECT_EQ(Vp9SuperframeIndexWriter{sizes}.WireSize(), 0u);
    EXPECT_FALSE(Vp9SuperframeIndexWriter{sizes}.Write(out));
  }
  EXPECT_FALSE(Vp9SuperframeIndexWriter{std::span(nine).first(2)}.Write(MutableBytes(out).first(3)));
  EXPECT_EQ(out[0], 0xee);
}

}  // namespace
}  // namespace mediacore::codec
