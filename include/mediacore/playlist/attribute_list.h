#ifndef MEDIACORE_PLAYLIST_ATTRIBUTE_LIST_H_
#define MEDIACORE_PLAYLIST_ATTRIBUTE_LIST_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mediacore::playlist {

// Why text is not an attribute list, in the order the parser looks.
enum class AttributeError : std::uint8_t {
  kMalformed,  // not NAME=value, NAME=value, …
  kTooMany,    // more than AttributeList::kMaxSize
  kRepeated,   // a name twice
};

constexpr std::string_view ToString(AttributeError error) {
  switch (error) {
    case AttributeError::kMalformed: return "attribute list: malformed";
    case AttributeError::kTooMany: return "attribute list: too many attributes";
    case AttributeError::kRepeated: return "attribute list: repeated attribute";
  }
  return "attribute list: unknown";
}

// The attributes of one tag (section 4.2): NAME=value pairs between commas,
// without white space. Points into the caller's text; 2 KiB, no heap. One
// object can parse one list after another.
//
//   AttributeList list;
//   if (!list.Parse("TYPE=PART,URI=\"a.mp4\"")) … list.error() …
//   list.Find("URI")   // "a.mp4" with its quotes; empty: there is none
class AttributeList {
 public:
  static constexpr std::size_t kMaxSize = 64;
  struct Attribute {
    std::string_view name;
    std::string_view value;  // never empty; with its quotes if it is quoted
  };

  [[nodiscard]] constexpr bool Parse(std::string_view text) noexcept {
    size_ = 0;
    std::size_t at = 0;
    do {
      const std::size_t start = at;
      while (at < text.size() && IsNameCharacter(text[at])) ++at;
      if (at == start || at == text.size() || text[at] != '=') {
        return Fail(AttributeError::kMalformed, at);
      }
      const std::string_view name = text.substr(start, at - start);
      const std::size_t value = ++at;
      if (at < text.size() && text[at] == '"') {
        at = text.find('"', at + 1);
        if (at == std::string_view::npos) {
          return Fail(AttributeError::kMalformed, value);
        }
        ++at;
      } else {
        while (at < text.size() && IsTokenCharacter(text[at])) ++at;
      }
      if (at == value || (at < text.size() && text[at] != ',')) {
        return Fail(AttributeError::kMalformed, at);
      }
      if (size_ == kMaxSize) return Fail(AttributeError::kTooMany, start);
      if (!Find(name).empty()) return Fail(AttributeError::kRepeated, start);
      attributes_[size_++] = {name, text.substr(value, at - value)};
    } while (at++ < text.size());
    return true;
  }

  // After Parse() said false: why, and at which byte of its text.
  constexpr AttributeError error() const noexcept { return error_; }
  constexpr std::size_t error_offset() const noexcept { return error_offset_; }

  constexpr std::span<const Attribute> attributes() const noexcept {
    return std::span(attributes_).first(size_);
  }
  constexpr std::string_view Find(std::string_view name) const noexcept {
    for (const Attribute& attribute : attributes()) {
      if (attribute.name == name) return attribute.value;
    }
    return {};
  }

  // What a name and an unquoted value may hold.
  static constexpr bool IsNameCharacter(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  }
  static constexpr bool IsTokenCharacter(char c) noexcept {
    return c != ',' && c != '"' && c != ' ' && c != '\t';
  }

 private:
  constexpr bool Fail(AttributeError error, std::size_t offset) noexcept {
    error_ = error;
    error_offset_ = offset;
    return false;
  }

  std::array<Attribute, kMaxSize> attributes_{};
  std::size_t size_ = 0;
  AttributeError error_ = AttributeError::kMalformed;
  std::size_t error_offset_ = 0;
};

}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_ATTRIBUTE_LIST_H_
