#include "mediacore/stun/integrity.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/stun_vectors.h"
#include "../support/toy_hash.h"
#include "mediacore/stun/message_writer.h"

namespace mediacore::stun {
namespace {

using testing::TextBytes;
using testing::ToyHash;

// RFC 5769 prints them; the HMACs are checked where OpenSSL is (tests/crypto).
static_assert(VerifyFingerprint(*MessageView::Parse(testing::kStunRequest)) == Verdict::kValid);
static_assert(VerifyFingerprint(*MessageView::Parse(testing::kStunIpv4Response)) == Verdict::kValid);
static_assert(VerifyFingerprint(*MessageView::Parse(testing::kStunIpv6Response)) == Verdict::kValid);
static_assert(VerifyFingerprint(*MessageView::Parse(testing::kStunLongTermRequest)) == Verdict::kAbsent);
static_assert(EqualInConstantTime(testing::kStunRequest, testing::kStunRequest));

constexpr ToyHash kHmac{7};

// USERNAME, both tags, FINGERPRINT.
std::vector<std::uint8_t> Protected(std::size_t sha256_size = kSha256Size) {
  std::vector<std::uint8_t> out(200);
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, {});
  writer.Add(Username{TextBytes("user:peer")});
  writer.AddMessageIntegrity(kHmac);
  writer.AddMessageIntegritySha256(kHmac, sha256_size);
  writer.AddFingerprint();
  EXPECT_TRUE(writer.ok());
  return {writer.message().begin(), writer.message().end()};
}

TEST(StunIntegrityTest, EveryBitThatATagCoversCounts) {
  auto bytes = Protected();
  // 20 of header, 16 of USERNAME, then 24, 36 and 8 of tags.
  ASSERT_EQ(bytes.size(), 104u);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const std::size_t at = bit / 8;
    bytes[at] ^= static_cast<std::uint8_t>(1 << bit % 8);
    const auto message = MessageView::Parse(bytes);
    if (message) {
      const bool in_sha1 = at >= 36 && at < 60, in_sha256 = at >= 60 && at < 96;
      if (at < 36 || in_sha1) {
        EXPECT_NE(VerifyMessageIntegrity(*message, kHmac), Verdict::kValid) << bit;
      }
      if (!in_sha1 && !in_sha256 && at >= 36) {
        EXPECT_EQ(VerifyMessageIntegrity(*message, kHmac), Verdict::kValid) << bit;
      }
      if (at < 60 || in_sha256) {
        EXPECT_NE(VerifyMessageIntegritySha256(*message, kHmac), Verdict::kValid) << bit;
      }
      EXPECT_NE(VerifyFingerprint(*message), Verdict::kValid) << bit;
    }
    bytes[at] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
  const auto message = MessageView::Parse(bytes);
  EXPECT_EQ(VerifyMessageIntegrity(*message, kHmac), Verdict::kValid);
  EXPECT_EQ(VerifyMessageIntegritySha256(*message, kHmac), Verdict::kValid);
  EXPECT_EQ(VerifyFingerprint(*message), Verdict::kValid);
  EXPECT_EQ(VerifyMessageIntegrity(*message, ToyHash{8}), Verdict::kMismatch);
}

TEST(StunIntegrityTest, ATagCoversWhatLiesBeforeItWithALengthThatEndsWithIt) {
  const auto bytes = Protected();
  std::vector<std::uint8_t> hashed;
  const auto spy = [&](std::span<const Bytes> parts, MutableBytes digest) {
    hashed.clear();
    for (const Bytes part : parts) hashed.insert(hashed.end(), part.begin(), part.end());
    return kHmac(parts, digest);
  };
  const auto message = MessageView::Parse(bytes);
  EXPECT_EQ(VerifyMessageIntegrity(*message, spy), Verdict::kValid);
  std::vector<std::uint8_t> expected(bytes.begin(), bytes.begin() + 36);
  expected[3] = 16 + 24;
  EXPECT_EQ(hashed, expected);
  EXPECT_EQ(VerifyMessageIntegritySha256(*message, spy), Verdict::kValid);
  expected.assign(bytes.begin(), bytes.begin() + 60);
  expected[3] = 16 + 24 + 36;
  EXPECT_EQ(hashed, expected);
}

TEST(StunIntegrityTest, ATruncatedTagIsTakenOnlyFromTheSizeThatTheUsageAllows) {
  for (std::size_t size = kMinSha256Size; size <= kSha256Size; size += 4) {
    const auto bytes = Protected(size);
    const auto message = MessageView::Parse(bytes);
    EXPECT_EQ(VerifyMessageIntegritySha256(*message, kHmac), size == 32 ? Verdict::kValid : Verdict::kWrongSize);
    EXPECT_EQ(VerifyMessageIntegritySha256(*message, kHmac, size), Verdict::kValid);
    EXPECT_EQ(VerifyMessageIntegritySha256(*message, kHmac, 0), Verdict::kValid) << "16 is the least";
    EXPECT_EQ(VerifyMessageIntegritySha256(*message, kHmac, size + 4), Verdict::kWrongSize);
  }
}

TEST(StunIntegrityTest, ATagOfAnotherSizeIsRefusedUnread) {
  const auto never = [](std::span<const Bytes>, MutableBytes) { ADD_FAILURE(); return true; };
  for (std::size_t size = 0; size <= 40; ++size) {
    for (const auto type : {AttributeType::kMessageIntegrity, AttributeType::kMessageIntegritySha256,
                            AttributeType::kFingerprint}) {
      // By hand: the writer writes no wrong tag.
      std::vector<std::uint8_t> bytes(kHeaderSize + 4 + PaddedSize(size));
      StoreU16(bytes.data() + 2, static_cast<std::uint16_t>(bytes.size() - kHeaderSize));
      StoreU32(bytes.data() + 4, kMagicCookie);
      StoreU16(bytes.data() + 20, static_cast<std::uint16_t>(type));
      StoreU16(bytes.data() + 22, static_cast<std::uint16_t>(size));
      const auto message = MessageView::Parse(bytes);
      ASSERT_TRUE(message);
      if (type == AttributeType::kMessageIntegrity && size != 20) {
        EXPECT_EQ(VerifyMessageIntegrity(*message, never), Verdict::kWrongSize);
      }
      if (type == AttributeType::kMessageIntegritySha256 && (size < 16 || size > 32 || size % 4 != 0)) {
        EXPECT_EQ(VerifyMessageIntegritySha256(*message, never, 16), Verdict::kWrongSize);
      }
      if (type == AttributeType::kFingerprint && size != 4) {
        EXPECT_EQ(VerifyFingerprint(*message), Verdict::kWrongSize);
      }
    }
  }
}

TEST(StunIntegrityTest, AnAbsentTagAndAHashThatFailsHaveTheirOwnVerdicts) {
  const auto ipv4 = MessageView::Parse(testing::kStunIpv4Response);
  const auto fails = [](std::span<const Bytes>, MutableBytes) { return false; };
  EXPECT_EQ(VerifyMessageIntegrity(*ipv4, fails), Verdict::kHashFailed);
  EXPECT_EQ(VerifyMessageIntegritySha256(*ipv4, fails), Verdict::kAbsent);
  EXPECT_EQ(VerifyGoogMessageIntegrity32(*ipv4, fails), Verdict::kAbsent);
}

TEST(StunIntegrityTest, AFingerprintThatIsNotTheLastAttributeIsNone) {
  auto bytes = Protected();
  bytes.insert(bytes.end(), {0x80, 0x22, 0, 0});
  bytes[3] = static_cast<std::uint8_t>(bytes[3] + 4);
  EXPECT_EQ(VerifyFingerprint(*MessageView::Parse(bytes)), Verdict::kMisplaced);
}

TEST(StunIntegrityTest, AShortTagOfGoogPingIsChecked) {
  std::array<std::uint8_t, 64> out{};
  MessageWriter writer(out, MessageClass::kRequest, Method::kGoogPing, {});
  writer.AddGoogMessageIntegrity32(kHmac);
  writer.AddFingerprint();
  const auto message = MessageView::Parse(writer.message());
  ASSERT_TRUE(message);
  EXPECT_EQ(VerifyGoogMessageIntegrity32(*message, kHmac), Verdict::kValid);
  EXPECT_EQ(VerifyGoogMessageIntegrity32(*message, ToyHash{9}), Verdict::kMismatch);
  EXPECT_EQ(VerifyFingerprint(*message), Verdict::kValid);
}

TEST(StunIntegrityTest, WhatIsAppendedToAGoogPingIsNotFoundThoughItsTagIsValid) {
  std::vector<std::uint8_t> bytes(64);
  MessageWriter writer(bytes, MessageClass::kRequest, Method::kGoogPing, {});
  writer.AddGoogMessageIntegrity32(kHmac);
  bytes.resize(writer.message().size());
  bytes.insert(bytes.end(), {0x00, 0x25, 0x00, 0x00});  // USE-CANDIDATE
  bytes[3] = static_cast<std::uint8_t>(bytes.size() - kHeaderSize);
  const auto message = MessageView::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(VerifyGoogMessageIntegrity32(*message, kHmac), Verdict::kValid);
  EXPECT_FALSE(message->Has(AttributeType::kUseCandidate));
}

TEST(StunIntegrityTest, TagsAreComparedWholeAndBySize) {
  const std::array<std::uint8_t, 4> a = {1, 2, 3, 4};
  for (std::size_t i = 0; i < 4; ++i) {
    auto b = a;
    b[i] ^= 0x80;
    EXPECT_FALSE(EqualInConstantTime(a, b));
  }
  EXPECT_FALSE(EqualInConstantTime(a, Bytes(a).first(3)));
  EXPECT_TRUE(EqualInConstantTime({}, {}));
}

TEST(StunIntegrityTest, LongTermKeysAndUserhashesHashWhatTheRfcJoins) {
  std::string joined;
  const auto spy = [&](std::span<const Bytes> parts, MutableBytes digest) {
    joined.clear();
    for (const Bytes part : parts) joined += testing::TextOf(part);
    return digest.size() >= 16;
  };
  std::array<std::uint8_t, 32> out{};
  EXPECT_TRUE(
      MakeLongTermKey(TextBytes("user"), TextBytes("realm"), TextBytes("pass"), spy, MutableBytes(out).first(16)));
  EXPECT_EQ(joined, "user:realm:pass");
  EXPECT_TRUE(MakeUserhash(TextBytes("user"), TextBytes("realm"), spy, out));
  EXPECT_EQ(joined, "user:realm");
  EXPECT_FALSE(MakeLongTermKey({}, {}, {}, spy, {}));
}

TEST(StunIntegrityTest, EachVerdictHasItsOwnText) {
  std::set<std::string_view> texts;
  for (int i = 0; i < kVerdictCount; ++i) texts.insert(ToString(static_cast<Verdict>(i)));
  EXPECT_EQ(texts.size(), std::size_t{kVerdictCount});
}

}  // namespace
}  // namespace mediacore::stun
