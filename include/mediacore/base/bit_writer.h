#ifndef MEDIACORE_BASE_BIT_WRITER_H_
#define MEDIACORE_BASE_BIT_WRITER_H_

#include <bit>

#include "mediacore/base/bytes.h"

namespace mediacore {

// Writes bits, most significant first, into bytes it does not own. A write that
// does not fit writes nothing and makes ok() false for good. The bits of the
// last byte that were not written are 0.
class BitWriter {
 public:
  constexpr explicit BitWriter(MutableBytes out) noexcept : out_(out) {}

  constexpr bool ok() const noexcept { return ok_; }
  constexpr std::size_t position() const noexcept { return at_; }
  constexpr std::size_t byte_size() const noexcept { return (at_ + 7) / 8; }

  // The low `count` bits of `value`; `count` is 0 to 32.
  constexpr void WriteBits(std::uint32_t value, int count) noexcept {
    if (count > 32 || !Fits(static_cast<std::size_t>(count))) {
      ok_ = false;
      return;
    }
    for (int bit = count - 1; bit >= 0; --bit) {
      std::uint8_t& byte = out_[at_ >> 3];
      if ((at_ & 7) == 0) byte = 0;
      if ((value >> bit & 1u) != 0) {
        byte = static_cast<std::uint8_t>(byte | 0x80u >> (at_ & 7));
      }
      ++at_;
    }
  }
  // ue(v) and se(v) of ITU-T H.264, section 9.1.
  constexpr void WriteUe(std::uint32_t value) noexcept {
    const std::uint64_t code = std::uint64_t{value} + 1;
    const int width = 64 - std::countl_zero(code);
    if (!Fits(static_cast<std::size_t>(2 * width - 1))) {
      ok_ = false;
      return;
    }
    WriteBits(0, width - 1);
    if (width > 32) WriteBits(static_cast<std::uint32_t>(code >> 32), width - 32);
    WriteBits(static_cast<std::uint32_t>(code), width > 32 ? 32 : width);
  }
  constexpr void WriteSe(std::int32_t value) noexcept {
    const std::int64_t wide = value;
    const std::int64_t code = wide > 0 ? 2 * wide - 1 : -2 * wide;
    if (code > 0xffffffff) {
      ok_ = false;
      return;
    }
    WriteUe(static_cast<std::uint32_t>(code));
  }

  // ns(n) of the AV1 bitstream specification, section 4.10.7; `value` is below
  // `values`.
  constexpr void WriteNonSymmetric(std::uint32_t value, std::uint32_t values) noexcept {
    if (value >= values) {
      ok_ = false;
      return;
    }
    const int width = static_cast<int>(std::bit_width(values));
    const std::uint64_t shorter = (std::uint64_t{1} << width) - values;
    if (value < shorter) {
      WriteBits(value, width - 1);
    } else {
      WriteBits(static_cast<std::uint32_t>(value + shorter), width);
    }
  }

 private:
  constexpr bool Fits(std::size_t bits) const noexcept {
    return ok_ && bits <= out_.size() * 8 - at_;
  }

  MutableBytes out_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_BIT_WRITER_H_
