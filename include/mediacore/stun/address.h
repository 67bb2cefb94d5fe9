#ifndef MEDIACORE_STUN_ADDRESS_H_
#define MEDIACORE_STUN_ADDRESS_H_

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/ip_address.h"
#include "mediacore/stun/message_type.h"

namespace mediacore::stun {

// Address families of STUN and TURN (RFC 8489, section 14.1).
enum class AddressFamily : std::uint8_t { kIpv4 = 1, kIpv6 = 2 };

constexpr std::string_view ToString(AddressFamily family) {
  switch (family) {
    case AddressFamily::kIpv4: return "IPv4";
    case AddressFamily::kIpv6: return "IPv6";
  }
  return "unknown";
}
constexpr bool IsAddressFamily(std::uint8_t value) { return value == 1 || value == 2; }

constexpr AddressFamily FamilyOf(const IpAddress& address) {
  return address.IsV4() ? AddressFamily::kIpv4 : AddressFamily::kIpv6;
}

// The value of an attribute that is a transport address (RFC 8489, sections
// 14.1 and 14.2): 8 bytes with IPv4, 20 with IPv6.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |       0       |    Family     |             Port              |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                    Address, 32 or 128 bits                    :
//
// In the XOR- form port and address are combined with the magic cookie and the
// transaction id, so that a NAT which rewrites addresses in packets lets them be.
//
// An IPv4 address that came as ::ffff:a.b.c.d is given, and would be written, as
// IPv4: IpAddress has one form of it, and filters see that one.
constexpr std::size_t AddressValueSize(const Endpoint& endpoint) { return endpoint.address.IsV4() ? 8 : 20; }

namespace internal {
// What is combined with the address, word by word: the bytes 4 to 19 of the
// message. The port takes the first two of them.
using AddressMask = std::array<std::uint32_t, 4>;

constexpr AddressMask MaskOf(const TransactionId& id) {
  const std::uint8_t* const from = id.bytes.data();
  return {kMagicCookie, LoadU32(from), LoadU32(from + 4), LoadU32(from + 8)};
}
constexpr std::uint16_t MaskPort(std::uint16_t port, const AddressMask& mask) {
  return static_cast<std::uint16_t>(port ^ mask[0] >> 16);
}

// False, and `out` as it was, for another family or another size.
[[nodiscard]] constexpr bool ReadMasked(Bytes value, const AddressMask& mask, Endpoint& out) {
  if (value.size() != 8 && value.size() != 20) return false;
  const std::uint8_t* const from = value.data();
  const AddressFamily family = value.size() == 8 ? AddressFamily::kIpv4 : AddressFamily::kIpv6;
  if (from[1] != static_cast<std::uint8_t>(family)) return false;
  out.port = MaskPort(LoadU16(from + 2), mask);
  std::array<std::uint8_t, 16> address{};
  StoreU32(address.data(), LoadU32(from + 4) ^ mask[0]);
  if (family == AddressFamily::kIpv4) {
    out.address = IpAddress::FromV4(address.data());
    return true;
  }
  for (std::size_t i = 1; i < 4; ++i) StoreU32(address.data() + 4 * i, LoadU32(from + 4 + 4 * i) ^ mask[i]);
  out.address = IpAddress::FromV6(address.data());
  return true;
}

constexpr void WriteMasked(ByteWriter& writer, const Endpoint& endpoint, const AddressMask& mask) {
  const Bytes address = endpoint.address.wire();
  writer.WriteU16(static_cast<std::uint16_t>(FamilyOf(endpoint.address)));
  writer.WriteU16(MaskPort(endpoint.port, mask));
  for (std::size_t i = 0; 4 * i < address.size(); ++i) writer.WriteU32(LoadU32(address.data() + 4 * i) ^ mask[i]);
}
}  // namespace internal

// As it stands. False, and `out` as it was, when it is no address: another
// family, or not the size that the family has.
[[nodiscard]] constexpr bool ReadAddress(Bytes value, Endpoint& out) {
  return internal::ReadMasked(value, internal::AddressMask{}, out);
}
[[nodiscard]] constexpr bool ReadXorAddress(Bytes value, const TransactionId& id, Endpoint& out) {
  return internal::ReadMasked(value, internal::MaskOf(id), out);
}

// Append AddressValueSize() bytes.
constexpr void WriteAddress(ByteWriter& writer, const Endpoint& endpoint) {
  internal::WriteMasked(writer, endpoint, internal::AddressMask{});
}
constexpr void WriteXorAddress(ByteWriter& writer, const Endpoint& endpoint, const TransactionId& id) {
  internal::WriteMasked(writer, endpoint, internal::MaskOf(id));
}

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_ADDRESS_H_
