#ifndef MEDIACORE_RTP_COLOR_SPACE_H_
#define MEDIACORE_RTP_COLOR_SPACE_H_

#include <array>

#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

enum class ColorRange : std::uint8_t { kUnspecified, kLimited, kFull, kDerived };
enum class ChromaSiting : std::uint8_t { kUnspecified, kCollocated, kHalf };

// What display a film was graded on (SMPTE ST 2086), and how bright it gets.
struct HdrMetadata {
  // A point of the CIE 1931 diagram in steps of 1/50000, so 0 to 50000.
  struct Chromaticity {
    std::uint16_t x = 0;
    std::uint16_t y = 0;
    bool operator==(const Chromaticity&) const = default;
  };
  static constexpr std::uint16_t kChromaticityOne = 50'000;

  std::uint16_t luminance_max = 0;  // cd/m2
  std::uint16_t luminance_min = 0;  // 1/10000 cd/m2
  Chromaticity red{};
  Chromaticity green{};
  Chromaticity blue{};
  Chromaticity white_point{};
  std::uint16_t max_content_light_level = 0;        // cd/m2
  std::uint16_t max_frame_average_light_level = 0;  // cd/m2

  bool operator==(const HdrMetadata&) const = default;
};

// How the samples of a frame are to be shown (webrtc.org, color-space): on the
// last packet of the frame, 4 bytes, or 28 with HDR metadata. The first three
// are code points of ITU-T H.273, tables 2, 3 and 4.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   primaries   |   transfer    |    matrix     |0 0|rng|hor|ver|
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :         luminance max         |         luminance min         :
//  :             red x             |             red y             :
//  :            green, blue, white point: x and y likewise         :
//  :    max content light level    | max frame-average light level :
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// kBadValue: a chroma siting of 3, or a chromaticity above 1. The two bits
// before the range are not looked at.
struct ColorSpace {
  static constexpr ExtensionKind kKind = ExtensionKind::kColorSpace;

  std::uint8_t primaries = 2;  // 2: unspecified, in all three tables
  std::uint8_t transfer = 2;
  std::uint8_t matrix = 2;
  ColorRange range = ColorRange::kUnspecified;
  ChromaSiting horizontal = ChromaSiting::kUnspecified;
  ChromaSiting vertical = ChromaSiting::kUnspecified;
  bool has_hdr = false;
  HdrMetadata hdr{};  // all 0 without it

  bool operator==(const ColorSpace&) const = default;

  static constexpr Expected<ColorSpace, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != kSize && value.size() != kSizeWithHdr) return ExtensionError::kWrongSize;
    ColorSpace color;
    color.primaries = value[0];
    color.transfer = value[1];
    color.matrix = value[2];
    color.range = static_cast<ColorRange>(value[3] >> 4 & 3);
    color.horizontal = static_cast<ChromaSiting>(value[3] >> 2 & 3);
    color.vertical = static_cast<ChromaSiting>(value[3] & 3);
    color.has_hdr = value.size() == kSizeWithHdr;
    if (color.has_hdr) {
      const std::uint8_t* at = value.data() + kSize;
      for (const auto field : kHdrLuminances) at = Load(at, color.hdr.*field);
      for (const auto point : kHdrPoints) {
        at = Load(at, (color.hdr.*point).x);
        at = Load(at, (color.hdr.*point).y);
      }
      for (const auto field : kHdrLevels) at = Load(at, color.hdr.*field);
    }
    if (!color.IsValid()) return ExtensionError::kBadValue;
    return color;
  }
  constexpr std::size_t WireSize() const {
    if (!IsValid() || range > ColorRange::kDerived) return 0;
    return has_hdr ? kSizeWithHdr : kSize;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out);
    writer.WriteU8(primaries);
    writer.WriteU8(transfer);
    writer.WriteU8(matrix);
    writer.WriteU8(static_cast<std::uint8_t>(static_cast<int>(range) << 4 | static_cast<int>(horizontal) << 2 |
                                             static_cast<int>(vertical)));
    if (!has_hdr) return writer.ok();
    for (const auto field : kHdrLuminances) writer.WriteU16(hdr.*field);
    for (const auto point : kHdrPoints) {
      writer.WriteU16((hdr.*point).x);
      writer.WriteU16((hdr.*point).y);
    }
    for (const auto field : kHdrLevels) writer.WriteU16(hdr.*field);
    return writer.ok();
  }

 private:
  static constexpr std::size_t kSize = 4;
  static constexpr std::size_t kSizeWithHdr = 28;

  // The order on the wire.
  static constexpr std::array kHdrLuminances = {&HdrMetadata::luminance_max, &HdrMetadata::luminance_min};
  static constexpr std::array kHdrPoints = {&HdrMetadata::red, &HdrMetadata::green, &HdrMetadata::blue,
                                            &HdrMetadata::white_point};
  static constexpr std::array kHdrLevels = {&HdrMetadata::max_content_light_level,
                                            &HdrMetadata::max_frame_average_light_level};

  static constexpr const std::uint8_t* Load(const std::uint8_t* from, std::uint16_t& out) {
    out = LoadU16(from);
    return from + 2;
  }
  constexpr bool IsValid() const {
    if (horizontal > ChromaSiting::kHalf || vertical > ChromaSiting::kHalf) return false;
    if (!has_hdr) return true;
    for (const auto point : kHdrPoints) {
      const HdrMetadata::Chromaticity at = hdr.*point;
      if (at.x > HdrMetadata::kChromaticityOne || at.y > HdrMetadata::kChromaticityOne) return false;
    }
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_COLOR_SPACE_H_
