#include "mediacore/rtmp/handshake.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtmp {
namespace {

using Buffer = std::vector<std::uint8_t>;

Buffer Random(std::uint8_t seed) {
  Buffer bytes(kHandshakeRandomSize);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + seed);
  return bytes;
}
Buffer Hello(std::uint32_t time, const Buffer& random) {
  const HandshakeHelloWriter writer{time, random};
  Buffer out(writer.WireSize());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

TEST(HandshakeTest, AnEchoAnswersTheHelloItWasMadeOfAndNoOther) {
  const Buffer random = Random(1);
  const Buffer hello = Hello(0x01020304, random);
  ASSERT_EQ(hello.size(), 1537u);
  EXPECT_EQ(Buffer(hello.begin(), hello.begin() + 9), (Buffer{3, 1, 2, 3, 4, 0, 0, 0, 0}));
  const auto view = HandshakeHelloView::Parse(hello);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->version(), 3);
  EXPECT_EQ(view->time(), 0x01020304u);
  EXPECT_EQ(view->zero(), 0u);
  EXPECT_TRUE(std::ranges::equal(view->random(), random));

  Buffer out(HandshakeEchoWriter{*view, 9}.WireSize());
  ASSERT_TRUE((HandshakeEchoWriter{*view, 9}.Write(out)));
  const auto echo = HandshakeEchoView::Parse(out);
  ASSERT_TRUE(echo);
  EXPECT_EQ(echo->time(), 0x01020304u);
  EXPECT_EQ(echo->time2(), 9u);
  EXPECT_TRUE(echo->Answers(*view));
  const Buffer other = Hello(0x01020304, Random(2));
  EXPECT_FALSE(echo->Answers(*HandshakeHelloView::Parse(other)));
}

TEST(HandshakeTest, EachCauseOfRefusalHasItsName) {
  Buffer hello = Hello(1, Random(1));
  for (std::size_t size = 0; size < 1537; ++size) {
    EXPECT_EQ(HandshakeHelloView::Parse(Bytes(hello).first(size)).error(), HandshakeError::kTooShort);
    EXPECT_EQ(HandshakeEchoView::Parse(Bytes(hello).first(size)).has_value(), size == 1536);
  }
  EXPECT_EQ(HandshakeEchoView::Parse(Bytes(hello).first(1535)).error(), HandshakeError::kTooShort);
  for (unsigned version = 0; version < 256; ++version) {
    hello[0] = static_cast<std::uint8_t>(version);
    const auto view = HandshakeHelloView::Parse(hello);
    EXPECT_EQ(view.has_value(), version < 32);
    EXPECT_TRUE(view || view.error() == HandshakeError::kBadVersion);
  }
  const Buffer get = {'G', 'E', 'T'};
  EXPECT_EQ(HandshakeHelloView::Parse(get).error(), HandshakeError::kBadVersion);  // at the first byte
  EXPECT_EQ(ToString(HandshakeError::kBadVersion), "rtmp handshake: bad version");
  EXPECT_EQ(ToString(HandshakeError::kTooShort), "rtmp handshake: too short");
}

TEST(HandshakeTest, WhatDoesNotFitIsNotWritten) {
  const Buffer random = Random(1);
  Buffer out(1536, 0xee);
  EXPECT_FALSE((HandshakeHelloWriter{1, random}.Write(out)));
  Buffer room(2000, 0xee);
  EXPECT_FALSE((HandshakeHelloWriter{1, Bytes(random).first(1527)}.Write(room)));
  EXPECT_EQ((HandshakeHelloWriter{1, Bytes(random).first(1527)}.WireSize()), 0u);
  const Buffer hello = Hello(1, random);
  EXPECT_FALSE((HandshakeEchoWriter{*HandshakeHelloView::Parse(hello), 1}.Write(std::span(out).first(1535))));
  EXPECT_EQ(out, Buffer(1536, 0xee));
  EXPECT_EQ(room, Buffer(2000, 0xee));
}

}  // namespace
}  // namespace mediacore::rtmp
