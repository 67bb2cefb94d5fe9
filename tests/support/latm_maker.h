#ifndef MEDIACORE_TESTS_SUPPORT_LATM_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_LATM_MAKER_H_

#include <vector>

#include "mediacore/base/bit_writer.h"

namespace mediacore::testing {

// A StreamMuxConfig as anybody may write it.
struct LatmConfigSpec {
  std::uint32_t version = 0;
  bool version_a = false;
  bool same_framing = true;
  std::uint32_t sub_frames = 0, programs = 0, layers = 0;
  std::vector<std::uint8_t> asc = {0x12, 0x10};  // AAC LC, 44.1 kHz, stereo
  std::size_t asc_bits = 16;
  std::uint32_t frame_length_type = 0, frame_length = 0;
  std::uint32_t other_data_bits = 0;
  bool endless_other_data = false;
  bool crc = false;
};

inline void WriteLatmValue(BitWriter& bits, std::uint32_t value) {
  bits.WriteBits(3, 2);
  bits.WriteBits(value, 32);
}

inline void WriteLatmConfig(BitWriter& bits, const LatmConfigSpec& spec) {
  bits.WriteBits(spec.version, 1);
  if (spec.version == 1) bits.WriteBits(spec.version_a, 1);
  if (spec.version == 1) WriteLatmValue(bits, 1234);
  bits.WriteBits(spec.same_framing, 1);
  bits.WriteBits(spec.sub_frames, 6);
  bits.WriteBits(spec.programs, 4);
  bits.WriteBits(spec.layers, 3);
  if (spec.version == 1) WriteLatmValue(bits, static_cast<std::uint32_t>(spec.asc_bits));
  for (std::size_t i = 0; i < spec.asc_bits; ++i) {
    bits.WriteBits(i / 8 < spec.asc.size() ? spec.asc[i / 8] >> (7 - i % 8) & 1u : 0, 1);
  }
  bits.WriteBits(spec.frame_length_type, 3);
  if (spec.frame_length_type == 0) bits.WriteBits(0xff, 8);
  if (spec.frame_length_type == 1) bits.WriteBits(spec.frame_length - 20, 9);
  bits.WriteBits(spec.other_data_bits != 0 || spec.endless_other_data, 1);
  for (int i = 0; spec.endless_other_data && i < 20; ++i) bits.WriteBits(0x1ff, 9);
  if (spec.other_data_bits != 0 && spec.version == 1) WriteLatmValue(bits, spec.other_data_bits);
  if (spec.other_data_bits != 0 && spec.version == 0) {
    bits.WriteBits(1, 1);  // 16 bits in two steps
    bits.WriteBits(spec.other_data_bits >> 8, 8);
    bits.WriteBits(0, 1);
    bits.WriteBits(spec.other_data_bits, 8);
  }
  bits.WriteBits(spec.crc, 1);
  if (spec.crc) bits.WriteBits(0x5a, 8);
}

inline std::vector<std::uint8_t> MakeLatmConfig(const LatmConfigSpec& spec) {
  std::vector<std::uint8_t> out(400);
  BitWriter bits(out);
  WriteLatmConfig(bits, spec);
  out.resize(bits.byte_size());
  return out;
}

// An audioMuxElement with its configuration in front (`config`), with the one
// before (`same`), or with none of that (cpresent=0).
enum class LatmHead { kConfig, kSame, kNone };
inline std::vector<std::uint8_t> MakeLatmElement(const LatmConfigSpec& spec, LatmHead head,
                                                 const std::vector<std::vector<std::uint8_t>>& units) {
  std::size_t room = 500 + spec.other_data_bits / 8;
  for (const auto& unit : units) room += unit.size() + unit.size() / 255 + 2;
  std::vector<std::uint8_t> out(room);
  BitWriter bits(out);
  if (head != LatmHead::kNone) bits.WriteBits(head == LatmHead::kSame, 1);
  if (head == LatmHead::kConfig) WriteLatmConfig(bits, spec);
  for (const auto& unit : units) {
    if (spec.frame_length_type == 0) {
      for (std::size_t left = unit.size(); left >= 255; left -= 255) bits.WriteBits(255, 8);
      bits.WriteBits(static_cast<std::uint32_t>(unit.size() % 255), 8);
    }
    for (const std::uint8_t byte : unit) bits.WriteBits(byte, 8);
  }
  for (std::uint32_t i = 0; i < spec.other_data_bits; ++i) bits.WriteBits(i & 1, 1);
  out.resize(bits.byte_size());
  return out;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_LATM_MAKER_H_
