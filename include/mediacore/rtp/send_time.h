#ifndef MEDIACORE_RTP_SEND_TIME_H_
#define MEDIACORE_RTP_SEND_TIME_H_

#include "mediacore/base/ntp_time.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// How long after its RTP timestamp a packet was really sent (RFC 5450): 24 bits
// of two's complement in ticks of the RTP clock.
//
//   rtp::TransmissionOffset offset;
//   if (rtp::ReadExtension(*packet, ids, offset)) sent = packet->timestamp() + offset.ticks;
struct TransmissionOffset {
  static constexpr ExtensionKind kKind = ExtensionKind::kTransmissionOffset;
  static constexpr std::int32_t kMax = 0x7fffff;
  static constexpr std::int32_t kMin = -0x800000;

  std::int32_t ticks = 0;  // kMin to kMax

  bool operator==(const TransmissionOffset&) const = default;

  static constexpr Expected<TransmissionOffset, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 3) return ExtensionError::kWrongSize;
    return TransmissionOffset{static_cast<std::int32_t>(LoadU24(value.data()) << 8) >> 8};
  }
  constexpr std::size_t WireSize() const { return ticks >= kMin && ticks <= kMax ? 3 : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    StoreU24(out.data(), static_cast<std::uint32_t>(ticks));
    return true;
  }
};

// When a packet was sent, by a clock of the sender's (webrtc.org,
// abs-send-time): seconds in 6 bits and their fraction in 18, which comes round
// every 64 s and ticks every 3.8 us.
//
//   0                   1                   2
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  seconds  |             fraction              |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   rtp::AbsSendTime sent;
//   if (rtp::ReadExtension(*packet, ids, sent)) delay.Add(unwrapper.Unwrap(sent), now);
struct AbsSendTime {
  static constexpr ExtensionKind kKind = ExtensionKind::kAbsSendTime;
  static constexpr std::int64_t kTicksPerSecond = std::int64_t{1} << 18;
  static constexpr std::uint32_t kMask = 0xffffff;

  std::uint32_t ticks = 0;  // below 2^24

  bool operator==(const AbsSendTime&) const = default;

  // Of the sender's clock, whatever its epoch: rounded down to a tick.
  static constexpr AbsSendTime Of(Timestamp now) {
    std::int64_t rest = now.us() % (64 * 1'000'000);  // of one round
    if (rest < 0) rest += 64 * 1'000'000;
    return {static_cast<std::uint32_t>(rest * kTicksPerSecond / 1'000'000)};
  }
  static constexpr AbsSendTime Of(NtpTime now) {
    return {static_cast<std::uint32_t>(now.value() >> 14) & kMask};
  }
  // How much later `a` is than `b`, the shorter way round: 32 s at most.
  friend constexpr TimeDelta operator-(AbsSendTime a, AbsSendTime b) {
    return TimeDelta::Ticks((Number(a.ticks << 8) - Number(b.ticks << 8)) >> 8, kTicksPerSecond);
  }

  static constexpr Expected<AbsSendTime, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 3) return ExtensionError::kWrongSize;
    return AbsSendTime{LoadU24(value.data())};
  }
  constexpr std::size_t WireSize() const { return ticks <= kMask ? 3 : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    StoreU24(out.data(), ticks);
    return true;
  }

  // 24 bits that wrap are 32 bits that wrap, 256 at a time.
  using Number = WrappingNumber<struct AbsSendTimeTag, std::uint32_t>;
};

// Turns send times of one sender into a time that does not come round, each
// taken as the nearest to the last: right while less than 32 s pass between two
// packets.
class AbsSendTimeUnwrapper {
 public:
  // Since the sender's clock last came round before the first packet.
  constexpr TimeDelta Unwrap(AbsSendTime sent) {
    const std::int64_t ticks = unwrapper_.Unwrap(AbsSendTime::Number(sent.ticks << 8)) >> 8;
    return TimeDelta::Ticks(ticks, AbsSendTime::kTicksPerSecond);
  }
  constexpr void Reset() { unwrapper_.Reset(); }

 private:
  Unwrapper<AbsSendTime::Number> unwrapper_;
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_SEND_TIME_H_
