#ifndef MEDIACORE_CAPTURE_DATAGRAM_H_
#define MEDIACORE_CAPTURE_DATAGRAM_H_

#include "mediacore/base/expected.h"
#include "mediacore/base/ip_address.h"
#include "mediacore/capture/record.h"

namespace mediacore::capture {

using mediacore::Endpoint;
using mediacore::IpAddress;

// Why a captured packet is not a UDP datagram, in the order the layers are
// looked at. All but the length errors are ordinary in a capture.
enum class DatagramError : std::uint8_t {
  kUnknownLinkType,
  kLinkTooShort,        // the link header, or its VLAN tags, end early
  kTooManyTags,         // more than four VLAN tags
  kNotIp,               // ARP, LLDP, ...
  kIpTooShort,          // the IP header ends early
  kBadIpVersion,        // neither 4 nor 6, or not what the link layer said
  kBadIpHeaderLength,   // IPv4 header length under 20
  kBadIpLength,         // total length under that of the header
  kIpTruncated,         // total length over what was captured
  kTooManyExtensions,   // more than eight IPv6 extension headers
  kExtensionTruncated,  // one of them runs past the end
  kFragment,            // of a larger datagram; not put together here
  kNotUdp,              // TCP, ICMP, ...
  kUdpTooShort,         // fewer than the 8 bytes of the UDP header
  kBadUdpLength,        // under 8
  kUdpTruncated,        // over what IP carries
};
inline constexpr int kDatagramErrorCount = 16;

constexpr std::string_view ToString(DatagramError error) {
  switch (error) {
    case DatagramError::kUnknownLinkType: return "datagram: unknown link type";
    case DatagramError::kLinkTooShort: return "datagram: link header too short";
    case DatagramError::kTooManyTags: return "datagram: too many VLAN tags";
    case DatagramError::kNotIp: return "datagram: not IP";
    case DatagramError::kIpTooShort: return "datagram: IP header too short";
    case DatagramError::kBadIpVersion: return "datagram: bad IP version";
    case DatagramError::kBadIpHeaderLength:
      return "datagram: bad IP header length";
    case DatagramError::kBadIpLength: return "datagram: bad IP length";
    case DatagramError::kIpTruncated: return "datagram: IP packet truncated";
    case DatagramError::kTooManyExtensions:
      return "datagram: too many IPv6 extension headers";
    case DatagramError::kExtensionTruncated:
      return "datagram: IPv6 extension header truncated";
    case DatagramError::kFragment: return "datagram: IP fragment";
    case DatagramError::kNotUdp: return "datagram: not UDP";
    case DatagramError::kUdpTooShort: return "datagram: UDP header too short";
    case DatagramError::kBadUdpLength: return "datagram: bad UDP length";
    case DatagramError::kUdpTruncated: return "datagram: UDP truncated";
  }
  return "datagram: unknown";
}

// One UDP datagram of a captured packet, whatever it was wrapped in:
//
//   const auto datagram = Datagram::Parse(record.link_type, record.packet);
//   if (!datagram) ++refused[datagram.error()];
//   else Handle(datagram->source, datagram->payload);
//
// Ethernet (with up to four VLAN tags), Linux cooked (both), BSD loopback and
// raw links; IPv4 (RFC 791) and IPv6 with extension headers (RFC 8200); UDP
// (RFC 768). Lengths are proved, checksums are not looked at: on loopback and
// with offloading they are seldom right. LinkType::kUdpPayload has no addresses.
// The payload points into the packet.
struct Datagram {
  Endpoint source;
  Endpoint destination;
  Bytes payload;

  static constexpr Expected<Datagram, DatagramError> Parse(
      LinkType link, Bytes packet) noexcept;
};

namespace internal {

// What remains to be read of a packet while its layers come off, and the first
// thing that was wrong.
class DatagramParser {
 public:
  constexpr explicit DatagramParser(Bytes packet) : rest_(packet) {}

  constexpr bool Parse(LinkType link) {
    switch (link) {
      case LinkType::kEthernet:
        return TakeLink(14) && ParseEtherType(LoadU16(rest_.data() - 2));
      case LinkType::kLinuxSll:
        return TakeLink(16) && ParseEtherType(LoadU16(rest_.data() - 2));
      case LinkType::kLinuxSll2:
        return TakeLink(20) && ParseEtherType(LoadU16(rest_.data() - 20));
      case LinkType::kNull:
      case LinkType::kLoop:
        return TakeLink(4) && ParseFamily(LoadU32(rest_.data() - 4));
      case LinkType::kRaw:
        if (rest_.empty()) return Fail(DatagramError::kIpTooShort);
        if (rest_[0] >> 4 == 4) return ParseIpv4();
        if (rest_[0] >> 4 == 6) return ParseIpv6();
        return Fail(DatagramError::kBadIpVersion);
      case LinkType::kIpv4: return ParseIpv4();
      case LinkType::kIpv6: return ParseIpv6();
      case LinkType::kUdpPayload: datagram_.payload = rest_; return true;
    }
    return Fail(DatagramError::kUnknownLinkType);
  }
  constexpr const Datagram& datagram() const { return datagram_; }
  constexpr DatagramError error() const { return error_; }

 private:
  enum : std::uint16_t { kIpv4Type = 0x0800, kIpv6Type = 0x86dd };
  enum : std::uint8_t { kUdp = 17, kFragmentHeader = 44, kAuthentication = 51 };

  constexpr bool Fail(DatagramError error) {
    error_ = error;
    return false;
  }
  constexpr bool TakeLink(std::size_t size) {
    if (rest_.size() < size) return Fail(DatagramError::kLinkTooShort);
    rest_ = rest_.subspan(size);
    return true;
  }

  constexpr bool ParseEtherType(std::uint16_t type) {
    if (type == kIpv4Type) return ParseIpv4();
    int tags = 0;
    // 802.1Q, 802.1ad and the two numbers used before there was a standard.
    while (type == 0x8100 || type == 0x88a8 || type == 0x9100 ||
           type == 0x9200) {
      if (++tags > 4) return Fail(DatagramError::kTooManyTags);
      if (!TakeLink(4)) return false;
      type = LoadU16(rest_.data() - 2);
    }
    if (type == kIpv4Type) return ParseIpv4();
    if (type == kIpv6Type) return ParseIpv6();
    return Fail(DatagramError::kNotIp);
  }

  // AF_INET is 2 everywhere, AF_INET6 depends on the system, and the order of
  // the bytes on the machine.
  constexpr bool ParseFamily(std::uint32_t family) {
    if (family > 0xffff) family = __builtin_bswap32(family);
    if (family == 2) return ParseIpv4();
    if (family == 24 || family == 28 || family == 30 || family == 10) {
      return ParseIpv6();
    }
    return Fail(DatagramError::kNotIp);
  }

  constexpr bool ParseIpv4() {
    if (rest_.size() < 20) return Fail(DatagramError::kIpTooShort);
    const std::uint8_t* ip = rest_.data();
    if (ip[0] >> 4 != 4) return Fail(DatagramError::kBadIpVersion);
    const std::size_t header = std::size_t{4} * (ip[0] & 0xfu);
    if (header < 20) return Fail(DatagramError::kBadIpHeaderLength);
    if (rest_.size() < header) return Fail(DatagramError::kIpTooShort);
    const std::size_t total = LoadU16(ip + 2);
    if (total < header) return Fail(DatagramError::kBadIpLength);
    if (total > rest_.size()) return Fail(DatagramError::kIpTruncated);
    if ((LoadU16(ip + 6) & 0x3fff) != 0) return Fail(DatagramError::kFragment);
    if (ip[9] != kUdp) return Fail(DatagramError::kNotUdp);
    datagram_.source.address = IpAddress::FromV4(ip + 12);
    datagram_.destination.address = IpAddress::FromV4(ip + 16);
    rest_ = Bytes(ip + header, total - header);
    return ParseUdp();
  }

  constexpr bool ParseIpv6() {
    if (rest_.size() < 40) return Fail(DatagramError::kIpTooShort);
    const std::uint8_t* ip = rest_.data();
    if (ip[0] >> 4 != 6) return Fail(DatagramError::kBadIpVersion);
    const std::size_t length = LoadU16(ip + 4);
    if (length > rest_.size() - 40) return Fail(DatagramError::kIpTruncated);
    rest_ = Bytes(ip + 40, length);
    std::uint8_t next = ip[6];
    for (int extensions = 0; IsExtension(next); ++extensions) {
      if (extensions == 8) return Fail(DatagramError::kTooManyExtensions);
      if (!TakeExtension(next)) return false;
    }
    if (next != kUdp) return Fail(DatagramError::kNotUdp);
    datagram_.source.address = IpAddress::FromV6(ip + 8);
    datagram_.destination.address = IpAddress::FromV6(ip + 24);
    return ParseUdp();
  }
  // Those with a length that can be skipped (RFC 8200, section 4; RFC 6275;
  // RFC 7401; RFC 5533).
  static constexpr bool IsExtension(std::uint8_t next) {
    return next == 0 || next == 43 || next == kFragmentHeader ||
           next == kAuthentication || next == 60 || next == 135 ||
           next == 139 || next == 140;
  }
  constexpr bool TakeExtension(std::uint8_t& next) {
    if (rest_.size() < 8) return Fail(DatagramError::kExtensionTruncated);
    std::size_t size = std::size_t{8} * (rest_[1] + 1u);
    if (next == kAuthentication) size = std::size_t{4} * (rest_[1] + 2u);
    if (next == kFragmentHeader) {
      size = 8;
      // An offset of 0 and nothing to follow: a fragment that is the whole.
      if ((LoadU16(rest_.data() + 2) & 0xfff9) != 0) {
        return Fail(DatagramError::kFragment);
      }
    }
    if (rest_.size() < size) return Fail(DatagramError::kExtensionTruncated);
    next = rest_[0];
    rest_ = rest_.subspan(size);
    return true;
  }

  constexpr bool ParseUdp() {
    if (rest_.size() < 8) return Fail(DatagramError::kUdpTooShort);
    const std::uint8_t* udp = rest_.data();
    const std::size_t length = LoadU16(udp + 4);
    if (length < 8) return Fail(DatagramError::kBadUdpLength);
    if (length > rest_.size()) return Fail(DatagramError::kUdpTruncated);
    datagram_.source.port = LoadU16(udp);
    datagram_.destination.port = LoadU16(udp + 2);
    datagram_.payload = Bytes(udp + 8, length - 8);
    return true;
  }

  Bytes rest_;
  Datagram datagram_;
  DatagramError error_ = DatagramError::kUnknownLinkType;
};

}  // namespace internal

constexpr Expected<Datagram, DatagramError> Datagram::Parse(
    LinkType link, Bytes packet) noexcept {
  internal::DatagramParser parser(packet);
  if (!parser.Parse(link)) return parser.error();
  return parser.datagram();
}

}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_DATAGRAM_H_
