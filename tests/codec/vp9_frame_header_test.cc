#include "mediacore/codec/vp9_frame_header.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/vpx_maker.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// As libvpx begins a key frame of 322x178.
constexpr std::array<std::uint8_t, 20> kKey = {0x82, 0x49, 0x83, 0x42, 0x00, 0x14, 0x10, 0x0b, 0x16, 0x04,
                                               0x38, 0x24, 0x1c, 0x18, 0x42, 0x00, 0x0f, 0x00, 0x6f, 0xb1};

constexpr bool ReadsAKeyFrame() {
  const auto found = Vp9FrameHeader::Parse(kKey);
  return found && found->key_frame && found->is_intra() && found->show_frame && !found->error_resilient &&
         found->profile == 0 && found->width == 322 && found->height == 178 && found->render_width == 322 &&
         found->render_height == 178 && found->refresh_frame_flags == 0xff && found->color.bit_depth == 8 &&
         found->color.subsampling_x && found->color.subsampling_y;
}
static_assert(ReadsAKeyFrame());

TEST(Vp9FrameHeaderTest, KeyFramesOfEachProfileByLibvpxAreRead) {
  struct Case {
    Block frame;
    int profile, depth;
    Vp9ColorSpace space;
    bool x, y;
  };
  using enum Vp9ColorSpace;
  for (const Case& c : {
           Case{{0xa2, 0x49, 0x83, 0x42, 0x00, 0x02, 0x82, 0x01, 0x62, 0xc0, 0x87}, 1, 8, kUnknown, false, false},
           Case{{0xa2, 0x49, 0x83, 0x42, 0x08, 0x02, 0x82, 0x01, 0x62, 0xc0, 0x87}, 1, 8, kUnknown, true, false},
           Case{{0xa2, 0x49, 0x83, 0x42, 0x04, 0x02, 0x82, 0x01, 0x62, 0xc0, 0x87}, 1, 8, kUnknown, false, true},
           Case{{0xa2, 0x49, 0x83, 0x42, 0xe0, 0x14, 0x10, 0x0b, 0x16, 0x04, 0x38}, 1, 8, kRgb, false, false},
           Case{{0x92, 0x49, 0x83, 0x42, 0x00, 0x0a, 0x08, 0x05, 0x8b, 0x02, 0x1c}, 2, 10, kUnknown, true, true},
           Case{{0x92, 0x49, 0x83, 0x42, 0x80, 0x0a, 0x08, 0x05, 0x8b, 0x02, 0x1c}, 2, 12, kUnknown, true, true},
           Case{{0xb1, 0x24, 0xc1, 0xa1, 0x02, 0x00, 0xa0, 0x80, 0x58, 0xb0, 0x21}, 3, 10, kUnknown, true, false},
           Case{{0xb1, 0x24, 0xc1, 0xa1, 0x40, 0x00, 0xa0, 0x80, 0x58, 0xb0, 0x21}, 3, 12, kUnknown, false, false},
           Case{{0xb1, 0x24, 0xc1, 0xa1, 0x38, 0x05, 0x04, 0x02, 0xc5, 0x81, 0x0e}, 3, 10, kRgb, false, false},
       }) {
    const auto found = Vp9FrameHeader::Parse(c.frame);
    ASSERT_TRUE(found) << ToString(found.error());
    EXPECT_TRUE(found->key_frame);
    EXPECT_EQ(found->profile, c.profile);
    EXPECT_EQ(found->color.bit_depth, c.depth);
    EXPECT_EQ(found->color.color_space, c.space);
    EXPECT_EQ(found->color.subsampling_x, c.x);
    EXPECT_EQ(found->color.subsampling_y, c.y);
    EXPECT_EQ(found->width, 322u);
    EXPECT_EQ(found->height, 178u);
  }
}

TEST(Vp9FrameHeaderTest, WhateverAHeaderSaysIsReadAndWhereItIsCutItIsRefused) {
  testing::Dice dice(9);
  for (int i = 0; i < 20'000; ++i) {
    const Vp9FrameHeader wanted = testing::RandomVp9Header(dice, i % 3 == 0);
    Block frame(Vp9FrameHeader::kMaxSize);
    frame.resize(testing::WriteVp9Header(wanted, frame));
    const auto found = Vp9FrameHeader::Parse(frame);
    ASSERT_TRUE(found) << ToString(found.error());
    ASSERT_EQ(*found, wanted) << i;
    for (std::size_t n = 0; n < frame.size(); ++n) {
      ASSERT_EQ(Vp9FrameHeader::Parse(Bytes(frame).first(n)).error(), Vp9FrameHeaderError::kTruncated);
    }
  }
}

TEST(Vp9FrameHeaderTest, EveryFirstByteIsReadOrRefusedByName) {
  for (int first = 0; first < 256; ++first) {
    Block frame(kKey.begin(), kKey.end());
    frame[0] = static_cast<std::uint8_t>(first);
    const auto found = Vp9FrameHeader::Parse(frame);
    if (first >> 6 != 2) {
      ASSERT_EQ(found.error(), Vp9FrameHeaderError::kBadMarker);
    } else if ((first >> 3 & 7) == 7) {  // profile 3 and its reserved bit
      ASSERT_EQ(found.error(), Vp9FrameHeaderError::kReservedBit);
    } else if (found) {
      ASSERT_EQ(found->profile, (first >> 5 & 1) + (first >> 4 & 1) * 2);
    }
  }
}

TEST(Vp9FrameHeaderTest, EachLieHasItsError) {
  EXPECT_EQ(Vp9FrameHeader::Parse({}).error(), Vp9FrameHeaderError::kTruncated);
  EXPECT_EQ(Vp9FrameHeader::Parse(Block{0x42}).error(), Vp9FrameHeaderError::kBadMarker);
  EXPECT_EQ(Vp9FrameHeader::Parse(Block{0xb8}).error(), Vp9FrameHeaderError::kReservedBit);
  Block frame(kKey.begin(), kKey.end());
  frame[3] = 0x43;
  EXPECT_EQ(Vp9FrameHeader::Parse(frame).error(), Vp9FrameHeaderError::kBadSyncCode);
  frame[3] = 0x42;
  frame[4] = 0xe0;  // RGB
  EXPECT_EQ(Vp9FrameHeader::Parse(frame).error(), Vp9FrameHeaderError::kBadColor);
  frame[0] = 0xa2;  // profile 1
  EXPECT_TRUE(Vp9FrameHeader::Parse(frame));
  frame[4] = 0xf0;
  EXPECT_EQ(Vp9FrameHeader::Parse(frame).error(), Vp9FrameHeaderError::kReservedBit);
  frame[4] = 0x0c;  // 4:2:0
  EXPECT_EQ(Vp9FrameHeader::Parse(frame).error(), Vp9FrameHeaderError::kBadColor);
  frame[4] = 0x0a;  // 4:2:2
  EXPECT_EQ(Vp9FrameHeader::Parse(frame).error(), Vp9FrameHeaderError::kReservedBit);
  EXPECT_EQ(ToString(Vp9FrameHeaderError::kReservedBit), "vp9 frame: reserved bit set");
}

TEST(Vp9FrameHeaderTest, AFrameShownAgainIsOneByte) {
  const auto found = Vp9FrameHeader::Parse(Block{0x8d});
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->show_existing_frame);
  EXPECT_EQ(found->frame_to_show, 5);
  EXPECT_FALSE(found->key_frame);
  EXPECT_EQ(found->width, 0u);
}

}  // namespace
}  // namespace mediacore::codec
