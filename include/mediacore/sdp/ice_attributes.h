#ifndef MEDIACORE_SDP_ICE_ATTRIBUTES_H_
#define MEDIACORE_SDP_ICE_ATTRIBUTES_H_

#include "mediacore/sdp/attributes.h"

// Attributes of ICE (RFC 8839), in the form of attributes.h.
namespace mediacore::sdp {

namespace internal {
// ice-char: letters, digits, '+' and '/'.
constexpr bool AreIceChars(std::string_view text, std::size_t min, std::size_t max) {
  bool good = text.size() >= min && text.size() <= max;
  for (const char c : text) {
    good = good && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/');
  }
  return good;
}
template <AttributeName kTheName, std::size_t kMin>
struct IceSecret {
  static constexpr AttributeName kName = kTheName;
  static constexpr std::size_t kMaxSize = 256;
  std::string_view text;

  [[nodiscard]] static constexpr bool Read(std::string_view value, IceSecret& out) {
    if (!AreIceChars(value, kMin, kMaxSize)) return false;
    out.text = value;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(AreIceChars(text, kMin, kMaxSize));
    out.Text(text);
  }
  constexpr bool operator==(const IceSecret&) const = default;
};
}  // namespace internal

// a=ice-ufrag:<4 to 256 characters>, a=ice-pwd:<22 to 256> (section 5.4).
using IceUfrag = internal::IceSecret<AttributeName::kIceUfrag, 4>;
using IcePwd = internal::IceSecret<AttributeName::kIcePwd, 22>;

// a=ice-options:<option>… (section 5.6): trickle, ice2, renomination.
struct IceOptions {
  static constexpr AttributeName kName = AttributeName::kIceOptions;
  Words options;

  [[nodiscard]] static constexpr bool Read(std::string_view value, IceOptions& out) {
    const Words options(value);
    if (!options.IsGood()) return false;
    out.options = options;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.List(options);
  }
  constexpr bool operator==(const IceOptions&) const = default;
};

// a=ice-pacing:<milliseconds> (section 5.5): the wanted time between checks.
struct IcePacing {
  static constexpr AttributeName kName = AttributeName::kIcePacing;
  TimeDelta interval = TimeDelta::Zero();

  [[nodiscard]] static constexpr bool Read(std::string_view value, IcePacing& out) {
    std::uint64_t ms = 0;
    if (!ParseDecimal(value, kMaxMs, ms)) return false;
    out.interval = TimeDelta::Millis(static_cast<std::int64_t>(ms));
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(interval.us() >= 0 && interval.us() % 1000 == 0);
    out.Number(static_cast<std::uint64_t>(interval.us() / 1000), 0, kMaxMs);
  }
  constexpr bool operator==(const IcePacing&) const = default;

 private:
  static constexpr std::uint64_t kMaxMs = 9'999'999'999;
};

// a=candidate:<foundation> <component> <transport> <priority> <address> <port>
// typ <type> [raddr <address>] [rport <port>] [<name> <value>]… (section 5.1).
//
//   Candidate candidate;
//   if (Candidate::Read(value, candidate) && candidate.transport …
//   candidate.Extension("tcptype")   // "active" (RFC 6544); empty without
//
// The same text, behind "candidate:", is what browsers trickle.
struct Candidate {
  static constexpr AttributeName kName = AttributeName::kCandidate;
  std::string_view foundation;      // 1 to 32 characters
  std::uint16_t component = 1;      // 1 to 256: 1 is RTP, 2 RTCP
  std::string_view transport;       // udp, tcp, UDP, … in any case
  std::uint32_t priority = 0;       // 1 to 2^31 - 1
  std::string_view address;         // a number, or a name as mDNS ones are
  std::uint16_t port = 0;
  std::string_view type;            // host, srflx, prflx, relay
  std::string_view related_address; // empty: not said
  std::optional<std::uint16_t> related_port;
  Words extensions;                 // names and values by turns

  // A name of multicast DNS in place of an address that is kept private.
  constexpr bool IsMdnsName() const { return address.ends_with(".local"); }
  // The value of the first extension of that name; empty without one.
  constexpr std::string_view Extension(std::string_view name) const {
    std::string_view rest = extensions.text();
    while (!rest.empty()) {
      const bool found = TakeUntil(rest, ' ') == name;
      const std::string_view value = TakeUntil(rest, ' ');
      if (found) return value;
    }
    return {};
  }

  [[nodiscard]] static constexpr bool Read(std::string_view value, Candidate& out) {
    Candidate read;
    std::uint64_t component = 0, priority = 0, port = 0;
    read.foundation = TakeUntil(value, ' ');
    if (!ParseDecimal(TakeUntil(value, ' '), 256, component)) return false;
    read.transport = TakeUntil(value, ' ');
    if (!ParseDecimal(TakeUntil(value, ' '), kMaxPriority, priority)) return false;
    read.address = TakeUntil(value, ' ');
    if (!ParseDecimal(TakeUntil(value, ' '), 65'535, port)) return false;
    const bool typed = TakeUntil(value, ' ') == "typ";
    read.type = TakeUntil(value, ' ');
    read.component = static_cast<std::uint16_t>(component);
    read.priority = static_cast<std::uint32_t>(priority);
    read.port = static_cast<std::uint16_t>(port);
    if (!typed || !read.HasGoodHead() || read.transport.empty() || read.address.empty() || read.type.empty()) {
      return false;
    }
    if (value.starts_with("raddr ")) {
      value.remove_prefix(6);
      read.related_address = TakeUntil(value, ' ');
      if (read.related_address.empty()) return false;
    }
    if (value.starts_with("rport ")) {
      value.remove_prefix(6);
      if (!ParseDecimal(TakeUntil(value, ' '), 65'535, port)) return false;
      read.related_port = static_cast<std::uint16_t>(port);
    }
    read.extensions = Words(value);
    if (!read.HasGoodExtensions()) return false;
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(HasGoodHead() && HasGoodExtensions());
    out.Word(foundation);
    out.Literal(" ");
    out.Number(component);
    out.Literal(" ");
    out.Word(transport);
    out.Literal(" ");
    out.Number(priority);
    out.Literal(" ");
    out.Word(address);
    out.Literal(" ");
    out.Number(port);
    out.Literal(" typ ");
    out.Word(type);
    if (!related_address.empty()) {
      out.Literal(" raddr ");
      out.Word(related_address);
    }
    if (related_port) {
      out.Literal(" rport ");
      out.Number(*related_port);
    }
    if (extensions.empty()) return;
    // Would be read as what they are not.
    out.Require(!extensions.text().starts_with("rport ") || related_port.has_value());
    out.Require(!extensions.text().starts_with("raddr ") || !related_address.empty() || related_port.has_value());
    out.Literal(" ");
    out.List(extensions);
  }
  constexpr bool operator==(const Candidate&) const = default;

 private:
  static constexpr std::uint64_t kMaxPriority = 0x7fffffff;
  constexpr bool HasGoodHead() const {
    return internal::AreIceChars(foundation, 1, 32) && component >= 1 && component <= 256 && priority >= 1 &&
           priority <= kMaxPriority;
  }
  constexpr bool HasGoodExtensions() const {
    return extensions.empty() || (extensions.IsGood() && extensions.Count() % 2 == 0);
  }
};

// a=remote-candidates:<component> <address> <port>… (section 5.2).
struct RemoteCandidates {
  static constexpr AttributeName kName = AttributeName::kRemoteCandidates;
  struct One {
    std::uint16_t component = 1;
    std::string_view address;
    std::uint16_t port = 0;
  };
  Words text;

  // The next one off the front of `rest`, which text.text() was at first; false
  // when none is left or it is not of its form.
  [[nodiscard]] static constexpr bool Take(std::string_view& rest, One& out) {
    std::uint64_t component = 0, port = 0;
    if (!ParseDecimal(TakeUntil(rest, ' '), 256, component) || component == 0) return false;
    out.component = static_cast<std::uint16_t>(component);
    out.address = TakeUntil(rest, ' ');
    if (!ParseDecimal(TakeUntil(rest, ' '), 65'535, port)) return false;
    out.port = static_cast<std::uint16_t>(port);
    return true;
  }
  [[nodiscard]] static constexpr bool Read(std::string_view value, RemoteCandidates& out) {
    const RemoteCandidates read{Words(value)};
    if (!read.IsGood()) return false;
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(IsGood());
    out.List(text);
  }
  constexpr bool operator==(const RemoteCandidates&) const = default;

 private:
  constexpr bool IsGood() const {
    if (!text.IsGood()) return false;
    std::string_view rest = text.text();
    One one;
    while (!rest.empty()) {
      if (!Take(rest, one)) return false;
    }
    return true;
  }
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_ICE_ATTRIBUTES_H_
