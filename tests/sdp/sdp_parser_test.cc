#include "mediacore/sdp/sdp_parser.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "mediacore/sdp/rtp_media.h"
#include "mediacore/sdp/sdp_writer.h"

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
    "a=fmtp:96 channel-order=DV.LRLsRsCS; x\r\n"
    "a=rtcp:53020 IN IP6 2001:db8::2\r\n"
    "a=ptime:20.5\r\n"
    "a=framerate:29.97\r\n"
    "a=control:track1\r\n"
    "a=ssrc:4294967295 cname:a:b\r\n"
    "a=sendonly\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

TEST(SdpParserTest, EachTypeOfLineIsRead) {
  SessionDescription s;
  ASSERT_FALSE(Parse(kAllLines, {}, s));
  EXPECT_EQ(s.origin, (Origin{"jdoe", "3724394400", "3724394405",
                              AddressType::kIp6, "2001:db8::1"}));
  EXPECT_EQ(s.name, "Call to John");
  EXPECT_EQ(s.information, "about");
  EXPECT_EQ(s.uri, "http://www.example.com/a.pdf");
  EXPECT_EQ(s.emails, (std::vector<std::string_view>{"j@example.com (Jane)", "k@example.com"}));
  EXPECT_EQ(s.phones, (std::vector<std::string_view>{"+1 617 555-6011"}));
  EXPECT_EQ(s.connection, (Connection{AddressType::kIp4, "233.252.0.1", 127, 3}));
  EXPECT_EQ(s.bandwidths, (std::vector<Bandwidth>{{"CT", 128}}));
  ASSERT_EQ(s.timings.size(), 2u);
  EXPECT_EQ(s.timings[0].stop, 3724398000u);
  EXPECT_EQ(s.timings[0].repeats, (std::vector<std::string_view>{"604800 3600 0 90000"}));
  EXPECT_EQ(s.time_zones, "3724394400 -1h");
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
      {AddressType::kIp6, "ff1e::1", {}, 3}, {AddressType::kIp6, "ff1e::9", {}, 1}}));
  EXPECT_EQ(audio.bandwidths, (std::vector<Bandwidth>{{"AS", 64}, {"TIAS", 64000}}));
  EXPECT_EQ(audio.key, "clear:x");
  EXPECT_EQ(audio.attributes.size(), 8u);
  EXPECT_FALSE(s.media[1].IsRtp());
  EXPECT_EQ(s.media[1].formats.front(), "webrtc-datachannel");
}

TEST(SdpWriterTest, EachTypeOfLineIsWrittenAsItWas) {
  SessionDescription s;
  ASSERT_FALSE(Parse(kAllLines, {}, s));
  std::string text;
  ASSERT_TRUE(Write(s, text));
  EXPECT_EQ(text, kAllLines);
}

TEST(RtpMediaTest, LinesOfSessionAndMediaComeTogether) {
  SessionDescription s;
  ASSERT_FALSE(Parse(kAllLines, {}, s));
  const std::vector<RtpMedia> list = ReadRtpMedia(s);
  ASSERT_EQ(list.size(), 1u);
  const RtpMedia& media = list[0];
  EXPECT_EQ(media.port, 49170);
  EXPECT_EQ(media.rtcp_port, 53020);
  EXPECT_EQ(media.address, "ff1e::1");
  EXPECT_EQ(media.direction, Direction::kSendOnly);
  EXPECT_EQ(media.packet_time, TimeDelta::Micros(20'500));
  EXPECT_EQ(media.frame_rate, Frequency::MilliHertz(29'970));
  EXPECT_EQ(media.control, "track1");
  ASSERT_EQ(media.formats.size(), 3u);
  EXPECT_EQ(media.formats[0].encoding_name, "PCMU");
  EXPECT_EQ(media.formats[1].encoding_name, "MPA");
  EXPECT_EQ(media.formats[1].clock_rate, 90'000u);
  EXPECT_EQ(media.formats[2].payload_type, PayloadType(96));
  EXPECT_EQ(media.formats[2].channels, 6);
  EXPECT_EQ(media.formats[2].fmtp.Find("Channel-Order"), "DV.LRLsRsCS");
  EXPECT_TRUE(media.formats[2].fmtp.Has("x"));
  EXPECT_FALSE(media.formats[2].fmtp.Has("y"));
}

TEST(RtpMediaTest, RtcpIsOnTheNextPortUnlessSaidOtherwise) {
  const auto port = [](std::string_view media) {
    const std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\na=inactive\n" + std::string(media);
    SessionDescription s;
    EXPECT_FALSE(Parse(text, {}, s)) << text;
    const auto list = ReadRtpMedia(s);
    EXPECT_EQ(list.at(0).direction, Direction::kInactive) << "as the session says";
    return list.at(0).rtcp_port;
  };
  EXPECT_EQ(port("m=video 20000 RTP/AVP 96\n"), 20001);
  EXPECT_EQ(port("m=video 20000 RTP/AVP 96\na=rtcp:30000\n"), 30000);
  EXPECT_EQ(port("m=video 20000 RTP/AVP 96\na=rtcp:30000\na=rtcp-mux\n"), 20000);
  EXPECT_EQ(port("m=video 65535 RTP/AVP 96\n"), 0);
  EXPECT_EQ(port("m=video 0 RTP/AVP 96\n"), 0);
}

TEST(RtpMediaTest, EncodingNamesMeanCodecsInAnyCase) {
  EXPECT_EQ(CodecOf("h264"), Codec::kH264);
  EXPECT_EQ(CodecOf("MPEG4-GENERIC"), Codec::kAac);
  EXPECT_EQ(CodecOf("OPUS"), Codec::kOpus);
  EXPECT_EQ(CodecOf("rtx"), Codec::kUnknown);
}

TEST(FormatParametersTest, AnyTextIsAListOfParameters) {
  constexpr FormatParameters fmtp(" a=1;; B = 2 ;sprop=Z0LA==;flag; =x;");
  static_assert(fmtp.Find("A") == "1" && fmtp.Find("b") == "2");
  static_assert(fmtp.Find("sprop") == "Z0LA==" && fmtp.Has("flag"));
  std::string_view rest = fmtp.text();
  int count = 0;
  for (FormatParameters::Parameter p; FormatParameters::Take(rest, p);) ++count;
  EXPECT_EQ(count, 5);
  EXPECT_EQ(FormatParameters("0-15").Find("0-15"), "");
}

struct Refused {
  SdpError cause;
  std::string text;
  std::size_t offset;
};

TEST(SdpParserTest, EachFaultIsNamedWithItsPlace) {
  const std::string head = "v=0\no=- 0 0 IN IP4 h\ns=-\n";  // 25 bytes
  const std::string session = head + "c=IN IP4 h\nt=0 0\n";   // 42 bytes
  const std::string media = session + "m=audio 9 RTP/AVP 0\n";  // 62 bytes
  using enum SdpError;
  const std::vector<Refused> cases = {
      {kBadCharacter, session + "a=x\ry\n", 45},
      {kBadCharacter, session + std::string("a=\0\n", 4), 44},
      {kNotALine, "\nv=0\n", 0},
      {kNotALine, session + "a\n", 42},
      {kNotALine, session + " a=b\n", 42},
      {kNotALine, session + "\na=b\n", 43},
      {kUnknownLine, session + "x=1\n", 42},
      {kUnknownLine, session + "V=1\n", 42},
      {kMissingLine, "", 0},
      {kMissingLine, "o=- 0 0 IN IP4 h\n", 0},
      {kMissingLine, "v=0\ns=-\n", 4},
      {kMissingLine, "v=0\no=- 0 0 IN IP4 h\nt=0 0\n", 21},
      {kMissingLine, head, 25},
      {kMissingLine, head + "a=x\n", 25},
      {kMissingLine, head + "m=audio 9 RTP/AVP 0\n", 25},
      {kMissingLine, "m=audio 9 RTP/AVP 0\n", 0},
      {kOutOfOrder, head + "s=-\n", 25},
      {kOutOfOrder, session + "c=IN IP4 h\n", 42},
      {kOutOfOrder, head + "t=0 0\na=x\nt=0 0\n", 35},
      {kOutOfOrder, session + "k=x\nk=y\n", 46},
      {kOutOfOrder, session + "a=x\nr=1 1\n", 46},
      {kOutOfOrder, media + "t=0 0\n", 62},
      {kOutOfOrder, media + "a=x\nb=AS:1\n", 66},
      {kOutOfOrder, media + "i=x\ni=y\n", 66},
      {kBadVersion, "v=1\n", 0},
      {kBadOrigin, "v=0\no=- 0 IN IP4 h\n", 4},
      {kBadOrigin, "v=0\no=- 0 0 IN IP5 h\n", 4},
      {kBadOrigin, "v=0\no=- 0 0 ATM IP4 h\n", 4},
      {kBadOrigin, "v=0\no=- 0 0 IN IP4 \n", 4},
      {kBadOrigin, "v=0\no=- 0 0 IN IP4 h x\n", 4},
      {kBadConnection, head + "c=IN IP4\n", 25},
      {kBadConnection, head + "c=IN IP4 h/256\n", 25},
      {kBadConnection, head + "c=IN IP4 h/1/0\n", 25},
      {kBadConnection, head + "c=IN IP6 h/99999999\n", 25},
      {kBadConnection, head + "c=IN IP4 /1\n", 25},
      {kBadBandwidth, head + "b=AS\n", 25},
      {kBadBandwidth, head + "b=:1\n", 25},
      {kBadBandwidth, head + "b=AS:18446744073709551616\n", 25},
      {kBadTiming, head + "t=0\n", 25},
      {kBadTiming, head + "t=-1 0\n", 25},
      {kBadTiming, head + "t=0 0\nr=\n", 31},
      {kBadMedia, session + "m=audio 65536 RTP/AVP 0\n", 42},
      {kBadMedia, session + "m=audio 9/0 RTP/AVP 0\n", 42},
      {kBadMedia, session + "m=audio 9 RTP/AVP\n", 42},
      {kBadMedia, session + "m=audio 9 RTP/AVP 128\n", 42},
      {kBadMedia, session + "m=audio 9 UDP/TLS/RTP/SAVPF x\n", 42},
      {kBadMedia, session + "m=audio 9 RTP/AVP 0  1\n", 42},
      {kBadMedia, session + "m= 9 RTP/AVP 0\n", 42},
      {kBadAttribute, session + "a=:x\n", 42},
      {kBadAttribute, session + "a=\n", 42},
      {kBadAttribute, media + "a=rtpmap:128 X/8000\n", 62},
      {kBadAttribute, media + "a=rtpmap:0 X/0\n", 62},
      {kBadAttribute, media + "a=rtpmap:0 X/4294967296\n", 62},
      {kBadAttribute, media + "a=rtpmap:0 X/8000/256\n", 62},
      {kBadAttribute, media + "a=rtpmap:0 X/8000/0\n", 62},
      {kBadAttribute, media + "a=rtpmap:0\n", 62},
      {kBadAttribute, media + "a=fmtp:300 x\n", 62},
      {kBadAttribute, media + "a=rtcp:65536\n", 62},
      {kBadAttribute, media + "a=rtcp:1 IN IP4\n", 62},
      {kBadAttribute, media + "a=ptime:0\n", 62},
      {kBadAttribute, media + "a=maxptime:99999999999\n", 62},
      {kBadAttribute, media + "a=ssrc:4294967296 a\n", 62},
      {kMissingConnection, head + "t=0 0\nm=audio 9 RTP/AVP 0\na=x\n", 31},
      {kMissingConnection, head + "t=0 0\nm=audio 9 RTP/AVP 0\nm=audio 9 RTP/AVP 0\nc=IN IP4 h\n", 31},
  };
  for (const Refused& c : cases) {
    SessionDescription out;
    const auto refused = Parse(c.text, {}, out);
    ASSERT_TRUE(refused) << c.text;
    EXPECT_EQ(ToString(refused->cause), ToString(c.cause)) << c.text;
    EXPECT_EQ(refused->offset, c.offset) << c.text;
    EXPECT_EQ(refused->line, 1 + static_cast<std::size_t>(std::count(
        c.text.begin(), c.text.begin() + static_cast<std::ptrdiff_t>(refused->offset), '\n')));
  }
}

TEST(SdpParserTest, TextPastTheLimitsIsRefused) {
  const std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\nm=a 1 B c\nm=a 1 B c\n";
  SessionDescription out;
  EXPECT_EQ(Parse(text, {.max_bytes = text.size() - 1}, out)->cause, SdpError::kTooLarge);
  EXPECT_EQ(Parse(text, {.max_lines = 6}, out)->cause, SdpError::kTooManyLines);
  EXPECT_EQ(Parse(text, {.max_media = 1}, out)->cause, SdpError::kTooManyMedia);
  EXPECT_FALSE(Parse(text, {.max_bytes = text.size(), .max_lines = 7, .max_media = 2}, out));
}

TEST(SdpParserTest, EmptyLinesMayFollowTheLast) {
  SessionDescription out;
  EXPECT_FALSE(Parse("v=0\no=- 0 0 IN IP4 h\ns=\nt=0 0\n\n\r\n", {}, out));
  EXPECT_EQ(out.name, "");
}

TEST(SdpWriterTest, NothingInAModelBecomesALineOfItsOwn) {
  const auto good = [] {
    SessionDescription s;
    s.connection = Connection{AddressType::kIp4, "127.0.0.1", {}, 1};
    Media& media = s.media.emplace_back();
    media.type = "audio";
    media.port = 5004;
    media.protocol = "RTP/AVP";
    media.formats = {"96"};
    media.attributes = {{"rtpmap", "96 opus/48000/2"}};
    return s;
  };
  std::string text;
  ASSERT_TRUE(Write(good(), text));
  EXPECT_EQ(text, "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                  "m=audio 5004 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n");
  std::string room(text.size(), ' ');
  std::size_t size = 0;
  EXPECT_TRUE(Write(good(), std::span(room), size));
  EXPECT_EQ(room, text);
  EXPECT_FALSE(Write(good(), std::span(room).first(size - 1), size));

  const std::vector<void (*)(SessionDescription&)> faults = {
      [](SessionDescription& s) { s.name = "a\r\nm=video"; },
      [](SessionDescription& s) { s.origin.username = "a b"; },
      [](SessionDescription& s) { s.origin.address = ""; },
      [](SessionDescription& s) { s.connection.reset(); },
      [](SessionDescription& s) { s.connection->address = "a/1"; },
      [](SessionDescription& s) { s.connection->count = 2; },
      [](SessionDescription& s) { s.connection->address_type = AddressType::kIp6; s.connection->ttl = 1; },
      [](SessionDescription& s) { s.timings.clear(); },
      [](SessionDescription& s) { s.timings[0].repeats = {""}; },
      [](SessionDescription& s) { s.bandwidths = {{"A:", 1}}; },
      [](SessionDescription& s) { s.attributes = {{"", "x"}}; },
      [](SessionDescription& s) { s.attributes = {{"a:b", "x"}}; },
      [](SessionDescription& s) { s.attributes = {{"a", std::string_view("\0", 1)}}; },
      [](SessionDescription& s) { s.media[0].formats = {"128"}; },
      [](SessionDescription& s) { s.media[0].formats.clear(); },
      [](SessionDescription& s) { s.media[0].type = ""; },
      [](SessionDescription& s) { s.media[0].port_count = 0; },
      [](SessionDescription& s) { s.media[0].attributes = {{"rtpmap", "x"}}; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    SessionDescription s = good();
    faults[i](s);
    text = "as it was";
    EXPECT_FALSE(Write(s, text)) << i;
    EXPECT_EQ(text, "as it was");
  }
}

// 259,318 lines of three bytes once hung a server (and a million must not).
TEST(SdpParserTest, AQuarterMillionShortLinesTakeLinearTime) {
  const auto ticks = [](std::size_t count, std::string_view line) {
    std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\n";
    for (std::size_t i = 0; i < count; ++i) text += line;
    double best = 1e18;
    for (int run = 0; run < 3; ++run) {
      SessionDescription s;
      const std::clock_t start = std::clock();
      EXPECT_FALSE(Parse(text, {.max_bytes = 1u << 26, .max_lines = 2'000'000,
                                .max_media = 2'000'000}, s));
      best = std::min(best, static_cast<double>(std::clock() - start));
    }
    return best;
  };
  for (const std::string_view line : {"a=b\n", "m=a 1 B c\n"}) {
    EXPECT_LT(ticks(259'318, line), 16 * ticks(64'829, line)) << line;
  }
}

TEST(SdpParserTest, EveryDescriptionOfTheCapturesIsReadAndWrittenBack) {
  const char* source = std::getenv("MEDIACORE_SOURCE");
  const std::filesystem::path captures =
      std::filesystem::path(source != nullptr ? source : ".") / "../shared/captures";
  if (!std::filesystem::exists(captures)) GTEST_SKIP() << "no captures beside the source";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(captures)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".sdp") == std::string::npos) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    // One description, or several, each behind a line "# offer" or "# answer".
    for (std::size_t at = file.find("v=0"); at != std::string::npos;) {
      std::size_t end = file.find("\n# ", at);
      if (end != std::string::npos) ++end;
      const std::string_view text = std::string_view(file).substr(at, end - at);
      SessionDescription session, back;
      const auto refused = Parse(text, {}, session);
      ASSERT_FALSE(refused) << name << ": " << ToString(refused->cause) << " at " << refused->offset;
      std::string written;
      ASSERT_TRUE(Write(session, written));
      ASSERT_FALSE(Parse(written, {}, back));
      EXPECT_EQ(back, session);
      const std::vector<RtpMedia> media = ReadRtpMedia(session);
      EXPECT_FALSE(media.empty());
      for (const RtpMedia& m : media) {
        for (const RtpFormat& format : m.formats) EXPECT_FALSE(format.encoding_name.empty()) << name;
      }
      ++count;
      at = file.find("v=0", end);
      if (end == std::string::npos) break;
    }
  }
  EXPECT_GE(count, 18);
}

TEST(SdpParserTest, EachErrorHasItsOwnWords) {
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(SdpError::kMissingConnection); ++i) {
    words.push_back(ToString(static_cast<SdpError>(i)));
    EXPECT_TRUE(words.back().starts_with("sdp: "));
    EXPECT_NE(words.back(), "sdp: unknown");
  }
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
}

}  // namespace
}  // namespace mediacore::sdp
