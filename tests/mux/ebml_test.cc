#include "mediacore/mux/ebml.h"

#include <cmath>

#include <gtest/gtest.h>

#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

// The example of RFC 8794, section 4.2 and table 5: the same 2 in each length.
constexpr bool TwoInEveryLength() {
  for (std::size_t size = 1; size <= 8; ++size) {
    std::array<std::uint8_t, 8> bytes{};
    EbmlVint::Write(2, size, bytes.data());
    EbmlVint vint;
    if (!EbmlVint::Read(bytes, vint) || vint.value != 2 || vint.size != size) return false;
    if (EbmlVint::Read(Bytes(bytes).first(size - 1), vint)) return false;
  }
  return true;
}
static_assert(TwoInEveryLength());
static_assert(EbmlHead::Parse(std::array<std::uint8_t, 5>{0x1a, 0x45, 0xdf, 0xa3, 0x9f}).has_value());
static_assert(*EbmlHead::Parse(std::array<std::uint8_t, 5>{0x1a, 0x45, 0xdf, 0xa3, 0x9f}) ==
              EbmlHead{0x1a45dfa3, 5, 31});

TEST(EbmlTest, EveryBoundaryOfSizesIsWrittenInTheFewestBytesAndReadBack) {
  for (std::size_t size = 1; size <= 8; ++size) {
    const std::uint64_t ones = (std::uint64_t{1} << (7 * size)) - 1;
    for (std::uint64_t value = ones - 3; value <= ones + 3; ++value) {
      if (value > kEbmlMaxSize) break;
      const std::size_t wanted = value < ones ? size : size + 1;
      EXPECT_EQ(EbmlVint::SizeOf(value), value == 0 ? 1 : wanted) << value;
      std::array<std::uint8_t, 8> bytes{};
      EbmlVint::Write(value, wanted, bytes.data());
      EbmlVint vint;
      ASSERT_TRUE(EbmlVint::Read(bytes, vint));
      EXPECT_EQ(vint.value, value);
      EXPECT_EQ(vint.size, wanted);
      EXPECT_FALSE(vint.all_ones());
    }
    // All ones in each length: unknown.
    std::array<std::uint8_t, 9> element{0xec};
    EbmlVint::Write(ones, size, element.data() + 1);
    EXPECT_EQ(EbmlHead::Parse(element)->size, kEbmlUnknownSize);
    EXPECT_EQ(EbmlHead::Parse(element)->head_size, 1 + size);
  }
}

TEST(EbmlTest, EveryFirstByteOfASizeAndEveryLengthIsReadOrRefused) {
  for (unsigned first = 0; first < 256; ++first) {
    for (std::size_t length = 0; length <= 9; ++length) {
      Buffer bytes(length, 0);
      if (length > 0) bytes[0] = static_cast<std::uint8_t>(first);
      EbmlVint vint;
      const auto size = static_cast<std::size_t>(std::countl_zero(static_cast<std::uint8_t>(first))) + 1;
      EXPECT_EQ(EbmlVint::Read(bytes, vint), first != 0 && length >= size);
    }
  }
}

TEST(EbmlTest, EveryIdOfOneAndTwoBytesIsReadOrRefusedAsSection5Says) {
  for (unsigned id = 0; id < 0x10000; ++id) {
    const std::array<std::uint8_t, 3> bytes = {static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id), 0x80};
    const unsigned first = id >> 8;
    const auto head = EbmlHead::Parse(bytes);
    if (first >= 0x80) {  // an ID of one byte, and the second byte is its size
      if (first == 0x80 || first == 0xff) {
        EXPECT_EQ(head.error(), EbmlError::kBadId);
      } else if ((id & 0xff) == 0) {
        EXPECT_EQ(head.error(), EbmlError::kBadSize);
      } else if ((id & 0xff) >= 0x40) {
        ASSERT_TRUE(head) << std::hex << id;
        EXPECT_EQ(head->id, first);
      }
    } else if (first >= 0x40) {
      const unsigned value = id & 0x3fff;
      if (value < 0x7f || value == 0x3fff) {  // 0x7f in one byte is reserved
        EXPECT_EQ(head.error(), EbmlError::kBadId) << std::hex << id;
      } else {
        EXPECT_EQ(*head, (EbmlHead{id, 3, 0})) << std::hex << id;
      }
    } else if (first >= 0x10) {
      EXPECT_FALSE(head);
    } else {
      EXPECT_EQ(head.error(), EbmlError::kBadId);
    }
  }
}

EbmlError ErrorOf(const Buffer& bytes) {
  ByteReader reader(bytes);
  const auto element = EbmlElement::TakeFrom(reader);
  EXPECT_EQ(reader.remaining(), bytes.size());
  return element.error();
}

TEST(EbmlTest, EachCauseOfRefusalHasItsNameAndNothingIsConsumed) {
  EXPECT_EQ(ErrorOf({}), EbmlError::kTooShort);
  EXPECT_EQ(ErrorOf({0x1a, 0x45, 0xdf}), EbmlError::kTooShort);
  EXPECT_EQ(ErrorOf({0x1a, 0x45, 0xdf, 0xa3}), EbmlError::kTooShort);
  EXPECT_EQ(ErrorOf({0xec, 0x40}), EbmlError::kTooShort);
  EXPECT_EQ(ErrorOf({0x08, 1, 2, 3, 4, 0x80}), EbmlError::kBadId);
  EXPECT_EQ(ErrorOf({0x40, 0x01, 0x80}), EbmlError::kBadId);
  EXPECT_EQ(ErrorOf({0xff, 0x80}), EbmlError::kBadId);
  EXPECT_EQ(ErrorOf({0xec, 0x00, 1, 1, 1, 1, 1, 1, 1, 1}), EbmlError::kBadSize);
  EXPECT_EQ(ErrorOf({0xec, 0xff, 1}), EbmlError::kUnknownSize);
  EXPECT_EQ(ErrorOf({0xec, 0x82, 1}), EbmlError::kTruncated);
  EXPECT_EQ(ErrorOf({0xec, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}), EbmlError::kTruncated);
  EXPECT_EQ(ToString(EbmlError::kBadId), "ebml: bad element id");
}

TEST(EbmlTest, ValuesAreReadByTheirType) {
  const auto element = [](const Buffer& bytes) { return EbmlElement(0xec, bytes); };
  std::uint64_t u = 7;
  std::int64_t s = 7;
  double f = 7;
  EXPECT_TRUE(element({}).ReadUnsigned(u) && u == 0);
  EXPECT_TRUE(element({}).ReadSigned(s) && s == 0);
  EXPECT_TRUE(element({}).ReadFloat(f) && f == 0);
  EXPECT_TRUE(element({0, 1, 2}).ReadUnsigned(u) && u == 0x102);
  EXPECT_TRUE(element(Buffer(8, 0xff)).ReadUnsigned(u) && u == ~std::uint64_t{0});
  EXPECT_FALSE(element(Buffer(9, 0)).ReadUnsigned(u));
  EXPECT_TRUE(element({0xff}).ReadSigned(s) && s == -1);
  EXPECT_TRUE(element({0x80, 0}).ReadSigned(s) && s == -32768);
  EXPECT_TRUE(element({0x7f}).ReadSigned(s) && s == 127);
  EXPECT_TRUE(element(Buffer(8, 0xff)).ReadSigned(s) && s == -1);
  EXPECT_FALSE(element(Buffer(9, 0)).ReadSigned(s));
  EXPECT_TRUE(element({0x3f, 0xc0, 0, 0}).ReadFloat(f) && f == 1.5);
  EXPECT_TRUE(element({0xbf, 0xf8, 0, 0, 0, 0, 0, 0}).ReadFloat(f) && f == -1.5);
  EXPECT_FALSE(element(Buffer(5, 0)).ReadFloat(f));
  const Buffer text = {'w', 'e', 'b', 0, 'm'};
  EXPECT_EQ(EbmlElement(0xec, text).text().size(), 3u);
}

TEST(EbmlTest, WhatIsWrittenReadsBackAndWhatIsCountedIsWritten) {
  const auto emit = [](EbmlWriter& w) {
    const std::size_t outer = w.Begin(0x1549a966);
    w.Unsigned(0x2ad7b1, 1'000'000);
    w.Unsigned(0xd7, 0);
    w.Unsigned(0xd7, ~std::uint64_t{0});
    w.Signed(0xfb, -1);
    w.Signed(0xfb, -129);
    w.Signed(0xfb, INT64_MIN);
    w.Signed(0xfb, 128);
    w.Float(0x4489, 2.5);
    w.Text(0x4d80, "abc");
    w.Binary(0x63a2, Buffer(200, 9));
    w.End(outer);
  };
  EbmlWriter counter({});
  emit(counter);
  EXPECT_FALSE(counter.ok());
  Buffer bytes(counter.size());
  EbmlWriter writer(bytes);
  emit(writer);
  EXPECT_TRUE(writer.ok());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Buffer cut(size);
    EbmlWriter small(cut);
    emit(small);
    EXPECT_FALSE(small.ok());
    EXPECT_EQ(small.size(), bytes.size());
  }
  ByteReader all(bytes);
  const auto outer = EbmlElement::TakeFrom(all);
  ASSERT_TRUE(outer && all.empty());
  EXPECT_EQ(outer->id(), 0x1549a966u);
  ByteReader reader(outer->body());
  std::uint64_t u = 0;
  for (const std::uint64_t wanted : {std::uint64_t{1'000'000}, std::uint64_t{0}, ~std::uint64_t{0}}) {
    ASSERT_TRUE(EbmlElement::TakeFrom(reader)->ReadUnsigned(u));
    EXPECT_EQ(u, wanted);
  }
  std::int64_t s = 0;
  for (const std::int64_t wanted : {std::int64_t{-1}, std::int64_t{-129}, INT64_MIN, std::int64_t{128}}) {
    ASSERT_TRUE(EbmlElement::TakeFrom(reader)->ReadSigned(s));
    EXPECT_EQ(s, wanted);
  }
  double f = 0;
  ASSERT_TRUE(EbmlElement::TakeFrom(reader)->ReadFloat(f));
  EXPECT_EQ(f, 2.5);
  EXPECT_EQ(EbmlElement::TakeFrom(reader)->text().size(), 3u);
  EXPECT_EQ(EbmlElement::TakeFrom(reader)->body().size(), 200u);
  EXPECT_TRUE(reader.empty());
}

TEST(EbmlTest, AnElementNeverReachesPastItsParent) {
  // A parent of 4 bytes whose child claims 5, in 20 bytes.
  Buffer bytes = {0xa0, 0x84, 0xa1, 0x85, 1, 2};
  bytes.resize(20);
  ByteReader reader(bytes);
  const auto parent = EbmlElement::TakeFrom(reader);
  ASSERT_TRUE(parent);
  ByteReader inner(parent->body());
  EXPECT_EQ(EbmlElement::TakeFrom(inner).error(), EbmlError::kTruncated);
}

}  // namespace
}  // namespace mediacore::mux
