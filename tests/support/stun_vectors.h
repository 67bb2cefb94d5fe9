#ifndef MEDIACORE_TESTS_SUPPORT_STUN_VECTORS_H_
#define MEDIACORE_TESTS_SUPPORT_STUN_VECTORS_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "mediacore/base/base64.h"

// Messages that the RFCs print, with what is in them.
namespace mediacore::testing {

template <std::size_t kCharacters>
consteval auto FromHex(const char (&text)[kCharacters]) {
  std::array<std::uint8_t, kCharacters / 2> bytes{};
  std::size_t size = 0;
  static_cast<void>(DecodeHex({text, kCharacters - 1}, bytes, size));
  return bytes;
}
inline Bytes TextBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view TextOf(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// RFC 5769: the password of the first three, and whose the fourth is.
inline constexpr std::string_view kStunPassword = "VOkJxbRl1RmTxUk/WvJxBt";
inline constexpr std::string_view kStunUsername = "\u30de\u30c8\u30ea\u30c3\u30af\u30b9";
inline constexpr std::string_view kStunRealm = "example.org";
inline constexpr std::string_view kStunLongTermPassword = "TheMatrIX";  // prepared

// Section 2.1: a Binding request of ICE.
inline constexpr auto kStunRequest = FromHex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a6836765920202000080014"
    "9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");
// Section 2.2: 192.0.2.1:32853.
inline constexpr auto kStunIpv4Response = FromHex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f722000200008"
    "0001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");
// Section 2.3: [2001:db8:1234:5678:11:2233:4455:6677]:32853.
inline constexpr auto kStunIpv6Response = FromHex(
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f722000200014"
    "0002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275"
    "bfe3ed4180280004c8fb0b4c");
// Section 2.4: long-term credentials, key by MD5.
inline constexpr auto kStunLongTermRequest = FromHex(
    "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe3"
    "82b900000015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b"
    "6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666");
// RFC 8489, appendix B.1, as erratum 6268 has corrected it: USERHASH, key by
// SHA-256, MESSAGE-INTEGRITY-SHA256.
inline constexpr auto kStunUserhashRequest = FromHex(
    "000100902112a44278ad3433c6ad72c029da412e001e00204a3cf38fef6992bda952c6780417da0f"
    "24819415569e60b205c46e41407f1704001500296f624d61744a6f733241414143662f2f3439396b"
    "39353464364f4c33346f4c394653547679363473410000000014000b6578616d706c652e6f726700"
    "001d000400020000001c0020b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278c"
    "c6518e65");

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_STUN_VECTORS_H_
