#ifndef MEDIACORE_SDP_LINES_H_
#define MEDIACORE_SDP_LINES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "mediacore/sdp/attribute_name.h"
#include "mediacore/sdp/fields.h"

// What stands behind the "x=" of the lines of RFC 8866. Read() says false, and
// leaves its output as it was, for anything not of its form or out of range;
// Write() prints what Read() reads back, or makes the printer not ok().
namespace mediacore::sdp {

// a=name:value, or a=name with an empty value (section 5.13).
struct Attribute {
  std::string_view name;
  std::string_view value;

  constexpr AttributeName Name() const { return AttributeNameOf(name); }
  [[nodiscard]] static constexpr bool Read(std::string_view text, Attribute& out) {
    const std::string_view name = TakeUntil(text, ':');
    if (name.empty()) return false;
    out = {name, text};
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(!name.empty() && name.find(':') == std::string_view::npos);
    out.Text(name);
    if (!value.empty()) out.Literal(":");
    out.Text(value);
  }
  constexpr bool operator==(const Attribute&) const = default;
};

enum class AddressType : std::uint8_t { kIp4, kIp6 };

// "IN IP4 address" and "IN IP6 address".
struct Address {
  AddressType type = AddressType::kIp4;
  std::string_view text;  // a number or a host name

  [[nodiscard]] static constexpr bool Read(std::string_view text, Address& out) {
    if (!text.starts_with("IN IP") || text.size() < 8 || text[6] != ' ') return false;
    const char version = text[5];
    text.remove_prefix(7);
    if ((version != '4' && version != '6') || !IsWord(text)) return false;
    out = {version == '4' ? AddressType::kIp4 : AddressType::kIp6, text};
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Literal(type == AddressType::kIp4 ? "IN IP4 " : "IN IP6 ");
    out.Word(text);
  }
  constexpr bool operator==(const Address&) const = default;
};

// o= (section 5.2).
struct Origin {
  std::string_view username = "-";
  std::string_view session_id = "0";  // a number of any length, as text
  std::string_view session_version = "0";
  Address address{AddressType::kIp4, "127.0.0.1"};

  [[nodiscard]] static constexpr bool Read(std::string_view text, Origin& out) {
    Origin origin;
    origin.username = TakeUntil(text, ' ');
    origin.session_id = TakeUntil(text, ' ');
    origin.session_version = TakeUntil(text, ' ');
    if (origin.username.empty() || origin.session_id.empty() ||
        origin.session_version.empty() || !Address::Read(text, origin.address)) {
      return false;
    }
    out = origin;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    for (const std::string_view field : {username, session_id, session_version}) {
      out.Word(field);
      out.Literal(" ");
    }
    address.Write(out);
  }
  constexpr bool operator==(const Origin&) const = default;
};

// c= (section 5.7): IN IP4 address[/ttl[/count]], IN IP6 address[/count].
struct Connection {
  Address address;
  std::optional<std::uint8_t> ttl;  // IPv4 multicast
  std::uint32_t count = 1;          // of adjacent multicast addresses

  [[nodiscard]] static constexpr bool Read(std::string_view text, Connection& out) {
    Connection read;
    if (!Address::Read(text, read.address)) return false;
    std::string_view rest = read.address.text;
    const bool has_more = rest.find('/') != std::string_view::npos;
    read.address.text = TakeUntil(rest, '/');
    if (read.address.text.empty()) return false;
    std::uint64_t ttl = 0, count = 1;
    if (has_more && read.address.type == AddressType::kIp4) {
      const bool has_count = rest.find('/') != std::string_view::npos;
      if (!ParseDecimal(TakeUntil(rest, '/'), 255, ttl)) return false;
      if (has_count && !ParseDecimal(rest, kMaxCount, count)) return false;
      read.ttl = static_cast<std::uint8_t>(ttl);
    } else if (has_more && !ParseDecimal(rest, kMaxCount, count)) {
      return false;
    }
    if (count == 0) return false;
    read.count = static_cast<std::uint32_t>(count);
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    const bool ip4 = address.type == AddressType::kIp4;
    out.Require(address.text.find('/') == std::string_view::npos);
    out.Require(ip4 ? ttl.has_value() || count == 1 : !ttl.has_value());
    address.Write(out);
    if (ttl) {
      out.Literal("/");
      out.Number(*ttl);
    }
    if (count != 1) {
      out.Literal("/");
      out.Number(count, 1, kMaxCount);
    }
  }
  constexpr bool operator==(const Connection&) const = default;

  static constexpr std::uint64_t kMaxCount = 65'536;
};

// b= (section 5.8): AS is in kilobits per second, TIAS in bits per second.
struct Bandwidth {
  std::string_view type;
  std::uint64_t value = 0;

  [[nodiscard]] static constexpr bool Read(std::string_view text, Bandwidth& out) {
    const std::string_view type = TakeUntil(text, ':');
    if (type.empty() || !ParseDecimal(text, UINT64_MAX, out.value)) return false;
    out.type = type;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(!type.empty() && type.find(':') == std::string_view::npos);
    out.Text(type);
    out.Literal(":");
    out.Number(value);
  }
  constexpr bool operator==(const Bandwidth&) const = default;
};

// t= (section 5.9), in seconds since 1900; 0 0 is a session without an end.
struct ActiveTime {
  std::uint64_t start = 0;
  std::uint64_t stop = 0;

  [[nodiscard]] static constexpr bool Read(std::string_view text, ActiveTime& out) {
    ActiveTime time;
    if (!ParseDecimal(TakeUntil(text, ' '), UINT64_MAX, time.start) ||
        !ParseDecimal(text, UINT64_MAX, time.stop)) {
      return false;
    }
    out = time;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Number(start);
    out.Literal(" ");
    out.Number(stop);
  }
  constexpr bool operator==(const ActiveTime&) const = default;
};

// RTP/AVP, RTP/SAVPF, UDP/TLS/RTP/SAVPF, …: formats are payload types.
constexpr bool IsRtpProtocol(std::string_view protocol) {
  return protocol.starts_with("RTP/") || protocol.find("/RTP/") != std::string_view::npos;
}

// m= (section 5.14): type port[/count] protocol format…
struct MediaLine {
  std::string_view type;  // audio, video, application, …
  std::uint16_t port = 0;
  std::uint32_t port_count = 1;
  std::string_view protocol;
  Words formats;  // of RTP: numbers of 0 to 127

  [[nodiscard]] static constexpr bool Read(std::string_view text, MediaLine& out) {
    MediaLine line;
    line.type = TakeUntil(text, ' ');
    std::string_view ports = TakeUntil(text, ' ');
    line.protocol = TakeUntil(text, ' ');
    line.formats = Words(text);
    std::uint64_t port = 0, count = 1;
    const bool has_count = ports.find('/') != std::string_view::npos;
    if (line.type.empty() || line.protocol.empty() || !line.formats.IsGood() ||
        !ParseDecimal(TakeUntil(ports, '/'), 65'535, port) ||
        (has_count && !ParseDecimal(ports, kMaxCount, count)) || count == 0) {
      return false;
    }
    if (IsRtpProtocol(line.protocol) && !ArePayloadTypes(line.formats)) return false;
    line.port = static_cast<std::uint16_t>(port);
    line.port_count = static_cast<std::uint32_t>(count);
    out = line;
    return true;
  }
  // All but the formats, for those who keep them otherwise.
  template <typename Sink>
  constexpr void WriteHead(Printer<Sink>& out) const {
    out.Word(type);
    out.Literal(" ");
    out.Number(port);
    if (port_count != 1) {
      out.Literal("/");
      out.Number(port_count, 1, kMaxCount);
    }
    out.Literal(" ");
    out.Word(protocol);
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    WriteHead(out);
    out.Require(!IsRtpProtocol(protocol) || ArePayloadTypes(formats));
    out.Literal(" ");
    out.List(formats);
  }
  constexpr bool operator==(const MediaLine&) const = default;

  static constexpr std::uint64_t kMaxCount = 65'536;

 private:
  static constexpr bool ArePayloadTypes(Words formats) {
    std::uint64_t type = 0;
    for (const std::string_view format : formats) {
      if (!ParseDecimal(format, 127, type)) return false;
    }
    return true;
  }
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_LINES_H_
