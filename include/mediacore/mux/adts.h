#ifndef MEDIACORE_MUX_ADTS_H_
#define MEDIACORE_MUX_ADTS_H_

#include <array>
#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/expected.h"

namespace mediacore::mux {

inline constexpr std::array<std::uint32_t, 13> kAacSampleRates = {
    96'000, 88'200, 64'000, 48'000, 44'100, 32'000, 24'000,
    22'050, 16'000, 12'000, 11'025, 8'000,  7'350};

// What an ADTS header can say of the sound.
struct AdtsConfig {
  std::uint8_t object_type = 2;    // 1 to 4; 2: AAC LC
  std::uint8_t rate_index = 3;     // into kAacSampleRates
  std::uint8_t channel_config = 2; // 1 to 7

  constexpr bool operator==(const AdtsConfig&) const = default;
  constexpr std::uint32_t sample_rate() const {
    return kAacSampleRates[rate_index];
  }
  constexpr int channels() const {
    return channel_config == 7 ? 8 : channel_config;
  }

  // From an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1): of HE-AAC its AAC
  // core, as ADTS does it. False when ADTS has no words for it: another object
  // type, a rate outside the table, channels by a program config element.
  [[nodiscard]] static constexpr bool FromAudioSpecificConfig(
      Bytes config, AdtsConfig& out) noexcept {
    BitReader bits(config);
    const auto object_type = [&bits] {
      const std::uint32_t type = bits.ReadBits(5);
      return type == 31 ? 32 + bits.ReadBits(6) : type;
    };
    const auto rate_index = [&bits] {
      const std::uint32_t index = bits.ReadBits(4);
      if (index != 15) return index;
      const std::uint32_t rate = bits.ReadBits(24);
      std::uint32_t known = 0;
      while (known < 13 && kAacSampleRates[known] != rate) ++known;
      return known;
    };
    std::uint32_t type = object_type();
    const std::uint32_t rate = rate_index();
    const std::uint32_t channel_config = bits.ReadBits(4);
    if (type == 5 || type == 29) {  // SBR, PS: the core comes after them
      rate_index();
      type = object_type();
    }
    if (!bits.ok() || type < 1 || type > 4 || rate > 12 || channel_config < 1 ||
        channel_config > 7) {
      return false;
    }
    out = {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(rate),
           static_cast<std::uint8_t>(channel_config)};
    return true;
  }
  // The two bytes that say the same.
  constexpr std::array<std::uint8_t, 2> ToAudioSpecificConfig() const noexcept {
    return {static_cast<std::uint8_t>(object_type << 3 | rate_index >> 1),
            static_cast<std::uint8_t>((rate_index & 1) << 7 | channel_config << 3)};
  }
};

// Why bytes do not begin with an ADTS frame, in the order looked at.
enum class AdtsError : std::uint8_t {
  kTooShort,         // fewer than the 7 bytes of the header
  kBadSync,          // no syncword, or a layer other than 0
  kBadRate,          // a rate index outside the table
  kBadLength,        // a frame length shorter than its header
  kSeveralBlocks,    // more than one raw data block in a frame
  kTruncated,        // the frame runs past the end
};

constexpr std::string_view ToString(AdtsError error) {
  switch (error) {
    case AdtsError::kTooShort: return "adts: too short";
    case AdtsError::kBadSync: return "adts: bad sync";
    case AdtsError::kBadRate: return "adts: bad sample rate";
    case AdtsError::kBadLength: return "adts: bad length";
    case AdtsError::kSeveralBlocks: return "adts: several raw data blocks";
    case AdtsError::kTruncated: return "adts: truncated";
  }
  return "adts: unknown";
}

// The ADTS frame at the front of bytes (ISO/IEC 14496-3, 1.A.2.2): a header of
// 7 bytes, or 9 with a CRC (which is not checked), and one raw access unit.
class AdtsView {
 public:
  static constexpr Expected<AdtsView, AdtsError> Parse(Bytes bytes) noexcept {
    if (bytes.size() < 7) return AdtsError::kTooShort;
    if (bytes[0] != 0xff || (bytes[1] & 0xf6) != 0xf0) return AdtsError::kBadSync;
    if ((bytes[2] >> 2 & 0xf) > 12) return AdtsError::kBadRate;
    const std::size_t size = FrameSize(bytes);
    if (size < HeaderSize(bytes)) return AdtsError::kBadLength;
    if ((bytes[6] & 3) != 0) return AdtsError::kSeveralBlocks;
    if (size > bytes.size()) return AdtsError::kTruncated;
    return AdtsView(bytes.first(size));
  }

  // Of the whole frame: where the next one begins.
  constexpr std::size_t size() const { return frame_.size(); }
  constexpr Bytes access_unit() const {
    return frame_.subspan(HeaderSize(frame_));
  }
  // A channel_config of 0 (program config element) is possible here.
  constexpr AdtsConfig config() const {
    return {static_cast<std::uint8_t>((frame_[2] >> 6) + 1),
            static_cast<std::uint8_t>(frame_[2] >> 2 & 0xf),
            static_cast<std::uint8_t>((frame_[2] & 1) << 2 | frame_[3] >> 6)};
  }

 private:
  constexpr explicit AdtsView(Bytes frame) : frame_(frame) {}
  static constexpr std::size_t FrameSize(Bytes b) {
    return static_cast<std::size_t>((b[3] & 3) << 11 | b[4] << 3 | b[5] >> 5);
  }
  static constexpr std::size_t HeaderSize(Bytes b) { return (b[1] & 1) != 0 ? 7 : 9; }
  Bytes frame_;
};

inline constexpr std::size_t kAdtsHeaderSize = 7;
// The most that an access unit may have: the frame's length has 13 bits.
inline constexpr std::size_t kAdtsMaxAccessUnit = 8191 - kAdtsHeaderSize;

// Writes the header (without CRC) that goes in front of an access unit. False,
// and `out` untouched, when the unit is longer than kAdtsMaxAccessUnit.
[[nodiscard]] constexpr bool WriteAdtsHeader(
    const AdtsConfig& config, std::size_t access_unit_size,
    std::span<std::uint8_t, kAdtsHeaderSize> out) noexcept {
  if (access_unit_size > kAdtsMaxAccessUnit) return false;
  const std::size_t size = access_unit_size + kAdtsHeaderSize;
  out[0] = 0xff;
  out[1] = 0xf1;  // MPEG-4, layer 0, no CRC
  out[2] = static_cast<std::uint8_t>((config.object_type - 1) << 6 |
                                     config.rate_index << 2 |
                                     config.channel_config >> 2);
  out[3] = static_cast<std::uint8_t>((config.channel_config & 3u) << 6 | size >> 11);
  out[4] = static_cast<std::uint8_t>(size >> 3);
  out[5] = static_cast<std::uint8_t>((size & 7) << 5 | 0x1f);
  out[6] = 0xfc;  // buffer fullness: variable rate; one block
  return true;
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_ADTS_H_
