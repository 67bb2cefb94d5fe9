#include "mediacore/rtp/generic_frame_descriptor.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

using Value = std::vector<std::uint8_t>;

// Whole frame 0x1234 of temporal layer 3 and spatial layers 0 and 2, which
// refers to 1, 64 and 16383 frames back.
constexpr std::array<std::uint8_t, 9> kThreeDiffs = {0xfb, 0x05, 0x34, 0x12, 0x05, 0x03, 0x01, 0xfe, 0xff};

constexpr bool ReadsThreeDiffs() {
  const auto frame = GenericFrameDescriptor::Parse(kThreeDiffs);
  return frame && frame->first_packet && frame->last_packet && frame->temporal_layer == 3 &&
         frame->spatial_layers == 5 && frame->frame_id == FrameNumber(0x1234) && !frame->has_resolution &&
         frame->frame_diffs == FrameDiffs{1, 64, 16'383};
}
static_assert(ReadsThreeDiffs());

Value Write(const GenericFrameDescriptor& frame) {
  Value out(frame.WireSize(), 0xee);
  EXPECT_TRUE(frame.Write(out));
  return out;
}

TEST(GenericFrameDescriptorTest, AKeyFrameHasItsResolution) {
  const Value value = {0xb0, 0x01, 0x01, 0x00, 0x05, 0x00, 0x02, 0xd0};
  const auto frame = GenericFrameDescriptor::Parse(value);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->has_resolution);
  EXPECT_EQ(frame->width, 1280);
  EXPECT_EQ(frame->height, 720);
  EXPECT_FALSE(frame->last_packet);
  EXPECT_EQ(Write(*frame), value);
  EXPECT_EQ(Write(*GenericFrameDescriptor::Parse(Bytes(value).first(4))), Value(value.begin(), value.begin() + 4));
}

TEST(GenericFrameDescriptorTest, APacketInsideAFrameHasOneByte) {
  const auto frame = GenericFrameDescriptor::Parse(Value{0x7f});  // whose low bits say nothing
  ASSERT_TRUE(frame);
  EXPECT_FALSE(frame->first_packet);
  EXPECT_TRUE(frame->last_packet);
  EXPECT_EQ(Write(*frame), Value{0x70});
  EXPECT_EQ(GenericFrameDescriptor::Parse(Value{0x70, 1, 2, 3}).error(), ExtensionError::kWrongSize);
}

TEST(GenericFrameDescriptorTest, EverySizeThatIsNoneIsRefused) {
  for (std::size_t n = 0; n < kThreeDiffs.size(); ++n) {
    EXPECT_EQ(GenericFrameDescriptor::Parse(Bytes(kThreeDiffs).first(n)).error(), ExtensionError::kWrongSize) << n;
  }
  Value longer(kThreeDiffs.begin(), kThreeDiffs.end());
  longer.push_back(0);
  EXPECT_EQ(GenericFrameDescriptor::Parse(longer).error(), ExtensionError::kWrongSize);
  for (const std::size_t n : {1u, 2u, 3u, 5u, 6u, 7u, 9u, 20u}) {
    Value key(n);
    key[0] = 0x80;
    EXPECT_EQ(GenericFrameDescriptor::Parse(key).error(), ExtensionError::kWrongSize) << n;
  }
}

TEST(GenericFrameDescriptorTest, EightDiffsAreTheMostAndNoneIsZero) {
  Value value = {0x88, 1, 0, 0};
  for (int i = 0; i < 7; ++i) value.push_back(5);
  value.push_back(4);
  const auto eight = GenericFrameDescriptor::Parse(value);
  ASSERT_TRUE(eight);
  EXPECT_EQ(eight->frame_diffs.size(), 8);
  EXPECT_EQ(Write(*eight), value);
  value.back() = 5;
  value.push_back(4);
  EXPECT_EQ(GenericFrameDescriptor::Parse(value).error(), ExtensionError::kBadValue);
  EXPECT_EQ(GenericFrameDescriptor::Parse(Value{0x88, 1, 0, 0, 0}).error(), ExtensionError::kBadValue);
  EXPECT_EQ(GenericFrameDescriptor::Parse(Value{0x88, 1, 0, 0, 2, 0}).error(), ExtensionError::kBadValue);
}

TEST(GenericFrameDescriptorTest, EveryDiffReadsBackInTheFewestBytes) {
  for (std::uint16_t diff = 1; diff <= GenericFrameDescriptor::kMaxFrameDiff; ++diff) {
    GenericFrameDescriptor frame;
    frame.frame_id = FrameNumber(diff);
    frame.frame_diffs = {diff};
    const Value value = Write(frame);
    ASSERT_EQ(value.size(), diff < 64 ? 5u : 6u);
    const auto again = GenericFrameDescriptor::Parse(value);
    ASSERT_TRUE(again);
    ASSERT_EQ(*again, frame);
  }
  // One longer than it has to be.
  EXPECT_EQ(GenericFrameDescriptor::Parse(Value{0x88, 1, 0, 0, 5 << 2 | 2, 0})->frame_diffs, FrameDiffs{5});
}

TEST(GenericFrameDescriptorTest, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  const GenericFrameDescriptor good = *GenericFrameDescriptor::Parse(kThreeDiffs);
  for (std::size_t room = 0; room < kThreeDiffs.size(); ++room) {
    Value out(room, 0xee);
    EXPECT_FALSE(good.Write(out));
    EXPECT_EQ(out, Value(room, 0xee));
  }
  const auto refused = [&](auto&& change) {
    GenericFrameDescriptor frame = good;
    change(frame);
    Value out(40, 0xee);
    EXPECT_EQ(frame.WireSize(), 0u);
    EXPECT_FALSE(frame.Write(out));
  };
  refused([](auto& f) { f.temporal_layer = 8; });
  refused([](auto& f) { f.has_resolution = true; });
  refused([](auto& f) { f.frame_diffs = {0}; });
  refused([](auto& f) { f.frame_diffs = {16'384}; });
  refused([](auto& f) { f.frame_diffs = {1, 1, 1, 1, 1, 1, 1, 1, 1}; });
}

}  // namespace
}  // namespace mediacore::rtp
