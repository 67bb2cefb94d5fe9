#ifndef MEDIACORE_SDP_WEBRTC_ATTRIBUTES_H_
#define MEDIACORE_SDP_WEBRTC_ATTRIBUTES_H_

#include "mediacore/sdp/attributes.h"

// Attributes that tie media descriptions together (RFC 9429), in the form of
// attributes.h.
namespace mediacore::sdp {

// a=group:<semantics> <mid>… (RFC 5888): BUNDLE (RFC 9143), LS.
struct Group {
  static constexpr AttributeName kName = AttributeName::kGroup;
  std::string_view semantics;
  Words mids;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Group& out) {
    Group group;
    group.semantics = TakeUntil(value, ' ');
    group.mids = Words(value);
    if (group.semantics.empty() || (!value.empty() && !group.mids.IsGood())) return false;
    out = group;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Word(semantics);
    if (mids.empty()) return;
    out.Literal(" ");
    out.List(mids);
  }
  constexpr bool operator==(const Group&) const = default;
};

// a=mid:<token> (RFC 5888), of at most 16 characters as RTP carries it.
struct MidAttribute {
  static constexpr AttributeName kName = AttributeName::kMid;
  Mid mid;

  [[nodiscard]] static constexpr bool Read(std::string_view value, MidAttribute& out) {
    return Mid::Read(value, out.mid);
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Token(mid.view());
  }
  constexpr bool operator==(const MidAttribute&) const = default;
};

// a=msid:<stream> [<track>] (RFC 8830), each of at most 64 characters; "-" is
// no stream.
struct Msid {
  static constexpr AttributeName kName = AttributeName::kMsid;
  static constexpr std::size_t kMaxSize = 64;
  std::string_view stream;
  std::string_view track;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Msid& out) {
    Msid msid;
    msid.stream = TakeUntil(value, ' ');
    msid.track = value;
    if (!IsToken(msid.stream) || (!value.empty() && !IsToken(value)) || !msid.IsShort()) return false;
    out = msid;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(IsShort());
    out.Token(stream);
    if (track.empty()) return;
    out.Literal(" ");
    out.Token(track);
  }
  constexpr bool operator==(const Msid&) const = default;

 private:
  constexpr bool IsShort() const { return stream.size() <= kMaxSize && track.size() <= kMaxSize; }
};

// a=msid-semantic:[ ]<semantic> <stream>…: WMS. It says nothing that a=msid does
// not, but browsers write it.
struct MsidSemantic {
  static constexpr AttributeName kName = AttributeName::kMsidSemantic;
  bool spaced = false;  // a space follows the colon, as Chromium writes it
  std::string_view semantic;
  Words streams;  // "*": all

  [[nodiscard]] static constexpr bool Read(std::string_view value, MsidSemantic& out) {
    MsidSemantic read;
    read.spaced = value.starts_with(' ');
    if (read.spaced) value.remove_prefix(1);
    read.semantic = TakeUntil(value, ' ');
    read.streams = Words(value);
    if (read.semantic.empty() || (!value.empty() && !read.streams.IsGood())) return false;
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    if (spaced) out.Literal(" ");
    out.Word(semantic);
    if (streams.empty()) return;
    out.Literal(" ");
    out.List(streams);
  }
  constexpr bool operator==(const MsidSemantic&) const = default;
};

// a=extmap:<id>[/<direction>] <URI> [<attributes>] (RFC 8285, section 5). Ids
// from 4096 on ask for one that is free.
struct ExtMap {
  static constexpr AttributeName kName = AttributeName::kExtMap;
  std::uint16_t id = 0;  // 1 to 256, or 4096 to 4351
  std::optional<Direction> direction;
  std::string_view uri;
  std::string_view attributes;

  [[nodiscard]] static constexpr bool Read(std::string_view value, ExtMap& out) {
    ExtMap map;
    std::string_view head = TakeUntil(value, ' ');
    const bool has_direction = head.find('/') != std::string_view::npos;
    std::uint64_t id = 0;
    if (!ParseDecimal(TakeUntil(head, '/'), kMaxId, id)) return false;
    if (has_direction && !ReadDirection(AttributeNameOf(head), map.direction.emplace())) return false;
    map.id = static_cast<std::uint16_t>(id);
    map.uri = TakeUntil(value, ' ');
    map.attributes = value;
    if (!map.HasGoodId() || map.uri.empty()) return false;
    out = map;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(HasGoodId());
    out.Number(id);
    if (direction) {
      out.Literal("/");
      out.Literal(ToString(*direction));
    }
    out.Literal(" ");
    out.Word(uri);
    if (attributes.empty()) return;
    out.Literal(" ");
    out.Text(attributes);
  }
  constexpr bool operator==(const ExtMap&) const = default;

 private:
  static constexpr std::uint64_t kMaxId = 4351;
  constexpr bool HasGoodId() const { return id > 0 && id <= kMaxId && (id <= 256 || id >= 4096); }
};

// a=sctp-port:<port> (RFC 8841, section 5); 0 closes the association.
struct SctpPort {
  static constexpr AttributeName kName = AttributeName::kSctpPort;
  std::uint16_t port = 0;

  [[nodiscard]] static constexpr bool Read(std::string_view value, SctpPort& out) {
    std::uint64_t port = 0;
    if (!ParseDecimal(value, 65'535, port)) return false;
    out.port = static_cast<std::uint16_t>(port);
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Number(port);
  }
  constexpr bool operator==(const SctpPort&) const = default;
};

// a=max-message-size:<bytes> (RFC 8841, section 6); 0: any size.
struct MaxMessageSize {
  static constexpr AttributeName kName = AttributeName::kMaxMessageSize;
  DataSize size = DataSize::Zero();

  [[nodiscard]] static constexpr bool Read(std::string_view value, MaxMessageSize& out) {
    std::uint64_t size = 0;
    if (!ParseDecimal(value, kMax, size)) return false;
    out.size = DataSize::Bytes(static_cast<std::int64_t>(size));
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(size.bytes() >= 0);
    out.Number(static_cast<std::uint64_t>(size.bytes()), 0, kMax);
  }
  constexpr bool operator==(const MaxMessageSize&) const = default;

 private:
  static constexpr std::uint64_t kMax = std::uint64_t{1} << 53;
};

// a=sctpmap:<port> <application> [<streams>], of drafts before RFC 8841.
struct SctpMap {
  static constexpr AttributeName kName = AttributeName::kSctpMap;
  std::uint16_t port = 0;
  std::string_view application;           // webrtc-datachannel
  std::optional<std::uint16_t> streams;

  [[nodiscard]] static constexpr bool Read(std::string_view value, SctpMap& out) {
    SctpMap map;
    std::uint64_t port = 0, streams = 0;
    if (!ParseDecimal(TakeUntil(value, ' '), 65'535, port)) return false;
    map.port = static_cast<std::uint16_t>(port);
    map.application = TakeUntil(value, ' ');
    if (map.application.empty()) return false;
    if (!value.empty()) {
      if (!ParseDecimal(value, 65'535, streams)) return false;
      map.streams = static_cast<std::uint16_t>(streams);
    }
    out = map;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Number(port);
    out.Literal(" ");
    out.Word(application);
    if (!streams) return;
    out.Literal(" ");
    out.Number(*streams);
  }
  constexpr bool operator==(const SctpMap&) const = default;
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_WEBRTC_ATTRIBUTES_H_
