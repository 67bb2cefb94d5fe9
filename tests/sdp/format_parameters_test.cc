#include "mediacore/sdp/format_parameters.h"

#include <gtest/gtest.h>

namespace mediacore::sdp {
namespace {

TEST(SdpFormatParametersTest, AnyTextIsAListOfParameters) {
  constexpr FormatParameters fmtp(" a=1;; B = 2 ;sprop=Z0LA==;flag; =x;");
  static_assert(fmtp.Find("A") == "1" && fmtp.Find("b") == "2");
  static_assert(fmtp.Find("sprop") == "Z0LA==" && fmtp.Has("flag"));
  std::string_view rest = fmtp.text();
  int count = 0;
  for (FormatParameters::Parameter p; FormatParameters::Take(rest, p);) ++count;
  EXPECT_EQ(count, 5);
  EXPECT_EQ(FormatParameters("0-15").Find("0-15"), "");
  EXPECT_FALSE(FormatParameters("").Has(""));
}

TEST(SdpFormatParametersTest, NamesAreTheSameInAnyCase) {
  static_assert(EqualsIgnoringCase("H264", "h264") && EqualsIgnoringCase("", ""));
  static_assert(!EqualsIgnoringCase("a", "ab") && !EqualsIgnoringCase("@", "`") && !EqualsIgnoringCase("[", "{"));
}

}  // namespace
}  // namespace mediacore::sdp
