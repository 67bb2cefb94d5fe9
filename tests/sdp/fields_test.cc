#include "mediacore/sdp/fields.h"

#include <string>

#include <gtest/gtest.h>

namespace mediacore::sdp {
namespace {

constexpr int Sizes(std::string_view text) {
  int sizes = 0;
  for (const std::string_view field : Words(text)) sizes = sizes * 10 + static_cast<int>(field.size());
  return sizes;
}
static_assert(Sizes("a bb ccc") == 123 && Sizes("") == 0 && Sizes(" a") == 1);
static_assert(Words("a b").IsGood() && !Words("").IsGood() && !Words("a ").IsGood() && !Words(" a").IsGood());
static_assert(!Words("a  b").IsGood() && CommaList("a b,c").IsGood());

TEST(SdpFieldsTest, TokensAreThoseOfTheRfc) {
  const std::string others = "\"(),/:;<=>?@[\\]";
  for (int c = 0; c < 256; ++c) {
    const std::string text(1, static_cast<char>(c));
    EXPECT_EQ(IsToken(text), c > 0x20 && c < 0x7f && others.find(static_cast<char>(c)) == std::string::npos) << c;
  }
  EXPECT_FALSE(IsToken(""));
}

TEST(SdpFieldsTest, APrinterKeepsEachFieldInItsPlace) {
  const auto ok = [](const auto& print) {
    std::string text;
    return internal::PrintInto(print, text);
  };
  EXPECT_TRUE(ok([](auto& out) { out.Text("any thing"); }));
  EXPECT_FALSE(ok([](auto& out) { out.Text("a\nb"); }));
  EXPECT_FALSE(ok([](auto& out) { out.Text(std::string_view("\0", 1)); }));
  EXPECT_FALSE(ok([](auto& out) { out.Word("a b"); }));
  EXPECT_FALSE(ok([](auto& out) { out.Word("a/b", '/'); }));
  EXPECT_FALSE(ok([](auto& out) { out.Word(""); }));
  EXPECT_FALSE(ok([](auto& out) { out.Token("a:b"); }));
  EXPECT_FALSE(ok([](auto& out) { out.List(Words("a  b")); }));
  EXPECT_FALSE(ok([](auto& out) { out.List(CommaList("a b")); }));
  EXPECT_FALSE(ok([](auto& out) { out.Number(5, 6, 7); }));
  EXPECT_TRUE(ok([](auto& out) { out.Number(6, 6, 7); }));
}

}  // namespace
}  // namespace mediacore::sdp
