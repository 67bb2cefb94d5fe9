#ifndef MEDIACORE_STUN_MESSAGE_TYPE_H_
#define MEDIACORE_STUN_MESSAGE_TYPE_H_

#include <array>
#include <compare>
#include <string_view>

#include "mediacore/base/bytes.h"

namespace mediacore::stun {

inline constexpr std::size_t kHeaderSize = 20;
// Bytes 4 to 7 of every message since RFC 5389.
inline constexpr std::uint32_t kMagicCookie = 0x2112a442;

// Two bits of the message type (RFC 8489, section 5).
enum class MessageClass : std::uint8_t { kRequest, kIndication, kSuccessResponse, kErrorResponse };

constexpr std::string_view ToString(MessageClass message_class) {
  switch (message_class) {
    case MessageClass::kRequest: return "Request";
    case MessageClass::kIndication: return "Indication";
    case MessageClass::kSuccessResponse: return "Success Response";
    case MessageClass::kErrorResponse: return "Error Response";
  }
  return "unknown";
}

// The other twelve (IANA's list of STUN methods).
enum class Method : std::uint16_t {
  kBinding = 0x001,
  kSharedSecret = 0x002,  // RFC 3489 only
  kAllocate = 0x003,      // RFC 8656, as the next ones
  kRefresh = 0x004,
  kSend = 0x006,
  kData = 0x007,
  kCreatePermission = 0x008,
  kChannelBind = 0x009,
  kConnect = 0x00a,  // RFC 6062, as the next ones
  kConnectionBind = 0x00b,
  kConnectionAttempt = 0x00c,
  kGoogPing = 0x080,  // libwebrtc's short form of a Binding that did not change
};

// The name that tools print; empty for a method without one here.
constexpr std::string_view ToString(Method method) {
  switch (method) {
    case Method::kBinding: return "Binding";
    case Method::kSharedSecret: return "SharedSecret";
    case Method::kAllocate: return "Allocate";
    case Method::kRefresh: return "Refresh";
    case Method::kSend: return "Send";
    case Method::kData: return "Data";
    case Method::kCreatePermission: return "CreatePermission";
    case Method::kChannelBind: return "ChannelBind";
    case Method::kConnect: return "Connect";
    case Method::kConnectionBind: return "ConnectionBind";
    case Method::kConnectionAttempt: return "ConnectionAttempt";
    case Method::kGoogPing: return "GOOG-PING";
  }
  return "";
}

// The first 16 bits of a message: 00, then method bits M with class bits C among
// them (RFC 8489, section 5).
//
//   0 0 M M M M M C M M M C M M M M
constexpr std::uint16_t MessageType(MessageClass message_class, Method method) {
  const auto m = static_cast<unsigned>(method);
  const auto c = static_cast<unsigned>(message_class);
  return static_cast<std::uint16_t>((m & 0xf80) << 2 | (c & 2) << 7 | (m & 0x70) << 1 | (c & 1) << 4 | (m & 0x0f));
}
constexpr MessageClass ClassOf(std::uint16_t type) {
  return static_cast<MessageClass>((type >> 7 & 2) | (type >> 4 & 1));
}
constexpr Method MethodOf(std::uint16_t type) {
  return static_cast<Method>((type >> 2 & 0xf80) | (type >> 1 & 0x70) | (type & 0x0f));
}

// What ties a response to its request: 96 bits that the client chose at random.
struct TransactionId {
  static constexpr std::size_t kSize = 12;
  std::array<std::uint8_t, kSize> bytes{};
  constexpr auto operator<=>(const TransactionId&) const = default;
};

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_MESSAGE_TYPE_H_
