// STUN's tags with OpenSSL behind them: the messages that the RFCs print.
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "../support/stun_vectors.h"
#include "mediacore/crypto/digest.h"
#include "mediacore/crypto/hmac.h"
#include "mediacore/stun/message_writer.h"

namespace mediacore::crypto {
namespace {

using stun::MessageView;
using stun::Verdict;
using testing::TextBytes;

Hmac HmacOf(HashAlgorithm algorithm, Bytes key) { return Hmac::Create(algorithm, key).value(); }
Digest DigestOf(HashAlgorithm algorithm) { return Digest::Create(algorithm).value(); }

template <std::size_t kSize>
std::array<std::uint8_t, kSize> LongTermKey(HashAlgorithm algorithm) {
  std::array<std::uint8_t, kSize> key{};
  EXPECT_TRUE(stun::MakeLongTermKey(TextBytes(testing::kStunUsername), TextBytes(testing::kStunRealm),
                                    TextBytes(testing::kStunLongTermPassword), DigestOf(algorithm), key));
  return key;
}

TEST(StunIntegrityVectorTest, MessagesOfRfc5769CarryTheTagsOfTheirPassword) {
  Hmac hmac = HmacOf(HashAlgorithm::kSha1, TextBytes(testing::kStunPassword));
  Hmac other = HmacOf(HashAlgorithm::kSha1, TextBytes("VOkJxbRl1RmTxUk/WvJxBT"));
  for (const Bytes bytes : {Bytes(testing::kStunRequest), Bytes(testing::kStunIpv4Response),
                            Bytes(testing::kStunIpv6Response)}) {
    const auto message = MessageView::Parse(bytes);
    ASSERT_TRUE(message);
    EXPECT_EQ(stun::VerifyMessageIntegrity(*message, hmac), Verdict::kValid);
    EXPECT_EQ(stun::VerifyMessageIntegrity(*message, other), Verdict::kMismatch);
    EXPECT_EQ(stun::VerifyFingerprint(*message), Verdict::kValid);
  }
}

TEST(StunIntegrityVectorTest, AKeyOfLongTermCredentialsIsTheMd5OfNameRealmAndPassword) {
  const auto key = LongTermKey<16>(HashAlgorithm::kMd5);
  EXPECT_EQ(key, testing::FromHex("e8ca7ad59d5eb0518e312911d2dab2a9"));
  const auto message = MessageView::Parse(testing::kStunLongTermRequest);
  ASSERT_TRUE(message);
  EXPECT_EQ(stun::VerifyMessageIntegrity(*message, HmacOf(HashAlgorithm::kSha1, key)), Verdict::kValid);
}

TEST(StunIntegrityVectorTest, TheRequestOfRfc8489HidesTheNameAndIsTaggedWithSha256) {
  const auto message = MessageView::Parse(testing::kStunUserhashRequest);
  ASSERT_TRUE(message);
  stun::Userhash userhash;
  ASSERT_TRUE(stun::ReadAttribute(*message, userhash));
  stun::Userhash computed;
  ASSERT_TRUE(stun::MakeUserhash(TextBytes(testing::kStunUsername), TextBytes(testing::kStunRealm),
                                 DigestOf(HashAlgorithm::kSha256), computed.value));
  EXPECT_EQ(userhash, computed);
  const auto key = LongTermKey<32>(HashAlgorithm::kSha256);
  EXPECT_EQ(stun::VerifyMessageIntegritySha256(*message, HmacOf(HashAlgorithm::kSha256, key)), Verdict::kValid);
}

TEST(StunIntegrityVectorTest, BothLongTermRequestsAreWrittenByteForByte) {
  // The others of RFC 5769 fill up with spaces, which RFC 8489 has made zeros.
  const auto rewrite = [](Bytes bytes, Hmac hmac) {
    const auto message = MessageView::Parse(bytes);
    std::vector<std::uint8_t> out(bytes.size());
    stun::MessageWriter writer(out, message->message_class(), message->method(), message->transaction_id());
    stun::AttributeReader reader = message->reader();
    for (stun::Attribute attribute; reader.Next(attribute);) {
      switch (attribute.type) {
        case stun::AttributeType::kMessageIntegrity: writer.AddMessageIntegrity(hmac); break;
        case stun::AttributeType::kMessageIntegritySha256: writer.AddMessageIntegritySha256(hmac); break;
        default: writer.Add(attribute.type, attribute.value);
      }
    }
    return writer.ok() && std::ranges::equal(writer.message(), bytes);
  };
  EXPECT_TRUE(
      rewrite(testing::kStunLongTermRequest, HmacOf(HashAlgorithm::kSha1, LongTermKey<16>(HashAlgorithm::kMd5))));
  EXPECT_TRUE(
      rewrite(testing::kStunUserhashRequest, HmacOf(HashAlgorithm::kSha256, LongTermKey<32>(HashAlgorithm::kSha256))));
}

TEST(StunIntegrityVectorTest, TheSharedCopyOfTheVectorsIsTheSame) {
  std::ifstream in(testing::CaptureFolder() / "../reference/vectors/rfc5769.json");
  if (!in) GTEST_SKIP() << "the reference vectors are not here";
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::string> messages;
  const std::regex message("\"message\":\\s*\"([0-9a-f]+)\"");
  for (auto at = std::sregex_iterator(text.begin(), text.end(), message); at != std::sregex_iterator(); ++at) {
    messages.push_back((*at)[1]);
  }
  const auto hex = [](Bytes bytes) {
    std::string out(2 * bytes.size(), ' ');
    std::size_t size = 0;
    EXPECT_TRUE(EncodeHex(bytes, out, size));
    return out;
  };
  EXPECT_EQ(messages, (std::vector<std::string>{hex(testing::kStunRequest), hex(testing::kStunIpv4Response),
                                                hex(testing::kStunIpv6Response), hex(testing::kStunLongTermRequest)}));
}

}  // namespace
}  // namespace mediacore::crypto
