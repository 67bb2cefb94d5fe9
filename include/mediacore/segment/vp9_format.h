#ifndef MEDIACORE_SEGMENT_VP9_FORMAT_H_
#define MEDIACORE_SEGMENT_VP9_FORMAT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/vp9_superframe.h"
#include "mediacore/codec/vpcc.h"
#include "mediacore/segment/video_format.h"

namespace mediacore::segment {

// The format of a stream of VP9 (see FormatTracker): the header of its key frames,
// and the size of the highest spatial layer of such a picture. A picture that is no
// key frame may have another size; decoders follow it.
class Vp9Format {
 public:
  static constexpr bool kReorders = false;
  static constexpr bool kHasLeading = false;

  void AddParameterSet(Bytes) {}

  bool Look(const codec::EncodedFrame& frame) {
    const auto picture = codec::Vp9SuperframeView::Parse(frame.data);
    if (!picture) return false;
    codec::VpConfig config;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    for (int i = 0; i < picture->frame_count(); ++i) {
      const auto header = codec::Vp9FrameHeader::Parse(picture->frame(i));
      if (!header || (frame.key_frame && i == 0 && !header->key_frame)) return false;
      if (!frame.key_frame) continue;
      if (header->width != 0) {
        width = header->width;
        height = header->height;
      }
      if (i == 0) config = codec::VpConfig::Of(*header, width, height);
    }
    if (frame.key_frame) Keep(config, width, height);
    return true;
  }

  bool complete() const { return generation_ > 0; }
  std::uint32_t generation() const { return generation_; }
  bool Describe(VideoFormat& out) const {
    out.codec_string = config_.codec_string(Codec::kVp9);
    out.width = width_;
    out.height = height_;
    out.pixel_width = out.pixel_height = 0;
    out.colour = {config_.colour_primaries, config_.transfer_characteristics, config_.matrix_coefficients,
                  config_.full_range};
    out.frame_rate = Frequency::Zero();
    out.config_size = config_.WireSize();
    return complete() && config_.Write(out.config_bytes);
  }

  std::size_t CopySample(Bytes frame, bool, std::uint8_t* to) const {
    std::memcpy(to, frame.data(), frame.size());
    return frame.size();
  }

 private:
  static constexpr std::uint32_t kMostSide = 65'535;  // of a sample entry
  static constexpr std::uint8_t kHighestLevel = 62;

  void Keep(codec::VpConfig config, std::uint32_t width, std::uint32_t height) {
    // Players refuse level 0, which means none.
    config.level = codec::Vp9LevelOf(width, height, Frequency::Hertz(30));
    if (config.level == 0) config.level = kHighestLevel;
    width = std::min(width, kMostSide);
    height = std::min(height, kMostSide);
    if (complete() && config == config_ && width == width_ && height == height_) return;
    config_ = config;
    width_ = static_cast<std::uint16_t>(width);
    height_ = static_cast<std::uint16_t>(height);
    ++generation_;
  }

  codec::VpConfig config_;
  std::uint16_t width_ = 0;
  std::uint16_t height_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_VP9_FORMAT_H_
