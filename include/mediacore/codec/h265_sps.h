#ifndef MEDIACORE_CODEC_H265_SPS_H_
#define MEDIACORE_CODEC_H265_SPS_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/expected.h"
#include "mediacore/base/units.h"
#include "mediacore/codec/h265_nal.h"
#include "mediacore/codec/h265_profile.h"

namespace mediacore::codec {

// Why bytes are not a sequence parameter set, in the order the parser looks.
enum class H265SpsError : std::uint8_t {
  kTooShort,        // no byte after the header
  kNotSps,          // another nal_unit_type
  kOtherLayer,      // nuh_layer_id above 0: written in a way of its own (annex F)
  kBadSubLayers,    // sps_max_sub_layers_minus1 above 6
  kBadId,           // sps_seq_parameter_set_id above 15
  kBadChroma,       // chroma_format_idc above 3
  kBadSize,         // no pixel, more than 65535 in a direction, or no whole coding blocks
  kBadCropping,     // the conformance window is empty
  kBadBitDepth,     // more than 16 bits per sample
  kBadOrderCount,   // log2_max_pic_order_cnt_lsb above 16
  kBadBuffering,    // more than 16 pictures, or more to reorder than are kept
  kBadBlockSize,    // coding, transform or PCM blocks that do not nest
  kBadScalingList,  // a number of the scaling lists outside its range
  kBadRefPicSet,    // more than 64 sets, or a set larger than what is kept
  kBadLongTerm,     // more than 32 long-term pictures
  kBadVui,          // a number of the VUI outside its range
  kTruncated,       // a field lies past the end
};

constexpr std::string_view ToString(H265SpsError error) {
  switch (error) {
    case H265SpsError::kTooShort: return "h265 sps: too short";
    case H265SpsError::kNotSps: return "h265 sps: another NAL unit type";
    case H265SpsError::kOtherLayer: return "h265 sps: of an enhancement layer";
    case H265SpsError::kBadSubLayers: return "h265 sps: too many sub-layers";
    case H265SpsError::kBadId: return "h265 sps: id out of range";
    case H265SpsError::kBadChroma: return "h265 sps: chroma format out of range";
    case H265SpsError::kBadSize: return "h265 sps: picture size out of range";
    case H265SpsError::kBadCropping: return "h265 sps: cropping leaves no picture";
    case H265SpsError::kBadBitDepth: return "h265 sps: bit depth out of range";
    case H265SpsError::kBadOrderCount: return "h265 sps: picture order count out of range";
    case H265SpsError::kBadBuffering: return "h265 sps: picture buffering out of range";
    case H265SpsError::kBadBlockSize: return "h265 sps: block sizes out of range";
    case H265SpsError::kBadScalingList: return "h265 sps: scaling list out of range";
    case H265SpsError::kBadRefPicSet: return "h265 sps: reference picture set out of range";
    case H265SpsError::kBadLongTerm: return "h265 sps: too many long-term pictures";
    case H265SpsError::kBadVui: return "h265 sps: VUI out of range";
    case H265SpsError::kTruncated: return "h265 sps: truncated";
  }
  return "h265 sps: unknown";
}

// What a sequence parameter set says of its pictures (ITU-T H.265, sections
// 7.3.2.2 and E.2.1). A value: nothing points into the bytes it came from.
//
//   const auto sps = H265Sps::Parse(nal);
//   if (sps) Show(sps->width, sps->height, sps->codec_string().view());
//
// Parse() takes the NAL unit with its header, reads at most its first 4096 bytes
// and uses as much stack; every number is checked before it counts a loop, so
// time is bounded by the bytes. Extensions behind the VUI are not read.
struct H265Sps {
  std::uint8_t vps_id = 0;
  std::uint8_t max_sub_layers = 1;  // 1 to 7
  bool temporal_id_nesting = false;
  H265Profile profile;
  std::uint8_t id = 0;
  std::uint8_t chroma_format_idc = 1;  // 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4
  bool separate_colour_planes = false;
  std::uint16_t coded_width = 0;
  std::uint16_t coded_height = 0;
  std::uint16_t width = 0;  // of the conformance window
  std::uint16_t height = 0;
  std::uint8_t bit_depth_luma = 8;
  std::uint8_t bit_depth_chroma = 8;
  std::uint8_t log2_max_pic_order_cnt_lsb = 4;
  // Of the highest sub-layer.
  std::uint8_t max_dec_pic_buffering = 1;
  std::uint8_t max_num_reorder_pics = 0;
  std::uint8_t log2_min_coding_block_size = 3;
  std::uint8_t log2_coding_tree_block_size = 4;
  std::uint8_t num_short_term_ref_pic_sets = 0;

  // From the VUI; the defaults are what its absence means (E.3.1).
  bool has_vui = false;
  std::uint16_t sar_width = 0;  // sample aspect ratio; 0: unknown
  std::uint16_t sar_height = 0;
  bool full_range = false;
  std::uint8_t colour_primaries = 2;  // 2: unspecified
  std::uint8_t transfer_characteristics = 2;
  std::uint8_t matrix_coefficients = 2;
  bool field_sequence = false;          // each picture is a field
  std::uint32_t num_units_in_tick = 0;  // 0: no timing
  std::uint32_t time_scale = 0;
  std::uint16_t min_spatial_segmentation_idc = 0;

  static constexpr Expected<H265Sps, H265SpsError> Parse(Bytes nal);

  constexpr CodecString codec_string() const { return profile.codec_string(); }
  // Pictures per second; zero when the stream does not say, or says something
  // above 1000.
  constexpr Frequency frame_rate() const {
    if (num_units_in_tick == 0 || time_scale == 0) return Frequency::Zero();
    const std::int64_t millihertz = SaturatingMulDiv(time_scale, 1000, static_cast<std::int64_t>(num_units_in_tick));
    return millihertz > 1'000'000 ? Frequency::Zero() : Frequency::MilliHertz(millihertz);
  }
  // How many pictures may come before one that is shown earlier.
  constexpr int reorder_depth() const { return max_num_reorder_pics; }

  constexpr bool operator==(const H265Sps&) const = default;
};

namespace internal {

// Reads the fields in order; the first cause that is found stays.
class H265SpsParser {
 public:
  constexpr H265SpsParser(Bytes rbsp, H265Sps& sps) : bits_(rbsp), sps_(sps) {}

  // True: `sps` is whole.
  constexpr bool Run(H265SpsError& error) {
    const bool fine = ReadHead() && ReadSize() && ReadBuffering() && ReadBlockSizes() && ReadTools() &&
                      ReadRefPicSets() && (!bits_.ReadBit() || ReadVui());
    if (fine && bits_.ok()) return true;
    error = bits_.ok() ? error_ : H265SpsError::kTruncated;
    return false;
  }

 private:
  static constexpr int kMaxPics = 16;  // sps_max_dec_pic_buffering_minus1 is at most 15
  // DeltaPocS0 and DeltaPocS1 of section 7.4.8, nearest pictures first.
  struct RefPicSet {
    int negatives = 0;
    int positives = 0;
    std::array<std::int32_t, kMaxPics> s0{};
    std::array<std::int32_t, kMaxPics> s1{};
  };

  constexpr bool Fail(H265SpsError error) {
    error_ = error;
    return false;
  }
  // ue(v) that must not be above `max`.
  constexpr bool ReadUe(std::uint32_t max, std::uint32_t& out) {
    out = bits_.ReadUe();
    return bits_.ok() && out <= max;
  }
  constexpr bool SkipUe(std::uint32_t max) {
    std::uint32_t value = 0;
    return ReadUe(max, value);
  }

  constexpr bool ReadHead() {
    sps_.vps_id = static_cast<std::uint8_t>(bits_.ReadBits(4));
    const std::uint32_t sub_layers = bits_.ReadBits(3);
    if (sub_layers > 6) return Fail(H265SpsError::kBadSubLayers);
    sps_.max_sub_layers = static_cast<std::uint8_t>(sub_layers + 1);
    sps_.temporal_id_nesting = bits_.ReadBit();
    if (!H265Profile::Read(bits_, sub_layers, sps_.profile)) return false;  // truncated
    std::uint32_t value = 0;
    if (!ReadUe(15, value)) return Fail(H265SpsError::kBadId);
    sps_.id = static_cast<std::uint8_t>(value);
    if (!ReadUe(3, value)) return Fail(H265SpsError::kBadChroma);
    sps_.chroma_format_idc = static_cast<std::uint8_t>(value);
    if (value == 3) sps_.separate_colour_planes = bits_.ReadBit();
    return true;
  }

  constexpr bool ReadSize() {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    if (!ReadUe(65535, width) || !ReadUe(65535, height) || width == 0 || height == 0) {
      return Fail(H265SpsError::kBadSize);
    }
    sps_.coded_width = static_cast<std::uint16_t>(width);
    sps_.coded_height = static_cast<std::uint16_t>(height);
    if (bits_.ReadBit()) {  // table 6-1
      const std::uint64_t unit_x = sps_.chroma_format_idc == 1 || sps_.chroma_format_idc == 2 ? 2 : 1;
      const std::uint64_t unit_y = sps_.chroma_format_idc == 1 ? 2 : 1;
      const std::uint64_t left = bits_.ReadUe();
      const std::uint64_t right = bits_.ReadUe();
      const std::uint64_t top = bits_.ReadUe();
      const std::uint64_t bottom = bits_.ReadUe();
      const std::uint64_t crop_x = (left + right) * unit_x;
      const std::uint64_t crop_y = (top + bottom) * unit_y;
      if (crop_x >= width || crop_y >= height) return Fail(H265SpsError::kBadCropping);
      width -= static_cast<std::uint32_t>(crop_x);
      height -= static_cast<std::uint32_t>(crop_y);
    }
    sps_.width = static_cast<std::uint16_t>(width);
    sps_.height = static_cast<std::uint16_t>(height);
    return true;
  }

  constexpr bool ReadBuffering() {
    std::uint32_t value = 0;
    if (!ReadUe(8, value)) return Fail(H265SpsError::kBadBitDepth);
    sps_.bit_depth_luma = static_cast<std::uint8_t>(8 + value);
    if (!ReadUe(8, value)) return Fail(H265SpsError::kBadBitDepth);
    sps_.bit_depth_chroma = static_cast<std::uint8_t>(8 + value);
    if (!ReadUe(12, value)) return Fail(H265SpsError::kBadOrderCount);
    sps_.log2_max_pic_order_cnt_lsb = static_cast<std::uint8_t>(4 + value);
    const int times = bits_.ReadBit() ? sps_.max_sub_layers : 1;
    for (int i = 0; i < times; ++i) {
      std::uint32_t buffering = 0;
      std::uint32_t reorder = 0;
      if (!ReadUe(kMaxPics - 1, buffering) || !ReadUe(buffering, reorder)) return Fail(H265SpsError::kBadBuffering);
      bits_.ReadUe();  // sps_max_latency_increase_plus1
      sps_.max_dec_pic_buffering = static_cast<std::uint8_t>(buffering + 1);
      sps_.max_num_reorder_pics = static_cast<std::uint8_t>(reorder);
    }
    return true;
  }

  constexpr bool ReadBlockSizes() {
    std::uint32_t min_coding = 0;
    std::uint32_t diff_coding = 0;
    std::uint32_t min_transform = 0;
    std::uint32_t diff_transform = 0;
    if (!ReadUe(3, min_coding) || !ReadUe(3, diff_coding) || !ReadUe(3, min_transform) || !ReadUe(3, diff_transform)) {
      return Fail(H265SpsError::kBadBlockSize);
    }
    min_coding += 3;
    min_transform += 2;
    const std::uint32_t coding_tree = min_coding + diff_coding;
    const std::uint32_t max_transform = min_transform + diff_transform;
    // Section 7.4.3.2.1.
    if (coding_tree < 4 || coding_tree > 6 || min_transform >= min_coding ||
        max_transform > std::min<std::uint32_t>(coding_tree, 5)) {
      return Fail(H265SpsError::kBadBlockSize);
    }
    const std::uint32_t partial = (1u << min_coding) - 1;
    if (((sps_.coded_width | sps_.coded_height) & partial) != 0) return Fail(H265SpsError::kBadSize);
    sps_.log2_min_coding_block_size = static_cast<std::uint8_t>(min_coding);
    sps_.log2_coding_tree_block_size = static_cast<std::uint8_t>(coding_tree);
    const std::uint32_t depth = coding_tree - min_transform;
    if (!SkipUe(depth) || !SkipUe(depth)) return Fail(H265SpsError::kBadBlockSize);
    return true;
  }

  constexpr bool ReadTools() {
    if (bits_.ReadBit() && bits_.ReadBit() && !SkipScalingLists()) return Fail(H265SpsError::kBadScalingList);
    bits_.Skip(2);          // amp_enabled_flag, sample_adaptive_offset_enabled_flag
    if (bits_.ReadBit()) {  // pcm_enabled_flag
      bits_.Skip(8);        // bit depths
      if (!SkipUe(2) || !SkipUe(2)) return Fail(H265SpsError::kBadBlockSize);
      bits_.Skip(1);  // pcm_loop_filter_disabled_flag
    }
    return true;
  }

  constexpr bool SkipScalingLists() {  // section 7.3.4
    for (int size = 0; size < 4; ++size) {
      const int step = size == 3 ? 3 : 1;
      for (int matrix = 0; matrix < 6; matrix += step) {
        if (!bits_.ReadBit()) {
          // scaling_list_pred_matrix_id_delta
          if (!SkipUe(static_cast<std::uint32_t>(matrix / step))) return false;
          continue;
        }
        if (size > 1 && !ReadSe(-7, 247)) return false;  // scaling_list_dc_coef_minus8
        for (int i = std::min(64, 16 << (2 * size)); i > 0; --i) {
          if (!ReadSe(-128, 127)) return false;
        }
      }
    }
    return true;
  }
  constexpr bool ReadSe(std::int32_t min, std::int32_t max) {
    const std::int32_t value = bits_.ReadSe();
    return bits_.ok() && value >= min && value <= max;
  }

  constexpr bool ReadRefPicSets() {
    std::uint32_t count = 0;
    if (!ReadUe(64, count)) return Fail(H265SpsError::kBadRefPicSet);
    sps_.num_short_term_ref_pic_sets = static_cast<std::uint8_t>(count);
    RefPicSet set;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!ReadRefPicSet(i > 0, set)) return Fail(H265SpsError::kBadRefPicSet);
    }
    if (bits_.ReadBit()) {  // long_term_ref_pics_present_flag
      if (!ReadUe(32, count)) return Fail(H265SpsError::kBadLongTerm);
      bits_.Skip(count * (sps_.log2_max_pic_order_cnt_lsb + 1u));
    }
    bits_.Skip(2);  // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
    return true;
  }

  // st_ref_pic_set() of section 7.3.7; `set` is the one before. That of an SPS
  // is predicted from no other.
  constexpr bool ReadRefPicSet(bool may_predict, RefPicSet& set) {
    return may_predict && bits_.ReadBit() ? PredictRefPicSet(set) : ReadExplicitRefPicSet(set);
  }

  constexpr bool ReadExplicitRefPicSet(RefPicSet& set) {
    const std::uint32_t room = sps_.max_dec_pic_buffering - 1u;
    std::uint32_t negatives = 0;
    std::uint32_t positives = 0;
    if (!ReadUe(room, negatives) || !ReadUe(room - negatives, positives)) return false;
    set.negatives = static_cast<int>(negatives);
    set.positives = static_cast<int>(positives);
    return ReadDeltas(set.negatives, -1, set.s0) && ReadDeltas(set.positives, 1, set.s1);
  }
  constexpr bool ReadDeltas(int count, std::int32_t sign, std::array<std::int32_t, kMaxPics>& out) {
    std::int32_t delta = 0;
    for (int i = 0; i < count; ++i) {
      std::uint32_t minus1 = 0;
      if (!ReadUe(0x7fff, minus1)) return false;
      bits_.Skip(1);  // used_by_curr_pic_flag
      delta += sign * static_cast<std::int32_t>(minus1 + 1);
      out[static_cast<std::size_t>(i)] = delta;
    }
    return true;
  }

  // Equations 7-61 and 7-62: what the set before has, moved by deltaRps, and
  // deltaRps itself; each kept when its flag says so.
  constexpr bool PredictRefPicSet(RefPicSet& set) {
    const bool negative = bits_.ReadBit();
    std::uint32_t minus1 = 0;
    if (!ReadUe(0x7fff, minus1)) return false;
    const auto magnitude = static_cast<std::int32_t>(minus1 + 1);
    const std::int32_t delta_rps = negative ? -magnitude : magnitude;
    const RefPicSet from = set;
    const int count = from.negatives + from.positives;
    std::uint32_t kept = 0;  // use_delta_flag
    for (int j = 0; j <= count; ++j) {
      const bool used = bits_.ReadBit();
      if (used || bits_.ReadBit()) kept |= 1u << j;
    }
    set = {};
    const auto keep = [&](int flag, std::int32_t delta, bool below) {
      if ((kept >> flag & 1) == 0 || delta == 0 || (delta < 0) != below) return true;
      int& size = below ? set.negatives : set.positives;
      if (set.negatives + set.positives >= sps_.max_dec_pic_buffering - 1) return false;
      (below ? set.s0 : set.s1)[static_cast<std::size_t>(size++)] = delta;
      return true;
    };
    for (const bool below : {true, false}) {
      const int first_count = below ? from.positives : from.negatives;
      const int second_count = below ? from.negatives : from.positives;
      const auto& first = below ? from.s1 : from.s0;
      const auto& second = below ? from.s0 : from.s1;
      const int first_flag = below ? from.negatives : 0;
      const int second_flag = below ? 0 : from.negatives;
      for (int i = first_count - 1; i >= 0; --i) {
        if (!keep(first_flag + i, first[static_cast<std::size_t>(i)] + delta_rps, below)) return false;
      }
      if (!keep(count, delta_rps, below)) return false;
      for (int i = 0; i < second_count; ++i) {
        if (!keep(second_flag + i, second[static_cast<std::size_t>(i)] + delta_rps, below)) return false;
      }
    }
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
        sps_.transfer_characteristics = static_cast<std::uint8_t>(bits_.ReadBits(8));
        sps_.matrix_coefficients = static_cast<std::uint8_t>(bits_.ReadBits(8));
      }
    }
    // chroma_loc_info
    if (bits_.ReadBit() && (!SkipUe(5) || !SkipUe(5))) return Fail(H265SpsError::kBadVui);
    bits_.Skip(1);  // neutral_chroma_indication_flag
    sps_.field_sequence = bits_.ReadBit();
    bits_.Skip(1);          // frame_field_info_present_flag
    if (bits_.ReadBit()) {  // default_display_window_flag
      for (int i = 0; i < 4; ++i) bits_.ReadUe();
    }
    if (bits_.ReadBit()) {  // vui_timing_info_present_flag
      sps_.num_units_in_tick = bits_.ReadBits(32);
      sps_.time_scale = bits_.ReadBits(32);
      if (bits_.ReadBit()) bits_.ReadUe();  // vui_num_ticks_poc_diff_one_minus1
      if (bits_.ReadBit() && !SkipHrd()) return Fail(H265SpsError::kBadVui);
    }
    if (bits_.ReadBit()) {  // bitstream_restriction_flag
      bits_.Skip(3);
      std::uint32_t segmentation = 0;
      if (!ReadUe(4095, segmentation) || !SkipUe(16) || !SkipUe(16) || !SkipUe(16) || !SkipUe(16)) {
        return Fail(H265SpsError::kBadVui);
      }
      sps_.min_spatial_segmentation_idc = static_cast<std::uint16_t>(segmentation);
    }
    return true;
  }

  constexpr void ReadAspectRatio() {
    struct Ratio {
      std::uint8_t width;
      std::uint8_t height;
    };
    constexpr Ratio kRatios[] = {// table E.1
                                 {0, 0},   {1, 1},    {12, 11}, {10, 11}, {16, 11}, {40, 33},
                                 {24, 11}, {20, 11},  {32, 11}, {80, 33}, {18, 11}, {15, 11},
                                 {64, 33}, {160, 99}, {4, 3},   {3, 2},   {2, 1}};
    const std::uint32_t index = bits_.ReadBits(8);
    if (index == 255) {
      sps_.sar_width = static_cast<std::uint16_t>(bits_.ReadBits(16));
      sps_.sar_height = static_cast<std::uint16_t>(bits_.ReadBits(16));
    } else if (index < std::size(kRatios)) {
      sps_.sar_width = kRatios[index].width;
      sps_.sar_height = kRatios[index].height;
    }
  }

  // hrd_parameters(1, sps_max_sub_layers_minus1) of section E.2.2.
  constexpr bool SkipHrd() {
    const bool nal = bits_.ReadBit();
    const bool vcl = bits_.ReadBit();
    bool sub_pic = false;
    if (nal || vcl) {
      sub_pic = bits_.ReadBit();
      if (sub_pic) bits_.Skip(8 + 5 + 1 + 5);
      bits_.Skip(4 + 4);
      if (sub_pic) bits_.Skip(4);
      bits_.Skip(5 + 5 + 5);
    }
    for (int i = 0; i < sps_.max_sub_layers; ++i) {
      const bool fixed_rate = bits_.ReadBit();
      const bool fixed_within_cvs = fixed_rate || bits_.ReadBit();
      bool low_delay = false;
      if (fixed_within_cvs) {
        if (!SkipUe(2047)) return false;  // elemental_duration_in_tc_minus1
      } else {
        low_delay = bits_.ReadBit();
      }
      std::uint32_t cpb_count = 0;
      if (!low_delay && !ReadUe(31, cpb_count)) return false;
      const int lists = (nal ? 1 : 0) + (vcl ? 1 : 0);
      for (int list = 0; list < lists; ++list) {
        for (std::uint32_t j = 0; j <= cpb_count && bits_.ok(); ++j) {
          for (int k = sub_pic ? 4 : 2; k > 0; --k) bits_.ReadUe();
          bits_.Skip(1);  // cbr_flag
        }
      }
    }
    return true;
  }

  BitReader bits_;
  H265Sps& sps_;
  H265SpsError error_ = H265SpsError::kTruncated;
};

}  // namespace internal

constexpr Expected<H265Sps, H265SpsError> H265Sps::Parse(Bytes nal) {
  H265NalHeader header;
  if (nal.size() < 3 || !H265NalHeader::Read(nal, header)) return H265SpsError::kTooShort;
  if (header.type != H265NalType::kSps) return H265SpsError::kNotSps;
  if (header.layer_id != 0) return H265SpsError::kOtherLayer;
  std::uint8_t rbsp[4096];
  const std::size_t size = RemoveEmulationPrevention(nal.subspan(2), rbsp);
  H265Sps sps;
  H265SpsError error{};
  if (!internal::H265SpsParser(Bytes(rbsp, size), sps).Run(error)) return error;
  return sps;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H265_SPS_H_
