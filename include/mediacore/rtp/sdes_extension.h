#ifndef MEDIACORE_RTP_SDES_EXTENSION_H_
#define MEDIACORE_RTP_SDES_EXTENSION_H_

#include <algorithm>

#include "mediacore/base/identifiers.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// An SDES item that names the stream of a packet before any RTCP came (RFC
// 7941): the characters alone, 1 to 16 of those that such a name may have.
//
//   rtp::MidExtension mid;
//   if (rtp::ReadExtension(*packet, ids, mid)) Route(mid.name);
//
// kWrongSize: none or more than 16; kBadValue: another character. Owns them.
template <ExtensionKind kWhich, typename Token>
struct SdesName {
  static constexpr ExtensionKind kKind = kWhich;

  Token name;

  bool operator==(const SdesName&) const = default;

  static constexpr Expected<SdesName, ExtensionError> Parse(Bytes value) noexcept {
    if (value.empty() || value.size() > Token::kMaxSize) return ExtensionError::kWrongSize;
    std::array<char, Token::kMaxSize> text{};
    std::ranges::transform(value, text.begin(), [](std::uint8_t c) { return static_cast<char>(c); });
    SdesName sdes;
    if (!Token::Read({text.data(), value.size()}, sdes.name)) return ExtensionError::kBadValue;
    return sdes;
  }
  // 0: there is no name.
  constexpr std::size_t WireSize() const { return name.view().size(); }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    std::ranges::transform(name.view(), out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return true;
  }
};
using MidExtension = SdesName<ExtensionKind::kMid, Mid>;                  // RFC 9143, section 15
using RidExtension = SdesName<ExtensionKind::kRid, Rid>;                  // RFC 8852, section 3.1
using RepairedRidExtension = SdesName<ExtensionKind::kRepairedRid, Rid>;  // RFC 8852, section 3.2

// An SDES item of free text, 1 to 255 bytes of UTF-8, which is not checked.
// Borrows the bytes.
template <ExtensionKind kWhich>
struct SdesText {
  static constexpr ExtensionKind kKind = kWhich;
  static constexpr std::size_t kMaxSize = 255;

  Bytes text;

  friend constexpr bool operator==(const SdesText& a, const SdesText& b) { return std::ranges::equal(a.text, b.text); }

  static constexpr Expected<SdesText, ExtensionError> Parse(Bytes value) noexcept {
    if (value.empty() || value.size() > kMaxSize) return ExtensionError::kWrongSize;
    return SdesText{value};
  }
  constexpr std::size_t WireSize() const { return text.size() <= kMaxSize ? text.size() : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    std::ranges::copy(text, out.begin());
    return true;
  }
};
using CnameExtension = SdesText<ExtensionKind::kCname>;          // RFC 7941
using CaptureIdExtension = SdesText<ExtensionKind::kCaptureId>;  // RFC 8849

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_SDES_EXTENSION_H_
