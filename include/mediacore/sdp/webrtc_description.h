#ifndef MEDIACORE_SDP_WEBRTC_DESCRIPTION_H_
#define MEDIACORE_SDP_WEBRTC_DESCRIPTION_H_

#include <type_traits>

#include "mediacore/sdp/ice_attributes.h"
#include "mediacore/sdp/sdp_writer.h"
#include "mediacore/sdp/security_attributes.h"
#include "mediacore/sdp/simulcast_attributes.h"
#include "mediacore/sdp/webrtc_attributes.h"

// An offer or answer of WebRTC (RFC 9429) as typed values: read from a session
// that was parsed, or filled in, and written in one order, whatever the order
// was. Text belongs to somebody else, as in session_description.h.
//
//   WebRtcDescription offer;
//   if (const auto refused = WebRtcDescription::Read(session, offer)) …
//   for (const WebRtcMedia& media : offer.media) … media.mid, media.codecs …
//
//   WebRtcDescription answer;
//   answer.groups = {{"BUNDLE", Words("0 1")}};
//   answer.media.push_back(…);
//   std::string text;
//   if (!Write(answer, text)) …
namespace mediacore::sdp {

// Why a session is not one of WebRTC. Of one line, in the order the reader looks.
enum class WebRtcError : std::uint8_t {
  kBadAttribute,  // the value of an attribute with a place below is not of its form
  kRepeated,      // a second one of what there is one of
};
inline constexpr int kWebRtcErrorCount = 2;
constexpr std::string_view ToString(WebRtcError error) {
  switch (error) {
    case WebRtcError::kBadAttribute: return "webrtc: bad a= line";
    case WebRtcError::kRepeated: return "webrtc: line that may stand once stands twice";
  }
  return "webrtc: unknown";
}
using WebRtcRefusal = DocumentError<WebRtcError>;

// What ICE and DTLS need, of one media description or of all.
struct WebRtcTransport {
  std::optional<IceUfrag> ice_ufrag;
  std::optional<IcePwd> ice_pwd;
  std::optional<IceOptions> ice_options;
  std::vector<Fingerprint> fingerprints;
  std::optional<Setup> setup;
  std::optional<TlsId> tls_id;
  std::vector<Candidate> candidates;
  bool end_of_candidates = false;
  bool operator==(const WebRtcTransport&) const = default;
};

// One payload type with what rtpmap, fmtp and rtcp-fb say of it.
struct WebRtcCodec {
  struct Feedback {
    std::string_view type;        // nack, ccm, …
    std::string_view parameters;  // pli, fir, …
    bool operator==(const Feedback&) const = default;
  };
  PayloadType payload_type;
  std::string_view encoding_name;  // empty: no rtpmap
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 0;  // 0: not said
  std::vector<Feedback> feedback;
  std::vector<FormatParameters> fmtp;
  bool operator==(const WebRtcCodec&) const = default;
};

// One m= section.
struct WebRtcMedia {
  std::string_view type;  // audio, video, application
  std::uint16_t port = 9;
  std::string_view protocol = "UDP/TLS/RTP/SAVPF";
  std::vector<WebRtcCodec> codecs;        // of an RTP protocol, in the order of preference
  std::vector<std::string_view> formats;  // of others: webrtc-datachannel
  std::optional<Connection> connection = Connection{{AddressType::kIp4, "0.0.0.0"}, {}, 1};
  std::vector<Bandwidth> bandwidths;

  std::optional<MidAttribute> mid;
  std::optional<Rtcp> rtcp;
  std::optional<Direction> direction;
  std::vector<Msid> msids;
  std::vector<RtcpFb> feedback;  // of all payload types, "*"
  std::optional<Ptime> ptime;
  std::optional<MaxPtime> maxptime;
  bool extmap_allow_mixed = false;
  std::vector<ExtMap> extmaps;
  std::vector<RidAttribute> rids;
  std::optional<Simulcast> simulcast;
  std::vector<SsrcGroup> ssrc_groups;
  std::vector<SsrcAttribute> ssrcs;
  std::optional<SctpPort> sctp_port;
  std::optional<MaxMessageSize> max_message_size;
  bool bundle_only = false;
  bool rtcp_mux = false;
  bool rtcp_mux_only = false;
  bool rtcp_rsize = false;
  std::optional<RtcpXr> rtcp_xr;
  WebRtcTransport transport;
  std::vector<Attribute> others;  // without a place above
  bool operator==(const WebRtcMedia&) const = default;
};

// Lines that WebRTC does not use (i=, u=, e=, p=, z=, k=, and what t= says) are
// left out, and so are rtpmap, fmtp and rtcp-fb of payload types that the m=
// line does not have; of two rtpmap for one the first counts.
struct WebRtcDescription {
  Origin origin;
  std::string_view name = "-";  // s=
  std::optional<Connection> connection;
  std::vector<Bandwidth> bandwidths;

  std::vector<Group> groups;
  std::optional<MsidSemantic> msid_semantic;
  std::optional<Identity> identity;
  std::optional<Direction> direction;
  bool ice_lite = false;
  bool extmap_allow_mixed = false;
  std::vector<ExtMap> extmaps;
  WebRtcTransport transport;
  std::vector<Attribute> others;
  std::vector<WebRtcMedia> media;
  bool operator==(const WebRtcDescription&) const = default;

  // Nothing when `out` holds the description. After a refusal `out` holds what
  // stood before it. Time is linear in the text.
  [[nodiscard]] static std::optional<WebRtcRefusal> Read(const SessionView& view, WebRtcDescription& out);
};

// The bytes of heap that a description read from a session within these limits
// takes at most: its vectors as they grow.
constexpr std::size_t MaxWebRtcMemory(const SessionLimits& limits) {
  return limits.max_lines * 3 * sizeof(Candidate) + limits.max_media * sizeof(WebRtcMedia) +
         limits.max_bytes / 2 * 3 * sizeof(WebRtcCodec);
}

namespace internal {

// visit() of each place for attributes, in the order in which they are written:
// optional and vector of typed ones, flags with their names, directions.
template <typename Transport, typename Visit>
void ForEachTransportPlace(Transport& transport, Visit& visit) {
  visit(transport.ice_ufrag);
  visit(transport.ice_pwd);
  visit(transport.ice_options);
  visit(transport.fingerprints);
  visit(transport.setup);
  visit(transport.tls_id);
  visit(transport.candidates);
  visit(transport.end_of_candidates, AttributeName::kEndOfCandidates);
}
template <typename Visit, typename Session>
  requires std::is_same_v<std::remove_const_t<Session>, WebRtcDescription>
void ForEachPlace(Session& session, Visit&& visit) {
  visit(session.groups);
  visit(session.extmap_allow_mixed, AttributeName::kExtMapAllowMixed);
  visit(session.msid_semantic);
  visit(session.identity);
  visit(session.direction);
  visit(session.extmaps);
  visit(session.ice_lite, AttributeName::kIceLite);
  ForEachTransportPlace(session.transport, visit);
}
// But for the codecs, which come after the stream ids.
template <typename Visit, typename Media>
  requires std::is_same_v<std::remove_const_t<Media>, WebRtcMedia>
void ForEachPlace(Media& media, Visit&& visit) {
  visit(media.mid);
  visit(media.rtcp);
  ForEachTransportPlace(media.transport, visit);
  visit(media.direction);
  visit(media.msids);
  visit(media.bundle_only, AttributeName::kBundleOnly);
  visit(media.rtcp_mux, AttributeName::kRtcpMux);
  visit(media.rtcp_mux_only, AttributeName::kRtcpMuxOnly);
  visit(media.rtcp_rsize, AttributeName::kRtcpRsize);
  visit(media.rtcp_xr);
  visit(media.extmap_allow_mixed, AttributeName::kExtMapAllowMixed);
  visit(media.extmaps);
  visit(media.codecs);
  visit(media.feedback);
  visit(media.ptime);
  visit(media.maxptime);
  visit(media.rids);
  visit(media.simulcast);
  visit(media.ssrc_groups);
  visit(media.ssrcs);
  visit(media.sctp_port);
  visit(media.max_message_size);
}

// Puts one attribute where it belongs.
class Placer {
 public:
  Placer(const Attribute& attribute, AttributeName name) : attribute_(attribute), name_(name) {}

  template <typename T>
  void operator()(std::optional<T>& place) {
    if (name_ != T::kName) return;
    found_ = true;
    if (place.has_value()) return Refuse(WebRtcError::kRepeated);
    if (!T::Read(attribute_.value, place.emplace())) Refuse(WebRtcError::kBadAttribute);
  }
  template <typename T>
  void operator()(std::vector<T>& place) {
    if (name_ != T::kName) return;
    found_ = true;
    if (!T::Read(attribute_.value, place.emplace_back())) Refuse(WebRtcError::kBadAttribute);
  }
  void operator()(std::optional<Direction>& place) {
    Direction direction = Direction::kSendRecv;
    if (!ReadDirection(name_, direction)) return;
    found_ = true;
    if (!attribute_.value.empty()) return Refuse(WebRtcError::kBadAttribute);
    if (place.has_value()) return Refuse(WebRtcError::kRepeated);
    place = direction;
  }
  void operator()(bool& place, AttributeName name) {
    if (name_ != name) return;
    found_ = true;
    if (!attribute_.value.empty()) Refuse(WebRtcError::kBadAttribute);
    place = true;
  }
  void operator()(std::vector<WebRtcCodec>&) {}

  bool found() const { return found_; }
  std::optional<WebRtcError> error() const { return error_; }

 private:
  void Refuse(WebRtcError error) { error_ = error; }
  const Attribute& attribute_;
  AttributeName name_;
  bool found_ = false;
  std::optional<WebRtcError> error_;
};

// The codecs of one media description by payload type.
class CodecReader {
 public:
  CodecReader(const MediaView& view, WebRtcMedia& out) : codecs_(out.codecs) {
    if (!view.IsRtp()) {
      for (const std::string_view format : view.formats()) out.formats.push_back(format);
      return;
    }
    for (const std::string_view format : view.formats()) {
      PayloadType type;
      if (!ReadPayloadType(format, type) || Find(type) != nullptr) continue;
      codecs_.emplace_back().payload_type = type;
      places_[static_cast<std::size_t>(type.value())] = static_cast<std::uint8_t>(codecs_.size());
    }
  }
  // Whether it was one for a codec; `good` says whether it had its form.
  bool Take(AttributeName name, std::string_view value, bool& good) {
    if (codecs_.empty()) return false;
    if (name == AttributeName::kRtpMap) {
      RtpMap map;
      good = RtpMap::Read(value, map);
      WebRtcCodec* const codec = good ? Find(map.payload_type) : nullptr;
      if (codec == nullptr || !codec->encoding_name.empty()) return true;
      codec->encoding_name = map.encoding_name;
      codec->clock_rate = map.clock_rate;
      codec->channels = map.channels;
      return true;
    }
    if (name == AttributeName::kFmtp) {
      Fmtp fmtp;
      good = Fmtp::Read(value, fmtp);
      if (WebRtcCodec* const codec = good ? Find(fmtp.payload_type) : nullptr) codec->fmtp.push_back(fmtp.parameters);
      return true;
    }
    RtcpFb feedback;
    if (name != AttributeName::kRtcpFb || !RtcpFb::Read(value, feedback) || !feedback.payload_type) return false;
    if (WebRtcCodec* const codec = Find(*feedback.payload_type)) {
      codec->feedback.push_back({feedback.type, feedback.parameters});
    }
    return true;
  }

 private:
  WebRtcCodec* Find(PayloadType type) {
    const std::size_t place = places_[static_cast<std::size_t>(type.value())];
    return place == 0 ? nullptr : &codecs_[place - 1];
  }
  std::vector<WebRtcCodec>& codecs_;
  std::array<std::uint8_t, 128> places_{};  // from 1; 0: nowhere
};

// Whether a section has a place for attributes of a name.
class PlaceFinder {
 public:
  explicit PlaceFinder(AttributeName name) : name_(name) {}
  template <typename T>
  void operator()(const std::optional<T>&) { found_ |= name_ == T::kName; }
  template <typename T>
  void operator()(const std::vector<T>&) { found_ |= name_ == T::kName; }
  void operator()(const std::optional<Direction>&) {
    Direction direction = Direction::kSendRecv;
    found_ |= ReadDirection(name_, direction);
  }
  void operator()(const bool&, AttributeName flag) { found_ |= name_ == flag; }
  void operator()(const std::vector<WebRtcCodec>& codecs) {
    found_ |= !codecs.empty() && (name_ == AttributeName::kRtpMap || name_ == AttributeName::kFmtp);
  }
  bool found() const { return found_; }

 private:
  AttributeName name_;
  bool found_ = false;
};

template <typename Sink>
class WebRtcPrinter {
 public:
  explicit WebRtcPrinter(LinePrinter<Sink>& lines) : lines_(lines) {}

  void Print(const WebRtcDescription& session) {
    lines_.Text('v', "0");
    lines_.Value('o', session.origin);
    lines_.Text('s', session.name);
    if (session.connection) lines_.Value('c', *session.connection);
    for (const Bandwidth& bandwidth : session.bandwidths) lines_.Value('b', bandwidth);
    lines_.Value('t', ActiveTime());
    PrintPlaces(session);
    for (const WebRtcMedia& media : session.media) {
      lines_.out().Require(media.connection.has_value() || session.connection.has_value());
      Print(media);
    }
  }

  template <typename T>
  void operator()(const std::optional<T>& place) {
    if (place) lines_.Typed(*place);
  }
  template <typename T>
  void operator()(const std::vector<T>& place) {
    for (const T& attribute : place) lines_.Typed(attribute);
  }
  void operator()(const std::vector<RtcpFb>& place) {
    for (const RtcpFb& feedback : place) {
      lines_.out().Require(!rtp_ || !feedback.payload_type);
      lines_.Typed(feedback);
    }
  }
  void operator()(const std::optional<Direction>& place) {
    if (place) lines_.Flag(NameOf(*place));
  }
  void operator()(const bool& place, AttributeName name) { lines_.Flag(name, place); }
  void operator()(const std::vector<WebRtcCodec>& codecs) {
    for (const WebRtcCodec& codec : codecs) {
      if (!codec.encoding_name.empty()) {
        lines_.Typed(RtpMap{codec.payload_type, codec.encoding_name, codec.clock_rate, codec.channels});
      } else {
        lines_.out().Require(codec.clock_rate == 0 && codec.channels == 0);
      }
      for (const auto& [type, parameters] : codec.feedback) {
        lines_.Typed(RtcpFb{codec.payload_type, type, parameters});
      }
      for (const FormatParameters& fmtp : codec.fmtp) lines_.Typed(Fmtp{codec.payload_type, fmtp});
    }
  }

 private:
  template <typename Section>
  void PrintPlaces(const Section& section) {
    ForEachPlace(section, *this);
    for (const Attribute& attribute : section.others) {
      PlaceFinder finder(attribute.Name());
      ForEachPlace(section, finder);
      lines_.out().Require(!finder.found());
      lines_.Value('a', attribute);
    }
  }
  void Print(const WebRtcMedia& media) {
    Printer<Sink>& out = lines_.out();
    rtp_ = IsRtpProtocol(media.protocol);
    lines_.Begin('m');
    MediaLine{media.type, media.port, 1, media.protocol, {}}.WriteHead(out);
    out.Require(rtp_ ? !media.codecs.empty() && media.formats.empty() : media.codecs.empty() && !media.formats.empty());
    std::array<bool, 128> seen{};
    for (const WebRtcCodec& codec : media.codecs) {
      bool& twice = seen[static_cast<std::size_t>(codec.payload_type.value())];
      out.Require(!twice);
      twice = true;
      out.Literal(" ");
      internal::Print(out, codec.payload_type);
    }
    for (const std::string_view format : media.formats) {
      out.Literal(" ");
      out.Word(format);
    }
    lines_.End();
    if (media.connection) lines_.Value('c', *media.connection);
    for (const Bandwidth& bandwidth : media.bandwidths) lines_.Value('b', bandwidth);
    PrintPlaces(media);
  }

  LinePrinter<Sink>& lines_;
  bool rtp_ = false;
};

template <typename Sink>
void Print(Printer<Sink>& out, const WebRtcDescription& session) {
  LinePrinter lines(out);
  WebRtcPrinter(lines).Print(session);
}

// Reads c= and b= of a section; the lines were checked.
inline std::optional<WebRtcError> ReadHead(const Line& line, std::optional<Connection>& connection,
                                           std::vector<Bandwidth>& bandwidths) {
  if (line.type == 'c') {
    if (connection) return WebRtcError::kRepeated;
    static_cast<void>(Connection::Read(line.value, connection.emplace()));
  } else if (line.type == 'b') {
    static_cast<void>(Bandwidth::Read(line.value, bandwidths.emplace_back()));
  }
  return std::nullopt;
}
}  // namespace internal

inline std::optional<WebRtcRefusal> WebRtcDescription::Read(const SessionView& view, WebRtcDescription& out) {
  out = {};
  out.origin = view.origin();
  out.name = view.name();
  const auto refuse = [&](WebRtcError cause, std::string_view part) {
    const std::size_t offset = view.OffsetOf(part) - 2;  // of the line's letter
    return WebRtcRefusal{cause, offset, view.LineOf(part)};
  };
  const auto place = [](auto& section, const Attribute& attribute) {
    internal::Placer placer(attribute, attribute.Name());
    internal::ForEachPlace(section, placer);
    if (!placer.found()) section.others.push_back(attribute);
    return placer.error();
  };
  for (const Line line : view.lines()) {
    static_cast<void>(internal::ReadHead(line, out.connection, out.bandwidths));
  }
  for (const Attribute attribute : view.attributes()) {
    if (const auto error = place(out, attribute)) return refuse(*error, attribute.name);
  }
  out.media.reserve(view.media().size());
  for (const MediaView& section : view.media()) {
    WebRtcMedia& media = out.media.emplace_back();
    media.type = section.type();
    media.port = section.port();
    media.protocol = section.protocol();
    media.connection.reset();
    for (const Line line : section.lines()) {
      if (const auto error = internal::ReadHead(line, media.connection, media.bandwidths)) {
        return refuse(*error, line.value);
      }
    }
    internal::CodecReader codecs(section, media);
    for (const Attribute attribute : section.attributes()) {
      bool good = true;
      if (codecs.Take(attribute.Name(), attribute.value, good)) {
        if (!good) return refuse(WebRtcError::kBadAttribute, attribute.name);
      } else if (const auto error = place(media, attribute)) {
        return refuse(*error, attribute.name);
      }
    }
  }
  return std::nullopt;
}

// Appends the description to `out`; false, with `out` as it was, as Write() of
// sdp_writer.h, and when `others` holds what has a place of its own, or a
// payload type comes twice.
[[nodiscard]] inline bool Write(const WebRtcDescription& session, std::string& out) {
  return internal::PrintInto([&](auto& printer) { internal::Print(printer, session); }, out);
}

// Writes it to the front of `out` and says how long it is; no heap.
[[nodiscard]] inline bool Write(const WebRtcDescription& session, std::span<char> out, std::size_t& size) {
  return internal::PrintInto([&](auto& printer) { internal::Print(printer, session); }, out, size);
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_WEBRTC_DESCRIPTION_H_
