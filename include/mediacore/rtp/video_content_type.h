#ifndef MEDIACORE_RTP_VIDEO_CONTENT_TYPE_H_
#define MEDIACORE_RTP_VIDEO_CONTENT_TYPE_H_

#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// What a video shows (webrtc.org, video-content-type): one byte, on the last
// packet of a key frame.
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |             |S|   S: a screen; the others had a meaning once
//  +-+-+-+-+-+-+-+-+
//
//   rtp::VideoContentType content;
//   if (rtp::ReadExtension(*packet, ids, content)) preset.SetScreen(content.IsScreenshare());
struct VideoContentType {
  static constexpr ExtensionKind kKind = ExtensionKind::kVideoContentType;

  std::uint8_t value = 0;

  bool operator==(const VideoContentType&) const = default;

  constexpr bool IsScreenshare() const { return (value & 1) != 0; }

  static constexpr Expected<VideoContentType, ExtensionError> Parse(Bytes bytes) noexcept {
    if (bytes.size() != 1) return ExtensionError::kWrongSize;
    return VideoContentType{bytes[0]};
  }
  constexpr std::size_t WireSize() const { return 1; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.empty()) return false;
    out[0] = value;
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_VIDEO_CONTENT_TYPE_H_
