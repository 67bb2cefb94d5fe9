#ifndef MEDIACORE_RTP_FRAME_TRACKING_ID_H_
#define MEDIACORE_RTP_FRAME_TRACKING_ID_H_

#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// A number that names a video frame across a test call, so that what came out
// can be compared with what went in (webrtc.org, video-frame-tracking-id): 16
// bits, on the first packet of the frame.
//
//   rtp::VideoFrameTrackingId tracking;
//   if (rtp::ReadExtension(*packet, ids, tracking)) quality.Match(tracking.id);
struct VideoFrameTrackingId {
  static constexpr ExtensionKind kKind = ExtensionKind::kVideoFrameTrackingId;

  std::uint16_t id = 0;

  bool operator==(const VideoFrameTrackingId&) const = default;

  static constexpr Expected<VideoFrameTrackingId, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 2) return ExtensionError::kWrongSize;
    return VideoFrameTrackingId{LoadU16(value.data())};
  }
  constexpr std::size_t WireSize() const { return 2; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < WireSize()) return false;
    StoreU16(out.data(), id);
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_FRAME_TRACKING_ID_H_
