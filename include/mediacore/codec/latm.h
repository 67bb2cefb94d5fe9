#ifndef MEDIACORE_CODEC_LATM_H_
#define MEDIACORE_CODEC_LATM_H_

#include <array>
#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/bit_writer.h"
#include "mediacore/base/expected.h"
#include "mediacore/codec/aac.h"

namespace mediacore::codec {

// Why bits are not a StreamMuxConfig that can be used, in the order looked.
enum class LatmConfigError : std::uint8_t {
  kTruncated,        // a field lies past the end
  kBadVersion,       // audioMuxVersionA is 1: reserved
  kOtherFraming,     // allStreamsSameTimeFraming is 0: chunks of several streams
  kSeveralPrograms,  // numProgram is not 0
  kSeveralLayers,    // numLayer is not 0
  kConfigTooLong,    // an AudioSpecificConfig above kMaxConfigSize
  kBadAudioConfig,   // not an AudioSpecificConfig: AacConfig::Parse() says why
  kBadFrameLength,   // frameLengthType is neither 0 nor 1
};

constexpr std::string_view ToString(LatmConfigError error) {
  switch (error) {
    case LatmConfigError::kTruncated: return "latm config: truncated";
    case LatmConfigError::kBadVersion: return "latm config: reserved version";
    case LatmConfigError::kOtherFraming: return "latm config: streams of different framing are not supported";
    case LatmConfigError::kSeveralPrograms: return "latm config: several programs are not supported";
    case LatmConfigError::kSeveralLayers: return "latm config: several layers are not supported";
    case LatmConfigError::kConfigTooLong: return "latm config: AudioSpecificConfig too long";
    case LatmConfigError::kBadAudioConfig: return "latm config: bad AudioSpecificConfig";
    case LatmConfigError::kBadFrameLength: return "latm config: frame length type not supported";
  }
  return "latm config: unknown";
}

// StreamMuxConfig of LATM (ISO/IEC 14496-3, section 1.7.3): what is in the audio
// multiplex. In SDP as config= of MP4A-LATM, in hexadecimal (cpresent=0), or in
// front of audioMuxElements (cpresent=1). A value; one program of one layer.
//
//   const auto config = StreamMuxConfig::Parse(bytes);
//   if (config) Open(config->audio, config->audio_specific_config());
struct StreamMuxConfig {
  static constexpr std::size_t kMaxConfigSize = 64;

  AacConfig audio;
  std::uint8_t version = 0;           // audioMuxVersion, 0 or 1
  std::uint8_t frame_count = 1;       // access units in an element: numSubFrames + 1, 1 to 64
  std::uint16_t frame_length = 0;     // bytes of each unit, 20 to 531; 0: each says its own
  std::uint32_t other_data_bits = 0;  // behind the units of each element
  bool crc_present = false;           // it covers the configuration; not checked

  static constexpr Expected<StreamMuxConfig, LatmConfigError> Parse(Bytes bytes) {
    BitReader bits(bytes);
    return TakeFrom(bits);
  }
  // From the next bit on; after an error `bits` is somewhere.
  static constexpr Expected<StreamMuxConfig, LatmConfigError> TakeFrom(BitReader& bits);

  // As it came, from a whole byte on, with zeros up to one. Empty in what was not read.
  constexpr Bytes audio_specific_config() const { return Bytes(asc_).first(asc_size_); }

  static constexpr std::size_t kMaxWireSize = AacConfig::kMaxWireSize + 10;
  // audioMuxVersion 0, without a CRC. False when `out` is too small, a number is
  // outside its range, or AacConfig::Write() says so.
  [[nodiscard]] constexpr bool Write(MutableBytes out, std::size_t& written) const;

 private:
  [[nodiscard]] constexpr bool Keep(BitReader bits, std::size_t count);

  std::array<std::uint8_t, kMaxConfigSize> asc_{};
  std::uint8_t asc_size_ = 0;
};

namespace internal {

constexpr std::uint32_t ReadLatmValue(BitReader& bits) {
  std::uint32_t value = 0;
  for (std::uint32_t more = bits.ReadBits(2) + 1; more > 0; --more) value = value << 8 | bits.ReadBits(8);
  return value;
}

}  // namespace internal

// Copies the next `count` bits.
constexpr bool StreamMuxConfig::Keep(BitReader bits, std::size_t count) {
  if (count > 8 * kMaxConfigSize) return false;
  asc_size_ = static_cast<std::uint8_t>((count + 7) / 8);
  for (std::size_t i = 0; i < asc_size_; ++i) {
    const int width = static_cast<int>(std::min<std::size_t>(8, count - 8 * i));
    asc_[i] = static_cast<std::uint8_t>(bits.ReadBits(width) << (8 - width));
  }
  return true;
}

constexpr Expected<StreamMuxConfig, LatmConfigError> StreamMuxConfig::TakeFrom(BitReader& bits) {
  using enum LatmConfigError;
  StreamMuxConfig config;
  config.version = bits.ReadBit() ? 1 : 0;
  if (config.version == 1 && bits.ReadBit()) return kBadVersion;
  if (config.version == 1) internal::ReadLatmValue(bits);  // taraBufferFullness
  const bool same_framing = bits.ReadBit();
  config.frame_count = static_cast<std::uint8_t>(bits.ReadBits(6) + 1);
  const std::uint32_t programs = bits.ReadBits(4) + 1;
  const std::uint32_t layers = bits.ReadBits(3) + 1;
  if (!bits.ok()) return kTruncated;
  if (!same_framing) return kOtherFraming;
  if (programs != 1) return kSeveralPrograms;
  if (layers != 1) return kSeveralLayers;

  if (config.version == 0) {
    // Nothing says how long the AudioSpecificConfig is: it ends where it ends.
    const BitReader from = bits;
    const auto audio = AacConfig::TakeFrom(bits);
    if (!audio) return audio.error() == AacConfigError::kTruncated ? kTruncated : kBadAudioConfig;
    config.audio = *audio;
    if (!config.Keep(from, bits.position() - from.position())) return kConfigTooLong;
  } else {
    const std::uint32_t length = internal::ReadLatmValue(bits);
    const BitReader from = bits;
    bits.Skip(length);
    if (!bits.ok()) return kTruncated;
    if (!config.Keep(from, length)) return kConfigTooLong;
    const auto audio = AacConfig::Parse(config.audio_specific_config());
    if (!audio) return kBadAudioConfig;
    config.audio = *audio;
  }

  const std::uint32_t frame_length_type = bits.ReadBits(3);
  if (!bits.ok()) return kTruncated;
  if (frame_length_type > 1) return kBadFrameLength;
  if (frame_length_type == 0) bits.Skip(8);  // latmBufferFullness
  if (frame_length_type == 1) config.frame_length = static_cast<std::uint16_t>(bits.ReadBits(9) + 20);
  if (bits.ReadBit()) {
    if (config.version == 1) {
      config.other_data_bits = internal::ReadLatmValue(bits);
    } else {
      bool more = true;
      while (more) {
        // No element is so long that more of it means anything.
        if (config.other_data_bits > 0xffffff) return kTruncated;
        more = bits.ReadBit();
        config.other_data_bits = config.other_data_bits << 8 | bits.ReadBits(8);
      }
    }
  }
  config.crc_present = bits.ReadBit();
  if (config.crc_present) bits.Skip(8);
  if (!bits.ok()) return kTruncated;
  return config;
}

constexpr bool StreamMuxConfig::Write(MutableBytes out, std::size_t& written) const {
  if (frame_count < 1 || frame_count > 64) return false;
  if (frame_length != 0 && (frame_length < 20 || frame_length > 531)) return false;
  BitWriter bits(out);
  bits.WriteBits(1, 2);  // audioMuxVersion 0, allStreamsSameTimeFraming
  bits.WriteBits(frame_count - 1u, 6);
  bits.WriteBits(0, 4 + 3);  // one program, one layer
  if (!audio.AppendTo(bits)) return false;
  if (frame_length == 0) {
    bits.WriteBits(0, 3);
    bits.WriteBits(0xff, 8);  // latmBufferFullness: not told
  } else {
    bits.WriteBits(1, 3);
    bits.WriteBits(frame_length - 20u, 9);
  }
  bits.WriteBits(other_data_bits != 0 ? 1 : 0, 1);
  if (other_data_bits != 0) {
    int bytes = 4;
    while (other_data_bits >> (8 * bytes - 8) == 0) --bytes;
    for (; bytes > 0; --bytes) {
      bits.WriteBits(bytes > 1 ? 1 : 0, 1);
      bits.WriteBits(other_data_bits >> (8 * bytes - 8) & 0xff, 8);
    }
  }
  bits.WriteBits(0, 1);  // no CRC
  written = bits.byte_size();
  return bits.ok();
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_LATM_H_
