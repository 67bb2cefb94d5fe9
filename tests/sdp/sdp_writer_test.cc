#include "mediacore/sdp/sdp_writer.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

SessionDescription Good() {
  SessionDescription s;
  s.connection = Connection{{AddressType::kIp4, "127.0.0.1"}, {}, 1};
  Media& media = s.media.emplace_back();
  media.type = "audio";
  media.port = 5004;
  media.protocol = "RTP/AVP";
  media.formats = {"96"};
  media.attributes = {{"rtpmap", "96 opus/48000/2"}};
  return s;
}

TEST(SdpWriterTest, NothingInAModelBecomesALineOfItsOwn) {
  std::string text;
  ASSERT_TRUE(Write(Good(), text));
  EXPECT_EQ(text, "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                  "m=audio 5004 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n");
  const std::vector<void (*)(SessionDescription&)> faults = {
      [](SessionDescription& s) { s.name = "a\r\nm=video"; },
      [](SessionDescription& s) { s.origin.username = "a b"; },
      [](SessionDescription& s) { s.origin.address.text = ""; },
      [](SessionDescription& s) { s.connection.reset(); },
      [](SessionDescription& s) { s.connection->address.text = "a/1"; },
      [](SessionDescription& s) { s.connection->count = 2; },
      [](SessionDescription& s) { s.connection->count = 0; s.connection->ttl = 1; },
      [](SessionDescription& s) { s.connection->address.type = AddressType::kIp6; s.connection->ttl = 1; },
      [](SessionDescription& s) { s.timings.clear(); },
      [](SessionDescription& s) { s.timings[0].repeats = {""}; },
      [](SessionDescription& s) { s.bandwidths = {{"A:", 1}}; },
      [](SessionDescription& s) { s.bandwidths = {{"", 1}}; },
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
    SessionDescription s = Good();
    faults[i](s);
    text = "as it was";
    EXPECT_FALSE(Write(s, text)) << i;
    EXPECT_EQ(text, "as it was");
  }
}

TEST(SdpWriterTest, WhatDoesNotFitLeavesTheRoomAsItWas) {
  std::string text;
  ASSERT_TRUE(Write(Good(), text));
  std::string room(text.size(), '?');
  std::size_t size = 0;
  EXPECT_FALSE(Write(Good(), std::span(room).first(room.size() - 1), size));
  EXPECT_EQ(room, std::string(text.size(), '?'));
  EXPECT_EQ(size, 0u);
  EXPECT_TRUE(Write(Good(), std::span(room), size));
  EXPECT_EQ(room, text);
  EXPECT_EQ(size, text.size());
}

}  // namespace
}  // namespace mediacore::sdp
