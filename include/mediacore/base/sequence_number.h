#ifndef MEDIACORE_BASE_SEQUENCE_NUMBER_H_
#define MEDIACORE_BASE_SEQUENCE_NUMBER_H_

#include <cstdint>
#include <limits>
#include <type_traits>

namespace mediacore {

// A number that wraps: RFC 3550's sequence number and timestamp (and whatever
// else counts modulo 2^n). Two of them have a distance, the shorter way round,
// and an order that goes by it. Exactly half the circle apart, the larger
// number is the newer one, so that the order never contradicts itself between
// two numbers. It is no order among many: sort unwrapped numbers.
template <typename Tag, typename Uint>
class WrappingNumber {
 public:
  using Value = Uint;
  static constexpr std::int64_t kModulus =
      std::int64_t{std::numeric_limits<Uint>::max()} + 1;

  constexpr WrappingNumber() = default;
  constexpr explicit WrappingNumber(Uint value) : value_(value) {}

  constexpr Uint value() const { return value_; }
  constexpr bool operator==(const WrappingNumber&) const = default;

  // How far `a` is ahead of `b`: -kModulus/2 to kModulus/2.
  friend constexpr std::int64_t operator-(WrappingNumber a, WrappingNumber b) {
    const std::int64_t ahead = static_cast<Uint>(a.value_ - b.value_);
    if (ahead < kModulus / 2) return ahead;
    if (ahead == kModulus / 2 && a.value_ > b.value_) return ahead;
    return ahead - kModulus;
  }
  friend constexpr WrappingNumber operator+(WrappingNumber a, std::int64_t n) {
    return WrappingNumber(static_cast<Uint>(
        a.value_ + static_cast<Uint>(static_cast<std::uint64_t>(n))));
  }
  friend constexpr WrappingNumber operator-(WrappingNumber a, std::int64_t n) {
    return WrappingNumber(static_cast<Uint>(
        a.value_ - static_cast<Uint>(static_cast<std::uint64_t>(n))));
  }
  constexpr WrappingNumber& operator++() { return *this = *this + 1; }
  constexpr bool IsNewerThan(WrappingNumber other) const {
    return *this - other > 0;
  }

 private:
  Uint value_ = 0;
};

// RTP sequence number, 16 bits (RFC 3550, section 5.1).
using SequenceNumber = WrappingNumber<struct SequenceNumberTag, std::uint16_t>;
// RTP timestamp, 32 bits of media time (RFC 3550, section 5.1).
using RtpTimestamp = WrappingNumber<struct RtpTimestampTag, std::uint32_t>;

// Turns numbers that wrap into numbers that do not: each is taken as the
// nearest one to the last. The first stays as it is. 8 bytes and a flag.
template <typename Number>
class Unwrapper {
 public:
  constexpr std::int64_t Unwrap(Number number) {
    last_ = Peek(number);
    started_ = true;
    return last_;
  }
  // The same without remembering.
  constexpr std::int64_t Peek(Number number) const {
    if (!started_) return number.value();
    const Number last(static_cast<typename Number::Value>(
        static_cast<std::uint64_t>(last_)));
    // A stream made to climb for ever wraps here too, and is not undefined.
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(last_) +
                                     static_cast<std::uint64_t>(number - last));
  }
  constexpr void Reset() { *this = {}; }

 private:
  std::int64_t last_ = 0;
  bool started_ = false;
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_SEQUENCE_NUMBER_H_
