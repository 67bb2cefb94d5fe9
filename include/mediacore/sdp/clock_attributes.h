#ifndef MEDIACORE_SDP_CLOCK_ATTRIBUTES_H_
#define MEDIACORE_SDP_CLOCK_ATTRIBUTES_H_

#include "mediacore/base/base64.h"
#include "mediacore/sdp/attributes.h"

// What the clocks of a sender follow (RFC 7273), in the form of attributes.h.
namespace mediacore::sdp {

// An identifier of 64 bits, 39-A7-94-FF-FE-07-CB-D0.
struct Eui64 {
  std::array<std::uint8_t, 8> bytes{};

  [[nodiscard]] static constexpr bool Read(std::string_view text, Eui64& out) {
    Eui64 id;
    if (text.size() != 3 * id.bytes.size() - 1) return false;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
      std::size_t size = 0;
      if (!DecodeHex(text.substr(3 * i, 2), MutableBytes(id.bytes).subspan(i, 1), size)) return false;
      if (i > 0 && text[3 * i - 1] != '-') return false;
    }
    out = id;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    internal::PrintHex(out, bytes, "-");
  }
  constexpr bool operator==(const Eui64&) const = default;
};

// What stands behind ptp=: IEEE1588-2008:39-A7-94-FF-FE-07-CB-D0[:domain], or
// IEEE1588-2008:traceable.
struct PtpClock {
  std::string_view version;
  std::optional<Eui64> grandmaster;  // none: any that is traceable
  std::string_view domain;           // a number or a name

  [[nodiscard]] static constexpr bool Read(std::string_view text, PtpClock& out) {
    PtpClock clock;
    clock.version = TakeUntil(text, ':');
    const std::string_view server = TakeUntil(text, ':');
    clock.domain = text;
    if (clock.version.empty()) return false;
    if (server == "traceable") {
      if (!text.empty()) return false;
    } else if (!Eui64::Read(server, clock.grandmaster.emplace())) {
      return false;
    }
    out = clock;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Word(version, ':');
    out.Literal(":");
    if (!grandmaster) {
      out.Require(domain.empty());
      out.Literal("traceable");
      return;
    }
    grandmaster->Write(out);
    if (domain.empty()) return;
    out.Literal(":");
    out.Text(domain);
  }
  constexpr bool operator==(const PtpClock&) const = default;
};

// a=ts-refclk:<source>[=<parameter>] (section 4): ntp=<host>[:<port>],
// ntp=/traceable/, ptp=<PtpClock>, gps, gal, glonass, local, private,
// private:traceable, localmac=<MAC> (SMPTE ST 2110-10).
struct TsRefClk {
  static constexpr AttributeName kName = AttributeName::kTsRefClk;
  std::string_view source;
  std::string_view parameter;

  // Whether it is PTP's clock in its form.
  [[nodiscard]] constexpr bool ReadPtp(PtpClock& out) const {
    return source == "ptp" && PtpClock::Read(parameter, out);
  }
  [[nodiscard]] static constexpr bool Read(std::string_view value, TsRefClk& out) {
    TsRefClk clock;
    clock.source = TakeUntil(value, '=');
    clock.parameter = value;
    const bool needs = clock.source == "ntp" || clock.source == "ptp" || clock.source == "localmac";
    PtpClock ptp;
    if (!IsWord(clock.source) || (needs && value.empty()) || (clock.source == "ptp" && !clock.ReadPtp(ptp))) {
      return false;
    }
    out = clock;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Word(source, '=');
    PtpClock ptp;
    out.Require(source == "ntp" || source == "localmac" ? !parameter.empty() : source != "ptp" || ReadPtp(ptp));
    if (parameter.empty()) return;
    out.Literal("=");
    out.Text(parameter);
  }
  constexpr bool operator==(const TsRefClk&) const = default;
};

// a=mediaclk:[id=<tag> ]sender, direct[=<offset>][ rate=<n>/<d>], or
// IEEE1722=<stream> (section 5).
struct MediaClk {
  static constexpr AttributeName kName = AttributeName::kMediaClk;
  std::string_view tag;  // whose timestamps these are; empty: of one source
  std::string_view kind;
  std::string_view parameter;             // of kinds other than direct
  std::optional<std::uint64_t> offset;    // of direct: the timestamp at the epoch
  std::uint32_t rate_numerator = 0;       // of direct: 0 when the rate is that of rtpmap
  std::uint32_t rate_denominator = 0;

  [[nodiscard]] static constexpr bool Read(std::string_view value, MediaClk& out) {
    MediaClk clock;
    if (value.starts_with("id=")) {
      clock.tag = TakeUntil(value, ' ').substr(3);
      if (clock.tag.empty()) return false;
    }
    const std::string_view rest = value;
    std::string_view first = TakeUntil(value, ' ');
    clock.kind = TakeUntil(first, '=');
    std::uint64_t offset = 0, numerator = 0, denominator = 0;
    if (!IsWord(clock.kind) || clock.kind == "id") return false;
    if (clock.kind == "direct") {
      if (rest.starts_with("direct=")) {
        if (!ParseDecimal(first, UINT64_MAX, offset)) return false;
        clock.offset = offset;
      }
      if (!value.empty()) {
        if (!value.starts_with("rate=")) return false;
        value.remove_prefix(5);
        if (!ParseDecimal(TakeUntil(value, '/'), UINT32_MAX, numerator) ||
            !ParseDecimal(value, UINT32_MAX, denominator) || numerator == 0 || denominator == 0) {
          return false;
        }
      }
    } else {
      clock.parameter = rest.substr(clock.kind.size());
      if (!clock.parameter.empty() && clock.parameter.front() != '=') return false;
      if (!clock.parameter.empty()) clock.parameter.remove_prefix(1);
    }
    clock.rate_numerator = static_cast<std::uint32_t>(numerator);
    clock.rate_denominator = static_cast<std::uint32_t>(denominator);
    out = clock;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    const bool direct = kind == "direct";
    out.Require(direct ? parameter.empty() : !offset && rate_numerator == 0);
    out.Require((rate_numerator == 0) == (rate_denominator == 0) && kind != "id");
    if (!tag.empty()) {
      out.Literal("id=");
      out.Word(tag);
      out.Literal(" ");
    }
    out.Word(kind, '=');
    if (!parameter.empty()) {
      out.Literal("=");
      out.Text(parameter);
    }
    if (offset) {
      out.Literal("=");
      out.Number(*offset);
    }
    if (rate_numerator == 0) return;
    out.Literal(" rate=");
    out.Number(rate_numerator);
    out.Literal("/");
    out.Number(rate_denominator);
  }
  constexpr bool operator==(const MediaClk&) const = default;
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_CLOCK_ATTRIBUTES_H_
