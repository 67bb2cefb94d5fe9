#include "mediacore/base/text.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "mediacore/base/text_sink.h"

namespace mediacore {
namespace {

TEST(LineReaderTest, LinesEndWithLfOrCrLfOrTheText) {
  LineReader reader("a\r\n\nb\rc\nlast\r");
  std::string_view line;
  std::array<std::string_view, 4> lines = {"a", "", "b\rc", "last\r"};
  std::array<std::size_t, 4> offsets = {0, 3, 4, 8};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ASSERT_TRUE(reader.ReadLine(line));
    EXPECT_EQ(line, lines[i]);
    EXPECT_EQ(reader.offset(), offsets[i]);
    EXPECT_EQ(reader.number(), i + 1);
  }
  EXPECT_FALSE(reader.ReadLine(line));
}

TEST(ParseDecimalTest, EveryNumberOfSixtyFourBitsIsReadAndTheNextIsNot) {
  std::uint64_t value = 7;
  EXPECT_TRUE(ParseDecimal("18446744073709551615", UINT64_MAX, value));
  EXPECT_EQ(value, UINT64_MAX);
  for (const std::string_view bad :
       {"18446744073709551616", "18446744073709551620", "99999999999999999999999",
        "", "-1", "+1", " 1", "1 ", "0x1", "1e3"}) {
    EXPECT_FALSE(ParseDecimal(bad, UINT64_MAX, value)) << bad;
  }
  EXPECT_EQ(value, UINT64_MAX);
  EXPECT_TRUE(ParseDecimal("00127", 127, value));
  EXPECT_EQ(value, 127u);
  EXPECT_FALSE(ParseDecimal("128", 127, value));
}

TEST(TakeUntilTest, TheMarkIsTakenTooAndWithoutOneAllIs) {
  std::string_view text = "a:b";
  EXPECT_EQ(TakeUntil(text, ':'), "a");
  EXPECT_EQ(TakeUntil(text, ':'), "b");
  EXPECT_EQ(TakeUntil(text, ':'), "");
}

TEST(SpanSinkTest, WhatDoesNotFitIsNotWrittenNorAnythingAfterIt) {
  std::array<char, 22> out{};
  SpanSink sink(out);
  AppendDecimal(sink, UINT64_MAX);
  AppendDecimal(sink, 0);
  EXPECT_TRUE(sink.ok());
  EXPECT_EQ(std::string_view(out.data(), sink.size()), "184467440737095516150");
  sink.Append("ab");
  sink.Append("c");
  EXPECT_FALSE(sink.ok());
  EXPECT_EQ(sink.size(), 21u);
}

// Eight bytes at a time, at every place and in every company.
TEST(FindMarkTest, TheFirstMarkIsFound) {
  static_assert(FindMark("ab:c:", ':') == 2 && FindMark("", ':') == 0 && FindMark("abc", ':') == 3);
  for (std::size_t size = 0; size <= 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char company : {'\0', ';', '9', '\x7f', '\xba', '\xff'}) {
        std::string text(size, company);
        EXPECT_EQ(FindMark(text, ':'), size);
        text[at] = ':';
        EXPECT_EQ(FindMark(text, ':'), at);
        text.back() = ':';
        EXPECT_EQ(FindMark(text, ':'), at);
      }
    }
  }
}

}  // namespace
}  // namespace mediacore
