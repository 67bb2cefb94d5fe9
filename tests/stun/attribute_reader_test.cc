#include "mediacore/stun/attribute_reader.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/stun_vectors.h"

namespace mediacore::stun {
namespace {

// "USERNAME 9, PRIORITY 4": what a walk shows.
std::string Walk(Bytes bytes, std::size_t first = 0) {
  std::string out;
  AttributeReader reader(bytes, first);
  for (Attribute attribute; reader.Next(attribute);) {
    out += (out.empty() ? "" : ", ") + std::string(ToString(attribute.type)) + ' ' +
           std::to_string(attribute.value.size());
    EXPECT_EQ(LoadU16(bytes.data() + attribute.offset), static_cast<std::uint16_t>(attribute.type));
    EXPECT_EQ(attribute.value.data(), bytes.data() + attribute.offset + 4);
  }
  return out;
}
void Append(std::vector<std::uint8_t>& out, AttributeType type, std::size_t size) {
  out.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(type) >> 8));
  out.push_back(static_cast<std::uint8_t>(type));
  out.push_back(static_cast<std::uint8_t>(size >> 8));
  out.push_back(static_cast<std::uint8_t>(size));
  out.resize(out.size() + PaddedSize(size));
}
using enum AttributeType;

TEST(StunAttributeReaderTest, AttributesOfTheRfcAreShownInOrderWithoutTheirPadding) {
  EXPECT_EQ(Walk(testing::kStunRequest, 20),
            "SOFTWARE 16, PRIORITY 4, ICE-CONTROLLED 8, USERNAME 9, MESSAGE-INTEGRITY 20, FINGERPRINT 4");
  EXPECT_EQ(Walk(testing::kStunUserhashRequest, 20),
            "USERHASH 32, NONCE 41, REALM 11, PASSWORD-ALGORITHM 4, MESSAGE-INTEGRITY-SHA256 32");
}

TEST(StunAttributeReaderTest, BehindATagOnlyTheStrongerTagsAreShown) {
  constexpr AttributeType kTags[] = {kGoogMessageIntegrity32, kMessageIntegrity, kMessageIntegritySha256, kFingerprint};
  for (int first = 0; first < 4; ++first) {
    for (int second = 0; second < 4; ++second) {
      std::vector<std::uint8_t> bytes;
      Append(bytes, kUsername, 3);
      Append(bytes, kTags[first], 4);
      Append(bytes, kPriority, 4);
      Append(bytes, kTags[second], 8);
      Append(bytes, kUseCandidate, 0);
      std::string expected = "USERNAME 3, " + std::string(ToString(kTags[first])) + " 4";
      if (second > first) expected += ", " + std::string(ToString(kTags[second])) + " 8";
      EXPECT_EQ(Walk(bytes), expected);
    }
  }
}

TEST(StunAttributeReaderTest, WhatAnAttackerAppendsIsNotFound) {
  std::vector<std::uint8_t> bytes;
  Append(bytes, kUsername, 8);
  Append(bytes, kMessageIntegrity, 20);
  Append(bytes, kUseCandidate, 0);
  Append(bytes, kFingerprint, 4);
  AttributeReader reader(bytes, 0);
  Attribute attribute;
  EXPECT_FALSE(reader.Find(kUseCandidate, attribute));
  AttributeReader again(bytes, 0);
  EXPECT_TRUE(again.Find(kFingerprint, attribute));
  EXPECT_EQ(attribute.offset, 40u);
}

TEST(StunAttributeReaderTest, AnAttributeThatRunsPastTheEndEndsTheWalk) {
  std::vector<std::uint8_t> bytes;
  Append(bytes, kPriority, 4);
  Append(bytes, kUsername, 5);
  for (std::size_t n = 0; n <= bytes.size(); ++n) {
    const std::string seen = Walk(Bytes(bytes).first(n));
    EXPECT_EQ(seen, n < 8 ? "" : n < 17 ? "PRIORITY 4" : "PRIORITY 4, USERNAME 5") << n;
  }
  EXPECT_EQ(Walk(bytes, bytes.size() + 1), "");
}

TEST(StunAttributeReaderTest, SixteenThousandEmptyAttributesAreAllSeen) {
  const std::vector<std::uint8_t> bytes(65532);
  AttributeReader reader(bytes, 0);
  int count = 0;
  for (Attribute attribute; reader.Next(attribute);) ++count;
  EXPECT_EQ(count, 16383);
}

static_assert(PaddedSize(0) == 0 && PaddedSize(1) == 4 && PaddedSize(4) == 4 && PaddedSize(65533) == 65536);

}  // namespace
}  // namespace mediacore::stun
