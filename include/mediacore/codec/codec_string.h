#ifndef MEDIACORE_CODEC_CODEC_STRING_H_
#define MEDIACORE_CODEC_CODEC_STRING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mediacore::codec {

// A name of a codec as RFC 6381 spells it, for CODECS="..." and MIME types:
// up to 47 characters, held by value: H.265 has the longest.
//
//   sps->codec_string().view()  // "avc1.64001f"
class CodecString {
 public:
  constexpr explicit CodecString(std::string_view text) { Append(text); }

  constexpr std::string_view view() const { return {text_.data(), size_}; }
  constexpr bool operator==(const CodecString&) const = default;

  constexpr CodecString& Append(std::string_view text) {
    for (const char c : text) Put(c);
    return *this;
  }
  // Two digits, lower case.
  constexpr CodecString& AppendHex(std::uint8_t byte) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    Put(kDigits[byte >> 4]);
    Put(kDigits[byte & 15]);
    return *this;
  }
  // As many digits as it takes, upper case.
  constexpr CodecString& AppendUpperHex(std::uint32_t number) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    int shift = 28;
    while (shift > 0 && number >> shift == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) Put(kDigits[number >> shift & 15]);
    return *this;
  }
  constexpr CodecString& AppendDecimal(std::uint8_t number) {
    if (number >= 100) Put(static_cast<char>('0' + number / 100));
    if (number >= 10) Put(static_cast<char>('0' + number / 10 % 10));
    Put(static_cast<char>('0' + number % 10));
    return *this;
  }

 private:
  constexpr void Put(char c) {
    if (size_ < text_.size()) text_[size_++] = c;
  }

  std::array<char, 47> text_{};
  std::uint8_t size_ = 0;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_CODEC_STRING_H_
