#ifndef MEDIACORE_PLAYLIST_TAG_READER_H_
#define MEDIACORE_PLAYLIST_TAG_READER_H_

#include "mediacore/playlist/tags.h"

namespace mediacore::playlist::internal {

// digits[.digits] or .digits, times 10^decimals, rounded to the nearest.
[[nodiscard]] constexpr bool ParseFixed(std::string_view text, int decimals,
                                        std::int64_t& out) {
  std::string_view whole = TakeUntil(text, '.');
  if (whole.empty() && text.empty()) return false;
  std::uint64_t value = 0;
  if (!whole.empty() && !ParseDecimal(whole, kInt64Max, value)) return false;
  auto scaled = static_cast<std::int64_t>(value);
  for (int i = 0; i < decimals; ++i) scaled = SaturatingMultiply(scaled, 10);
  std::int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  std::int64_t fraction = 0;
  std::int64_t unit = scale;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    const std::int64_t digit = c - '0';
    if (unit == 1) fraction += digit >= 5;  // the first digit that is cut off
    unit /= 10;
    fraction += digit * unit;
  }
  scaled = SaturatingAdd(scaled, fraction);
  if (scaled == kInt64Max) return false;
  out = scaled;
  return true;
}

// length[@offset]
[[nodiscard]] constexpr bool ParseByteRange(std::string_view text,
                                            ByteRange& out) {
  const bool has_offset = text.find('@') != std::string_view::npos;
  ByteRange range;
  if (!ParseDecimal(TakeUntil(text, '@'), UINT64_MAX, range.length)) {
    return false;
  }
  if (has_offset) {
    std::uint64_t offset = 0;
    if (!ParseDecimal(text, UINT64_MAX - range.length, offset)) return false;
    range.offset = offset;
  }
  out = range;
  return true;
}

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

// The visitor that reads attributes. After it, missing() and bad() name the
// first attribute that is not there but must be, and the first whose value is
// not of its form.
class AttributeReader {
 public:
  constexpr explicit AttributeReader(const AttributeList& list) : list_(list) {}
  constexpr bool ok() const { return missing_.empty() && bad_.empty(); }
  constexpr std::string_view missing() const { return missing_; }
  constexpr std::string_view bad() const { return bad_; }  // its value

  constexpr void Quoted(std::string_view name, std::string_view& field) {
    OptionalQuoted(name, field);
    if (list_.Find(name).empty()) Missing(name);
  }
  constexpr void OptionalQuoted(std::string_view name,
                                std::string_view& field) {
    const std::string_view value = list_.Find(name);
    if (value.empty()) return;
    if (value[0] != '"') return Bad(value);
    field = value.substr(1, value.size() - 2);
  }
  constexpr void OptionalToken(std::string_view name, std::string_view& field) {
    const std::string_view value = list_.Find(name);
    if (value.empty()) return;
    if (value[0] == '"') return Bad(value);
    field = value;
  }
  constexpr void OptionalHex(std::string_view name, std::string_view& field) {
    OptionalToken(name, field);
    if (!field.empty() && !IsHex(field)) Bad(field);
  }
  constexpr void QuotedOrNone(std::string_view name, std::string_view& field,
                              bool& none) {
    none = list_.Find(name) == "NONE";
    if (!none) OptionalQuoted(name, field);
  }
  template <typename Table, typename E>
  constexpr void Enum(std::string_view name, const Table& table, E& field) {
    const std::string_view value = list_.Find(name);
    if (value.empty()) return Missing(name);
    for (const auto& [text, meaning] : table) {
      if (text == value) {
        field = meaning;
        return;
      }
    }
    Bad(value);
  }
  constexpr void Flag(std::string_view name, bool& field) {
    const std::string_view value = list_.Find(name);
    field = value == "YES";
    if (!field && !value.empty() && value != "NO") Bad(value);
  }
  constexpr void Integer(std::string_view name, auto& field) {
    Read(name, field, [](std::string_view text, std::uint64_t& out) {
      return ParseDecimal(text, UINT64_MAX, out);
    });
  }
  constexpr void Seconds(std::string_view name, auto& field) {
    Read(name, field, [](std::string_view text, TimeDelta& out) {
      std::int64_t us = 0;
      if (!ParseFixed(text, 6, us)) return false;
      out = TimeDelta::Micros(us);
      return true;
    });
  }
  constexpr void SignedSeconds(std::string_view name, auto& field) {
    Read(name, field, [](std::string_view text, TimeDelta& out) {
      const bool negative = text[0] == '-';
      std::int64_t us = 0;
      if (!ParseFixed(text.substr(negative), 6, us)) return false;
      out = TimeDelta::Micros(negative ? -us : us);
      return true;
    });
  }
  constexpr void Rate(std::string_view name, auto& field) {
    Read(name, field, [](std::string_view text, DataRate& out) {
      std::uint64_t bps = 0;
      if (!ParseDecimal(text, kInt64Max - 1, bps)) return false;
      out = DataRate::BitsPerSecond(static_cast<std::int64_t>(bps));
      return true;
    });
  }
  constexpr void Millionths(std::string_view name, auto& field) {
    Read(name, field, [](std::string_view text, std::int64_t& out) {
      return ParseFixed(text, 6, out);
    });
  }
  constexpr void Hertz(std::string_view name, auto& field) {
    Read(name, field, [](std::string_view text, Frequency& out) {
      std::int64_t millihertz = 0;
      if (!ParseFixed(text, 3, millihertz)) return false;
      out = Frequency::MilliHertz(millihertz);
      return true;
    });
  }
  constexpr void Size(std::string_view name, auto& field) {
    Read(name, field, [](std::string_view text, Resolution& out) {
      return ParseDecimal(TakeUntil(text, 'x'), UINT64_MAX, out.width) &&
             ParseDecimal(text, UINT64_MAX, out.height);
    });
  }
  constexpr void QuotedRange(std::string_view name, auto& field) {
    ReadQuoted(name, field, ParseByteRange);
  }
  constexpr void QuotedDate(std::string_view name, auto& field) {
    ReadQuoted(name, field, ParseDateTime);
  }
  constexpr void ClientAttributes(
      std::vector<DateRange::ClientAttribute>& field) {
    for (const auto& [name, value] : list_.attributes()) {
      if (name.starts_with("X-")) field.push_back({name, value});
    }
    if (!AreClientAttributes(field)) Bad(field.back().value);
  }

 private:
  constexpr void Missing(std::string_view name) {
    if (missing_.empty()) missing_ = name;
  }
  constexpr void Bad(std::string_view value) {
    if (bad_.empty()) bad_ = value;
  }
  template <typename T>
  constexpr void Read(std::string_view name, T& field, auto parse) {
    const std::string_view value = list_.Find(name);
    if (value.empty()) {
      if (!kIsOptional<T>) Missing(name);
      return;
    }
    bool good = false;
    if constexpr (kIsOptional<T>) {
      good = parse(value, field.emplace(typename T::value_type(Blank())));
    } else {
      good = parse(value, field);
    }
    if (!good) Bad(value);
  }
  // Starts any of the field types at nothing.
  struct Blank {
    constexpr operator std::uint64_t() const { return 0; }
    constexpr operator std::int64_t() const { return 0; }
    constexpr operator TimeDelta() const { return TimeDelta::Zero(); }
    constexpr operator DataRate() const { return DataRate::Zero(); }
    constexpr operator Frequency() const { return Frequency::Zero(); }
    constexpr operator Resolution() const { return {}; }
    constexpr operator ByteRange() const { return {}; }
    constexpr operator DateTime() const { return {}; }
  };
  template <typename T>
  constexpr void ReadQuoted(std::string_view name, std::optional<T>& field,
                            auto parse) {
    std::string_view value;
    OptionalQuoted(name, value);
    if (list_.Find(name).empty()) return;
    if (!parse(value, field.emplace())) Bad(list_.Find(name));
  }

  const AttributeList& list_;
  std::string_view missing_;
  std::string_view bad_;
};

}  // namespace mediacore::playlist::internal

#endif  // MEDIACORE_PLAYLIST_TAG_READER_H_
