#include "mediacore/crypto/hmac.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "../support/stun_vectors.h"
#include "mediacore/stun/integrity.h"

namespace mediacore::crypto {
namespace {

using testing::TextBytes;
static_assert(stun::Hash<Hmac>);

std::string HexOf(HashAlgorithm algorithm, Bytes key, std::string_view text) {
  auto hmac = Hmac::Create(algorithm, key);
  if (!hmac.ok()) return hmac.status().ToString();
  const std::array parts = {TextBytes(text)};
  std::vector<std::uint8_t> out(DigestSize(algorithm));
  std::string hex(2 * out.size(), ' ');
  std::size_t size = 0;
  return (*hmac)(parts, out) && EncodeHex(out, hex, size) ? hex : "failed";
}

TEST(HmacTest, TagsAreThoseOfTheRfcs) {
  // RFC 2202, case 2; RFC 4231, cases 2 and 6.
  EXPECT_EQ(HexOf(HashAlgorithm::kSha1, TextBytes("Jefe"), "what do ya want for nothing?"),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(HexOf(HashAlgorithm::kSha256, TextBytes("Jefe"), "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const std::vector<std::uint8_t> long_key(131, 0xaa);
  EXPECT_EQ(HexOf(HashAlgorithm::kSha256, long_key, "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacTest, AnEmptyKeyIsAKey) {
  EXPECT_EQ(HexOf(HashAlgorithm::kSha256, {}, ""),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HmacTest, OneObjectTagsManyMessagesAndRefusesAnotherSize) {
  auto hmac = Hmac::Create(HashAlgorithm::kSha1, TextBytes("Jefe"));
  ASSERT_TRUE(hmac.ok());
  const std::array parts = {TextBytes("what do ya want "), TextBytes("for nothing?")};
  std::array<std::uint8_t, 20> first{}, again{};
  ASSERT_TRUE((*hmac)(parts, first));
  EXPECT_EQ(first[0], 0xef);
  const testing::HeapWatch heap;
  EXPECT_FALSE((*hmac)(parts, MutableBytes(again).first(16)));
  ASSERT_TRUE((*hmac)(parts, again));
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_EQ(first, again);
  Hmac moved = *std::move(hmac);
  again.fill(0);
  ASSERT_TRUE(moved(parts, again));
  EXPECT_EQ(first, again);
}

}  // namespace
}  // namespace mediacore::crypto
