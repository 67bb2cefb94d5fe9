#include "mediacore/stun/address.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace mediacore::stun {
namespace {

// RFC 5769, sections 2.2 and 2.3.
constexpr TransactionId kId{{0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae}};
constexpr std::array<std::uint8_t, 8> kXorIpv4 = {0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
constexpr std::array<std::uint8_t, 20> kXorIpv6 = {0, 2, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3,
                                                   0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9};
constexpr std::array<std::uint8_t, 4> kIpv4 = {192, 0, 2, 1};
constexpr std::array<std::uint8_t, 16> kIpv6 = {0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56, 0x78,
                                                0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77};

constexpr Endpoint ReadXor(Bytes value) {
  Endpoint out;
  return ReadXorAddress(value, kId, out) ? out : Endpoint{};
}
static_assert(ReadXor(kXorIpv4) == Endpoint{IpAddress::FromV4(kIpv4.data()), 32853});
static_assert(ReadXor(kXorIpv6) == Endpoint{IpAddress::FromV6(kIpv6.data()), 32853});

constexpr bool WritesBack(Bytes value) {
  std::array<std::uint8_t, 20> out{};
  ByteWriter writer(out);
  WriteXorAddress(writer, ReadXor(value), kId);
  return writer.ok() && std::ranges::equal(writer.written(), value);
}
static_assert(WritesBack(kXorIpv4) && WritesBack(kXorIpv6));

TEST(StunAddressTest, AFamilyHasOneSize) {
  for (std::size_t size = 0; size <= 24; ++size) {
    for (int family = 0; family < 256; ++family) {
      std::array<std::uint8_t, 24> value{};
      value[1] = static_cast<std::uint8_t>(family);
      Endpoint out{IpAddress::FromV4(kIpv4.data()), 7};
      const bool good = (family == 1 && size == 8) || (family == 2 && size == 20);
      ASSERT_EQ(ReadAddress(Bytes(value).first(size), out), good) << size << ' ' << family;
      if (!good) {
        ASSERT_EQ(out, (Endpoint{IpAddress::FromV4(kIpv4.data()), 7}));
      }
    }
  }
}

TEST(StunAddressTest, AMappedIpv4AddressIsTheIpv4Address) {
  // ::ffff:127.0.0.1, as a peer would send it past a filter of 127.0.0.0/8.
  std::array<std::uint8_t, 20> value{};
  value[1] = 2;
  value[14] = value[15] = 0xff;
  value[16] = 127;
  value[19] = 1;
  Endpoint out;
  ASSERT_TRUE(ReadAddress(value, out));
  constexpr std::array<std::uint8_t, 4> kLoopback = {127, 0, 0, 1};
  EXPECT_EQ(out.address, IpAddress::FromV4(kLoopback.data()));
  EXPECT_EQ(FamilyOf(out.address), AddressFamily::kIpv4);
  EXPECT_EQ(AddressValueSize(out), 8u);
}

TEST(StunAddressTest, TheFirstByteIsNotLookedAt) {
  auto value = kXorIpv4;
  value[0] = 0x55;
  EXPECT_EQ(ReadXor(value), ReadXor(kXorIpv4));
}

TEST(StunAddressTest, FamiliesHaveNames) {
  EXPECT_EQ(ToString(AddressFamily::kIpv4), "IPv4");
  EXPECT_EQ(ToString(AddressFamily::kIpv6), "IPv6");
  EXPECT_TRUE(IsAddressFamily(2));
  EXPECT_FALSE(IsAddressFamily(3));
}

}  // namespace
}  // namespace mediacore::stun
