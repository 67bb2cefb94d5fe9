#include "mediacore/mux/webm_block.h"

#include <random>

#include <gtest/gtest.h>

#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

constexpr std::array<std::uint8_t, 6> kSimple = {0x81, 0xff, 0xfe, 0x89, 7, 8};
constexpr bool ReadsASimpleBlock() {
  const auto block = WebmBlockView::Parse(kSimple);
  if (!block || block->track() != 1 || block->time() != -2 || !block->key_frame() || !block->invisible() ||
      !block->discardable() || block->lacing() != WebmLacing::kNone || block->frame_count() != 1) {
    return false;
  }
  auto frames = block->frames();
  Bytes frame;
  return frames.Next(frame) && frame.size() == 2 && frame[0] == 7 && !frames.Next(frame);
}
static_assert(ReadsASimpleBlock());

std::vector<Buffer> FramesOf(const Buffer& block) {
  std::vector<Buffer> out;
  const auto view = WebmBlockView::Parse(block);
  EXPECT_TRUE(view) << ToString(view.error());
  if (!view) return out;
  auto frames = view->frames();
  for (Bytes frame; frames.Next(frame);) out.emplace_back(frame.begin(), frame.end());
  EXPECT_EQ(out.size(), view->frame_count());
  return out;
}
WebmBlockError ErrorOf(const Buffer& block) {
  const auto view = WebmBlockView::Parse(block);
  EXPECT_FALSE(view);
  return view.error();
}

// A block of these frames, laced so.
Buffer Laced(WebmLacing lacing, const std::vector<Buffer>& frames) {
  Buffer out = {0x82, 0, 5, static_cast<std::uint8_t>(static_cast<int>(lacing) << 1),
                static_cast<std::uint8_t>(frames.size() - 1)};
  std::int64_t before = 0;
  for (std::size_t i = 0; i + 1 < frames.size() && lacing != WebmLacing::kFixed; ++i) {
    const auto size = static_cast<std::int64_t>(frames[i].size());
    if (lacing == WebmLacing::kXiph) {
      out.insert(out.end(), static_cast<std::size_t>(size / 255), std::uint8_t{255});
      out.push_back(static_cast<std::uint8_t>(size % 255));
      continue;
    }
    const std::int64_t value = i == 0 ? size : size - before;
    std::size_t bytes = 1;
    const auto bias = [&] { return i == 0 ? 0 : (std::int64_t{1} << (7 * bytes - 1)) - 1; };
    while (value + bias() < 0 || value + bias() >= (std::int64_t{1} << (7 * bytes)) - 1) ++bytes;
    std::array<std::uint8_t, 8> vint{};
    EbmlVint::Write(static_cast<std::uint64_t>(value + bias()), bytes, vint.data());
    out.insert(out.end(), vint.begin(), vint.begin() + static_cast<std::ptrdiff_t>(bytes));
    before = size;
  }
  for (const Buffer& frame : frames) out.insert(out.end(), frame.begin(), frame.end());
  return out;
}

TEST(WebmBlockTest, TheLacesOfRfc9559ComeApart) {
  // Section 10.3.3: frames of 800, 500 and 1000 bytes, first as 0x4320, then less 300 as 0x5ed3.
  Buffer block = {0x81, 0, 0, 0x06, 2, 0x43, 0x20, 0x5e, 0xd3};
  block.resize(block.size() + 2300);
  const auto frames = FramesOf(block);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].size(), 800u);
  EXPECT_EQ(frames[1].size(), 500u);
  EXPECT_EQ(frames[2].size(), 1000u);
  // Section 10.3.2: the same in Xiph's way.
  block = {0x81, 0, 0, 0x02, 2, 255, 255, 255, 35, 255, 245};
  block.resize(block.size() + 2300);
  EXPECT_EQ(FramesOf(block), frames);
}

TEST(WebmBlockTest, LacesOfEveryKindComeApartAsTheyWereMade) {
  std::minstd_rand random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Buffer> frames(2 + random() % (round % 10 == 0 ? 255 : 8));
    const std::size_t fixed = 1 + random() % 300;
    for (Buffer& frame : frames) frame.assign(random() % (1u << (random() % 15)), static_cast<std::uint8_t>(random()));
    EXPECT_EQ(FramesOf(Laced(WebmLacing::kXiph, frames)), frames);
    EXPECT_EQ(FramesOf(Laced(WebmLacing::kEbml, frames)), frames);
    for (Buffer& frame : frames) frame.resize(fixed);
    EXPECT_EQ(FramesOf(Laced(WebmLacing::kFixed, frames)), frames);
  }
}

TEST(WebmBlockTest, EachCauseOfRefusalHasItsName) {
  EXPECT_EQ(ErrorOf({}), WebmBlockError::kTooShort);
  EXPECT_EQ(ErrorOf({0x81, 0, 0}), WebmBlockError::kTooShort);
  EXPECT_EQ(ErrorOf({0x40, 0x81, 0, 0}), WebmBlockError::kTooShort);
  EXPECT_EQ(ErrorOf({0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), WebmBlockError::kTooShort);
  EXPECT_EQ(ErrorOf({0x80, 0, 0, 0}), WebmBlockError::kBadTrack);
  EXPECT_EQ(ErrorOf({0x04, 1, 0, 0, 0, 0, 0, 0, 0}), WebmBlockError::kBadTrack);
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x02}), WebmBlockError::kBadLaceCount);
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x02, 2, 255, 255}), WebmBlockError::kBadLaceSize);  // never ends
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x02, 2, 1, 3, 9, 9, 9}), WebmBlockError::kBadLaceSize);
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x02, 1, 3, 9, 9}), WebmBlockError::kBadLaceSize);
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x06, 2, 0x81, 0xbd, 9, 9}), WebmBlockError::kBadLaceSize);  // 1 less 2
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x06, 1, 0x01, 255, 255, 255, 255, 255, 255, 254}), WebmBlockError::kBadLaceSize);
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x04, 1, 1, 2, 3}), WebmBlockError::kUnevenLace);
  EXPECT_EQ(ErrorOf({0x81, 0, 0, 0x04, 255}), WebmBlockError::kUnevenLace);  // 256 frames out of nothing
  EXPECT_EQ(ToString(WebmBlockError::kUnevenLace), "webm block: uneven laces");
}

TEST(WebmBlockTest, WhatIsWrittenReadsBack) {
  for (const std::uint32_t track : {1u, 126u, 127u, 128u, 16'382u, 16'383u, 0xffffffffu}) {
    for (int flags = 0; flags < 8; ++flags) {
      const WebmBlockHeader header{track, static_cast<std::int16_t>(flags - 4), (flags & 1) != 0, (flags & 2) != 0,
                                   (flags & 4) != 0};
      Buffer out(header.WireSize());
      ASSERT_EQ(header.Write(out), out.size());
      const auto block = WebmBlockView::Parse(out);
      ASSERT_TRUE(block);
      EXPECT_EQ(block->track(), track);
      EXPECT_EQ(block->time(), flags - 4);
      EXPECT_EQ(block->key_frame(), header.key_frame);
      EXPECT_EQ(block->invisible(), header.invisible);
      EXPECT_EQ(block->discardable(), header.discardable);
      Buffer small(out.size() - 1);
      EXPECT_EQ(header.Write(small), 0u);
    }
  }
}

}  // namespace
}  // namespace mediacore::mux
