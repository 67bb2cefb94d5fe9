#ifndef MEDIACORE_RTCP_XR_VOIP_METRICS_H_
#define MEDIACORE_RTCP_XR_VOIP_METRICS_H_

#include "mediacore/base/time.h"
#include "mediacore/rtcp/extended_report.h"

namespace mediacore::rtcp {

// What a telephone heard (RFC 3611, section 4.7).
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     BT=7      |   reserved    |       block length = 8        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        SSRC of source                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   loss rate   | discard rate  | burst density |  gap density  |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |       burst duration          |         gap duration          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     round trip delay          |       end system delay        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | signal level  |  noise level  |     RERL      |     Gmin      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   R factor    | ext. R factor |    MOS-LQ     |    MOS-CQ     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   RX config   |   reserved    |          JB nominal           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |          JB maximum           |          JB abs max           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto metrics = rtcp::XrVoipMetrics::Parse(xr)) {
//     if (metrics->mos_cq != rtcp::XrVoipMetrics::kUnavailable) Show(metrics->mos_cq / 10.0);
//   }
//
// Errors: kOtherType, kBadLength. Times are whole milliseconds, 0 to 65,535.
struct XrVoipMetrics {
  static constexpr XrBlockType kType = XrBlockType::kVoipMetrics;
  static constexpr std::size_t kSize = 36;
  // Of the levels, RERL, R factors and scores: it is not known.
  static constexpr int kUnavailable = 127;

  Ssrc ssrc;
  // In 1/256 of all packets.
  std::uint8_t loss_rate = 0;
  std::uint8_t discard_rate = 0;
  std::uint8_t burst_density = 0;
  std::uint8_t gap_density = 0;
  TimeDelta burst_duration = TimeDelta::Zero();
  TimeDelta gap_duration = TimeDelta::Zero();
  TimeDelta round_trip_delay = TimeDelta::Zero();
  TimeDelta end_system_delay = TimeDelta::Zero();
  std::int8_t signal_level = kUnavailable;  // dBm
  std::int8_t noise_level = kUnavailable;   // dBm
  std::uint8_t rerl = kUnavailable;         // residual echo return loss, dB
  std::uint8_t gmin = 16;                   // the gap threshold, section 4.7.2
  std::uint8_t r_factor = kUnavailable;     // 0 to 100
  std::uint8_t ext_r_factor = kUnavailable;
  std::uint8_t mos_lq = kUnavailable;       // 10 to 50: tenths
  std::uint8_t mos_cq = kUnavailable;
  std::uint8_t rx_config = 0;               // see below
  TimeDelta jitter_buffer_nominal = TimeDelta::Zero();
  TimeDelta jitter_buffer_maximum = TimeDelta::Zero();
  TimeDelta jitter_buffer_absolute_maximum = TimeDelta::Zero();

  // Receiver configuration (section 4.7.6). Loss concealment: 0 unspecified, 1
  // disabled, 2 enhanced, 3 standard.
  constexpr int packet_loss_concealment() const { return rx_config >> 6; }
  // 0 unknown, 1 reserved, 2 non-adaptive, 3 adaptive.
  constexpr int jitter_buffer_adaptive() const { return rx_config >> 4 & 3; }
  constexpr int jitter_buffer_rate() const { return rx_config & 0x0f; }

  constexpr bool operator==(const XrVoipMetrics&) const = default;

  static constexpr Expected<XrVoipMetrics, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (block.type() != kType) return XrBlockError::kOtherType;
    if (block.size() != kSize) return XrBlockError::kBadLength;
    const std::uint8_t* from = block.body().data();
    const auto time = [from](std::size_t at) { return TimeDelta::Millis(LoadU16(from + at)); };
    return XrVoipMetrics{Ssrc(LoadU32(from)),
                         from[4], from[5], from[6], from[7],
                         time(8), time(10), time(12), time(14),
                         static_cast<std::int8_t>(from[16]), static_cast<std::int8_t>(from[17]),
                         from[18], from[19], from[20], from[21], from[22], from[23], from[24],
                         time(26), time(28), time(30)};
  }

  // 0 when a time is no number of milliseconds that 16 bits hold.
  constexpr std::size_t WireSize() const {
    for (const TimeDelta time : {burst_duration, gap_duration, round_trip_delay, end_system_delay,
                                 jitter_buffer_nominal, jitter_buffer_maximum, jitter_buffer_absolute_maximum}) {
      if (time < TimeDelta::Zero() || time > TimeDelta::Millis(0xffff) || time.us() % 1000 != 0) return 0;
    }
    return kSize;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < kSize) return false;
    ByteWriter writer(out.first(kSize));
    internal::WriteXrBlockHeader(writer, kType, 0, kSize);
    const auto write_bytes = [&writer](auto... values) { (writer.WriteU8(static_cast<std::uint8_t>(values)), ...); };
    const auto write_times = [&writer](auto... times) {
      (writer.WriteU16(static_cast<std::uint16_t>(times.ms())), ...);
    };
    writer.WriteU32(ssrc.value());
    write_bytes(loss_rate, discard_rate, burst_density, gap_density);
    write_times(burst_duration, gap_duration, round_trip_delay, end_system_delay);
    write_bytes(signal_level, noise_level, rerl, gmin, r_factor, ext_r_factor, mos_lq, mos_cq, rx_config, 0);
    write_times(jitter_buffer_nominal, jitter_buffer_maximum, jitter_buffer_absolute_maximum);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_VOIP_METRICS_H_
