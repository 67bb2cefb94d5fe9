#include "mediacore/base/byte_reader.h"

#include <array>
#include <numeric>

#include <gtest/gtest.h>

#include "mediacore/base/byte_writer.h"

namespace mediacore {
namespace {

constexpr std::array<std::uint8_t, 18> kCount = {1, 2,  3,  4,  5,  6,  7,  8,  9,
                                                 10, 11, 12, 13, 14, 15, 16, 17, 18};

constexpr bool ReadsInOrder() {
  ByteReader reader(kCount);
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u24 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  return reader.ReadU8(u8) && reader.ReadU16(u16) && reader.ReadU24(u24) &&
         reader.ReadU32(u32) && reader.ReadU64(u64) && u8 == 0x01 &&
         u16 == 0x0203 && u24 == 0x040506 && u32 == 0x0708090a &&
         u64 == 0x0b0c0d0e0f101112 && reader.empty();
}
static_assert(ReadsInOrder());

static_assert(LoadLittleU16(kCount.data()) == 0x0201);
static_assert(LoadLittleU32(kCount.data()) == 0x04030201);
static_assert(LoadLittleU64(kCount.data()) == 0x0807060504030201);
constexpr bool WhatIsStoredLowByteFirstLoadsTheSame() {
  std::array<std::uint8_t, 14> bytes{};
  StoreLittleU16(bytes.data(), 0xfedc);
  StoreLittleU32(bytes.data() + 2, 0xba987654);
  StoreLittleU64(bytes.data() + 6, 0xf0e1d2c3b4a59687);
  return bytes[0] == 0xdc && bytes[5] == 0xba && bytes[13] == 0xf0 && LoadLittleU16(bytes.data()) == 0xfedc &&
         LoadLittleU32(bytes.data() + 2) == 0xba987654 && LoadLittleU64(bytes.data() + 6) == 0xf0e1d2c3b4a59687;
}
static_assert(WhatIsStoredLowByteFirstLoadsTheSame());

TEST(ByteReaderTest, EveryReadOfEveryPrefixSucceedsExactlyWhenTheBytesAreThere) {
  for (std::size_t size = 0; size <= kCount.size(); ++size) {
    const Bytes prefix = Bytes(kCount).first(size);
    const auto expect = [&](std::size_t width, auto read) {
      ByteReader reader(prefix);
      const bool got = read(reader);
      ASSERT_EQ(got, size >= width) << size << " bytes, " << width << " wanted";
      ASSERT_EQ(reader.remaining(), got ? size - width : size);
      ASSERT_EQ(reader.rest().data(), prefix.data() + (got ? width : 0));
    };
    std::uint8_t u8 = 0xee;
    std::uint16_t u16 = 0xeeee;
    std::uint32_t u24 = 0xeeeeeeee;
    std::uint32_t u32 = 0xeeeeeeee;
    std::uint64_t u64 = 0xeeeeeeeeeeeeeeee;
    expect(1, [&](ByteReader& r) { return r.ReadU8(u8); });
    expect(2, [&](ByteReader& r) { return r.ReadU16(u16); });
    expect(3, [&](ByteReader& r) { return r.ReadU24(u24); });
    expect(4, [&](ByteReader& r) { return r.ReadU32(u32); });
    expect(8, [&](ByteReader& r) { return r.ReadU64(u64); });
    // A refused read leaves the output as it was.
    EXPECT_EQ(u8, size >= 1 ? 0x01 : 0xee);
    EXPECT_EQ(u16, size >= 2 ? 0x0102 : 0xeeee);
    EXPECT_EQ(u24, size >= 3 ? 0x010203u : 0xeeeeeeeeu);
    EXPECT_EQ(u32, size >= 4 ? 0x01020304u : 0xeeeeeeeeu);
    EXPECT_EQ(u64, size >= 8 ? 0x0102030405060708u : 0xeeeeeeeeeeeeeeeeu);
    for (std::size_t width = 0; width <= kCount.size() + 1; ++width) {
      Bytes out;
      expect(width, [&](ByteReader& r) { return r.ReadBytes(width, out); });
      EXPECT_EQ(out.size(), width <= size ? width : 0);
      expect(width, [&](ByteReader& r) { return r.Skip(width); });
    }
  }
}

TEST(ByteReaderTest, ALengthNearTheEndOfTheAddressSpaceIsRefused) {
  ByteReader reader(kCount);
  Bytes out;
  EXPECT_FALSE(reader.Skip(~std::size_t{0}));
  EXPECT_FALSE(reader.ReadBytes(~std::size_t{0}, out));
  EXPECT_EQ(reader.remaining(), kCount.size());
}

TEST(ByteReaderTest, EveryLeb128BoundaryReadsBackInTheFewestBytes) {
  for (int bits = 0; bits <= 32; ++bits) {
    for (const std::int64_t off : {-1, 0, 1}) {
      const std::int64_t wide = (std::int64_t{1} << bits) + off;
      if (wide < 0 || wide > 0xffffffff) continue;
      const auto value = static_cast<std::uint32_t>(wide);
      std::array<std::uint8_t, 6> out{};
      ByteWriter writer(out);
      writer.WriteLeb128(value);
      ASSERT_TRUE(writer.ok());
      EXPECT_EQ(writer.size(), Leb128Size(value));
      EXPECT_EQ(writer.size(), static_cast<std::size_t>(1 + (value >> 7 != 0) + (value >> 14 != 0) +
                                                        (value >> 21 != 0) + (value >> 28 != 0)));
      std::uint32_t got = ~value;
      ByteReader reader(out);
      ASSERT_TRUE(reader.ReadLeb128(got));
      EXPECT_EQ(got, value);
      EXPECT_EQ(reader.remaining(), out.size() - writer.size());
      for (std::size_t n = 0; n < writer.size(); ++n) {
        ByteReader cut(Bytes(out).first(n));
        got = 7;
        EXPECT_FALSE(cut.ReadLeb128(got));
        EXPECT_EQ(got, 7u);
        EXPECT_EQ(cut.remaining(), n);
        std::array<std::uint8_t, 6> small{};
        ByteWriter full(MutableBytes(small).first(n));
        full.WriteLeb128(value);
        EXPECT_FALSE(full.ok());
        EXPECT_EQ(full.size(), 0u);
      }
    }
  }
}

TEST(ByteReaderTest, ALeb128LongerThanItNeedsToBeReadsUpToEightBytes) {
  std::array<std::uint8_t, 10> bytes{};
  for (std::size_t length = 1; length <= 9; ++length) {
    bytes.fill(0x80);
    bytes[0] = length == 1 ? 5 : 0x85;
    if (length > 1) bytes[length - 1] = 0;
    ByteReader reader(bytes);
    std::uint32_t value = 0;
    ASSERT_EQ(reader.ReadLeb128(value), length <= 8) << length;
    if (length > 8) continue;
    EXPECT_EQ(value, 5u);
    EXPECT_EQ(reader.remaining(), bytes.size() - length);
  }
  constexpr std::array<std::uint8_t, 5> kTooLarge = {0x80, 0x80, 0x80, 0x80, 0x10};  // 2^32
  ByteReader reader(kTooLarge);
  std::uint32_t value = 3;
  EXPECT_FALSE(reader.ReadLeb128(value));
  EXPECT_EQ(value, 3u);
  EXPECT_EQ(reader.remaining(), 5u);
}

TEST(ByteWriterTest, WhatWasWrittenReadsBackTheSame) {
  std::array<std::uint8_t, 32> buffer{};
  ByteWriter writer(buffer);
  writer.WriteU8(0xfe);
  writer.WriteU16(0xfedc);
  writer.WriteU24(0xfedcba);
  writer.WriteU32(0xfedcba98);
  writer.WriteU64(0xfedcba9876543210);
  writer.WriteBytes(Bytes(kCount).first(3));
  writer.Fill(2, 0x55);
  ASSERT_TRUE(writer.ok());
  ASSERT_EQ(writer.size(), 23u);
  ASSERT_EQ(writer.room(), 9u);
  ByteReader reader(writer.written());
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u24 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  Bytes tail;
  ASSERT_TRUE(reader.ReadU8(u8) && reader.ReadU16(u16) && reader.ReadU24(u24) &&
              reader.ReadU32(u32) && reader.ReadU64(u64) && reader.ReadBytes(5, tail));
  EXPECT_EQ(u8, 0xfe);
  EXPECT_EQ(u16, 0xfedc);
  EXPECT_EQ(u24, 0xfedcbau);
  EXPECT_EQ(u32, 0xfedcba98u);
  EXPECT_EQ(u64, 0xfedcba9876543210u);
  EXPECT_EQ(tail[2], 3);
  EXPECT_EQ(tail[4], 0x55);
}

TEST(ByteWriterTest, EveryWriteIntoEveryRoomFitsOrTouchesNothing) {
  for (std::size_t room = 0; room <= 9; ++room) {
    const auto expect = [&](std::size_t width, auto write) {
      std::array<std::uint8_t, 10> buffer{};
      ByteWriter writer(MutableBytes(buffer).first(room));
      write(writer);
      ASSERT_EQ(writer.ok(), width <= room);
      ASSERT_EQ(writer.size(), width <= room ? width : 0);
      const auto written = std::accumulate(buffer.begin(), buffer.end(), 0);
      ASSERT_EQ(written, width <= room ? static_cast<int>(width) * 0xff : 0);
      if (writer.ok()) return;
      writer.WriteU8(0xff);  // would fit a room of one, but comes too late
      ASSERT_FALSE(writer.ok());
      ASSERT_EQ(std::accumulate(buffer.begin(), buffer.end(), 0), 0);
    };
    constexpr std::array<std::uint8_t, 5> kFive = {0xff, 0xff, 0xff, 0xff, 0xff};
    expect(1, [](ByteWriter& w) { w.WriteU8(0xff); });
    expect(2, [](ByteWriter& w) { w.WriteU16(0xffff); });
    expect(3, [](ByteWriter& w) { w.WriteU24(0xffffff); });
    expect(4, [](ByteWriter& w) { w.WriteU32(0xffffffff); });
    expect(8, [](ByteWriter& w) { w.WriteU64(~std::uint64_t{0}); });
    expect(5, [&](ByteWriter& w) { w.WriteBytes(kFive); });
    expect(0, [](ByteWriter& w) { w.WriteBytes({}); });
    expect(6, [](ByteWriter& w) { w.Fill(6, 0xff); });
    expect(0, [](ByteWriter& w) { w.Fill(0, 0xff); });
  }
}

TEST(BytesTest, WhatIsStoredLoadsBackAtEveryWidth) {
  std::array<std::uint8_t, 8> bytes{};
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t value = std::uint64_t{1} << bit | 1;
    StoreU64(bytes.data(), value);
    ASSERT_EQ(LoadU64(bytes.data()), value);
    StoreU32(bytes.data(), static_cast<std::uint32_t>(value));
    ASSERT_EQ(LoadU32(bytes.data()), static_cast<std::uint32_t>(value));
    StoreU24(bytes.data(), static_cast<std::uint32_t>(value));
    ASSERT_EQ(LoadU24(bytes.data()), static_cast<std::uint32_t>(value) & 0xffffffu);
    StoreU16(bytes.data(), static_cast<std::uint16_t>(value));
    ASSERT_EQ(LoadU16(bytes.data()), static_cast<std::uint16_t>(value));
  }
}

TEST(BytesTest, AFieldAtAKnownPlaceIsReadFromThere) {
  static constexpr std::array<std::uint8_t, 6> kHeader = {0, 0, 0x12, 0x34, 0x56, 0x78};
  static constexpr std::span<const std::uint8_t, 6> kSpan(kHeader);
  static_assert(LoadU32<2>(kSpan) == 0x12345678);
  static_assert(LoadU16<4>(kSpan) == 0x5678);
}

}  // namespace
}  // namespace mediacore
