#include "mediacore/playlist/attribute_list.h"

#include <string>

#include <gtest/gtest.h>

namespace mediacore::playlist {
namespace {

constexpr bool ReadsAList() {
  AttributeList list;
  return list.Parse("TYPE=PART,URI=\"a,=b\",X-1=0x2F") &&
         list.attributes().size() == 3 && list.Find("TYPE") == "PART" &&
         list.Find("URI") == "\"a,=b\"" && list.Find("X-1") == "0x2F" &&
         list.Find("NAME").empty();
}
static_assert(ReadsAList());

TEST(AttributeListTest, WhatIsNotNameAndValueIsRefusedWhereItGoesWrong) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"", 0},           {"=1", 0},        {"A", 1},         {"A=", 2},
      {"A=1,", 4},       {"A=1 ,B=2", 3},  {"A=1, B=2", 4},  {"a=1", 0},
      {"A=\"x", 2},      {"A=\"x\"y", 5},  {"A=1,,B=2", 4},  {"A =1", 1},
      {"A=x\"y\"", 3},   {",A=1", 0},
  };
  for (const auto& [text, offset] : cases) {
    AttributeList list;
    ASSERT_FALSE(list.Parse(text)) << text;
    EXPECT_EQ(list.error(), AttributeError::kMalformed) << text;
    EXPECT_EQ(list.error_offset(), offset) << text;
  }
}

TEST(AttributeListTest, ANameStandsOnce) {
  AttributeList list;
  ASSERT_FALSE(list.Parse("A=1,B=2,A=3"));
  EXPECT_EQ(list.error(), AttributeError::kRepeated);
  EXPECT_EQ(list.error_offset(), 8u);
}

TEST(AttributeListTest, SixtyFourAttributesFitAndOneMoreDoesNot) {
  std::string text;
  for (int i = 0; i < 64; ++i) text += "A" + std::to_string(i) + "=1,";
  AttributeList list;
  EXPECT_TRUE(list.Parse(std::string_view(text).substr(0, text.size() - 1)));
  EXPECT_EQ(list.attributes().size(), AttributeList::kMaxSize);
  text += "A64=1";
  ASSERT_FALSE(list.Parse(text));
  EXPECT_EQ(list.error(), AttributeError::kTooMany);
}

TEST(AttributeListTest, EachErrorHasItsOwnWords) {
  EXPECT_EQ(ToString(AttributeError::kMalformed), "attribute list: malformed");
  EXPECT_EQ(ToString(AttributeError::kTooMany), "attribute list: too many attributes");
  EXPECT_EQ(ToString(AttributeError::kRepeated), "attribute list: repeated attribute");
}

}  // namespace
}  // namespace mediacore::playlist
