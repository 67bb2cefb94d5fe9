#include "mediacore/codec/av1_sequence_header.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "../support/av1_maker.h"

namespace mediacore::codec {
namespace {

using testing::Av1SequencePayload;
using testing::Dice;
using testing::MakeAv1Sequence;
using Block = std::vector<std::uint8_t>;

// Of libaom 3.6, 352x288; ffmpeg's trace_headers reads the same.
constexpr std::array<std::uint8_t, 13> kLibaom = {0x0a, 0x0b, 0x00, 0x00, 0x00, 0x04, 0x45,
                                                  0x7e, 0x3e, 0x6d, 0x7c, 0x80, 0x20};
constexpr Av1SequenceHeader ReadLibaom() { return *Av1SequenceHeader::Parse(*Av1ObuView::Parse(kLibaom)); }
static_assert(ReadLibaom().width() == 352 && ReadLibaom().height() == 288 && ReadLibaom().profile == 0);
static_assert(ReadLibaom().level() == 0 && ReadLibaom().bit_depth == 8 && !ReadLibaom().film_grain_params_present);
static_assert(ReadLibaom().order_hint_bits == 7 && ReadLibaom().enable_ref_frame_mvs && ReadLibaom().enable_cdef &&
              !ReadLibaom().enable_restoration && ReadLibaom().seq_force_integer_mv == 2 &&
              !ReadLibaom().enable_interintra_compound && ReadLibaom().enable_warped_motion);
static_assert(ReadLibaom().codec_string().view() == "av01.0.00M.08");
static_assert(ReadLibaom().frame_rate() == Frequency::Zero());

constexpr bool WritesLibaom() {
  std::array<std::uint8_t, 16> out{};
  std::size_t size = 0;
  return ReadLibaom().Write(out, size) && size == 11 && std::equal(kLibaom.begin() + 2, kLibaom.end(), out.begin());
}
static_assert(WritesLibaom());

TEST(Av1SequenceHeaderTest, EveryFieldIsMissedWhenTheBytesEndBeforeIt) {
  // Trailing bits are not asked for; the byte before them is needed.
  const Bytes payload = Bytes(kLibaom).subspan(2);
  for (std::size_t n = 0; n < payload.size(); ++n) {
    EXPECT_EQ(Av1SequenceHeader::ParsePayload(payload.first(n)).error(), Av1SequenceError::kTruncated) << n;
  }
  EXPECT_TRUE(Av1SequenceHeader::ParsePayload(payload));
}

// The payload of `sequence` with the bits from `at` on replaced.
Block With(const Av1SequenceHeader& sequence, std::size_t at, std::uint32_t value, int bits) {
  Block payload = Av1SequencePayload(sequence);
  for (int i = 0; i < bits; ++i, ++at) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> at % 8);
    const bool one = (value >> (bits - 1 - i) & 1) != 0;
    payload[at / 8] = static_cast<std::uint8_t>(one ? payload[at / 8] | mask : payload[at / 8] & ~mask);
  }
  return payload;
}

TEST(Av1SequenceHeaderTest, EachCauseIsTold) {
  const auto refusal = [](const Block& payload) {
    const auto sequence = Av1SequenceHeader::ParsePayload(payload);
    EXPECT_FALSE(sequence);
    return sequence.error();
  };
  EXPECT_EQ(Av1SequenceHeader::Parse(*Av1ObuView::Parse(kAv1TemporalDelimiter)).error(), Av1SequenceError::kWrongType);
  EXPECT_EQ(refusal(With(MakeAv1Sequence(), 0, 3, 3)), Av1SequenceError::kBadProfile);
  EXPECT_EQ(refusal(With(MakeAv1Sequence(), 3, 1, 2)), Av1SequenceError::kBadStillPicture);
  Av1SequenceHeader timed = MakeAv1Sequence();
  timed.timing_info_present = true;
  timed.num_units_in_display_tick = 1;
  timed.time_scale = 30;
  timed.equal_picture_interval = true;
  timed.num_ticks_per_picture_minus_1 = 0xfffffffe;  // the largest that is allowed
  EXPECT_EQ(Av1SequenceHeader::ParsePayload(Av1SequencePayload(timed))->num_ticks_per_picture_minus_1, 0xfffffffeu);
  EXPECT_EQ(refusal(With(timed, 6, 0, 32)), Av1SequenceError::kBadTiming);
  EXPECT_EQ(refusal(With(timed, 38, 0, 32)), Av1SequenceError::kBadTiming);
  EXPECT_EQ(refusal(With(timed, 71, 0, 32)), Av1SequenceError::kTruncated);  // 32 zeros and the number is too long
  Block zeros = With(timed, 71, 0, 32);
  zeros.resize(4000);  // the uvlc that others walk to the end of
  EXPECT_FALSE(Av1SequenceHeader::ParsePayload(zeros));
  EXPECT_EQ(refusal(With(MakeAv1Sequence(), 12, 0x100, 12)), Av1SequenceError::kBadOperatingPoint);
  EXPECT_EQ(refusal(With(MakeAv1Sequence(), 12, 0x001, 12)), Av1SequenceError::kBadOperatingPoint);
  EXPECT_EQ(refusal({}), Av1SequenceError::kTruncated);
  Av1SequenceHeader coloured = MakeAv1Sequence();
  coloured.color_description_present = true;
  coloured.color_primaries = coloured.matrix_coefficients = 1;
  coloured.transfer_characteristics = 13;
  Block payload = Av1SequencePayload(coloured);
  ASSERT_FALSE(payload.empty());
  const Block colours = {1, 13, 1};  // and there they are, at some bit
  std::size_t at = 0;
  for (BitReader bits(payload); bits.remaining() >= 24; ++at) {
    BitReader ahead = bits;
    if (ahead.ReadBits(24) == 0x010d01) break;
    bits.Skip(1);
  }
  EXPECT_EQ(refusal(With(coloured, at, 0x010d00, 24)), Av1SequenceError::kBadColour);  // sRGB
  EXPECT_EQ(refusal(With(coloured, at, 0x020d00, 24)), Av1SequenceError::kBadColour);  // identity
}

// All that a sequence header can say, or nearly so.
Av1SequenceHeader AnySequence(Dice& dice) {
  Av1SequenceHeader s;
  const auto some = [&dice](std::size_t bound) { return static_cast<std::uint8_t>(dice.Below(bound)); };
  const auto flag = [&dice] { return dice.Chance(50); };
  s.profile = some(3);
  s.still_picture = flag();
  s.reduced_still_picture_header = s.still_picture && flag();
  s.operating_points[0].level = some(32);
  if (!s.reduced_still_picture_header) {
    s.timing_info_present = flag();
    if (s.timing_info_present) {
      s.num_units_in_display_tick = static_cast<std::uint32_t>(1 + dice.Below(0xffffffff));
      s.time_scale = static_cast<std::uint32_t>(1 + dice.Below(0xffffffff));
      s.equal_picture_interval = flag();
      if (s.equal_picture_interval) {
        s.num_ticks_per_picture_minus_1 = static_cast<std::uint32_t>(dice.Bits() >> 32 >> dice.Below(32)) & 0xfffffffe;
      }
      s.decoder_model_info_present = flag();
      if (s.decoder_model_info_present) {
        s.buffer_delay_length_minus_1 = some(32);
        s.num_units_in_decoding_tick = static_cast<std::uint32_t>(dice.Bits());
        s.buffer_removal_time_length_minus_1 = some(32);
        s.frame_presentation_time_length_minus_1 = some(32);
      }
    }
    s.initial_display_delay_present = flag();
    s.operating_points_cnt_minus_1 = flag() ? 0 : some(32);
    for (std::size_t i = 0; i <= s.operating_points_cnt_minus_1; ++i) {
      auto& point = s.operating_points[i];
      point.idc = flag() ? 0 : static_cast<std::uint16_t>((1 + dice.Below(15)) << 8 | (1 + dice.Below(255)));
      point.level = some(32);
      point.tier = point.level > 7 && flag();
      point.decoder_model_present = s.decoder_model_info_present && flag();
      if (point.decoder_model_present) {
        const int shift = 31 - s.buffer_delay_length_minus_1;
        point.decoder_buffer_delay = static_cast<std::uint32_t>(dice.Bits() >> 32) >> shift;
        point.encoder_buffer_delay = static_cast<std::uint32_t>(dice.Bits() >> 32) >> shift;
        point.low_delay_mode = flag();
      }
      point.initial_display_delay_present = s.initial_display_delay_present && flag();
      if (point.initial_display_delay_present) point.initial_display_delay_minus_1 = some(16);
    }
    s.frame_id_numbers_present = flag();
    if (s.frame_id_numbers_present) {
      s.delta_frame_id_length_minus_2 = some(16);
      s.additional_frame_id_length_minus_1 = some(8);
    }
    s.enable_interintra_compound = flag();
    s.enable_masked_compound = flag();
    s.enable_warped_motion = flag();
    s.enable_dual_filter = flag();
    s.enable_order_hint = flag();
    if (s.enable_order_hint) {
      s.enable_jnt_comp = flag();
      s.enable_ref_frame_mvs = flag();
      s.order_hint_bits = static_cast<std::uint8_t>(1 + some(8));
    }
    s.seq_force_screen_content_tools = some(3);
    if (s.seq_force_screen_content_tools > 0) s.seq_force_integer_mv = some(3);
  }
  s.frame_width_bits_minus_1 = some(16);
  s.frame_height_bits_minus_1 = some(16);
  s.max_frame_width_minus_1 = static_cast<std::uint16_t>(dice.Below(std::size_t{2} << s.frame_width_bits_minus_1));
  s.max_frame_height_minus_1 = static_cast<std::uint16_t>(dice.Below(std::size_t{2} << s.frame_height_bits_minus_1));
  s.use_128x128_superblock = flag();
  s.enable_filter_intra = flag();
  s.enable_intra_edge_filter = flag();
  s.enable_superres = flag();
  s.enable_cdef = flag();
  s.enable_restoration = flag();
  s.bit_depth = static_cast<std::uint8_t>(8 + 2 * some(s.profile == 2 ? 3 : 2));
  s.mono_chrome = s.profile != 1 && flag();
  s.color_description_present = flag();
  if (s.color_description_present) {
    s.color_primaries = some(23);
    s.transfer_characteristics = some(19);
    s.matrix_coefficients = static_cast<std::uint8_t>(1 + some(14));
  }
  s.full_range = flag();
  if (!s.mono_chrome) {
    s.subsampling_x = s.profile != 1 && (s.bit_depth < 12 || flag());
    s.subsampling_y = s.profile == 0 || (s.subsampling_x && s.bit_depth == 12 && flag());
    if (s.subsampling_x && s.subsampling_y) s.chroma_sample_position = some(4);
    s.separate_uv_delta_q = flag();
  }
  s.film_grain_params_present = flag();
  return s;
}

TEST(Av1SequenceHeaderTest, WhateverIsWrittenReadsBackTheSame) {
  Dice dice(9);
  for (int i = 0; i < 20000; ++i) {
    const Av1SequenceHeader sequence = AnySequence(dice);
    Block out(Av1SequenceHeader::kMaxSize);
    std::size_t size = 0;
    ASSERT_TRUE(sequence.Write(out, size)) << i;
    ASSERT_LE(size, out.size());
    ASSERT_EQ(*Av1SequenceHeader::ParsePayload(Bytes(out).first(size)), sequence);
    ASSERT_FALSE(sequence.Write(MutableBytes(out).first(size - 1), size));
  }
}

TEST(Av1SequenceHeaderTest, TheLargestOneFitsTheRoomThatIsPromised) {
  Av1SequenceHeader s = MakeAv1Sequence();
  s.timing_info_present = s.equal_picture_interval = s.decoder_model_info_present = true;
  s.num_units_in_display_tick = s.time_scale = 0xffffffff;
  s.num_ticks_per_picture_minus_1 = 0xfffffffe;
  s.buffer_delay_length_minus_1 = 31;
  s.initial_display_delay_present = true;
  s.operating_points_cnt_minus_1 = 31;
  s.frame_id_numbers_present = true;
  s.color_description_present = true;
  for (auto& point : s.operating_points) {
    point.level = 31;
    point.decoder_model_present = point.initial_display_delay_present = true;
  }
  EXPECT_GT(Av1SequencePayload(s).size(), 370u);
}

TEST(Av1SequenceHeaderTest, WhatWouldNotReadBackTheSameIsNotWritten) {
  const auto refused = [](auto&& change) {
    Av1SequenceHeader sequence = MakeAv1Sequence();
    change(sequence);
    return Av1SequencePayload(sequence).empty();
  };
  EXPECT_FALSE(refused([](auto&) {}));
  EXPECT_TRUE(refused([](auto& s) { s.profile = 3; }));
  EXPECT_TRUE(refused([](auto& s) { s.frame_width_bits_minus_1 = 8; }));  // 639 has ten bits
  EXPECT_TRUE(refused([](auto& s) { s.time_scale = 30; }));               // no timing info
  EXPECT_TRUE(refused([](auto& s) { s.bit_depth = 9; }));
  EXPECT_TRUE(refused([](auto& s) { s.bit_depth = 12; }));
  EXPECT_TRUE(refused([](auto& s) { s.subsampling_x = false; }));
  EXPECT_TRUE(refused([](auto& s) { s.seq_force_screen_content_tools = 3; }));
  EXPECT_TRUE(refused([](auto& s) { s.operating_points_cnt_minus_1 = 32; }));
  EXPECT_TRUE(refused([](auto& s) { s.order_hint_bits = 9; }));
  EXPECT_TRUE(refused([](auto& s) { s.operating_points[0].tier = true; }));  // level 3.0 has none
  EXPECT_TRUE(refused([](auto& s) { s.color_primaries = 9; }));
}

TEST(Av1SequenceHeaderTest, TheCodecStringIsThatOfRfc6381) {
  Av1SequenceHeader s = MakeAv1Sequence();
  EXPECT_EQ(s.codec_string().view(), "av01.0.04M.08");
  s.operating_points[0].level = 13;
  s.operating_points[0].tier = true;
  s.bit_depth = 10;
  EXPECT_EQ(s.codec_string().view(), "av01.0.13H.10");
  s.color_description_present = true;
  s.color_primaries = 9;
  s.transfer_characteristics = 16;
  s.matrix_coefficients = 9;
  s.chroma_sample_position = 2;
  EXPECT_EQ(s.codec_string().view(), "av01.0.13H.10.0.112.09.16.09.0");
  s = MakeAv1Sequence();
  s.mono_chrome = s.full_range = true;
  EXPECT_EQ(s.codec_string().view(), "av01.0.04M.08.1.110.02.02.02.1");
  s.color_primaries = s.transfer_characteristics = s.matrix_coefficients = 255;  // the longest
  EXPECT_EQ(s.codec_string().view(), "av01.0.04M.08.1.110.255.255.255.1");
}

TEST(Av1SequenceHeaderTest, TheFrameRateIsWhatTheTimingSays) {
  Av1SequenceHeader s = MakeAv1Sequence();
  s.timing_info_present = s.equal_picture_interval = true;
  s.num_units_in_display_tick = 1001;
  s.time_scale = 60000;
  s.num_ticks_per_picture_minus_1 = 1;
  EXPECT_EQ(s.frame_rate(), Frequency::MilliHertz(29970));
  s.num_units_in_display_tick = 1;
  EXPECT_EQ(s.frame_rate(), Frequency::Zero());
  s.num_units_in_display_tick = s.time_scale = 0xffffffff;
  s.num_ticks_per_picture_minus_1 = 0xfffffffe;
  EXPECT_EQ(s.frame_rate(), Frequency::Zero());
}

}  // namespace
}  // namespace mediacore::codec
