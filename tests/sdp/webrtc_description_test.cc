#include "mediacore/sdp/webrtc_description.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

int CountAttributes(std::string_view text) {
  int count = 0;
  for (std::size_t at = text.find("\na="); at != text.npos; at = text.find("\na=", at + 1)) ++count;
  return count;
}

void ExpectModelKept(const std::string& name, std::string_view text) {
  SessionView view;
  ASSERT_FALSE(SessionView::Parse(text, {}, view)) << name;
  WebRtcDescription model;
  const auto refused = WebRtcDescription::Read(view, model);
  ASSERT_FALSE(refused) << name << ": " << ToString(refused->cause) << " in line " << refused->line;
  std::string written;
  ASSERT_TRUE(Write(model, written)) << name;
  SessionView again;
  ASSERT_FALSE(SessionView::Parse(written, {}, again)) << name;
  WebRtcDescription back;
  ASSERT_FALSE(WebRtcDescription::Read(again, back)) << name;
  EXPECT_EQ(model, back) << name;
  EXPECT_EQ(CountAttributes(text), CountAttributes(written)) << name << ": none is lost";
}

TEST(SdpWebRtcDescriptionTest, OffersAndAnswersOfBrowsersAreKept) {
  const auto offers = Offers();
  EXPECT_EQ(offers.size(), 13u);
  for (const auto& [name, text] : offers) {
    ExpectModelKept(name, text);
    SessionView view;
    WebRtcDescription model;
    ASSERT_FALSE(SessionView::Parse(text, {}, view));
    ASSERT_FALSE(WebRtcDescription::Read(view, model));
    EXPECT_TRUE(model.others.empty()) << name;
    for (const WebRtcMedia& media : model.media) {
      EXPECT_TRUE(media.others.empty()) << name;
      EXPECT_TRUE(media.mid && media.transport.ice_ufrag && media.transport.ice_pwd) << name;
      for (const WebRtcCodec& codec : media.codecs) EXPECT_FALSE(codec.encoding_name.empty()) << name;
    }
  }
}

TEST(SdpWebRtcDescriptionTest, OffersAndAnswersOfTheCapturesAreKept) {
  const auto captured = CapturedDescriptions();
  if (captured.empty()) GTEST_SKIP() << "no captures beside the source";
  for (const auto& [name, text] : captured) {
    if (name.starts_with("chromium")) ExpectModelKept(name, text);
  }
}

TEST(SdpWebRtcDescriptionTest, LayersOfSimulcastAreThere) {
  for (const auto& [name, text] : Offers()) {
    if (name.find("simulcast-offer") == std::string::npos) continue;
    SessionView view;
    WebRtcDescription model;
    ASSERT_FALSE(SessionView::Parse(text, {}, view));
    ASSERT_FALSE(WebRtcDescription::Read(view, model));
    const WebRtcMedia& video = model.media.at(0);
    ASSERT_EQ(video.rids.size(), 3u) << name;
    EXPECT_EQ(video.rids[1].rid.view(), "m");
    ASSERT_TRUE(video.simulcast);
    EXPECT_EQ(video.simulcast->send.rids().size(), 3u);
    EXPECT_EQ(video.direction, Direction::kSendOnly);
  }
}

WebRtcDescription Answer() {
  WebRtcDescription s;
  s.groups = {{"BUNDLE", Words("0 d")}};
  WebRtcMedia& video = s.media.emplace_back();
  video.type = "video";
  video.codecs = {{PayloadType(96), "VP8", 90'000, 0, {{"nack", "pli"}}, {}},
                  {PayloadType(97), "rtx", 90'000, 0, {}, {FormatParameters("apt=96")}}};
  static_cast<void>(Mid::Read("0", video.mid.emplace().mid));
  video.direction = Direction::kRecvOnly;
  video.feedback = {{{}, "transport-cc", ""}};
  video.rtcp_mux = true;
  video.transport.ice_ufrag = IceUfrag{"abcd"};
  video.transport.setup = Setup{SetupRole::kActive};
  WebRtcMedia& data = s.media.emplace_back();
  data.type = "application";
  data.protocol = "UDP/DTLS/SCTP";
  data.formats = {"webrtc-datachannel"};
  data.sctp_port = SctpPort{5000};
  data.others = {{"x-own", "1"}};
  return s;
}

TEST(SdpWebRtcDescriptionTest, ValuesAreWrittenInOneOrder) {
  std::string text;
  ASSERT_TRUE(Write(Answer(), text));
  EXPECT_EQ(text,
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 d\r\n"
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:abcd\r\n"
            "a=setup:active\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n"
            "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtcp-fb:* transport-cc\r\n"
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=sctp-port:5000\r\na=x-own:1\r\n");
  SessionView view;
  ASSERT_FALSE(SessionView::Parse(text, {}, view));
  WebRtcDescription back;
  ASSERT_FALSE(WebRtcDescription::Read(view, back));
  EXPECT_EQ(back, Answer());
  std::string room(text.size(), '?');
  std::size_t size = 0;
  EXPECT_FALSE(Write(Answer(), std::span(room).first(room.size() - 1), size));
  EXPECT_EQ(room, std::string(text.size(), '?'));
  ASSERT_TRUE(Write(Answer(), std::span(room), size));
  EXPECT_EQ(room, text);
}

TEST(SdpWebRtcDescriptionTest, WhatWouldReadOtherwiseIsNotWritten) {
  const std::vector<void (*)(WebRtcDescription&)> faults = {
      [](WebRtcDescription& s) { s.name = "\r\n"; },
      [](WebRtcDescription& s) { s.others = {{"group", "BUNDLE"}}; },
      [](WebRtcDescription& s) { s.others = {{"sendrecv", ""}}; },
      [](WebRtcDescription& s) { s.others = {{"ice-lite", ""}}; },
      [](WebRtcDescription& s) { s.others = {{"ice-pwd", ""}}; },
      [](WebRtcDescription& s) { s.media[0].others = {{"rtpmap", "96 VP8/90000"}}; },
      [](WebRtcDescription& s) { s.media[0].others = {{"rtcp-fb", "96 nack"}}; },
      [](WebRtcDescription& s) { s.media[0].codecs.push_back(s.media[0].codecs[0]); },
      [](WebRtcDescription& s) { s.media[0].codecs.clear(); },
      [](WebRtcDescription& s) { s.media[0].codecs[0].encoding_name = ""; },
      [](WebRtcDescription& s) { s.media[0].formats = {"5"}; },
      [](WebRtcDescription& s) { s.media[0].feedback[0].payload_type = PayloadType(96); },
      [](WebRtcDescription& s) { s.media[0].connection.reset(); },
      [](WebRtcDescription& s) { s.media[1].formats.clear(); },
      [](WebRtcDescription& s) { s.media[1].formats = {"a b"}; },
      [](WebRtcDescription& s) { s.media[1].codecs = s.media[0].codecs; },
      [](WebRtcDescription& s) { s.media[0].transport.ice_pwd = IcePwd{"short"}; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    WebRtcDescription s = Answer();
    faults[i](s);
    std::string text = "as it was";
    EXPECT_FALSE(Write(s, text)) << i;
    EXPECT_EQ(text, "as it was");
  }
}

TEST(SdpWebRtcDescriptionTest, EachFaultIsNamedWithItsPlace) {
  const std::string head = "v=0\r\no=- 0 0 IN IP4 h\r\ns=-\r\nt=0 0\r\n";
  const std::string media = "m=video 9 RTP/SAVPF 96\r\nc=IN IP4 h\r\n";
  struct Case {
    WebRtcError cause;
    std::string before;
    std::string line;
  };
  using enum WebRtcError;
  const std::vector<Case> cases = {
      {kBadAttribute, head, "a=group:\r\n"},
      {kBadAttribute, head, "a=ice-lite:x\r\n"},
      {kBadAttribute, head, "a=sendrecv:x\r\n"},
      {kBadAttribute, head + media, "a=candidate:1\r\n"},
      {kBadAttribute, head + media, "a=mid:\r\n"},
      {kBadAttribute, head + media, "a=rtcp-fb:128 nack\r\n"},
      {kBadAttribute, head + media, "a=rtcp-mux:x\r\n"},
      {kRepeated, head + "a=sendonly\r\n", "a=sendrecv\r\n"},
      {kRepeated, head + media + "a=mid:0\r\n", "a=mid:0\r\n"},
      {kRepeated, head + media, "c=IN IP4 h\r\n"},
  };
  for (const Case& c : cases) {
    const std::string text = c.before + c.line;
    SessionView view;
    ASSERT_FALSE(SessionView::Parse(text, {}, view)) << text;
    WebRtcDescription out;
    const auto refused = WebRtcDescription::Read(view, out);
    ASSERT_TRUE(refused) << text;
    EXPECT_EQ(ToString(refused->cause), ToString(c.cause)) << text;
    EXPECT_EQ(refused->offset, c.before.size()) << text;
    EXPECT_EQ(refused->line, 1u + static_cast<std::size_t>(std::count(c.before.begin(), c.before.end(), '\n'))) << text;
  }
  EXPECT_NE(ToString(kBadAttribute), ToString(kRepeated));
  EXPECT_EQ(ToString(static_cast<WebRtcError>(kWebRtcErrorCount)), "webrtc: unknown");
}

TEST(SdpWebRtcDescriptionTest, PayloadTypesThatTheMediaDoesNotHaveAreLeftOut) {
  const std::string text =
      "v=0\r\no=- 0 0 IN IP4 h\r\ns=-\r\nc=IN IP4 h\r\nt=0 0\r\nm=video 9 RTP/SAVPF 96 96\r\na=rtpmap:97 X/1\r\n"
      "a=fmtp:97 x\r\na=rtcp-fb:97 nack\r\na=rtpmap:96 A/1\r\na=rtpmap:96 B/1\r\na=fmtp:96 x\r\na=fmtp:96 y\r\n"
      "m=application 9 TCP x\r\na=rtpmap:96 raw\r\na=rtcp-fb:5 nack\r\n";
  SessionView view;
  ASSERT_FALSE(SessionView::Parse(text, {}, view));
  WebRtcDescription model;
  ASSERT_FALSE(WebRtcDescription::Read(view, model));
  ASSERT_EQ(model.media[0].codecs.size(), 1u);
  EXPECT_EQ(model.media[0].codecs[0].encoding_name, "A");
  EXPECT_EQ(model.media[0].codecs[0].fmtp.size(), 2u);
  EXPECT_EQ(model.media[1].others.size(), 1u);
  EXPECT_EQ(model.media[1].feedback.size(), 1u);
  std::string written;
  ASSERT_TRUE(Write(model, written));
  WebRtcDescription back;
  ASSERT_FALSE(SessionView::Parse(written, {}, view));
  ASSERT_FALSE(WebRtcDescription::Read(view, back));
  EXPECT_EQ(back, model);
}

}  // namespace
}  // namespace mediacore::sdp
