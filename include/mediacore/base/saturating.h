#ifndef MEDIACORE_BASE_SATURATING_H_
#define MEDIACORE_BASE_SATURATING_H_

#include <compare>
#include <cstdint>
#include <limits>

namespace mediacore {

inline constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();

// Integer arithmetic that stops at the ends of the range. The ends stand for
// plus and minus infinity: what has reached one stays there, and infinity minus
// infinity is the left one.
constexpr std::int64_t SaturatingAdd(std::int64_t a, std::int64_t b) {
  if (a == kInt64Max || a == kInt64Min) return a;
  if (b == kInt64Max || b == kInt64Min) return b;
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? kInt64Max : kInt64Min;
}
constexpr std::int64_t SaturatingNegate(std::int64_t a) {
  if (a == kInt64Min) return kInt64Max;
  if (a == kInt64Max) return kInt64Min;
  return -a;
}
constexpr std::int64_t SaturatingSubtract(std::int64_t a, std::int64_t b) {
  if (a == kInt64Max || a == kInt64Min) return a;
  if (b == kInt64Max || b == kInt64Min) return SaturatingNegate(b);
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return a > b ? kInt64Max : kInt64Min;
}
// Nothing times infinity is nothing.
constexpr std::int64_t SaturatingMultiply(std::int64_t a, std::int64_t b) {
  const auto infinite = [](std::int64_t n) {
    return n == kInt64Max || n == kInt64Min;
  };
  std::int64_t product = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &product);
  if (product == 0 && !overflow) return 0;
  if (!overflow && !infinite(a) && !infinite(b)) return product;
  return (a < 0) == (b < 0) ? kInt64Max : kInt64Min;
}

// a * b / c without losing the high bits, rounded towards zero; infinity when
// `a` is infinite, `c` is 0, or the answer does not fit. 0 / 0 is 0.
constexpr std::int64_t SaturatingMulDiv(std::int64_t a, std::int64_t b,
                                        std::int64_t c) {
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(a) * b;
  if (product == 0) return 0;
  const bool positive = (product > 0) == (c >= 0);
  if (c == 0 || a == kInt64Max || a == kInt64Min) {
    return positive ? kInt64Max : kInt64Min;
  }
  const Wide quotient = product / c;
  if (quotient >= kInt64Max) return kInt64Max;
  if (quotient <= kInt64Min) return kInt64Min;
  return static_cast<std::int64_t>(quotient);
}

// The same, rounded to the nearest, halves away from zero.
constexpr std::int64_t SaturatingMulDivNearest(std::int64_t a, std::int64_t b,
                                               std::int64_t c) {
  const std::int64_t towards_zero = SaturatingMulDiv(a, b, c);
  if (c == 0 || towards_zero == kInt64Max || towards_zero == kInt64Min) {
    return towards_zero;
  }
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(a) * b;
  Wide rest = product - static_cast<Wide>(towards_zero) * c;
  if (rest < 0) rest = -rest;
  const Wide divisor = c < 0 ? -static_cast<Wide>(c) : static_cast<Wide>(c);
  if (2 * rest < divisor) return towards_zero;
  return towards_zero + ((product < 0) == (c < 0) ? 1 : -1);
}

// What all unit types share: one saturating 64-bit count, compared and added
// with its own kind only.
template <typename Unit>
class UnitBase {
 public:
  static constexpr Unit Zero() { return Unit(0); }
  static constexpr Unit PlusInfinity() { return Unit(kInt64Max); }
  static constexpr Unit MinusInfinity() { return Unit(kInt64Min); }

  constexpr bool IsFinite() const {
    return count_ != kInt64Max && count_ != kInt64Min;
  }
  constexpr auto operator<=>(const UnitBase&) const = default;

 protected:
  constexpr explicit UnitBase(std::int64_t count) : count_(count) {}
  static constexpr Unit Make(std::int64_t count) { return Unit(count); }
  std::int64_t count_;
};

// A unit whose values add up and scale: lengths, sizes, rates; not points.
template <typename Unit>
class RelativeUnit : public UnitBase<Unit> {
 public:
  friend constexpr Unit operator+(Unit a, Unit b) {
    return RelativeUnit::Make(SaturatingAdd(a.count_, b.count_));
  }
  friend constexpr Unit operator-(Unit a, Unit b) {
    return RelativeUnit::Make(SaturatingSubtract(a.count_, b.count_));
  }
  friend constexpr Unit operator*(Unit a, std::int64_t factor) {
    return RelativeUnit::Make(SaturatingMultiply(a.count_, factor));
  }
  friend constexpr Unit operator*(std::int64_t factor, Unit a) {
    return a * factor;
  }
  // Towards zero; dividing by 0 gives infinity of the sign of `a`.
  friend constexpr Unit operator/(Unit a, std::int64_t divisor) {
    return RelativeUnit::Make(SaturatingMulDiv(a.count_, 1, divisor));
  }
  friend constexpr double operator/(Unit a, Unit b) {
    return static_cast<double>(a.count_) / static_cast<double>(b.count_);
  }
  constexpr Unit& operator+=(Unit b) { return self() = self() + b; }
  constexpr Unit& operator-=(Unit b) { return self() = self() - b; }

 protected:
  using UnitBase<Unit>::UnitBase;

 private:
  constexpr Unit& self() { return static_cast<Unit&>(*this); }
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_SATURATING_H_
