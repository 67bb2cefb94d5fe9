#ifndef MEDIACORE_BASE_BYTE_READER_H_
#define MEDIACORE_BASE_BYTE_READER_H_

#include "mediacore/base/bytes.h"

namespace mediacore {

// Walks forward over bytes it does not own, big-endian. Each read either
// succeeds and moves on, or says false and leaves the reader and the output as
// they were.
//
//   ByteReader reader(packet);
//   std::uint16_t length = 0;
//   if (!reader.ReadU16(length) || !reader.Skip(length)) return kTruncated;
class ByteReader {
 public:
  constexpr explicit ByteReader(Bytes bytes) noexcept : rest_(bytes) {}

  constexpr bool empty() const noexcept { return rest_.empty(); }
  constexpr std::size_t remaining() const noexcept { return rest_.size(); }
  constexpr Bytes rest() const noexcept { return rest_; }

  [[nodiscard]] constexpr bool Skip(std::size_t count) noexcept {
    if (rest_.size() < count) return false;
    rest_ = rest_.subspan(count);
    return true;
  }
  [[nodiscard]] constexpr bool ReadU8(std::uint8_t& out) noexcept {
    if (rest_.empty()) return false;
    out = rest_[0];
    rest_ = rest_.subspan(1);
    return true;
  }
  [[nodiscard]] constexpr bool ReadU16(std::uint16_t& out) noexcept {
    if (rest_.size() < 2) return false;
    out = LoadU16(rest_.data());
    rest_ = rest_.subspan(2);
    return true;
  }
  [[nodiscard]] constexpr bool ReadU24(std::uint32_t& out) noexcept {
    if (rest_.size() < 3) return false;
    out = LoadU24(rest_.data());
    rest_ = rest_.subspan(3);
    return true;
  }
  [[nodiscard]] constexpr bool ReadU32(std::uint32_t& out) noexcept {
    if (rest_.size() < 4) return false;
    out = LoadU32(rest_.data());
    rest_ = rest_.subspan(4);
    return true;
  }
  [[nodiscard]] constexpr bool ReadU64(std::uint64_t& out) noexcept {
    if (rest_.size() < 8) return false;
    out = LoadU64(rest_.data());
    rest_ = rest_.subspan(8);
    return true;
  }
  // leb128 of the AV1 bitstream specification, section 4.10.5: seven bits in each
  // byte, the low ones first. False too for one that ends not within 8 bytes or
  // is above 2^32 - 1.
  [[nodiscard]] constexpr bool ReadLeb128(std::uint32_t& out) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8 && i < rest_.size(); ++i) {
      value |= std::uint64_t{rest_[i] & 0x7fu} << (7 * i);
      if ((rest_[i] & 0x80) != 0) continue;
      if (value > 0xffffffffu) return false;
      out = static_cast<std::uint32_t>(value);
      rest_ = rest_.subspan(i + 1);
      return true;
    }
    return false;
  }
  [[nodiscard]] constexpr bool ReadBytes(std::size_t count, Bytes& out) noexcept {
    if (rest_.size() < count) return false;
    out = rest_.first(count);
    rest_ = rest_.subspan(count);
    return true;
  }

 private:
  Bytes rest_;
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_BYTE_READER_H_
