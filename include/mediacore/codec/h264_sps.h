#ifndef MEDIACORE_CODEC_H264_SPS_H_
#define MEDIACORE_CODEC_H264_SPS_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/expected.h"
#include "mediacore/base/units.h"
#include "mediacore/codec/codec_string.h"
#include "mediacore/codec/nal_units.h"

namespace mediacore::codec {

// Why bytes are not a sequence parameter set, in the order the parser looks.
enum class SpsError : std::uint8_t {
  kTooShort,        // fewer than 4 bytes
  kNotSps,          // another nal_unit_type
  kBadId,           // seq_parameter_set_id above 31
  kBadChroma,       // chroma_format_idc above 3 or more than 14 bits per sample
  kBadScalingList,  // a delta outside -128 to 127
  kBadFrameNum,     // log2_max_frame_num above 16
  kBadOrderCount,   // pic_order_cnt_type above 2 or numbers outside its ranges
  kBadRefFrames,    // max_num_ref_frames above 16
  kBadSize,         // more than 65520 pixels in a direction
  kBadCropping,     // nothing is left of the picture
  kBadVui,          // a number of the VUI outside its range
  kTruncated,       // a field lies past the end
};

constexpr std::string_view ToString(SpsError error) {
  switch (error) {
    case SpsError::kTooShort: return "sps: too short";
    case SpsError::kNotSps: return "sps: another NAL unit type";
    case SpsError::kBadId: return "sps: id out of range";
    case SpsError::kBadChroma: return "sps: chroma format or bit depth out of range";
    case SpsError::kBadScalingList: return "sps: scaling list out of range";
    case SpsError::kBadFrameNum: return "sps: frame number size out of range";
    case SpsError::kBadOrderCount: return "sps: picture order count out of range";
    case SpsError::kBadRefFrames: return "sps: too many reference frames";
    case SpsError::kBadSize: return "sps: picture too large";
    case SpsError::kBadCropping: return "sps: cropping leaves no picture";
    case SpsError::kBadVui: return "sps: VUI out of range";
    case SpsError::kTruncated: return "sps: truncated";
  }
  return "sps: unknown";
}

// The name of an H.264 stream for CODECS and MIME types (RFC 6381, section
// 3.3): "avc1." and the three bytes after the header of the SPS.
constexpr CodecString H264CodecString(std::uint8_t profile_idc,
                                      std::uint8_t constraint_flags,
                                      std::uint8_t level_idc) {
  return CodecString("avc1.")
      .AppendHex(profile_idc)
      .AppendHex(constraint_flags)
      .AppendHex(level_idc);
}

// What a sequence parameter set says of its pictures (ITU-T H.264, sections
// 7.3.2.1.1 and E.1.1). A value: nothing points into the bytes it came from.
//
//   const auto sps = Sps::Parse(nal);
//   if (sps) Show(sps->width, sps->height, sps->codec_string().view());
//
// Parse() takes the NAL unit with its header byte, reads at most its first
// 4096 bytes and uses as much stack; every number is checked before it counts
// a loop, so time is bounded by the bytes.
struct Sps {
  std::uint8_t profile_idc = 0;
  std::uint8_t constraint_flags = 0;  // constraint_set0_flag is the top bit
  std::uint8_t level_idc = 0;
  std::uint8_t id = 0;
  std::uint8_t chroma_format_idc = 1;  // 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4
  bool separate_colour_planes = false;
  std::uint8_t bit_depth_luma = 8;
  std::uint8_t bit_depth_chroma = 8;
  std::uint8_t pic_order_cnt_type = 0;
  std::uint8_t max_num_ref_frames = 0;
  bool frame_mbs_only = true;  // false: fields or MBAFF may occur
  std::uint16_t coded_width = 0;
  std::uint16_t coded_height = 0;
  std::uint16_t width = 0;  // after cropping
  std::uint16_t height = 0;

  // From the VUI; the defaults are what its absence means (E.2.1).
  bool has_vui = false;
  std::uint16_t sar_width = 0;  // sample aspect ratio; 0: unknown
  std::uint16_t sar_height = 0;
  bool full_range = false;
  std::uint8_t colour_primaries = 2;  // 2: unspecified
  std::uint8_t transfer_characteristics = 2;
  std::uint8_t matrix_coefficients = 2;
  std::uint32_t num_units_in_tick = 0;  // 0: no timing
  std::uint32_t time_scale = 0;
  bool fixed_frame_rate = false;
  bool has_bitstream_restriction = false;
  std::uint8_t max_num_reorder_frames = 0;
  std::uint8_t max_dec_frame_buffering = 0;

  static constexpr Expected<Sps, SpsError> Parse(Bytes nal);

  constexpr CodecString codec_string() const {
    return H264CodecString(profile_idc, constraint_flags, level_idc);
  }
  // Frames (not fields) per second; zero when the stream does not say, or says
  // something above 1000. A promise only when `fixed_frame_rate`.
  constexpr Frequency frame_rate() const {
    if (num_units_in_tick == 0 || time_scale == 0) return Frequency::Zero();
    const std::int64_t millihertz = SaturatingMulDiv(
        time_scale, 500, static_cast<std::int64_t>(num_units_in_tick));
    return millihertz > 1'000'000 ? Frequency::Zero()
                                  : Frequency::MilliHertz(millihertz);
  }
  // MaxDpbFrames of section A.3.1: pictures a decoder of this level keeps.
  constexpr int max_dpb_frames() const;
  // How many frames may come before one that is shown earlier: 0 means that
  // frames are shown in the order they are decoded in.
  //   max_num_reorder_frames where the VUI has it; otherwise 0 where order
  //   cannot change (pic_order_cnt_type 2), where the profile is intra only
  //   (E.2.1: constraint_set3_flag with 44, 86, 100, 110, 122, 244) and for
  //   Baseline, which has no B slices; otherwise max_dpb_frames().
  constexpr int reorder_depth() const;

  constexpr bool operator==(const Sps&) const = default;
};

namespace internal {

// Reads the fields in order; the first cause that is found stays.
class SpsParser {
 public:
  constexpr SpsParser(Bytes rbsp, Sps& sps) : bits_(rbsp), sps_(sps) {}

  // True: `sps` is whole.
  constexpr bool Run(SpsError& error) {
    const bool fine = ReadHead() && ReadSize() && (!bits_.ReadBit() || ReadVui());
    if (fine && bits_.ok()) return true;
    error = bits_.ok() ? error_ : SpsError::kTruncated;
    return false;
  }

 private:
  constexpr bool Fail(SpsError error) {
    error_ = error;
    return false;
  }
  // ue(v) that must not be above `max`.
  constexpr bool ReadUe(std::uint32_t max, std::uint32_t& out) {
    out = bits_.ReadUe();
    return bits_.ok() && out <= max;
  }

  constexpr bool ReadHead() {
    std::uint32_t value = 0;
    sps_.profile_idc = static_cast<std::uint8_t>(bits_.ReadBits(8));
    sps_.constraint_flags = static_cast<std::uint8_t>(bits_.ReadBits(8));
    sps_.level_idc = static_cast<std::uint8_t>(bits_.ReadBits(8));
    if (!ReadUe(31, value)) return Fail(SpsError::kBadId);
    sps_.id = static_cast<std::uint8_t>(value);
    if (HasChromaFormat(sps_.profile_idc) && !ReadChroma()) return false;
    if (!ReadUe(12, value)) return Fail(SpsError::kBadFrameNum);
    if (!ReadOrderCount()) return Fail(SpsError::kBadOrderCount);
    if (!ReadUe(16, value)) return Fail(SpsError::kBadRefFrames);
    sps_.max_num_ref_frames = static_cast<std::uint8_t>(value);
    bits_.Skip(1);  // gaps_in_frame_num_value_allowed_flag
    return true;
  }

  static constexpr bool HasChromaFormat(std::uint8_t profile) {
    for (const int with : {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139,
                           134, 135}) {
      if (profile == with) return true;
    }
    return false;
  }

  constexpr bool ReadChroma() {
    std::uint32_t format = 0;
    std::uint32_t luma = 0;
    std::uint32_t chroma = 0;
    if (!ReadUe(3, format)) return Fail(SpsError::kBadChroma);
    sps_.chroma_format_idc = static_cast<std::uint8_t>(format);
    if (format == 3) sps_.separate_colour_planes = bits_.ReadBit();
    if (!ReadUe(6, luma) || !ReadUe(6, chroma)) {
      return Fail(SpsError::kBadChroma);
    }
    sps_.bit_depth_luma = static_cast<std::uint8_t>(8 + luma);
    sps_.bit_depth_chroma = static_cast<std::uint8_t>(8 + chroma);
    bits_.Skip(1);  // qpprime_y_zero_transform_bypass_flag
    if (!bits_.ReadBit()) return true;
    const int lists = format == 3 ? 12 : 8;
    for (int list = 0; list < lists; ++list) {
      if (bits_.ReadBit() && !SkipScalingList(list < 6 ? 16 : 64)) {
        return Fail(SpsError::kBadScalingList);
      }
    }
    return true;
  }

  constexpr bool SkipScalingList(int size) {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size && next != 0; ++i) {
      const std::int32_t delta = bits_.ReadSe();
      if (!bits_.ok() || delta < -128 || delta > 127) return false;
      next = (last + delta + 256) % 256;
      if (next != 0) last = next;
    }
    return true;
  }

  constexpr bool ReadOrderCount() {
    std::uint32_t type = 0;
    std::uint32_t value = 0;
    if (!ReadUe(2, type)) return false;
    sps_.pic_order_cnt_type = static_cast<std::uint8_t>(type);
    if (type == 0) return ReadUe(12, value);
    if (type == 1) {
      bits_.Skip(1);  // delta_pic_order_always_zero_flag
      bits_.ReadSe();
      bits_.ReadSe();
      std::uint32_t cycle = 0;
      if (!ReadUe(255, cycle)) return false;
      for (; cycle > 0 && bits_.ok(); --cycle) bits_.ReadSe();
    }
    return true;
  }

  constexpr bool ReadSize() {
    constexpr std::uint32_t kMaxMacroblocks = 4095;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    if (!ReadUe(kMaxMacroblocks - 1, width) ||
        !ReadUe(kMaxMacroblocks - 1, height)) {
      return Fail(SpsError::kBadSize);
    }
    sps_.frame_mbs_only = bits_.ReadBit();
    const std::uint32_t fields = sps_.frame_mbs_only ? 1 : 2;
    width = (width + 1) * 16;
    height = (height + 1) * 16 * fields;
    if (height > kMaxMacroblocks * 16) return Fail(SpsError::kBadSize);
    if (!sps_.frame_mbs_only) bits_.Skip(1);  // mb_adaptive_frame_field_flag
    bits_.Skip(1);                            // direct_8x8_inference_flag
    sps_.coded_width = static_cast<std::uint16_t>(width);
    sps_.coded_height = static_cast<std::uint16_t>(height);
    if (bits_.ReadBit()) {  // table 6-1, equations 7-19 to 7-22
      const bool planes = sps_.separate_colour_planes;
      const int format = planes ? 0 : sps_.chroma_format_idc;
      const std::uint64_t unit_x = format == 1 || format == 2 ? 2 : 1;
      const std::uint64_t unit_y = (format == 1 ? 2u : 1u) * fields;
      const std::uint64_t left = bits_.ReadUe();
      const std::uint64_t right = bits_.ReadUe();
      const std::uint64_t top = bits_.ReadUe();
      const std::uint64_t bottom = bits_.ReadUe();
      const std::uint64_t crop_x = (left + right) * unit_x;
      const std::uint64_t crop_y = (top + bottom) * unit_y;
      if (crop_x >= width || crop_y >= height) {
        return Fail(SpsError::kBadCropping);
      }
      width -= static_cast<std::uint32_t>(crop_x);
      height -= static_cast<std::uint32_t>(crop_y);
    }
    sps_.width = static_cast<std::uint16_t>(width);
    sps_.height = static_cast<std::uint16_t>(height);
    return true;
  }

  constexpr bool ReadVui() {
    sps_.has_vui = true;
    if (bits_.ReadBit()) ReadAspectRatio();
    if (bits_.ReadBit()) bits_.Skip(1);  // overscan_appropriate_flag
    if (bits_.ReadBit()) {
      bits_.Skip(3);  // video_format
      sps_.full_range = bits_.ReadBit();
      if (bits_.ReadBit()) {
        sps_.colour_primaries = static_cast<std::uint8_t>(bits_.ReadBits(8));
        sps_.transfer_characteristics =
            static_cast<std::uint8_t>(bits_.ReadBits(8));
        sps_.matrix_coefficients = static_cast<std::uint8_t>(bits_.ReadBits(8));
      }
    }
    std::uint32_t value = 0;
    if (bits_.ReadBit() && (!ReadUe(5, value) || !ReadUe(5, value))) {
      return Fail(SpsError::kBadVui);  // chroma_loc_info
    }
    if (bits_.ReadBit()) {
      sps_.num_units_in_tick = bits_.ReadBits(32);
      sps_.time_scale = bits_.ReadBits(32);
      sps_.fixed_frame_rate = bits_.ReadBit();
    }
    const bool nal_hrd = bits_.ReadBit();
    if (nal_hrd && !SkipHrd()) return Fail(SpsError::kBadVui);
    const bool vcl_hrd = bits_.ReadBit();
    if (vcl_hrd && !SkipHrd()) return Fail(SpsError::kBadVui);
    if (nal_hrd || vcl_hrd) bits_.Skip(1);  // low_delay_hrd_flag
    bits_.Skip(1);                          // pic_struct_present_flag
    if (bits_.ReadBit()) {
      bits_.Skip(1);  // motion_vectors_over_pic_boundaries_flag
      std::uint32_t reorder = 0;
      std::uint32_t buffering = 0;
      if (!ReadUe(16, value) || !ReadUe(16, value) || !ReadUe(16, value) ||
          !ReadUe(16, value) || !ReadUe(16, reorder) ||
          !ReadUe(16, buffering) || reorder > buffering) {
        return Fail(SpsError::kBadVui);
      }
      sps_.has_bitstream_restriction = true;
      sps_.max_num_reorder_frames = static_cast<std::uint8_t>(reorder);
      sps_.max_dec_frame_buffering = static_cast<std::uint8_t>(buffering);
    }
    return true;
  }

  constexpr void ReadAspectRatio() {
    struct Ratio {
      std::uint8_t width;
      std::uint8_t height;
    };
    constexpr Ratio kRatios[] = {  // table E-1
        {0, 0},   {1, 1},   {12, 11}, {10, 11}, {16, 11}, {40, 33},
        {24, 11}, {20, 11}, {32, 11}, {80, 33}, {18, 11}, {15, 11},
        {64, 33}, {160, 99}, {4, 3},  {3, 2},   {2, 1}};
    const std::uint32_t index = bits_.ReadBits(8);
    if (index == 255) {
      sps_.sar_width = static_cast<std::uint16_t>(bits_.ReadBits(16));
      sps_.sar_height = static_cast<std::uint16_t>(bits_.ReadBits(16));
    } else if (index < std::size(kRatios)) {
      sps_.sar_width = kRatios[index].width;
      sps_.sar_height = kRatios[index].height;
    }
  }

  constexpr bool SkipHrd() {  // section E.1.2
    std::uint32_t count = 0;
    if (!ReadUe(31, count)) return false;
    bits_.Skip(8);
    for (std::uint32_t i = 0; i <= count && bits_.ok(); ++i) {
      bits_.ReadUe();
      bits_.ReadUe();
      bits_.Skip(1);
    }
    bits_.Skip(20);
    return true;
  }

  BitReader bits_;
  Sps& sps_;
  SpsError error_ = SpsError::kTruncated;
};

}  // namespace internal

constexpr Expected<Sps, SpsError> Sps::Parse(Bytes nal) {
  if (nal.size() < 4) return SpsError::kTooShort;
  if (NalTypeOf(nal[0]) != NalType::kSps) return SpsError::kNotSps;
  std::uint8_t rbsp[4096];
  const std::size_t size = RemoveEmulationPrevention(nal.subspan(1), rbsp);
  Sps sps;
  SpsError error{};
  if (!internal::SpsParser(Bytes(rbsp, size), sps).Run(error)) return error;
  return sps;
}

constexpr int Sps::max_dpb_frames() const {
  const bool is_1b = level_idc == 9 || (level_idc == 11 &&
                                        (constraint_flags & 0x10) != 0 &&
                                        (profile_idc == 66 ||
                                         profile_idc == 77 ||
                                         profile_idc == 88));
  std::int64_t macroblocks = 0;  // MaxDpbMbs of table A-1
  switch (is_1b ? 10 : level_idc) {
    case 10: macroblocks = 396; break;
    case 11: macroblocks = 900; break;
    case 12: case 13: case 20: macroblocks = 2376; break;
    case 21: macroblocks = 4752; break;
    case 22: case 30: macroblocks = 8100; break;
    case 31: macroblocks = 18000; break;
    case 32: macroblocks = 20480; break;
    case 40: case 41: macroblocks = 32768; break;
    case 42: macroblocks = 34816; break;
    case 50: macroblocks = 110400; break;
    case 51: case 52: macroblocks = 184320; break;
    case 60: case 61: case 62: macroblocks = 696320; break;
    default: return 16;
  }
  const std::int64_t picture =
      std::max<std::int64_t>(1, (coded_width / 16) * (coded_height / 16));
  return static_cast<int>(std::min<std::int64_t>(16, macroblocks / picture));
}

constexpr int Sps::reorder_depth() const {
  if (has_bitstream_restriction) return max_num_reorder_frames;
  if (pic_order_cnt_type == 2 || profile_idc == 66) return 0;
  if ((constraint_flags & 0x10) != 0) {
    for (const int intra : {44, 86, 100, 110, 122, 244}) {
      if (profile_idc == intra) return 0;
    }
  }
  return max_dpb_frames();
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H264_SPS_H_
