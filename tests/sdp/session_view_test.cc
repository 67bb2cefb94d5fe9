#include "mediacore/sdp/session_view.h"

#include <algorithm>
#include <ctime>
#include <vector>

#include "../support/heap_watch.h"
#include "support.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kCall =
    "v=0\r\n"
    "o=jdoe 3724394400 3724394405 IN IP6 2001:db8::1\r\n"
    "s=Call to John\r\n"
    "i=about\r\n"
    "c=IN IP4 233.252.0.1/127/3\r\n"
    "t=0 0\r\n"
    "a=recvonly\r\n"
    "a=tool:x:y\r\n"
    "m=audio 49170/2 RTP/AVP 0 14 96\r\n"
    "c=IN IP6 ff1e::1/3\r\n"
    "b=AS:64\r\n"
    "a=rtpmap:96 L16/48000/6\r\n"
    "a=ptime:20\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

constexpr bool ReadsTheCall() {
  SessionView session;
  if (SessionView::Parse(kCall, {}, session)) return false;
  if (session.origin().username != "jdoe" || session.name() != "Call to John") return false;
  std::string_view tool;
  if (!session.attributes().Find("tool", tool) || tool != "x:y") return false;
  if (session.media().size() != 2) return false;
  auto at = session.media().begin();
  Connection connection;
  if (at->port() != 49170 || at->line().port_count != 2 || at->formats().Count() != 3) return false;
  if (!at->ReadConnection(connection) || connection.address.text != "ff1e::1") return false;
  RtpMap map;
  Ptime ptime;
  MaxPtime none;
  if (!at->attributes().Read(map) || map.channels != 6 || !at->attributes().Read(ptime)) return false;
  if (at->attributes().Read(none) || at->attributes().Has(AttributeName::kRtcpMux)) return false;
  ++at;
  if (at->IsRtp() || !at->attributes().empty() || at->ReadConnection(connection)) return false;
  connection = session.ConnectionOf(*at);
  at++;
  return connection.ttl == 127 && connection.count == 3 && at == session.media().end();
}
static_assert(ReadsTheCall());

TEST(SdpSessionViewTest, PartsKnowTheirPlace) {
  SessionView session;
  ASSERT_FALSE(SessionView::Parse(kCall, {}, session));
  std::string_view tool;
  ASSERT_TRUE(session.attributes().Find("tool", tool));
  EXPECT_EQ(session.OffsetOf(tool), kCall.find("x:y"));
  EXPECT_EQ(session.LineOf(tool), 8u);
  std::string lines;
  for (const Line line : session.lines()) lines += line.type;
  EXPECT_EQ(lines, "vosict");
  lines.clear();
  for (const MediaView& media : session.media()) {
    for (const Line line : media.lines()) lines += line.type;
  }
  EXPECT_EQ(lines, "mcbm");
}

TEST(SdpSessionViewTest, EmptyLinesMayFollowTheLast) {
  for (const std::string_view end : {"", "\n", "\r\n\r\n"}) {
    for (const std::string_view more : {"", "a=x\n", "c=IN IP4 h\nt=0 0\nm=audio 9 RTP/AVP 0\na=y\n"}) {
      const std::string head = "v=0\no=- 0 0 IN IP4 h\ns=\n";
      const std::string text = head + (more.starts_with("c=") ? "" : "t=0 0\n") + std::string(more) + std::string(end);
      SessionView session;
      ASSERT_FALSE(SessionView::Parse(text, {}, session)) << text;
      int attributes = 0;
      for (const Attribute attribute : session.attributes()) attributes += attribute.name == "x";
      for (const MediaView& media : session.media()) {
        for (const Attribute attribute : media.attributes()) attributes += attribute.name == "y";
      }
      EXPECT_EQ(attributes, more.empty() ? 0 : 1) << text;
      EXPECT_EQ(session.name(), "");
    }
  }
}

struct Refused {
  SdpError cause;
  std::string text;
  std::size_t offset;
};

TEST(SdpSessionViewTest, EachFaultIsNamedWithItsPlace) {
  const std::string head = "v=0\no=- 0 0 IN IP4 h\ns=-\n";  // 25 bytes
  const std::string session = head + "c=IN IP4 h\nt=0 0\n";   // 42 bytes
  const std::string media = session + "m=audio 9 RTP/AVP 0\n";  // 62 bytes
  using enum SdpError;
  const std::vector<Refused> cases = {
      {kBadCharacter, session + "a=x\ry\n", 45},
      {kBadCharacter, session + "a=x\r", 45},
      {kBadCharacter, session + std::string("a=\0\n", 4), 44},
      {kBadCharacter, session + std::string("a=x\n\0", 5), 46},
      {kNotALine, "\nv=0\n", 0},
      {kNotALine, session + "a\n", 42},
      {kNotALine, session + " a=b\n", 42},
      {kNotALine, session + "\na=b\n", 43},
      {kUnknownLine, session + "x=1\n", 42},
      {kUnknownLine, session + "V=1\n", 42},
      {kMissingLine, "", 0},
      {kMissingLine, "v=0", 3},
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
      {kOutOfOrder, head + "z=0 1h\n", 25},
      {kOutOfOrder, head + "t=0 0\nz=0 1h\nz=0 1h\n", 38},
      {kOutOfOrder, head + "t=0 0\nz=0 1h\nr=1 1\n", 38},
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
      {kBadMedia, session + "m=audio 9 RTP/AVP 0 \n", 42},
      {kBadMedia, session + "m= 9 RTP/AVP 0\n", 42},
      {kBadAttribute, session + "a=:x\n", 42},
      {kBadAttribute, session + "a=\n", 42},
      {kBadAttribute, media + "a=rtpmap:128 X/8000\n", 62},
      {kBadAttribute, media + "a=fmtp:300 x\n", 62},
      {kBadAttribute, media + "a=rtcp:65536\n", 62},
      {kBadAttribute, media + "a=ptime:0\n", 62},
      {kBadAttribute, media + "a=maxptime:99999999999\n", 62},
      {kBadAttribute, media + "a=ssrc:4294967296 a\n", 62},
      {kMissingConnection, head + "t=0 0\nm=audio 9 RTP/AVP 0\na=x\n", 31},
      {kMissingConnection, head + "t=0 0\nm=audio 9 RTP/AVP 0\nm=audio 9 RTP/AVP 0\nc=IN IP4 h\n", 31},
  };
  for (const Refused& c : cases) {
    SessionView out;
    const auto refused = SessionView::Parse(c.text, {}, out);
    ASSERT_TRUE(refused) << c.text;
    EXPECT_EQ(ToString(refused->cause), ToString(c.cause)) << c.text;
    EXPECT_EQ(refused->offset, c.offset) << c.text;
    EXPECT_EQ(refused->line, 1 + static_cast<std::size_t>(std::count(
        c.text.begin(), c.text.begin() + static_cast<std::ptrdiff_t>(refused->offset), '\n'))) << c.text;
    EXPECT_EQ(out.media().size(), 0u) << "as it was";
  }
}

TEST(SdpSessionViewTest, OnlyRtpHasPayloadTypes) {
  const std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\na=rtpmap:x\nm=application 9 TCP x\na=rtpmap:y\n";
  SessionView session;
  EXPECT_FALSE(SessionView::Parse(text, {}, session));
}

TEST(SdpSessionViewTest, TextPastTheLimitsIsRefused) {
  const std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\nm=a 1 B c\nm=a 1 B c\n";
  SessionView out;
  const auto large = SessionView::Parse(text, {.max_bytes = text.size() - 1}, out);
  EXPECT_EQ(large->cause, SdpError::kTooLarge);
  EXPECT_EQ(large->line, 7u);
  EXPECT_EQ(SessionView::Parse(text, {.max_lines = 6}, out)->cause, SdpError::kTooManyLines);
  EXPECT_EQ(SessionView::Parse(text, {.max_media = 1}, out)->cause, SdpError::kTooManyMedia);
  EXPECT_FALSE(SessionView::Parse(text, {.max_bytes = text.size(), .max_lines = 7, .max_media = 2}, out));
}

// 259,318 lines of three bytes once hung a server (and a million must not).
TEST(SdpSessionViewTest, AQuarterMillionShortLinesTakeLinearTimeAndNoHeap) {
  const auto ticks = [](std::size_t count, std::string_view line) {
    std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nc=IN IP4 h\nt=0 0\n";
    for (std::size_t i = 0; i < count; ++i) text += line;
    double best = 1e18;
    for (int run = 0; run < 3; ++run) {
      SessionView session;
      const std::clock_t start = std::clock();
      const testing::HeapWatch heap;
      EXPECT_FALSE(SessionView::Parse(text, {.max_bytes = 1u << 26, .max_lines = 2'000'000,
                                             .max_media = 2'000'000}, session));
      std::size_t seen = 0;
      for (const Attribute attribute : session.attributes()) seen += attribute.name.size();
      for (const MediaView& media : session.media()) seen += media.type().size();
      EXPECT_EQ(seen, count);
      EXPECT_EQ(heap.allocations(), 0u);
      best = std::min(best, static_cast<double>(std::clock() - start));
    }
    return best;
  };
  for (const std::string_view line : {"a=b\n", "m=a 1 B c\n"}) {
    EXPECT_LT(ticks(259'318, line), 16 * ticks(64'829, line)) << line;
  }
}

TEST(SdpSessionViewTest, EachErrorHasItsOwnWords) {
  std::vector<std::string_view> words;
  for (int i = 0; i < kSdpErrorCount; ++i) {
    words.push_back(ToString(static_cast<SdpError>(i)));
    EXPECT_TRUE(words.back().starts_with("sdp: "));
    EXPECT_NE(words.back(), "sdp: unknown");
  }
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
  EXPECT_EQ(ToString(static_cast<SdpError>(kSdpErrorCount)), "sdp: unknown");
}

}  // namespace
}  // namespace mediacore::sdp
