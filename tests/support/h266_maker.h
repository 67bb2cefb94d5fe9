#ifndef MEDIACORE_TESTS_SUPPORT_H266_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_H266_MAKER_H_

#include "h264_maker.h"
#include "mediacore/codec/h266_nal.h"

namespace mediacore::testing {

using codec::H266NalType;

inline std::vector<std::uint8_t> MakeH266Nal(H266NalType type, Bytes rbsp, int layer = 0, int tid = 0) {
  const auto header =
      codec::H266NalHeader{type, static_cast<std::uint8_t>(layer), static_cast<std::uint8_t>(tid + 1), false, false}
          .bytes();
  std::vector<std::uint8_t> out(rbsp.size() * 2 + 3);
  out[0] = header[0];
  out[1] = header[1];
  std::size_t size = 0;
  if (!codec::AddEmulationPrevention(rbsp, MutableBytes(out).subspan(2), size)) return {};
  out.resize(2 + size);
  return out;
}

// What made parameter sets say; the defaults are 640x360.
struct H266Spec {
  std::uint32_t sps_id = 0;
  std::uint32_t sub_layers_minus1 = 0;
  std::uint32_t chroma_format = 1;
  std::uint32_t log2_ctu_minus5 = 2;
  bool profile = true;
  bool constraints = false;  // 71 bits and `more_constraints`
  std::uint32_t more_constraints = 0;
  std::uint32_t level_flags = 0;  // of each sub-layer but the highest
  std::uint32_t sub_profiles = 0;
  bool resampling = false;
  std::uint32_t width = 640;
  std::uint32_t height = 360;
  bool cropping = false;
  std::uint32_t crop[4] = {0, 0, 0, 0};
};

inline void WriteH266Size(BitWriter& bits, const H266Spec& spec) {
  bits.WriteUe(spec.width);
  bits.WriteUe(spec.height);
  bits.WriteBits(spec.cropping, 1);
  for (int i = 0; spec.cropping && i < 4; ++i) bits.WriteUe(spec.crop[i]);
}

inline std::vector<std::uint8_t> MakeH266Sps(const H266Spec& spec) {
  std::uint8_t room[2048];
  BitWriter bits(room);
  const auto align = [&] {
    while (bits.position() % 8 != 0) bits.WriteBits(0, 1);
  };
  bits.WriteBits(spec.sps_id, 4);
  bits.WriteBits(0, 4);
  bits.WriteBits(spec.sub_layers_minus1, 3);
  bits.WriteBits(spec.chroma_format, 2);
  bits.WriteBits(spec.log2_ctu_minus5, 2);
  bits.WriteBits(spec.profile, 1);
  if (spec.profile) {
    bits.WriteBits(1, 7);  // Main 10
    bits.WriteBits(0, 1);
    bits.WriteBits(51, 8);
    bits.WriteBits(2, 2);
    bits.WriteBits(spec.constraints, 1);
    if (spec.constraints) {
      for (int i = 0; i < 71; ++i) bits.WriteBits(1, 1);
      bits.WriteBits(spec.more_constraints, 8);
      for (std::uint32_t i = 0; i < spec.more_constraints; ++i) bits.WriteBits(1, 1);
    }
    align();
    bits.WriteBits(spec.level_flags, static_cast<int>(spec.sub_layers_minus1));
    align();
    for (std::uint32_t i = 0; i < spec.sub_layers_minus1; ++i) {
      if ((spec.level_flags >> i & 1) != 0) bits.WriteBits(35, 8);
    }
    bits.WriteBits(spec.sub_profiles, 8);
    for (std::uint32_t i = 0; i < spec.sub_profiles; ++i) bits.WriteBits(0x01020304, 32);
  }
  bits.WriteBits(1, 1);  // sps_gdr_enabled_flag
  bits.WriteBits(spec.resampling, 1);
  if (spec.resampling) bits.WriteBits(0, 1);
  WriteH266Size(bits, spec);
  bits.WriteBits(0x2aaaa, 20);
  bits.WriteBits(1, 1);
  return MakeH266Nal(H266NalType::kSps, Bytes(room).first(bits.byte_size()));
}

inline std::vector<std::uint8_t> MakeH266Pps(std::uint32_t id, const H266Spec& spec) {
  std::uint8_t room[64];
  BitWriter bits(room);
  bits.WriteBits(id, 6);
  bits.WriteBits(spec.sps_id, 4);
  bits.WriteBits(0, 1);
  WriteH266Size(bits, spec);
  bits.WriteBits(0x2aaaa, 20);
  bits.WriteBits(1, 1);
  return MakeH266Nal(H266NalType::kPps, Bytes(room).first(bits.byte_size()));
}

inline void WriteH266PictureHeader(BitWriter& bits, bool irap, bool non_reference, std::uint32_t pps_id) {
  bits.WriteBits(irap, 1);
  bits.WriteBits(non_reference, 1);
  if (irap) bits.WriteBits(0, 1);
  bits.WriteBits(!irap, 1);
  if (!irap) bits.WriteBits(1, 1);
  bits.WriteUe(pps_id);
  bits.WriteBits(0x15, 5);
}

inline std::vector<std::uint8_t> MakeH266PictureHeader(bool irap, bool non_reference = false, std::uint32_t pps_id = 0,
                                                       int layer = 0) {
  std::uint8_t room[16];
  BitWriter bits(room);
  WriteH266PictureHeader(bits, irap, non_reference, pps_id);
  bits.WriteBits(1, 1);
  return MakeH266Nal(H266NalType::kPictureHeader, Bytes(room).first(bits.byte_size()), layer);
}

// A slice of `size` bytes, with its picture header inside or not; behind its head
// is noise.
inline std::vector<std::uint8_t> MakeH266Slice(Dice& dice, H266NalType type, bool with_header, std::size_t size,
                                               int tid = 0, int layer = 0, bool non_reference = false) {
  std::vector<std::uint8_t> out = dice.Block(std::max<std::size_t>(size, 10));
  const auto header =
      codec::H266NalHeader{type, static_cast<std::uint8_t>(layer), static_cast<std::uint8_t>(tid + 1), false, false}
          .bytes();
  out[0] = header[0];
  out[1] = header[1];
  BitWriter bits(MutableBytes(out).subspan(2, 6));
  bits.WriteBits(with_header, 1);
  if (with_header) WriteH266PictureHeader(bits, codec::IsIrap(type), non_reference, 0);
  bits.WriteBits(0x55, 7);
  return out;
}

// A frame as EncodedFrame::data holds it: one slice with its picture header, or a
// picture header and one to three slices; a key frame brings its parameter sets.
inline std::vector<std::uint8_t> MakeH266Frame(Dice& dice, bool key, std::size_t max_slice = 4000) {
  std::vector<std::uint8_t> frame;
  if (key) {
    AppendAvcc(frame, MakeH266Sps({}));
    AppendAvcc(frame, MakeH266Pps(0, {}));
  }
  if (dice.Chance(20)) {
    std::vector<std::uint8_t> sei = dice.Block(3 + dice.Below(40));
    sei[0] = 0;
    sei[1] = 23 << 3 | 1;
    AppendAvcc(frame, sei);
  }
  const H266NalType type = !key ? H266NalType::kTrail : dice.Chance(50) ? H266NalType::kIdrNLp : H266NalType::kCra;
  const bool alone = dice.Chance(50);
  if (!alone) AppendAvcc(frame, MakeH266PictureHeader(key));
  const std::size_t slices = alone ? 1 : 1 + dice.Below(3);
  for (std::size_t i = 0; i < slices; ++i) {
    AppendAvcc(frame, MakeH266Slice(dice, type, alone, 10 + dice.Below(dice.Chance(50) ? 100 : max_slice)));
  }
  return frame;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_H266_MAKER_H_
