#ifndef MEDIACORE_MUX_TRACK_H_
#define MEDIACORE_MUX_TRACK_H_

#include <array>

#include "mediacore/base/bytes.h"
#include "mediacore/base/codec.h"

namespace mediacore::mux {

// What a container says about one track. A plain value; `codec_config` belongs
// to the caller and must outlive whatever was built from this.
struct TrackConfig {
  // Colour of the picture as in ISO/IEC 23091-2; primaries 0: not said.
  struct Colour {
    std::uint16_t primaries = 0;
    std::uint16_t transfer = 0;
    std::uint16_t matrix = 0;
    bool full_range = false;
    constexpr bool operator==(const Colour&) const = default;
  };

  Codec codec = Codec::kUnknown;
  std::uint32_t id = 1;              // 1 on, unique in a file
  std::uint32_t timescale = 90'000;  // ticks of Sample's times per second
  std::array<char, 3> language = {'u', 'n', 'd'};  // ISO 639-2/T
  // The decoder configuration record, as it is: H.264 AVCDecoderConfigurationRecord
  // (avc_config.h), H.265 HEVCDecoderConfigurationRecord, VP8 and VP9
  // VPCodecConfigurationRecord (without the version and flags of its box), AV1
  // AV1CodecConfigurationRecord, AAC AudioSpecificConfig. Opus: nothing.
  Bytes codec_config;
  // Ticks at the start that are decoded but not presented: encoder delay. For
  // Opus this is also the pre-skip of its header. 0 for streams joined midway.
  std::uint32_t priming = 0;
  std::uint32_t max_bitrate = 0;  // bit/s, both or neither; 0: not said
  std::uint32_t average_bitrate = 0;

  // Video.
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint32_t pixel_width = 0;  // shape of a pixel; 0: not said
  std::uint32_t pixel_height = 0;
  Colour colour;

  // Audio. Opus: `sample_rate` is that of the original input, for information.
  std::uint32_t sample_rate = 0;
  std::uint8_t channels = 0;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_TRACK_H_
