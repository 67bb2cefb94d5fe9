#include "mediacore/base/base64.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

std::string Text(std::string_view base64) {
  std::array<std::uint8_t, 64> bytes{};
  std::size_t size = 0;
  if (!DecodeBase64(base64, bytes, size)) return "refused";
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(Base64Test, TheExamplesOfTheRfcReadBothWays) {
  const std::array<std::pair<std::string_view, std::string_view>, 7> examples = {
      {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
       {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}}};
  for (const auto& [plain, base64] : examples) {
    EXPECT_EQ(Text(base64), plain);
    const std::vector<std::uint8_t> bytes(plain.begin(), plain.end());
    std::array<char, 8> out{};
    std::size_t size = 0;
    ASSERT_TRUE(EncodeBase64(bytes, out, size));
    EXPECT_EQ(std::string_view(out.data(), size), base64);
    EXPECT_EQ(size, Base64EncodedSize(plain.size()));
  }
}

TEST(Base64Test, PaddingMayBeLeftOut) {
  EXPECT_EQ(Text("Zg"), "f");
  EXPECT_EQ(Text("Zm8"), "fo");
}

TEST(Base64Test, ThereIsNoSecondSpelling) {
  for (const std::string_view bad :
       {"Z", "Zh==", "Zm9=", "Zg=", "Zg===", "=", "====", "Zm9v=", "Zm 9", "Zm9-",
        "Zm9_", "Zm9v\n", "Zg==Zg=="}) {
    EXPECT_EQ(Text(bad), "refused") << bad;
  }
}

TEST(Base64Test, EveryByteComesBack) {
  std::vector<std::uint8_t> bytes(256);
  for (std::size_t i = 0; i < 256; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  for (std::size_t n = 0; n <= 256; ++n) {
    std::array<char, 600> text{};
    std::array<std::uint8_t, 256> back{};
    std::size_t size = 0;
    ASSERT_TRUE(EncodeBase64(Bytes(bytes).first(n), text, size));
    ASSERT_TRUE(DecodeBase64({text.data(), size}, back, size));
    EXPECT_TRUE(size == n && std::equal(back.begin(), back.begin() + static_cast<std::ptrdiff_t>(n), bytes.begin()));
    ASSERT_TRUE(EncodeHex(Bytes(bytes).first(n), text, size));
    ASSERT_TRUE(DecodeHex({text.data(), size}, back, size));
    EXPECT_TRUE(size == n && std::equal(back.begin(), back.begin() + static_cast<std::ptrdiff_t>(n), bytes.begin()));
  }
}

TEST(Base64Test, WhatDoesNotFitIsRefused) {
  std::array<std::uint8_t, 2> bytes{};
  std::array<char, 3> text{};
  std::size_t size = 77;
  EXPECT_FALSE(DecodeBase64("Zm9v", bytes, size));
  EXPECT_FALSE(DecodeHex("010203", bytes, size));
  EXPECT_FALSE(EncodeBase64(Bytes(bytes).first(1), text, size));
  EXPECT_FALSE(EncodeHex(bytes, text, size));
  EXPECT_EQ(size, 77u);
}

TEST(HexTest, BothCasesAreReadAndNothingElse) {
  std::array<std::uint8_t, 4> bytes{};
  std::size_t size = 0;
  ASSERT_TRUE(DecodeHex("1190aF", bytes, size));
  EXPECT_EQ(size, 3u);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{0x11, 0x90, 0xaf, 0}));
  EXPECT_FALSE(DecodeHex("119", bytes, size));
  EXPECT_FALSE(DecodeHex("1g", bytes, size));
  EXPECT_FALSE(DecodeHex("@1", bytes, size));
}

}  // namespace
}  // namespace mediacore
