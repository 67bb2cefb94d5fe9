#include "http_fields.h"

#include <charconv>
#include <optional>

namespace mediacore::tools {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The next part before `separator`, trimmed; false when nothing is left.
bool NextPart(std::string_view& rest, char separator, std::string_view& part) {
  if (rest.empty()) return false;
  const std::size_t end = rest.find(separator);
  part = Trim(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return true;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[i]) return false;
  }
  return true;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Digits only; what does not fit is as good as infinite.
std::optional<std::uint64_t> ReadNumber(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() ? value : UINT64_MAX;
}

}  // namespace

bool ReadTarget(std::string_view target, std::string& name) {
  // A proxy's form: http://host/path.
  if (target.starts_with("http://") || target.starts_with("https://")) {
    target.remove_prefix(target.find("//") + 2);
    const std::size_t path = target.find_first_of("/?#");
    target = path == std::string_view::npos ? "/" : target.substr(path);
    if (target.front() != '/') return name.clear(), true;
  }
  if (!target.starts_with('/')) return false;
  target = target.substr(1, target.find_first_of("?#") - 1);
  std::string decoded;
  for (std::size_t i = 0; i < target.size(); ++i) {
    char c = target[i];
    if (c == '%') {
      if (target.size() - i < 3) return false;
      const int high = HexDigit(target[i + 1]);
      const int low = HexDigit(target[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high << 4 | low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return false;
    decoded += c;
  }
  name = std::move(decoded);
  return true;
}

RangeRequest ReadRange(std::string_view field, std::uint64_t size) {
  using Kind = RangeRequest::Kind;
  const std::size_t equals = field.find('=');
  if (equals == std::string_view::npos || !EqualsIgnoringCase(Trim(field.substr(0, equals)), "bytes")) {
    return {};
  }
  const std::string_view range = Trim(field.substr(equals + 1));
  if (range.find(',') != std::string_view::npos) return {};
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = Trim(range.substr(0, dash));
  const std::string_view to = Trim(range.substr(dash + 1));

  if (from.empty()) {  // the last so many bytes
    const auto suffix = ReadNumber(to);
    if (!suffix) return {};
    if (*suffix == 0 || size == 0) return {.kind = Kind::kUnsatisfiable};
    return {.kind = Kind::kPart, .first = *suffix < size ? size - *suffix : 0, .last = size - 1};
  }
  const auto first = ReadNumber(from);
  const auto last = to.empty() ? std::optional(UINT64_MAX) : ReadNumber(to);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return {.kind = Kind::kUnsatisfiable};
  return {.kind = Kind::kPart, .first = *first, .last = *last < size ? *last : size - 1};
}

bool AcceptsGzip(std::string_view field) {
  std::optional<bool> named;
  bool any = false;
  std::string_view coding;
  while (NextPart(field, ',', coding)) {
    std::string_view name;
    std::string_view parameter;
    if (!NextPart(coding, ';', name)) continue;
    bool allowed = true;
    while (NextPart(coding, ';', parameter)) {
      if (!EqualsIgnoringCase(parameter.substr(0, 2), "q=")) continue;
      allowed = parameter.substr(2).find_first_not_of("0.") != std::string_view::npos;
    }
    if (EqualsIgnoringCase(name, "gzip") || EqualsIgnoringCase(name, "x-gzip")) named = allowed;
    if (name == "*") any = allowed;
  }
  return named.value_or(any);
}

bool MatchesEtag(std::string_view field, std::string_view etag) {
  std::string_view tag;
  while (NextPart(field, ',', tag)) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == "*" || tag == etag) return true;
  }
  return false;
}

}  // namespace mediacore::tools
