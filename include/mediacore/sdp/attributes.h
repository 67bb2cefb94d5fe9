#ifndef MEDIACORE_SDP_ATTRIBUTES_H_
#define MEDIACORE_SDP_ATTRIBUTES_H_

#include <algorithm>
#include <span>

#include "mediacore/base/identifiers.h"
#include "mediacore/base/time.h"
#include "mediacore/base/units.h"
#include "mediacore/sdp/format_parameters.h"
#include "mediacore/sdp/lines.h"

// Attributes of RTP media. Each is a struct with a kName, a Read() of what
// stands behind "a=name:", which says false and leaves its output as it was when
// the text is not of the form or a number is out of range, and a Write() that
// prints the same. Text is borrowed.
//
//   RtpMap map;
//   if (RtpMap::Read("111 opus/48000/2", map)) … map.clock_rate …
//   WriteAttribute(map, out, size);   // "rtpmap:111 opus/48000/2"
namespace mediacore::sdp {

// "name:value" of one attribute, without "a=" and line end, into the front of
// `out`. False, with `out` and `size` as they were, when a field cannot stand
// where it would be printed, or it does not fit.
template <typename T>
[[nodiscard]] constexpr bool WriteAttribute(const T& attribute, std::span<char> out, std::size_t& size) {
  return internal::PrintInto(
      [&](auto& printer) {
        printer.Literal(ToString(T::kName));
        printer.Literal(":");
        attribute.Write(printer);
      },
      out, size);
}

namespace internal {
[[nodiscard]] constexpr bool ReadPayloadType(std::string_view text, PayloadType& out) {
  std::uint64_t type = 0;
  if (!ParseDecimal(text, 127, type)) return false;
  out = PayloadType(static_cast<int>(type));
  return true;
}
[[nodiscard]] constexpr bool ReadSsrc(std::string_view text, Ssrc& out) {
  std::uint64_t ssrc = 0;
  if (!ParseDecimal(text, UINT32_MAX, ssrc)) return false;
  out = Ssrc(static_cast<std::uint32_t>(ssrc));
  return true;
}
template <typename Sink>
constexpr void Print(Printer<Sink>& out, PayloadType type) {
  out.Number(static_cast<std::uint64_t>(type.value()));
}

// A positive decimal number with up to three digits after the point that count;
// in thousandths, at most `max`.
[[nodiscard]] constexpr bool ReadThousandths(std::string_view text, std::uint64_t max, std::uint64_t& out) {
  std::uint64_t whole = 0;
  if (!ParseDecimal(TakeUntil(text, '.'), max / 1000, whole)) return false;
  std::uint64_t fraction = 0;
  std::uint64_t unit = 1000;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    unit /= 10;
    fraction += static_cast<std::uint64_t>(c - '0') * unit;
  }
  const std::uint64_t value = whole * 1000 + fraction;
  if (value == 0 || value > max) return false;
  out = value;
  return true;
}
template <typename Sink>
constexpr void PrintThousandths(Printer<Sink>& out, std::int64_t value, std::uint64_t max) {
  out.Require(value > 0);
  const auto thousandths = static_cast<std::uint64_t>(value > 0 ? value : 0);
  out.Require(thousandths <= max);
  out.Number(thousandths / 1000);
  if (thousandths % 1000 == 0) return;
  out.Literal(".");
  for (std::uint64_t rest = thousandths % 1000, unit = 100; rest != 0; rest %= unit, unit /= 10) {
    out.Number(rest / unit);
  }
}
// Two upper-case digits for each byte.
template <typename Sink>
constexpr void PrintHex(Printer<Sink>& out, std::span<const std::uint8_t> bytes, std::string_view mark) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out.Literal(mark);
    out.Literal(kDigits.substr(bytes[i] >> 4, 1));
    out.Literal(kDigits.substr(bytes[i] & 15u, 1));
  }
}
}  // namespace internal

// a=rtpmap:<payload type> <encoding name>/<clock rate>[/<channels>]
// (RFC 8866, section 6.6).
struct RtpMap {
  static constexpr AttributeName kName = AttributeName::kRtpMap;
  PayloadType payload_type;
  std::string_view encoding_name;
  std::uint32_t clock_rate = 0;  // of RTP timestamps, in hertz; never 0
  std::uint8_t channels = 0;     // 0: not said, which means one

  [[nodiscard]] static constexpr bool Read(std::string_view value, RtpMap& out) {
    RtpMap map;
    if (!internal::ReadPayloadType(TakeUntil(value, ' '), map.payload_type)) return false;
    map.encoding_name = TakeUntil(value, '/');
    const std::size_t size = value.size();
    const std::string_view digits = TakeUntil(value, '/');
    std::uint64_t rate = 0, channels = 0;
    if (!IsWord(map.encoding_name) || !ParseDecimal(digits, UINT32_MAX, rate) || rate == 0 ||
        (digits.size() < size && (!ParseDecimal(value, 255, channels) || channels == 0))) {
      return false;
    }
    map.clock_rate = static_cast<std::uint32_t>(rate);
    map.channels = static_cast<std::uint8_t>(channels);
    out = map;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    internal::Print(out, payload_type);
    out.Literal(" ");
    out.Word(encoding_name, '/');
    out.Literal("/");
    out.Number(clock_rate, 1, UINT32_MAX);
    if (channels == 0) return;
    out.Literal("/");
    out.Number(channels);
  }
  constexpr bool operator==(const RtpMap&) const = default;
};

// a=fmtp:<format> <parameters> of an RTP media description (section 6.15).
struct Fmtp {
  static constexpr AttributeName kName = AttributeName::kFmtp;
  PayloadType payload_type;
  FormatParameters parameters;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Fmtp& out) {
    if (!internal::ReadPayloadType(TakeUntil(value, ' '), out.payload_type)) return false;
    out.parameters = FormatParameters(value);
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    internal::Print(out, payload_type);
    out.Literal(" ");
    out.Text(parameters.text());
  }
  constexpr bool operator==(const Fmtp&) const = default;
};

// a=rtcp-fb:<payload type or *> <type> [<parameters>] (RFC 4585, section 4.2).
struct RtcpFb {
  static constexpr AttributeName kName = AttributeName::kRtcpFb;
  std::optional<PayloadType> payload_type;  // none: "*", all of this media
  std::string_view type;                    // nack, ccm, transport-cc, …
  std::string_view parameters;              // pli, fir, …

  constexpr bool AppliesTo(PayloadType type_of_packet) const {
    return !payload_type || *payload_type == type_of_packet;
  }
  [[nodiscard]] static constexpr bool Read(std::string_view value, RtcpFb& out) {
    RtcpFb feedback;
    const std::string_view format = TakeUntil(value, ' ');
    PayloadType payload_type;
    if (format != "*") {
      if (!internal::ReadPayloadType(format, payload_type)) return false;
      feedback.payload_type = payload_type;
    }
    feedback.type = TakeUntil(value, ' ');
    feedback.parameters = value;
    if (feedback.type.empty()) return false;
    out = feedback;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    if (payload_type) {
      internal::Print(out, *payload_type);
    } else {
      out.Literal("*");
    }
    out.Literal(" ");
    out.Word(type);
    if (parameters.empty()) return;
    out.Literal(" ");
    out.Text(parameters);
  }
  constexpr bool operator==(const RtcpFb&) const = default;
};

// a=rtcp:<port> [IN IP4 <address>] (RFC 3605).
struct Rtcp {
  static constexpr AttributeName kName = AttributeName::kRtcp;
  std::uint16_t port = 0;
  std::optional<Address> address;  // none: that of the media

  [[nodiscard]] static constexpr bool Read(std::string_view value, Rtcp& out) {
    std::uint64_t port = 0;
    Rtcp rtcp;
    if (!ParseDecimal(TakeUntil(value, ' '), 65'535, port) ||
        (!value.empty() && !Address::Read(value, rtcp.address.emplace()))) {
      return false;
    }
    rtcp.port = static_cast<std::uint16_t>(port);
    out = rtcp;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Number(port);
    if (!address) return;
    out.Literal(" ");
    address->Write(out);
  }
  constexpr bool operator==(const Rtcp&) const = default;
};

// a=rtcp-xr:<format> <format>… (RFC 3611, section 5.1); none: reports may not
// be sent.
struct RtcpXr {
  static constexpr AttributeName kName = AttributeName::kRtcpXr;
  Words formats;  // rcvr-rtt=all, stat-summary=loss,dup, …

  [[nodiscard]] static constexpr bool Read(std::string_view value, RtcpXr& out) {
    const Words formats(value);
    if (!value.empty() && !formats.IsGood()) return false;
    out.formats = formats;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    if (!formats.empty()) out.List(formats);
  }
  constexpr bool operator==(const RtcpXr&) const = default;
};

namespace internal {
template <AttributeName kTheName>
struct PacketTime {
  static constexpr AttributeName kName = kTheName;
  TimeDelta time = TimeDelta::Zero();

  [[nodiscard]] static constexpr bool Read(std::string_view value, PacketTime& out) {
    std::uint64_t us = 0;
    if (!ReadThousandths(value, kMaxUs, us)) return false;
    out.time = TimeDelta::Micros(static_cast<std::int64_t>(us));
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    PrintThousandths(out, time.us(), kMaxUs);
  }
  constexpr bool operator==(const PacketTime&) const = default;

  static constexpr std::uint64_t kMaxUs = 60'000'000;
};
}  // namespace internal

// a=ptime and a=maxptime, in milliseconds: more than 0, at most a minute
// (RFC 8866, sections 6.4 and 6.5).
using Ptime = internal::PacketTime<AttributeName::kPtime>;
using MaxPtime = internal::PacketTime<AttributeName::kMaxPtime>;

// a=framerate, in frames a second: more than 0, at most 1000 (section 6.13).
struct FrameRate {
  static constexpr AttributeName kName = AttributeName::kFrameRate;
  Frequency rate = Frequency::Zero();

  [[nodiscard]] static constexpr bool Read(std::string_view value, FrameRate& out) {
    std::uint64_t millihertz = 0;
    if (!internal::ReadThousandths(value, kMaxMilliHertz, millihertz)) return false;
    out.rate = Frequency::MilliHertz(static_cast<std::int64_t>(millihertz));
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    internal::PrintThousandths(out, rate.millihertz(), kMaxMilliHertz);
  }
  constexpr bool operator==(const FrameRate&) const = default;

  static constexpr std::uint64_t kMaxMilliHertz = 1'000'000;
};

// a=ssrc:<ssrc> <attribute>[:<value>] (RFC 5576, section 4.1).
struct SsrcAttribute {
  static constexpr AttributeName kName = AttributeName::kSsrc;
  Ssrc ssrc;
  Attribute attribute;

  [[nodiscard]] static constexpr bool Read(std::string_view value, SsrcAttribute& out) {
    SsrcAttribute read;
    if (!internal::ReadSsrc(TakeUntil(value, ' '), read.ssrc) || !Attribute::Read(value, read.attribute)) {
      return false;
    }
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Number(ssrc.value());
    out.Literal(" ");
    attribute.Write(out);
  }
  constexpr bool operator==(const SsrcAttribute&) const = default;
};

// a=ssrc-group:<semantics> <ssrc>… (RFC 5576, section 4.2): FID (an SSRC and its
// retransmissions), FEC-FR (and its repair), SIM (layers of simulcast).
struct SsrcGroup {
  static constexpr AttributeName kName = AttributeName::kSsrcGroup;
  static constexpr std::size_t kMaxSsrcs = 16;

  std::string_view semantics;
  std::array<Ssrc, kMaxSsrcs> list{};
  std::size_t count = 0;

  constexpr std::span<const Ssrc> ssrcs() const { return std::span(list).first(std::min(count, kMaxSsrcs)); }
  [[nodiscard]] static constexpr bool Read(std::string_view value, SsrcGroup& out) {
    SsrcGroup group;
    group.semantics = TakeUntil(value, ' ');
    const Words words(value);
    if (group.semantics.empty() || (!value.empty() && !words.IsGood())) return false;
    for (const std::string_view word : words) {
      if (group.count == kMaxSsrcs || !internal::ReadSsrc(word, group.list[group.count])) return false;
      ++group.count;
    }
    out = group;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(count <= kMaxSsrcs);
    out.Word(semantics);
    for (const Ssrc ssrc : ssrcs()) {
      out.Literal(" ");
      out.Number(ssrc.value());
    }
  }
  constexpr bool operator==(const SsrcGroup& other) const {
    return semantics == other.semantics && std::ranges::equal(ssrcs(), other.ssrcs());
  }
};

// a=content:slides,main,… (RFC 4796).
struct Content {
  static constexpr AttributeName kName = AttributeName::kContent;
  CommaList kinds;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Content& out) {
    const CommaList kinds(value);
    if (!kinds.IsGood() || !IsWord(value)) return false;
    out.kinds = kinds;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.List(kinds);
  }
  constexpr bool operator==(const Content&) const = default;
};

// a=label:<token> (RFC 4574).
struct Label {
  static constexpr AttributeName kName = AttributeName::kLabel;
  std::string_view label;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Label& out) {
    if (!IsToken(value)) return false;
    out.label = value;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Token(label);
  }
  constexpr bool operator==(const Label&) const = default;
};

// a=source-filter: incl|excl IN IP4|IP6|* <destination> <source>… (RFC 4570).
struct SourceFilter {
  static constexpr AttributeName kName = AttributeName::kSourceFilter;
  bool include = true;                       // only these sources; false: all but these
  std::optional<AddressType> address_type;   // none: "*", of both types
  std::string_view destination;              // "*": every one of this media
  Words sources;

  [[nodiscard]] static constexpr bool Read(std::string_view value, SourceFilter& out) {
    if (value.starts_with(' ')) value.remove_prefix(1);
    SourceFilter filter;
    const std::string_view mode = TakeUntil(value, ' ');
    const bool internet = TakeUntil(value, ' ') == "IN";
    const std::string_view type = TakeUntil(value, ' ');
    if (type == "IP4") filter.address_type = AddressType::kIp4;
    if (type == "IP6") filter.address_type = AddressType::kIp6;
    filter.include = mode == "incl";
    filter.destination = TakeUntil(value, ' ');
    filter.sources = Words(value);
    if ((mode != "incl" && mode != "excl") || !internet || (!filter.address_type && type != "*") ||
        filter.destination.empty() || !filter.sources.IsGood()) {
      return false;
    }
    out = filter;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Literal(include ? " incl IN " : " excl IN ");
    out.Literal(!address_type ? "* " : *address_type == AddressType::kIp4 ? "IP4 " : "IP6 ");
    out.Word(destination);
    out.Literal(" ");
    out.List(sources);
  }
  constexpr bool operator==(const SourceFilter&) const = default;
};

// Section 6.7; the name of the attribute says it all.
enum class Direction : std::uint8_t { kSendRecv, kSendOnly, kRecvOnly, kInactive };
[[nodiscard]] constexpr bool ReadDirection(AttributeName name, Direction& out) {
  if (name < AttributeName::kSendRecv || name > AttributeName::kInactive) return false;
  out = static_cast<Direction>(static_cast<int>(name) - static_cast<int>(AttributeName::kSendRecv));
  return true;
}
constexpr AttributeName NameOf(Direction direction) {
  return static_cast<AttributeName>(static_cast<int>(AttributeName::kSendRecv) + static_cast<int>(direction));
}
constexpr std::string_view ToString(Direction direction) { return ToString(NameOf(direction)); }

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_ATTRIBUTES_H_
