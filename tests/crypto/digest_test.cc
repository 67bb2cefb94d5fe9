#include "mediacore/crypto/digest.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/stun_vectors.h"
#include "mediacore/stun/integrity.h"

namespace mediacore::crypto {
namespace {

using testing::TextBytes;
static_assert(stun::Hash<Digest>);

std::string HexOf(HashAlgorithm algorithm, std::vector<std::string_view> texts) {
  auto digest = Digest::Create(algorithm);
  if (!digest.ok()) return digest.status().ToString();
  std::vector<Bytes> parts;
  for (const std::string_view text : texts) parts.push_back(TextBytes(text));
  std::vector<std::uint8_t> out(DigestSize(algorithm));
  std::string hex(2 * out.size(), ' ');
  std::size_t size = 0;
  return (*digest)(parts, out) && EncodeHex(out, hex, size) ? hex : "failed";
}

TEST(DigestTest, HashesAreThoseOfTheRfcs) {
  EXPECT_EQ(HexOf(HashAlgorithm::kMd5, {"abc"}), "900150983cd24fb0d6963f7d28e17f72");   // RFC 1321
  EXPECT_EQ(HexOf(HashAlgorithm::kSha1, {"abc"}), "a9993e364706816aba3e25717850c26c9cd0d89d");  // RFC 3174
  EXPECT_EQ(HexOf(HashAlgorithm::kSha256, {"abc"}),  // FIPS 180-4
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf(HashAlgorithm::kMd5, {}), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(DigestTest, WhereThePartsMeetDoesNotCount) {
  EXPECT_EQ(HexOf(HashAlgorithm::kSha256, {"a", "", "bc"}), HexOf(HashAlgorithm::kSha256, {"abc"}));
}

TEST(DigestTest, OneObjectHashesManyAndRefusesAnotherSize) {
  auto digest = Digest::Create(HashAlgorithm::kSha1);
  ASSERT_TRUE(digest.ok());
  std::array<std::uint8_t, 20> first{}, second{};
  const std::array parts = {TextBytes("abc")};
  ASSERT_TRUE((*digest)(parts, first));
  EXPECT_FALSE((*digest)(parts, MutableBytes(second).first(19)));
  Digest moved = *std::move(digest);
  ASSERT_TRUE(moved(parts, second));
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace mediacore::crypto
