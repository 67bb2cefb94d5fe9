#ifndef MEDIACORE_CODEC_AV1_SEQUENCE_HEADER_H_
#define MEDIACORE_CODEC_AV1_SEQUENCE_HEADER_H_

#include <array>
#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/bit_writer.h"
#include "mediacore/base/units.h"
#include "mediacore/codec/av1_obu.h"
#include "mediacore/codec/codec_string.h"

namespace mediacore::codec {

// Why an OBU is not a sequence header, in the order the parser looks.
enum class Av1SequenceError : std::uint8_t {
  kWrongType,          // another OBU
  kBadProfile,         // seq_profile above 2
  kBadStillPicture,    // reduced_still_picture_header without still_picture
  kBadTiming,          // no time passes, or num_ticks_per_picture is above 32 bits
  kBadOperatingPoint,  // layers of one kind without any of the other
  kBadColour,          // sRGB where the profile has no 4:4:4, or identity without it
  kTruncated,          // a field lies past the end
};

constexpr std::string_view ToString(Av1SequenceError error) {
  switch (error) {
    case Av1SequenceError::kWrongType: return "av1 sequence: another OBU";
    case Av1SequenceError::kBadProfile: return "av1 sequence: reserved profile";
    case Av1SequenceError::kBadStillPicture: return "av1 sequence: reduced header of no still picture";
    case Av1SequenceError::kBadTiming: return "av1 sequence: timing out of range";
    case Av1SequenceError::kBadOperatingPoint: return "av1 sequence: bad operating point";
    case Av1SequenceError::kBadColour: return "av1 sequence: bad colour";
    case Av1SequenceError::kTruncated: return "av1 sequence: truncated";
  }
  return "av1 sequence: unknown";
}

// What a sequence header OBU says (AV1 specification, section 5.5). A value:
// nothing points into the bytes it came from. Names are those of the specification.
//
//   const auto obu = Av1ObuView::Parse(bytes);
//   const auto sequence = Av1SequenceHeader::Parse(*obu);
//   if (sequence) Show(sequence->width(), sequence->height(), sequence->codec_string().view());
//
// Fields that are absent have the value that their absence means. Every count is
// of at most five bits, and the uvlc of at most 63: time is bounded. 700 bytes.
struct Av1SequenceHeader {
  static constexpr std::size_t kMaxSize = 400;

  struct OperatingPoint {
    std::uint16_t idc = 0;   // temporal layers in the low 8 bits, spatial in the 4 above; 0: everything
    std::uint8_t level = 0;  // seq_level_idx; 8: 4.0, 31: no limit
    bool tier = false;       // true: High
    bool decoder_model_present = false;
    std::uint32_t decoder_buffer_delay = 0;
    std::uint32_t encoder_buffer_delay = 0;
    bool low_delay_mode = false;
    bool initial_display_delay_present = false;
    std::uint8_t initial_display_delay_minus_1 = 0;
    constexpr bool operator==(const OperatingPoint&) const = default;
  };

  std::uint8_t profile = 0;  // 0 Main, 1 High, 2 Professional
  bool still_picture = false;
  bool reduced_still_picture_header = false;

  bool timing_info_present = false;
  std::uint32_t num_units_in_display_tick = 0;
  std::uint32_t time_scale = 0;
  bool equal_picture_interval = false;
  std::uint32_t num_ticks_per_picture_minus_1 = 0;
  bool decoder_model_info_present = false;
  std::uint8_t buffer_delay_length_minus_1 = 0;
  std::uint32_t num_units_in_decoding_tick = 0;
  std::uint8_t buffer_removal_time_length_minus_1 = 0;
  std::uint8_t frame_presentation_time_length_minus_1 = 0;

  bool initial_display_delay_present = false;
  std::uint8_t operating_points_cnt_minus_1 = 0;
  std::array<OperatingPoint, 32> operating_points{};

  std::uint8_t frame_width_bits_minus_1 = 15;
  std::uint8_t frame_height_bits_minus_1 = 15;
  std::uint16_t max_frame_width_minus_1 = 0;
  std::uint16_t max_frame_height_minus_1 = 0;
  bool frame_id_numbers_present = false;
  std::uint8_t delta_frame_id_length_minus_2 = 0;
  std::uint8_t additional_frame_id_length_minus_1 = 0;

  bool use_128x128_superblock = false;
  bool enable_filter_intra = false;
  bool enable_intra_edge_filter = false;
  bool enable_interintra_compound = false;
  bool enable_masked_compound = false;
  bool enable_warped_motion = false;
  bool enable_dual_filter = false;
  bool enable_order_hint = false;
  bool enable_jnt_comp = false;
  bool enable_ref_frame_mvs = false;
  std::uint8_t seq_force_screen_content_tools = 2;  // 2: each frame says
  std::uint8_t seq_force_integer_mv = 2;
  std::uint8_t order_hint_bits = 0;
  bool enable_superres = false;
  bool enable_cdef = false;
  bool enable_restoration = false;

  std::uint8_t bit_depth = 8;  // 8, 10, 12
  bool mono_chrome = false;
  bool color_description_present = false;
  std::uint8_t color_primaries = 2;  // 2: unspecified
  std::uint8_t transfer_characteristics = 2;
  std::uint8_t matrix_coefficients = 2;
  bool full_range = false;  // color_range
  bool subsampling_x = true;
  bool subsampling_y = true;
  std::uint8_t chroma_sample_position = 0;
  bool separate_uv_delta_q = false;
  bool film_grain_params_present = false;

  static constexpr Expected<Av1SequenceHeader, Av1SequenceError> Parse(const Av1ObuView& obu) {
    return obu.type() == Av1ObuType::kSequenceHeader ? ParsePayload(obu.payload()) : Av1SequenceError::kWrongType;
  }
  // The same of what an OBU of this type has as payload.
  static constexpr Expected<Av1SequenceHeader, Av1SequenceError> ParsePayload(Bytes payload);

  // Writes what an OBU of this type has as payload, trailing bits too; `written` is
  // its size, at most kMaxSize. False when it does not fit, and for what would not
  // read back the same: a number out of range, a field that the others leave out.
  [[nodiscard]] constexpr bool Write(MutableBytes out, std::size_t& written) const;

  // Of the largest frame; others may be smaller.
  constexpr int width() const { return max_frame_width_minus_1 + 1; }
  constexpr int height() const { return max_frame_height_minus_1 + 1; }
  // Of the whole stream.
  constexpr std::uint8_t level() const { return operating_points[0].level; }
  constexpr bool tier() const { return operating_points[0].tier; }

  // Frames per second; zero when the stream does not say, or says something above
  // 1000.
  constexpr Frequency frame_rate() const {
    if (!equal_picture_interval) return Frequency::Zero();
    const std::int64_t ticks =
        SaturatingMulDiv(num_units_in_display_tick, std::int64_t{num_ticks_per_picture_minus_1} + 1, 1);
    const std::int64_t millihertz = SaturatingMulDiv(time_scale, 1000, ticks);
    return millihertz > 1'000'000 ? Frequency::Zero() : Frequency::MilliHertz(millihertz);
  }

  // The name for CODECS and MIME types ("av01.0.04M.08"; AV1-ISOBMFF, section 5).
  // Colours follow where the stream says them or has other samples than 4:2:0.
  constexpr CodecString codec_string() const;

  constexpr bool operator==(const Av1SequenceHeader&) const = default;
};

namespace internal {

// The two ways to walk the syntax: fields come out of the bits, or go in.
class Av1FieldReader {
 public:
  explicit constexpr Av1FieldReader(Bytes bytes) : bits_(bytes) {}
  constexpr bool ok() const { return bits_.ok(); }
  template <typename T>
  constexpr void Field(T& value, int bits) {
    value = static_cast<T>(bits_.ReadBits(bits));
  }
  // uvlc() of section 4.10.3: up to 2^32 - 2 it is ue(v); above is not allowed
  // where it is used.
  constexpr bool Uvlc(std::uint32_t& value) {
    value = bits_.ReadUe();
    return bits_.ok() && value != 0xffffffffu;
  }

 private:
  BitReader bits_;
};
class Av1FieldWriter {
 public:
  explicit constexpr Av1FieldWriter(MutableBytes out) : bits_(out) {}
  constexpr bool ok() const { return ok_ && bits_.ok(); }
  template <typename T>
  constexpr void Field(T& value, int bits) {
    const std::uint32_t number = value;
    ok_ = ok_ && number >> 1 >> (bits - 1) == 0;
    bits_.WriteBits(number, bits);
  }
  constexpr bool Uvlc(std::uint32_t& value) {
    bits_.WriteUe(value);
    return value != 0xffffffffu;
  }
  constexpr std::size_t byte_size() const { return bits_.byte_size(); }

 private:
  BitWriter bits_;
  bool ok_ = true;
};

// sequence_header_obu(), either way. What a field's absence means is put there, so
// that what was written is what is read.
template <typename Bits>
class Av1SequenceSyntax {
 public:
  constexpr Av1SequenceSyntax(Bits& bits, Av1SequenceHeader& header) : bits_(bits), h_(header) {}

  // True: all of it is there. The first cause that is found stays.
  constexpr bool Run(Av1SequenceError& error) {
    const bool fine = Head() && Size() && Tools() && Colour();
    if (fine) bits_.Field(h_.film_grain_params_present, 1);
    if (fine && bits_.ok()) return true;
    error = bits_.ok() ? error_ : Av1SequenceError::kTruncated;
    return false;
  }

 private:
  constexpr bool Fail(Av1SequenceError error) {
    error_ = error;
    return false;
  }

  constexpr bool Head() {
    bits_.Field(h_.profile, 3);
    if (h_.profile > 2) return Fail(Av1SequenceError::kBadProfile);
    bits_.Field(h_.still_picture, 1);
    bits_.Field(h_.reduced_still_picture_header, 1);
    if (h_.reduced_still_picture_header) {
      if (!h_.still_picture) return Fail(Av1SequenceError::kBadStillPicture);
      bits_.Field(h_.operating_points[0].level, 5);
      return true;
    }
    bits_.Field(h_.timing_info_present, 1);
    if (h_.timing_info_present && !Timing()) return Fail(Av1SequenceError::kBadTiming);
    bits_.Field(h_.initial_display_delay_present, 1);
    bits_.Field(h_.operating_points_cnt_minus_1, 5);
    for (std::size_t i = 0; i <= h_.operating_points_cnt_minus_1 && bits_.ok(); ++i) {
      if (!Point(h_.operating_points[i])) return Fail(Av1SequenceError::kBadOperatingPoint);
    }
    return true;
  }

  constexpr bool Timing() {
    bits_.Field(h_.num_units_in_display_tick, 32);
    bits_.Field(h_.time_scale, 32);
    if (h_.num_units_in_display_tick == 0 || h_.time_scale == 0) return false;
    bits_.Field(h_.equal_picture_interval, 1);
    if (h_.equal_picture_interval && !bits_.Uvlc(h_.num_ticks_per_picture_minus_1)) return false;
    bits_.Field(h_.decoder_model_info_present, 1);
    if (h_.decoder_model_info_present) {
      bits_.Field(h_.buffer_delay_length_minus_1, 5);
      bits_.Field(h_.num_units_in_decoding_tick, 32);
      bits_.Field(h_.buffer_removal_time_length_minus_1, 5);
      bits_.Field(h_.frame_presentation_time_length_minus_1, 5);
    }
    return true;
  }

  constexpr bool Point(Av1SequenceHeader::OperatingPoint& point) {
    bits_.Field(point.idc, 12);
    if (point.idc != 0 && ((point.idc & 0xff) == 0 || point.idc >> 8 == 0)) return false;
    bits_.Field(point.level, 5);
    if (point.level > 7) bits_.Field(point.tier, 1);
    if (h_.decoder_model_info_present) {
      bits_.Field(point.decoder_model_present, 1);
      if (point.decoder_model_present) {
        bits_.Field(point.decoder_buffer_delay, h_.buffer_delay_length_minus_1 + 1);
        bits_.Field(point.encoder_buffer_delay, h_.buffer_delay_length_minus_1 + 1);
        bits_.Field(point.low_delay_mode, 1);
      }
    }
    if (h_.initial_display_delay_present) {
      bits_.Field(point.initial_display_delay_present, 1);
      if (point.initial_display_delay_present) bits_.Field(point.initial_display_delay_minus_1, 4);
    }
    return true;
  }

  constexpr bool Size() {
    bits_.Field(h_.frame_width_bits_minus_1, 4);
    bits_.Field(h_.frame_height_bits_minus_1, 4);
    bits_.Field(h_.max_frame_width_minus_1, h_.frame_width_bits_minus_1 + 1);
    bits_.Field(h_.max_frame_height_minus_1, h_.frame_height_bits_minus_1 + 1);
    if (!h_.reduced_still_picture_header) bits_.Field(h_.frame_id_numbers_present, 1);
    if (h_.frame_id_numbers_present) {
      bits_.Field(h_.delta_frame_id_length_minus_2, 4);
      bits_.Field(h_.additional_frame_id_length_minus_1, 3);
    }
    return true;
  }

  constexpr bool Tools() {
    bits_.Field(h_.use_128x128_superblock, 1);
    bits_.Field(h_.enable_filter_intra, 1);
    bits_.Field(h_.enable_intra_edge_filter, 1);
    if (!h_.reduced_still_picture_header) {
      bits_.Field(h_.enable_interintra_compound, 1);
      bits_.Field(h_.enable_masked_compound, 1);
      bits_.Field(h_.enable_warped_motion, 1);
      bits_.Field(h_.enable_dual_filter, 1);
      bits_.Field(h_.enable_order_hint, 1);
      if (h_.enable_order_hint) {
        bits_.Field(h_.enable_jnt_comp, 1);
        bits_.Field(h_.enable_ref_frame_mvs, 1);
      }
      Choice(h_.seq_force_screen_content_tools);
      if (h_.seq_force_screen_content_tools > 0) Choice(h_.seq_force_integer_mv);
      if (h_.enable_order_hint) {
        auto minus_1 = static_cast<std::uint8_t>(h_.order_hint_bits - 1);
        bits_.Field(minus_1, 3);
        h_.order_hint_bits = static_cast<std::uint8_t>(minus_1 + 1);
      }
    }
    bits_.Field(h_.enable_superres, 1);
    bits_.Field(h_.enable_cdef, 1);
    bits_.Field(h_.enable_restoration, 1);
    return true;
  }
  // A bit that says 2, or a bit that says 0 and one for 0 or 1.
  constexpr void Choice(std::uint8_t& value) {
    bool each_frame = value == 2;
    bits_.Field(each_frame, 1);
    if (each_frame) {
      value = 2;
    } else {
      bits_.Field(value, 1);
    }
  }

  // color_config(), section 5.5.2
  constexpr bool Colour() {
    bool high_bitdepth = h_.bit_depth > 8;
    bool twelve_bit = h_.bit_depth == 12;
    bits_.Field(high_bitdepth, 1);
    if (h_.profile == 2 && high_bitdepth) {
      bits_.Field(twelve_bit, 1);
    } else {
      twelve_bit = false;
    }
    h_.bit_depth = static_cast<std::uint8_t>(twelve_bit ? 12 : high_bitdepth ? 10 : 8);
    if (h_.profile != 1) bits_.Field(h_.mono_chrome, 1);
    bits_.Field(h_.color_description_present, 1);
    if (h_.color_description_present) {
      bits_.Field(h_.color_primaries, 8);
      bits_.Field(h_.transfer_characteristics, 8);
      bits_.Field(h_.matrix_coefficients, 8);
    }
    if (h_.mono_chrome) {
      bits_.Field(h_.full_range, 1);
      return true;
    }
    const bool srgb = h_.color_primaries == 1 && h_.transfer_characteristics == 13 && h_.matrix_coefficients == 0;
    if (srgb) {
      if (h_.profile == 0 || (h_.profile == 2 && !twelve_bit)) return Fail(Av1SequenceError::kBadColour);
      h_.full_range = true;
      h_.subsampling_x = h_.subsampling_y = false;
    } else {
      bits_.Field(h_.full_range, 1);
      if (h_.profile == 2 && twelve_bit) {
        bits_.Field(h_.subsampling_x, 1);
        if (h_.subsampling_x) {
          bits_.Field(h_.subsampling_y, 1);
        } else {
          h_.subsampling_y = false;
        }
      } else {
        h_.subsampling_x = h_.profile != 1;
        h_.subsampling_y = h_.profile == 0;
      }
      if (h_.matrix_coefficients == 0 && h_.subsampling_x) return Fail(Av1SequenceError::kBadColour);
      if (h_.subsampling_x && h_.subsampling_y) bits_.Field(h_.chroma_sample_position, 2);
    }
    bits_.Field(h_.separate_uv_delta_q, 1);
    return true;
  }

  Bits& bits_;
  Av1SequenceHeader& h_;
  Av1SequenceError error_ = Av1SequenceError::kTruncated;
};

}  // namespace internal

constexpr Expected<Av1SequenceHeader, Av1SequenceError> Av1SequenceHeader::ParsePayload(Bytes payload) {
  Av1SequenceHeader header;
  Av1SequenceError error{};
  internal::Av1FieldReader bits(payload);
  if (!internal::Av1SequenceSyntax(bits, header).Run(error)) return error;
  return header;
}

constexpr bool Av1SequenceHeader::Write(MutableBytes out, std::size_t& written) const {
  Av1SequenceHeader header = *this;
  Av1SequenceError error{};
  internal::Av1FieldWriter bits(out);
  bool trailing = true;
  if (!internal::Av1SequenceSyntax(bits, header).Run(error)) return false;
  bits.Field(trailing, 1);
  if (!bits.ok()) return false;
  written = bits.byte_size();
  const auto back = ParsePayload(out.first(written));
  return back && *back == *this;
}

constexpr CodecString Av1SequenceHeader::codec_string() const {
  const auto two_digits = [](CodecString& to, std::uint8_t number) {
    if (number < 10) to.Append("0");
    to.AppendDecimal(number);
  };
  CodecString name("av01.");
  name.AppendDecimal(profile).Append(".");
  two_digits(name, level());
  name.Append(tier() ? "H." : "M.");
  two_digits(name, bit_depth);
  const bool as_usual = !mono_chrome && subsampling_x && subsampling_y && chroma_sample_position == 0 && !full_range;
  if (as_usual && !color_description_present) return name;
  name.Append(mono_chrome ? ".1." : ".0.").Append(subsampling_x ? "1" : "0").Append(subsampling_y ? "1" : "0");
  name.AppendDecimal(chroma_sample_position);
  for (const std::uint8_t value : {color_primaries, transfer_characteristics, matrix_coefficients}) {
    name.Append(".");
    two_digits(name, value);
  }
  return name.Append(full_range ? ".1" : ".0");
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AV1_SEQUENCE_HEADER_H_
