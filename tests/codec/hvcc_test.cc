#include "mediacore/codec/hvcc.h"

#include <gtest/gtest.h>

#include "../support/h265_maker.h"

namespace mediacore::codec {
namespace {

using testing::H265SpsSpec;
using testing::MakeH265Pps;
using testing::MakeH265Sps;
using testing::MakeH265Vps;
using Block = std::vector<std::uint8_t>;

// What ffmpeg writes for x265, Main at level 4, 1920x1080: 23 bytes, then VPS, SPS
// and PPS, each alone in its array.
constexpr std::array<std::uint8_t, 23> kFfmpegHead = {0x01, 0x01, 0x60, 0x00, 0x00, 0x00, 0x90, 0x00,
                                                      0x00, 0x00, 0x00, 0x00, 0x78, 0xf0, 0x00, 0xfc,
                                                      0xfd, 0xf8, 0xf8, 0x00, 0x00, 0x0f, 0x03};

Block Written(const H265ParameterSets& sets, bool complete = true) {
  Block out(HvccWriter::kMaxSize);
  std::size_t size = 0;
  EXPECT_TRUE(HvccWriter(sets, complete).Write(out, size));
  EXPECT_EQ(size, HvccWriter(sets, complete).WireSize());
  out.resize(size);
  return out;
}

H265ParameterSets MadeSets(const H265SpsSpec& spec = {}, std::uint32_t pps = 1) {
  H265ParameterSets sets;
  EXPECT_TRUE(sets.Store(MakeH265Vps(spec)));
  EXPECT_TRUE(sets.Store(MakeH265Sps(spec)));
  for (std::uint32_t id = 0; id < pps; ++id) EXPECT_TRUE(sets.Store(MakeH265Pps(id, 0)));
  return sets;
}

TEST(HvccTest, WhatIsWrittenIsReadAgain) {
  H265SpsSpec spec;
  spec.profile_bits = 0xe4;  // space 3, high tier, profile 4
  spec.chroma_format = 2;
  spec.extra_bits_luma = 2;
  spec.extra_bits_chroma = 4;
  spec.sub_layers_minus1 = 2;
  spec.vui = spec.restriction = true;
  spec.segmentation = 4000;
  const H265ParameterSets sets = MadeSets(spec, 3);
  const Block record = Written(sets);
  const auto view = HvccView::Parse(record);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->profile(), sets.parsed_sps()->profile);
  EXPECT_EQ(view->profile().profile_space, 3);
  EXPECT_EQ(view->min_spatial_segmentation_idc(), 4000);
  EXPECT_EQ(view->parallelism_type(), 0);
  EXPECT_EQ(view->chroma_format_idc(), 2);
  EXPECT_EQ(view->bit_depth_luma(), 10);
  EXPECT_EQ(view->bit_depth_chroma(), 12);
  EXPECT_EQ(view->avg_frame_rate(), 0);
  EXPECT_EQ(view->constant_frame_rate(), 0);
  EXPECT_EQ(view->num_temporal_layers(), 3);
  EXPECT_TRUE(view->temporal_id_nested());
  EXPECT_EQ(view->nal_length_size(), 4);
  EXPECT_EQ(view->array_count(), 3);

  H265ParameterSets back;
  HvccView::Units units = view->units();
  std::vector<H265NalType> types;
  for (Bytes nal; units.Next(nal);) {
    EXPECT_TRUE(back.Store(nal));
    EXPECT_TRUE(units.array_complete());
    types.push_back(units.type());
  }
  using enum H265NalType;
  EXPECT_EQ(types, (std::vector{kVps, kSps, kPps, kPps, kPps}));
  EXPECT_EQ(Written(back), record);
  const Block not_complete = Written(sets, false);
  HvccView::Units open = HvccView::Parse(not_complete)->units();
  Bytes nal;
  ASSERT_TRUE(open.Next(nal));
  EXPECT_FALSE(open.array_complete());
}

TEST(HvccTest, TheHeadIsThatWhichFfmpegWrites) {
  H265SpsSpec spec;
  spec.constraints = {0x90};
  spec.level = 120;
  EXPECT_TRUE(std::ranges::equal(Bytes(Written(MadeSets(spec))).first(23), kFfmpegHead));
}

TEST(HvccTest, SetsThatAreNotCompleteOrTooDeepHaveNoRecord) {
  H265SpsSpec spec;
  H265ParameterSets sets;
  Block out(HvccWriter::kMaxSize);
  std::size_t size = 0;
  EXPECT_FALSE(HvccWriter(sets).Write(out, size));
  EXPECT_TRUE(sets.Store(MakeH265Sps(spec)));
  EXPECT_TRUE(sets.Store(MakeH265Pps(0, 0)));
  EXPECT_EQ(HvccWriter(sets).WireSize(), 0u);
  EXPECT_TRUE(sets.Store(MakeH265Vps(spec)));
  EXPECT_GT(HvccWriter(sets).WireSize(), 0u);
  EXPECT_FALSE(HvccWriter(sets).Write(MutableBytes(out).first(HvccWriter(sets).WireSize() - 1), size));
  spec.extra_bits_luma = 8;
  EXPECT_EQ(HvccWriter(MadeSets(spec)).WireSize(), 0u);
}

TEST(HvccTest, EachLieHasItsError) {
  const Block whole = Written(MadeSets());
  const auto error = [](const Block& record) {
    const auto view = HvccView::Parse(record);
    EXPECT_FALSE(view);
    return view.error();
  };
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Block record = whole;
    record[at] = value;
    return record;
  };
  EXPECT_EQ(error(changed(0, 0)), HvccError::kBadVersion);
  EXPECT_EQ(error(changed(21, 0x0e)), HvccError::kBadLengthSize);
  EXPECT_EQ(error(changed(22, 4)), HvccError::kTruncated);
  EXPECT_EQ(error(changed(24, 1)), HvccError::kTruncated);  // 257 units
  EXPECT_EQ(error(changed(26, 0xff)), HvccError::kTruncated);
  EXPECT_EQ(error(changed(27, 1)), HvccError::kBadUnit);     // a unit of one byte
  EXPECT_EQ(error(changed(23, 0xa1)), HvccError::kBadUnit);  // a VPS among the SPS
  for (std::size_t n = 0; n < whole.size(); ++n) {
    Block cut = whole;
    cut.resize(n);
    EXPECT_EQ(error(cut), n < 23 ? HvccError::kTooShort : HvccError::kTruncated);
  }
  EXPECT_TRUE(HvccView::Parse(changed(22, 0)));  // "hev1" may have none
  EXPECT_EQ(ToString(HvccError::kBadUnit), "hvcC: bad NAL unit");
}

}  // namespace
}  // namespace mediacore::codec
