#include "mediacore/codec/av1_aggregation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "../support/payload_layouts.h"
#include "mediacore/codec/av1_sequence_header.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// W 2, N: an element of three bytes and one of two.
constexpr std::array<std::uint8_t, 7> kTwo = {0x28, 0x03, 1, 2, 3, 4, 5};

constexpr bool ReadsTwo() {
  const auto view = Av1AggregationView::Parse(kTwo);
  if (!view || view->element_count() != 2 || !view->new_coded_video_sequence()) return false;
  auto element = view->begin();
  if ((*element).size() != 3 || element.is_last()) return false;
  ++element;
  return (*element).size() == 2 && (*element)[1] == 5 && element.is_last() && ++element == view->end();
}
static_assert(ReadsTwo());

constexpr bool WritesTwo() {
  const std::array<Bytes, 2> elements = {Bytes(kTwo).subspan(2, 3), Bytes(kTwo).subspan(5)};
  const Av1AggregationWriter writer{.new_coded_video_sequence = true, .elements = elements};
  std::array<std::uint8_t, 7> out{};
  return writer.WireSize() == out.size() && writer.Write(out) && out == kTwo;
}
static_assert(WritesTwo());

Block Elements(Bytes payload) {  // their sizes, of a payload that is taken
  Block sizes;
  const auto view = Av1AggregationView::Parse(payload);
  if (!view) return sizes;
  for (const Bytes element : *view) sizes.push_back(static_cast<std::uint8_t>(element.size()));
  EXPECT_EQ(sizes.size(), view->element_count());
  return sizes;
}

TEST(Av1AggregationTest, EachCauseIsTold) {
  const auto refusal = [](const Block& payload) {
    const auto view = Av1AggregationView::Parse(payload);
    EXPECT_FALSE(view);
    return view.error();
  };
  EXPECT_EQ(refusal({}), Av1AggregationError::kTooShort);
  EXPECT_EQ(refusal({0x98, 1}), Av1AggregationError::kNewAndOld);
  EXPECT_EQ(refusal({0x00}), Av1AggregationError::kNoElement);
  EXPECT_EQ(refusal({0xc0}), Av1AggregationError::kNoElement);
  EXPECT_EQ(refusal({0x00, 0x80}), Av1AggregationError::kBadLength);
  EXPECT_EQ(refusal({0x20, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}), Av1AggregationError::kBadLength);
  EXPECT_EQ(refusal({0x00, 2, 1}), Av1AggregationError::kTruncated);
  EXPECT_EQ(refusal({0x20, 2, 1}), Av1AggregationError::kTruncated);
  EXPECT_EQ(refusal({0x30, 1, 1}), Av1AggregationError::kTruncated);  // two elements of three
  EXPECT_EQ(refusal({0x10}), Av1AggregationError::kEmptyElement);
  EXPECT_EQ(refusal({0x20, 1, 1}), Av1AggregationError::kEmptyElement);  // nothing is left for the second
  EXPECT_EQ(refusal({0x00, 1, 7, 0, 1, 7}), Av1AggregationError::kEmptyElement);
}

TEST(Av1AggregationTest, AnEmptyElementIsTakenWhereItIsAFragment) {
  EXPECT_EQ(Elements(Block{0x90}), Block({0}));
  EXPECT_EQ(Elements(Block{0x60, 1, 7}), Block({1, 0}));
  EXPECT_EQ(Elements(Block{0x80, 0, 1, 7}), Block({0, 1}));
}

// Written after the sections, byte by byte: what a payload's element sizes are.
std::optional<std::vector<std::uint64_t>> Reference(const Block& payload) {
  const unsigned head = payload[0];
  const bool z = head >= 128;
  const bool y = head / 64 % 2 == 1;
  const unsigned w = head / 16 % 4;
  if (z && head / 8 % 2 == 1) return std::nullopt;
  std::vector<std::uint64_t> sizes;
  std::size_t at = 1;
  do {
    std::uint64_t size = 0;
    if (sizes.size() + 1 == w) {
      size = payload.size() - at;
    } else {
      int i = 0;
      for (bool more = true; more; ++i) {
        if (at == payload.size() || i == 8) return std::nullopt;
        size += std::uint64_t{payload[at] % 128u} << 7 * i;
        more = payload[at++] >= 128;
      }
      if (size > 0xffffffffu || size > payload.size() - at) return std::nullopt;
    }
    at += size;
    sizes.push_back(size);
  } while (w == 0 ? at < payload.size() : sizes.size() < w);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const bool fragment = (i == 0 && z) || (i + 1 == sizes.size() && y);
    if (sizes[i] == 0 && !fragment) return std::nullopt;
  }
  return sizes;
}

void ExpectAsReference(const Block& payload) {
  const auto wanted = Reference(payload);
  const auto view = Av1AggregationView::Parse(payload);
  ASSERT_EQ(view.has_value(), wanted.has_value());
  if (!view) return;
  ASSERT_EQ(view->element_count(), wanted->size());
  std::size_t i = 0;
  for (const Bytes element : *view) ASSERT_EQ(element.size(), (*wanted)[i++]);
  ASSERT_EQ(view->first_is_continuation(), payload[0] >> 7 == 1);
  ASSERT_EQ(view->last_continues(), (payload[0] >> 6 & 1) == 1);
  ASSERT_EQ(view->count_field(), payload[0] >> 4 & 3);
  ASSERT_EQ(view->new_coded_video_sequence(), (payload[0] >> 3 & 1) == 1);
}

TEST(Av1AggregationTest, All256HeadersReadAsTheSectionSaysOverEveryFirstByte) {
  for (unsigned head = 0; head < 256; ++head) {
    for (unsigned first = 0; first < 256; ++first) {
      for (const unsigned second : {0u, 1u, 2u, 127u, 128u, 255u}) {
        const Block payload = {static_cast<std::uint8_t>(head), static_cast<std::uint8_t>(first),
                               static_cast<std::uint8_t>(second)};
        ASSERT_NO_FATAL_FAILURE(ExpectAsReference(payload)) << head << " " << first << " " << second;
      }
    }
  }
}

TEST(Av1AggregationTest, All256HeadersReadAsTheSectionSaysOverBodiesOfUpToFiveBytes) {
  // Of each length, all bodies of bytes that matter: 0, 1, 2 and a byte with the top bit.
  for (unsigned head = 0; head < 256; ++head) {
    for (std::size_t length = 0; length <= 5; ++length) {
      for (unsigned choice = 0; choice < 1u << (2 * length); ++choice) {
        Block payload = {static_cast<std::uint8_t>(head)};
        for (std::size_t i = 0; i < length; ++i) {
          constexpr std::array<std::uint8_t, 4> kBytes = {0, 1, 2, 0x81};
          payload.push_back(kBytes[choice >> (2 * i) & 3]);
        }
        if (length == 0 && (head & 0x30) == 0) continue;  // no element
        ASSERT_NO_FATAL_FAILURE(ExpectAsReference(payload));
      }
    }
  }
}

// `value` in `bytes` bytes, which may be more than it needs.
Block Leb128(std::uint64_t value, std::size_t bytes) {
  Block out;
  for (std::size_t i = 0; i < bytes; ++i) {
    const unsigned more = i + 1 < bytes ? 0x80 : 0;
    out.push_back(static_cast<std::uint8_t>((value >> 7 * i & 0x7f) | more));
  }
  return out;
}

TEST(Av1AggregationTest, EveryBoundaryOfALengthIsRead) {
  for (std::size_t bytes = 1; bytes <= 10; ++bytes) {
    for (std::size_t bits = 0; bits <= 57; ++bits) {
      for (const int off : {-1, 0, 1}) {
        const std::uint64_t value = (std::uint64_t{1} << bits) + static_cast<std::uint64_t>(off);
        if (bytes <= 8 && value >> 7 * bytes != 0) continue;  // does not fit
        Block payload = {0x60};                               // two elements, the last one continues and may be empty
        const Block length = Leb128(value, bytes);
        payload.insert(payload.end(), length.begin(), length.end());
        const auto error = [&] {
          const auto view = Av1AggregationView::Parse(payload);
          return view ? std::nullopt : std::optional(view.error());
        };
        if (bytes > 8 || value > 0xffffffffu) {
          EXPECT_EQ(error(), Av1AggregationError::kBadLength) << bytes << " " << value;
          continue;
        }
        if (value == 0) {
          EXPECT_EQ(error(), Av1AggregationError::kEmptyElement);
          continue;
        }
        EXPECT_EQ(error(), Av1AggregationError::kTruncated);
        if (value > 1 << 21) continue;
        payload.resize(payload.size() + value);
        const auto view = Av1AggregationView::Parse(payload);
        ASSERT_TRUE(view);
        EXPECT_EQ((*view->begin()).size(), value);
        payload.pop_back();
        EXPECT_EQ(error(), Av1AggregationError::kTruncated);
      }
    }
  }
}

TEST(Av1AggregationTest, ThousandsOfElementsAreAllThere) {
  for (const std::size_t count : {4u, 255u, 256u, 257u, 5000u}) {
    const Block byte = {0x78};
    const std::vector<Bytes> elements(count, byte);
    const Av1AggregationWriter writer{.elements = elements};
    Block out(writer.WireSize());
    ASSERT_EQ(out.size(), 1 + 2 * count);
    ASSERT_TRUE(writer.Write(out));
    const auto view = Av1AggregationView::Parse(out);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->element_count(), count);
    std::size_t walked = 0;
    for (const Bytes element : *view) walked += element.size();
    EXPECT_EQ(walked, count);
  }
}

TEST(Av1AggregationTest, WhatIsWrittenReadsBackTheSame) {
  const Block bytes(20000, 0x31);
  for (std::size_t count = 1; count <= 5; ++count) {
    for (const std::size_t size : {1u, 127u, 128u, 16383u, 16384u}) {
      for (unsigned flags = 0; flags < 8; ++flags) {
        std::vector<Bytes> elements(count, Bytes(bytes).first(size));
        elements[0] = Bytes(bytes).first(size / 2 + 1);
        const Av1AggregationWriter writer{(flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, elements};
        Block out(writer.WireSize());
        const bool written = writer.Write(out);
        ASSERT_EQ(written, (flags & 5) != 5);
        if (!written) continue;
        const auto view = Av1AggregationView::Parse(out);
        ASSERT_TRUE(view);
        EXPECT_EQ(view->count_field(), count <= 3 ? static_cast<int>(count) : 0);
        EXPECT_EQ(view->first_is_continuation(), writer.first_is_continuation);
        EXPECT_EQ(view->last_continues(), writer.last_continues);
        EXPECT_EQ(view->new_coded_video_sequence(), writer.new_coded_video_sequence);
        std::size_t i = 0;
        for (const Bytes element : *view) EXPECT_EQ(element.size(), elements[i++].size());
        out.pop_back();
        EXPECT_FALSE(writer.Write(out));
      }
    }
  }
}

TEST(Av1AggregationTest, WhatWouldBeRefusedIsNotWritten) {
  Block out(16);
  EXPECT_FALSE(Av1AggregationWriter{}.Write(out));
  const std::array<Bytes, 2> elements = {Bytes(), Bytes(kTwo)};
  EXPECT_FALSE((Av1AggregationWriter{.elements = elements}.Write(out)));
  EXPECT_TRUE((Av1AggregationWriter{.first_is_continuation = true, .elements = elements}.Write(out)));
}

TEST(Av1AggregationTest, ThePayloadsThatOtherParsersReadMeanTheSameHere) {
  const auto layouts = testing::ReadPayloadLayouts("av1");
  if (layouts.empty()) GTEST_SKIP() << "the shared vectors are absent";
  for (const testing::PayloadLayout& layout : layouts) {
    const auto view = Av1AggregationView::Parse(layout.payload);
    ASSERT_TRUE(view) << layout.name;
    EXPECT_EQ(view->first_is_continuation(), layout.Get("Z") == 1);
    EXPECT_EQ(view->last_continues(), layout.Get("Y") == 1);
    EXPECT_EQ(view->count_field(), layout.Get("W"));
    EXPECT_EQ(view->new_coded_video_sequence(), layout.Get("N") == 1);
    std::vector<int> sizes;
    std::vector<int> types;
    for (const Bytes element : *view) {
      sizes.push_back(static_cast<int>(element.size()));
      types.push_back(element[0] >> 3 & 15);
      if (const auto width = layout.Find("width"); width && types.size() == 1) {
        const auto sequence = Av1SequenceHeader::Parse(*Av1ObuView::Parse(element));
        ASSERT_TRUE(sequence);
        EXPECT_EQ(sequence->width(), *width);
        EXPECT_EQ(sequence->height(), layout.Get("height"));
      }
    }
    EXPECT_EQ(sizes, layout.List("element_sizes"));
    if (layout.Find("obu_types")) {
      EXPECT_EQ(types, layout.List("obu_types"));
    }
  }
}

}  // namespace
}  // namespace mediacore::codec
