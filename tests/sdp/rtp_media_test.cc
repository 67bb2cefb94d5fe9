#include "mediacore/sdp/rtp_media.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kHead = "v=0\no=- 0 0 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\na=inactive\n";

TEST(SdpRtpMediaTest, LinesOfSessionAndMediaComeTogether) {
  const std::string text = std::string(kHead) +
                           "m=audio 49170 RTP/AVP 0 14 96 96\nc=IN IP6 ff1e::1/3\na=rtpmap:96 L16/48000/6\n"
                           "a=rtpmap:96 twice/8000\na=rtpmap:97 elsewhere/8000\n"
                           "a=fmtp:96 channel-order=DV.LRLsRsCS; x\na=fmtp:96 y\na=fmtp:97 z\n"
                           "a=rtcp:53020 IN IP6 2001:db8::2\na=ptime:20.5\na=framerate:29.97\na=control:track1\n"
                           "a=sendonly\na=recvonly\n";
  SessionView session;
  ASSERT_FALSE(SessionView::Parse(text, {}, session));
  const RtpMedia media(session, *session.media().begin());
  EXPECT_EQ(media.type, "audio");
  EXPECT_EQ(media.port, 49170);
  EXPECT_EQ(media.rtcp_port, 53020);
  EXPECT_EQ(media.connection.address.text, "ff1e::1");
  EXPECT_EQ(media.direction, Direction::kSendOnly);
  EXPECT_EQ(media.packet_time, TimeDelta::Micros(20'500));
  EXPECT_EQ(media.frame_rate, Frequency::MilliHertz(29'970));
  EXPECT_EQ(media.control, "track1");
  ASSERT_EQ(media.formats.size(), 3u) << "each payload type once";
  EXPECT_EQ(media.formats[0].encoding_name, "PCMU");
  EXPECT_EQ(media.formats[1].encoding_name, "MPA");
  EXPECT_EQ(media.formats[1].clock_rate, 90'000u);
  EXPECT_EQ(media.formats[2].payload_type, PayloadType(96));
  EXPECT_EQ(media.formats[2].encoding_name, "L16");
  EXPECT_EQ(media.formats[2].channels, 6);
  EXPECT_EQ(media.formats[2].fmtp.Find("Channel-Order"), "DV.LRLsRsCS");
  EXPECT_TRUE(media.formats[2].fmtp.Has("x"));
  EXPECT_FALSE(media.formats[2].fmtp.Has("y"));
  EXPECT_EQ(media.formats.Find(PayloadType(14)), &media.formats[1]);
  EXPECT_EQ(media.formats.Find(PayloadType(97)), nullptr);
}

TEST(SdpRtpMediaTest, RtcpIsOnTheNextPortUnlessSaidOtherwise) {
  const auto port = [](std::string_view lines) {
    const std::string text = std::string(kHead) + std::string(lines);
    SessionView session;
    EXPECT_FALSE(SessionView::Parse(text, {}, session)) << text;
    const RtpMedia media(session, *session.media().begin());
    EXPECT_EQ(media.direction, Direction::kInactive) << "as the session says";
    return media.rtcp_port;
  };
  EXPECT_EQ(port("m=video 20000 RTP/AVP 96\n"), 20001);
  EXPECT_EQ(port("m=video 20000 RTP/AVP 96\na=rtcp:30000\n"), 30000);
  EXPECT_EQ(port("m=video 20000 RTP/AVP 96\na=rtcp:30000\na=rtcp-mux\n"), 20000);
  EXPECT_EQ(port("m=video 65535 RTP/AVP 96\n"), 0);
  EXPECT_EQ(port("m=video 0 RTP/AVP 96\n"), 0);
}

TEST(SdpRtpMediaTest, EncodingNamesMeanCodecsInAnyCase) {
  EXPECT_EQ(CodecOf("h264"), Codec::kH264);
  EXPECT_EQ(CodecOf("MPEG4-GENERIC"), Codec::kAac);
  EXPECT_EQ(CodecOf("OPUS"), Codec::kOpus);
  EXPECT_EQ(CodecOf("rtx"), Codec::kUnknown);
}

TEST(SdpRtpMediaTest, EveryFormatOfTheCapturesIsExplained) {
  const auto captured = CapturedDescriptions();
  if (captured.empty()) GTEST_SKIP() << "no captures beside the source";
  EXPECT_GE(captured.size(), 18u);
  for (const auto& [name, text] : captured) {
    SessionView session;
    ASSERT_FALSE(SessionView::Parse(text, {}, session)) << name;
    for (const MediaView& media : session.media()) {
      if (!media.IsRtp()) continue;
      const RtpMedia rtp(session, media);
      EXPECT_FALSE(rtp.formats.empty()) << name;
      for (const RtpFormat& format : rtp.formats) EXPECT_FALSE(format.encoding_name.empty()) << name;
    }
  }
}

}  // namespace
}  // namespace mediacore::sdp
