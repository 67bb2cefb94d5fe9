#include "mediacore/codec/h266.h"

#include <gtest/gtest.h>

#include "../support/h266_maker.h"

namespace mediacore::codec {
namespace {

using testing::Dice;
using testing::H266Spec;
using testing::MakeH266PictureHeader;
using testing::MakeH266Pps;
using testing::MakeH266Slice;
using testing::MakeH266Sps;
using Block = std::vector<std::uint8_t>;

TEST(H266NalTest, AnyTwoBytesAreAHeaderAndAreWrittenTheSameAgain) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      H266NalHeader header;
      ASSERT_TRUE(H266NalHeader::Read(bytes, header));
      ASSERT_EQ(header.bytes(), bytes);
      ASSERT_EQ(static_cast<int>(header.type), second >> 3);
      ASSERT_EQ(header.layer_id, first & 63);
      ASSERT_EQ(header.IsValid(), first < 128 && second % 8 != 0);
    }
  }
}

TEST(H266NalTest, TheKindOfAPictureFollowsFromItsType) {
  int slices = 0, irap = 0, names = 0;
  for (int i = 0; i < 32; ++i) {
    const auto type = static_cast<H266NalType>(i);
    slices += IsSlice(type);
    irap += IsIrap(type);
    names += ToString(type) != "reserved";
  }
  EXPECT_EQ(slices, 12);
  EXPECT_EQ(irap, 4);
  EXPECT_EQ(names, 23);
  EXPECT_FALSE(IsIrap(H266NalType::kGdr));
  EXPECT_EQ(ToString(H266NalType::kPrefixAps), "prefix APS");
}

TEST(H266SpsTest, TheSizeIsFoundBehindEachShapeOfProfile) {
  for (const bool constraints : {false, true}) {
    for (const std::uint32_t more : {0u, 6u, 255u}) {
      for (const std::uint32_t sub_profiles : {0u, 1u, 255u}) {
        for (std::uint32_t minus1 = 0; minus1 < 7; ++minus1) {
          H266Spec spec;
          spec.constraints = constraints;
          spec.more_constraints = more;
          spec.sub_profiles = sub_profiles;
          spec.sub_layers_minus1 = minus1;
          spec.level_flags = 0x2d & ((1u << minus1) - 1);
          spec.resampling = minus1 % 2 == 0;
          const auto sps = H266Sps::Parse(MakeH266Sps(spec));
          ASSERT_TRUE(sps) << ToString(sps.error());
          EXPECT_EQ(sps->max_sub_layers, minus1 + 1);
          EXPECT_EQ(sps->profile_idc, 1);
          EXPECT_EQ(sps->level_idc, 51);
          EXPECT_EQ(sps->resampling, spec.resampling);
          ASSERT_EQ(sps->width, 640);
          ASSERT_EQ(sps->height, 360);
        }
      }
    }
  }
  H266Spec none;
  none.profile = false;
  EXPECT_EQ(H266Sps::Parse(MakeH266Sps(none))->width, 640);
  EXPECT_FALSE(H266Sps::Parse(MakeH266Sps(none))->has_profile);
}

TEST(H266SpsTest, CroppingCountsInUnitsOfChroma) {
  struct Case {
    std::uint32_t chroma;
    int width;
    int height;
  };
  for (const Case& c : {Case{0, 637, 353}, Case{1, 634, 346}, Case{2, 634, 353}, Case{3, 637, 353}}) {
    H266Spec spec;
    spec.chroma_format = c.chroma;
    spec.cropping = true;
    const std::uint32_t crop[4] = {1, 2, 3, 4};
    std::copy_n(crop, 4, spec.crop);
    const auto sps = H266Sps::Parse(MakeH266Sps(spec));
    ASSERT_TRUE(sps);
    EXPECT_EQ(sps->width, c.width);
    EXPECT_EQ(sps->height, c.height);
    // A PPS of full size takes the window of the SPS; a smaller one has its own or none.
    H266Spec picture;
    std::uint16_t width = 0, height = 0;
    ASSERT_TRUE(H266Pps::Parse(MakeH266Pps(1, picture))->ShownSize(*sps, width, height));
    EXPECT_EQ(width, c.width);
    picture.width = 320;
    ASSERT_TRUE(H266Pps::Parse(MakeH266Pps(1, picture))->ShownSize(*sps, width, height));
    EXPECT_EQ(width, 320);
    EXPECT_EQ(height, 360);
    picture.cropping = true;
    picture.crop[0] = 320;
    EXPECT_FALSE(H266Pps::Parse(MakeH266Pps(1, picture))->ShownSize(*sps, width, height));
  }
}

TEST(H266Test, EachFieldOutsideItsRangeHasItsError) {
  const auto sps = [](auto change) {
    H266Spec spec;
    change(spec);
    const auto parsed = H266Sps::Parse(MakeH266Sps(spec));
    EXPECT_FALSE(parsed);
    return parsed.error();
  };
  using S = H266Spec;
  EXPECT_EQ(sps([](S& s) { s.sub_layers_minus1 = 7; }), H266Error::kBadValue);
  EXPECT_EQ(sps([](S& s) { s.log2_ctu_minus5 = 3; }), H266Error::kBadValue);
  EXPECT_EQ(sps([](S& s) { s.width = 0; }), H266Error::kBadValue);
  EXPECT_EQ(sps([](S& s) { s.height = 65536; }), H266Error::kBadValue);
  EXPECT_EQ(sps([](S& s) {
              s.cropping = true;
              s.crop[1] = 320;
            }),
            H266Error::kBadValue);
  EXPECT_EQ(sps([](S& s) {
              s.cropping = true;
              s.crop[2] = s.crop[3] = 0xfffffffe;
            }),
            H266Error::kBadValue);
  EXPECT_EQ(H266Sps::Parse(Block{0, 0x79}).error(), H266Error::kTooShort);
  EXPECT_EQ(H266Sps::Parse(Block{0, 0x81, 0}).error(), H266Error::kWrongType);
  EXPECT_EQ(H266Sps::Parse(Block{0, 0x79, 0}).error(), H266Error::kTruncated);

  H266Spec empty;
  empty.width = 0;
  EXPECT_EQ(H266Pps::Parse(MakeH266Pps(0, empty)).error(), H266Error::kBadValue);
  EXPECT_EQ(H266Pps::Parse(Block{0, 0x81}).error(), H266Error::kTooShort);
  EXPECT_EQ(H266Pps::Parse(Block{0, 0x79, 0}).error(), H266Error::kWrongType);
  EXPECT_EQ(H266Pps::Parse(Block{0, 0x81, 0, 0}).error(), H266Error::kTruncated);
  EXPECT_EQ(ToString(H266Error::kNoPictureHeader), "h266: slice without picture header");
}

TEST(H266Test, AnSpsCutBeforeItsSizeIsTruncated) {
  H266Spec spec;
  spec.constraints = true;
  spec.sub_profiles = 2;
  spec.width = 65535;
  const Block whole = MakeH266Sps(spec);
  for (std::size_t n = 3; n + 5 < whole.size(); ++n) {
    EXPECT_EQ(H266Sps::Parse(Bytes(whole).first(n)).error(), H266Error::kTruncated) << n;
  }
}

TEST(H266Test, APictureHeaderIsReadInItsUnitAndInASlice) {
  Dice dice(1);
  const auto alone = H266PictureHeader::Parse(MakeH266PictureHeader(true, true, 63));
  ASSERT_TRUE(alone);
  EXPECT_TRUE(alone->gdr_or_irap);
  EXPECT_FALSE(alone->gdr);
  EXPECT_TRUE(alone->non_reference);
  EXPECT_FALSE(alone->inter_slices);
  EXPECT_EQ(alone->pps_id, 63);
  const auto inside = H266PictureHeader::Parse(MakeH266Slice(dice, H266NalType::kTrail, true, 20));
  ASSERT_TRUE(inside);
  EXPECT_TRUE(inside->inter_slices && inside->intra_slices);
  EXPECT_FALSE(inside->non_reference);
  const Block without = MakeH266Slice(dice, H266NalType::kTrail, false, 20);
  EXPECT_FALSE(HasPictureHeader(without));
  EXPECT_EQ(H266PictureHeader::Parse(without).error(), H266Error::kNoPictureHeader);
  EXPECT_EQ(H266PictureHeader::Parse(MakeH266PictureHeader(false, false, 64)).error(), H266Error::kBadValue);
  EXPECT_EQ(H266PictureHeader::Parse(Block{0, 0x99}).error(), H266Error::kTooShort);
  EXPECT_EQ(H266PictureHeader::Parse(Block{0, 0x79, 0}).error(), H266Error::kWrongType);
  EXPECT_EQ(H266PictureHeader::Parse(Block{0, 0x99, 0x01}).error(), H266Error::kTruncated);
}

TEST(H266Test, AKeyFrameIsAnIrapPictureOfTheLowestLayer) {
  Dice dice(1);
  const auto frame = [&](std::initializer_list<std::pair<H266NalType, int>> slices) {
    Block out;
    for (const auto& [type, layer] : slices) {
      testing::AppendAvcc(out, MakeH266Slice(dice, type, true, 20, 0, layer));
    }
    return IsH266KeyFrame(out);
  };
  using enum H266NalType;
  EXPECT_TRUE(frame({{kIdrNLp, 0}}));
  EXPECT_TRUE(frame({{kCra, 3}, {kCra, 3}, {kTrail, 4}}));
  EXPECT_FALSE(frame({{kTrail, 0}, {kIdrNLp, 1}}));
  EXPECT_FALSE(frame({{kIdrNLp, 0}, {kTrail, 0}}));
  EXPECT_FALSE(frame({{kGdr, 0}}));
  EXPECT_FALSE(frame({}));
}

}  // namespace
}  // namespace mediacore::codec
