#ifndef MEDIACORE_SEGMENT_VIDEO_FORMAT_H_
#define MEDIACORE_SEGMENT_VIDEO_FORMAT_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "mediacore/base/bytes.h"
#include "mediacore/base/units.h"
#include "mediacore/codec/avcc_writer.h"
#include "mediacore/codec/codec_string.h"
#include "mediacore/codec/hvcc.h"
#include "mediacore/mux/track.h"

namespace mediacore::segment {

// What an initialization section and the playlists say of the pictures of a
// track, whatever their codec.
struct VideoFormat {
  static constexpr std::size_t kMaxConfigSize = std::max(codec::AvccWriter::kMaxSize, codec::HvccWriter::kMaxSize);

  codec::CodecString codec_string{""};  // of CODECS
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint32_t pixel_width = 0;  // shape of a pixel; 0: not said
  std::uint32_t pixel_height = 0;
  mux::TrackConfig::Colour colour = {2, 2, 2, false};       // 2: not said
  Frequency frame_rate = Frequency::Zero();                 // not said
  std::array<std::uint8_t, kMaxConfigSize> config_bytes{};  // avcC and the like
  std::size_t config_size = 0;

  Bytes config() const { return Bytes(config_bytes).first(config_size); }
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_VIDEO_FORMAT_H_
