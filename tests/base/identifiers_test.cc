#include "mediacore/base/identifiers.h"

#include <string>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

static_assert(Ssrc(5) < Ssrc(6) && Ssrc(5) == Ssrc(5) && Ssrc().value() == 0);
static_assert(PayloadType(96).value() == 96);
static_assert(PayloadType(0x80 | 96).value() == 96, "the marker is not part of it");

TEST(MidTest, EveryCharacterIsAllowedExactlyWhenRfc4566CallsItATokenChar) {
  // RFC 4566, section 9: token-char.
  const auto token_char = [](int c) {
    return c == 0x21 || (c >= 0x23 && c <= 0x27) || (c >= 0x2a && c <= 0x2b) ||
           (c >= 0x2d && c <= 0x2e) || (c >= 0x30 && c <= 0x39) ||
           (c >= 0x41 && c <= 0x5a) || (c >= 0x5e && c <= 0x7e);
  };
  for (int c = 0; c < 256; ++c) {
    Mid mid;
    EXPECT_EQ(Mid::Read(std::string(1, static_cast<char>(c)), mid), token_char(c)) << c;
  }
}

TEST(RidTest, EveryCharacterIsAllowedExactlyWhenItIsALetterOrDigit) {
  for (int c = 0; c < 256; ++c) {
    Rid rid;
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    EXPECT_EQ(Rid::Read(std::string(1, static_cast<char>(c)), rid), good) << c;
  }
}

TEST(MidTest, SixteenCharactersFitAndSeventeenLeaveTheOldName) {
  Mid mid;
  EXPECT_TRUE(mid.empty());
  ASSERT_TRUE(Mid::Read("0123456789abcdef", mid));
  EXPECT_EQ(mid.view(), "0123456789abcdef");
  EXPECT_FALSE(Mid::Read("0123456789abcdefg", mid));
  EXPECT_FALSE(Mid::Read("", mid));
  EXPECT_FALSE(Mid::Read("a b", mid));
  EXPECT_EQ(mid.view(), "0123456789abcdef");
}

TEST(MidTest, NamesAreEqualWhenTheirCharactersAre) {
  Mid a;
  Mid b;
  ASSERT_TRUE(Mid::Read("longer", a));
  ASSERT_TRUE(Mid::Read("a", a));
  ASSERT_TRUE(Mid::Read("a", b));
  EXPECT_EQ(a, b);
  ASSERT_TRUE(Mid::Read("b", b));
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace mediacore
