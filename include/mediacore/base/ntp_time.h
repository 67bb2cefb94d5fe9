#ifndef MEDIACORE_BASE_NTP_TIME_H_
#define MEDIACORE_BASE_NTP_TIME_H_

#include <cstdint>

#include "mediacore/base/time.h"

namespace mediacore {

// Wall-clock time as RTCP carries it: seconds since 1900 and their fraction,
// 32 bits each (RFC 3550, section 4). Seconds wrap in February 2036; a value
// with the top bit clear is read as of the era that begins then (RFC 4330,
// section 3).
class NtpTime {
 public:
  constexpr NtpTime() = default;
  constexpr explicit NtpTime(std::uint64_t value) : value_(value) {}
  constexpr NtpTime(std::uint32_t seconds, std::uint32_t fraction)
      : value_(std::uint64_t{seconds} << 32 | fraction) {}
  // Microseconds since 1970 without leap seconds, as the operating system's
  // clock gives them; 1968 to 2104.
  static constexpr NtpTime FromUnixMicros(std::int64_t us) {
    std::int64_t seconds = us / 1'000'000;
    std::int64_t rest = us % 1'000'000;
    if (rest < 0) {
      rest += 1'000'000;
      --seconds;
    }
    const auto fraction = (static_cast<std::uint64_t>(rest) << 32) / 1'000'000;
    // The fraction is rounded up so that the way back gives the same number.
    return NtpTime(static_cast<std::uint32_t>(seconds + kUnixEpoch),
                   static_cast<std::uint32_t>(fraction + (rest != 0)));
  }

  constexpr std::uint64_t value() const { return value_; }
  constexpr std::uint32_t seconds() const {
    return static_cast<std::uint32_t>(value_ >> 32);
  }
  constexpr std::uint32_t fraction() const {
    return static_cast<std::uint32_t>(value_);
  }
  // The middle 32 bits, in units of 1/65536 s: LSR and DLSR (section 6.4.1).
  constexpr std::uint32_t compact() const {
    return static_cast<std::uint32_t>(value_ >> 16);
  }
  // A sender that has no wall clock writes 0 (section 6.4.1).
  constexpr bool IsSet() const { return value_ != 0; }
  constexpr bool operator==(const NtpTime&) const = default;

  constexpr std::int64_t ToUnixMicros() const {
    std::int64_t s = seconds();
    if (s < 0x80000000) s += 0x100000000;
    const std::uint64_t us = (std::uint64_t{fraction()} * 1'000'000) >> 32;
    return (s - kUnixEpoch) * 1'000'000 + static_cast<std::int64_t>(us);
  }
  // The shorter way round the era.
  friend constexpr TimeDelta operator-(NtpTime a, NtpTime b) {
    const auto q32 = static_cast<std::int64_t>(a.value_ - b.value_);
    __extension__ using Wide = __int128;
    return TimeDelta::Micros(
        static_cast<std::int64_t>(static_cast<Wide>(q32) * 1'000'000 >> 32));
  }
  // Rounded up, so that (t + d) - t is d.
  friend constexpr NtpTime operator+(NtpTime t, TimeDelta d) {
    __extension__ using Wide = __int128;
    const Wide scaled = static_cast<Wide>(d.us()) * (Wide{1} << 32);
    const Wide q32 = scaled / 1'000'000 + (scaled % 1'000'000 > 0 ? 1 : 0);
    return NtpTime(t.value_ + static_cast<std::uint64_t>(q32));
  }

 private:
  static constexpr std::int64_t kUnixEpoch = 2'208'988'800;  // 1970 in NTP
  std::uint64_t value_ = 0;
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_NTP_TIME_H_
