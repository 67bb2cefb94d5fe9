#ifndef MEDIACORE_BASE_TEXT_H_
#define MEDIACORE_BASE_TEXT_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace mediacore {

// Why a document made of lines was refused, and where: what a parser of SDP or
// of a playlist gives back. `offset` counts bytes from 0, `line` lines from 1.
template <typename Cause>
struct DocumentError {
  Cause cause;
  std::size_t offset;
  std::size_t line;
  constexpr bool operator==(const DocumentError&) const = default;
};

// Walks over the lines of a text it does not own. Lines end with LF or CR LF;
// the last one may end with the text. A CR elsewhere belongs to its line.
class LineReader {
 public:
  constexpr explicit LineReader(std::string_view text) noexcept : text_(text) {}

  // The next line without its end; false when there is none.
  [[nodiscard]] constexpr bool ReadLine(std::string_view& line) noexcept {
    if (next_ >= text_.size()) return false;
    offset_ = next_;
    ++number_;
    std::size_t end = text_.find('\n', next_);
    if (end == std::string_view::npos) end = text_.size();
    next_ = end + 1;
    if (end > offset_ && end < text_.size() && text_[end - 1] == '\r') --end;
    line = text_.substr(offset_, end - offset_);
    return true;
  }
  // Of the line last read: its first byte, and its number from 1.
  constexpr std::size_t offset() const noexcept { return offset_; }
  constexpr std::size_t number() const noexcept { return number_; }

 private:
  std::string_view text_;
  std::size_t next_ = 0;
  std::size_t offset_ = 0;
  std::size_t number_ = 0;
};

// A whole number in decimal digits and nothing else, 0 to `max`. Leading zeros
// are taken. False, and `out` as it was, for anything else.
[[nodiscard]] constexpr bool ParseDecimal(std::string_view text,
                                          std::uint64_t max,
                                          std::uint64_t& out) noexcept {
  if (text.empty()) return false;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit) return false;
    value = value * 10 + digit;
  }
  if (value > max) return false;
  out = value;
  return true;
}

// Where the first `mark` is; size() when there is none. Looks at eight bytes at
// a time: between fields, which are short, faster than a call of memchr().
constexpr std::size_t FindMark(std::string_view text, char mark) noexcept {
  std::size_t at = 0;
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t kEachByte = 0x0101010101010101;
    const std::uint64_t marks = kEachByte * static_cast<unsigned char>(mark);
    while (!std::is_constant_evaluated() && text.size() - at >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, text.data() + at, 8);
      eight ^= marks;
      const std::uint64_t zeros = (eight - kEachByte) & ~eight & kEachByte << 7;
      if (zeros != 0) return at + static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
      at += 8;
    }
  }
  while (at < text.size() && text[at] != mark) ++at;
  return at;
}

// Takes what stands before the first `mark` off the front of `text`, the mark
// too; all of it when there is no mark.
constexpr std::string_view TakeUntil(std::string_view& text,
                                     char mark) noexcept {
  const std::size_t at = FindMark(text, mark);
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at == text.size() ? at : at + 1);
  return head;
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_TEXT_H_
