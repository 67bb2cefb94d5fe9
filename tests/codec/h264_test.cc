#include "mediacore/codec/h264.h"

#include <gtest/gtest.h>

#include "../support/h264_maker.h"
#include "mediacore/codec/avcc_writer.h"
#include "mediacore/mux/avc_config.h"

namespace mediacore::codec {
namespace {

using testing::MakePps;
using testing::MakeSps;
using testing::SpsSpec;
using Block = std::vector<std::uint8_t>;

// x264, High@L4.0, 1920x1080, 25 fps, BT.709, three B frames with a pyramid.
// The words of ffprobe: profile High, level 40, has_b_frames 2, 1920x1080,
// coded 1920x1088, sar 1:1, 25/1.
constexpr std::array<std::uint8_t, 30> kX264 = {
    0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5,
    0xc0, 0x5a, 0x80, 0x80, 0x80, 0xa0, 0x00, 0x00, 0x03, 0x00, 0x20,
    0x00, 0x00, 0x06, 0x41, 0xe3, 0x06, 0x32, 0xc0};

constexpr bool ReadsX264() {
  const auto sps = Sps::Parse(kX264);
  return sps && sps->width == 1920 && sps->height == 1080 &&
         sps->codec_string().view() == "avc1.640028";
}
static_assert(ReadsX264());

TEST(H264SpsTest, ARealHighProfileStreamReadsAsFfprobeSays) {
  const auto sps = Sps::Parse(kX264);
  ASSERT_TRUE(sps);
  EXPECT_EQ(sps->profile_idc, 100);
  EXPECT_EQ(sps->level_idc, 40);
  EXPECT_EQ(sps->coded_width, 1920);
  EXPECT_EQ(sps->coded_height, 1088);
  EXPECT_EQ(sps->frame_rate(), Frequency::Hertz(25));
  EXPECT_EQ(sps->colour_primaries, 1);
  EXPECT_EQ(sps->transfer_characteristics, 1);
  EXPECT_EQ(sps->matrix_coefficients, 1);
  EXPECT_TRUE(sps->has_bitstream_restriction);
  EXPECT_EQ(sps->reorder_depth(), 2);
  EXPECT_EQ(sps->max_dec_frame_buffering, 4);
}

TEST(H264SpsTest, CroppingCountsInUnitsOfChromaAndFields) {
  struct Case {
    std::uint32_t chroma;
    bool planes;
    bool frames;
    int width;
    int height;
  };
  for (const Case& c : {Case{0, false, true, 637, 361}, Case{1, false, true, 634, 354},
                        Case{2, false, true, 634, 361}, Case{3, false, true, 637, 361},
                        Case{3, true, true, 637, 361}, Case{1, false, false, 634, 708},
                        Case{2, false, false, 634, 722}}) {
    SpsSpec spec;
    spec.profile = 244;
    spec.chroma_format = c.chroma;
    spec.separate_planes = c.planes;
    spec.frame_mbs_only = c.frames;
    const std::uint32_t crop[4] = {1, 2, 3, 4};
    std::copy_n(crop, 4, spec.crop);
    const auto sps = Sps::Parse(MakeSps(spec));
    ASSERT_TRUE(sps);
    EXPECT_EQ(sps->width, c.width) << c.chroma;
    EXPECT_EQ(sps->height, c.height) << c.chroma;
  }
}

TEST(H264SpsTest, EverythingTheVuiSaysIsRead) {
  SpsSpec spec;
  spec.profile = 110;
  spec.vui = spec.colour = spec.full_range = spec.hrd = spec.restriction = true;
  spec.extra_bits_luma = spec.extra_bits_chroma = 2;
  spec.sar_idc = 255;
  spec.num_units = 1001;
  spec.time_scale = 60000;
  spec.hrd_count_minus1 = 31;
  spec.reorder = 3;
  spec.buffering = 5;
  const auto sps = Sps::Parse(MakeSps(spec));
  ASSERT_TRUE(sps);
  EXPECT_EQ(sps->bit_depth_luma, 10);
  EXPECT_EQ(sps->sar_width, 1000);
  EXPECT_EQ(sps->sar_height, 999);
  EXPECT_TRUE(sps->full_range);
  EXPECT_EQ(sps->transfer_characteristics, 16);  // PQ
  EXPECT_EQ(sps->frame_rate(), Frequency::MilliHertz(29970));
  EXPECT_TRUE(sps->fixed_frame_rate);
  EXPECT_EQ(sps->reorder_depth(), 3);
  spec.sar_idc = 13;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->sar_width, 160);
}

TEST(H264SpsTest, AFrameRateNobodyHasIsNone) {
  SpsSpec spec;
  spec.vui = true;
  spec.num_units = 1;
  spec.time_scale = 0xffffffff;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->frame_rate(), Frequency::Zero());
  spec.num_units = 0;
  spec.time_scale = 50;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->frame_rate(), Frequency::Zero());
}

TEST(H264SpsTest, ReorderDepthFollowsProfileAndLevelWhereTheStreamIsSilent) {
  SpsSpec spec;
  spec.poc_type = 0;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->reorder_depth(), 0);  // Baseline
  spec.profile = 77;
  spec.constraints = 0;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->reorder_depth(), 8);  // 8100 / 920
  spec.level = 62;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->reorder_depth(), 16);
  spec.level = 9;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->reorder_depth(), 0);  // 396 / 920
  spec.poc_type = 2;
  spec.level = 62;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->reorder_depth(), 0);
  spec.poc_type = 0;
  spec.profile = 100;
  spec.constraints = 0x10;  // High Intra
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->reorder_depth(), 0);
  spec.profile = 77;
  spec.level = 11;  // with constraint_set3_flag: 1b
  spec.width_mbs = 11;
  spec.height_units = 9;
  spec.cropping = false;
  EXPECT_EQ(Sps::Parse(MakeSps(spec))->max_dpb_frames(), 4);
}

TEST(H264SpsTest, EachFieldOutsideItsRangeHasItsError) {
  const auto error = [](auto change) {
    SpsSpec spec;
    spec.profile = 100;
    change(spec);
    const auto sps = Sps::Parse(MakeSps(spec));
    EXPECT_FALSE(sps);
    return sps ? SpsError{255} : sps.error();
  };
  using S = SpsSpec;
  EXPECT_EQ(error([](S& s) { s.id = 32; }), SpsError::kBadId);
  EXPECT_EQ(error([](S& s) { s.chroma_format = 4; }), SpsError::kBadChroma);
  EXPECT_EQ(error([](S& s) { s.extra_bits_luma = 7; }), SpsError::kBadChroma);
  EXPECT_EQ(error([](S& s) { s.scaling_deltas = {128}; }), SpsError::kBadScalingList);
  EXPECT_EQ(error([](S& s) { s.log2_frame_num_minus4 = 13; }), SpsError::kBadFrameNum);
  EXPECT_EQ(error([](S& s) { s.poc_type = 3; }), SpsError::kBadOrderCount);
  EXPECT_EQ(error([](S& s) { s.poc_type = 1; s.poc_cycle = 256; }),
            SpsError::kBadOrderCount);
  EXPECT_EQ(error([](S& s) { s.ref_frames = 17; }), SpsError::kBadRefFrames);
  EXPECT_EQ(error([](S& s) { s.ref_frames = 0x7fffffff; }), SpsError::kBadRefFrames);
  EXPECT_EQ(error([](S& s) { s.width_mbs = 4096; }), SpsError::kBadSize);
  EXPECT_EQ(error([](S& s) { s.height_units = 0xffffffff; }), SpsError::kBadSize);
  EXPECT_EQ(error([](S& s) { s.height_units = 2048; s.frame_mbs_only = false; }),
            SpsError::kBadSize);
  EXPECT_EQ(error([](S& s) { s.crop[1] = 320; }), SpsError::kBadCropping);
  EXPECT_EQ(error([](S& s) { s.crop[0] = s.crop[1] = 0xfffffffe; }),
            SpsError::kBadCropping);
  EXPECT_EQ(error([](S& s) { s.vui = true; s.chroma_loc = 6; }), SpsError::kBadVui);
  EXPECT_EQ(error([](S& s) { s.vui = s.hrd = true; s.hrd_count_minus1 = 32; }),
            SpsError::kBadVui);
  EXPECT_EQ(error([](S& s) {
              s.vui = s.restriction = true;
              s.reorder = 2;
              s.buffering = 1;
            }),
            SpsError::kBadVui);
  EXPECT_EQ(Sps::Parse(Block{0x67, 1, 2}).error(), SpsError::kTooShort);
  EXPECT_EQ(Sps::Parse(Block{0x68, 1, 2, 3}).error(), SpsError::kNotSps);
}

TEST(H264SpsTest, ScalingListsArePassedOver) {
  SpsSpec spec;
  spec.profile = 100;
  for (const std::vector<std::int32_t>& deltas :
       {std::vector<std::int32_t>(16, 1), std::vector<std::int32_t>{-8},
        std::vector<std::int32_t>(8, 127)}) {
    spec.scaling_deltas = deltas;
    const auto sps = Sps::Parse(MakeSps(spec));
    ASSERT_TRUE(sps);
    EXPECT_EQ(sps->height, 360);
  }
}

TEST(H264SpsTest, AnSpsCutAnywhereIsTruncated) {
  SpsSpec spec;
  spec.profile = 100;
  spec.vui = spec.hrd = spec.restriction = true;
  spec.poc_type = 1;
  spec.poc_cycle = 9;
  const Block whole = MakeSps(spec);
  ASSERT_TRUE(Sps::Parse(whole));
  for (std::size_t n = 4; n + 1 < whole.size(); ++n) {
    const auto sps = Sps::Parse(Bytes(whole).first(n));
    ASSERT_FALSE(sps);
    EXPECT_EQ(sps.error(), SpsError::kTruncated) << n;
  }
}

TEST(H264Test, ThirtyThreeZerosAreNoNumber) {
  Block zeros(64, 0);
  zeros[0] = 0x67;
  EXPECT_EQ(Sps::Parse(zeros).error(), SpsError::kTruncated);
  zeros[0] = 0x68;
  EXPECT_EQ(Pps::Parse(zeros).error(), H264Error::kTruncated);
  zeros[0] = 0x65;
  EXPECT_EQ(SliceHeader::Parse(zeros).error(), H264Error::kTruncated);
}

TEST(H264Test, PpsAndSliceHeadsAreRead) {
  const auto pps = Pps::Parse(MakePps(255, 31, true));
  ASSERT_TRUE(pps);
  EXPECT_EQ(*pps, (Pps{255, 31, true}));
  EXPECT_EQ(Pps::Parse(MakePps(256, 0)).error(), H264Error::kBadValue);
  EXPECT_EQ(Pps::Parse(MakePps(0, 32)).error(), H264Error::kBadValue);
  EXPECT_EQ(Pps::Parse(Block{0x68}).error(), H264Error::kTooShort);
  EXPECT_EQ(Pps::Parse(Block{0x67, 0xff}).error(), H264Error::kWrongType);

  testing::Dice dice(1);
  const auto slice = SliceHeader::Parse(testing::MakeSlice(dice, 0x41, 1234, 40));
  ASSERT_TRUE(slice);
  EXPECT_EQ(slice->first_mb_in_slice, 1234u);
  EXPECT_EQ(slice->slice_type, 5);
  EXPECT_EQ(
      SliceHeader::Parse(testing::MakeSlice(dice, 0x41, 139264, 40)).error(),
      H264Error::kBadValue);
  EXPECT_EQ(SliceHeader::Parse(Block{0x41}).error(), H264Error::kTooShort);
  EXPECT_EQ(SliceHeader::Parse(Block{0x06, 1}).error(), H264Error::kWrongType);
}

TEST(H264Test, EmulationPreventionComesOffAndGoesOn) {
  const Block nal = {0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 3, 5, 0, 0, 3};
  Block rbsp(nal.size());
  rbsp.resize(RemoveEmulationPrevention(nal, rbsp));
  EXPECT_EQ(rbsp, (Block{0, 0, 1, 0, 0, 0, 0, 3, 5, 0, 0}));
  testing::Dice dice(3);
  for (int round = 0; round < 3000; ++round) {
    Block plain = dice.Block(1 + dice.Below(40));
    for (std::uint8_t& byte : plain) byte = static_cast<std::uint8_t>(byte & 3);
    plain.push_back(0x80);
    Block out(plain.size() * 2);
    std::size_t size = 0;
    ASSERT_TRUE(AddEmulationPrevention(plain, out, size));
    out.resize(size);
    ASSERT_EQ(FindStartCode(out), out.size());
    Block back(out.size());
    back.resize(RemoveEmulationPrevention(out, back));
    ASSERT_EQ(back, plain);
  }
}

TEST(H264Test, AnIdrSliceMakesAKeyFrameAndARecoveryPointDoesNot) {
  testing::Dice dice(2);
  Block idr;
  testing::AppendAvcc(idr, testing::MakeSlice(dice, 0x65, 0, 30));
  EXPECT_TRUE(IsKeyFrame(idr));
  Block open_gop;
  // user_data_unregistered (5), 300 bytes of it, then recovery_point: 12 frames.
  Block sei = {0x06, 5, 0xff, 45};
  sei.resize(4 + 300, 0xaa);
  sei.insert(sei.end(), {6, 1, 0b00011010, 0x80});
  testing::AppendAvcc(open_gop, sei);
  testing::AppendAvcc(open_gop, testing::MakeSlice(dice, 0x41, 0, 30));
  EXPECT_FALSE(IsKeyFrame(open_gop));
  std::uint32_t frames = 0;
  ASSERT_TRUE(FindRecoveryPoint(open_gop, frames));
  EXPECT_EQ(frames, 12u);
  EXPECT_FALSE(FindRecoveryPoint(idr, frames));
}

TEST(H264Test, ParameterSetsAreKeptUntilAnotherSpsComes) {
  ParameterSets sets;
  const Block sps = MakeSps({});
  EXPECT_FALSE(sets.complete());
  EXPECT_TRUE(sets.Store(sps));
  EXPECT_TRUE(sets.Store(MakePps(0, 0)));
  EXPECT_TRUE(sets.Store(MakePps(3, 0)));
  EXPECT_TRUE(sets.complete());
  const std::uint32_t before = sets.generation();
  EXPECT_TRUE(sets.Store(sps));
  EXPECT_TRUE(sets.Store(MakePps(3, 0)));
  EXPECT_EQ(sets.generation(), before);
  EXPECT_TRUE(sets.Store(MakePps(3, 0, true)));
  EXPECT_EQ(sets.pps_count(), 2u);
  EXPECT_EQ(sets.generation(), before + 1);
  SpsSpec other;
  other.width_mbs = 80;
  EXPECT_TRUE(sets.Store(MakeSps(other)));
  EXPECT_EQ(sets.pps_count(), 0u);
}

TEST(H264Test, ParameterSetsThatDoNotFitAreRefused) {
  ParameterSets sets;
  for (std::uint32_t id = 0; id < 8; ++id) EXPECT_TRUE(sets.Store(MakePps(id, 0)));
  EXPECT_FALSE(sets.Store(MakePps(8, 0)));
  Block large = MakePps(0, 0);
  large.resize(257, 0xff);
  EXPECT_FALSE(sets.Store(large));
  Block sps = MakeSps({});
  sps.resize(1025, 0xff);
  EXPECT_FALSE(sets.Store(sps));
  EXPECT_FALSE(sets.Store({}));
  EXPECT_FALSE(sets.Store(Block{0x65, 0x88}));
}

TEST(H264Test, TheWrittenAvccReadsBack) {
  for (const auto profile : std::initializer_list<std::uint8_t>{66, 77, 100, 244}) {
    SpsSpec spec;
    spec.profile = profile;
    spec.extra_bits_luma = profile == 244 ? 2 : 0;
    ParameterSets sets;
    AvccWriter writer(sets);
    Block out(AvccWriter::kMaxSize);
    std::size_t written = 0;
    EXPECT_FALSE(writer.Write(out, written));
    EXPECT_EQ(writer.WireSize(), 0u);
    ASSERT_TRUE(sets.Store(MakeSps(spec)));
    ASSERT_TRUE(sets.Store(MakePps(0, 0)));
    ASSERT_TRUE(sets.Store(MakePps(1, 0)));
    ASSERT_TRUE(writer.Write(out, written));
    EXPECT_EQ(written, writer.WireSize());
    for (std::size_t room = 0; room < written; ++room) {
      std::size_t ignored = 0;
      EXPECT_FALSE(writer.Write(MutableBytes(out).first(room), ignored));
    }
    ASSERT_TRUE(writer.Write(out, written));
    const auto view = mux::AvcConfigView::Parse(Bytes(out).first(written));
    ASSERT_TRUE(view);
    EXPECT_EQ(view->profile(), profile);
    EXPECT_EQ(view->level(), 30);
    EXPECT_EQ(view->nal_length_size(), 4);
    auto list = view->parameter_sets();
    Bytes nal;
    ASSERT_TRUE(list.Next(nal));
    EXPECT_EQ(Block(nal.begin(), nal.end()), MakeSps(spec));
    ASSERT_TRUE(list.Next(nal));
    ASSERT_TRUE(list.Next(nal));
    EXPECT_EQ(Block(nal.begin(), nal.end()), MakePps(1, 0));
    EXPECT_FALSE(list.Next(nal));
    if (profile == 244) {
      EXPECT_EQ(out[written - 3], 0xfa);  // 10 bits
    }
  }
}

TEST(H264Test, EveryNameIsItsOwn) {
  for (int type = 0; type < 32; ++type) {
    EXPECT_FALSE(ToString(static_cast<NalType>(type)).empty());
  }
  for (int error = 0; error <= static_cast<int>(SpsError::kTruncated); ++error) {
    EXPECT_NE(ToString(static_cast<SpsError>(error)), "sps: unknown");
  }
  for (int error = 0; error <= static_cast<int>(H264Error::kTruncated); ++error) {
    EXPECT_NE(ToString(static_cast<H264Error>(error)), "h264: unknown");
  }
}

}  // namespace
}  // namespace mediacore::codec
