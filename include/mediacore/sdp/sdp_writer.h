#ifndef MEDIACORE_SDP_SDP_WRITER_H_
#define MEDIACORE_SDP_SDP_WRITER_H_

#include "mediacore/sdp/session_description.h"

// A session description as text (RFC 8866), in the order of section 9, lines
// ending with CR LF.
//
//   std::string text;
//   if (!Write(session, text)) …
//
// False, with the output as it was, when a field cannot stand where it would be
// printed: a line break or NUL anywhere, a space where fields are separated by
// spaces, a value that the parser would refuse, a media description without a
// connection; or when it does not fit. So what goes into a model never turns
// into lines of its own.
namespace mediacore::sdp {

namespace internal {

// The lines of a session description, each whole.
template <typename Sink>
class LinePrinter {
 public:
  explicit LinePrinter(Printer<Sink>& out) : out_(out) {}

  void Text(char type, std::string_view value) {
    Begin(type);
    out_.Text(value);
    End();
  }
  void OptionalText(char type, std::string_view value) {
    if (!value.empty()) Text(type, value);
  }
  template <typename T>
  void Value(char type, const T& value) {
    Begin(type);
    value.Write(out_);
    End();
  }
  template <typename T>
  void Typed(const T& attribute) {
    out_.Literal("a=");
    out_.Literal(ToString(T::kName));
    out_.Literal(":");
    attribute.Write(out_);
    End();
  }
  void Flag(AttributeName name, bool on = true) {
    if (!on) return;
    out_.Literal("a=");
    out_.Literal(ToString(name));
    End();
  }
  void Begin(char type) {
    out_.Literal({&type, 1});
    out_.Literal("=");
  }
  void End() { out_.Literal("\r\n"); }
  Printer<Sink>& out() { return out_; }

 private:
  Printer<Sink>& out_;
};

template <typename Sink>
void Print(LinePrinter<Sink>& lines, const Media& media) {
  Printer<Sink>& out = lines.out();
  lines.Begin('m');
  MediaLine{media.type, media.port, media.port_count, media.protocol, {}}.WriteHead(out);
  const bool rtp = IsRtpProtocol(media.protocol);
  out.Require(!media.formats.empty());
  for (const std::string_view format : media.formats) {
    PayloadType type;
    out.Require(!rtp || ReadPayloadType(format, type));
    out.Literal(" ");
    out.Word(format);
  }
  lines.End();
  lines.OptionalText('i', media.information);
  for (const Connection& connection : media.connections) lines.Value('c', connection);
  for (const Bandwidth& bandwidth : media.bandwidths) lines.Value('b', bandwidth);
  lines.OptionalText('k', media.key);
  for (const Attribute& attribute : media.attributes) {
    out.Require(!rtp || IsGood(attribute));
    lines.Value('a', attribute);
  }
}

template <typename Sink>
void Print(Printer<Sink>& out, const SessionDescription& session) {
  LinePrinter lines(out);
  lines.Text('v', "0");
  lines.Value('o', session.origin);
  lines.Text('s', session.name);
  lines.OptionalText('i', session.information);
  lines.OptionalText('u', session.uri);
  for (const std::string_view email : session.emails) lines.Text('e', email);
  for (const std::string_view phone : session.phones) lines.Text('p', phone);
  if (session.connection) lines.Value('c', *session.connection);
  for (const Bandwidth& bandwidth : session.bandwidths) lines.Value('b', bandwidth);
  out.Require(!session.timings.empty());
  for (const Timing& timing : session.timings) {
    lines.Value('t', timing.active);
    for (const std::string_view repeat : timing.repeats) {
      out.Require(!repeat.empty());
      lines.Text('r', repeat);
    }
    lines.OptionalText('z', timing.zones);
  }
  lines.OptionalText('k', session.key);
  for (const Attribute& attribute : session.attributes) lines.Value('a', attribute);
  for (const Media& media : session.media) {
    out.Require(!media.connections.empty() || session.connection.has_value());
    Print(lines, media);
  }
}

}  // namespace internal

// Appends the description to `out`.
[[nodiscard]] inline bool Write(const SessionDescription& session, std::string& out) {
  return internal::PrintInto([&](auto& printer) { internal::Print(printer, session); }, out);
}

// Writes it to the front of `out` and says how long it is; no heap.
[[nodiscard]] inline bool Write(const SessionDescription& session, std::span<char> out, std::size_t& size) {
  return internal::PrintInto([&](auto& printer) { internal::Print(printer, session); }, out, size);
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SDP_WRITER_H_
