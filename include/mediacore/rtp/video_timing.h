#ifndef MEDIACORE_RTP_VIDEO_TIMING_H_
#define MEDIACORE_RTP_VIDEO_TIMING_H_

#include <array>

#include "mediacore/base/time.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// Where the time of a frame went, from its capture on (webrtc.org,
// video-timing): on its last packet, 13 bytes; 12 without flags, as it once was.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//                  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//                  |     flags     |         encode start          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |         encode finish         |    packetization complete     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     last packet left pacer    |            network            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |       network, second         |   each: ms since the capture
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   rtp::VideoTiming timing;
//   if (rtp::ReadExtension(*packet, ids, timing) && timing.IsValid()) Show(timing.encode_finish);
//
// The two of the network are for forwarders to fill in. Written in whole
// milliseconds, rounded down.
struct VideoTiming {
  static constexpr ExtensionKind kKind = ExtensionKind::kVideoTiming;
  static constexpr std::uint8_t kByTimer = 0x01;
  static constexpr std::uint8_t kBySize = 0x02;  // the frame is larger than usual
  static constexpr std::uint8_t kInvalid = 0xff;
  static constexpr TimeDelta kMax = TimeDelta::Millis(0xffff);

  bool has_flags = true;
  std::uint8_t flags = 0;  // why this frame was chosen; 0 without them
  TimeDelta encode_start = TimeDelta::Zero();
  TimeDelta encode_finish = TimeDelta::Zero();
  TimeDelta packetization_complete = TimeDelta::Zero();
  TimeDelta pacer_exit = TimeDelta::Zero();
  TimeDelta network = TimeDelta::Zero();
  TimeDelta network2 = TimeDelta::Zero();

  bool operator==(const VideoTiming&) const = default;

  // False: the sender says that the rest means nothing.
  constexpr bool IsValid() const { return flags != kInvalid; }

  static constexpr Expected<VideoTiming, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 12 && value.size() != 13) return ExtensionError::kWrongSize;
    VideoTiming timing;
    timing.has_flags = value.size() == 13;
    if (timing.has_flags) timing.flags = value[0];
    const std::uint8_t* at = value.data() + (timing.has_flags ? 1 : 0);
    for (const auto delta : Deltas()) {
      timing.*delta = TimeDelta::Millis(LoadU16(at));
      at += 2;
    }
    return timing;
  }
  // 0 when a time is below 0 or above kMax, or there are flags but no room for them.
  constexpr std::size_t WireSize() const {
    if (!has_flags && flags != 0) return 0;
    for (const auto delta : Deltas()) {
      if (this->*delta < TimeDelta::Zero() || this->*delta > kMax) return 0;
    }
    return has_flags ? 13 : 12;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out);
    if (has_flags) writer.WriteU8(flags);
    for (const auto delta : Deltas()) writer.WriteU16(static_cast<std::uint16_t>((this->*delta).ms()));
    return writer.ok();
  }

 private:
  // The order on the wire.
  static constexpr std::array<TimeDelta VideoTiming::*, 6> Deltas() {
    return {&VideoTiming::encode_start, &VideoTiming::encode_finish, &VideoTiming::packetization_complete,
            &VideoTiming::pacer_exit,   &VideoTiming::network,       &VideoTiming::network2};
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_VIDEO_TIMING_H_
