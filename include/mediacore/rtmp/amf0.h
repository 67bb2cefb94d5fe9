#ifndef MEDIACORE_RTMP_AMF0_H_
#define MEDIACORE_RTMP_AMF0_H_

#include <array>
#include <bit>
#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::rtmp {

// Why bytes are no AMF0, in the order looked at.
enum class Amf0Error : std::uint8_t {
  kNone,          // Amf0Reader: nothing is wrong so far
  kTruncated,     // a value runs past the end, or an object has none
  kBadMarker,     // of a reserved type, or an end where nothing is open
  kAmf3,          // goes over to AMF3, which is not read here
  kCountPastEnd,  // more elements than bytes
  kTooDeep,       // more than kAmf0MaxDepth objects and arrays in one another
};

constexpr std::string_view ToString(Amf0Error error) {
  switch (error) {
    case Amf0Error::kNone: return "amf0: no error";
    case Amf0Error::kTruncated: return "amf0: truncated";
    case Amf0Error::kBadMarker: return "amf0: bad marker";
    case Amf0Error::kAmf3: return "amf0: AMF3";
    case Amf0Error::kCountPastEnd: return "amf0: count past the end";
    case Amf0Error::kTooDeep: return "amf0: too deep";
  }
  return "amf0: unknown";
}

// The markers of section 2.1.
enum class Amf0Type : std::uint8_t {
  kNumber = 0x00,
  kBoolean = 0x01,
  kString = 0x02,
  kObject = 0x03,
  kNull = 0x05,
  kUndefined = 0x06,
  kReference = 0x07,
  kEcmaArray = 0x08,
  kStrictArray = 0x0a,
  kDate = 0x0b,
  kLongString = 0x0c,
  kUnsupported = 0x0d,
  kXmlDocument = 0x0f,
  kTypedObject = 0x10,
};

constexpr std::string_view ToString(Amf0Type type) {
  switch (type) {
    case Amf0Type::kNumber: return "number";
    case Amf0Type::kBoolean: return "boolean";
    case Amf0Type::kString: return "string";
    case Amf0Type::kObject: return "object";
    case Amf0Type::kNull: return "null";
    case Amf0Type::kUndefined: return "undefined";
    case Amf0Type::kReference: return "reference";
    case Amf0Type::kEcmaArray: return "ECMA array";
    case Amf0Type::kStrictArray: return "strict array";
    case Amf0Type::kDate: return "date";
    case Amf0Type::kLongString: return "long string";
    case Amf0Type::kUnsupported: return "unsupported";
    case Amf0Type::kXmlDocument: return "XML document";
    case Amf0Type::kTypedObject: return "typed object";
  }
  return "unknown";
}

// Objects and arrays in one another; what is written has no more, either.
inline constexpr std::size_t kAmf0MaxDepth = 32;

constexpr bool IsAmf0Type(Amf0Type type) {
  const auto number = static_cast<unsigned>(type);
  return number <= 0x10 && number != 0x04 && number != 0x09 && number != 0x0e;  // movie clip, end, record set
}
constexpr bool IsAmf0Container(Amf0Type type) {
  return type == Amf0Type::kObject || type == Amf0Type::kEcmaArray || type == Amf0Type::kStrictArray ||
         type == Amf0Type::kTypedObject;
}

// Whether bytes of a string are these; AMF0's text is UTF-8, which nobody checks.
constexpr bool IsText(Bytes bytes, std::string_view text) {
  if (bytes.size() != text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (bytes[i] != static_cast<std::uint8_t>(text[i])) return false;
  }
  return true;
}

// A value, or the begin or end of an object or array.
struct Amf0Event {
  Amf0Type type = Amf0Type::kNull;
  bool end = false;             // of what began with that type; then there is nothing more
  bool boolean = false;         // kBoolean
  std::uint16_t reference = 0;  // kReference: the number of an object; it is not followed
  std::int16_t time_zone = 0;   // kDate: reserved, 0
  std::uint32_t count = 0;      // kStrictArray: elements; kEcmaArray: a hint, seldom right
  double number = 0;            // kNumber; kDate: milliseconds since 1970
  Bytes name = {};              // of a property, in an object or ECMA array
  Bytes text = {};              // strings, XML; kTypedObject: the name of its class
};

// Reads values one behind the other, as they are in a command or a script tag (Action
// Message Format AMF 0, Adobe 2007).
//
//   Amf0Reader reader(message.payload);
//   for (Amf0Event event; reader.Next(event);) {
//     if (event.end) ...                     // of event.type, an object or array
//     else if (IsText(event.name, "width")) Set(event.number);
//   }
//   if (reader.error() != Amf0Error::kNone) ...
//
// An object is an event with its type, its properties, and an event with `end`. What is
// before an error was given. No recursion, no heap, whatever counts say: 300 bytes in
// place, and time linear in the bytes. Events point into them.
class Amf0Reader {
 public:
  constexpr explicit Amf0Reader(Bytes values) noexcept : reader_(values), size_(values.size()) {}

  // False at the end, or at an error, which is for good; then `out` means nothing.
  [[nodiscard]] constexpr bool Next(Amf0Event& out) noexcept;

  constexpr Amf0Error error() const { return error_; }
  // Where the next value begins, or the one in error; in an object its name.
  constexpr std::size_t offset() const { return size_ - reader_.remaining(); }
  // Objects and arrays that are open; 0 between values.
  constexpr std::size_t depth() const { return depth_; }

 private:
  struct Level {
    Amf0Type type;
    std::uint32_t left;  // of a strict array
  };

  constexpr bool Fail(Amf0Error error) noexcept {
    error_ = error;
    return false;
  }
  constexpr bool End(Amf0Event& out) noexcept {
    out.name = Bytes();
    out.type = levels_[--depth_].type;
    out.end = true;
    return true;
  }
  [[nodiscard]] constexpr bool ReadBody(ByteReader& reader, Amf0Event& out) noexcept;

  ByteReader reader_;
  std::size_t size_;
  std::size_t depth_ = 0;
  Amf0Error error_ = Amf0Error::kNone;
  // Those below depth_ are written, the others are not: a command of a few bytes should
  // not pay for them.
  std::array<Level, kAmf0MaxDepth> levels_;
};

constexpr bool Amf0Reader::Next(Amf0Event& out) noexcept {
  constexpr std::uint8_t kEndMarker = 0x09;
  if (error_ != Amf0Error::kNone) return false;
  if (depth_ == 0 && reader_.empty()) return false;
  ByteReader reader = reader_;
  out = Amf0Event();
  Level* const level = depth_ > 0 ? &levels_[depth_ - 1] : nullptr;
  if (level != nullptr && level->type == Amf0Type::kStrictArray) {
    if (level->left == 0) return End(out);
  } else if (level != nullptr) {
    std::uint16_t size = 0;
    if (!reader.ReadU16(size) || !reader.ReadBytes(size, out.name)) return Fail(Amf0Error::kTruncated);
    if (size == 0 && !reader.empty() && reader.rest()[0] == kEndMarker) {
      reader_ = ByteReader(reader.rest().subspan(1));
      return End(out);
    }
  }
  std::uint8_t marker = 0;
  if (!reader.ReadU8(marker)) return Fail(Amf0Error::kTruncated);
  out.type = static_cast<Amf0Type>(marker);
  if (!ReadBody(reader, out)) return false;
  if (level != nullptr && level->type == Amf0Type::kStrictArray) --level->left;
  if (IsAmf0Container(out.type)) levels_[depth_++] = {out.type, out.count};
  reader_ = reader;
  return true;
}

constexpr bool Amf0Reader::ReadBody(ByteReader& reader, Amf0Event& out) noexcept {
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  bool whole = true;
  switch (out.type) {
    case Amf0Type::kNumber:
      whole = reader.ReadU64(u64);
      out.number = std::bit_cast<double>(u64);
      break;
    case Amf0Type::kBoolean:
      whole = reader.ReadU8(u8);
      out.boolean = u8 != 0;
      break;
    case Amf0Type::kString:
    case Amf0Type::kTypedObject: whole = reader.ReadU16(u16) && reader.ReadBytes(u16, out.text); break;
    case Amf0Type::kReference: whole = reader.ReadU16(out.reference); break;
    case Amf0Type::kEcmaArray:
    case Amf0Type::kStrictArray: whole = reader.ReadU32(out.count); break;
    case Amf0Type::kDate:
      whole = reader.ReadU64(u64) && reader.ReadU16(u16);
      out.number = std::bit_cast<double>(u64);
      out.time_zone = static_cast<std::int16_t>(u16);
      break;
    case Amf0Type::kLongString:
    case Amf0Type::kXmlDocument: whole = reader.ReadU32(u32) && reader.ReadBytes(u32, out.text); break;
    default:
      if (static_cast<unsigned>(out.type) == 0x11) return Fail(Amf0Error::kAmf3);
      if (!IsAmf0Type(out.type)) return Fail(Amf0Error::kBadMarker);
  }
  if (!whole) return Fail(Amf0Error::kTruncated);
  if (out.type == Amf0Type::kStrictArray && out.count > reader.remaining()) return Fail(Amf0Error::kCountPastEnd);
  if (IsAmf0Container(out.type) && depth_ == kAmf0MaxDepth) return Fail(Amf0Error::kTooDeep);
  return true;
}

// One value with all that is in it, seen in place, and looked up by name.
//
//   const auto value = Amf0Value::TakeFrom(reader);
//   double width = 0;
//   if (value && value->FindNumber("width", width)) ...
class Amf0Value {
 public:
  // Null.
  constexpr Amf0Value() = default;

  // Takes one value off the front of `reader`, which is unchanged on error.
  static constexpr Expected<Amf0Value, Amf0Error> TakeFrom(ByteReader& reader) noexcept {
    Amf0Value value;
    Amf0Reader values(reader.rest());
    if (!values.Next(value.head_)) return values.error() == Amf0Error::kNone ? Amf0Error::kTruncated : values.error();
    for (Amf0Event event; values.depth() > 0;) {
      if (!values.Next(event)) return values.error();
    }
    if (!reader.ReadBytes(values.offset(), value.bytes_)) return Amf0Error::kTruncated;
    return value;
  }

  constexpr Amf0Type type() const { return head_.type; }
  constexpr bool IsText() const { return type() == Amf0Type::kString || type() == Amf0Type::kLongString; }
  // A number, text, or what an object begins with: see Amf0Event.
  constexpr const Amf0Event& head() const { return head_; }
  constexpr Bytes bytes() const { return bytes_; }

  // The property of that name, of an object or ECMA array itself; the first of several.
  // False, and `out` as it was, when there is none.
  [[nodiscard]] constexpr bool Find(std::string_view name, Amf0Value& out) const noexcept {
    if (type() == Amf0Type::kStrictArray || !IsAmf0Container(type())) return false;
    Amf0Reader values(bytes_);
    for (Amf0Event event; values.Next(event);) {
      if (event.end || values.depth() != (IsAmf0Container(event.type) ? 2u : 1u)) continue;
      if (!rtmp::IsText(event.name, name)) continue;
      out.head_ = event;
      const std::size_t marker = static_cast<std::size_t>(event.name.data() - bytes_.data()) + event.name.size();
      while (values.depth() > 1 && values.Next(event)) continue;
      out.bytes_ = bytes_.subspan(marker, values.offset() - marker);
      return true;
    }
    return false;
  }
  [[nodiscard]] constexpr bool FindNumber(std::string_view name, double& out) const noexcept {
    Amf0Value value;
    if (!Find(name, value) || value.type() != Amf0Type::kNumber) return false;
    out = value.head().number;
    return true;
  }
  [[nodiscard]] constexpr bool FindBoolean(std::string_view name, bool& out) const noexcept {
    Amf0Value value;
    if (!Find(name, value) || value.type() != Amf0Type::kBoolean) return false;
    out = value.head().boolean;
    return true;
  }
  [[nodiscard]] constexpr bool FindText(std::string_view name, Bytes& out) const noexcept {
    Amf0Value value;
    if (!Find(name, value) || !value.IsText()) return false;
    out = value.head().text;
    return true;
  }

 private:
  Amf0Event head_;
  Bytes bytes_;
};

// Writes values one behind the other into the caller's bytes.
//
//   Amf0Writer writer(out);
//   writer.String("onMetaData");
//   writer.BeginEcmaArray(2);
//   writer.Number("width", 1280);
//   writer.String("encoder", "mediacore");
//   writer.End();
//   if (writer.ok()) Send(writer.values());
//
// In an object or ECMA array each value has a name in front: Name(), or as above. What
// does not fit, has no name or one too many, ends nothing, is an element too few or too
// many, or lies too deep, makes ok() false and values() empty for good. No heap.
class Amf0Writer {
 public:
  constexpr explicit Amf0Writer(MutableBytes out) noexcept : writer_(out) {}

  // All of it is written, and nothing is open.
  constexpr bool ok() const { return ok_ && writer_.ok() && depth_ == 0; }
  // Empty unless ok().
  constexpr Bytes values() const { return ok() ? Bytes(writer_.written()) : Bytes(); }

  // What a reader gave, but for its name.
  constexpr void Write(const Amf0Event& event) noexcept;

  constexpr void Name(std::string_view name) noexcept { PutName({}, name); }
  constexpr void Name(Bytes name) noexcept { PutName(name, {}); }

  constexpr void Number(double value) noexcept { Write({.type = Amf0Type::kNumber, .number = value}); }
  constexpr void Boolean(bool value) noexcept { Write({.type = Amf0Type::kBoolean, .boolean = value}); }
  // A long one when it has to be.
  constexpr void String(std::string_view text) noexcept { PutText(Short(text.size()), {}, text); }
  constexpr void String(Bytes text) noexcept { PutText(Short(text.size()), text, {}); }
  constexpr void Null() noexcept { Write({.type = Amf0Type::kNull}); }
  constexpr void Undefined() noexcept { Write({.type = Amf0Type::kUndefined}); }
  constexpr void Date(double unix_ms) noexcept { Write({.type = Amf0Type::kDate, .number = unix_ms}); }

  constexpr void Number(std::string_view name, double value) noexcept {
    Name(name);
    Number(value);
  }
  constexpr void Boolean(std::string_view name, bool value) noexcept {
    Name(name);
    Boolean(value);
  }
  constexpr void String(std::string_view name, std::string_view text) noexcept {
    Name(name);
    String(text);
  }

  constexpr void BeginObject() noexcept { Write({.type = Amf0Type::kObject}); }
  constexpr void BeginEcmaArray(std::uint32_t count) noexcept { Write({.type = Amf0Type::kEcmaArray, .count = count}); }
  // Of exactly so many elements.
  constexpr void BeginStrictArray(std::uint32_t count) noexcept {
    Write({.type = Amf0Type::kStrictArray, .count = count});
  }
  // Of the innermost object or array.
  constexpr void End() noexcept;

 private:
  struct Level {
    bool strict = false;
    std::uint32_t left = 0;
  };

  static constexpr Amf0Type Short(std::size_t size) {
    return size > 0xffff ? Amf0Type::kLongString : Amf0Type::kString;
  }
  // Whether a value may come next; then it does.
  constexpr bool Begin(Amf0Type type) noexcept {
    if (depth_ > 0 && !levels_[depth_ - 1].strict) {
      ok_ = ok_ && named_;
    } else if (depth_ > 0) {
      ok_ = ok_ && levels_[depth_ - 1].left > 0;
      if (ok_) --levels_[depth_ - 1].left;
    }
    named_ = false;
    if (!IsAmf0Type(type) || (IsAmf0Container(type) && depth_ == kAmf0MaxDepth)) ok_ = false;
    if (ok_) writer_.WriteU8(static_cast<std::uint8_t>(type));
    return ok_;
  }
  // Text comes in one of the two forms.
  constexpr void PutBytes(Bytes bytes, std::string_view text) noexcept {
    writer_.WriteBytes(bytes);
    for (const char c : text) writer_.WriteU8(static_cast<std::uint8_t>(c));
  }
  constexpr void PutName(Bytes bytes, std::string_view text) noexcept {
    const std::size_t size = bytes.size() + text.size();
    const bool wanted = depth_ > 0 && !levels_[depth_ - 1].strict && !named_;
    ok_ = ok_ && wanted && size <= 0xffff && writer_.room() >= 2 + size;
    if (!ok_) return;
    writer_.WriteU16(static_cast<std::uint16_t>(size));
    PutBytes(bytes, text);
    named_ = true;
  }
  constexpr void PutText(Amf0Type type, Bytes bytes, std::string_view text) noexcept {
    const std::size_t size = bytes.size() + text.size();
    const bool narrow = type == Amf0Type::kString || type == Amf0Type::kTypedObject;
    ok_ = ok_ && size <= (narrow ? 0xffffu : 0xffffffffu) && writer_.room() >= (narrow ? 3u : 5u) + size;
    if (!Begin(type)) return;
    if (narrow) {
      writer_.WriteU16(static_cast<std::uint16_t>(size));
    } else {
      writer_.WriteU32(static_cast<std::uint32_t>(size));
    }
    PutBytes(bytes, text);
  }

  ByteWriter writer_;
  bool ok_ = true;
  bool named_ = false;
  std::size_t depth_ = 0;
  std::array<Level, kAmf0MaxDepth> levels_{};
};

constexpr void Amf0Writer::Write(const Amf0Event& event) noexcept {
  if (event.end) return End();
  switch (event.type) {
    case Amf0Type::kString:
    case Amf0Type::kLongString:
    case Amf0Type::kXmlDocument:
    case Amf0Type::kTypedObject: PutText(event.type, event.text, {}); break;
    default: Begin(event.type);
  }
  if (!ok_) return;
  switch (event.type) {
    case Amf0Type::kNumber: writer_.WriteU64(std::bit_cast<std::uint64_t>(event.number)); break;
    case Amf0Type::kBoolean: writer_.WriteU8(event.boolean ? 1 : 0); break;
    case Amf0Type::kReference: writer_.WriteU16(event.reference); break;
    case Amf0Type::kEcmaArray:
    case Amf0Type::kStrictArray: writer_.WriteU32(event.count); break;
    case Amf0Type::kDate:
      writer_.WriteU64(std::bit_cast<std::uint64_t>(event.number));
      writer_.WriteU16(static_cast<std::uint16_t>(event.time_zone));
      break;
    default: break;
  }
  if (IsAmf0Container(event.type)) levels_[depth_++] = {event.type == Amf0Type::kStrictArray, event.count};
}

constexpr void Amf0Writer::End() noexcept {
  ok_ = ok_ && depth_ > 0 && !named_ && (!levels_[depth_ - 1].strict || levels_[depth_ - 1].left == 0);
  if (!ok_) return;
  if (!levels_[--depth_].strict) writer_.WriteU24(9);  // a name of no bytes and the marker
}

}  // namespace mediacore::rtmp

#endif  // MEDIACORE_RTMP_AMF0_H_
