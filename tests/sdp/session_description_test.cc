#include "mediacore/sdp/session_description.h"

#include "mediacore/sdp/sdp_writer.h"
#include "support.h"

namespace mediacore::sdp {
namespace {

// Every type of line, each in its place.
constexpr std::string_view kAllLines =
    "v=0\r\n"
    "o=jdoe 3724394400 3724394405 IN IP6 2001:db8::1\r\n"
    "s=Call to John\r\n"
    "i=about\r\n"
    "u=http://www.example.com/a.pdf\r\n"
    "e=j@example.com (Jane)\r\n"
    "e=k@example.com\r\n"
    "p=+1 617 555-6011\r\n"
    "c=IN IP4 233.252.0.1/127/3\r\n"
    "b=CT:128\r\n"
    "t=3724394400 3724398000\r\n"
    "r=604800 3600 0 90000\r\n"
    "z=3724398000 1h\r\n"
    "t=0 0\r\n"
    "z=3724394400 -1h\r\n"
    "k=prompt\r\n"
    "a=recvonly\r\n"
    "a=tool:x:y\r\n"
    "m=audio 49170/2 RTP/AVP 0 14 96\r\n"
    "i=sound\r\n"
    "c=IN IP6 ff1e::1/3\r\n"
    "c=IN IP6 ff1e::9\r\n"
    "b=AS:64\r\n"
    "b=TIAS:64000\r\n"
    "k=clear:x\r\n"
    "a=rtpmap:96 L16/48000/6\r\n"
    "a=sendonly\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

TEST(SdpSessionDescriptionTest, EachTypeOfLineIsReadAndWrittenAsItWas) {
  SessionView view;
  ASSERT_FALSE(SessionView::Parse(kAllLines, {}, view));
  const SessionDescription s = ToDescription(view);
  EXPECT_EQ(s.origin, (Origin{"jdoe", "3724394400", "3724394405", {AddressType::kIp6, "2001:db8::1"}}));
  EXPECT_EQ(s.name, "Call to John");
  EXPECT_EQ(s.information, "about");
  EXPECT_EQ(s.uri, "http://www.example.com/a.pdf");
  EXPECT_EQ(s.emails, (std::vector<std::string_view>{"j@example.com (Jane)", "k@example.com"}));
  EXPECT_EQ(s.phones, (std::vector<std::string_view>{"+1 617 555-6011"}));
  EXPECT_EQ(s.connection, (Connection{{AddressType::kIp4, "233.252.0.1"}, 127, 3}));
  EXPECT_EQ(s.bandwidths, (std::vector<Bandwidth>{{"CT", 128}}));
  ASSERT_EQ(s.timings.size(), 2u);
  EXPECT_EQ(s.timings[0].active.stop, 3724398000u);
  EXPECT_EQ(s.timings[0].repeats, (std::vector<std::string_view>{"604800 3600 0 90000"}));
  EXPECT_EQ(s.timings.front().zones, "3724398000 1h");
  EXPECT_EQ(s.timings.back().zones, "3724394400 -1h");
  EXPECT_EQ(s.key, "prompt");
  EXPECT_EQ(s.attributes, (std::vector<Attribute>{{"recvonly", ""}, {"tool", "x:y"}}));
  ASSERT_EQ(s.media.size(), 2u);
  const Media& audio = s.media[0];
  EXPECT_EQ(audio.type, "audio");
  EXPECT_EQ(audio.port, 49170);
  EXPECT_EQ(audio.port_count, 2u);
  EXPECT_EQ(audio.protocol, "RTP/AVP");
  EXPECT_EQ(audio.formats, (std::vector<std::string_view>{"0", "14", "96"}));
  EXPECT_EQ(audio.information, "sound");
  EXPECT_EQ(audio.connections, (std::vector<Connection>{
      {{AddressType::kIp6, "ff1e::1"}, {}, 3}, {{AddressType::kIp6, "ff1e::9"}, {}, 1}}));
  EXPECT_EQ(audio.bandwidths, (std::vector<Bandwidth>{{"AS", 64}, {"TIAS", 64000}}));
  EXPECT_EQ(audio.key, "clear:x");
  EXPECT_EQ(audio.attributes.size(), 2u);
  EXPECT_EQ(s.media[1].formats.front(), "webrtc-datachannel");
  std::string text;
  ASSERT_TRUE(Write(s, text));
  EXPECT_EQ(text, kAllLines);
}

TEST(SdpSessionDescriptionTest, WhatBrowsersSayIsWrittenByteForByte) {
  for (const auto& [name, text] : Offers()) {
    SessionView view;
    ASSERT_FALSE(SessionView::Parse(text, {}, view)) << name;
    std::string written;
    ASSERT_TRUE(Write(ToDescription(view), written)) << name;
    EXPECT_EQ(written, text) << name;
  }
}

}  // namespace
}  // namespace mediacore::sdp
