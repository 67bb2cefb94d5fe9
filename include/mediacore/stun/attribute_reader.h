#ifndef MEDIACORE_STUN_ATTRIBUTE_READER_H_
#define MEDIACORE_STUN_ATTRIBUTE_READER_H_

#include <algorithm>

#include "mediacore/base/bytes.h"
#include "mediacore/stun/attribute_type.h"

namespace mediacore::stun {

// One attribute of a message: its type, its value without padding, and where in
// what was read it begins.
struct Attribute {
  AttributeType type{};
  Bytes value;
  std::size_t offset = 0;
};

// Bytes of a value and of what fills it up to a multiple of four.
constexpr std::size_t PaddedSize(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

// Walks over the attributes of a message, in the order they lie (RFC 8489,
// section 14):
//
//   AttributeReader reader = message->reader();
//   for (Attribute attribute; reader.Next(attribute);) { ... }
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |             Type              |            Length             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                 Value, padded to a multiple of 4              :
//
// What follows MESSAGE-INTEGRITY is not covered by it, so anybody on the way could have
// put it there: of that only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT are shown,
// of what follows MESSAGE-INTEGRITY-SHA256 only FINGERPRINT, and nothing
// after FINGERPRINT, which is the last one (sections 14.5 to 14.7). Of what
// follows libwebrtc's GOOG-MESSAGE-INTEGRITY-32 only those three are shown. An
// attribute that runs past the end is not shown and ends the walk. Memory: four
// words, no heap. Time: linear in the bytes.
class AttributeReader {
 public:
  // `bytes` are a message from its first byte, or attributes alone with
  // `first` 0; what lies before `first` is not looked at.
  constexpr AttributeReader(Bytes bytes, std::size_t first) noexcept
      : data_(bytes.data()), at_(first), end_(bytes.size()) {}

  // The next attribute; false, and `out` as it was, when there is none.
  [[nodiscard]] constexpr bool Next(Attribute& out) noexcept {
    while (at_ + 4 <= end_) {
      const std::size_t offset = at_;
      const auto type = static_cast<AttributeType>(LoadU16(data_ + offset));
      const std::size_t size = LoadU16(data_ + offset + 2);
      if (size > end_ - offset - 4) break;
      // Where bytes are not a whole message, the padding of the last may be missing.
      at_ = offset + 4 + PaddedSize(size);
      const Rank rank = RankOf(type);
      if (!Shows(rank)) continue;
      passed_ = std::max(passed_, rank);
      out.type = type;
      out.value = Bytes(data_ + offset + 4, size);
      out.offset = offset;
      return true;
    }
    at_ = end_;
    return false;
  }

  // The next attribute of this type; false, and `out` as it was, when there is
  // none. In a loop that keeps to registers, and no further than a tag behind
  // which it would not be shown.
  [[nodiscard]] constexpr bool Find(AttributeType wanted, Attribute& out) noexcept {
    const std::uint8_t* const data = data_;
    const Rank wanted_rank = RankOf(wanted);
    std::size_t at = Shows(wanted_rank) ? at_ : end_;
    while (at + 4 <= end_) {
      const auto type = static_cast<AttributeType>(LoadU16(data + at));
      const std::size_t size = LoadU16(data + at + 2);
      if (size > end_ - at - 4) break;
      if (type == wanted) {
        passed_ = std::max(passed_, wanted_rank);
        out.type = type;
        out.value = Bytes(data + at + 4, size);
        out.offset = at;
        at_ = at + 4 + PaddedSize(size);
        return true;
      }
      if (RankOf(type) > wanted_rank) break;
      at += 4 + PaddedSize(size);
    }
    at_ = end_;
    return false;
  }

 private:
  // From what may stand anywhere to the last word of a message.
  enum Rank : std::uint8_t { kPlain, kGoogIntegrity32, kIntegrity, kIntegritySha256, kFingerprint };

  static constexpr Rank RankOf(AttributeType type) {
    if (type == AttributeType::kGoogMessageIntegrity32) return kGoogIntegrity32;
    if (type == AttributeType::kMessageIntegrity) return kIntegrity;
    if (type == AttributeType::kMessageIntegritySha256) return kIntegritySha256;
    return type == AttributeType::kFingerprint ? kFingerprint : kPlain;
  }
  constexpr bool Shows(Rank rank) const { return passed_ == kPlain || rank > passed_; }

  const std::uint8_t* data_;
  std::size_t at_;
  std::size_t end_;
  Rank passed_ = kPlain;
};

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_ATTRIBUTE_READER_H_
