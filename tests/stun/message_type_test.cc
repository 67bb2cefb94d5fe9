#include "mediacore/stun/message_type.h"

#include <set>

#include <gtest/gtest.h>

namespace mediacore::stun {
namespace {

static_assert(MessageType(MessageClass::kRequest, Method::kBinding) == 0x0001);
static_assert(MessageType(MessageClass::kIndication, Method::kBinding) == 0x0011);
static_assert(MessageType(MessageClass::kSuccessResponse, Method::kBinding) == 0x0101);
static_assert(MessageType(MessageClass::kErrorResponse, Method::kBinding) == 0x0111);
static_assert(MessageType(MessageClass::kErrorResponse, Method::kAllocate) == 0x0113);
static_assert(MessageType(MessageClass::kIndication, Method::kData) == 0x0017);
static_assert(MessageType(MessageClass::kRequest, Method::kGoogPing) == 0x0200);

TEST(StunMessageTypeTest, EveryTypeIsOneClassAndOneMethodAndBack) {
  for (unsigned type = 0; type < 0x4000; ++type) {
    const auto bits = static_cast<std::uint16_t>(type);
    ASSERT_LE(static_cast<unsigned>(MethodOf(bits)), 0xfffu);
    ASSERT_EQ(MessageType(ClassOf(bits), MethodOf(bits)), bits);
  }
}

TEST(StunMessageTypeTest, MethodsHaveTheNamesOfIanasList) {
  std::set<std::string_view> names;
  for (unsigned method = 0; method < 0x1000; ++method) names.insert(ToString(static_cast<Method>(method)));
  EXPECT_EQ(names.size(), 13u);  // twelve, and none for the others
  EXPECT_EQ(ToString(Method::kCreatePermission), "CreatePermission");
  EXPECT_EQ(ToString(static_cast<Method>(5)), "");
}

TEST(StunMessageTypeTest, ClassesHaveTheNamesThatAnalysersPrint) {
  EXPECT_EQ(ToString(MessageClass::kRequest), "Request");
  EXPECT_EQ(ToString(MessageClass::kIndication), "Indication");
  EXPECT_EQ(ToString(MessageClass::kSuccessResponse), "Success Response");
  EXPECT_EQ(ToString(MessageClass::kErrorResponse), "Error Response");
}

}  // namespace
}  // namespace mediacore::stun
