#include "mediacore/codec/h265.h"

#include <gtest/gtest.h>

#include "../support/h265_maker.h"
#include "mediacore/codec/h265_profile.h"
#include "mediacore/codec/h265_sps.h"

namespace mediacore::codec {
namespace {

using testing::Dice;
using testing::H265SpsSpec;
using testing::MakeH265Nal;
using testing::MakeH265Pps;
using testing::MakeH265Slice;
using testing::MakeH265Sps;
using testing::MakeH265Vps;
using testing::RefPicSetSpec;
using Block = std::vector<std::uint8_t>;

// x265, Main at level 4, 1920x1080, 25 frames per second, BT.709, B pyramid. The words of
// ffprobe: profile Main, level 120, has_b_frames 2, 1920x1080, coded 1920x1088, 25/1.
constexpr std::array<std::uint8_t, 46> kX265Main = {
    0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03,
    0x00, 0x78, 0xa0, 0x03, 0xc0, 0x80, 0x11, 0x07, 0xcb, 0x96, 0x56, 0x54, 0xa4, 0xc2, 0xf0, 0x16,
    0xa0, 0x20, 0x20, 0x20, 0x80, 0x00, 0x00, 0x03, 0x00, 0x80, 0x00, 0x00, 0x0c, 0x84};
// x265, Main 4:2:2 10, 1280x720, 30000/1001, two temporal sub-layers, HRD, full
// range. The words of ffmpeg's trace_headers are in the test below.
constexpr std::array<std::uint8_t, 66> kX265Range = {
    0x42, 0x01, 0x02, 0x04, 0x08, 0x00, 0x00, 0x03, 0x00, 0x9d, 0x08, 0x00, 0x00, 0x03, 0x00, 0x00, 0x78,
    0x00, 0x00, 0xb0, 0x02, 0x80, 0x80, 0x2d, 0x13, 0x65, 0x95, 0x98, 0xac, 0xd2, 0x49, 0xca, 0xf0, 0x1f,
    0x6b, 0x61, 0x00, 0x00, 0x03, 0x03, 0xe9, 0x00, 0x00, 0x75, 0x30, 0x60, 0x14, 0x90, 0x6e, 0x00, 0x02,
    0xdc, 0x6c, 0x00, 0x05, 0xb8, 0xdb, 0x80, 0x00, 0xb7, 0x1b, 0x00, 0x01, 0x6e, 0x36, 0x20};

constexpr bool ReadsX265() {
  const auto sps = H265Sps::Parse(kX265Main);
  return sps && sps->width == 1920 && sps->height == 1080 && sps->codec_string().view() == "hvc1.1.6.L120.90";
}
static_assert(ReadsX265());

// IDR_W_RADL of layer 33 and temporal id 2.
constexpr H265NalHeader kHeader = H265NalHeader::Of(0x27, 0x0b);
static_assert(kHeader.type == H265NalType::kIdrWRadl && kHeader.layer_id == 33 && kHeader.temporal_id_plus1 == 3);
static_assert(kHeader.bytes() == std::array<std::uint8_t, 2>{0x27, 0x0b} && kHeader.IsValid());

TEST(H265NalTest, AnyTwoBytesAreAHeaderAndAreWrittenTheSameAgain) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      H265NalHeader header;
      ASSERT_TRUE(H265NalHeader::Read(bytes, header));
      ASSERT_EQ(header.bytes(), bytes);
      ASSERT_EQ(header.type, H265NalTypeOf(bytes[0]));
      ASSERT_EQ(header.IsValid(), first < 128 && second % 8 != 0);
    }
  }
  H265NalHeader header;
  EXPECT_FALSE(H265NalHeader::Read(Block{0x26}, header));
}

TEST(H265NalTest, TheKindOfAPictureFollowsFromItsType) {
  int slices = 0, irap = 0, leading = 0, rasl = 0, unreferenced = 0, sets = 0, names = 0, bla = 0, idr = 0;
  for (int i = 0; i < 64; ++i) {
    const auto type = static_cast<H265NalType>(i);
    slices += IsSlice(type);
    irap += IsIrap(type);
    bla += IsBla(type);
    idr += IsIdr(type);
    leading += IsLeading(type);
    rasl += IsRasl(type);
    unreferenced += IsSubLayerNonReference(type);
    sets += IsParameterSet(type);
    names += ToString(type) != "reserved";
  }
  EXPECT_EQ(slices, 32);
  EXPECT_EQ(irap, 8);
  EXPECT_EQ(bla, 3);
  EXPECT_EQ(idr, 2);
  EXPECT_EQ(leading, 4);
  EXPECT_EQ(rasl, 2);
  EXPECT_EQ(unreferenced, 8);
  EXPECT_EQ(sets, 3);
  EXPECT_EQ(names, 27);
  EXPECT_EQ(ToString(H265NalType::kBlaNLp), "BLA_N_LP");
}

TEST(H265SpsTest, RealStreamsReadAsFfmpegSays) {
  const auto main = H265Sps::Parse(kX265Main);
  ASSERT_TRUE(main);
  EXPECT_EQ(main->coded_width, 1920);
  EXPECT_EQ(main->coded_height, 1088);
  EXPECT_EQ(main->profile.level_idc, 120);
  EXPECT_EQ(main->reorder_depth(), 2);
  EXPECT_EQ(main->frame_rate(), Frequency::Hertz(25));
  EXPECT_EQ(main->sar_width, 1);
  EXPECT_EQ(main->colour_primaries, 1);
  EXPECT_EQ(main->matrix_coefficients, 1);
  EXPECT_FALSE(main->full_range);

  const auto range = H265Sps::Parse(kX265Range);
  ASSERT_TRUE(range);
  EXPECT_EQ(range->max_sub_layers, 2);
  EXPECT_FALSE(range->temporal_id_nesting);
  EXPECT_EQ(range->profile.profile_idc, 4);
  EXPECT_EQ(range->chroma_format_idc, 2);
  EXPECT_EQ(range->bit_depth_luma, 10);
  EXPECT_EQ(range->bit_depth_chroma, 10);
  EXPECT_EQ(range->width, 1280);
  EXPECT_EQ(range->height, 720);
  EXPECT_EQ(range->log2_max_pic_order_cnt_lsb, 8);
  EXPECT_EQ(range->max_dec_pic_buffering, 5);
  EXPECT_EQ(range->max_num_reorder_pics, 2);
  EXPECT_EQ(range->log2_coding_tree_block_size, 6);
  EXPECT_EQ(range->num_units_in_tick, 1001u);
  EXPECT_EQ(range->time_scale, 30000u);
  EXPECT_EQ(range->frame_rate(), Frequency::MilliHertz(29970));
  EXPECT_TRUE(range->full_range);
  EXPECT_EQ(range->codec_string().view(), "hvc1.4.10.L120.9D.8");
}

TEST(H265SpsTest, TheNameOfAStreamIsThatOfRfc6381) {
  H265Profile profile{.profile_idc = 1, .compatibility_flags = 0x60000000, .constraints = {0xb0}, .level_idc = 93};
  EXPECT_EQ(profile.codec_string().view(), "hvc1.1.6.L93.B0");
  profile.constraints = {};
  profile.profile_idc = 2;
  profile.compatibility_flags = 0x20000000;
  profile.high_tier = true;
  EXPECT_EQ(profile.codec_string("hev1").view(), "hev1.2.4.H93");
  profile = {3, true, 31, 0xffffffff, {255, 255, 255, 255, 255, 255}, 255};
  EXPECT_EQ(profile.codec_string().view(), "hvc1.C31.FFFFFFFF.H255.FF.FF.FF.FF.FF.FF");
  profile = {0, false, 0, 0, {0, 0, 0, 0, 0, 1}, 0};
  EXPECT_EQ(profile.codec_string().view(), "hvc1.0.0.L0.0.0.0.0.0.1");
}

TEST(H265SpsTest, CroppingCountsInUnitsOfChroma) {
  struct Case {
    std::uint32_t chroma;
    int width;
    int height;
  };
  for (const Case& c : {Case{0, 637, 353}, Case{1, 634, 346}, Case{2, 634, 353}, Case{3, 637, 353}}) {
    H265SpsSpec spec;
    spec.chroma_format = c.chroma;
    spec.cropping = true;
    const std::uint32_t crop[4] = {1, 2, 3, 4};
    std::copy_n(crop, 4, spec.crop);
    const auto sps = H265Sps::Parse(MakeH265Sps(spec));
    ASSERT_TRUE(sps);
    EXPECT_EQ(sps->width, c.width) << c.chroma;
    EXPECT_EQ(sps->height, c.height) << c.chroma;
  }
}

TEST(H265SpsTest, SevenSubLayersOfEachShapeArePassedOver) {
  for (std::uint32_t minus1 = 0; minus1 < 7; ++minus1) {
    for (const std::uint32_t flags : {0u, 0x5550u, 0xaaa0u, 0xfff0u, 0x8010u, 0xffffu}) {
      for (const bool each : {true, false}) {
        H265SpsSpec spec;
        spec.sub_layers_minus1 = minus1;
        spec.sub_layer_flags = flags;
        spec.each_sub_layer = each;
        spec.id = 15;
        const auto sps = H265Sps::Parse(MakeH265Sps(spec));
        ASSERT_TRUE(sps) << minus1 << " " << flags;
        EXPECT_EQ(sps->max_sub_layers, minus1 + 1);
        EXPECT_EQ(sps->id, 15);
        EXPECT_EQ(sps->width, 640);
        const auto vps = H265Vps::Parse(MakeH265Vps(spec, 62));
        ASSERT_TRUE(vps);
        EXPECT_EQ(vps->max_sub_layers, minus1 + 1);
        EXPECT_EQ(vps->max_layers, 63);
        EXPECT_EQ(vps->profile, sps->profile);
      }
    }
  }
}

TEST(H265SpsTest, EverythingTheVuiSaysIsRead) {
  H265SpsSpec spec;
  spec.vui = spec.colour = spec.full_range = spec.fields = spec.display_window = spec.restriction = true;
  spec.sar_idc = 255;
  spec.num_units = 1;
  spec.time_scale = 50;
  spec.segmentation = 4095;
  for (const int hrd : {0, 1, 2, 3, 4}) {
    spec.hrd = hrd;
    spec.cpb_count_minus1 = hrd == 3 ? 0 : 31;
    spec.sub_layers_minus1 = 2;
    const auto sps = H265Sps::Parse(MakeH265Sps(spec));
    ASSERT_TRUE(sps) << hrd << ToString(sps.error());
    EXPECT_EQ(sps->sar_width, 1000);
    EXPECT_EQ(sps->sar_height, 999);
    EXPECT_TRUE(sps->full_range);
    EXPECT_EQ(sps->colour_primaries, 9);
    EXPECT_EQ(sps->transfer_characteristics, 16);  // PQ
    EXPECT_TRUE(sps->field_sequence);
    EXPECT_EQ(sps->frame_rate(), Frequency::Hertz(50));
    EXPECT_EQ(sps->min_spatial_segmentation_idc, 4095) << hrd;
  }
  spec.sar_idc = 13;
  EXPECT_EQ(H265Sps::Parse(MakeH265Sps(spec))->sar_width, 160);
  spec.sar_idc = 17;
  EXPECT_EQ(H265Sps::Parse(MakeH265Sps(spec))->sar_width, 0);
}

TEST(H265SpsTest, AFrameRateNobodyHasIsNone) {
  H265SpsSpec spec;
  spec.vui = true;
  spec.num_units = 1;
  spec.time_scale = 0xffffffff;
  EXPECT_EQ(H265Sps::Parse(MakeH265Sps(spec))->frame_rate(), Frequency::Zero());
  spec.num_units = 0;
  spec.time_scale = 50;
  EXPECT_EQ(H265Sps::Parse(MakeH265Sps(spec))->frame_rate(), Frequency::Zero());
}

// The VUI lies behind the sets: it is found only where each was read right.
TEST(H265SpsTest, ReferencePictureSetsAreReadExplicitAndPredicted) {
  H265SpsSpec spec;
  spec.vui = true;
  spec.num_units = 7;
  spec.time_scale = 11;
  spec.buffering_minus1 = 4;
  const RefPicSetSpec first{.s0_minus1 = {0, 1}, .s1_minus1 = {2}};  // -1 -3 | 3
  // Moved by -3: -4 -6 | (0 is the picture itself) and -3: four pictures less one.
  const RefPicSetSpec moved{.predicted = true, .negative = true, .abs_delta_rps_minus1 = 2, .flags = {2, 1, 2, 2}};
  const RefPicSetSpec three{.predicted = true, .abs_delta_rps_minus1 = 9, .flags = {2, 2, 0, 1}};
  spec.sets = {first, moved, three, {.predicted = true, .flags = {0, 0, 0, 2}}, {.predicted = true, .flags = {2, 2}}};
  const auto sps = H265Sps::Parse(MakeH265Sps(spec));
  ASSERT_TRUE(sps) << ToString(sps.error());
  EXPECT_EQ(sps->num_short_term_ref_pic_sets, 5);
  EXPECT_EQ(sps->num_units_in_tick, 7u);
  EXPECT_EQ(sps->time_scale, 11u);
  spec.sets.assign(64, {.s0_minus1 = {0, 0, 0, 0}});
  spec.long_term = true;
  spec.long_term_count = 32;
  EXPECT_EQ(H265Sps::Parse(MakeH265Sps(spec))->time_scale, 11u);
}

TEST(H265SpsTest, EachFieldOutsideItsRangeHasItsError) {
  const auto error = [](auto change) {
    H265SpsSpec spec;
    change(spec);
    const auto sps = H265Sps::Parse(MakeH265Sps(spec));
    EXPECT_FALSE(sps);
    return sps ? H265SpsError{255} : sps.error();
  };
  using S = H265SpsSpec;
  const auto blocks = [&](std::array<std::uint32_t, 6> sizes) {
    return error([&](S& s) { std::copy(sizes.begin(), sizes.end(), s.block_sizes); });
  };
  EXPECT_EQ(error([](S& s) { s.sub_layers_minus1 = 7; }), H265SpsError::kBadSubLayers);
  EXPECT_EQ(error([](S& s) { s.id = 16; }), H265SpsError::kBadId);
  EXPECT_EQ(error([](S& s) { s.id = 0xffffffff; }), H265SpsError::kBadId);
  EXPECT_EQ(error([](S& s) { s.chroma_format = 4; }), H265SpsError::kBadChroma);
  EXPECT_EQ(error([](S& s) { s.width = 0; }), H265SpsError::kBadSize);
  EXPECT_EQ(error([](S& s) { s.width = 65536; }), H265SpsError::kBadSize);
  EXPECT_EQ(error([](S& s) { s.height = 0x80000000; }), H265SpsError::kBadSize);
  EXPECT_EQ(error([](S& s) { s.height = 364; }), H265SpsError::kBadSize);  // no whole blocks of 8
  EXPECT_EQ(error([](S& s) {
              s.cropping = true;
              s.crop[1] = 320;
            }),
            H265SpsError::kBadCropping);
  EXPECT_EQ(error([](S& s) {
              s.cropping = true;
              s.crop[2] = s.crop[3] = 0xfffffffe;
            }),
            H265SpsError::kBadCropping);
  EXPECT_EQ(error([](S& s) { s.extra_bits_luma = 9; }), H265SpsError::kBadBitDepth);
  EXPECT_EQ(error([](S& s) { s.extra_bits_chroma = 9; }), H265SpsError::kBadBitDepth);
  EXPECT_EQ(error([](S& s) { s.log2_poc_minus4 = 13; }), H265SpsError::kBadOrderCount);
  EXPECT_EQ(error([](S& s) { s.buffering_minus1 = 16; }), H265SpsError::kBadBuffering);
  EXPECT_EQ(error([](S& s) { s.reorder = 5; }), H265SpsError::kBadBuffering);
  EXPECT_EQ(blocks({4, 0, 0, 0, 0, 0}), H265SpsError::kBadBlockSize);
  EXPECT_EQ(blocks({0, 0x7fffffff, 0, 0, 0, 0}), H265SpsError::kBadBlockSize);
  EXPECT_EQ(blocks({0, 0, 0, 0, 0, 0}), H265SpsError::kBadBlockSize);  // coding trees of 8
  EXPECT_EQ(blocks({3, 1, 0, 0, 0, 0}), H265SpsError::kBadBlockSize);  // of 128
  EXPECT_EQ(blocks({0, 1, 1, 0, 0, 0}), H265SpsError::kBadBlockSize);  // transforms of 8 in blocks of 8
  EXPECT_EQ(blocks({0, 1, 0, 3, 0, 0}), H265SpsError::kBadBlockSize);  // transforms of 32 in trees of 16
  EXPECT_EQ(blocks({0, 1, 0, 0, 3, 0}), H265SpsError::kBadBlockSize);
  EXPECT_EQ(error([](S& s) {
              s.pcm = true;
              s.pcm_size = 3;
            }),
            H265SpsError::kBadBlockSize);
  EXPECT_EQ(error([](S& s) {
              s.scaling_lists = true;
              s.scaling_delta = 128;
            }),
            H265SpsError::kBadScalingList);
  EXPECT_EQ(error([](S& s) {
              s.scaling_lists = true;
              s.scaling_dc = 248;
            }),
            H265SpsError::kBadScalingList);
  EXPECT_EQ(error([](S& s) {
              s.scaling_lists = true;
              s.scaling_from = 1;
            }),
            H265SpsError::kBadScalingList);
  EXPECT_EQ(error([](S& s) { s.set_count = 65; }), H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) { s.set_count = 0x7fffffff; }), H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) { s.sets = {{.s0_minus1 = {0, 0, 0, 0, 0}}}; }), H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) { s.sets = {{.s0_minus1 = {0, 0}, .s1_minus1 = {0, 0, 0}}}; }), H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) { s.sets = {{.s0_minus1 = {0x8000}}}; }), H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) {  // one picture more than are kept
              s.sets = {{.s0_minus1 = {0, 0, 0, 0}}, {.predicted = true, .negative = true, .flags = {2, 2, 2, 2, 2}}};
            }),
            H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) {
              s.sets = {{.s1_minus1 = {0, 0, 0, 0}}, {.predicted = true, .flags = {2, 2, 2, 2, 2}}};
            }),
            H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) {
              s.sets = {{.s0_minus1 = {0, 0, 0, 0}}, {.predicted = true, .abs_delta_rps_minus1 = 0x8000, .flags = {}}};
            }),
            H265SpsError::kBadRefPicSet);
  EXPECT_EQ(error([](S& s) {
              s.long_term = true;
              s.long_term_count = 33;
            }),
            H265SpsError::kBadLongTerm);
  EXPECT_EQ(error([](S& s) {
              s.vui = true;
              s.chroma_loc = 6;
            }),
            H265SpsError::kBadVui);
  EXPECT_EQ(error([](S& s) {
              s.vui = s.restriction = true;
              s.segmentation = 4096;
            }),
            H265SpsError::kBadVui);
  EXPECT_EQ(error([](S& s) {
              s.vui = true;
              s.time_scale = s.hrd = 1;
              s.cpb_count_minus1 = 32;
            }),
            H265SpsError::kBadVui);
  EXPECT_EQ(error([](S& s) {
              s.vui = true;
              s.time_scale = s.hrd = 1;
              s.elemental_duration = 2048;
            }),
            H265SpsError::kBadVui);
  EXPECT_EQ(H265Sps::Parse(Block{0x42, 1}).error(), H265SpsError::kTooShort);
  EXPECT_EQ(H265Sps::Parse(Block{0x44, 1, 2}).error(), H265SpsError::kNotSps);
  EXPECT_EQ(H265Sps::Parse(Block{0x42, 9, 1}).error(), H265SpsError::kOtherLayer);
  EXPECT_EQ(ToString(H265SpsError::kBadRefPicSet), "h265 sps: reference picture set out of range");
}

TEST(H265SpsTest, ScalingListsAndPcmArePassedOver) {
  for (const std::uint32_t from : {99u, 0u}) {
    for (const std::int32_t delta : {-128, 1, 127}) {
      H265SpsSpec spec;
      spec.scaling_lists = spec.pcm = spec.vui = true;
      spec.scaling_from = from;
      spec.scaling_delta = delta;
      spec.scaling_dc = -7;
      spec.num_units = 3;
      spec.time_scale = 5;
      const auto sps = H265Sps::Parse(MakeH265Sps(spec));
      ASSERT_TRUE(sps);
      EXPECT_EQ(sps->num_units_in_tick, 3u);
    }
  }
}

TEST(H265SpsTest, AnSpsCutAnywhereIsTruncated) {
  H265SpsSpec spec;
  spec.vui = spec.restriction = spec.scaling_lists = true;
  spec.time_scale = 25;
  spec.hrd = 2;
  spec.sets.assign(3, {.s0_minus1 = {0, 5}});
  const Block whole = MakeH265Sps(spec);
  ASSERT_TRUE(H265Sps::Parse(whole));
  for (std::size_t n = 3; n + 1 < whole.size(); ++n) {
    const auto sps = H265Sps::Parse(Bytes(whole).first(n));
    ASSERT_FALSE(sps);
    EXPECT_EQ(sps.error(), H265SpsError::kTruncated) << n;
  }
}

TEST(H265Test, ParameterSetsOutsideTheirRangesAreRefused) {
  EXPECT_EQ(H265Vps::Parse(Block{0x40, 1}).error(), H265Error::kTooShort);
  EXPECT_EQ(H265Vps::Parse(Block{0x42, 1, 0}).error(), H265Error::kWrongType);
  EXPECT_EQ(H265Vps::Parse(Block{0x40, 1, 0x0c, 1, 0xff, 0xff}).error(), H265Error::kTruncated);
  EXPECT_EQ(H265Vps::Parse(Block{0x40, 1, 0x0c, 0x0f, 0xff, 0xff}).error(), H265Error::kBadValue);  // sub-layers
  EXPECT_EQ(H265Vps::Parse(Block{0x40, 1, 0x0f, 0xf1, 0xff, 0xff}).error(), H265Error::kBadValue);  // 64 layers

  const auto pps = H265Pps::Parse(MakeH265Pps(63, 15, 5));
  ASSERT_TRUE(pps);
  EXPECT_EQ(pps->id, 63);
  EXPECT_EQ(pps->sps_id, 15);
  EXPECT_EQ(pps->num_extra_slice_header_bits, 5);
  EXPECT_EQ(H265Pps::Parse(MakeH265Pps(64, 0)).error(), H265Error::kBadValue);
  EXPECT_EQ(H265Pps::Parse(MakeH265Pps(0, 16)).error(), H265Error::kBadValue);
  EXPECT_EQ(H265Pps::Parse(Block{0x44, 1}).error(), H265Error::kTooShort);
  EXPECT_EQ(H265Pps::Parse(Block{0x44, 1, 0}).error(), H265Error::kTruncated);
  EXPECT_EQ(H265Pps::Parse(Block{0x26, 1, 0xff}).error(), H265Error::kWrongType);
}

TEST(H265Test, ASliceSaysWhetherItIsTheFirstAndWithItsPpsWhatItIs) {
  Dice dice(1);
  const Block idr = MakeH265Slice(dice, H265NalType::kIdrWRadl, true, 30);
  const auto head = H265SliceSegmentHeader::Parse(idr);
  ASSERT_TRUE(head);
  EXPECT_TRUE(head->first_slice_segment_in_pic);
  EXPECT_EQ(head->slice_type, H265SliceSegmentHeader::kUnknownType);
  const H265Pps pps;
  EXPECT_EQ(H265SliceSegmentHeader::Parse(idr, &pps)->slice_type, H265SliceSegmentHeader::kI);
  const Block trail = MakeH265Slice(dice, H265NalType::kTrailR, true, 30);
  EXPECT_EQ(H265SliceSegmentHeader::Parse(trail, &pps)->slice_type, H265SliceSegmentHeader::kP);
  const Block second = MakeH265Slice(dice, H265NalType::kTrailR, false, 30);
  EXPECT_EQ(H265SliceSegmentHeader::Parse(second, &pps)->slice_type, H265SliceSegmentHeader::kUnknownType);
  EXPECT_FALSE(H265SliceSegmentHeader::Parse(second)->first_slice_segment_in_pic);

  EXPECT_EQ(H265SliceSegmentHeader::Parse(Block{0x02, 1}).error(), H265Error::kTooShort);
  EXPECT_EQ(H265SliceSegmentHeader::Parse(Block{0x40, 1, 0x80}).error(), H265Error::kWrongType);
  EXPECT_EQ(H265SliceSegmentHeader::Parse(Block{0x02, 1, 0x81}).error(), H265Error::kTruncated);
  EXPECT_EQ(H265SliceSegmentHeader::Parse(Block{0x02, 1, 0x81, 0x04, 0}).error(), H265Error::kBadValue);  // PPS 64
  EXPECT_EQ(H265SliceSegmentHeader::Parse(Block{0x02, 1, 0xc8}, &pps).error(), H265Error::kBadValue);     // type 3
}

TEST(H265Test, AKeyFrameIsAnIrapPictureOfTheBaseLayer) {
  Dice dice(1);
  const auto frame = [&](std::initializer_list<std::pair<H265NalType, int>> slices) {
    Block out;
    for (const auto& [type, layer] : slices) {
      testing::AppendAvcc(out, MakeH265Slice(dice, type, true, 20, 0, layer));
    }
    return IsH265KeyFrame(out);
  };
  using enum H265NalType;
  EXPECT_TRUE(frame({{kIdrNLp, 0}}));
  EXPECT_TRUE(frame({{kCra, 0}, {kCra, 0}, {kTrailR, 1}}));
  EXPECT_TRUE(frame({{kBlaWLp, 0}}));
  EXPECT_FALSE(frame({{kTrailR, 0}, {kIdrNLp, 1}}));
  EXPECT_FALSE(frame({{kIdrNLp, 0}, {kTrailR, 0}}));
  EXPECT_FALSE(frame({}));
  EXPECT_FALSE(IsH265KeyFrame(Block{0, 0, 0, 1, 0x26}));
}

TEST(H265ParameterSetsTest, WhatAStreamStandsUnderIsKeptAndAnotherSpsReplacesItsPps) {
  H265ParameterSets sets;
  H265SpsSpec spec;
  EXPECT_EQ(sets.parsed_sps(), nullptr);
  EXPECT_TRUE(sets.Store(MakeH265Vps(spec)));
  EXPECT_TRUE(sets.Store(MakeH265Sps(spec)));
  EXPECT_FALSE(sets.complete());
  EXPECT_TRUE(sets.Store(MakeH265Pps(0, 0)));
  EXPECT_TRUE(sets.Store(MakeH265Pps(9, 0, 3)));
  EXPECT_TRUE(sets.complete());
  EXPECT_EQ(sets.parsed_sps()->width, 640);
  ASSERT_NE(sets.FindPps(9), nullptr);
  EXPECT_EQ(sets.FindPps(9)->num_extra_slice_header_bits, 3);
  EXPECT_EQ(sets.FindPps(1), nullptr);
  const std::uint32_t generation = sets.generation();
  EXPECT_EQ(generation, 4u);
  EXPECT_TRUE(sets.Store(MakeH265Vps(spec)));
  EXPECT_TRUE(sets.Store(MakeH265Sps(spec)));
  EXPECT_TRUE(sets.Store(MakeH265Pps(9, 0, 3)));
  EXPECT_EQ(sets.generation(), generation);
  EXPECT_TRUE(sets.Store(MakeH265Pps(9, 0, 4)));
  EXPECT_EQ(sets.generation(), generation + 1);
  EXPECT_EQ(sets.pps_count(), 2u);
  spec.width = 1280;
  EXPECT_TRUE(sets.Store(MakeH265Vps(spec, 1)));
  EXPECT_TRUE(sets.complete());
  EXPECT_TRUE(sets.Store(MakeH265Sps(spec)));
  EXPECT_EQ(sets.pps_count(), 0u);
  EXPECT_EQ(sets.parsed_sps()->width, 1280);
}

TEST(H265ParameterSetsTest, WhatDoesNotFitIsRefused) {
  H265ParameterSets sets;
  const H265SpsSpec spec;
  const auto padded = [](Block nal, std::size_t size) {
    nal.resize(size, 0x55);
    return nal;
  };
  EXPECT_FALSE(sets.Store(padded(MakeH265Vps(spec), H265ParameterSets::kMaxVpsSize + 1)));
  EXPECT_TRUE(sets.Store(padded(MakeH265Vps(spec), H265ParameterSets::kMaxVpsSize)));
  EXPECT_FALSE(sets.Store(padded(MakeH265Sps(spec), H265ParameterSets::kMaxSpsSize + 1)));
  EXPECT_TRUE(sets.Store(padded(MakeH265Sps(spec), H265ParameterSets::kMaxSpsSize)));
  EXPECT_FALSE(sets.Store(padded(MakeH265Pps(0, 0), H265ParameterSets::kMaxPpsSize + 1)));
  for (std::uint32_t id = 0; id < H265ParameterSets::kMaxPps; ++id) {
    EXPECT_TRUE(sets.Store(padded(MakeH265Pps(id, 0), H265ParameterSets::kMaxPpsSize)));
  }
  EXPECT_FALSE(sets.Store(MakeH265Pps(20, 0)));
  EXPECT_TRUE(sets.Store(MakeH265Pps(7, 0)));
  EXPECT_FALSE(sets.Store(Block{}));
  EXPECT_FALSE(sets.Store(Block{0x26, 1, 0x80}));
  EXPECT_FALSE(sets.Store(Block{0x42, 1, 0xff}));
  EXPECT_FALSE(sets.Store(Block{0x40, 1, 0x0f, 0xff}));
  EXPECT_FALSE(sets.Store(Block{0x44, 1, 0}));
  Block other_layer = MakeH265Sps(spec);
  other_layer[1] = 9;
  EXPECT_FALSE(sets.Store(other_layer));
}

}  // namespace
}  // namespace mediacore::codec
