#ifndef MEDIACORE_TESTS_SUPPORT_H264_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_H264_MAKER_H_

#include <vector>

#include "mediacore/base/bit_writer.h"
#include "mediacore/codec/nal_units.h"

namespace mediacore::testing {

// A generator that is small, fast and the same everywhere (xorshift64*).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint64_t Bits() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1du;
  }
  std::size_t Below(std::size_t bound) { return (Bits() >> 16) % bound; }
  bool Chance(int percent) { return Below(100) < static_cast<std::size_t>(percent); }
  std::vector<std::uint8_t> Block(std::size_t size) {
    std::vector<std::uint8_t> out(size);
    for (std::size_t i = 0; i < size; i += 8) {
      const std::uint64_t bits = Bits();
      for (std::size_t j = i; j < size && j < i + 8; ++j) {
        out[j] = static_cast<std::uint8_t>(bits >> (j - i) * 8);
      }
    }
    return out;
  }

 private:
  std::uint64_t state_;
};

// What a made SPS says; the defaults are 640x360 Baseline without VUI.
struct SpsSpec {
  std::uint8_t profile = 66;
  std::uint8_t constraints = 0xc0;
  std::uint8_t level = 30;
  std::uint32_t id = 0;
  std::uint32_t chroma_format = 1;
  bool separate_planes = false;
  std::uint32_t extra_bits_luma = 0;
  std::uint32_t extra_bits_chroma = 0;
  std::vector<std::int32_t> scaling_deltas;  // of the first list
  std::uint32_t log2_frame_num_minus4 = 0;
  std::uint32_t poc_type = 2;
  std::uint32_t poc_cycle = 0;  // with poc_type 1
  std::uint32_t ref_frames = 1;
  std::uint32_t width_mbs = 40;
  std::uint32_t height_units = 23;
  bool frame_mbs_only = true;
  bool cropping = true;
  std::uint32_t crop[4] = {0, 0, 0, 4};  // left, right, top, bottom, in units
  bool vui = false;
  bool colour = false;
  std::uint32_t primaries = 9, transfer = 16, matrix = 9;
  bool full_range = false;
  std::uint32_t sar_idc = 0;  // 255: 1000:999
  std::uint32_t chroma_loc = 0;
  std::uint32_t num_units = 0, time_scale = 0;
  bool fixed = true;
  bool hrd = false;
  std::uint32_t hrd_count_minus1 = 0;
  bool restriction = false;
  std::uint32_t reorder = 0, buffering = 0;
};

inline std::vector<std::uint8_t> MakeNal(std::uint8_t header, Bytes rbsp) {
  std::vector<std::uint8_t> out(rbsp.size() * 2 + 2);
  out[0] = header;
  std::size_t size = 0;
  if (!codec::AddEmulationPrevention(rbsp, MutableBytes(out).subspan(1), size)) {
    return {};
  }
  out.resize(1 + size);
  return out;
}

inline void WriteHrd(BitWriter& bits, std::uint32_t count_minus1) {
  bits.WriteUe(count_minus1);
  bits.WriteBits(0x12, 8);
  for (std::uint32_t i = 0; i <= count_minus1 && i < 32; ++i) {
    bits.WriteUe(1000 + i);
    bits.WriteUe(0xfffffffe);
    bits.WriteBits(1, 1);
  }
  bits.WriteBits(0xabcde, 20);
}

inline std::vector<std::uint8_t> MakeSps(const SpsSpec& spec) {
  std::uint8_t room[2048];
  BitWriter bits(room);
  bits.WriteBits(spec.profile, 8);
  bits.WriteBits(spec.constraints, 8);
  bits.WriteBits(spec.level, 8);
  bits.WriteUe(spec.id);
  if (spec.profile >= 100) {
    bits.WriteUe(spec.chroma_format);
    if (spec.chroma_format == 3) bits.WriteBits(spec.separate_planes, 1);
    bits.WriteUe(spec.extra_bits_luma);
    bits.WriteUe(spec.extra_bits_chroma);
    bits.WriteBits(0, 1);
    bits.WriteBits(!spec.scaling_deltas.empty(), 1);
    if (!spec.scaling_deltas.empty()) {
      bits.WriteBits(1, 1);
      for (const std::int32_t delta : spec.scaling_deltas) bits.WriteSe(delta);
      bits.WriteBits(0, spec.chroma_format == 3 ? 11 : 7);
    }
  }
  bits.WriteUe(spec.log2_frame_num_minus4);
  bits.WriteUe(spec.poc_type);
  if (spec.poc_type == 0) bits.WriteUe(2);
  if (spec.poc_type == 1) {
    bits.WriteBits(0, 1);
    bits.WriteSe(-3);
    bits.WriteSe(4);
    bits.WriteUe(spec.poc_cycle);
    for (std::uint32_t i = 0; i < spec.poc_cycle && i < 255; ++i) bits.WriteSe(2);
  }
  bits.WriteUe(spec.ref_frames);
  bits.WriteBits(0, 1);
  bits.WriteUe(spec.width_mbs - 1);
  bits.WriteUe(spec.height_units - 1);
  bits.WriteBits(spec.frame_mbs_only, 1);
  if (!spec.frame_mbs_only) bits.WriteBits(1, 1);
  bits.WriteBits(1, 1);
  bits.WriteBits(spec.cropping, 1);
  if (spec.cropping) {
    for (const std::uint32_t edge : spec.crop) bits.WriteUe(edge);
  }
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
    bits.WriteBits(spec.time_scale != 0, 1);
    if (spec.time_scale != 0) {
      bits.WriteBits(spec.num_units, 32);
      bits.WriteBits(spec.time_scale, 32);
      bits.WriteBits(spec.fixed, 1);
    }
    for (int i = 0; i < 2; ++i) {
      bits.WriteBits(spec.hrd, 1);
      if (spec.hrd) WriteHrd(bits, spec.hrd_count_minus1);
    }
    if (spec.hrd) bits.WriteBits(0, 1);
    bits.WriteBits(1, 1);
    bits.WriteBits(spec.restriction, 1);
    if (spec.restriction) {
      bits.WriteBits(1, 1);
      for (const std::uint32_t value : {2u, 1u, 10u, 10u}) bits.WriteUe(value);
      bits.WriteUe(spec.reorder);
      bits.WriteUe(spec.buffering);
    }
  }
  bits.WriteBits(1, 1);
  return MakeNal(0x67, Bytes(room).first(bits.byte_size()));
}

inline std::vector<std::uint8_t> MakePps(std::uint32_t id, std::uint32_t sps_id,
                                         bool cabac = false) {
  std::uint8_t room[32];
  BitWriter bits(room);
  bits.WriteUe(id);
  bits.WriteUe(sps_id);
  bits.WriteBits(cabac, 1);
  bits.WriteBits(0x155, 9);
  bits.WriteBits(1, 1);
  return MakeNal(0x68, Bytes(room).first(bits.byte_size()));
}

// A slice that begins as one should; the rest, to `size` bytes, is noise.
inline std::vector<std::uint8_t> MakeSlice(Dice& dice, std::uint8_t header,
                                           std::uint32_t first_mb,
                                           std::size_t size) {
  std::vector<std::uint8_t> out = dice.Block(std::max<std::size_t>(size, 12));
  out[0] = header;
  BitWriter bits(MutableBytes(out).subspan(1, 11));
  bits.WriteUe(first_mb);
  bits.WriteUe(header == 0x65 ? 7 : 5);
  bits.WriteUe(0);
  bits.WriteBits(0x15, 5);
  return out;
}

inline void AppendAvcc(std::vector<std::uint8_t>& frame, Bytes nal) {
  const std::size_t at = frame.size();
  frame.resize(at + 4);
  StoreU32(frame.data() + at, static_cast<std::uint32_t>(nal.size()));
  frame.insert(frame.end(), nal.begin(), nal.end());
}

// A frame as EncodedFrame::data holds it: sometimes SEI, one to four slices; a
// key frame brings its parameter sets.
inline std::vector<std::uint8_t> MakeFrame(Dice& dice, bool key,
                                           std::size_t max_slice = 4000) {
  std::vector<std::uint8_t> frame;
  if (key) {
    SpsSpec spec;
    spec.ref_frames = 1 + static_cast<std::uint32_t>(dice.Below(2));
    AppendAvcc(frame, MakeSps(spec));
    AppendAvcc(frame, MakePps(0, 0));
  }
  if (dice.Chance(20)) {
    std::vector<std::uint8_t> sei = dice.Block(2 + dice.Below(40));
    sei[0] = 0x06;
    AppendAvcc(frame, sei);
  }
  const std::size_t slices = dice.Chance(70) ? 1 : 2 + dice.Below(3);
  const auto header = static_cast<std::uint8_t>(
      key ? 0x65 : dice.Chance(20) ? 0x01 : 0x41);
  for (std::size_t i = 0; i < slices; ++i) {
    AppendAvcc(frame, MakeSlice(dice, header, static_cast<std::uint32_t>(i * 200),
                                12 + dice.Below(dice.Chance(50) ? 100 : max_slice)));
  }
  return frame;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_H264_MAKER_H_
