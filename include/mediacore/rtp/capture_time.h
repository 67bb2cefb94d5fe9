#ifndef MEDIACORE_RTP_CAPTURE_TIME_H_
#define MEDIACORE_RTP_CAPTURE_TIME_H_

#include "mediacore/base/ntp_time.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// When the first frame in the packet was captured, by the clock of the system
// that captured it, and how far that clock is ahead of the sender's: what keeps
// lip sync behind a mixer (webrtc.org, abs-capture-time).
//
//  +-+-+-+- 64 bits -+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  absolute capture timestamp: NTP, seconds and fraction        |
//  +-+-+-+- 64 bits -+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :  estimated capture clock offset: signed Q32.32 (may be absent):
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   rtp::AbsCaptureTime captured;
//   if (rtp::ReadExtension(*packet, ids, captured) && captured.has_clock_offset) {
//     Align(captured.time + -captured.ClockOffset());  // by the sender's clock
//   }
struct AbsCaptureTime {
  static constexpr ExtensionKind kKind = ExtensionKind::kAbsCaptureTime;

  NtpTime time;
  bool has_clock_offset = false;
  std::int64_t clock_offset = 0;  // 1/2^32 s; 0 without one

  bool operator==(const AbsCaptureTime&) const = default;

  // The offset in microseconds, and the other way round.
  constexpr TimeDelta ClockOffset() const {
    return NtpTime(static_cast<std::uint64_t>(clock_offset)) - NtpTime();
  }
  constexpr void SetClockOffset(TimeDelta offset) {
    has_clock_offset = true;
    clock_offset = static_cast<std::int64_t>((NtpTime() + offset).value());
  }

  static constexpr Expected<AbsCaptureTime, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 8 && value.size() != 16) return ExtensionError::kWrongSize;
    AbsCaptureTime captured;
    captured.time = NtpTime(LoadU64(value.data()));
    if (value.size() == 16) {
      captured.has_clock_offset = true;
      captured.clock_offset = static_cast<std::int64_t>(LoadU64(value.data() + 8));
    }
    return captured;
  }
  constexpr std::size_t WireSize() const { return has_clock_offset ? 16 : 8; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < WireSize()) return false;
    StoreU64(out.data(), time.value());
    if (has_clock_offset) StoreU64(out.data() + 8, static_cast<std::uint64_t>(clock_offset));
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_CAPTURE_TIME_H_
