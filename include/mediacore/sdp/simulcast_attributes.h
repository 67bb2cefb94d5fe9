#ifndef MEDIACORE_SDP_SIMULCAST_ATTRIBUTES_H_
#define MEDIACORE_SDP_SIMULCAST_ATTRIBUTES_H_

#include "mediacore/sdp/attributes.h"

// Layers of simulcast, in the form of attributes.h.
namespace mediacore::sdp {

// What a layer may be at most (RFC 8851, section 5). Names that it does not
// have, and those without '=', which ask for nothing in numbers, are left out; of
// two with one name the last counts.
struct RidRestrictions {
  std::array<std::uint64_t, 2> payload_type_bits{};  // pt=96,97; none: all
  std::optional<std::uint32_t> max_width;            // pixels
  std::optional<std::uint32_t> max_height;
  std::optional<std::uint32_t> max_fps;  // frames a second
  std::optional<std::uint32_t> max_fs;   // pixels of a frame
  std::optional<DataRate> max_br;
  std::optional<std::uint64_t> max_pps;     // pixels a second
  std::optional<std::uint32_t> max_bpp;     // thousandths of a bit for a pixel
  CommaList depend;                         // rids that this one needs

  constexpr bool Allows(PayloadType type) const {
    const auto value = static_cast<std::size_t>(type.value());
    return payload_type_bits == std::array<std::uint64_t, 2>{} ||
           (payload_type_bits[value / 64] >> (value % 64) & 1) != 0;
  }
  constexpr void Allow(PayloadType type) {
    const auto value = static_cast<std::size_t>(type.value());
    payload_type_bits[value / 64] |= std::uint64_t{1} << (value % 64);
  }

  [[nodiscard]] static constexpr bool Read(FormatParameters parameters, RidRestrictions& out) {
    RidRestrictions read;
    std::string_view rest = parameters.text();
    for (FormatParameters::Parameter p; FormatParameters::Take(rest, p);) {
      if (!read.ReadOne(p.name, p.value)) return false;
    }
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    bool first = true;
    const auto begin = [&](std::string_view name) {
      if (!first) out.Literal(";");
      first = false;
      out.Literal(name);
    };
    const auto number = [&](std::string_view name, const auto& value) {
      if (!value) return;
      begin(name);
      out.Number(*value);
    };
    if (payload_type_bits != std::array<std::uint64_t, 2>{}) {
      begin("pt=");
      bool more = false;
      for (int type = 0; type < 128; ++type) {
        if (!Allows(PayloadType(type))) continue;
        if (more) out.Literal(",");
        more = true;
        internal::Print(out, PayloadType(type));
      }
    }
    number("max-width=", max_width);
    number("max-height=", max_height);
    number("max-fps=", max_fps);
    number("max-fs=", max_fs);
    if (max_br) {
      begin("max-br=");
      out.Require(max_br->bps() >= 0 && max_br->bps() <= kMaxRate);
      out.Number(static_cast<std::uint64_t>(max_br->bps()));
    }
    number("max-pps=", max_pps);
    if (max_bpp) {
      begin("max-bpp=");
      internal::PrintThousandths(out, *max_bpp, UINT32_MAX);
    }
    if (!depend.empty()) {
      begin("depend=");
      out.Require(depend.text().find(';') == std::string_view::npos);
      out.List(depend);
    }
  }
  constexpr bool operator==(const RidRestrictions&) const = default;

 private:
  static constexpr std::int64_t kMaxRate = std::int64_t{1} << 53;
  [[nodiscard]] static constexpr bool ReadNumber(std::string_view text, std::optional<std::uint32_t>& out) {
    std::uint64_t value = 0;
    if (!ParseDecimal(text, UINT32_MAX, value)) return false;
    out = static_cast<std::uint32_t>(value);
    return true;
  }
  constexpr bool ReadOne(std::string_view name, std::string_view value) {
    if (value.data() == nullptr) return name != "pt" && name != "depend";  // no '='
    std::uint64_t number = 0;
    if (name == "pt") {
      payload_type_bits = {};
      for (const std::string_view text : CommaList(value)) {
        PayloadType type;
        if (!internal::ReadPayloadType(text, type)) return false;
        Allow(type);
      }
      return CommaList(value).IsGood();
    }
    if (name == "max-width") return ReadNumber(value, max_width);
    if (name == "max-height") return ReadNumber(value, max_height);
    if (name == "max-fps") return ReadNumber(value, max_fps);
    if (name == "max-fs") return ReadNumber(value, max_fs);
    if (name == "max-br") {
      if (!ParseDecimal(value, static_cast<std::uint64_t>(kMaxRate), number)) return false;
      max_br = DataRate::BitsPerSecond(static_cast<std::int64_t>(number));
      return true;
    }
    if (name == "max-pps") {
      if (!ParseDecimal(value, UINT64_MAX, number)) return false;
      max_pps = number;
      return true;
    }
    if (name == "max-bpp") {
      if (!internal::ReadThousandths(value, UINT32_MAX, number)) return false;
      max_bpp = static_cast<std::uint32_t>(number);
      return true;
    }
    if (name == "depend") {
      depend = CommaList(value);
      return depend.IsGood() && IsWord(value);
    }
    return true;
  }
};

// a=rid:<rid> send|recv [<restrictions>] (RFC 8851, section 4). Ids are those
// that RTP carries: 1 to 16 letters and digits.
struct RidAttribute {
  static constexpr AttributeName kName = AttributeName::kRid;
  enum class Direction : std::uint8_t { kSend, kRecv };
  Rid rid;
  Direction direction = Direction::kSend;
  FormatParameters restrictions;  // of the form of RidRestrictions

  [[nodiscard]] static constexpr bool Read(std::string_view value, RidAttribute& out) {
    RidAttribute read;
    RidRestrictions restrictions;
    if (!Rid::Read(TakeUntil(value, ' '), read.rid)) return false;
    const std::string_view direction = TakeUntil(value, ' ');
    read.direction = direction == "send" ? Direction::kSend : Direction::kRecv;
    read.restrictions = FormatParameters(value);
    if ((direction != "send" && direction != "recv") || !RidRestrictions::Read(read.restrictions, restrictions)) {
      return false;
    }
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    RidRestrictions read;
    out.Require(!rid.empty() && RidRestrictions::Read(restrictions, read));
    out.Text(rid.view());
    out.Literal(direction == Direction::kSend ? " send" : " recv");
    if (restrictions.text().empty()) return;
    out.Literal(" ");
    out.Text(restrictions.text());
  }
  constexpr bool operator==(const RidAttribute&) const = default;
};

// One name in a=simulcast.
struct SimulcastRid {
  Rid rid;
  bool paused = false;       // "~": agreed on, and not sent now
  bool alternative = false;  // instead of the one before; otherwise a stream of its own
  constexpr bool operator==(const SimulcastRid&) const = default;
};

// The streams of one direction, at most 16 names.
struct SimulcastList {
  static constexpr std::size_t kMaxRids = 16;
  std::array<SimulcastRid, kMaxRids> list{};
  std::size_t count = 0;

  constexpr std::span<const SimulcastRid> rids() const { return std::span(list).first(std::min(count, kMaxRids)); }
  constexpr bool empty() const { return count == 0; }
  [[nodiscard]] constexpr bool Add(const SimulcastRid& rid) {
    if (count >= kMaxRids) return false;
    list[count++] = rid;
    return true;
  }
  [[nodiscard]] static constexpr bool Read(std::string_view text, SimulcastList& out) {
    out.count = 0;
    for (const std::string_view stream : FieldList<';'>(text)) {
      SimulcastRid read;
      for (std::string_view name : CommaList(stream)) {
        read.paused = name.starts_with('~');
        if (read.paused) name.remove_prefix(1);
        if (!Rid::Read(name, read.rid) || !out.Add(read)) return false;
        read.alternative = true;
      }
      if (!CommaList(stream).IsGood()) return false;
    }
    return FieldList<';'>(text).IsGood();
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(count > 0 && count <= kMaxRids && !list[0].alternative);
    bool first = true;
    for (const SimulcastRid& rid : rids()) {
      out.Require(!rid.rid.empty());
      if (!first) out.Literal(rid.alternative ? "," : ";");
      first = false;
      if (rid.paused) out.Literal("~");
      out.Text(rid.rid.view());
    }
  }
  constexpr bool operator==(const SimulcastList& other) const { return std::ranges::equal(rids(), other.rids()); }
};

// a=simulcast:send h,alt;~m recv l (RFC 8853, section 5.1): one direction or both.
struct Simulcast {
  static constexpr AttributeName kName = AttributeName::kSimulcast;
  SimulcastList send;
  SimulcastList recv;
  bool recv_first = false;  // when both are there

  [[nodiscard]] static constexpr bool Read(std::string_view value, Simulcast& out) {
    Simulcast read;
    bool has_send = false, has_recv = false;
    do {
      const std::string_view direction = TakeUntil(value, ' ');
      const std::string_view list = TakeUntil(value, ' ');
      if (direction == "send" && !has_send) {
        has_send = true;
        if (!SimulcastList::Read(list, read.send)) return false;
      } else if (direction == "recv" && !has_recv) {
        has_recv = true;
        read.recv_first = !has_send;
        if (!SimulcastList::Read(list, read.recv)) return false;
      } else {
        return false;
      }
    } while (!value.empty());
    read.recv_first = read.recv_first && has_send;
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require((!send.empty() || !recv.empty()) && (!recv_first || (!send.empty() && !recv.empty())));
    bool first = true;
    for (const bool is_recv : {recv_first, !recv_first}) {
      const SimulcastList& list = is_recv ? recv : send;
      if (list.empty()) continue;
      if (!first) out.Literal(" ");
      first = false;
      out.Literal(is_recv ? "recv " : "send ");
      list.Write(out);
    }
  }
  constexpr bool operator==(const Simulcast&) const = default;
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SIMULCAST_ATTRIBUTES_H_
