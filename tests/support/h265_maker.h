#ifndef MEDIACORE_TESTS_SUPPORT_H265_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_H265_MAKER_H_

#include "h264_maker.h"
#include "mediacore/codec/h265_nal.h"

namespace mediacore::testing {

using codec::H265NalType;

// One st_ref_pic_set() as it is written.
struct RefPicSetSpec {
  bool predicted = false;
  std::vector<std::uint32_t> s0_minus1{}, s1_minus1{};  // explicit
  bool negative = false;                                // predicted
  std::uint32_t abs_delta_rps_minus1 = 0;
  std::vector<int> flags{};  // of each picture: 2 used, 1 kept, 0 neither
};

// What a made SPS says; the defaults are 640x360 Main without VUI.
struct H265SpsSpec {
  std::uint32_t vps_id = 0;
  std::uint32_t sub_layers_minus1 = 0;
  std::uint32_t sub_layer_flags = 0;  // with sub-layers: their 16 bits of presence
  std::uint32_t profile_bits = 0x01;  // space, tier, idc
  std::uint32_t compatibility = 0x60000000;
  std::array<std::uint8_t, 6> constraints = {0xb0, 0, 0, 0, 0, 0};
  std::uint32_t level = 93;
  std::uint32_t id = 0;
  std::uint32_t chroma_format = 1;
  std::uint32_t width = 640;
  std::uint32_t height = 360;
  bool cropping = false;
  std::uint32_t crop[4] = {0, 0, 0, 0};  // left, right, top, bottom, in units
  std::uint32_t extra_bits_luma = 0;
  std::uint32_t extra_bits_chroma = 0;
  std::uint32_t log2_poc_minus4 = 4;
  bool each_sub_layer = true;
  std::uint32_t buffering_minus1 = 4;
  std::uint32_t reorder = 2;
  std::uint32_t block_sizes[6] = {0, 3, 0, 3, 0, 0};
  // scaling_list_data(): one number for "predicted from", two and more: dc and deltas.
  bool scaling_lists = false;
  std::int32_t scaling_delta = 1;
  std::int32_t scaling_dc = 8;
  std::uint32_t scaling_from = 99;  // below 99: every list is predicted so
  bool pcm = false;
  std::uint32_t pcm_size = 0;
  std::vector<RefPicSetSpec> sets;
  std::uint32_t set_count = 0;  // when not sets.size()
  bool long_term = false;
  std::uint32_t long_term_count = 0;
  bool vui = false;
  std::uint32_t sar_idc = 0;  // 255: 1000:999
  bool colour = false;
  std::uint32_t primaries = 9, transfer = 16, matrix = 9;
  bool full_range = false;
  std::uint32_t chroma_loc = 0;
  bool fields = false;
  bool display_window = false;
  std::uint32_t num_units = 0, time_scale = 0;
  int hrd = 0;  // 0: none, 1: fixed rate, 2: with sub-pictures, 3: low delay, 4: variable rate
  std::uint32_t cpb_count_minus1 = 0;
  std::uint32_t elemental_duration = 0;
  bool restriction = false;
  std::uint32_t segmentation = 0;
};

inline std::vector<std::uint8_t> MakeH265Nal(H265NalType type, Bytes rbsp, int layer = 0, int tid = 0) {
  const codec::H265NalHeader header{type, static_cast<std::uint8_t>(layer), static_cast<std::uint8_t>(tid + 1), false};
  std::vector<std::uint8_t> out(rbsp.size() * 2 + 3);
  out[0] = header.bytes()[0];
  out[1] = header.bytes()[1];
  std::size_t size = 0;
  if (!codec::AddEmulationPrevention(rbsp, MutableBytes(out).subspan(2), size)) return {};
  out.resize(2 + size);
  return out;
}

inline void WriteH265Profile(BitWriter& bits, const H265SpsSpec& spec) {
  bits.WriteBits(spec.profile_bits, 8);
  bits.WriteBits(spec.compatibility, 32);
  for (const std::uint8_t byte : spec.constraints) bits.WriteBits(byte, 8);
  bits.WriteBits(spec.level, 8);
  if (spec.sub_layers_minus1 == 0) return;
  bits.WriteBits(spec.sub_layer_flags, 16);
  for (std::uint32_t i = 0; i < spec.sub_layers_minus1; ++i) {
    if ((spec.sub_layer_flags >> (15 - 2 * i) & 1) != 0) {
      for (int j = 0; j < 11; ++j) bits.WriteBits(j < 2 ? 0x01 : 0, 8);
    }
    if ((spec.sub_layer_flags >> (14 - 2 * i) & 1) != 0) bits.WriteBits(60, 8);
  }
}

inline void WriteH265ScalingLists(BitWriter& bits, const H265SpsSpec& spec) {
  for (int size = 0; size < 4; ++size) {
    for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
      bits.WriteBits(spec.scaling_from == 99, 1);
      if (spec.scaling_from != 99) {
        bits.WriteUe(spec.scaling_from);
        continue;
      }
      if (size > 1) bits.WriteSe(spec.scaling_dc);
      for (int i = 0; i < (size == 0 ? 16 : 64); ++i) bits.WriteSe(spec.scaling_delta);
    }
  }
}

inline void WriteH265RefPicSet(BitWriter& bits, const RefPicSetSpec& set, bool first) {
  if (!first) bits.WriteBits(set.predicted, 1);
  if (set.predicted) {
    bits.WriteBits(set.negative, 1);
    bits.WriteUe(set.abs_delta_rps_minus1);
    for (const int flag : set.flags) {
      bits.WriteBits(flag == 2, 1);
      if (flag != 2) bits.WriteBits(flag == 1, 1);
    }
    return;
  }
  bits.WriteUe(static_cast<std::uint32_t>(set.s0_minus1.size()));
  bits.WriteUe(static_cast<std::uint32_t>(set.s1_minus1.size()));
  for (const auto* list : {&set.s0_minus1, &set.s1_minus1}) {
    for (const std::uint32_t delta : *list) {
      bits.WriteUe(delta);
      bits.WriteBits(1, 1);
    }
  }
}

inline void WriteH265Hrd(BitWriter& bits, const H265SpsSpec& spec) {
  const bool both = spec.hrd == 2;
  bits.WriteBits(1, 1);
  bits.WriteBits(both, 1);
  bits.WriteBits(both, 1);
  if (both) bits.WriteBits(0x5a5a5, 19);
  bits.WriteBits(0x12, 8);
  if (both) bits.WriteBits(3, 4);
  bits.WriteBits(0x1234, 15);
  for (std::uint32_t i = 0; i <= spec.sub_layers_minus1; ++i) {
    bits.WriteBits(spec.hrd <= 2, 1);
    if (spec.hrd > 2) bits.WriteBits(spec.hrd == 4, 1);
    if (spec.hrd != 3) bits.WriteUe(spec.elemental_duration);
    if (spec.hrd == 3) bits.WriteBits(1, 1);
    if (spec.hrd != 3) bits.WriteUe(spec.cpb_count_minus1);
    const std::uint32_t count = spec.hrd == 3 ? 1 : std::min(32u, spec.cpb_count_minus1 + 1);
    for (int list = 0; list < (both ? 2 : 1); ++list) {
      for (std::uint32_t j = 0; j < count; ++j) {
        for (int k = 0; k < (both ? 4 : 2); ++k) bits.WriteUe(1000 + j);
        bits.WriteBits(1, 1);
      }
    }
  }
}

inline std::vector<std::uint8_t> MakeH265Sps(const H265SpsSpec& spec) {
  std::uint8_t room[4096];
  BitWriter bits(room);
  bits.WriteBits(spec.vps_id, 4);
  bits.WriteBits(spec.sub_layers_minus1, 3);
  bits.WriteBits(1, 1);
  WriteH265Profile(bits, spec);
  bits.WriteUe(spec.id);
  bits.WriteUe(spec.chroma_format);
  if (spec.chroma_format == 3) bits.WriteBits(0, 1);
  bits.WriteUe(spec.width);
  bits.WriteUe(spec.height);
  bits.WriteBits(spec.cropping, 1);
  if (spec.cropping) {
    for (const std::uint32_t edge : spec.crop) bits.WriteUe(edge);
  }
  bits.WriteUe(spec.extra_bits_luma);
  bits.WriteUe(spec.extra_bits_chroma);
  bits.WriteUe(spec.log2_poc_minus4);
  bits.WriteBits(spec.each_sub_layer, 1);
  for (std::uint32_t i = spec.each_sub_layer ? 0 : spec.sub_layers_minus1; i <= spec.sub_layers_minus1; ++i) {
    bits.WriteUe(spec.buffering_minus1);
    bits.WriteUe(spec.reorder);
    bits.WriteUe(0);
  }
  for (const std::uint32_t size : spec.block_sizes) bits.WriteUe(size);
  bits.WriteBits(spec.scaling_lists, 1);
  if (spec.scaling_lists) {
    bits.WriteBits(1, 1);
    WriteH265ScalingLists(bits, spec);
  }
  bits.WriteBits(2, 2);
  bits.WriteBits(spec.pcm, 1);
  if (spec.pcm) {
    bits.WriteBits(0x77, 8);
    bits.WriteUe(spec.pcm_size);
    bits.WriteUe(1);
    bits.WriteBits(0, 1);
  }
  bits.WriteUe(spec.set_count != 0 ? spec.set_count : static_cast<std::uint32_t>(spec.sets.size()));
  for (std::size_t i = 0; i < spec.sets.size(); ++i) WriteH265RefPicSet(bits, spec.sets[i], i == 0);
  bits.WriteBits(spec.long_term, 1);
  if (spec.long_term) {
    bits.WriteUe(spec.long_term_count);
    for (std::uint32_t i = 0; i < spec.long_term_count && i < 32; ++i) {
      bits.WriteBits(i, static_cast<int>(spec.log2_poc_minus4) + 4);
      bits.WriteBits(1, 1);
    }
  }
  bits.WriteBits(3, 2);
  bits.WriteBits(spec.vui, 1);
  if (spec.vui) {
    bits.WriteBits(spec.sar_idc != 0, 1);
    if (spec.sar_idc != 0) bits.WriteBits(spec.sar_idc, 8);
    if (spec.sar_idc == 255) bits.WriteBits(1000u << 16 | 999u, 32);
    bits.WriteBits(2, 2);  // overscan: present, not appropriate
    bits.WriteBits(spec.colour, 1);
    if (spec.colour) {
      bits.WriteBits(5, 3);
      bits.WriteBits(spec.full_range, 1);
      bits.WriteBits(1, 1);
      bits.WriteBits(spec.primaries, 8);
      bits.WriteBits(spec.transfer, 8);
      bits.WriteBits(spec.matrix, 8);
    }
    bits.WriteBits(1, 1);
    bits.WriteUe(spec.chroma_loc);
    bits.WriteUe(0);
    bits.WriteBits(0, 1);
    bits.WriteBits(spec.fields, 1);
    bits.WriteBits(1, 1);
    bits.WriteBits(spec.display_window, 1);
    for (int i = 0; spec.display_window && i < 4; ++i) bits.WriteUe(2);
    bits.WriteBits(spec.time_scale != 0, 1);
    if (spec.time_scale != 0) {
      bits.WriteBits(spec.num_units, 32);
      bits.WriteBits(spec.time_scale, 32);
      bits.WriteBits(1, 1);
      bits.WriteUe(0);
      bits.WriteBits(spec.hrd != 0, 1);
      if (spec.hrd != 0) WriteH265Hrd(bits, spec);
    }
    bits.WriteBits(spec.restriction, 1);
    if (spec.restriction) {
      bits.WriteBits(3, 3);
      bits.WriteUe(spec.segmentation);
      for (const std::uint32_t value : {2u, 1u, 15u, 15u}) bits.WriteUe(value);
    }
  }
  bits.WriteBits(0, 1);  // sps_extension_present_flag
  bits.WriteBits(1, 1);
  return MakeH265Nal(H265NalType::kSps, Bytes(room).first(bits.byte_size()));
}

inline std::vector<std::uint8_t> MakeH265Vps(const H265SpsSpec& spec, std::uint32_t max_layers_minus1 = 0) {
  std::uint8_t room[256];
  BitWriter bits(room);
  bits.WriteBits(spec.vps_id, 4);
  bits.WriteBits(3, 2);
  bits.WriteBits(max_layers_minus1, 6);
  bits.WriteBits(spec.sub_layers_minus1, 3);
  bits.WriteBits(1, 1);
  bits.WriteBits(0xffff, 16);
  WriteH265Profile(bits, spec);
  bits.WriteBits(0, 1);
  for (const std::uint32_t value : {spec.buffering_minus1, spec.reorder, 0u}) bits.WriteUe(value);
  bits.WriteBits(0, 6);
  bits.WriteUe(0);
  bits.WriteBits(0, 2);
  bits.WriteBits(1, 1);
  return MakeH265Nal(H265NalType::kVps, Bytes(room).first(bits.byte_size()));
}

inline std::vector<std::uint8_t> MakeH265Pps(std::uint32_t id, std::uint32_t sps_id, std::uint32_t extra_bits = 0,
                                             std::uint32_t tail = 0x155) {
  std::uint8_t room[32];
  BitWriter bits(room);
  bits.WriteUe(id);
  bits.WriteUe(sps_id);
  bits.WriteBits(0, 2);
  bits.WriteBits(extra_bits, 3);
  bits.WriteBits(tail, 12);
  bits.WriteBits(1, 1);
  return MakeH265Nal(H265NalType::kPps, Bytes(room).first(bits.byte_size()));
}

// A slice segment that begins as one should, of `size` bytes; behind its head
// is noise.
inline std::vector<std::uint8_t> MakeH265Slice(Dice& dice, H265NalType type, bool first, std::size_t size, int tid = 0,
                                               int layer = 0) {
  std::vector<std::uint8_t> out = dice.Block(std::max<std::size_t>(size, 8));
  const auto header =
      codec::H265NalHeader{type, static_cast<std::uint8_t>(layer), static_cast<std::uint8_t>(tid + 1), false}.bytes();
  out[0] = header[0];
  out[1] = header[1];
  BitWriter bits(MutableBytes(out).subspan(2, 4));
  bits.WriteBits(first, 1);
  if (codec::IsIrap(type)) bits.WriteBits(0, 1);
  bits.WriteUe(0);  // slice_pic_parameter_set_id
  if (first) bits.WriteUe(codec::IsIrap(type) ? 2 : 1);
  bits.WriteBits(0x15, 5);
  return out;
}

// A frame as EncodedFrame::data holds it: sometimes SEI, one to four slices; a
// key frame brings its parameter sets.
inline std::vector<std::uint8_t> MakeH265Frame(Dice& dice, bool key, std::size_t max_slice = 4000) {
  std::vector<std::uint8_t> frame;
  if (key) {
    H265SpsSpec spec;
    spec.reorder = static_cast<std::uint32_t>(dice.Below(3));
    AppendAvcc(frame, MakeH265Vps(spec));
    AppendAvcc(frame, MakeH265Sps(spec));
    AppendAvcc(frame, MakeH265Pps(0, 0));
  }
  if (dice.Chance(20)) {
    std::vector<std::uint8_t> sei = dice.Block(3 + dice.Below(40));
    sei[0] = 39 << 1;
    sei[1] = 1;
    AppendAvcc(frame, sei);
  }
  const std::size_t slices = dice.Chance(70) ? 1 : 2 + dice.Below(3);
  const H265NalType type = key               ? dice.Chance(50) ? H265NalType::kIdrNLp : H265NalType::kCra
                           : dice.Chance(20) ? H265NalType::kTrailN
                                             : H265NalType::kTrailR;
  for (std::size_t i = 0; i < slices; ++i) {
    AppendAvcc(frame, MakeH265Slice(dice, type, i == 0, 8 + dice.Below(dice.Chance(50) ? 100 : max_slice)));
  }
  return frame;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_H265_MAKER_H_
