#ifndef MEDIACORE_SDP_SESSION_DESCRIPTION_H_
#define MEDIACORE_SDP_SESSION_DESCRIPTION_H_

#include <vector>

#include "mediacore/sdp/session_view.h"

// The model of a session description (RFC 8866): plain structs that the writer
// prints, in the order of the lines. Text belongs to somebody else: the parsed
// text, or the caller's strings. An empty text means that the line is absent
// (but for s=, which always is there).
namespace mediacore::sdp {

// t= with its r= lines and z= (sections 5.9 to 5.11).
struct Timing {
  ActiveTime active;
  std::vector<std::string_view> repeats;  // as they stand after r=
  std::string_view zones;                 // z=
  bool operator==(const Timing&) const = default;
};

// m= and what follows it (section 5.14).
struct Media {
  std::string_view type;  // audio, video, application, …
  std::uint16_t port = 0;
  std::uint32_t port_count = 1;
  std::string_view protocol;  // RTP/AVP, UDP/TLS/RTP/SAVPF, …
  std::vector<std::string_view> formats;
  std::string_view information;  // i=
  std::vector<Connection> connections;
  std::vector<Bandwidth> bandwidths;
  std::string_view key;  // k=
  std::vector<Attribute> attributes;
  bool operator==(const Media&) const = default;
};

struct SessionDescription {
  Origin origin;
  std::string_view name = "-";   // s=
  std::string_view information;  // i=
  std::string_view uri;          // u=
  std::vector<std::string_view> emails;
  std::vector<std::string_view> phones;
  std::optional<Connection> connection;
  std::vector<Bandwidth> bandwidths;
  std::vector<Timing> timings = std::vector<Timing>(1);
  std::string_view key;  // k=
  std::vector<Attribute> attributes;
  std::vector<Media> media;
  bool operator==(const SessionDescription&) const = default;
};

// The bytes of heap that a model of a session parsed within these limits takes
// at most: its vectors as they grow, line for line, and the formats of m= lines,
// byte for byte.
constexpr std::size_t MaxMemory(const SessionLimits& limits) {
  return limits.max_lines * 192 + limits.max_media * 640 + limits.max_bytes * 24;
}

// The model of a session that was parsed: to be changed, and written.
[[nodiscard]] inline SessionDescription ToDescription(const SessionView& view) {
  SessionDescription out;
  out.origin = view.origin();
  out.timings.clear();
  for (const Line line : view.lines()) {
    switch (line.type) {
      case 's': out.name = line.value; break;
      case 'i': out.information = line.value; break;
      case 'u': out.uri = line.value; break;
      case 'e': out.emails.push_back(line.value); break;
      case 'p': out.phones.push_back(line.value); break;
      case 'c': static_cast<void>(Connection::Read(line.value, out.connection.emplace())); break;
      case 'b': static_cast<void>(Bandwidth::Read(line.value, out.bandwidths.emplace_back())); break;
      case 't': static_cast<void>(ActiveTime::Read(line.value, out.timings.emplace_back().active)); break;
      case 'r': out.timings.back().repeats.push_back(line.value); break;
      case 'z': out.timings.back().zones = line.value; break;
      case 'k': out.key = line.value; break;
      default: break;
    }
  }
  for (const Attribute attribute : view.attributes()) out.attributes.push_back(attribute);
  out.media.reserve(view.media().size());
  for (const MediaView& section : view.media()) {
    Media& media = out.media.emplace_back();
    media.type = section.type();
    media.port = section.port();
    media.port_count = section.line().port_count;
    media.protocol = section.protocol();
    for (const std::string_view format : section.formats()) media.formats.push_back(format);
    for (const Line line : section.lines()) {
      switch (line.type) {
        case 'i': media.information = line.value; break;
        case 'c': static_cast<void>(Connection::Read(line.value, media.connections.emplace_back())); break;
        case 'b': static_cast<void>(Bandwidth::Read(line.value, media.bandwidths.emplace_back())); break;
        case 'k': media.key = line.value; break;
        default: break;
      }
    }
    for (const Attribute attribute : section.attributes()) media.attributes.push_back(attribute);
  }
  return out;
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SESSION_DESCRIPTION_H_
