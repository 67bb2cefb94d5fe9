#ifndef MEDIACORE_MUX_EBML_H_
#define MEDIACORE_MUX_EBML_H_

#include <bit>
#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::mux {

// A size that is not said: the element goes on until one comes that cannot be in it.
inline constexpr std::uint64_t kEbmlUnknownSize = ~std::uint64_t{0};
inline constexpr std::uint64_t kEbmlMaxSize = (std::uint64_t{1} << 56) - 2;
inline constexpr std::size_t kEbmlMaxHeadSize = 12;

// Why bytes do not begin with an EBML element, in the order looked at.
enum class EbmlError : std::uint8_t {
  kTooShort,     // the ID or size is cut
  kBadId,        // longer than 4 bytes, longer than it need be, or reserved
  kBadSize,      // longer than 8 bytes
  kUnknownSize,  // EbmlElement: its end is not said
  kTruncated,    // EbmlElement: it runs past the end
};

constexpr std::string_view ToString(EbmlError error) {
  switch (error) {
    case EbmlError::kTooShort: return "ebml: too short";
    case EbmlError::kBadId: return "ebml: bad element id";
    case EbmlError::kBadSize: return "ebml: bad element size";
    case EbmlError::kUnknownSize: return "ebml: element of unknown size";
    case EbmlError::kTruncated: return "ebml: truncated";
  }
  return "ebml: unknown";
}

// A number whose leading zero bits say how many bytes it has, 1 to 8 (RFC 8794,
// section 4): 1xxxxxxx, 01xxxxxx xxxxxxxx, and so on. All x set is reserved.
struct EbmlVint {
  std::uint64_t value = 0;  // the x
  std::size_t size = 0;

  // Whether all bits that can be are set: as a size, unknown.
  constexpr bool all_ones() const { return value == (std::uint64_t{1} << (7 * size)) - 1; }

  // False: cut, or longer than 8 bytes (a first byte of 0).
  [[nodiscard]] static constexpr bool Read(Bytes bytes, EbmlVint& out) noexcept {
    if (bytes.empty()) return false;
    const auto size = static_cast<std::size_t>(std::countl_zero(bytes[0])) + 1;
    if (size > 8 || bytes.size() < size) return false;
    std::uint64_t value = bytes[0] & (0xffu >> size);
    for (std::size_t i = 1; i < size; ++i) value = value << 8 | bytes[i];
    out = {value, size};
    return true;
  }
  // In how many bytes `value` goes, to kEbmlMaxSize: all ones mean something else.
  static constexpr std::size_t SizeOf(std::uint64_t value) noexcept {
    std::size_t size = 1;
    while (size < 8 && value >= (std::uint64_t{1} << (7 * size)) - 1) ++size;
    return size;
  }
  // `size` is SizeOf(value) or more.
  static constexpr void Write(std::uint64_t value, std::size_t size, std::uint8_t* to) noexcept {
    for (std::size_t i = size; i-- > 0; value >>= 8) to[i] = static_cast<std::uint8_t>(value);
    to[0] = static_cast<std::uint8_t>(to[0] | 0x80u >> (size - 1));
  }
};

// What stands in front of an element's bytes (RFC 8794, section 6): ID and size. The
// ID is written with its length marker, as everywhere: 0x1a45dfa3.
struct EbmlHead {
  std::uint32_t id = 0;
  std::size_t head_size = 0;  // of ID and size
  std::uint64_t size = 0;     // of what follows, or kEbmlUnknownSize

  constexpr bool operator==(const EbmlHead&) const = default;

  static constexpr Expected<EbmlHead, EbmlError> Parse(Bytes bytes) noexcept {
    if (bytes.empty()) return EbmlError::kTooShort;
    if (bytes[0] < 0x10) return EbmlError::kBadId;
    EbmlVint id;
    if (!EbmlVint::Read(bytes, id)) return EbmlError::kTooShort;
    if (id.value == 0 || id.all_ones() || id.size != EbmlVint::SizeOf(id.value)) return EbmlError::kBadId;
    const Bytes rest = bytes.subspan(id.size);
    if (rest.empty()) return EbmlError::kTooShort;
    if (rest[0] == 0) return EbmlError::kBadSize;
    EbmlVint size;
    if (!EbmlVint::Read(rest, size)) return EbmlError::kTooShort;
    return EbmlHead{static_cast<std::uint32_t>(id.value | std::uint64_t{1} << (7 * id.size)), id.size + size.size,
                    size.all_ones() ? kEbmlUnknownSize : size.value};
  }
};

// One element that lies whole in memory, seen in place.
class EbmlElement {
 public:
  // Takes one off the front. On error `reader` is unchanged; on success it has moved by at
  // least 2 bytes, so a loop over it ends. Elements within are taken from body().
  static constexpr Expected<EbmlElement, EbmlError> TakeFrom(ByteReader& reader) noexcept {
    const auto head = EbmlHead::Parse(reader.rest());
    if (!head) return head.error();
    if (head->size == kEbmlUnknownSize) return EbmlError::kUnknownSize;
    const Bytes rest = reader.rest().subspan(head->head_size);
    if (rest.size() < head->size) return EbmlError::kTruncated;
    const auto size = static_cast<std::size_t>(head->size);
    if (!reader.Skip(head->head_size + size)) return EbmlError::kTruncated;
    return EbmlElement(head->id, rest.first(size));
  }

  constexpr std::uint32_t id() const { return id_; }
  constexpr Bytes body() const { return body_; }

  // What body() says by its type; false, and `out` untouched, when it is none of the type. One
  // without bytes is 0, or no text.
  [[nodiscard]] constexpr bool ReadUnsigned(std::uint64_t& out) const noexcept {
    if (body_.size() > 8) return false;
    std::uint64_t value = 0;
    for (const std::uint8_t byte : body_) value = value << 8 | byte;
    out = value;
    return true;
  }
  [[nodiscard]] constexpr bool ReadSigned(std::int64_t& out) const noexcept {
    std::uint64_t value = 0;
    if (!ReadUnsigned(value)) return false;
    const std::size_t bits = 8 * body_.size();
    if (bits > 0 && bits < 64 && (value >> (bits - 1) & 1) != 0) value |= ~std::uint64_t{0} << bits;
    out = static_cast<std::int64_t>(value);
    return true;
  }
  [[nodiscard]] constexpr bool ReadFloat(double& out) const noexcept {
    if (body_.size() != 0 && body_.size() != 4 && body_.size() != 8) return false;
    out = body_.empty()       ? 0.0
          : body_.size() == 4 ? static_cast<double>(std::bit_cast<float>(LoadU32(body_.data())))
                              : std::bit_cast<double>(LoadU64(body_.data()));
    return true;
  }
  // Up to the first zero byte.
  constexpr Bytes text() const {
    std::size_t size = 0;
    while (size < body_.size() && body_[size] != 0) ++size;
    return body_.first(size);
  }

  constexpr EbmlElement(std::uint32_t id, Bytes body) : id_(id), body_(body) {}

 private:
  std::uint32_t id_;
  Bytes body_;
};

// Writes elements one after the other and into one another.
//
//   EbmlWriter writer(out);
//   const std::size_t info = writer.Begin(0x1549a966);
//   writer.Unsigned(0x2ad7b1, 1'000'000);
//   writer.End(info);
//   if (writer.ok()) Use(out.first(writer.size()));
//
// What does not fit is counted only: with an empty `out` size() says what is needed.
class EbmlWriter {
 public:
  constexpr explicit EbmlWriter(MutableBytes out) noexcept : out_(out) {}

  constexpr bool ok() const { return at_ <= out_.size(); }
  constexpr std::size_t size() const { return at_; }

  constexpr void Unsigned(std::uint32_t id, std::uint64_t value) noexcept {
    std::size_t size = 1;
    while (size < 8 && value >> (8 * size) != 0) ++size;
    Head(id, size);
    for (std::size_t i = size; i-- > 0;) Byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  constexpr void Signed(std::uint32_t id, std::int64_t value) noexcept {
    std::size_t size = 1;
    while (size < 8 && value >> (8 * size - 1) != 0 && value >> (8 * size - 1) != -1) ++size;
    Head(id, size);
    for (std::size_t i = size; i-- > 0;) Byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  constexpr void Float(std::uint32_t id, double value) noexcept {
    Head(id, 8);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 56; shift >= 0; shift -= 8) Byte(static_cast<std::uint8_t>(bits >> shift));
  }
  constexpr void Text(std::uint32_t id, std::string_view text) noexcept {
    Head(id, text.size());
    for (const char c : text) Byte(static_cast<std::uint8_t>(c));
  }
  constexpr void Binary(std::uint32_t id, Bytes bytes) noexcept {
    Head(id, bytes.size());
    Raw(bytes);
  }
  constexpr void Raw(Bytes bytes) noexcept {
    if (at_ <= out_.size() && bytes.size() <= out_.size() - at_) {
      std::copy_n(bytes.data(), bytes.size(), out_.data() + at_);
    }
    at_ += bytes.size();
  }

  // An element of others, to 268 MB; what it gives is for End().
  constexpr std::size_t Begin(std::uint32_t id) noexcept {
    Id(id);
    at_ += kBeginSize;
    return at_;
  }
  constexpr void End(std::size_t begin) noexcept {
    if (begin <= out_.size()) EbmlVint::Write(at_ - begin, kBeginSize, out_.data() + begin - kBeginSize);
  }
  // One whose end is not said yet: 8 bytes of size, the last of its head.
  constexpr void BeginUnknown(std::uint32_t id) noexcept {
    Id(id);
    Byte(0x01);
    for (int i = 0; i < 7; ++i) Byte(0xff);
  }
  constexpr void Head(std::uint32_t id, std::uint64_t size) noexcept {
    Id(id);
    std::uint8_t bytes[8] = {};
    const std::size_t count = EbmlVint::SizeOf(size);
    EbmlVint::Write(size, count, bytes);
    Raw(Bytes(bytes, count));
  }

 private:
  static constexpr std::size_t kBeginSize = 4;

  constexpr void Byte(std::uint8_t byte) noexcept {
    if (at_ < out_.size()) out_[at_] = byte;
    ++at_;
  }
  constexpr void Id(std::uint32_t id) noexcept {
    for (int shift = 24; shift >= 0; shift -= 8) {
      if (id >> shift != 0) Byte(static_cast<std::uint8_t>(id >> shift));
    }
  }

  MutableBytes out_;
  std::size_t at_ = 0;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_EBML_H_
