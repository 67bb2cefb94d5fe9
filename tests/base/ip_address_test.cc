#include "mediacore/base/ip_address.h"

#include <gtest/gtest.h>

namespace mediacore {
namespace {

constexpr std::array<std::uint8_t, 4> kLoopback = {127, 0, 0, 1};
constexpr std::array<std::uint8_t, 16> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
constexpr std::array<std::uint8_t, 16> kDocumentation = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// What a filter compares with is the same whichever way an address came.
static_assert(IpAddress::FromV4(kLoopback.data()) == IpAddress::FromV6(kMapped.data()));
static_assert(IpAddress::FromV6(kMapped.data()).IsV4());
static_assert(IpAddress::FromV6(kMapped.data()).wire().size() == 4);
static_assert(!IpAddress::FromV6(kDocumentation.data()).IsV4());
static_assert(IpAddress::FromV6(kDocumentation.data()).wire().size() == 16);

TEST(IpAddressTest, OnlyThePrefixOfMappedAddressesIsIpv4) {
  for (std::size_t i = 0; i < 12; ++i) {
    auto bytes = kMapped;
    bytes[i] ^= 0x40;
    EXPECT_FALSE(IpAddress::FromV6(bytes.data()).IsV4()) << i;
  }
  EXPECT_FALSE(IpAddress().IsV4()) << "the unspecified address is that of IPv6";
}

TEST(IpAddressTest, EndpointsAreOrderedByAddressThenPort) {
  const Endpoint low{IpAddress::FromV4(kLoopback.data()), 9};
  const Endpoint high{IpAddress::FromV6(kDocumentation.data()), 1};
  EXPECT_LT(low, high);
  EXPECT_LT(low, (Endpoint{low.address, 10}));
  EXPECT_EQ(low, (Endpoint{IpAddress::FromV6(kMapped.data()), 9}));
}

}  // namespace
}  // namespace mediacore
