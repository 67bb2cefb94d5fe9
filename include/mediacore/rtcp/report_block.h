#ifndef MEDIACORE_RTCP_REPORT_BLOCK_H_
#define MEDIACORE_RTCP_REPORT_BLOCK_H_

#include <algorithm>

#include "mediacore/base/bytes.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/ntp_time.h"

namespace mediacore::rtcp {

// What a receiver says about one source (RFC 3550, section 6.4.1), in sender
// and receiver reports alike.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                             SSRC                              |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | fraction lost |      cumulative number of packets lost        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |          extended highest sequence number received            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                      interarrival jitter                      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                         last SR (LSR)                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                   delay since last SR (DLSR)                  |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct ReportBlock {
  static constexpr std::size_t kSize = 24;
  static constexpr std::int32_t kMaxCumulativeLost = 0x7fffff;
  static constexpr std::int32_t kMinCumulativeLost = -0x800000;

  Ssrc ssrc;                       // the source that is reported on
  std::uint8_t fraction_lost = 0;  // since the last report, in 1/256
  // Signed, 24 bits: negative when duplicates outnumber losses. The writer
  // clamps it to the ends of its range.
  std::int32_t cumulative_lost = 0;
  std::uint32_t extended_highest_sequence_number = 0;  // cycles << 16 | number
  std::uint32_t jitter = 0;  // in ticks of the source's RTP clock
  std::uint32_t last_sr = 0;  // NtpTime::compact() of the last SR; 0: none came
  std::uint32_t delay_since_last_sr = 0;  // in 1/65536 s

  constexpr bool operator==(const ReportBlock&) const = default;

  static constexpr ReportBlock Read(std::span<const std::uint8_t, kSize> from) {
    // The shift left and back carries the sign of the 24 bits over.
    const auto lost = static_cast<std::int32_t>(LoadU32<4>(from) << 8) >> 8;
    return {Ssrc(LoadU32<0>(from)), from[4],           lost,
            LoadU32<8>(from),       LoadU32<12>(from), LoadU32<16>(from),
            LoadU32<20>(from)};
  }
  constexpr void Write(std::span<std::uint8_t, kSize> to) const {
    const std::int32_t lost =
        std::clamp(cumulative_lost, kMinCumulativeLost, kMaxCumulativeLost);
    StoreU32(to.data(), ssrc.value());
    StoreU32(to.data() + 4, static_cast<std::uint32_t>(lost));
    to[4] = fraction_lost;
    StoreU32(to.data() + 8, extended_highest_sequence_number);
    StoreU32(to.data() + 12, jitter);
    StoreU32(to.data() + 16, last_sr);
    StoreU32(to.data() + 20, delay_since_last_sr);
  }
};

namespace internal {
// now - last - delay, of values in 1/65536 s as LSR and DLSR carry them: shared
// by report blocks and the answers of extended reports.
[[nodiscard]] constexpr bool RoundTripTime(std::uint32_t last, std::uint32_t delay,
                                           NtpTime now, TimeDelta& out) {
  if (last == 0) return false;
  const auto ticks = static_cast<std::int32_t>(now.compact() - last - delay);
  if (ticks < 0) return false;
  out = TimeDelta::Ticks(ticks, 65536);
  return true;
}
}  // namespace internal

// The time a packet took to the reporter and back, from a report that arrived
// `now` on the wall clock that our sender reports carry (section 6.4.1):
// now - LSR - DLSR. False, and `out` as it was, when the reporter has had no
// sender report yet or when the answer would be negative (clocks that were
// set, reports that lie). Steps of 1/65536 s; from 2^15 s on it counts as
// negative.
[[nodiscard]] constexpr bool RoundTripTime(const ReportBlock& report,
                                           NtpTime now, TimeDelta& out) {
  return internal::RoundTripTime(report.last_sr, report.delay_since_last_sr, now, out);
}

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_REPORT_BLOCK_H_
