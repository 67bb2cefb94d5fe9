#ifndef MEDIACORE_CODEC_VPCC_H_
#define MEDIACORE_CODEC_VPCC_H_

#include <algorithm>
#include <array>

#include "mediacore/base/codec.h"
#include "mediacore/base/units.h"
#include "mediacore/codec/codec_string.h"
#include "mediacore/codec/vp8.h"
#include "mediacore/codec/vp9_frame_header.h"

namespace mediacore::codec {

// Why bytes are not a vpcC, in the order the parser looks.
enum class VpConfigError : std::uint8_t {
  kTooShort,     // fewer than 8 bytes
  kBadProfile,   // above 3
  kBadLevel,     // above 99: more digits than a name has room for
  kBadBitDepth,  // none of 8, 10, 12
  kBadChroma,    // a subsampling above 3
  kInitData,     // bytes to initialise the codec, which VP8 and VP9 have none of
};

constexpr std::string_view ToString(VpConfigError error) {
  switch (error) {
    case VpConfigError::kTooShort: return "vpcc: too short";
    case VpConfigError::kBadProfile: return "vpcc: bad profile";
    case VpConfigError::kBadLevel: return "vpcc: bad level";
    case VpConfigError::kBadBitDepth: return "vpcc: bad bit depth";
    case VpConfigError::kBadChroma: return "vpcc: bad chroma subsampling";
    case VpConfigError::kInitData: return "vpcc: has initialization data";
  }
  return "vpcc: unknown";
}

// VP9 level, ten times its number ("Levels" of the VP9 bitstream specification,
// Annex A): the lowest that allows pictures of that size so often. 0: none does.
constexpr std::uint8_t Vp9LevelOf(std::uint32_t width, std::uint32_t height, Frequency frame_rate) {
  struct Level {
    std::uint8_t number;
    std::uint32_t side;     // width or height at most
    std::uint32_t samples;  // of a picture
    std::uint64_t per_second;
  };
  constexpr auto kLevels = std::to_array<Level>({
      {10, 512, 36'864, 829'440},
      {11, 768, 73'728, 2'764'800},
      {20, 960, 122'880, 4'608'000},
      {21, 1'344, 245'760, 9'216'000},
      {30, 2'048, 552'960, 20'736'000},
      {31, 2'752, 983'040, 36'864'000},
      {40, 4'160, 2'228'224, 83'558'400},
      {41, 4'160, 2'228'224, 160'432'128},
      {50, 8'384, 8'912'896, 311'951'360},
      {51, 8'384, 8'912'896, 588'251'136},
      {52, 8'384, 8'912'896, 1'176'502'272},
      {60, 16'832, 35'651'584, 1'176'502'272},
      {61, 16'832, 35'651'584, 2'353'004'544},
      {62, 16'832, 35'651'584, 4'706'009'088},
  });
  constexpr std::int64_t kMostMillihertz = 10'000'000;
  const std::uint64_t samples = std::uint64_t{width} * height;
  const auto millihertz =
      static_cast<std::uint64_t>(std::clamp<std::int64_t>(frame_rate.millihertz(), 0, kMostMillihertz));
  for (const Level& level : kLevels) {
    if (std::max(width, height) <= level.side && samples <= level.samples &&
        samples * millihertz <= level.per_second * 1'000) {
      return level.number;
    }
  }
  return 0;
}

// VPCodecConfigurationRecord, the body of vpcC in MP4 behind the version and flags
// of its box ("VP Codec ISO Media File Format Binding", version 1), and the name of
// the codec for CODECS, which says the same.
//
//  +-+-+-+-+-+-+-+-+
//  |    profile    |
//  |     level     |  ten times its number
//  | depth |chr  |F|  bits of a sample; chroma_subsampling; full range
//  |   primaries   |  these three as in ISO/IEC 23091-2
//  |   transfer    |
//  |    matrix     |
//  |  0      |  0  |  16 bits: size of initialization data
//  +-+-+-+-+-+-+-+-+
//
//   const auto header = Vp9FrameHeader::Parse(key_frame);
//   const VpConfig config = VpConfig::Of(*header, frame.width, frame.height);
//   config.codec_string(Codec::kVp9).view();  // "vp09.00.31.08"
struct VpConfig {
  static constexpr std::size_t kSize = 8;
  static constexpr std::uint8_t kUnspecified = 2;

  std::uint8_t profile = 0;
  std::uint8_t level = 10;              // up to 99
  std::uint8_t bit_depth = 8;           // 8, 10 or 12
  std::uint8_t chroma_subsampling = 1;  // 0, 1: 4:2:0 with samples between lines, or on them; 2: 4:2:2; 3: 4:4:4
  bool full_range = false;
  std::uint8_t colour_primaries = kUnspecified;
  std::uint8_t transfer_characteristics = kUnspecified;
  std::uint8_t matrix_coefficients = kUnspecified;

  // Of a stream with that key frame, for pictures of that size: of the highest
  // layer, where there are several. The level is computed.
  static constexpr VpConfig Of(const Vp9FrameHeader& key_frame, std::uint32_t width, std::uint32_t height,
                               Frequency frame_rate = Frequency::Hertz(30));
  // VP8 has no levels: it is named as if it were VP9.
  static constexpr VpConfig Of(const Vp8FrameHeader& key_frame, Frequency frame_rate = Frequency::Hertz(30)) {
    VpConfig out;
    out.profile = std::min<std::uint8_t>(key_frame.version, 3);
    out.level = Vp9LevelOf(key_frame.width, key_frame.height, frame_rate);
    return out;
  }

  static constexpr Expected<VpConfig, VpConfigError> Parse(Bytes record) noexcept {
    if (record.size() < kSize) return VpConfigError::kTooShort;
    VpConfig out;
    out.profile = record[0];
    out.level = record[1];
    out.bit_depth = record[2] >> 4;
    out.chroma_subsampling = record[2] >> 1 & 7;
    out.full_range = (record[2] & 1) != 0;
    out.colour_primaries = record[3];
    out.transfer_characteristics = record[4];
    out.matrix_coefficients = record[5];
    if (out.profile > 3) return VpConfigError::kBadProfile;
    if (out.level > 99) return VpConfigError::kBadLevel;
    if (!out.has_bit_depth()) return VpConfigError::kBadBitDepth;
    if (out.chroma_subsampling > 3) return VpConfigError::kBadChroma;
    if (LoadU16(record.data() + 6) != 0) return VpConfigError::kInitData;
    return out;
  }

  // 0 when a number is out of its range: 4:4:0 has none.
  constexpr std::size_t WireSize() const {
    return profile <= 3 && level <= 99 && has_bit_depth() && chroma_subsampling <= 3 ? kSize : 0;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < kSize) return false;
    out[0] = profile;
    out[1] = level;
    out[2] = static_cast<std::uint8_t>(bit_depth << 4 | chroma_subsampling << 1 | (full_range ? 1 : 0));
    out[3] = colour_primaries;
    out[4] = transfer_characteristics;
    out[5] = matrix_coefficients;
    StoreU16(out.data() + 6, 0);
    return true;
  }

  // "vp09.00.31.08", with the rest where it is not what is meant without: 4:2:0 with
  // samples on lines and BT.709, or colours of which nothing is known.
  constexpr CodecString codec_string(Codec codec) const {
    CodecString out(codec == Codec::kVp8 ? "vp08" : "vp09");
    const auto put = [&out](std::uint8_t number) { out.Append(number < 10 ? ".0" : ".").AppendDecimal(number); };
    put(profile);
    put(level);
    put(bit_depth);
    const bool same = colour_primaries == transfer_characteristics && colour_primaries == matrix_coefficients;
    if (chroma_subsampling == 1 && !full_range && same && (colour_primaries == 1 || colour_primaries == kUnspecified)) {
      return out;
    }
    put(chroma_subsampling);
    put(colour_primaries);
    put(transfer_characteristics);
    put(matrix_coefficients);
    put(full_range ? 1 : 0);
    return out;
  }

  constexpr bool operator==(const VpConfig&) const = default;

 private:
  constexpr bool has_bit_depth() const { return bit_depth == 8 || bit_depth == 10 || bit_depth == 12; }
};

constexpr VpConfig VpConfig::Of(const Vp9FrameHeader& key_frame, std::uint32_t width, std::uint32_t height,
                                Frequency frame_rate) {
  VpConfig out;
  out.profile = key_frame.profile;
  out.level = Vp9LevelOf(width, height, frame_rate);
  const Vp9FrameHeader::Color& color = key_frame.color;
  out.bit_depth = color.bit_depth;
  out.chroma_subsampling = color.subsampling_x ? (color.subsampling_y ? 1 : 2) : color.subsampling_y ? 4 : 3;
  out.full_range = color.full_range;
  const auto set = [&out](std::uint8_t primaries, int transfer, std::uint8_t matrix) {
    out.colour_primaries = primaries;
    out.transfer_characteristics = static_cast<std::uint8_t>(transfer);
    out.matrix_coefficients = matrix;
  };
  switch (color.color_space) {
    case Vp9ColorSpace::kBt601: set(5, 6, 5); break;
    case Vp9ColorSpace::kBt709: set(1, 1, 1); break;
    case Vp9ColorSpace::kSmpte170: set(6, 6, 6); break;
    case Vp9ColorSpace::kSmpte240: set(7, 7, 7); break;
    case Vp9ColorSpace::kBt2020: set(9, color.bit_depth == 12 ? 15 : 14, 9); break;
    case Vp9ColorSpace::kRgb: set(1, 13, 0); break;
    case Vp9ColorSpace::kUnknown:
    case Vp9ColorSpace::kReserved: break;
  }
  return out;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VPCC_H_
