#include "mediacore/base/crc32.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

constexpr std::array<std::uint8_t, 9> kDigits = {'1', '2', '3', '4', '5',
                                                 '6', '7', '8', '9'};
static_assert(Crc32(kDigits) == 0xcbf43926);
static_assert(Crc32Mpeg(kDigits) == 0x0376e6e7);
static_assert(Crc32Ogg(kDigits) == 0x89a1897f);
static_assert(Crc32Ogg(Bytes(kDigits).subspan(4), Crc32Ogg(Bytes(kDigits).first(4))) == 0x89a1897f);

// The definition: one bit of the message at a time through the polynomial.
std::uint32_t SlowHighFirst(Bytes bytes, std::uint32_t crc) {
  for (const std::uint8_t byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      const bool carry = (crc >> 31 ^ (byte >> bit & 1u)) != 0;
      crc = crc << 1 ^ (carry ? 0x04c11db7u : 0u);
    }
  }
  return crc;
}

std::uint32_t SlowReflected(Bytes bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = ((crc ^ byte >> bit) & 1u) != 0;
      crc = crc >> 1 ^ (carry ? 0xedb88320u : 0u);
    }
  }
  return ~crc;
}

TEST(Crc32Test, KnownAnswers) {
  EXPECT_EQ(Crc32({}), 0u);
  constexpr std::string_view kFox = "The quick brown fox jumps over the lazy dog";
  EXPECT_EQ(Crc32({reinterpret_cast<const std::uint8_t*>(kFox.data()), kFox.size()}),
            0x414fa339u);
  EXPECT_EQ(Crc32Mpeg({}), 0xffffffffu);
}

TEST(Crc32Test, EveryLengthAgreesWithTheDefinition) {
  std::vector<std::uint8_t> bytes;
  std::uint32_t seed = 7;
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(Crc32Mpeg(bytes), SlowHighFirst(bytes, 0xffffffff)) << i;
    ASSERT_EQ(Crc32Ogg(bytes), SlowHighFirst(bytes, 0)) << i;
    ASSERT_EQ(Crc32(bytes), SlowReflected(bytes)) << i;
    seed = seed * 1'664'525 + 1'013'904'223;
    bytes.push_back(static_cast<std::uint8_t>(seed >> 24));
  }
}

TEST(Crc32Test, ASectionWithItsCrcGivesZeroAndAFlippedBitDoesNot) {
  // The PAT of ISO/IEC 13818-1 for one programme: number 1, PMT on PID 4096.
  std::array<std::uint8_t, 16> pat = {0x00, 0xb0, 0x0d, 0x00, 0x01, 0xc1, 0x00, 0x00,
                                      0x00, 0x01, 0xf0, 0x00, 0,    0,    0,    0};
  StoreU32(pat.data() + 12, Crc32Mpeg(Bytes(pat).first(12)));
  // What every multiplexer writes for this section.
  EXPECT_EQ(LoadU32(pat.data() + 12), 0x2ab104b2u);
  EXPECT_EQ(Crc32Mpeg(pat), 0u);
  for (std::size_t bit = 0; bit < pat.size() * 8; ++bit) {
    const auto flip = static_cast<std::uint8_t>(1u << bit % 8);
    pat[bit / 8] = static_cast<std::uint8_t>(pat[bit / 8] ^ flip);
    EXPECT_NE(Crc32Mpeg(pat), 0u);
    pat[bit / 8] = static_cast<std::uint8_t>(pat[bit / 8] ^ flip);
  }
}

}  // namespace
}  // namespace mediacore
