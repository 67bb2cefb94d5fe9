#ifndef MEDIACORE_TOOLS_FIELDS_H_
#define MEDIACORE_TOOLS_FIELDS_H_

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "mediacore/base/bytes.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/ip_address.h"
#include "mediacore/base/ntp_time.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/base/units.h"

namespace mediacore::tools {

// Takes the fields of a packet as a describer walks over them. The same walk
// prints a packet (JsonFields, TextFields) and proves that reading all of it
// stays within bounds (TouchFields).
//
//   fields("ssrc", packet.ssrc());
//   fields.BeginList("csrcs");
//   fields("", packet.csrc(0));   // what is in a list has no name
//   fields.End();
//
// Describers give no more fields than the packet's bytes pay for.
class Fields {
 public:
  virtual ~Fields() = default;

  // What follows until End() belongs together.
  virtual void BeginObject(std::string_view name) = 0;
  virtual void BeginList(std::string_view name) = 0;
  virtual void End() = 0;

  virtual void Signed(std::string_view name, std::int64_t value) = 0;
  virtual void Unsigned(std::string_view name, std::uint64_t value) = 0;
  virtual void Real(std::string_view name, double value) = 0;
  virtual void Flag(std::string_view name, bool value) = 0;
  // Anything a peer may have written; need not be UTF-8.
  virtual void Text(std::string_view name, std::string_view value) = 0;
  virtual void Hex(std::string_view name, Bytes value) = 0;
  virtual void HexNumber(std::string_view name, std::uint32_t value) = 0;
  virtual void Address(std::string_view name, const IpAddress& value) = 0;
  // Several without names, in a list.
  virtual void Numbers(std::span<const std::int64_t> values) {
    for (const std::int64_t value : values) Signed("", value);
  }

  template <std::integral T>
  void operator()(std::string_view name, T value) {
    if constexpr (std::is_same_v<T, bool>) {
      Flag(name, value);
    } else if constexpr (std::is_signed_v<T>) {
      Signed(name, value);
    } else {
      Unsigned(name, value);
    }
  }
  // Enumerations by their name.
  template <typename T>
  requires std::is_enum_v<T>
  void operator()(std::string_view name, T value) { Text(name, ToString(value)); }
  void operator()(std::string_view name, double value) { Real(name, value); }
  void operator()(std::string_view name, std::string_view value) { Text(name, value); }
  void operator()(std::string_view name, const char* value) { Text(name, value); }
  void operator()(std::string_view name, Bytes value) { Hex(name, value); }
  void operator()(std::string_view name, Ssrc value) { HexNumber(name, value.value()); }
  void operator()(std::string_view name, PayloadType value) { Signed(name, value.value()); }
  void operator()(std::string_view name, SequenceNumber value) { Unsigned(name, value.value()); }
  void operator()(std::string_view name, RtpTimestamp value) { Unsigned(name, value.value()); }
  void operator()(std::string_view name, NtpTime value) { Wide(name, value.value()); }
  // In microseconds; the name says so.
  void operator()(std::string_view name, TimeDelta value) { Signed(name, value.us()); }
  // In bits per second; the name says so.
  void operator()(std::string_view name, DataRate value) { Signed(name, value.bps()); }
  // 64 bits as they are on the wire, in hexadecimal: not every reader of JSON has numbers so large.
  void Wide(std::string_view name, std::uint64_t value) {
    std::array<std::uint8_t, 8> bytes;
    StoreU64(bytes.data(), value);
    Hex(name, bytes);
  }
  // Text in bytes, as RTCP and STUN carry it.
  void Words(std::string_view name, Bytes value) {
    Text(name, {reinterpret_cast<const char*>(value.data()), value.size()});
  }
};

// A list of numbers, of which a packet may have a hundred for every few bytes.
class NumberList {
 public:
  NumberList(std::string_view name, Fields& fields) : fields_(fields) { fields_.BeginList(name); }
  ~NumberList() {
    fields_.Numbers(std::span(values_).first(size_));
    fields_.End();
  }
  NumberList(const NumberList&) = delete;
  NumberList& operator=(const NumberList&) = delete;

  void Add(std::int64_t value) {
    values_[size_++] = value;
    if (size_ < values_.size()) return;
    fields_.Numbers(values_);
    size_ = 0;
  }

 private:
  Fields& fields_;
  std::size_t size_ = 0;
  std::array<std::int64_t, 64> values_;
};

// Reads each value and keeps nothing but a sum: no heap, whatever comes.
class TouchFields final : public Fields {
 public:
  void BeginObject(std::string_view) override { ++amount_; }
  void BeginList(std::string_view) override { ++amount_; }
  void End() override {}
  void Signed(std::string_view, std::int64_t value) override { Fold(static_cast<std::uint64_t>(value)); }
  void Unsigned(std::string_view, std::uint64_t value) override { Fold(value); }
  void Real(std::string_view, double value) override { Fold(value > 0); }
  void Flag(std::string_view, bool value) override { Fold(value); }
  void Text(std::string_view, std::string_view value) override {
    Hex({}, {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
  }
  void Hex(std::string_view, Bytes value) override;
  void HexNumber(std::string_view, std::uint32_t value) override { Fold(value); }
  void Address(std::string_view name, const IpAddress& value) override { Hex(name, value.bytes); }
  void Numbers(std::span<const std::int64_t> values) override;

  void Reset() { amount_ = sum_ = 0; }
  // Fields, and the bytes of those that have bytes.
  std::uint64_t amount() const { return amount_; }
  // Of what was read; the same for the same fields.
  std::uint64_t sum() const { return sum_; }

 private:
  void Fold(std::uint64_t value) {
    ++amount_;
    sum_ += value;
  }
  std::uint64_t amount_ = 0;
  std::uint64_t sum_ = 0;
};

// Appends them as the members of a JSON object, without the braces around it.
// Text that is no UTF-8 has U+FFFD in place of what is none.
class JsonFields final : public Fields {
 public:
  explicit JsonFields(std::string& out) : out_(out) {}

  void BeginObject(std::string_view name) override { Begin(name, '{'); }
  void BeginList(std::string_view name) override { Begin(name, '['); }
  void End() override;
  void Signed(std::string_view name, std::int64_t value) override;
  void Unsigned(std::string_view name, std::uint64_t value) override;
  void Real(std::string_view name, double value) override;
  void Flag(std::string_view name, bool value) override;
  void Text(std::string_view name, std::string_view value) override;
  void Hex(std::string_view name, Bytes value) override;
  void HexNumber(std::string_view name, std::uint32_t value) override;
  void Address(std::string_view name, const IpAddress& value) override;

 private:
  void Name(std::string_view name);
  void Begin(std::string_view name, char bracket);

  std::string& out_;
  std::string open_;  // the brackets, innermost last
  bool first_ = true;
};

// Appends them for people: a line each, indented; what is in a list of values on
// one line. No character of theirs reaches a terminal that could steer it.
class TextFields final : public Fields {
 public:
  explicit TextFields(std::string& out) : out_(out) {}

  void BeginObject(std::string_view name) override { Begin(name, false); }
  void BeginList(std::string_view name) override { Begin(name, true); }
  void End() override;
  void Signed(std::string_view name, std::int64_t value) override;
  void Unsigned(std::string_view name, std::uint64_t value) override;
  void Real(std::string_view name, double value) override;
  void Flag(std::string_view name, bool value) override;
  void Text(std::string_view name, std::string_view value) override;
  void Hex(std::string_view name, Bytes value) override;
  void HexNumber(std::string_view name, std::uint32_t value) override;
  void Address(std::string_view name, const IpAddress& value) override;

 private:
  void Name(std::string_view name);
  void NewLine();
  void Begin(std::string_view name, bool list);

  std::string& out_;
  std::string open_;       // 'l' or 'o', innermost last
  std::size_t depth_ = 0;  // objects of these
  bool dash_ = false;      // the line is a dash so far
};

// `text` as a JSON string, with its quotes.
void AppendJsonString(std::string& out, std::string_view text);
void AppendHex(std::string& out, Bytes bytes);
// "127.0.0.1", "::1"
std::string AsText(const IpAddress& address);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_FIELDS_H_
