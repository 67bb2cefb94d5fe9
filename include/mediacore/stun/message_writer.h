#ifndef MEDIACORE_STUN_MESSAGE_WRITER_H_
#define MEDIACORE_STUN_MESSAGE_WRITER_H_

#include "mediacore/base/byte_writer.h"
#include "mediacore/stun/attributes.h"
#include "mediacore/stun/integrity.h"

namespace mediacore::stun {

// Writes a STUN message into the caller's bytes, attribute behind attribute.
//
//   stun::MessageWriter writer(out, stun::MessageClass::kRequest, stun::Method::kBinding, id);
//   writer.Add(stun::Username{name});
//   writer.Add(stun::Priority{priority});
//   writer.AddMessageIntegrity(hmac);
//   writer.AddFingerprint();
//   if (writer.ok()) Send(writer.message());
//
// After each step the bytes so far are a whole message, their length in its
// header. What does not fit, cannot be written, or comes behind a tag that has to
// follow it, writes nothing and makes ok() false for good, so one question at the
// end is enough. Memory: two words beside the bytes, no heap.
class MessageWriter {
 public:
  constexpr MessageWriter(MutableBytes out, MessageClass message_class, Method method, const TransactionId& id) noexcept
      : writer_(out.first(std::min(out.size(), kHeaderSize + kMaxLength))), id_(id) {
    if (out.size() < kHeaderSize || static_cast<unsigned>(method) > 0xfff) {
      ok_ = false;
      return;
    }
    writer_.WriteU16(MessageType(message_class, method));
    writer_.WriteU16(0);
    writer_.WriteU32(kMagicCookie);
    writer_.WriteBytes(id.bytes);
  }

  // One of the values of attributes.h.
  template <typename Value>
    requires requires(const Value& value) { value.WireSize(); Value::kType; }
  constexpr void Add(const Value& value) noexcept {
    const std::size_t size = value.WireSize();
    if (!Begin(size, kNothing)) return;
    const std::size_t end = writer_.size() + size;
    writer_.WriteU16(static_cast<std::uint16_t>(Value::kType));
    writer_.WriteU16(0);
    const std::size_t from = writer_.size();
    if constexpr (requires { value.WriteValue(writer_, id_); }) {
      value.WriteValue(writer_, id_);
    } else {
      value.WriteValue(writer_);
    }
    End(from, end);
  }
  // Any attribute but the tags, which are made here.
  constexpr void Add(AttributeType type, Bytes value) noexcept {
    const bool tag = type == AttributeType::kMessageIntegrity || type == AttributeType::kMessageIntegritySha256 ||
                     type == AttributeType::kGoogMessageIntegrity32 || type == AttributeType::kFingerprint;
    const std::size_t size = tag || value.size() > kMaxLength ? 0 : internal::AttributeSize(value.size());
    AddBytes(type, value, size, kNothing);
  }

  // Behind all attributes that they are to cover: HMAC-SHA1 with the key, and
  // HMAC-SHA256, whose first `size` bytes (16 to 32, a multiple of 4) are written.
  template <Hash Hasher>
  constexpr void AddMessageIntegrity(Hasher&& hmac) noexcept {
    AddTag<kSha1Size>(AttributeType::kMessageIntegrity, kSha1Size, kIntegrity, hmac);
  }
  template <Hash Hasher>
  constexpr void AddMessageIntegritySha256(Hasher&& hmac, std::size_t size = kSha256Size) noexcept {
    const bool allowed = size >= kMinSha256Size && size <= kSha256Size && size % 4 == 0;
    AddTag<kSha256Size>(AttributeType::kMessageIntegritySha256, allowed ? size : 0, kIntegritySha256, hmac);
  }
  // The first 4 bytes of HMAC-SHA1: libwebrtc's tag of GOOG-PING.
  template <Hash Hasher>
  constexpr void AddGoogMessageIntegrity32(Hasher&& hmac) noexcept {
    AddTag<kSha1Size>(AttributeType::kGoogMessageIntegrity32, 4, kGoogIntegrity32, hmac);
  }
  // The last one.
  constexpr void AddFingerprint() noexcept {
    const std::size_t size = internal::AttributeSize(kFingerprintSize);
    if (!Begin(size, kFingerprint)) return;
    StoreLength(writer_.size() + size);
    std::array<std::uint8_t, kFingerprintSize> tag{};
    StoreU32(tag.data(), internal::FingerprintOf(writer_.written()));
    AddBytes(AttributeType::kFingerprint, tag, size, kFingerprint);
  }

  constexpr bool ok() const noexcept { return ok_; }
  // What is written; empty unless ok().
  constexpr Bytes message() const noexcept { return ok_ ? Bytes(writer_.written()) : Bytes(); }

 private:
  static constexpr std::size_t kMaxLength = 0xfffc;
  // What is written, from the weakest to the last word of a message.
  enum Passed : std::uint8_t { kNothing, kGoogIntegrity32, kIntegrity, kIntegritySha256, kFingerprint };

  // Whether an attribute of `size` bytes may come next; 0 is one that cannot be.
  constexpr bool Begin(std::size_t size, Passed becomes) noexcept {
    const bool in_order = becomes == kNothing ? passed_ == kNothing : becomes > passed_;
    if (size == 0 || size > writer_.room() || !in_order) ok_ = false;
    return ok_;
  }
  constexpr void End(std::size_t from, std::size_t end) noexcept {
    StoreU16(writer_.written().data() + from - 2, static_cast<std::uint16_t>(writer_.size() - from));
    writer_.Fill(end - writer_.size(), 0);
    StoreLength(end);
  }
  constexpr void AddBytes(AttributeType type, Bytes value, std::size_t size, Passed becomes) noexcept {
    if (!Begin(size, becomes)) return;
    const std::size_t end = writer_.size() + size;
    writer_.WriteU16(static_cast<std::uint16_t>(type));
    writer_.WriteU16(0);
    const std::size_t from = writer_.size();
    writer_.WriteBytes(value);
    End(from, end);
    passed_ = becomes;
  }
  template <std::size_t kDigestSize, typename Hasher>
  constexpr void AddTag(AttributeType type, std::size_t size, Passed becomes, Hasher& hmac) noexcept {
    if (!Begin(size == 0 ? 0 : internal::AttributeSize(size), becomes)) return;
    std::array<std::uint8_t, kDigestSize> digest{};
    if (!internal::HashUpTo(writer_.written(), writer_.size(), size, hmac, digest)) {
      ok_ = false;
      return;
    }
    AddBytes(type, Bytes(digest).first(size), internal::AttributeSize(size), becomes);
  }
  constexpr void StoreLength(std::size_t end) noexcept {
    StoreU16(writer_.written().data() + 2, static_cast<std::uint16_t>(end - kHeaderSize));
  }

  ByteWriter writer_;
  TransactionId id_;
  Passed passed_ = kNothing;
  bool ok_ = true;
};

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_MESSAGE_WRITER_H_
