#include "fields.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace mediacore::tools {
namespace {

template <typename T>
void AppendNumber(std::string& out, T value) {
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void AppendHexNumber(std::string& out, std::uint32_t value) {
  std::uint8_t bytes[4];
  StoreU32(bytes, value);
  AppendHex(out, bytes);
}

}  // namespace

void AppendHex(std::string& out, Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::size_t at = out.size();
  out.resize(at + 2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    out[at++] = kDigits[byte >> 4];
    out[at++] = kDigits[byte & 15];
  }
}

void AppendJsonString(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') continue;
    out += nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

std::string AsText(const IpAddress& address) {
  const Bytes wire = address.wire();
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(wire.size() == 4 ? AF_INET : AF_INET6, wire.data(), text.data(), text.size());
  return text.data();
}

// ---- TouchFields

void TouchFields::Hex(std::string_view, Bytes value) {
  amount_ += 1 + value.size();
  for (const std::uint8_t byte : value) sum_ += byte;
}

void TouchFields::Numbers(std::span<const std::int64_t> values) {
  amount_ += values.size();
  for (const std::int64_t value : values) sum_ += static_cast<std::uint64_t>(value);
}

// ---- JsonFields

void JsonFields::Name(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  if (!open_.empty() && open_.back() == '[') return;
  out_ += '"';
  out_ += name;
  out_ += "\":";
}
void JsonFields::Begin(std::string_view name, char bracket) {
  Name(name);
  out_ += bracket;
  open_ += bracket;
  first_ = true;
}
void JsonFields::End() {
  out_ += open_.back() == '[' ? ']' : '}';
  open_.pop_back();
  first_ = false;
}
void JsonFields::Signed(std::string_view name, std::int64_t value) {
  Name(name);
  AppendNumber(out_, value);
}
void JsonFields::Unsigned(std::string_view name, std::uint64_t value) {
  Name(name);
  AppendNumber(out_, value);
}
void JsonFields::Real(std::string_view name, double value) {
  Name(name);
  AppendNumber(out_, value);
}
void JsonFields::Flag(std::string_view name, bool value) {
  Name(name);
  out_ += value ? "true" : "false";
}
void JsonFields::Text(std::string_view name, std::string_view value) {
  Name(name);
  AppendJsonString(out_, value);
}
void JsonFields::Hex(std::string_view name, Bytes value) {
  Name(name);
  out_ += '"';
  AppendHex(out_, value);
  out_ += '"';
}
void JsonFields::HexNumber(std::string_view name, std::uint32_t value) {
  Name(name);
  out_ += '"';
  AppendHexNumber(out_, value);
  out_ += '"';
}

void JsonFields::Address(std::string_view name, const IpAddress& value) { Text(name, AsText(value)); }

// ---- TextFields

void TextFields::Name(std::string_view name) {
  if (!open_.empty() && open_.back() == 'l') {
    if (out_.back() != ' ') out_ += ' ';
    return;
  }
  if (dash_) {
    out_ += ' ';
    dash_ = false;
  } else {
    NewLine();
  }
  out_ += name;
  out_ += ": ";
}
void TextFields::Begin(std::string_view name, bool list) {
  // An object in a list begins a line with a dash.
  if (!open_.empty() && open_.back() == 'l') {
    NewLine();
    out_ += '-';
    dash_ = true;
  } else {
    Name(name);
    out_.pop_back();
  }
  open_ += list ? 'l' : 'o';
  depth_ += list ? 0 : 1;
}
void TextFields::End() {
  depth_ -= open_.back() == 'o' ? 1 : 0;
  dash_ = false;
  open_.pop_back();
}
void TextFields::NewLine() {
  out_ += '\n';
  out_.append(2 + 2 * depth_, ' ');
}
void TextFields::Signed(std::string_view name, std::int64_t value) {
  Name(name);
  AppendNumber(out_, value);
}
void TextFields::Unsigned(std::string_view name, std::uint64_t value) {
  Name(name);
  AppendNumber(out_, value);
}
void TextFields::Real(std::string_view name, double value) {
  Name(name);
  AppendNumber(out_, value);
}
void TextFields::Flag(std::string_view name, bool value) {
  Name(name);
  out_ += value ? "yes" : "no";
}
void TextFields::Text(std::string_view name, std::string_view value) {
  Name(name);
  for (const char c : value) out_ += c >= 0x20 && c < 0x7f ? c : '?';
}
void TextFields::Hex(std::string_view name, Bytes value) {
  Name(name);
  AppendHex(out_, value);
}
void TextFields::HexNumber(std::string_view name, std::uint32_t value) {
  Name(name);
  AppendHexNumber(out_, value);
}
void TextFields::Address(std::string_view name, const IpAddress& value) { Text(name, AsText(value)); }

}  // namespace mediacore::tools
