#include "mediacore/rtp/packet_view.h"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/extension_blocks.h"


namespace mediacore::rtp {
namespace {

using testing::Elements;
using testing::WithBlock;

// marker, PT 96, seq 0x1234, ts 0x01020304, ssrc 0xcafebabe, payload "abc"
constexpr std::array<std::uint8_t, 15> kPlain = {
    0x80, 0xe0, 0x12, 0x34, 0x01, 0x02, 0x03, 0x04,
    0xca, 0xfe, 0xba, 0xbe, 'a',  'b',  'c'};

// The same claims, checked by the compiler: undefined behaviour would not build.
static_assert(PacketView::Parse(kPlain)->sequence_number() ==
              SequenceNumber(0x1234));
static_assert(PacketView::Parse(kPlain)->ssrc() == Ssrc(0xcafebabe));
static_assert(PacketView::Parse({}).error() == PacketError::kTooShort);

// Two CSRCs, three elements in the one-byte form, payload "xy", 4 of padding.
constexpr std::array<std::uint8_t, 42> kFull = {
    0xb2, 0x60, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00,
    0x03, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x00, 0x0b, 0xbe, 0xde,
    0x00, 0x03, 0x10, 'm',  0x00, 0x32, 0x01, 0x02, 0x03, 0x51, 0x07,
    0x08, 0x00, 0x00, 'x',  'y',  0x00, 0x00, 0x00, 0x04};

std::string Text(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

TEST(RtpPacketViewTest, ReadsTheFixedHeader) {
  const auto packet = PacketView::Parse(kPlain);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->marker());
  EXPECT_EQ(packet->payload_type(), PayloadType(96));
  EXPECT_EQ(packet->timestamp(), RtpTimestamp(0x01020304));
  EXPECT_EQ(packet->csrc_count(), 0);
  EXPECT_FALSE(packet->has_extension());
  EXPECT_EQ(packet->extension_form(), ExtensionForm::kNone);
  EXPECT_TRUE(packet->extension_block().empty());
  EXPECT_EQ(packet->header_size(), 12u);
  EXPECT_EQ(Text(packet->payload()), "abc");
  EXPECT_EQ(packet->size(), kPlain.size());
}

TEST(RtpPacketViewTest, ReadsSourcesExtensionsAndPadding) {
  const auto packet = PacketView::Parse(kFull);
  ASSERT_TRUE(packet);
  EXPECT_FALSE(packet->marker());
  ASSERT_EQ(packet->csrc_count(), 2);
  EXPECT_EQ(packet->csrc(0), Ssrc(10));
  EXPECT_EQ(packet->csrc(1), Ssrc(11));
  EXPECT_EQ(packet->extension_profile(), kOneByteProfile);
  EXPECT_EQ(packet->extension_block().size(), 12u);
  EXPECT_EQ(Elements(*packet), "1=6d 3=010203 5=0708");
  EXPECT_EQ(Text(packet->payload()), "xy");
  EXPECT_EQ(packet->padding_size(), 4u);
  EXPECT_EQ(packet->header_size(), 36u);
}

TEST(RtpPacketViewTest, EveryPrefixOfAPacketIsReadOrRefusedWithTheRightCause) {
  for (std::size_t n = 0; n <= kPlain.size(); ++n) {
    EXPECT_EQ(PacketView::Parse(Bytes(kPlain).first(n)).has_value(), n >= 12);
  }
  for (std::size_t n = 0; n < kFull.size(); ++n) {
    const auto packet = PacketView::Parse(Bytes(kFull).first(n));
    ASSERT_FALSE(packet) << n;
    EXPECT_EQ(packet.error(), n < 12   ? PacketError::kTooShort
                              : n < 20 ? PacketError::kCsrcsTruncated
                              : n < 36 ? PacketError::kExtensionTruncated
                                       : PacketError::kBadPadding)
        << n;
  }
}

TEST(RtpPacketViewTest, WhatIsLargerThanAnyDatagramIsRefusedFirst) {
  std::vector<std::uint8_t> bytes(65536);
  EXPECT_EQ(PacketView::Parse(bytes).error(), PacketError::kTooLong);
  bytes[0] = 0x80;
  EXPECT_EQ(PacketView::Parse(Bytes(bytes).first(65535))->payload().size(),
            65523u);
}

TEST(RtpPacketViewTest, OnlyVersionTwoIsRtp) {
  auto bytes = kPlain;
  for (const int version : {0, 1, 3}) {
    bytes[0] = static_cast<std::uint8_t>(version << 6);
    EXPECT_EQ(PacketView::Parse(bytes).error(), PacketError::kBadVersion);
  }
}

TEST(RtpPacketViewTest, FifteenSourcesNeedSixtyBytes) {
  std::vector<std::uint8_t> bytes(12 + 59);
  bytes[0] = 0x8f;
  EXPECT_EQ(PacketView::Parse(bytes).error(), PacketError::kCsrcsTruncated);
  bytes.resize(12 + 60, 7);
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->csrc_count(), 15);
  EXPECT_EQ(packet->csrc(14), Ssrc(7));
}

TEST(RtpPacketViewTest, AnExtensionThatRunsPastTheEndIsRefused) {
  auto bytes = WithBlock(kOneByteProfile, {0x10, 1, 0, 0});
  EXPECT_TRUE(PacketView::Parse(bytes));
  bytes[15] = 2;
  EXPECT_EQ(PacketView::Parse(bytes).error(), PacketError::kExtensionTruncated);
  bytes[14] = bytes[15] = 0xff;
  EXPECT_EQ(PacketView::Parse(bytes).error(), PacketError::kExtensionTruncated);
}

TEST(RtpPacketViewTest, AnExtensionOfLengthZeroIsLegal) {
  const auto bytes = WithBlock(kOneByteProfile, {});
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->has_extension());
  EXPECT_TRUE(packet->extension_block().empty());
  EXPECT_EQ(Elements(*packet), "");
}

TEST(RtpPacketViewTest, PaddingLongerThanThePayloadIsRefused) {
  auto bytes = kPlain;
  bytes[0] |= 0x20;
  bytes.back() = 4;  // only 3 bytes of payload
  EXPECT_EQ(PacketView::Parse(bytes).error(), PacketError::kBadPadding);
  bytes.back() = 0;
  EXPECT_EQ(PacketView::Parse(bytes).error(), PacketError::kBadPadding);
  bytes.back() = 3;
  EXPECT_TRUE(PacketView::Parse(bytes)->payload().empty());
  EXPECT_EQ(PacketView::Parse(Bytes(bytes).first(12)).error(),
            PacketError::kBadPadding);
}

TEST(RtpPacketViewTest, EachCauseHasItsOwnText) {
  std::set<std::string_view> texts;
  for (int i = 0; i < kPacketErrorCount; ++i) {
    texts.insert(ToString(static_cast<PacketError>(i)));
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(kPacketErrorCount));
}

// The first two bytes decide everything but the lengths: all of them, over
// bodies that end in a padding count of 0, one that fits and one that does not.
TEST(RtpPacketViewTest, EveryFirstTwoBytesGetTheVerdictOfTheirBits) {
  for (const std::size_t size : {std::size_t{11}, std::size_t{12}, std::size_t{16}, std::size_t{40}, std::size_t{88}}) {
    for (const int last : {0, 1, 4, 255}) {
      std::vector<std::uint8_t> packet(size, 0);  // an extension has no words
      packet.back() = static_cast<std::uint8_t>(last);
      for (unsigned first = 0; first < 0x10000; ++first) {
        packet[0] = static_cast<std::uint8_t>(first >> 8);
        packet[1] = static_cast<std::uint8_t>(first);
        const auto view = PacketView::Parse(packet);
        const bool x = (packet[0] & 0x10) != 0;
        const std::size_t csrcs = packet[0] & 0x0fu;
        const std::size_t fixed = 12 + 4 * csrcs;
        std::size_t header = fixed + (x ? 4 : 0);
        if (x && header <= size) header += std::size_t{4} * LoadU16(&packet[fixed + 2]);
        const bool p = (packet[0] & 0x20) != 0;
        const bool good = size >= 12 && packet[0] >> 6 == 2 && header <= size &&
                          (!p || (header < size && last != 0 && static_cast<std::size_t>(last) <= size - header));
        ASSERT_EQ(view.has_value(), good) << std::hex << first << " of " << std::dec << size;
        if (!good) continue;
        EXPECT_EQ(view->marker(), (first & 0x80) != 0);
        EXPECT_EQ(view->payload_type().value(), static_cast<int>(first & 0x7f));
        EXPECT_EQ(view->csrc_count(), static_cast<int>(csrcs));
        EXPECT_EQ(view->payload().size() + view->header_size() + view->padding_size(), size);
      }
    }
  }
}

}  // namespace
}  // namespace mediacore::rtp
