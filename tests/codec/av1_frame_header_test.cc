#include "mediacore/codec/av1_frame_header.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/av1_maker.h"

namespace mediacore::codec {
namespace {

using testing::Append;
using testing::Av1SequencePayload;
using testing::Dice;
using testing::MakeAv1Frame;
using testing::MakeAv1Sequence;
using testing::MakeObu;
using Block = std::vector<std::uint8_t>;

Expected<Av1FrameHeader, Av1FrameError> Parse(Bytes payload, const Av1SequenceHeader& sequence,
                                              testing::Av1Layer layer = {}, Av1ObuType type = Av1ObuType::kFrame) {
  const Block obu = MakeObu(type, payload, layer);
  return Av1FrameHeader::Parse(*Av1ObuView::Parse(obu), sequence);
}

// Writes bits as the section prints them: {value, how many}.
Block Bits(std::initializer_list<std::pair<std::uint32_t, int>> fields) {
  Block out(160);
  BitWriter bits(out);
  for (const auto& [value, count] : fields) bits.WriteBits(value, count);
  out.resize(bits.byte_size());
  return out;
}

TEST(Av1FrameHeaderTest, AFrameOfAnEncoderForCallsReadsAsItWasWritten) {
  Dice dice(3);
  for (const auto type : {Av1FrameType::kKey, Av1FrameType::kInter, Av1FrameType::kIntraOnly}) {
    for (const bool show : {false, true}) {
      for (const unsigned flags : {0u, 1u, 0xffu}) {
        const auto refresh = static_cast<std::uint8_t>(flags);
        const auto frame = Parse(MakeAv1Frame(dice, {type, show, refresh, 77}), MakeAv1Sequence());
        ASSERT_TRUE(frame);
        const bool shown_key = type == Av1FrameType::kKey && show;
        EXPECT_EQ(frame->frame_type, type);
        EXPECT_EQ(frame->show_frame, show);
        EXPECT_EQ(frame->showable_frame, !shown_key);
        EXPECT_EQ(frame->error_resilient_mode, shown_key);
        EXPECT_EQ(frame->order_hint, 77);
        EXPECT_EQ(frame->refresh_frame_flags, shown_key ? 0xff : refresh);
        EXPECT_EQ(frame->is_shown_key_frame(), shown_key);
        EXPECT_EQ(frame->is_discardable(), !shown_key && refresh == 0);
      }
    }
  }
}

TEST(Av1FrameHeaderTest, AnotherObuIsRefused) {
  for (const auto type : {Av1ObuType::kTileGroup, Av1ObuType::kMetadata, Av1ObuType::kSequenceHeader}) {
    EXPECT_EQ(Parse(Block{0x10, 0, 0, 0}, MakeAv1Sequence(), {}, type).error(), Av1FrameError::kWrongType);
  }
  for (const auto type : {Av1ObuType::kFrameHeader, Av1ObuType::kRedundantFrameHeader}) {
    EXPECT_TRUE(Parse(Block{0x10, 0, 0, 0}, MakeAv1Sequence(), {}, type));
  }
}

TEST(Av1FrameHeaderTest, AHeaderCutShortIsRefused) {
  EXPECT_EQ(Parse({}, MakeAv1Sequence()).error(), Av1FrameError::kTruncated);
  Dice dice(4);
  const Block frame = MakeAv1Frame(dice, {});
  std::size_t n = 0;
  while (!Parse(Bytes(frame).first(n), MakeAv1Sequence())) ++n;
  EXPECT_EQ(n, 4u);  // 26 bits
  Av1SequenceHeader sequence = MakeAv1Sequence();
  sequence.frame_id_numbers_present = true;
  sequence.additional_frame_id_length_minus_1 = 2;
  EXPECT_EQ(Parse(Block{0x80}, sequence).error(), Av1FrameError::kTruncated);  // show_existing_frame, no id
}

TEST(Av1FrameHeaderTest, AFrameThatIsShownAgainMayBeAKeyFrame) {
  const auto frame = Parse(Bits({{1, 1}, {5, 3}}), MakeAv1Sequence());
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->show_existing_frame);
  EXPECT_EQ(frame->frame_to_show_map_idx, 5);
  EXPECT_FALSE(frame->is_discardable());
  EXPECT_FALSE(frame->is_shown_key_frame());
}

TEST(Av1FrameHeaderTest, AStillPictureSaysNearlyNothing) {
  Av1SequenceHeader sequence = MakeAv1Sequence();
  sequence.still_picture = sequence.reduced_still_picture_header = true;
  sequence.order_hint_bits = 0;
  const auto frame = Parse(Block{0x00}, sequence);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->is_shown_key_frame());
}

TEST(Av1FrameHeaderTest, WhatTheSequenceHeaderAsksForIsSteppedOver) {
  Av1SequenceHeader sequence = MakeAv1Sequence();
  sequence.decoder_model_info_present = true;
  sequence.frame_presentation_time_length_minus_1 = 30;
  sequence.buffer_removal_time_length_minus_1 = 9;
  sequence.frame_id_numbers_present = true;
  sequence.delta_frame_id_length_minus_2 = 10;
  sequence.additional_frame_id_length_minus_1 = 1;
  sequence.operating_points_cnt_minus_1 = 2;
  sequence.operating_points[0] = {.idc = 0x307, .decoder_model_present = true};
  sequence.operating_points[1] = {.idc = 0x103, .decoder_model_present = true};
  sequence.operating_points[2] = {.idc = 0x101};
  // An inter frame of temporal layer 2, spatial layer 0: inside the first point alone.
  const Block frame = Bits({{0, 1},
                            {1, 2},
                            {1, 1},
                            {0x7abbccdd, 31},
                            {0, 1},  // shown, its time, not resilient
                            {0, 1},
                            {1, 1},
                            {1, 1},
                            {0x1234, 14},
                            {0, 1},  // tools, its id, size
                            {33, 7},
                            {6, 3},
                            {1, 1},
                            {1000, 10},
                            {0x40, 8}});
  const auto read = Parse(frame, sequence, {2, 0});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->order_hint, 33);
  EXPECT_EQ(read->refresh_frame_flags, 0x40);
  // Of temporal layer 1 it is inside both.
  const Block both = Bits({{0, 1},
                           {1, 2},
                           {1, 1},
                           {0x7abbccdd, 31},
                           {0, 1},
                           {0, 1},
                           {1, 1},
                           {1, 1},
                           {0x1234, 14},
                           {0, 1},
                           {33, 7},
                           {6, 3},
                           {1, 1},
                           {1000, 10},
                           {1000, 10},
                           {0x20, 8}});
  EXPECT_EQ(Parse(both, sequence, {1, 0})->refresh_frame_flags, 0x20);
  // What is shown again has a time and an id; its time is not there when pictures come evenly.
  EXPECT_EQ(Parse(Bits({{1, 1}, {3, 3}, {0, 31}, {0, 14}}), sequence)->frame_to_show_map_idx, 3);
  sequence.equal_picture_interval = true;
  EXPECT_TRUE(Parse(Bits({{1, 1}, {3, 3}, {0, 14}}), sequence));
}

TEST(Av1FrameHeaderTest, ASwitchFrameIsKeptEverywhere) {
  const auto frame = Parse(Bits({{0, 1}, {3, 2}, {1, 1}, {0, 1}, {0, 1}, {9, 7}}), MakeAv1Sequence());
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->frame_type, Av1FrameType::kSwitch);
  EXPECT_TRUE(frame->frame_size_override);
  EXPECT_TRUE(frame->error_resilient_mode);
  EXPECT_EQ(frame->order_hint, 9);
  EXPECT_EQ(frame->refresh_frame_flags, 0xff);
  EXPECT_EQ(ToString(frame->frame_type), "switch");
}

TEST(Av1FrameHeaderTest, ASequenceBeginsWithItsHeaderAndAKeyFrameThatIsShown) {
  Dice dice(5);
  const Block sequence = MakeObu(Av1ObuType::kSequenceHeader, Av1SequencePayload(MakeAv1Sequence()));
  const Block key = MakeObu(Av1ObuType::kFrame, MakeAv1Frame(dice, {Av1FrameType::kKey}));
  const Block hidden = MakeObu(Av1ObuType::kFrame, MakeAv1Frame(dice, {Av1FrameType::kKey, false}));
  const Block inter = MakeObu(Av1ObuType::kFrame, MakeAv1Frame(dice, {}));
  const auto begins = [](std::initializer_list<Block> obus) {
    Block unit(kAv1TemporalDelimiter.begin(), kAv1TemporalDelimiter.end());
    for (const Block& obu : obus) Append(unit, obu);
    return BeginsAv1Sequence(unit);
  };
  EXPECT_TRUE(begins({sequence, key}));
  EXPECT_TRUE(begins({sequence, MakeObu(Av1ObuType::kMetadata, Block{1, 2}), key, inter}));
  EXPECT_FALSE(begins({key}));
  EXPECT_FALSE(begins({key, sequence}));
  EXPECT_FALSE(begins({sequence, hidden, key}));
  EXPECT_FALSE(begins({sequence, inter}));
  EXPECT_FALSE(begins({sequence}));
  EXPECT_FALSE(begins({}));
  Av1SequenceHeader still = MakeAv1Sequence();
  still.still_picture = still.reduced_still_picture_header = true;
  still.enable_order_hint = false;
  still.order_hint_bits = 0;
  EXPECT_TRUE(begins({MakeObu(Av1ObuType::kSequenceHeader, Av1SequencePayload(still)),
                      MakeObu(Av1ObuType::kFrame, Block{0x00, 1, 2})}));
}

}  // namespace
}  // namespace mediacore::codec
