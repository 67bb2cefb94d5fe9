#ifndef MEDIACORE_CODEC_AAC_H_
#define MEDIACORE_CODEC_AAC_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/bit_writer.h"
#include "mediacore/base/expected.h"
#include "mediacore/codec/codec_string.h"

namespace mediacore::codec {

// Why bytes are not an AudioSpecificConfig, in the order the parser looks.
enum class AacConfigError : std::uint8_t {
  kBadFrequency,     // a reserved index or 0 Hz
  kBadObjectType,    // not AAC Main, LC, SSR or LTP (nor SBR, PS over these)
  kBadChannels,      // a reserved channelConfiguration, or no channels at all
  kCoreCoder,        // depends on a core coder
  kTruncated,        // a field lies past the end
};

constexpr std::string_view ToString(AacConfigError error) {
  switch (error) {
    case AacConfigError::kBadFrequency: return "aac config: bad sampling frequency";
    case AacConfigError::kBadObjectType: return "aac config: object type not supported";
    case AacConfigError::kBadChannels: return "aac config: bad channels";
    case AacConfigError::kCoreCoder: return "aac config: core coder not supported";
    case AacConfigError::kTruncated: return "aac config: truncated";
  }
  return "aac config: unknown";
}

// The 13 frequencies that have an index of their own (ISO/IEC 14496-3, table
// 1.18); 0 for the others.
constexpr std::uint32_t AacFrequency(std::uint32_t index) {
  constexpr std::uint32_t kFrequencies[] = {96000, 88200, 64000, 48000, 44100,
                                            32000, 24000, 22050, 16000, 12000,
                                            11025, 8000,  7350};
  return index < std::size(kFrequencies) ? kFrequencies[index] : 0;
}

// AudioSpecificConfig (ISO/IEC 14496-3, section 1.6.2.1): what a decoder must
// know before the first frame of AAC; `config` of SDP, DecoderSpecificInfo of
// MP4. A value: nothing points into the bytes it came from.
//
//   const auto config = AacConfig::Parse(bytes);
//   if (config) Open(config->sampling_frequency, config->channels);
//
// Reads SBR and PS where they are said outright, in front (object type 5 or 29)
// or behind (sync extension 0x2b7). Write() gives the form in front.
struct AacConfig {
  std::uint8_t object_type = 2;  // 1 Main, 2 LC, 3 SSR, 4 LTP: of the core
  std::uint32_t sampling_frequency = 0;  // of the core
  std::uint8_t channel_configuration = 0;  // 0: a program config element
  std::uint8_t channels = 0;
  bool short_frames = false;  // 960 samples instead of 1024
  bool sbr = false;
  bool ps = false;
  std::uint32_t output_frequency = 0;  // with SBR; else as sampling_frequency

  static constexpr Expected<AacConfig, AacConfigError> Parse(Bytes bytes);
  // From the next bit on, and no further than its own last bit: what stands behind
  // is somebody else's (LATM), so that SBR and PS are read in front alone.
  static constexpr Expected<AacConfig, AacConfigError> TakeFrom(BitReader& bits);

  // Of the core, at sampling_frequency.
  constexpr std::uint32_t samples_per_frame() const {
    return short_frames ? 960 : 1024;
  }
  // "mp4a.40.2", with SBR "mp4a.40.5", with PS "mp4a.40.29" (RFC 6381).
  constexpr CodecString codec_string() const {
    return CodecString("mp4a.40.").AppendDecimal(
        ps ? std::uint8_t{29} : sbr ? std::uint8_t{5} : object_type);
  }

  static constexpr std::size_t kMaxWireSize = 10;
  // False when `out` is too small, a number is outside its range, or the
  // channels need a program config element: that is not kept, hand on the
  // bytes it came in.
  [[nodiscard]] constexpr bool Write(MutableBytes out, std::size_t& written) const;
  [[nodiscard]] constexpr bool AppendTo(BitWriter& bits) const;

  constexpr bool operator==(const AacConfig&) const = default;
};

namespace internal {

constexpr std::uint8_t ReadAacObjectType(BitReader& bits) {
  const std::uint32_t type = bits.ReadBits(5);
  return static_cast<std::uint8_t>(type == 31 ? 32 + bits.ReadBits(6) : type);
}
constexpr std::uint32_t ReadAacFrequency(BitReader& bits) {
  const std::uint32_t index = bits.ReadBits(4);
  return index == 15 ? bits.ReadBits(24) : AacFrequency(index);
}
constexpr void WriteAacFrequency(BitWriter& bits, std::uint32_t frequency) {
  std::uint32_t index = 0;
  while (index < 13 && AacFrequency(index) != frequency) ++index;
  bits.WriteBits(index < 13 ? index : 15, 4);
  if (index == 13) bits.WriteBits(frequency, 24);
}

// program_config_element(), section 4.4.1.1: passed over, channels counted. Bytes
// count from bit `start`.
constexpr std::uint32_t SkipAacProgram(BitReader& bits, std::size_t start) {
  bits.Skip(4 + 2 + 4);
  std::uint32_t pairs[3] = {};
  for (std::uint32_t& count : pairs) count = bits.ReadBits(4);
  const std::uint32_t low = bits.ReadBits(2);
  const std::uint32_t data = bits.ReadBits(3);
  const std::uint32_t coupling = bits.ReadBits(4);
  if (bits.ReadBit()) bits.Skip(4);  // mono mixdown
  if (bits.ReadBit()) bits.Skip(4);  // stereo mixdown
  if (bits.ReadBit()) bits.Skip(3);  // matrix mixdown
  std::uint32_t channels = low;
  for (const std::uint32_t count : pairs) {
    for (std::uint32_t i = 0; i < count; ++i) {
      channels += bits.ReadBit() ? 2 : 1;
      bits.Skip(4);
    }
  }
  bits.Skip(low * 4 + data * 4 + coupling * 5);
  bits.Skip((8 - (bits.position() - start) % 8) % 8);
  bits.Skip(bits.ReadBits(8) * 8);  // comment
  return channels;
}

}  // namespace internal

constexpr Expected<AacConfig, AacConfigError> AacConfig::TakeFrom(BitReader& bits) {
  const std::size_t start = bits.position();
  AacConfig config;
  config.object_type = internal::ReadAacObjectType(bits);
  config.sampling_frequency = internal::ReadAacFrequency(bits);
  config.channel_configuration = static_cast<std::uint8_t>(bits.ReadBits(4));
  config.output_frequency = config.sampling_frequency;
  if (config.object_type == 5 || config.object_type == 29) {
    config.sbr = true;
    config.ps = config.object_type == 29;
    config.output_frequency = internal::ReadAacFrequency(bits);
    config.object_type = internal::ReadAacObjectType(bits);
  }
  if (!bits.ok()) return AacConfigError::kTruncated;
  if (config.sampling_frequency == 0 || config.output_frequency == 0) {
    return AacConfigError::kBadFrequency;
  }
  if (config.object_type < 1 || config.object_type > 4) {
    return AacConfigError::kBadObjectType;
  }
  // Table 1.19; 8 to 10, 13 and 15 are reserved.
  constexpr std::uint8_t kChannels[] = {0, 1, 2, 3, 4, 5, 6, 8,
                                        0, 0, 0, 7, 8, 0, 8, 0};
  std::uint32_t channels = kChannels[config.channel_configuration];
  if (channels == 0 && config.channel_configuration != 0) {
    return AacConfigError::kBadChannels;
  }
  // GASpecificConfig, section 4.4.1.
  config.short_frames = bits.ReadBit();
  if (bits.ReadBit()) return AacConfigError::kCoreCoder;
  bits.Skip(1);  // extensionFlag: means nothing for these object types
  if (config.channel_configuration == 0) {
    channels = internal::SkipAacProgram(bits, start);
  }
  if (!bits.ok()) return AacConfigError::kTruncated;
  if (channels == 0 || channels > 255) return AacConfigError::kBadChannels;
  config.channels = static_cast<std::uint8_t>(channels);
  return config;
}

constexpr Expected<AacConfig, AacConfigError> AacConfig::Parse(Bytes bytes) {
  BitReader bits(bytes);
  const auto core = TakeFrom(bits);
  if (!core) return core.error();
  AacConfig config = *core;
  // What follows is optional: a decoder that does not know it stops here, and
  // so does this one where it is cut short or means something else.
  if (!config.sbr && bits.remaining() >= 16 && bits.ReadBits(11) == 0x2b7 &&
      internal::ReadAacObjectType(bits) == 5 && bits.ReadBit()) {
    const std::uint32_t frequency = internal::ReadAacFrequency(bits);
    if (bits.ok() && frequency != 0) {
      config.sbr = true;
      config.output_frequency = frequency;
      config.ps = bits.remaining() >= 12 && bits.ReadBits(11) == 0x548 &&
                  bits.ReadBit();
    }
  }
  return config;
}

constexpr bool AacConfig::Write(MutableBytes out, std::size_t& written) const {
  BitWriter bits(out);
  if (!AppendTo(bits)) return false;
  written = bits.byte_size();
  return true;
}

constexpr bool AacConfig::AppendTo(BitWriter& bits) const {
  constexpr std::uint32_t kMaxFrequency = 0xffffff;
  if (channel_configuration == 0 || channel_configuration > 15 ||
      object_type < 1 || object_type > 4 || sampling_frequency > kMaxFrequency ||
      output_frequency > kMaxFrequency) {
    return false;
  }
  if (sbr || ps) {
    bits.WriteBits(ps ? 29 : 5, 5);
  } else {
    bits.WriteBits(object_type, 5);
  }
  internal::WriteAacFrequency(bits, sampling_frequency);
  bits.WriteBits(channel_configuration, 4);
  if (sbr || ps) {
    internal::WriteAacFrequency(bits, output_frequency);
    bits.WriteBits(object_type, 5);
  }
  bits.WriteBits(short_frames ? 4 : 0, 3);
  return bits.ok();
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AAC_H_
