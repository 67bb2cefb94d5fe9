#ifndef MEDIACORE_STUN_INTEGRITY_H_
#define MEDIACORE_STUN_INTEGRITY_H_

#include <concepts>
#include <span>

#include "mediacore/base/crc32.h"
#include "mediacore/stun/message_view.h"

namespace mediacore::stun {

// A hash, with its key inside where it has one: that of the parts, one behind
// the other, fills `digest`, which has the hash's size. False when it cannot.
// This ring has no cryptography; crypto::Hmac and crypto::Digest are such hashes:
//
//   auto hmac = crypto::Hmac::Create(crypto::HashAlgorithm::kSha1, password);
//   const auto verdict = stun::VerifyMessageIntegrity(*message, *hmac);
template <typename F>
concept Hash = requires(F& hash, std::span<const Bytes> parts, MutableBytes digest) {
  { hash(parts, digest) } -> std::same_as<bool>;
};

inline constexpr std::size_t kSha1Size = 20;
inline constexpr std::size_t kSha256Size = 32;
inline constexpr std::size_t kMinSha256Size = 16;  // of a truncated tag
inline constexpr std::size_t kFingerprintSize = 4;

// What the tags of a message say.
enum class Verdict : std::uint8_t {
  kValid,
  kAbsent,      // there is no such tag
  kWrongSize,   // of a size that it does not have, or shorter than asked for
  kMisplaced,   // FINGERPRINT is not the last attribute
  kMismatch,    // computed with this key it is another
  kHashFailed,  // the hash could not be computed
};
inline constexpr int kVerdictCount = 6;

constexpr std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kValid: return "valid";
    case Verdict::kAbsent: return "absent";
    case Verdict::kWrongSize: return "wrong size";
    case Verdict::kMisplaced: return "misplaced";
    case Verdict::kMismatch: return "mismatch";
    case Verdict::kHashFailed: return "hash failed";
  }
  return "unknown";
}

// Whether two tags are the same, in a time that does not tell where they differ.
constexpr bool EqualInConstantTime(Bytes a, Bytes b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

namespace internal {

// The tag covers what lies before its attribute, with a header whose length says
// that the message ends with it (RFC 8489, section 14.5).
template <Hash Hasher>
constexpr bool HashUpTo(Bytes message, std::size_t offset, std::size_t tag_size, Hasher& hash, MutableBytes digest) {
  std::array<std::uint8_t, 4> head = {message[0], message[1], 0, 0};
  StoreU16(head.data() + 2, static_cast<std::uint16_t>(offset + 4 + tag_size - kHeaderSize));
  const std::array<Bytes, 2> parts = {Bytes(head), message.subspan(4, offset - 4)};
  return hash(std::span<const Bytes>(parts), digest);
}

template <std::size_t kDigestSize, Hash Hasher>
constexpr Verdict VerifyTag(const MessageView& message, AttributeType type, std::size_t min_size, std::size_t max_size,
                            Hasher& hash) {
  Attribute tag;
  if (!message.Find(type, tag)) return Verdict::kAbsent;
  const std::size_t size = tag.value.size();
  if (size < min_size || size > max_size || size % 4 != 0) return Verdict::kWrongSize;
  std::array<std::uint8_t, kDigestSize> digest{};
  if (!HashUpTo(message.bytes(), tag.offset, size, hash, digest)) return Verdict::kHashFailed;
  return EqualInConstantTime(tag.value, Bytes(digest).first(size)) ? Verdict::kValid : Verdict::kMismatch;
}

inline constexpr std::uint32_t kFingerprintMask = 0x5354554e;  // "STUN"
constexpr std::uint32_t FingerprintOf(Bytes covered) { return Crc32(covered) ^ kFingerprintMask; }

}  // namespace internal

// MESSAGE-INTEGRITY (RFC 8489, section 14.5): `hmac` is HMAC-SHA1 with the key,
// which of short-term credentials and ICE is the password.
template <Hash Hasher>
[[nodiscard]] constexpr Verdict VerifyMessageIntegrity(const MessageView& message, Hasher&& hmac) {
  return internal::VerifyTag<kSha1Size>(message, AttributeType::kMessageIntegrity, kSha1Size, kSha1Size, hmac);
}
// MESSAGE-INTEGRITY-SHA256 (section 14.6): `hmac` is HMAC-SHA256. A usage that
// allows truncated tags says from which size on, a multiple of 4 from 16.
template <Hash Hasher>
[[nodiscard]] constexpr Verdict VerifyMessageIntegritySha256(const MessageView& message, Hasher&& hmac,
                                                             std::size_t min_size = kSha256Size) {
  return internal::VerifyTag<kSha256Size>(message, AttributeType::kMessageIntegritySha256,
                                          std::max(min_size, kMinSha256Size), kSha256Size, hmac);
}
// The first 4 bytes of MESSAGE-INTEGRITY, as libwebrtc puts them into GOOG-PING.
template <Hash Hasher>
[[nodiscard]] constexpr Verdict VerifyGoogMessageIntegrity32(const MessageView& message, Hasher&& hmac) {
  return internal::VerifyTag<kSha1Size>(message, AttributeType::kGoogMessageIntegrity32, 4, 4, hmac);
}

// FINGERPRINT (section 14.7): CRC-32 of all that lies before it, the last
// attribute of the message. It tells STUN from other packets, not friend from foe.
[[nodiscard]] constexpr Verdict VerifyFingerprint(const MessageView& message) {
  Attribute tag;
  if (!message.Find(AttributeType::kFingerprint, tag)) return Verdict::kAbsent;
  if (tag.value.size() != kFingerprintSize) return Verdict::kWrongSize;
  if (tag.offset + 4 + kFingerprintSize != message.size()) return Verdict::kMisplaced;
  const std::uint32_t expected = internal::FingerprintOf(message.bytes().first(tag.offset));
  return LoadU32(tag.value.data()) == expected ? Verdict::kValid : Verdict::kMismatch;
}

// The key of long-term credentials (section 9.2.2): `hash` without a key, MD5 or
// SHA-256, fills the 16 or 32 bytes of `key`. Realm and password as OpaqueString
// (RFC 8265) has prepared them.
template <Hash Hasher>
[[nodiscard]] constexpr bool MakeLongTermKey(Bytes username, Bytes realm, Bytes password, Hasher&& hash,
                                             MutableBytes key) {
  constexpr std::array<std::uint8_t, 1> kColon = {':'};
  const std::array<Bytes, 5> parts = {username, kColon, realm, kColon, password};
  return hash(std::span<const Bytes>(parts), key);
}
// The value of USERHASH (section 14.4); `sha256` without a key.
template <Hash Hasher>
[[nodiscard]] constexpr bool MakeUserhash(Bytes username, Bytes realm, Hasher&& sha256,
                                          std::span<std::uint8_t, kSha256Size> userhash) {
  constexpr std::array<std::uint8_t, 1> kColon = {':'};
  const std::array<Bytes, 3> parts = {username, kColon, realm};
  return sha256(std::span<const Bytes>(parts), userhash);
}

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_INTEGRITY_H_
