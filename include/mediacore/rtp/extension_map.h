#ifndef MEDIACORE_RTP_EXTENSION_MAP_H_
#define MEDIACORE_RTP_EXTENSION_MAP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mediacore::rtp {

// Header extensions with a name of their own. What their values mean is said
// where they are read.
enum class ExtensionKind : std::uint8_t {
  kUnknown,
  kMid,                        // RFC 8843
  kRid,                        // RFC 8852
  kRepairedRid,                // RFC 8852
  kCname,                      // RFC 7941
  kAudioLevel,                 // RFC 6464
  kCsrcAudioLevel,             // RFC 6465
  kTransmissionOffset,         // RFC 5450
  kNtp64,                      // RFC 6051
  kAbsSendTime,
  kAbsCaptureTime,
  kTransportSequenceNumber,    // transport-wide congestion control 01
  kTransportSequenceNumberV2,  // 02, with feedback on request
  kPlayoutDelay,
  kVideoOrientation,           // 3GPP TS 26.114
  kVideoContentType,
  kVideoTiming,
  kColorSpace,
  kDependencyDescriptor,       // AV1 RTP specification, appendix A
  kVideoLayersAllocation,
  kGenericFrameDescriptor,
  kFrameMarking,               // RFC 9626
  kCorruptionDetection,
};
inline constexpr int kExtensionKindCount = 23;

// The URI that a=extmap calls it by (RFC 8285, section 5); empty for kUnknown.
constexpr std::string_view ExtensionUri(ExtensionKind kind) {
  switch (kind) {
    case ExtensionKind::kUnknown: return "";
    case ExtensionKind::kMid: return "urn:ietf:params:rtp-hdrext:sdes:mid";
    case ExtensionKind::kRid:
      return "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    case ExtensionKind::kRepairedRid:
      return "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    case ExtensionKind::kCname: return "urn:ietf:params:rtp-hdrext:sdes:cname";
    case ExtensionKind::kAudioLevel:
      return "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    case ExtensionKind::kCsrcAudioLevel:
      return "urn:ietf:params:rtp-hdrext:csrc-audio-level";
    case ExtensionKind::kTransmissionOffset:
      return "urn:ietf:params:rtp-hdrext:toffset";
    case ExtensionKind::kNtp64: return "urn:ietf:params:rtp-hdrext:ntp-64";
    case ExtensionKind::kAbsSendTime:
      return "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    case ExtensionKind::kAbsCaptureTime:
      return "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
    case ExtensionKind::kTransportSequenceNumber:
      return "http://www.ietf.org/id/"
             "draft-holmer-rmcat-transport-wide-cc-extensions-01";
    case ExtensionKind::kTransportSequenceNumberV2:
      return "http://www.webrtc.org/experiments/rtp-hdrext/"
             "transport-wide-cc-02";
    case ExtensionKind::kPlayoutDelay:
      return "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";
    case ExtensionKind::kVideoOrientation: return "urn:3gpp:video-orientation";
    case ExtensionKind::kVideoContentType:
      return "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type";
    case ExtensionKind::kVideoTiming:
      return "http://www.webrtc.org/experiments/rtp-hdrext/video-timing";
    case ExtensionKind::kColorSpace:
      return "http://www.webrtc.org/experiments/rtp-hdrext/color-space";
    case ExtensionKind::kDependencyDescriptor:
      return "https://aomediacodec.github.io/av1-rtp-spec/"
             "#dependency-descriptor-rtp-header-extension";
    case ExtensionKind::kVideoLayersAllocation:
      return "http://www.webrtc.org/experiments/rtp-hdrext/"
             "video-layers-allocation00";
    case ExtensionKind::kGenericFrameDescriptor:
      return "http://www.webrtc.org/experiments/rtp-hdrext/"
             "generic-frame-descriptor-00";
    case ExtensionKind::kFrameMarking:
      return "urn:ietf:params:rtp-hdrext:framemarking";
    case ExtensionKind::kCorruptionDetection:
      return "http://www.webrtc.org/experiments/rtp-hdrext/"
             "corruption-detection";
  }
  return "";
}

// kUnknown for a URI that is not in the list above. URIs are compared byte by
// byte.
constexpr ExtensionKind ExtensionKindOf(std::string_view uri) {
  for (int i = 1; i < kExtensionKindCount; ++i) {
    const auto kind = static_cast<ExtensionKind>(i);
    if (ExtensionUri(kind) == uri) return kind;
  }
  return ExtensionKind::kUnknown;
}

// Why an id was not given to a kind, in the order it is looked at.
enum class ExtensionMapResult : std::uint8_t {
  kOk,           // it was, now or before
  kUnknownKind,  // kUnknown has no id
  kBadId,        // outside 1-255, or 1-14 where only the one-byte form is agreed
  kIdTaken,      // the id stands for another kind
  kKindTaken,    // the kind has another id
};

constexpr std::string_view ToString(ExtensionMapResult result) {
  switch (result) {
    case ExtensionMapResult::kOk: return "ok";
    case ExtensionMapResult::kUnknownKind: return "extension map: unknown kind";
    case ExtensionMapResult::kBadId: return "extension map: id out of range";
    case ExtensionMapResult::kIdTaken: return "extension map: id taken";
    case ExtensionMapResult::kKindTaken: return "extension map: kind taken";
  }
  return "extension map: unknown";
}

// Which local id stands for which header extension in one session, as the
// signalling agreed (RFC 8285, section 5).
//
//   rtp::ExtensionMap map;
//   map.Add(4, rtp::ExtensionKindOf(uri));
//   const int id = map.IdOf(rtp::ExtensionKind::kMid);  // 0: not agreed
//   if (id != 0 && packet->FindExtension(id, value)) ...
//
// One id per kind and one kind per id; the first stands, a conflict is refused.
// Both ways of looking up are one load. 280 bytes, no heap.
class ExtensionMap {
 public:
  enum class Ids : std::uint8_t {
    kOneByte,  // 1-14
    kTwoByte,  // 1-255: a=extmap-allow-mixed was agreed
  };

  constexpr explicit ExtensionMap(Ids ids = Ids::kTwoByte) : ids_(ids) {}

  [[nodiscard]] constexpr ExtensionMapResult Add(int id, ExtensionKind kind) {
    if (kind == ExtensionKind::kUnknown) return ExtensionMapResult::kUnknownKind;
    if (id < 1 || id > (ids_ == Ids::kOneByte ? 14 : 255)) {
      return ExtensionMapResult::kBadId;
    }
    ExtensionKind& kind_of = kinds_[static_cast<std::size_t>(id)];
    std::uint8_t& id_of = id_of_[static_cast<std::size_t>(kind)];
    if (kind_of != ExtensionKind::kUnknown && kind_of != kind) {
      return ExtensionMapResult::kIdTaken;
    }
    if (id_of != 0 && id_of != id) return ExtensionMapResult::kKindTaken;
    kind_of = kind;
    id_of = static_cast<std::uint8_t>(id);
    return ExtensionMapResult::kOk;
  }

  // 0: this session has not agreed on it.
  constexpr int IdOf(ExtensionKind kind) const {
    return id_of_[static_cast<std::size_t>(kind)];
  }
  // kUnknown: this session has not agreed on it, or no such id can be.
  constexpr ExtensionKind KindOf(int id) const {
    if (id < 0 || id > 255) return ExtensionKind::kUnknown;
    return kinds_[static_cast<std::size_t>(id)];
  }

 private:
  std::array<ExtensionKind, 256> kinds_{};
  std::array<std::uint8_t, kExtensionKindCount> id_of_{};
  Ids ids_;
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_EXTENSION_MAP_H_
