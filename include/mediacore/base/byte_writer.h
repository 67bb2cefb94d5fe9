#ifndef MEDIACORE_BASE_BYTE_WRITER_H_
#define MEDIACORE_BASE_BYTE_WRITER_H_

#include <algorithm>

#include "mediacore/base/bytes.h"

namespace mediacore {

// How many bytes a number takes as leb128: 1 to 5.
constexpr std::size_t Leb128Size(std::uint32_t value) {
  std::size_t size = 1;
  while ((value >>= 7) != 0) ++size;
  return size;
}

// Writes forward into bytes it does not own, big-endian. A write that does not
// fit writes nothing and makes ok() false for good, so a caller that wrote many
// fields asks once at the end.
class ByteWriter {
 public:
  constexpr explicit ByteWriter(MutableBytes out) noexcept : out_(out) {}

  constexpr bool ok() const noexcept { return ok_; }
  constexpr std::size_t size() const noexcept { return at_; }
  constexpr std::size_t room() const noexcept { return out_.size() - at_; }
  constexpr MutableBytes written() const noexcept { return out_.first(at_); }

  constexpr void WriteU8(std::uint8_t value) noexcept {
    if (std::uint8_t* to = Take(1)) *to = value;
  }
  constexpr void WriteU16(std::uint16_t value) noexcept {
    if (std::uint8_t* to = Take(2)) StoreU16(to, value);
  }
  constexpr void WriteU24(std::uint32_t value) noexcept {
    if (std::uint8_t* to = Take(3)) StoreU24(to, value);
  }
  constexpr void WriteU32(std::uint32_t value) noexcept {
    if (std::uint8_t* to = Take(4)) StoreU32(to, value);
  }
  constexpr void WriteU64(std::uint64_t value) noexcept {
    if (std::uint8_t* to = Take(8)) StoreU64(to, value);
  }
  // leb128 of the AV1 bitstream specification, section 4.10.5, in the fewest bytes.
  constexpr void WriteLeb128(std::uint32_t value) noexcept {
    std::uint8_t* to = Take(Leb128Size(value));
    if (to == nullptr) return;
    for (; value > 0x7f; value >>= 7) *to++ = static_cast<std::uint8_t>(value | 0x80);
    *to = static_cast<std::uint8_t>(value);
  }
  constexpr void WriteBytes(Bytes bytes) noexcept {
    if (bytes.empty()) return;
    if (std::uint8_t* to = Take(bytes.size())) {
      std::copy_n(bytes.data(), bytes.size(), to);
    }
  }
  constexpr void Fill(std::size_t count, std::uint8_t value) noexcept {
    if (count == 0) return;
    if (std::uint8_t* to = Take(count)) std::fill_n(to, count, value);
  }

 private:
  constexpr std::uint8_t* Take(std::size_t count) noexcept {
    if (!ok_ || room() < count) {
      ok_ = false;
      return nullptr;
    }
    std::uint8_t* to = out_.data() + at_;
    at_ += count;
    return to;
  }

  MutableBytes out_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_BYTE_WRITER_H_
