#ifndef MEDIACORE_RTP_HEADER_EXTENSION_H_
#define MEDIACORE_RTP_HEADER_EXTENSION_H_

#include "mediacore/base/bytes.h"

namespace mediacore::rtp {

// How the extension block of a packet is to be read; each packet says so itself
// in the 16 bits "defined by profile", so a stream may mix the forms.
enum class ExtensionForm : std::uint8_t {
  kNone,     // the X bit is clear
  kOneByte,  // 0xBEDE (RFC 8285, section 4.2): ids 1-14, values of 1-16 bytes
  kTwoByte,  // 0x100x (section 4.3): ids 1-255, values of 0-255 bytes
  kOther,    // some other profile: a block of bytes without elements
};

inline constexpr std::uint16_t kOneByteProfile = 0xbede;
inline constexpr std::uint16_t kTwoByteProfile = 0x1000;  // low 4: appbits

constexpr ExtensionForm FormOfProfile(std::uint16_t profile) {
  if (profile == kOneByteProfile) return ExtensionForm::kOneByte;
  if ((profile & 0xfff0) == kTwoByteProfile) return ExtensionForm::kTwoByte;
  return ExtensionForm::kOther;
}

// One element of a header extension: a local id and the bytes behind it.
struct ExtensionElement {
  int id = 0;
  Bytes value;
};

// Walks over the elements of an extension block, in the order they lie.
//
//   ExtensionReader reader(form, block);
//   for (ExtensionElement element; reader.Next(element);) { ... }
//
//    one-byte form             two-byte form
//    0                         0                   1
//    0 1 2 3 4 5 6 7           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//   +-+-+-+-+-+-+-+-+- - -    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+- - -
//   |  id   | len-1 | value   |      id       |      len      | value
//   +-+-+-+-+-+-+-+-+- - -    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+- - -
//
// A zero byte where an element could begin is padding. In the one-byte form,
// id 15, and id 0 with a length, end the block (RFC 8285, section 4.2). An
// element that runs past the end of the block ends it too; what came before
// stands. Memory: four words, no heap. Time: linear in the block.
class ExtensionReader {
 public:
  constexpr ExtensionReader(ExtensionForm form, Bytes block) noexcept
      : data_(block.data()), one_byte_(form == ExtensionForm::kOneByte) {
    if (one_byte_ || form == ExtensionForm::kTwoByte) end_ = block.size();
  }

  // The next element; false, and `out` as it was, when there is none.
  [[nodiscard]] constexpr bool Next(ExtensionElement& out) noexcept {
    while (at_ < end_) {
      const unsigned first = data_[at_];
      if (first == 0) {
        ++at_;
        continue;
      }
      unsigned id = first;
      std::size_t value = at_ + 1;
      std::size_t size = 0;
      if (one_byte_) {
        if (first < 0x10 || first >= 0xf0) break;
        id = first >> 4;
        size = (first & 0x0f) + 1;
      } else {
        if (value == end_) break;
        size = data_[value++];
      }
      if (value + size > end_) break;
      at_ = value + size;
      out.id = static_cast<int>(id);
      out.value = Bytes(data_ + value, size);
      return true;
    }
    at_ = end_;
    return false;
  }

  // The value of the next element with this id; false, and `out` as it was,
  // when there is none.
  [[nodiscard]] constexpr bool Find(int id, Bytes& out) noexcept {
    if (one_byte_) return FindOneByte(id, out);
    for (ExtensionElement element; Next(element);) {
      if (element.id == id) {
        out = element.value;
        return true;
      }
    }
    return false;
  }

 private:
  // As Next() walks, in a loop that keeps to registers.
  constexpr bool FindOneByte(int id, Bytes& out) noexcept {
    const std::uint8_t* const data = data_;
    const std::size_t end = end_;
    std::size_t at = at_;
    while (at < end) {
      const unsigned head = data[at];
      if (head < 0x10 || head >= 0xf0) {
        if (head != 0) break;
        ++at;
        continue;
      }
      const std::size_t size = (head & 0x0f) + 1;
      if (size >= end - at) break;
      if (static_cast<int>(head >> 4) == id) {
        out = Bytes(data + at + 1, size);
        at_ = at + 1 + size;
        return true;
      }
      at += 1 + size;
    }
    at_ = end;
    return false;
  }

  const std::uint8_t* data_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  bool one_byte_;
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_HEADER_EXTENSION_H_
