#ifndef MEDIACORE_BASE_TIME_H_
#define MEDIACORE_BASE_TIME_H_

#include "mediacore/base/saturating.h"

namespace mediacore {

// A length of time in microseconds; saturates, the ends are infinities.
class TimeDelta : public RelativeUnit<TimeDelta> {
 public:
  static constexpr TimeDelta Micros(std::int64_t us) { return TimeDelta(us); }
  static constexpr TimeDelta Millis(std::int64_t ms) {
    return TimeDelta(SaturatingMultiply(ms, 1'000));
  }
  static constexpr TimeDelta Seconds(std::int64_t s) {
    return TimeDelta(SaturatingMultiply(s, 1'000'000));
  }
  // `ticks` of a clock that ticks `hz` times a second (an RTP clock, a media
  // time scale), rounded towards zero. hz 0 gives infinity.
  static constexpr TimeDelta Ticks(std::int64_t ticks, std::int64_t hz) {
    return TimeDelta(SaturatingMulDiv(ticks, 1'000'000, hz));
  }

  constexpr std::int64_t us() const { return count_; }
  constexpr std::int64_t ms() const { return count_ / 1'000; }
  constexpr double seconds() const { return static_cast<double>(count_) / 1e6; }
  // Rounded to the nearest tick.
  constexpr std::int64_t ToTicks(std::int64_t hz) const {
    if (!IsFinite()) return count_;
    return SaturatingMulDivNearest(count_, hz, 1'000'000);
  }
  constexpr TimeDelta operator-() const {
    return TimeDelta(SaturatingNegate(count_));
  }
  constexpr TimeDelta Abs() const { return count_ < 0 ? -*this : *this; }

 private:
  friend class UnitBase<TimeDelta>;
  friend class RelativeUnit<TimeDelta>;
  constexpr explicit TimeDelta(std::int64_t us) : RelativeUnit(us) {}
};

// A point on the caller's monotonic clock (*now*), in microseconds since an
// epoch the caller chose. mediacore never reads a clock.
class Timestamp : public UnitBase<Timestamp> {
 public:
  static constexpr Timestamp Micros(std::int64_t us) { return Timestamp(us); }
  static constexpr Timestamp Millis(std::int64_t ms) {
    return Timestamp(SaturatingMultiply(ms, 1'000));
  }
  static constexpr Timestamp Seconds(std::int64_t s) {
    return Timestamp(SaturatingMultiply(s, 1'000'000));
  }

  constexpr std::int64_t us() const { return count_; }
  constexpr std::int64_t ms() const { return count_ / 1'000; }
  constexpr double seconds() const { return static_cast<double>(count_) / 1e6; }

  friend constexpr Timestamp operator+(Timestamp t, TimeDelta d) {
    return Timestamp(SaturatingAdd(t.count_, d.us()));
  }
  friend constexpr Timestamp operator-(Timestamp t, TimeDelta d) {
    return Timestamp(SaturatingSubtract(t.count_, d.us()));
  }
  friend constexpr TimeDelta operator-(Timestamp a, Timestamp b) {
    return TimeDelta::Micros(SaturatingSubtract(a.count_, b.count_));
  }
  constexpr Timestamp& operator+=(TimeDelta d) { return *this = *this + d; }

 private:
  friend class UnitBase<Timestamp>;
  constexpr explicit Timestamp(std::int64_t us) : UnitBase(us) {}
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_TIME_H_
