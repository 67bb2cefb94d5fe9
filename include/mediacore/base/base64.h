#ifndef MEDIACORE_BASE_BASE64_H_
#define MEDIACORE_BASE_BASE64_H_

#include <string_view>

#include "mediacore/base/bytes.h"

namespace mediacore {

// Base64 (RFC 4648, section 4) and hexadecimal (section 8), as SDP carries
// parameter sets, keys and configurations: text into the caller's bytes. There
// is one spelling of each byte string: other characters, white space and bits
// that say nothing are refused. Padding may be left out as a whole.

// The most bytes that so many characters can stand for.
constexpr std::size_t Base64DecodedSize(std::size_t characters) {
  return characters / 4 * 3 + characters % 4 * 3 / 4;
}
constexpr std::size_t Base64EncodedSize(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

// False, with `size` as it was, when `text` is not base64 or does not fit.
[[nodiscard]] constexpr bool DecodeBase64(std::string_view text,
                                          MutableBytes out,
                                          std::size_t& size) noexcept {
  if (text.size() % 4 == 0 && text.ends_with('=')) {
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  if (text.size() % 4 == 1 || out.size() < Base64DecodedSize(text.size())) {
    return false;
  }
  std::uint32_t bits = 0;
  int count = 0;
  std::size_t at = 0;
  for (const char c : text) {
    int digit = 0;
    if (c >= 'A' && c <= 'Z') {
      digit = c - 'A';
    } else if (c >= 'a' && c <= 'z') {
      digit = c - 'a' + 26;
    } else if (c >= '0' && c <= '9') {
      digit = c - '0' + 52;
    } else if (c == '+') {
      digit = 62;
    } else if (c == '/') {
      digit = 63;
    } else {
      return false;
    }
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out[at++] = static_cast<std::uint8_t>(bits >> count);
      bits &= (1u << count) - 1u;
    }
  }
  if (bits != 0) return false;
  size = at;
  return true;
}

// `out` takes Base64EncodedSize(bytes.size()) characters, with padding; false
// when it cannot.
[[nodiscard]] constexpr bool EncodeBase64(Bytes bytes, std::span<char> out,
                                          std::size_t& size) noexcept {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (out.size() < Base64EncodedSize(bytes.size())) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t bits = std::uint32_t{bytes[i]} << 16;
    if (have > 1) bits |= std::uint32_t{bytes[i + 1]} << 8;
    if (have > 2) bits |= bytes[i + 2];
    for (std::size_t k = 0; k < 4; ++k) {
      out[at++] = k <= have ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  size = at;
  return true;
}

// Two digits of either case for each byte. False, with `size` as it was, for
// anything else, and when it does not fit.
[[nodiscard]] constexpr bool DecodeHex(std::string_view text, MutableBytes out,
                                       std::size_t& size) noexcept {
  if (text.size() % 2 != 0 || out.size() < text.size() / 2) return false;
  std::uint32_t byte = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char lower = static_cast<char>(c | 0x20);
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (lower >= 'a' && lower <= 'f') {
      digit = lower - 'a' + 10;
    } else {
      return false;
    }
    byte = (byte << 4 | static_cast<std::uint32_t>(digit)) & 0xffu;
    if (i % 2 == 1) out[i / 2] = static_cast<std::uint8_t>(byte);
  }
  size = text.size() / 2;
  return true;
}

// Two lower-case digits for each byte.
[[nodiscard]] constexpr bool EncodeHex(Bytes bytes, std::span<char> out,
                                       std::size_t& size) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (out.size() / 2 < bytes.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  size = bytes.size() * 2;
  return true;
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_BASE64_H_
