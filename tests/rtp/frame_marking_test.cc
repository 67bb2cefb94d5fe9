#include "mediacore/rtp/frame_marking.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

// A whole frame of temporal layer 2 that nothing refers to, VP8: base layer 7.
constexpr std::array<std::uint8_t, 3> kLong = {0b1101'1'010, 0, 7};

constexpr bool ReadsTheLongForm() {
  const auto marking = FrameMarking::Parse(kLong);
  return marking && marking->start_of_frame && marking->end_of_frame && !marking->independent &&
         marking->discardable && marking->base_layer_sync && marking->temporal_id == 2 &&
         marking->has_layer_id && marking->layer_id == 0 && marking->has_tl0picidx && marking->tl0picidx == 7;
}
static_assert(ReadsTheLongForm());

TEST(FrameMarkingTest, AKeyFrameOfAStreamThatIsNotScalableIsOneByte) {
  FrameMarking marking;
  marking.start_of_frame = marking.independent = true;
  std::array<std::uint8_t, 1> out{};
  ASSERT_EQ(marking.WireSize(), 1u);
  ASSERT_TRUE(marking.Write(out));
  EXPECT_EQ(out[0], 0b1010'0000);
  EXPECT_EQ(*FrameMarking::Parse(out), marking);
}

TEST(FrameMarkingTest, EveryFirstByteReadsBackInEveryForm) {
  for (std::size_t size = 1; size <= 3; ++size) {
    for (int first = 0; first < 256; ++first) {
      const std::array<std::uint8_t, 3> bytes = {static_cast<std::uint8_t>(first), 0xab, 0xcd};
      const auto marking = FrameMarking::Parse(Bytes(bytes).first(size));
      ASSERT_TRUE(marking);
      EXPECT_EQ(marking->has_layer_id, size > 1);
      EXPECT_EQ(marking->has_tl0picidx, size > 2);
      std::vector<std::uint8_t> out(size);
      ASSERT_EQ(marking->WireSize(), size);
      ASSERT_TRUE(marking->Write(out));
      EXPECT_TRUE(std::equal(out.begin(), out.end(), bytes.begin()));
    }
  }
}

TEST(FrameMarkingTest, NoBytesAndMoreThanThreeAreRefused) {
  constexpr std::array<std::uint8_t, 5> kBytes{};
  for (const std::size_t size : {0u, 4u, 5u}) {
    EXPECT_EQ(FrameMarking::Parse(Bytes(kBytes).first(size)).error(), ExtensionError::kWrongSize);
  }
}

TEST(FrameMarkingTest, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  FrameMarking marking = *FrameMarking::Parse(kLong);
  for (std::size_t room = 0; room < 3; ++room) {
    std::vector<std::uint8_t> out(room, 0xee);
    EXPECT_FALSE(marking.Write(out));
    EXPECT_EQ(out, std::vector<std::uint8_t>(room, 0xee));
  }
  marking.has_layer_id = false;  // TL0PICIDX has no place then
  EXPECT_EQ(marking.WireSize(), 0u);
  marking = {};
  marking.temporal_id = 8;
  EXPECT_EQ(marking.WireSize(), 0u);
  std::array<std::uint8_t, 3> out{};
  EXPECT_FALSE(marking.Write(out));
}

}  // namespace
}  // namespace mediacore::rtp
