#include "mediacore/base/bit_reader.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/base/bit_writer.h"

namespace mediacore {
namespace {

constexpr std::uint32_t LowBits(std::uint32_t value, int count) {
  return count == 32 ? value : value & ((1u << count) - 1u);
}

constexpr bool ReadsAcrossBytes() {
  constexpr std::array<std::uint8_t, 3> kBytes = {0b1010'1100, 0b0101'1111, 0};
  BitReader reader(kBytes);
  return reader.ReadBit() && reader.ReadBits(6) == 0b010'110 &&
         reader.ReadBits(5) == 0b00101 && reader.position() == 12 && reader.ok();
}
static_assert(ReadsAcrossBytes());

TEST(BitReaderTest, EveryWidthAtEveryOffsetReadsWhatABitByBitReaderReads) {
  std::array<std::uint8_t, 16> bytes{};
  std::uint32_t seed = 1;
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  for (std::size_t offset = 0; offset + 32 <= 128; ++offset) {
    for (int count = 0; count <= 32; ++count) {
      std::uint32_t expected = 0;
      for (std::size_t i = offset; i < offset + static_cast<std::size_t>(count); ++i) {
        expected = expected << 1 | (bytes[i / 8] >> (7 - i % 8) & 1u);
      }
      BitReader reader(bytes);
      reader.Skip(offset);
      ASSERT_EQ(reader.ReadBits(count), expected) << offset << ", " << count;
      ASSERT_EQ(reader.position(), offset + static_cast<std::size_t>(count));
      ASSERT_TRUE(reader.ok());
    }
  }
}

TEST(BitReaderTest, AReadPastTheEndGivesZeroMovesNothingAndIsRemembered) {
  constexpr std::array<std::uint8_t, 5> kBytes = {0xff, 0xff, 0xff, 0xff, 0xff};
  for (std::size_t size = 0; size <= kBytes.size(); ++size) {
    for (int count = 0; count <= 32; ++count) {
      BitReader reader(Bytes(kBytes).first(size));
      const bool fits = static_cast<std::size_t>(count) <= size * 8;
      ASSERT_EQ(reader.ReadBits(count), fits ? LowBits(~0u, count) : 0u);
      ASSERT_EQ(reader.ok(), fits);
      ASSERT_EQ(reader.position(), fits ? static_cast<std::size_t>(count) : 0u);
      if (!fits) {
        EXPECT_EQ(reader.ReadBits(1), 0u);
        EXPECT_EQ(reader.ReadUe(), 0u);
        EXPECT_EQ(reader.ReadSe(), 0);
        reader.Skip(0);
        EXPECT_FALSE(reader.ok());
      }
    }
  }
}

TEST(BitReaderTest, ACountThatIsNoCountIsRefused) {
  constexpr std::array<std::uint8_t, 16> kBytes{};
  for (const int count : {-1, 33, 64, 1'000}) {
    BitReader reader(kBytes);
    EXPECT_EQ(reader.ReadBits(count), 0u);
    EXPECT_FALSE(reader.ok());
  }
}

TEST(BitReaderTest, SkippingPastTheEndIsAFailureAndToTheEndIsNone) {
  constexpr std::array<std::uint8_t, 2> kBytes{};
  BitReader reader(kBytes);
  reader.Skip(16);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0u);
  reader.Skip(1);
  EXPECT_FALSE(reader.ok());
  BitReader other(kBytes);
  other.Skip(~std::size_t{0});
  EXPECT_FALSE(other.ok());
  EXPECT_EQ(other.position(), 0u);
}

TEST(BitReaderTest, TheCodesOfTable9Dash1AreRead) {
  // ITU-T H.264, tables 9-2 and 9-3: 1, 010, 011, 00100, 00101, 00110, 00111.
  constexpr std::array<std::uint8_t, 4> kBytes = {0b1010'0110, 0b0100'0010, 0b1001'1000, 0b1110'0000};
  BitReader ue(kBytes);
  for (std::uint32_t code = 0; code < 7; ++code) ASSERT_EQ(ue.ReadUe(), code);
  BitReader se(kBytes);
  for (const int value : {0, 1, -1, 2, -2, 3, -3}) ASSERT_EQ(se.ReadSe(), value);
}

TEST(BitReaderTest, EveryCodeOfSixteenBitsAndTheCornersComeBack) {
  std::vector<std::uint32_t> values;
  for (std::uint32_t v = 0; v < 65'536; ++v) values.push_back(v);
  for (int bit = 16; bit < 32; ++bit) {
    for (const std::uint32_t off : {~0u, 0u, 1u}) values.push_back((1u << bit) + off);
  }
  values.push_back(0xfffffffeu);
  values.push_back(0xffffffffu);
  std::array<std::uint8_t, 12> buffer{};
  for (const std::uint32_t value : values) {
    for (const int before : {0, 3}) {
      BitWriter writer(buffer);
      writer.WriteBits(0, before);
      writer.WriteUe(value);
      ASSERT_TRUE(writer.ok());
      BitReader reader(Bytes(buffer).first(writer.byte_size()));
      reader.Skip(static_cast<std::size_t>(before));
      ASSERT_EQ(reader.ReadUe(), value);
      ASSERT_TRUE(reader.ok());
      ASSERT_EQ(reader.position(), writer.position());
    }
  }
}

TEST(BitReaderTest, EverySignedCodeOfSixteenBitsAndTheCornersComeBack) {
  std::vector<std::int32_t> values = {INT32_MAX, -INT32_MAX, INT32_MAX - 1};
  for (std::int32_t v = -40'000; v <= 40'000; ++v) values.push_back(v);
  std::array<std::uint8_t, 12> buffer{};
  for (const std::int32_t value : values) {
    BitWriter writer(buffer);
    writer.WriteSe(value);
    ASSERT_TRUE(writer.ok());
    BitReader reader(Bytes(buffer).first(writer.byte_size()));
    ASSERT_EQ(reader.ReadSe(), value);
    ASSERT_TRUE(reader.ok());
  }
}

TEST(BitReaderTest, ThirtyTwoLeadingZerosAreTheMost) {
  std::array<std::uint8_t, 12> buffer{};
  // 32 zeros, a one, 32 zeros: the largest code that fits 32 bits.
  buffer[4] = 0x80;
  BitReader largest(buffer);
  EXPECT_EQ(largest.ReadUe(), 0xffffffffu);
  EXPECT_TRUE(largest.ok());
  EXPECT_EQ(largest.position(), 65u);
  // The next one is 2^32.
  buffer[8] = 0x80;
  BitReader too_large(buffer);
  EXPECT_EQ(too_large.ReadUe(), 0u);
  EXPECT_FALSE(too_large.ok());
  // 33 zeros are refused before the end is looked for.
  buffer = {};
  buffer[4] = 0x40;
  BitReader too_long(buffer);
  EXPECT_EQ(too_long.ReadUe(), 0u);
  EXPECT_FALSE(too_long.ok());
}

TEST(BitReaderTest, TheSignedCodeOfMinusTwoToThe31IsRefused) {
  std::array<std::uint8_t, 12> buffer{};
  buffer[4] = 0x80;  // ue 0xffffffff would be se 2^31
  BitReader reader(buffer);
  EXPECT_EQ(reader.ReadSe(), 0);
  EXPECT_FALSE(reader.ok());
  BitWriter writer(buffer);
  writer.WriteSe(INT32_MIN);
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(writer.position(), 0u);
}

TEST(BitReaderTest, AnExpGolombCodeCutAnywhereIsRefused) {
  std::array<std::uint8_t, 12> buffer{};
  BitWriter writer(buffer);
  writer.WriteUe(0xabcdef);
  for (std::size_t size = 0; size < writer.byte_size(); ++size) {
    BitReader reader(Bytes(buffer).first(size));
    EXPECT_EQ(reader.ReadUe(), 0u);
    EXPECT_FALSE(reader.ok());
  }
}

TEST(BitReaderTest, TheNonSymmetricCodesOfFiveValuesAreThoseOfTheAv1Specification) {
  // Section 4.10.7: 00, 01, 10, 110, 111.
  constexpr std::array<std::uint8_t, 2> kBytes = {0b0001'1011, 0b0111'0000};
  BitReader reader(kBytes);
  for (std::uint32_t value = 0; value < 5; ++value) ASSERT_EQ(reader.ReadNonSymmetric(5), value);
  EXPECT_EQ(reader.position(), 12u);
  std::array<std::uint8_t, 2> out{};
  BitWriter writer(out);
  for (std::uint32_t value = 0; value < 5; ++value) writer.WriteNonSymmetric(value, 5);
  EXPECT_EQ(out, kBytes);
}

TEST(BitReaderTest, EveryOneOfUpToThousandValuesComesBackAndIsCutNowhere) {
  std::array<std::uint8_t, 8> buffer{};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> cases;  // value, of how many
  for (std::uint32_t values = 1; values <= 1000; ++values) {
    for (std::uint32_t value = 0; value < values; ++value) cases.push_back({value, values});
  }
  for (const std::uint32_t values : {0x80000000u, 0x80000001u, 0xfffffffeu, 0xffffffffu}) {
    for (const std::uint32_t value : {0u, 1u, 0x7fffffffu, values - 2, values - 1}) cases.push_back({value, values});
  }
  for (const auto& [value, values] : cases) {
    BitWriter writer(buffer);
    writer.WriteBits(0, 3);
    writer.WriteNonSymmetric(value, values);
    ASSERT_TRUE(writer.ok());
    BitReader reader(buffer);
    reader.Skip(3);
    ASSERT_EQ(reader.ReadNonSymmetric(values), value) << values;
    ASSERT_EQ(reader.position(), writer.position()) << values;
    const std::size_t bytes = writer.byte_size();
    BitReader cut(Bytes(buffer).first(bytes - 1));
    cut.Skip(bytes == 1 ? 0 : 3);
    const std::uint32_t got = cut.ReadNonSymmetric(values);
    ASSERT_TRUE(values == 1 || (!cut.ok() && got == 0)) << values;
  }
}

TEST(BitReaderTest, OneOfNoValuesIsRefused) {
  constexpr std::array<std::uint8_t, 4> kBytes{};
  BitReader reader(kBytes);
  EXPECT_EQ(reader.ReadNonSymmetric(0), 0u);
  EXPECT_FALSE(reader.ok());
  for (const std::uint32_t values : {0u, 1u, 5u}) {
    std::array<std::uint8_t, 4> out{};
    BitWriter writer(out);
    writer.WriteNonSymmetric(values, values);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.position(), 0u);
  }
}

TEST(BitWriterTest, EveryWidthAtEveryOffsetComesBackBetweenItsNeighbours) {
  std::array<std::uint8_t, 12> buffer{};
  for (int before = 0; before <= 16; ++before) {
    for (int count = 0; count <= 32; ++count) {
      for (const std::uint32_t value : {0u, ~0u, 0xa5a5a5a5u, 0x12345678u}) {
        buffer.fill(0xff);
        BitWriter writer(buffer);
        writer.WriteBits(0x5a5a, before);
        writer.WriteBits(value, count);
        writer.WriteBits(1, 1);
        ASSERT_TRUE(writer.ok());
        BitReader reader(Bytes(buffer).first(writer.byte_size()));
        ASSERT_EQ(reader.ReadBits(before), LowBits(0x5a5a, before));
        ASSERT_EQ(reader.ReadBits(count), LowBits(value, count));
        ASSERT_TRUE(reader.ReadBit());
        while (reader.remaining() > 0) ASSERT_FALSE(reader.ReadBit());
        if (writer.byte_size() < buffer.size()) {
          ASSERT_EQ(buffer[writer.byte_size()], 0xff) << "wrote past its last bit";
        }
      }
    }
  }
}

TEST(BitWriterTest, WhatDoesNotFitWritesNothingAndIsRemembered) {
  std::array<std::uint8_t, 2> buffer = {0xee, 0xee};
  BitWriter writer(buffer);
  writer.WriteBits(0, 17);
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(buffer, (std::array<std::uint8_t, 2>{0xee, 0xee}));
  writer.WriteBits(1, 1);
  EXPECT_EQ(writer.position(), 0u);
  EXPECT_FALSE(writer.ok());
  // The zeros of this code would fit, the whole does not.
  BitWriter code(buffer);
  code.WriteUe(0xfffff);
  code.WriteNonSymmetric(0, 2);
  EXPECT_FALSE(code.ok());
  EXPECT_EQ(code.position(), 0u);
  EXPECT_EQ(buffer, (std::array<std::uint8_t, 2>{0xee, 0xee}));
}

TEST(BitWriterTest, ACountThatIsNoCountIsRefused) {
  std::array<std::uint8_t, 16> buffer{};
  for (const int count : {-1, 33, 64}) {
    BitWriter writer(buffer);
    writer.WriteBits(0, count);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.position(), 0u);
  }
}

}  // namespace
}  // namespace mediacore
