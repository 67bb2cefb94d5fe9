#ifndef MEDIACORE_STUN_MESSAGE_VIEW_H_
#define MEDIACORE_STUN_MESSAGE_VIEW_H_

#include <algorithm>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/expected.h"
#include "mediacore/stun/attribute_reader.h"
#include "mediacore/stun/message_type.h"

namespace mediacore::stun {

// Why bytes are not a STUN message, in the order the parser looks.
enum class MessageError : std::uint8_t {
  kTooShort,            // fewer than the 20 bytes of the header
  kNotStun,             // the first two bits are not 0
  kBadLength,           // the length field is not a multiple of 4
  kTruncated,           // the length field runs past the end
  kTrailingBytes,       // there is more than the length field says
  kNoMagicCookie,       // another word where the cookie belongs: RFC 3489, or no STUN at all
  kAttributeTruncated,  // an attribute runs past the end
};
inline constexpr int kMessageErrorCount = 7;

constexpr std::string_view ToString(MessageError error) {
  switch (error) {
    case MessageError::kTooShort: return "stun: too short";
    case MessageError::kNotStun: return "stun: not STUN";
    case MessageError::kBadLength: return "stun: bad length";
    case MessageError::kTruncated: return "stun: truncated";
    case MessageError::kTrailingBytes: return "stun: trailing bytes";
    case MessageError::kNoMagicCookie: return "stun: no magic cookie";
    case MessageError::kAttributeTruncated: return "stun: attribute truncated";
  }
  return "stun: unknown";
}

// One STUN message, seen in place (RFC 8489, section 5).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |0 0|  method and class         |   length without the header   |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                  magic cookie, 0x2112A442                     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                   transaction id, 96 bits                     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                          attributes                           :
//
//   const auto message = stun::MessageView::Parse(datagram);
//   if (!message) ++refused[message.error()];
//   else if (stun::Priority priority; stun::ReadAttribute(*message, priority)) Use(priority.value);
//
// Every attribute lies inside, so a walk over them shows all there are. That the
// message is from whom it says, integrity.h tells; what attributes mean,
// attributes.h. Good for as long as the bytes behind it are. Time: linear.
class MessageView {
 public:
  // The message is the whole datagram, to the byte.
  static constexpr Expected<MessageView, MessageError> Parse(Bytes datagram) noexcept {
    MessageError error{};
    std::size_t size = 0;
    if (!Check(datagram, true, size, error)) return error;
    return MessageView(datagram);
  }
  // Takes one message off the front of a stream (TCP, TLS; RFC 8489, section 6.2.2).
  // On error `reader` is unchanged; kTooShort and kTruncated ask for more bytes.
  static constexpr Expected<MessageView, MessageError> TakeFrom(ByteReader& reader) noexcept {
    MessageError error{};
    std::size_t size = 0;
    if (!Check(reader.rest(), false, size, error)) return error;
    Bytes message;
    if (!reader.ReadBytes(size, message)) return MessageError::kTruncated;
    return MessageView(message);
  }

  constexpr MessageClass message_class() const { return ClassOf(type()); }
  constexpr Method method() const { return MethodOf(type()); }
  // Class and method as they stand in the first 16 bits.
  constexpr std::uint16_t type() const { return LoadU16(bytes_.data()); }
  constexpr TransactionId transaction_id() const {
    TransactionId id;
    std::copy_n(bytes_.data() + 8, TransactionId::kSize, id.bytes.begin());
    return id;
  }

  constexpr AttributeReader reader() const { return AttributeReader(bytes_, kHeaderSize); }
  // The first attribute of this type, which is the one that counts; false, and
  // `out` as it was, when there is none.
  [[nodiscard]] constexpr bool Find(AttributeType type, Attribute& out) const { return reader().Find(type, out); }
  constexpr bool Has(AttributeType type) const {
    Attribute attribute;
    return Find(type, attribute);
  }

  // The whole message; its header's length is that of the bytes behind it.
  constexpr Bytes bytes() const { return bytes_; }
  constexpr std::size_t size() const { return bytes_.size(); }

 private:
  constexpr explicit MessageView(Bytes bytes) : bytes_(bytes) {}

  static constexpr bool Check(Bytes bytes, bool exact, std::size_t& size, MessageError& error) noexcept {
    const auto fail = [&error](MessageError cause) {
      error = cause;
      return false;
    };
    if (bytes.size() < kHeaderSize) return fail(MessageError::kTooShort);
    const std::uint8_t* const data = bytes.data();
    if (data[0] >= 0x40) return fail(MessageError::kNotStun);
    const std::size_t length = LoadU16(data + 2);
    if (length % 4 != 0) return fail(MessageError::kBadLength);
    const std::size_t end = kHeaderSize + length;
    if (end > bytes.size()) return fail(MessageError::kTruncated);
    if (exact && end != bytes.size()) return fail(MessageError::kTrailingBytes);
    if (LoadU32(data + 4) != kMagicCookie) return fail(MessageError::kNoMagicCookie);
    // Both ends are multiples of 4, so there is always room for an attribute's header.
    for (std::size_t at = kHeaderSize; at < end;) {
      at += 4 + PaddedSize(LoadU16(data + at + 2));
      if (at > end) return fail(MessageError::kAttributeTruncated);
    }
    size = end;
    return true;
  }

  Bytes bytes_;
};

// The types of attributes that have to be understood and are not `known(type)`:
// what an error response 420 lists. Each once, the first out.size() of them,
// however many a request brings; the number of them is returned. Time: the
// attributes times out.size(), so a few are room enough.
template <typename Known>
constexpr std::size_t FindUnknownRequired(const MessageView& message, Known&& known, std::span<AttributeType> out) {
  std::size_t count = 0;
  AttributeReader reader = message.reader();
  for (Attribute attribute; count < out.size() && reader.Next(attribute);) {
    if (!IsComprehensionRequired(attribute.type) || known(attribute.type)) continue;
    const auto found = out.first(count);
    if (std::find(found.begin(), found.end(), attribute.type) == found.end()) out[count++] = attribute.type;
  }
  return count;
}

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_MESSAGE_VIEW_H_
