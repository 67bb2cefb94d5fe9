#ifndef MEDIACORE_RTP_PLAYOUT_DELAY_H_
#define MEDIACORE_RTP_PLAYOUT_DELAY_H_

#include "mediacore/base/time.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// Between what limits the sender wishes the receiver's playout delay, from
// capture to display (webrtc.org, playout-delay).
//
//   0                   1                   2
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |       min delay       |       max delay       |   in steps of 10 ms
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// 0 and 0: show each frame at once, as games and remote desktops want it. In
// force until another comes. kBadValue: min above max. Written in whole steps,
// rounded down.
struct PlayoutDelay {
  static constexpr ExtensionKind kKind = ExtensionKind::kPlayoutDelay;
  static constexpr TimeDelta kStep = TimeDelta::Millis(10);
  static constexpr TimeDelta kMax = TimeDelta::Millis(40'950);

  TimeDelta min = TimeDelta::Zero();
  TimeDelta max = TimeDelta::Zero();

  bool operator==(const PlayoutDelay&) const = default;

  static constexpr Expected<PlayoutDelay, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 3) return ExtensionError::kWrongSize;
    const std::uint32_t both = LoadU24(value.data());
    const PlayoutDelay delay{kStep * static_cast<std::int64_t>(both >> 12),
                             kStep * static_cast<std::int64_t>(both & 0xfff)};
    if (delay.min > delay.max) return ExtensionError::kBadValue;
    return delay;
  }
  // 0 when not 0 <= min <= max <= kMax.
  constexpr std::size_t WireSize() const {
    return TimeDelta::Zero() <= min && min <= max && max <= kMax ? 3 : 0;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    StoreU24(out.data(), static_cast<std::uint32_t>(min.us() / kStep.us() << 12 | max.us() / kStep.us()));
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_PLAYOUT_DELAY_H_
