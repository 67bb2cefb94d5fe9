#ifndef MEDIACORE_BASE_BIT_READER_H_
#define MEDIACORE_BASE_BIT_READER_H_

#include <algorithm>
#include <bit>

#include "mediacore/base/bytes.h"

namespace mediacore {

// Reads bits, most significant first, from bytes it does not own. A read past
// the end, an Exp-Golomb code of more than 32 bits, or one of no values, gives 0
// and makes ok() false for good: read a whole header, then ask once. Every count that came
// out of it is still to be checked before it bounds a loop.
class BitReader {
 public:
  constexpr explicit BitReader(Bytes bytes) noexcept : bytes_(bytes) {}

  constexpr bool ok() const noexcept { return ok_; }
  constexpr std::size_t position() const noexcept { return at_; }
  constexpr std::size_t remaining() const noexcept {
    return bytes_.size() * 8 - at_;
  }

  // `count` is 0 to 32.
  constexpr std::uint32_t ReadBits(int count) noexcept {
    const auto n = static_cast<std::size_t>(count);
    if (!ok_ || n > 32 || n > remaining()) {
      ok_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    std::size_t have = 0;
    std::size_t at = at_;
    while (have < n) {  // at most five bytes
      const std::size_t bit = at & 7;
      const std::size_t take = std::min<std::size_t>(8 - bit, n - have);
      const std::uint32_t byte = bytes_[at >> 3];
      const std::uint32_t part =
          (byte >> (8 - bit - take)) & ((1u << take) - 1u);
      value = value << take | part;
      have += take;
      at += take;
    }
    at_ = at;
    return static_cast<std::uint32_t>(value);
  }
  constexpr bool ReadBit() noexcept { return ReadBits(1) != 0; }
  constexpr void Skip(std::size_t count) noexcept {
    if (!ok_ || count > remaining()) {
      ok_ = false;
      return;
    }
    at_ += count;
  }

  // ue(v) and se(v) of ITU-T H.264, section 9.1.
  constexpr std::uint32_t ReadUe() noexcept {
    int zeros = 0;
    while (ok_ && !ReadBit()) {
      if (++zeros > 32) ok_ = false;
    }
    if (!ok_) return 0;
    const std::uint64_t suffix = zeros == 0 ? 0 : ReadBits(zeros);
    const std::uint64_t value = (std::uint64_t{1} << zeros) - 1 + suffix;
    if (!ok_ || value > 0xffffffffu) {
      ok_ = false;
      return 0;
    }
    return static_cast<std::uint32_t>(value);
  }
  constexpr std::int32_t ReadSe() noexcept {
    const std::uint32_t code = ReadUe();
    const auto magnitude = static_cast<std::int64_t>(code / 2 + code % 2);
    if (magnitude > 0x7fffffff) {
      ok_ = false;
      return 0;
    }
    return static_cast<std::int32_t>(code % 2 != 0 ? magnitude : -magnitude);
  }

  // ns(n) of the AV1 bitstream specification, section 4.10.7: one of `values`
  // values, 0 to values - 1. The first of them take a bit less than the others.
  constexpr std::uint32_t ReadNonSymmetric(std::uint32_t values) noexcept {
    if (values == 0) ok_ = false;
    if (!ok_) return 0;
    const int width = static_cast<int>(std::bit_width(values));
    const std::uint64_t shorter = (std::uint64_t{1} << width) - values;
    const std::uint64_t head = ReadBits(width - 1);
    if (head < shorter) return static_cast<std::uint32_t>(head);
    const std::uint64_t tail = ReadBits(1);
    return ok_ ? static_cast<std::uint32_t>(head * 2 - shorter + tail) : 0;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_BIT_READER_H_
