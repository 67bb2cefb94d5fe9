#ifndef MEDIACORE_PLAYLIST_TAG_PRINTER_H_
#define MEDIACORE_PLAYLIST_TAG_PRINTER_H_

#include "mediacore/base/text_sink.h"
#include "mediacore/playlist/tags.h"

namespace mediacore::playlist::internal {

// Prints tags and is the visitor that prints attributes.
template <typename Sink>
class TagPrinter {
 public:
  explicit TagPrinter(Sink& sink) : sink_(sink) {}
  bool ok() const { return ok_ && sink_.ok(); }
  void Refuse() { ok_ = false; }

  // "#NAME" alone.
  void Line(Tag tag) {
    sink_.Append(Name(tag));
    sink_.Append("\n");
  }
  void IntegerLine(Tag tag, std::uint64_t value) {
    Open(tag);
    Number(value);
    sink_.Append("\n");
  }
  template <typename T>
  void ListLine(Tag tag, const T& fields) {
    Open(tag);
    Describe(*this, fields);
    sink_.Append("\n");
  }
  void Open(Tag tag) {
    sink_.Append(Name(tag));
    sink_.Append(":");
    first_ = true;
  }
  void Close() { sink_.Append("\n"); }
  // A line, or the end of one, that is the caller's text.
  void Text(std::string_view text) {
    if (text.find_first_of("\r\n") != std::string_view::npos) ok_ = false;
    sink_.Append(text);
    sink_.Append("\n");
  }
  void UriLine(std::string_view uri) {
    if (uri.empty() || uri[0] == '#') ok_ = false;
    Text(uri);
  }
  void Number(std::uint64_t value) { AppendDecimal(sink_, value); }
  // value / 10^decimals.
  void Fixed(std::int64_t value, int decimals) {
    if (value < 0 || value == kInt64Max) {
      ok_ = false;
      return;
    }
    char digits[24];
    std::size_t at = sizeof digits;
    int printed = 0;
    do {
      if (printed++ == decimals) digits[--at] = '.';
      digits[--at] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0 || printed <= decimals);
    sink_.Append({digits + at, sizeof digits - at});
  }
  void Range(const ByteRange& range) {
    if (range.offset && *range.offset > UINT64_MAX - range.length) ok_ = false;
    Number(range.length);
    if (!range.offset) return;
    sink_.Append("@");
    Number(*range.offset);
  }
  void Date(DateTime time) {
    const DateTimeText text(time);
    if (text.view().empty()) ok_ = false;
    sink_.Append(text.view());
  }

  // The visitor.
  void Quoted(std::string_view name, std::string_view value) {
    if (value.find_first_of("\"\r\n") != std::string_view::npos) ok_ = false;
    Start(name);
    sink_.Append("\"");
    sink_.Append(value);
    sink_.Append("\"");
  }
  void OptionalQuoted(std::string_view name, std::string_view value) {
    if (!value.empty()) Quoted(name, value);
  }
  void OptionalToken(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (value.find_first_of("\", \t\r\n") != std::string_view::npos) ok_ = false;
    Start(name);
    sink_.Append(value);
  }
  void OptionalHex(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!IsHex(value)) ok_ = false;
    OptionalToken(name, value);
  }
  void QuotedOrNone(std::string_view name, std::string_view value, bool none) {
    if (none) return OptionalToken(name, "NONE");
    OptionalQuoted(name, value);
  }
  template <typename Table, typename E>
  void Enum(std::string_view name, const Table& table, E value) {
    for (const auto& [text, meaning] : table) {
      if (meaning == value) return OptionalToken(name, text);
    }
    ok_ = false;
  }
  void Flag(std::string_view name, bool value) {
    if (value) OptionalToken(name, "YES");
  }
  void Integer(std::string_view name, std::optional<std::uint64_t> value) {
    if (!value) return;
    Start(name);
    Number(*value);
  }
  void Seconds(std::string_view name, std::optional<TimeDelta> value) {
    if (!value) return;
    Start(name);
    Fixed(value->us(), 6);
  }
  void SignedSeconds(std::string_view name, TimeDelta value) {
    Start(name);
    if (value < TimeDelta::Zero()) sink_.Append("-");
    Fixed(value.Abs().us(), 6);
  }
  void Rate(std::string_view name, std::optional<DataRate> value) {
    if (!value) return;
    if (*value < DataRate::Zero() || !value->IsFinite()) ok_ = false;
    Integer(name, static_cast<std::uint64_t>(value->bps()));
  }
  void Millionths(std::string_view name, std::optional<std::int64_t> value) {
    if (!value) return;
    Start(name);
    Fixed(*value, 6);
  }
  void Hertz(std::string_view name, std::optional<Frequency> value) {
    if (!value) return;
    Start(name);
    Fixed(value->millihertz(), 3);
  }
  void Size(std::string_view name, std::optional<Resolution> value) {
    if (!value) return;
    Integer(name, value->width);
    sink_.Append("x");
    Number(value->height);
  }
  void QuotedRange(std::string_view name, std::optional<ByteRange> value) {
    if (!value) return;
    Start(name);
    sink_.Append("\"");
    Range(*value);
    sink_.Append("\"");
  }
  void QuotedDate(std::string_view name, std::optional<DateTime> value) {
    if (!value) return;
    Start(name);
    sink_.Append("\"");
    Date(*value);
    sink_.Append("\"");
  }
  void ClientAttributes(const std::vector<DateRange::ClientAttribute>& list) {
    if (!AreClientAttributes(list)) ok_ = false;
    for (const auto& [name, value] : list) {
      Start(name);
      sink_.Append(value);
    }
  }

 private:
  void Start(std::string_view name) {
    if (!first_) sink_.Append(",");
    first_ = false;
    sink_.Append(name);
    sink_.Append("=");
  }

  Sink& sink_;
  bool first_ = true;
  bool ok_ = true;
};

}  // namespace mediacore::playlist::internal

#endif  // MEDIACORE_PLAYLIST_TAG_PRINTER_H_
