#ifndef MEDIACORE_BASE_UNITS_H_
#define MEDIACORE_BASE_UNITS_H_

#include "mediacore/base/time.h"

namespace mediacore {

// An amount of data in bytes; saturates.
class DataSize : public RelativeUnit<DataSize> {
 public:
  static constexpr DataSize Bytes(std::int64_t bytes) { return DataSize(bytes); }
  constexpr std::int64_t bytes() const { return count_; }

 private:
  friend class UnitBase<DataSize>;
  friend class RelativeUnit<DataSize>;
  constexpr explicit DataSize(std::int64_t bytes) : RelativeUnit(bytes) {}
};

// Data over time in bits per second; saturates.
class DataRate : public RelativeUnit<DataRate> {
 public:
  static constexpr DataRate BitsPerSecond(std::int64_t bps) {
    return DataRate(bps);
  }
  static constexpr DataRate KilobitsPerSecond(std::int64_t kbps) {
    return DataRate(SaturatingMultiply(kbps, 1'000));
  }
  constexpr std::int64_t bps() const { return count_; }
  constexpr double kbps() const { return static_cast<double>(count_) / 1e3; }

 private:
  friend class UnitBase<DataRate>;
  friend class RelativeUnit<DataRate>;
  constexpr explicit DataRate(std::int64_t bps) : RelativeUnit(bps) {}
};

// How often something happens, in thousandths of a hertz; saturates.
class Frequency : public RelativeUnit<Frequency> {
 public:
  static constexpr Frequency MilliHertz(std::int64_t mhz) {
    return Frequency(mhz);
  }
  static constexpr Frequency Hertz(std::int64_t hz) {
    return Frequency(SaturatingMultiply(hz, 1'000));
  }
  constexpr std::int64_t millihertz() const { return count_; }
  constexpr double hertz() const { return static_cast<double>(count_) / 1e3; }

 private:
  friend class UnitBase<Frequency>;
  friend class RelativeUnit<Frequency>;
  constexpr explicit Frequency(std::int64_t mhz) : RelativeUnit(mhz) {}
};

// size / time = rate, rate * time = size, size / rate = time, each rounded
// towards zero; by nothing: infinity.
constexpr DataRate operator/(DataSize size, TimeDelta time) {
  return DataRate::BitsPerSecond(
      SaturatingMulDiv(size.bytes(), 8'000'000, time.us()));
}
constexpr TimeDelta operator/(DataSize size, DataRate rate) {
  return TimeDelta::Micros(
      SaturatingMulDiv(size.bytes(), 8'000'000, rate.bps()));
}
constexpr DataSize operator*(DataRate rate, TimeDelta time) {
  if (!time.IsFinite()) {
    return DataSize::Bytes(SaturatingMultiply(rate.bps(), time.us()));
  }
  return DataSize::Bytes(SaturatingMulDiv(rate.bps(), time.us(), 8'000'000));
}
constexpr DataSize operator*(TimeDelta time, DataRate rate) {
  return rate * time;
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_UNITS_H_
