#include "mediacore/stun/attribute_type.h"

#include <map>

#include <gtest/gtest.h>

namespace mediacore::stun {
namespace {

static_assert(IsComprehensionRequired(AttributeType::kUsername));
static_assert(IsComprehensionRequired(static_cast<AttributeType>(0x7fff)));
static_assert(!IsComprehensionRequired(static_cast<AttributeType>(0x8000)));
static_assert(!IsComprehensionRequired(AttributeType::kGoogNetworkInfo));

TEST(StunAttributeTypeTest, NoTwoTypesHaveOneName) {
  std::map<std::string_view, int> names;
  for (int type = 0; type < 0x10000; ++type) {
    const auto name = ToString(static_cast<AttributeType>(type));
    if (name.empty()) continue;
    EXPECT_TRUE(names.emplace(name, type).second) << name;
  }
  EXPECT_GE(names.size(), 80u);
}

TEST(StunAttributeTypeTest, NamesAreThoseOfIanasList) {
  EXPECT_EQ(ToString(static_cast<AttributeType>(0x0020)), "XOR-MAPPED-ADDRESS");
  EXPECT_EQ(ToString(static_cast<AttributeType>(0x001c)), "MESSAGE-INTEGRITY-SHA256");
  EXPECT_EQ(ToString(static_cast<AttributeType>(0x8004)), "ICMP");
  EXPECT_EQ(ToString(static_cast<AttributeType>(0x802c)), "OTHER-ADDRESS");
  EXPECT_EQ(ToString(static_cast<AttributeType>(0x002a)), "CONNECTION-ID");
  EXPECT_EQ(ToString(static_cast<AttributeType>(0xc057)), "GOOG-NETWORK-INFO");
  EXPECT_EQ(ToString(static_cast<AttributeType>(0xc060)), "GOOG-MESSAGE-INTEGRITY-32");
  EXPECT_EQ(ToString(static_cast<AttributeType>(0x7777)), "");
}

}  // namespace
}  // namespace mediacore::stun
