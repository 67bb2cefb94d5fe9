#ifndef MEDIACORE_BASE_IDENTIFIERS_H_
#define MEDIACORE_BASE_IDENTIFIERS_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mediacore {

// Synchronisation source, 32 bits (RFC 3550, section 3).
class Ssrc {
 public:
  constexpr Ssrc() = default;
  constexpr explicit Ssrc(std::uint32_t value) : value_(value) {}
  constexpr std::uint32_t value() const { return value_; }
  constexpr auto operator<=>(const Ssrc&) const = default;

 private:
  std::uint32_t value_ = 0;
};

// RTP payload type, 7 bits (RFC 3550, section 5.1).
class PayloadType {
 public:
  constexpr PayloadType() = default;
  // Keeps the low seven bits.
  constexpr explicit PayloadType(int value)
      : value_(static_cast<std::uint8_t>(value & 0x7f)) {}
  constexpr int value() const { return value_; }
  constexpr auto operator<=>(const PayloadType&) const = default;

 private:
  std::uint8_t value_ = 0;
};

// A short name kept in place, no heap: at most 16 bytes, as browsers send them.
template <typename Tag>
class ShortToken {
 public:
  static constexpr std::size_t kMaxSize = 16;

  constexpr ShortToken() = default;
  // False, and `out` as it was, when `text` is empty, longer than kMaxSize or
  // holds a character that the kind of name does not allow.
  [[nodiscard]] static constexpr bool Read(std::string_view text,
                                           ShortToken& out) {
    if (text.empty() || text.size() > kMaxSize) return false;
    for (const char c : text) {
      if (!Tag::Allows(c)) return false;
    }
    ShortToken token;
    for (std::size_t i = 0; i < text.size(); ++i) token.text_[i] = text[i];
    token.size_ = static_cast<std::uint8_t>(text.size());
    out = token;
    return true;
  }

  constexpr std::string_view view() const { return {text_.data(), size_}; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr bool operator==(const ShortToken&) const = default;

 private:
  std::array<char, kMaxSize> text_{};
  std::uint8_t size_ = 0;
};

namespace internal {
struct MidTag {  // token of RFC 8866, section 9
  static constexpr bool Allows(char c) {
    // A bit for each of 0x21 to 0x7e but "(),/:;<=>?@[\]
    constexpr std::array<std::uint64_t, 2> kToken = {0x03ff6cfa00000000, 0x7fffffffc7fffffe};
    const auto code = static_cast<unsigned char>(c);
    return code < 0x80 && (kToken[code >> 6] >> (code & 63) & 1) != 0;
  }
};
struct RidTag {  // RFC 8852, section 3: letters and digits
  static constexpr bool Allows(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  }
};
}  // namespace internal

// Media identification (RFC 8843, section 15; a=mid of RFC 5888).
using Mid = ShortToken<internal::MidTag>;
// RTP stream identifier (RFC 8852).
using Rid = ShortToken<internal::RidTag>;

}  // namespace mediacore

#endif  // MEDIACORE_BASE_IDENTIFIERS_H_
