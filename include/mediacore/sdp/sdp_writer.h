#ifndef MEDIACORE_SDP_SDP_WRITER_H_
#define MEDIACORE_SDP_SDP_WRITER_H_

#include "mediacore/base/text_sink.h"
#include "mediacore/sdp/sdp_parser.h"

// A session description as text (RFC 8866), in the order of section 9, lines
// ending with CR LF.
//
//   std::string text;
//   if (!Write(session, text)) …
//
// False, with the output as it was, when a field cannot stand where it would be
// printed: a line break or NUL anywhere, a space where fields are separated by
// spaces, a value that the parser would refuse, a media description without a
// connection. So what goes into a model never turns into lines of its own.
namespace mediacore::sdp {

namespace internal {

template <typename Sink>
class Printer {
 public:
  explicit Printer(Sink& sink) : sink_(sink) {}
  bool ok() const { return ok_ && sink_.ok(); }

  void Print(const SessionDescription& session) {
    Line("v=", "0");
    const Origin& origin = session.origin;
    Text("o=");
    Word(origin.username);
    Text(" ");
    Word(origin.session_id);
    Text(" ");
    Word(origin.session_version);
    Text(" ");
    Address(origin.address_type, origin.address);
    End();
    Line("s=", session.name);
    OptionalLine("i=", session.information);
    OptionalLine("u=", session.uri);
    for (const std::string_view email : session.emails) Line("e=", email);
    for (const std::string_view phone : session.phones) Line("p=", phone);
    if (session.connection) Print(*session.connection);
    for (const Bandwidth& bandwidth : session.bandwidths) Print(bandwidth);
    if (session.timings.empty()) ok_ = false;
    for (const Timing& timing : session.timings) {
      Text("t=");
      AppendDecimal(sink_, timing.start);
      Text(" ");
      AppendDecimal(sink_, timing.stop);
      End();
      for (const std::string_view repeat : timing.repeats) {
        if (repeat.empty()) ok_ = false;
        Line("r=", repeat);
      }
    }
    OptionalLine("z=", session.time_zones);
    OptionalLine("k=", session.key);
    for (const Attribute& attribute : session.attributes) Print(attribute);
    for (const Media& media : session.media) {
      if (media.connections.empty() && !session.connection) ok_ = false;
      Print(media);
    }
  }

 private:
  void Print(const Connection& connection) {
    Text("c=");
    if (connection.address.find('/') != std::string_view::npos) ok_ = false;
    Address(connection.address_type, connection.address);
    const bool ip4 = connection.address_type == AddressType::kIp4;
    if (connection.ttl) {
      if (!ip4) ok_ = false;
      Text("/");
      AppendDecimal(sink_, *connection.ttl);
    }
    if (connection.count != 1) {
      if (connection.count == 0 || connection.count > 65'536 ||
          (ip4 && !connection.ttl)) {
        ok_ = false;
      }
      Text("/");
      AppendDecimal(sink_, connection.count);
    }
    End();
  }
  void Print(const Bandwidth& bandwidth) {
    if (bandwidth.type.empty() ||
        bandwidth.type.find(':') != std::string_view::npos) {
      ok_ = false;
    }
    Text("b=");
    Text(bandwidth.type);
    Text(":");
    AppendDecimal(sink_, bandwidth.value);
    End();
  }
  void Print(const Attribute& attribute) {
    if (attribute.name.empty() ||
        attribute.name.find(':') != std::string_view::npos) {
      ok_ = false;
    }
    Text("a=");
    Text(attribute.name);
    if (!attribute.value.empty()) Text(":");
    Text(attribute.value);
    End();
  }
  void Print(const Media& media) {
    Text("m=");
    Word(media.type);
    Text(" ");
    AppendDecimal(sink_, media.port);
    if (media.port_count != 1) {
      if (media.port_count == 0 || media.port_count > 65'536) ok_ = false;
      Text("/");
      AppendDecimal(sink_, media.port_count);
    }
    Text(" ");
    Word(media.protocol);
    if (media.formats.empty()) ok_ = false;
    for (const std::string_view format : media.formats) {
      std::uint64_t type = 0;
      if (media.IsRtp() && !ParseDecimal(format, 127, type)) ok_ = false;
      Text(" ");
      Word(format);
    }
    End();
    OptionalLine("i=", media.information);
    for (const Connection& connection : media.connections) Print(connection);
    for (const Bandwidth& bandwidth : media.bandwidths) Print(bandwidth);
    OptionalLine("k=", media.key);
    for (const Attribute& attribute : media.attributes) {
      if (media.IsRtp() && !IsGood(attribute)) ok_ = false;
      Print(attribute);
    }
  }

  void Address(AddressType type, std::string_view address) {
    Text(type == AddressType::kIp4 ? "IN IP4 " : "IN IP6 ");
    Word(address);
  }
  void Word(std::string_view text) {
    if (text.empty() || text.find(' ') != std::string_view::npos) ok_ = false;
    Text(text);
  }
  void Line(std::string_view type, std::string_view value) {
    Text(type);
    Text(value);
    End();
  }
  void OptionalLine(std::string_view type, std::string_view value) {
    if (!value.empty()) Line(type, value);
  }
  void Text(std::string_view text) {
    if (text.find_first_of(std::string_view("\0\r\n", 3)) !=
        std::string_view::npos) {
      ok_ = false;
    }
    sink_.Append(text);
  }
  void End() { sink_.Append("\r\n"); }

  Sink& sink_;
  bool ok_ = true;
};

}  // namespace internal

// Appends the description to `out`.
[[nodiscard]] inline bool Write(const SessionDescription& session,
                                std::string& out) {
  const std::size_t before = out.size();
  StringSink sink(out);
  internal::Printer printer(sink);
  printer.Print(session);
  if (printer.ok()) return true;
  out.resize(before);
  return false;
}

// Writes it to the front of `out` and says how long it is; no heap. False also
// when it does not fit.
[[nodiscard]] inline bool Write(const SessionDescription& session,
                                std::span<char> out, std::size_t& size) {
  SpanSink sink(out);
  internal::Printer printer(sink);
  printer.Print(session);
  if (!printer.ok()) return false;
  size = sink.size();
  return true;
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SDP_WRITER_H_
