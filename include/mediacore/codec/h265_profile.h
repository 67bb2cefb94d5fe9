#ifndef MEDIACORE_CODEC_H265_PROFILE_H_
#define MEDIACORE_CODEC_H265_PROFILE_H_

#include <array>

#include "mediacore/base/bit_reader.h"
#include "mediacore/codec/codec_string.h"

namespace mediacore::codec {

// What general_ says in profile_tier_level() (ITU-T H.265, section 7.3.3): the
// 12 bytes that VPS, SPS and hvcC have in common.
struct H265Profile {
  std::uint8_t profile_space = 0;  // 0 to 3
  bool high_tier = false;
  std::uint8_t profile_idc = 0;               // 0 to 31
  std::uint32_t compatibility_flags = 0;      // of profile 0 first, in the top bit
  std::array<std::uint8_t, 6> constraints{};  // general_progressive_source_flag first
  std::uint8_t level_idc = 0;                 // 30 times the level

  // profile_tier_level(1, max_sub_layers_minus1). The sub-layers' own profiles
  // and levels are passed over. False when `max_sub_layers_minus1` is above 6 or
  // the bits run out.
  [[nodiscard]] static constexpr bool Read(BitReader& bits, std::uint32_t max_sub_layers_minus1, H265Profile& out);

  // RFC 6381 and ISO/IEC 14496-15, section E.3: "hvc1.1.6.L93.B0". The box type
  // is "hvc1", or "hev1" where parameter sets may also lie in the samples.
  constexpr CodecString codec_string(std::string_view box_type = "hvc1") const;

  constexpr bool operator==(const H265Profile&) const = default;
};

constexpr bool H265Profile::Read(BitReader& bits, std::uint32_t max_sub_layers_minus1, H265Profile& out) {
  if (max_sub_layers_minus1 > 6) return false;
  out.profile_space = static_cast<std::uint8_t>(bits.ReadBits(2));
  out.high_tier = bits.ReadBit();
  out.profile_idc = static_cast<std::uint8_t>(bits.ReadBits(5));
  out.compatibility_flags = bits.ReadBits(32);
  for (std::uint8_t& byte : out.constraints) byte = static_cast<std::uint8_t>(bits.ReadBits(8));
  out.level_idc = static_cast<std::uint8_t>(bits.ReadBits(8));
  if (max_sub_layers_minus1 == 0) return bits.ok();
  // Two flags for each of eight sub-layers, those that are absent too.
  const std::uint32_t present = bits.ReadBits(16);
  for (std::uint32_t i = 0; i < max_sub_layers_minus1; ++i) {
    if ((present >> (15 - 2 * i) & 1) != 0) bits.Skip(88);  // sub_layer_profile_present_flag
    if ((present >> (14 - 2 * i) & 1) != 0) bits.Skip(8);   // sub_layer_level_present_flag
  }
  return bits.ok();
}

constexpr CodecString H265Profile::codec_string(std::string_view box_type) const {
  CodecString out(box_type);
  out.Append(".");
  constexpr std::string_view kSpaces[] = {"", "A", "B", "C"};
  out.Append(kSpaces[profile_space & 3]).AppendDecimal(profile_idc);
  std::uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= (compatibility_flags >> bit & 1u) << (31 - bit);
  out.Append(".").AppendUpperHex(reversed).Append(high_tier ? ".H" : ".L").AppendDecimal(level_idc);
  std::size_t used = constraints.size();
  while (used > 0 && constraints[used - 1] == 0) --used;
  for (std::size_t i = 0; i < used; ++i) out.Append(".").AppendUpperHex(constraints[i]);
  return out;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H265_PROFILE_H_
