#include "mediacore/codec/av1_obu.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// A temporal delimiter, a metadata OBU of three bytes in temporal layer 2 and
// spatial layer 1, and a frame without a size.
constexpr std::array<std::uint8_t, 11> kThree = {0x12, 0x00, 0x2e, 0x48, 0x03, 1, 2, 3, 0x30, 4, 5};

constexpr bool WalksThree() {
  ByteReader reader(kThree);
  const auto delimiter = Av1ObuView::TakeFrom(reader);
  const auto metadata = Av1ObuView::TakeFrom(reader);
  const auto frame = Av1ObuView::TakeFrom(reader);
  return delimiter->type() == Av1ObuType::kTemporalDelimiter && delimiter->payload().empty() &&
         metadata->type() == Av1ObuType::kMetadata && metadata->temporal_id() == 2 && metadata->spatial_id() == 1 &&
         metadata->payload().size() == 3 && metadata->header().size() == 2 && metadata->bytes().size() == 6 &&
         frame->type() == Av1ObuType::kFrame && !frame->has_size_field() && frame->spatial_id() == 0 &&
         frame->payload().size() == 2 && reader.empty();
}
static_assert(WalksThree());
static_assert(FindAv1Obu(kThree, Av1ObuType::kMetadata).size() == 6);
static_assert(FindAv1Obu(kThree, Av1ObuType::kSequenceHeader).empty());
static_assert(Av1ObuView::Parse(kAv1TemporalDelimiter)->type() == Av1ObuType::kTemporalDelimiter);

TEST(Av1ObuTest, EachCauseIsToldAndNothingIsConsumed) {
  const auto refusal = [](const Block& bytes) {
    ByteReader reader(bytes);
    const auto obu = Av1ObuView::TakeFrom(reader);
    EXPECT_EQ(reader.remaining(), bytes.size());
    EXPECT_EQ(Av1ObuView::Parse(bytes).error(), obu.error());
    return obu.error();
  };
  EXPECT_EQ(refusal({}), Av1ObuError::kTooShort);
  EXPECT_EQ(refusal({0x92, 0x00}), Av1ObuError::kForbiddenBit);
  EXPECT_EQ(refusal({0x34}), Av1ObuError::kNoExtension);
  EXPECT_EQ(refusal({0x32}), Av1ObuError::kBadSize);
  EXPECT_EQ(refusal({0x32, 0x80}), Av1ObuError::kBadSize);
  EXPECT_EQ(refusal({0x32, 0xff, 0xff, 0xff, 0xff, 0x1f, 0}), Av1ObuError::kBadSize);
  EXPECT_EQ(refusal({0x32, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), Av1ObuError::kBadSize);
  EXPECT_EQ(refusal({0x32, 0x02, 0}), Av1ObuError::kTruncated);
  EXPECT_EQ(Av1ObuView::Parse(Block{0x32, 0x01, 0, 0}).error(), Av1ObuError::kTrailing);
}

TEST(Av1ObuTest, EveryHeaderReadsAsItsBitsSay) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const Block bytes = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second), 0, 0, 0};
      ByteReader reader(bytes);
      const auto obu = Av1ObuView::TakeFrom(reader);
      if (first >= 128) {
        ASSERT_EQ(obu.error(), Av1ObuError::kForbiddenBit);
        continue;
      }
      const bool extension = first / 4 % 2 == 1;
      const bool size = first / 2 % 2 == 1;
      // Without an extension the second byte is the size, or the first of two.
      const bool long_size = size && !extension && second >= 128;
      const std::size_t said = size && !extension ? second % 128 : 0;
      if (said > (long_size ? 2u : 3u)) {
        ASSERT_EQ(obu.error(), Av1ObuError::kTruncated);
        continue;
      }
      ASSERT_EQ(static_cast<unsigned>(obu->type()), first / 8);
      ASSERT_EQ(obu->has_extension(), extension);
      ASSERT_EQ(obu->has_size_field(), size);
      ASSERT_EQ(obu->temporal_id(), extension ? static_cast<int>(second / 32) : 0);
      ASSERT_EQ(obu->spatial_id(), extension ? static_cast<int>(second / 8 % 4) : 0);
      const std::size_t front = 1 + (extension ? 1u : 0u) + (size ? 1u : 0u) + (long_size ? 1u : 0u);
      const std::size_t payload = size ? said : bytes.size() - front;
      ASSERT_EQ(obu->payload().size(), payload);
      ASSERT_EQ(obu->payload().data(), bytes.data() + front);
      ASSERT_EQ(reader.remaining(), bytes.size() - front - payload);
    }
  }
}

TEST(Av1ObuTest, WhatIsWrittenReadsBackTheSameAtEverySizeOfTheSize) {
  for (const std::size_t size : {0u, 1u, 127u, 128u, 16383u, 16384u, 2097151u, 2097152u}) {
    const Block payload(size, 0x5a);
    for (const bool extension : {false, true}) {
      for (const bool has_size : {false, true}) {
        const Av1ObuWriter writer{Av1ObuType::kTileGroup, extension, 5, 3, has_size, payload};
        Block out(writer.WireSize());
        ASSERT_TRUE(writer.Write(out));
        const auto obu = Av1ObuView::Parse(out);
        ASSERT_TRUE(obu);
        EXPECT_EQ(obu->type(), Av1ObuType::kTileGroup);
        EXPECT_EQ(obu->temporal_id(), extension ? 5 : 0);
        EXPECT_EQ(obu->spatial_id(), extension ? 3 : 0);
        EXPECT_EQ(obu->has_size_field(), has_size);
        EXPECT_TRUE(std::ranges::equal(obu->payload(), payload));
        out.pop_back();
        EXPECT_FALSE(writer.Write(out));
      }
    }
  }
}

TEST(Av1ObuTest, NumbersOutOfRangeAreNotWritten) {
  Block out(16);
  EXPECT_FALSE((Av1ObuWriter{.type = static_cast<Av1ObuType>(16)}.Write(out)));
  EXPECT_FALSE((Av1ObuWriter{.has_extension = true, .temporal_id = 8}.Write(out)));
  EXPECT_FALSE((Av1ObuWriter{.has_extension = true, .spatial_id = 4}.Write(out)));
  EXPECT_TRUE((Av1ObuWriter{.has_extension = true, .temporal_id = 7, .spatial_id = 3}.Write(out)));
}

TEST(Av1ObuTest, TypesHaveNames) {
  std::size_t reserved = 0;
  for (int type = 0; type < 16; ++type) reserved += ToString(static_cast<Av1ObuType>(type)) == "reserved" ? 1 : 0;
  EXPECT_EQ(reserved, 7u);
}

}  // namespace
}  // namespace mediacore::codec
