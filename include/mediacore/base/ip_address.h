#ifndef MEDIACORE_BASE_IP_ADDRESS_H_
#define MEDIACORE_BASE_IP_ADDRESS_H_

#include <algorithm>
#include <array>
#include <compare>

#include "mediacore/base/bytes.h"

namespace mediacore {

// An IPv4 or IPv6 address. IPv4 is kept as ::ffff:a.b.c.d (RFC 4291, section
// 2.5.5.2), so an address has one form only, whichever way it came: what a peer
// wraps as ::ffff:127.0.0.1 is 127.0.0.1 to every comparison and every filter.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  static constexpr IpAddress FromV4(const std::uint8_t* from) {
    return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, from[0], from[1], from[2], from[3]}};
  }
  static constexpr IpAddress FromV6(const std::uint8_t* from) {
    IpAddress out;
    std::copy_n(from, 16, out.bytes.begin());
    return out;
  }
  constexpr bool IsV4() const {
    for (std::size_t i = 0; i < 10; ++i) {
      if (bytes[i] != 0) return false;
    }
    return bytes[10] == 0xff && bytes[11] == 0xff;
  }
  // The 4 or 16 bytes of the wire.
  constexpr Bytes wire() const { return Bytes(bytes).subspan(IsV4() ? 12 : 0); }
  constexpr auto operator<=>(const IpAddress&) const = default;
};

// An address and a port: what RFC 8489 calls a transport address.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  constexpr auto operator<=>(const Endpoint&) const = default;
};

}  // namespace mediacore

#endif  // MEDIACORE_BASE_IP_ADDRESS_H_
