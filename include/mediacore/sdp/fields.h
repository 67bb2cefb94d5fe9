#ifndef MEDIACORE_SDP_FIELDS_H_
#define MEDIACORE_SDP_FIELDS_H_

#include <string_view>

#include "mediacore/base/identifiers.h"
#include "mediacore/base/text.h"
#include "mediacore/base/text_sink.h"

// What lines and attributes are made of: fields with one character between
// them, and the printer that keeps each in its place.
namespace mediacore::sdp {

// Token of RFC 8866, section 9: letters, digits and some marks.
constexpr bool IsToken(std::string_view text) {
  bool good = !text.empty();
  for (const char c : text) good = good && mediacore::internal::MidTag::Allows(c);
  return good;
}

// Fields in a row, such as "0 1 2", in somebody else's text. Total.
//
//   for (const std::string_view mid : group.mids) …
template <char kMark>
class FieldList {
 public:
  class Iterator {
   public:
    constexpr explicit Iterator(std::string_view text) : rest_(text) { ++*this; }
    constexpr std::string_view operator*() const { return field_; }
    constexpr Iterator& operator++() {
      more_ = !rest_.empty();
      field_ = TakeUntil(rest_, kMark);
      return *this;
    }
    constexpr void operator++(int) { ++*this; }
    constexpr bool operator==(std::default_sentinel_t) const { return !more_; }

   private:
    std::string_view rest_;
    std::string_view field_;
    bool more_ = false;
  };

  constexpr FieldList() = default;
  constexpr explicit FieldList(std::string_view text) : text_(text) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool empty() const { return text_.empty(); }
  constexpr Iterator begin() const { return Iterator(text_); }
  constexpr std::default_sentinel_t end() const { return {}; }
  constexpr std::size_t Count() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const std::string_view field : *this) ++count;
    return count;
  }
  constexpr bool Has(std::string_view wanted) const {
    for (const std::string_view field : *this) {
      if (field == wanted) return true;
    }
    return false;
  }
  // At least one field, none of them empty.
  constexpr bool IsGood() const {
    char before = kMark;
    for (const char c : text_) {
      if (c == kMark && before == kMark) return false;
      before = c;
    }
    return before != kMark;
  }
  constexpr bool operator==(const FieldList&) const = default;

 private:
  std::string_view text_;
};
using Words = FieldList<' '>;
using CommaList = FieldList<','>;

// Whether `text` can be one of several fields in a line.
constexpr bool IsWord(std::string_view text) {
  return !text.empty() && FindMark(text, ' ') == text.size();
}

// Prints fields into a sink of text_sink.h. What cannot stand where it would
// stand makes ok() false, once and for all.
template <typename Sink>
class Printer {
 public:
  constexpr explicit Printer(Sink& sink) : sink_(sink) {}
  constexpr bool ok() const { return ok_ && sink_.ok(); }

  // What the grammar says: separators and keywords.
  constexpr void Literal(std::string_view text) { sink_.Append(text); }
  constexpr void Number(std::uint64_t value) { AppendDecimal(sink_, value); }
  // A number of at most `max`, at least `min`.
  constexpr void Number(std::uint64_t value, std::uint64_t min, std::uint64_t max) {
    Require(value >= min && value <= max);
    Number(value);
  }
  // Anything that stays in its line.
  constexpr void Text(std::string_view text) {
    bool bad = false;
    for (const char c : text) bad |= c == '\0' || c == '\r' || c == '\n';
    Require(!bad);
    sink_.Append(text);
  }
  // A field that ends at a space, or at `mark`.
  constexpr void Word(std::string_view text, char mark = ' ') {
    Require(IsWord(text) && text.find(mark) == std::string_view::npos);
    Text(text);
  }
  constexpr void Token(std::string_view text) {
    Require(IsToken(text));
    sink_.Append(text);
  }
  template <char kMark>
  constexpr void List(FieldList<kMark> list) {
    Require(list.IsGood() && (kMark == ' ' || IsWord(list.text())));
    Text(list.text());
  }
  constexpr void Require(bool condition) { ok_ = ok_ && condition; }

 private:
  Sink& sink_;
  bool ok_ = true;
};

namespace internal {
// Prints twice: to know that it can be and how long it is, then in its place.
template <typename Print>
[[nodiscard]] constexpr bool PrintedSize(const Print& print, std::size_t& size) {
  CountSink count;
  Printer printer(count);
  print(printer);
  size = count.size();
  return printer.ok();
}
template <typename Print>
[[nodiscard]] constexpr bool PrintInto(const Print& print, std::span<char> out, std::size_t& size) {
  std::size_t needed = 0;
  if (!PrintedSize(print, needed) || needed > out.size()) return false;
  SpanSink sink(out);
  Printer printer(sink);
  print(printer);
  size = needed;
  return true;
}
template <typename Print>
[[nodiscard]] bool PrintInto(const Print& print, std::string& out) {
  std::size_t needed = 0;
  if (!PrintedSize(print, needed)) return false;
  out.reserve(out.size() + needed);
  StringSink sink(out);
  Printer printer(sink);
  print(printer);
  return true;
}
}  // namespace internal

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_FIELDS_H_
