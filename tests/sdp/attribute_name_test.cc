#include "mediacore/sdp/attribute_name.h"

#include <string>

#include <gtest/gtest.h>

namespace mediacore::sdp {
namespace {

TEST(SdpAttributeNameTest, EachNameIsFoundAndNothingElse) {
  for (std::size_t i = 1; i < internal::kAttributeNames.size(); ++i) {
    const auto name = static_cast<AttributeName>(i);
    const std::string text(ToString(name));
    EXPECT_EQ(AttributeNameOf(text), name);
    EXPECT_EQ(AttributeNameOf(text + "x"), AttributeName::kUnknown);
    for (std::size_t n = 0; n < text.size(); ++n) {
      const AttributeName shorter = AttributeNameOf(std::string_view(text).substr(0, n));
      EXPECT_TRUE(shorter == AttributeName::kUnknown || ToString(shorter).size() == n);
    }
    EXPECT_NE(FormOf(name), AttributeForm::kUnknown);
  }
  EXPECT_EQ(AttributeNameOf(""), AttributeName::kUnknown);
  EXPECT_EQ(AttributeNameOf("RTPMAP"), AttributeName::kUnknown);
  EXPECT_EQ(FormOf(AttributeName::kUnknown), AttributeForm::kUnknown);
  EXPECT_EQ(FormOf(AttributeName::kIdentity), AttributeForm::kTyped);
  EXPECT_EQ(FormOf(AttributeName::kRtcpMux), AttributeForm::kFlag);
  EXPECT_EQ(FormOf(AttributeName::kImageAttr), AttributeForm::kRaw);
}

}  // namespace
}  // namespace mediacore::sdp
