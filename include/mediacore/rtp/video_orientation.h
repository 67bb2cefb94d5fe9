#ifndef MEDIACORE_RTP_VIDEO_ORIENTATION_H_
#define MEDIACORE_RTP_VIDEO_ORIENTATION_H_

#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// How a frame has to be turned before it is shown (3GPP TS 26.114, section
// 7.4.5, coordination of video orientation): on the last packet of a key frame,
// and whenever it changes.
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |0 0 0 0|C|F|rot|
//  +-+-+-+-+-+-+-+-+
//
//   rtp::VideoOrientation orientation;
//   if (rtp::ReadExtension(*packet, ids, orientation)) Turn(orientation.degrees());
//
// The four bits in front are not looked at, and written as 0.
struct VideoOrientation {
  static constexpr ExtensionKind kKind = ExtensionKind::kVideoOrientation;
  static constexpr std::uint8_t kTurns = 4;

  bool back_camera = false;   // C: facing away from the user
  bool flip = false;          // F: mirrored, left to right
  std::uint8_t rotation = 0;  // quarter turns clockwise that the receiver makes

  bool operator==(const VideoOrientation&) const = default;

  constexpr int degrees() const { return rotation * 360 / kTurns; }

  static constexpr Expected<VideoOrientation, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 1) return ExtensionError::kWrongSize;
    return VideoOrientation{(value[0] & 8) != 0, (value[0] & 4) != 0, static_cast<std::uint8_t>(value[0] & 3)};
  }
  constexpr std::size_t WireSize() const { return rotation < kTurns ? 1 : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.empty()) return false;
    out[0] = static_cast<std::uint8_t>((back_camera ? 8 : 0) | (flip ? 4 : 0) | rotation);
    return true;
  }
};

// The same with a rotation of six bits, the two of above in front and the four
// new ones behind them.
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  | fine  |C|F|rot|   rotation: rot * 16 + fine, in 1/64 of a turn
//  +-+-+-+-+-+-+-+-+
struct VideoOrientation6 {
  static constexpr ExtensionKind kKind = ExtensionKind::kVideoOrientation6;
  static constexpr std::uint8_t kTurns = 64;

  bool back_camera = false;
  bool flip = false;
  std::uint8_t rotation = 0;  // 1/64 turns clockwise that the receiver makes

  bool operator==(const VideoOrientation6&) const = default;

  constexpr double degrees() const { return rotation * 360.0 / kTurns; }

  static constexpr Expected<VideoOrientation6, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 1) return ExtensionError::kWrongSize;
    return VideoOrientation6{(value[0] & 8) != 0, (value[0] & 4) != 0,
                             static_cast<std::uint8_t>((value[0] & 3) << 4 | value[0] >> 4)};
  }
  constexpr std::size_t WireSize() const { return rotation < kTurns ? 1 : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.empty()) return false;
    out[0] = static_cast<std::uint8_t>((rotation & 15) << 4 | (back_camera ? 8 : 0) | (flip ? 4 : 0) | rotation >> 4);
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_VIDEO_ORIENTATION_H_
