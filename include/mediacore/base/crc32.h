#ifndef MEDIACORE_BASE_CRC32_H_
#define MEDIACORE_BASE_CRC32_H_

#include <array>

#include "mediacore/base/bytes.h"

namespace mediacore {

namespace internal {
template <bool kReflected>
constexpr std::array<std::uint32_t, 256> MakeCrc32Table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = kReflected ? i : i << 24;
    for (int bit = 0; bit < 8; ++bit) {
      if constexpr (kReflected) {
        crc = (crc & 1u) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
      } else {
        crc = (crc & 0x80000000u) != 0 ? crc << 1 ^ 0x04c11db7u : crc << 1;
      }
    }
    table[i] = crc;
  }
  return table;
}
inline constexpr auto kCrc32Reflected = MakeCrc32Table<true>();
inline constexpr auto kCrc32Mpeg = MakeCrc32Table<false>();
}  // namespace internal

// CRC-32 of Ethernet, zip and STUN's FINGERPRINT: reflected, starts and ends
// inverted. "123456789" gives 0xcbf43926.
constexpr std::uint32_t Crc32(Bytes bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const std::uint8_t byte : bytes) {
    crc = crc >> 8 ^ internal::kCrc32Reflected[(crc ^ byte) & 0xffu];
  }
  return ~crc;
}

// CRC-32/MPEG-2 of transport-stream sections: not reflected, not inverted at
// the end. "123456789" gives 0x0376e6e7. Over a section with its CRC it is 0.
constexpr std::uint32_t Crc32Mpeg(Bytes bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const std::uint8_t byte : bytes) {
    crc = crc << 8 ^ internal::kCrc32Mpeg[(crc >> 24 ^ byte) & 0xffu];
  }
  return crc;
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_CRC32_H_
