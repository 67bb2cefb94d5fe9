#include "mediacore/capture/datagram.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::capture {
namespace {

using Packet = std::vector<std::uint8_t>;

Packet operator+(Packet a, const Packet& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Internet Protocol 10.0.0.1 > 10.0.0.2, UDP 5000 > 6000, "hi!"
const Packet kUdp = {0x13, 0x88, 0x17, 0x70, 0, 11, 0, 0, 'h', 'i', '!'};
const Packet kIpv4 = Packet{0x45, 0, 0,  31, 0, 0, 0x40, 0, 64, 17, 0, 0,
                            10,   0, 0,  1,  10, 0, 0,   2} + kUdp;
// 2001:db8::1 > 2001:db8::2
const Packet kIpv6Addresses = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
                               0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
Packet Ipv6(std::uint8_t next, const Packet& body) {
  return Packet{0x60, 0, 0, 0, 0, static_cast<std::uint8_t>(body.size()), next, 64} +
         kIpv6Addresses + body;
}
const Packet kMacs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

Packet With(Packet packet, std::size_t at, std::uint8_t value) {
  packet[at] = value;
  return packet;
}

void ExpectHi(LinkType link, const Packet& packet, bool v4) {
  const auto datagram = Datagram::Parse(link, packet);
  ASSERT_TRUE(datagram) << ToString(datagram.error());
  EXPECT_EQ(datagram->source.port, 5000);
  EXPECT_EQ(datagram->destination.port, 6000);
  EXPECT_EQ(datagram->source.address.IsV4(), v4);
  EXPECT_EQ(datagram->source.address.wire().back(), 1);
  EXPECT_EQ(datagram->destination.address.wire().back(), 2);
  EXPECT_EQ(datagram->destination.address.wire().size(), v4 ? 4u : 16u);
  const Packet payload(datagram->payload.begin(), datagram->payload.end());
  EXPECT_EQ(payload, (Packet{'h', 'i', '!'}));
}

void ExpectError(DatagramError error, LinkType link, const Packet& packet) {
  const auto datagram = Datagram::Parse(link, packet);
  ASSERT_FALSE(datagram) << ToString(error);
  EXPECT_EQ(datagram.error(), error) << ToString(datagram.error());
}

TEST(DatagramTest, EveryLinkTypeCarriesTheSameDatagram) {
  ExpectHi(LinkType::kEthernet, kMacs + Packet{8, 0} + kIpv4, true);
  ExpectHi(LinkType::kEthernet, kMacs + Packet{0x86, 0xdd} + Ipv6(17, kUdp), false);
  ExpectHi(LinkType::kRaw, kIpv4, true);
  ExpectHi(LinkType::kRaw, Ipv6(17, kUdp), false);
  ExpectHi(LinkType::kIpv4, kIpv4, true);
  ExpectHi(LinkType::kIpv6, Ipv6(17, kUdp), false);
  ExpectHi(LinkType::kNull, Packet{2, 0, 0, 0} + kIpv4, true);
  ExpectHi(LinkType::kNull, Packet{0, 0, 0, 2} + kIpv4, true);
  ExpectHi(LinkType::kNull, Packet{30, 0, 0, 0} + Ipv6(17, kUdp), false);
  ExpectHi(LinkType::kLoop, Packet{0, 0, 0, 24} + Ipv6(17, kUdp), false);
  ExpectHi(LinkType::kLinuxSll, Packet{0, 0, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0} + kIpv4, true);
  ExpectHi(LinkType::kLinuxSll2,
           Packet{8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0} + kIpv4, true);
}

TEST(DatagramTest, UpToFourVlanTagsComeOff) {
  const Packet tag = {0x81, 0, 0, 5};
  const Packet outer = {0x88, 0xa8, 0, 6};
  ExpectHi(LinkType::kEthernet, kMacs + tag + Packet{8, 0} + kIpv4, true);
  ExpectHi(LinkType::kEthernet, kMacs + outer + tag + Packet{8, 0} + kIpv4, true);
  ExpectHi(LinkType::kEthernet, kMacs + outer + outer + outer + tag + Packet{8, 0} + kIpv4, true);
  ExpectError(DatagramError::kTooManyTags, LinkType::kEthernet,
              kMacs + tag + tag + tag + tag + tag + Packet{8, 0} + kIpv4);
  ExpectError(DatagramError::kLinkTooShort, LinkType::kEthernet, kMacs + Packet{0x81, 0, 0});
}

TEST(DatagramTest, PaddingOfShortFramesIsNotPayload) {
  ExpectHi(LinkType::kEthernet, kMacs + Packet{8, 0} + kIpv4 + Packet(20, 0), true);
  ExpectHi(LinkType::kRaw, Ipv6(17, kUdp) + Packet(20, 0), false);
}

TEST(DatagramTest, Ipv4OptionsAreSkipped) {
  Packet packet = kIpv4;
  packet[0] = 0x46;
  packet[3] = 35;
  packet.insert(packet.begin() + 20, {1, 1, 1, 0});
  ExpectHi(LinkType::kRaw, packet, true);
}

TEST(DatagramTest, Ipv6ExtensionHeadersAreSkippedUpToEight) {
  const Packet udp_next = {17, 0, 1, 4, 0, 0, 0, 0};
  const Packet options_next = {60, 0, 1, 4, 0, 0, 0, 0};
  ExpectHi(LinkType::kIpv6, Ipv6(0, udp_next + kUdp), false);
  ExpectHi(LinkType::kIpv6, Ipv6(43, Packet{17, 1} + Packet(14, 0) + kUdp), false);
  ExpectHi(LinkType::kIpv6, Ipv6(51, Packet{17, 1} + Packet(10, 0) + kUdp), false);
  Packet eight;
  for (int i = 0; i < 7; ++i) eight = eight + options_next;
  ExpectHi(LinkType::kIpv6, Ipv6(60, eight + udp_next + kUdp), false);
  ExpectError(DatagramError::kTooManyExtensions, LinkType::kIpv6,
              Ipv6(60, eight + options_next + udp_next + kUdp));
  ExpectError(DatagramError::kExtensionTruncated, LinkType::kIpv6, Ipv6(60, Packet{17, 0}));
  ExpectError(DatagramError::kExtensionTruncated, LinkType::kIpv6,
              Ipv6(60, Packet{17, 9, 0, 0, 0, 0, 0, 0}));
}

TEST(DatagramTest, AFragmentIsNamedAndAFragmentThatIsTheWholeIsNone) {
  ExpectError(DatagramError::kFragment, LinkType::kRaw, With(kIpv4, 6, 0x20));  // more follow
  ExpectError(DatagramError::kFragment, LinkType::kRaw, With(kIpv4, 7, 1));     // not the first
  const Packet whole = {17, 0, 0, 0, 0, 0, 0, 9};
  ExpectHi(LinkType::kIpv6, Ipv6(44, whole + kUdp), false);
  ExpectError(DatagramError::kFragment, LinkType::kIpv6, Ipv6(44, With(whole, 3, 1) + kUdp));
  ExpectError(DatagramError::kFragment, LinkType::kIpv6, Ipv6(44, With(whole, 2, 1) + kUdp));
}

TEST(DatagramTest, EveryOtherCauseHasItsName) {
  const LinkType raw = LinkType::kRaw;
  ExpectError(DatagramError::kUnknownLinkType, LinkType{147}, kIpv4);
  ExpectError(DatagramError::kLinkTooShort, LinkType::kEthernet, Packet(13, 0));
  ExpectError(DatagramError::kLinkTooShort, LinkType::kLinuxSll, Packet(15, 0));
  ExpectError(DatagramError::kLinkTooShort, LinkType::kLinuxSll2, Packet(19, 0));
  ExpectError(DatagramError::kLinkTooShort, LinkType::kNull, Packet(3, 0));
  ExpectError(DatagramError::kNotIp, LinkType::kEthernet, kMacs + Packet{8, 6} + kIpv4);
  ExpectError(DatagramError::kNotIp, LinkType::kNull, Packet{7, 0, 0, 0} + kIpv4);
  ExpectError(DatagramError::kIpTooShort, raw, {});
  ExpectError(DatagramError::kIpTooShort, raw, Packet(kIpv4.begin(), kIpv4.begin() + 19));
  ExpectError(DatagramError::kIpTooShort, raw, With(Packet(kIpv4.begin(), kIpv4.begin() + 23), 0, 0x46));
  ExpectError(DatagramError::kIpTooShort, LinkType::kIpv6, Packet(39, 0x60));
  ExpectError(DatagramError::kBadIpVersion, raw, With(kIpv4, 0, 0x55));
  ExpectError(DatagramError::kBadIpVersion, LinkType::kIpv4, Ipv6(17, kUdp));
  ExpectError(DatagramError::kBadIpVersion, LinkType::kIpv6, kIpv4 + Packet(20, 0));
  ExpectError(DatagramError::kBadIpHeaderLength, raw, With(kIpv4, 0, 0x44));
  ExpectError(DatagramError::kBadIpLength, raw, With(kIpv4, 3, 19));
  ExpectError(DatagramError::kIpTruncated, raw, With(kIpv4, 3, 32));
  ExpectError(DatagramError::kIpTruncated, LinkType::kIpv6, With(Ipv6(17, kUdp), 5, 12));
  ExpectError(DatagramError::kNotUdp, raw, With(kIpv4, 9, 6));
  ExpectError(DatagramError::kNotUdp, LinkType::kIpv6, Ipv6(58, kUdp));
  ExpectError(DatagramError::kUdpTooShort, raw, With(kIpv4, 3, 27));
  ExpectError(DatagramError::kBadUdpLength, raw, With(kIpv4, 25, 7));
  ExpectError(DatagramError::kUdpTruncated, raw, With(kIpv4, 25, 12));
}

TEST(DatagramTest, EveryErrorHasItsOwnWords) {
  for (int a = 0; a < kDatagramErrorCount; ++a) {
    EXPECT_NE(ToString(static_cast<DatagramError>(a)), "datagram: unknown");
    for (int b = 0; b < a; ++b) {
      EXPECT_NE(ToString(static_cast<DatagramError>(a)), ToString(static_cast<DatagramError>(b)));
    }
  }
}

}  // namespace
}  // namespace mediacore::capture
