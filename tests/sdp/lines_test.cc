#include "mediacore/sdp/lines.h"

#include <string>

#include <gtest/gtest.h>

namespace mediacore::sdp {
namespace {

template <typename T>
std::string Rewritten(std::string_view value) {
  T read;
  std::string text;
  if (!T::Read(value, read) || !internal::PrintInto([&](auto& printer) { read.Write(printer); }, text)) return "refused";
  return text;
}

TEST(SdpLinesTest, EachKindOfLineIsWrittenAsItWas) {
  EXPECT_EQ(Rewritten<Origin>("jdoe 1 2 IN IP6 ::1"), "jdoe 1 2 IN IP6 ::1");
  EXPECT_EQ(Rewritten<Connection>("IN IP4 224.2.1.1/127/3"), "IN IP4 224.2.1.1/127/3");
  EXPECT_EQ(Rewritten<Connection>("IN IP6 FF15::101/3"), "IN IP6 FF15::101/3");
  EXPECT_EQ(Rewritten<Bandwidth>("X-YZ:128"), "X-YZ:128");
  EXPECT_EQ(Rewritten<ActiveTime>("2873397496 2873404696"), "2873397496 2873404696");
  EXPECT_EQ(Rewritten<MediaLine>("video 49170/2 RTP/AVP 31 32"), "video 49170/2 RTP/AVP 31 32");
  EXPECT_EQ(Rewritten<MediaLine>("application 9 UDP/DTLS/SCTP webrtc-datachannel"),
            "application 9 UDP/DTLS/SCTP webrtc-datachannel");
  EXPECT_EQ(Rewritten<Attribute>("name:va:lue"), "name:va:lue");
  EXPECT_EQ(Rewritten<Attribute>("name:"), "name");
}

TEST(SdpLinesTest, AMediaLineOfRtpHasPayloadTypesOnly) {
  std::string text;
  const auto write = [&](const MediaLine& line) {
    return internal::PrintInto([&](auto& printer) { line.Write(printer); }, text);
  };
  EXPECT_TRUE(write({"audio", 9, 1, "RTP/AVP", Words("0 127")}));
  EXPECT_FALSE(write({"audio", 9, 1, "RTP/AVP", Words("128")}));
  EXPECT_FALSE(write({"audio", 9, 1, "UDP/TLS/RTP/SAVPF", Words("x")}));
  EXPECT_TRUE(write({"audio", 9, 65'536, "TCP/MSRP", Words("*")}));
  EXPECT_FALSE(write({"audio", 9, 65'537, "TCP/MSRP", Words("*")}));
}

}  // namespace
}  // namespace mediacore::sdp
