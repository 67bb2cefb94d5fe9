#ifndef MEDIACORE_STUN_ATTRIBUTE_READER_H_
#define MEDIACORE_STUN_ATTRIBUTE_READER_H_

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
// after FINGERPRINT, which is the last one (sections 14.5 to 14.7). An
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
    while (at_ < end_ && end_ - at_ >= 4) {
      const auto type = static_cast<AttributeType>(LoadU16(data_ + at_));
      const std::size_t size = LoadU16(data_ + at_ + 2);
      if (size > end_ - at_ - 4) break;
      const std::size_t offset = at_;
      // The padding of the last one may be missing where bytes are not a message.
      at_ += 4 + PaddedSize(size);
      if (!Shows(type)) continue;
      out.type = type;
      out.value = Bytes(data_ + offset + 4, size);
      out.offset = offset;
      return true;
    }
    at_ = end_;
    return false;
  }

  // The next attribute of this type; false, and `out` as it was, when there is
  // none.
  [[nodiscard]] constexpr bool Find(AttributeType type, Attribute& out) noexcept {
    for (Attribute attribute; Next(attribute);) {
      if (attribute.type != type) continue;
      out = attribute;
      return true;
    }
    return false;
  }

 private:
  // What has been passed, from the weakest to the last word of a message.
  enum Passed : std::uint8_t { kNothing, kIntegrity, kIntegritySha256, kFingerprint };

  constexpr bool Shows(AttributeType type) noexcept {
    Passed becomes = kNothing;
    switch (type) {
      case AttributeType::kMessageIntegrity: becomes = kIntegrity; break;
      case AttributeType::kMessageIntegritySha256: becomes = kIntegritySha256; break;
      case AttributeType::kFingerprint: becomes = kFingerprint; break;
      default: return passed_ == kNothing;
    }
    if (becomes <= passed_) return false;
    passed_ = becomes;
    return true;
  }

  const std::uint8_t* data_;
  std::size_t at_;
  std::size_t end_;
  Passed passed_ = kNothing;
};

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_ATTRIBUTE_READER_H_
