#ifndef MEDIACORE_BASE_BYTES_H_
#define MEDIACORE_BASE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace mediacore {

// Bytes that belong to somebody else.
using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

// Big-endian integers at `from`. The caller has proved that the bytes are
// there; what comes out of a parser goes through ByteReader or LoadU16<> below.
constexpr std::uint16_t LoadU16(const std::uint8_t* from) {
  return static_cast<std::uint16_t>(from[0] << 8 | from[1]);
}
constexpr std::uint32_t LoadU24(const std::uint8_t* from) {
  return std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 |
         std::uint32_t{from[2]};
}
constexpr std::uint32_t LoadU32(const std::uint8_t* from) {
  return std::uint32_t{from[0]} << 24 | std::uint32_t{from[1]} << 16 |
         std::uint32_t{from[2]} << 8 | std::uint32_t{from[3]};
}
constexpr std::uint64_t LoadU64(const std::uint8_t* from) {
  return std::uint64_t{LoadU32(from)} << 32 | LoadU32(from + 4);
}
constexpr void StoreU16(std::uint8_t* to, std::uint16_t value) {
  to[0] = static_cast<std::uint8_t>(value >> 8);
  to[1] = static_cast<std::uint8_t>(value);
}
constexpr void StoreU24(std::uint8_t* to, std::uint32_t value) {
  to[0] = static_cast<std::uint8_t>(value >> 16);
  to[1] = static_cast<std::uint8_t>(value >> 8);
  to[2] = static_cast<std::uint8_t>(value);
}
constexpr void StoreU32(std::uint8_t* to, std::uint32_t value) {
  to[0] = static_cast<std::uint8_t>(value >> 24);
  to[1] = static_cast<std::uint8_t>(value >> 16);
  to[2] = static_cast<std::uint8_t>(value >> 8);
  to[3] = static_cast<std::uint8_t>(value);
}
constexpr void StoreU64(std::uint8_t* to, std::uint64_t value) {
  StoreU32(to, static_cast<std::uint32_t>(value >> 32));
  StoreU32(to + 4, static_cast<std::uint32_t>(value));
}

// The same with the low byte first, as containers of another age have them.
constexpr std::uint16_t LoadLittleU16(const std::uint8_t* from) {
  return static_cast<std::uint16_t>(from[1] << 8 | from[0]);
}
constexpr std::uint32_t LoadLittleU32(const std::uint8_t* from) {
  return std::uint32_t{from[3]} << 24 | std::uint32_t{from[2]} << 16 | std::uint32_t{from[1]} << 8 |
         std::uint32_t{from[0]};
}
constexpr std::uint64_t LoadLittleU64(const std::uint8_t* from) {
  return std::uint64_t{LoadLittleU32(from + 4)} << 32 | LoadLittleU32(from);
}
constexpr void StoreLittleU16(std::uint8_t* to, std::uint16_t value) {
  to[0] = static_cast<std::uint8_t>(value);
  to[1] = static_cast<std::uint8_t>(value >> 8);
}
constexpr void StoreLittleU32(std::uint8_t* to, std::uint32_t value) {
  StoreLittleU16(to, static_cast<std::uint16_t>(value));
  StoreLittleU16(to + 2, static_cast<std::uint16_t>(value >> 16));
}
constexpr void StoreLittleU64(std::uint8_t* to, std::uint64_t value) {
  StoreLittleU32(to, static_cast<std::uint32_t>(value));
  StoreLittleU32(to + 4, static_cast<std::uint32_t>(value >> 32));
}

// Big-endian again, at a place known when compiling. The span carries its length in its
// type, so a field past the end of a header does not compile.
template <std::size_t kOffset, std::size_t kSize>
constexpr std::uint16_t LoadU16(std::span<const std::uint8_t, kSize> from) {
  static_assert(kOffset + 2 <= kSize, "field lies outside the header");
  return LoadU16(from.data() + kOffset);
}
template <std::size_t kOffset, std::size_t kSize>
constexpr std::uint32_t LoadU32(std::span<const std::uint8_t, kSize> from) {
  static_assert(kOffset + 4 <= kSize, "field lies outside the header");
  return LoadU32(from.data() + kOffset);
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_BYTES_H_
