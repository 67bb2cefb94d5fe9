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

// What a byte does to the CRC when 0 to 7 bytes follow it: eight at a time need
// not wait for each other.
template <bool kReflected>
constexpr std::array<std::array<std::uint32_t, 256>, 8> MakeCrc32Slices() {
  std::array<std::array<std::uint32_t, 256>, 8> slices{};
  slices[0] = MakeCrc32Table<kReflected>();
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t i = 0; i < 256; ++i) {
      const std::uint32_t before = slices[k - 1][i];
      slices[k][i] = kReflected ? before >> 8 ^ slices[0][before & 0xffu] : before << 8 ^ slices[0][before >> 24];
    }
  }
  return slices;
}
inline constexpr auto kCrc32Slices = MakeCrc32Slices<true>();
inline constexpr auto kCrc32HighFirstSlices = MakeCrc32Slices<false>();

// Not reflected, from any start, not inverted at the end.
constexpr std::uint32_t Crc32HighFirst(Bytes bytes, std::uint32_t crc) {
  const auto& slices = kCrc32HighFirstSlices;
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    crc ^= LoadU32(at);
    crc = slices[7][crc >> 24] ^ slices[6][crc >> 16 & 0xffu] ^ slices[5][crc >> 8 & 0xffu] ^ slices[4][crc & 0xffu] ^
          slices[3][at[4]] ^ slices[2][at[5]] ^ slices[1][at[6]] ^ slices[0][at[7]];
  }
  for (; left > 0; ++at, --left) crc = crc << 8 ^ slices[0][crc >> 24 ^ *at];
  return crc;
}
}  // namespace internal

// CRC-32 of Ethernet, zip and STUN's FINGERPRINT: reflected, starts and ends
// inverted. "123456789" gives 0xcbf43926.
constexpr std::uint32_t Crc32(Bytes bytes) {
  const auto& slices = internal::kCrc32Slices;
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint32_t crc = 0xffffffffu;
  for (; left >= 8; at += 8, left -= 8) {
    crc ^= std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
    crc = slices[7][crc & 0xffu] ^ slices[6][crc >> 8 & 0xffu] ^ slices[5][crc >> 16 & 0xffu] ^ slices[4][crc >> 24] ^
          slices[3][at[4]] ^ slices[2][at[5]] ^ slices[1][at[6]] ^ slices[0][at[7]];
  }
  for (; left > 0; ++at, --left) crc = crc >> 8 ^ slices[0][(crc ^ *at) & 0xffu];
  return ~crc;
}

// CRC-32/MPEG-2 of transport-stream sections: not reflected, not inverted at
// the end. "123456789" gives 0x0376e6e7. Over a section with its CRC it is 0.
constexpr std::uint32_t Crc32Mpeg(Bytes bytes) { return internal::Crc32HighFirst(bytes, 0xffffffffu); }

// The CRC of Ogg pages: not reflected, starts at 0, not inverted. "123456789" gives
// 0x89a1897f. Of bytes in pieces: `before` is that of those in front.
constexpr std::uint32_t Crc32Ogg(Bytes bytes, std::uint32_t before = 0) {
  return internal::Crc32HighFirst(bytes, before);
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_CRC32_H_
