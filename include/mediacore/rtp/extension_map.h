#ifndef MEDIACORE_RTP_EXTENSION_MAP_H_
#define MEDIACORE_RTP_EXTENSION_MAP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mediacore::rtp {

// Header extensions with a name of their own: IANA's "RTP Compact Header
// Extensions" and those that browsers and their servers use. What their values
// mean is said where they are read; not all of them have a typed value.
enum class ExtensionKind : std::uint8_t {
  kUnknown,
  kMid,                        // RFC 9143
  kRid,                        // RFC 8852
  kRepairedRid,                // RFC 8852
  kCname,                      // RFC 7941
  kAudioLevel,                 // RFC 6464
  kCsrcAudioLevel,             // RFC 6465
  kTransmissionOffset,         // RFC 5450
  kNtp64,                      // RFC 6051
  kNtp56,                      // RFC 6051
  kAbsSendTime,
  kAbsCaptureTime,
  kTransportSequenceNumber,    // transport-wide congestion control 01
  kTransportSequenceNumberV2,  // 02, with feedback on request
  kPlayoutDelay,
  kVideoOrientation,           // 3GPP TS 26.114
  kVideoOrientation6,          // the same, rotation in 6 bits
  kVideoContentType,
  kVideoTiming,
  kVideoFrameTrackingId,
  kColorSpace,
  kDependencyDescriptor,       // AV1 RTP specification, appendix A
  kVideoLayersAllocation,
  kGenericFrameDescriptor,
  kFrameMarking,               // RFC 9626
  kCorruptionDetection,
  kEncrypted,                  // RFC 6904: a wrapper around one of the others
  kInbandComfortNoise,
  kSmpteTimecode,              // RFC 5484
  kSplicingInterval,           // RFC 8286
  kCaptureId,                  // RFC 8849
  kRegionOfInterest,           // 3GPP TS 26.114
  kPredefinedRegionOfInterest,  // 3GPP TS 26.114
};
inline constexpr int kExtensionKindCount = 33;

namespace internal {
struct ExtensionNames {
  ExtensionKind kind;
  std::string_view short_name;
  std::string_view uri;
};
inline constexpr std::array<ExtensionNames, kExtensionKindCount> kExtensionNames = {{
    {ExtensionKind::kUnknown, "", ""},
    {ExtensionKind::kMid, "mid", "urn:ietf:params:rtp-hdrext:sdes:mid"},
    {ExtensionKind::kRid, "rid", "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"},
    {ExtensionKind::kRepairedRid, "repaired-rid", "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"},
    {ExtensionKind::kCname, "cname", "urn:ietf:params:rtp-hdrext:sdes:cname"},
    {ExtensionKind::kAudioLevel, "audio-level", "urn:ietf:params:rtp-hdrext:ssrc-audio-level"},
    {ExtensionKind::kCsrcAudioLevel, "csrc-audio-level", "urn:ietf:params:rtp-hdrext:csrc-audio-level"},
    {ExtensionKind::kTransmissionOffset, "toffset", "urn:ietf:params:rtp-hdrext:toffset"},
    {ExtensionKind::kNtp64, "ntp-64", "urn:ietf:params:rtp-hdrext:ntp-64"},
    {ExtensionKind::kNtp56, "ntp-56", "urn:ietf:params:rtp-hdrext:ntp-56"},
    {ExtensionKind::kAbsSendTime, "abs-send-time", "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"},
    {ExtensionKind::kAbsCaptureTime, "abs-capture-time",
     "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"},
    {ExtensionKind::kTransportSequenceNumber, "twcc",
     "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"},
    {ExtensionKind::kTransportSequenceNumberV2, "twcc-02",
     "http://www.webrtc.org/experiments/rtp-hdrext/transport-wide-cc-02"},
    {ExtensionKind::kPlayoutDelay, "playout-delay", "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"},
    {ExtensionKind::kVideoOrientation, "video-orientation", "urn:3gpp:video-orientation"},
    {ExtensionKind::kVideoOrientation6, "video-orientation-6", "urn:3gpp:video-orientation:6"},
    {ExtensionKind::kVideoContentType, "video-content-type",
     "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type"},
    {ExtensionKind::kVideoTiming, "video-timing", "http://www.webrtc.org/experiments/rtp-hdrext/video-timing"},
    {ExtensionKind::kVideoFrameTrackingId, "video-frame-tracking-id",
     "http://www.webrtc.org/experiments/rtp-hdrext/video-frame-tracking-id"},
    {ExtensionKind::kColorSpace, "color-space", "http://www.webrtc.org/experiments/rtp-hdrext/color-space"},
    {ExtensionKind::kDependencyDescriptor, "dd",
     "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"},
    {ExtensionKind::kVideoLayersAllocation, "vla",
     "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00"},
    {ExtensionKind::kGenericFrameDescriptor, "gfd",
     "http://www.webrtc.org/experiments/rtp-hdrext/generic-frame-descriptor-00"},
    {ExtensionKind::kFrameMarking, "frame-marking", "urn:ietf:params:rtp-hdrext:framemarking"},
    {ExtensionKind::kCorruptionDetection, "corruption-detection",
     "http://www.webrtc.org/experiments/rtp-hdrext/corruption-detection"},
    {ExtensionKind::kEncrypted, "encrypt", "urn:ietf:params:rtp-hdrext:encrypt"},
    {ExtensionKind::kInbandComfortNoise, "inband-cn", "http://www.webrtc.org/experiments/rtp-hdrext/inband-cn"},
    {ExtensionKind::kSmpteTimecode, "smpte-tc", "urn:ietf:params:rtp-hdrext:smpte-tc"},
    {ExtensionKind::kSplicingInterval, "splicing-interval", "urn:ietf:params:rtp-hdrext:splicing-interval"},
    {ExtensionKind::kCaptureId, "capture-id", "urn:ietf:params:rtp-hdrext:sdes:CaptId"},
    {ExtensionKind::kRegionOfInterest, "roi", "urn:3gpp:roi-sent"},
    {ExtensionKind::kPredefinedRegionOfInterest, "predefined-roi", "urn:3gpp:predefined-roi-sent"},
}};
// URIs by which drafts went before they had the one above; read, not written.
struct ExtensionAlias {
  ExtensionKind kind;
  std::string_view uri;
};
inline constexpr std::array<ExtensionAlias, 1> kExtensionAliases = {{
    {ExtensionKind::kFrameMarking, "http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07"},
}};
constexpr bool ExtensionNamesAreInOrder() {
  for (std::size_t i = 0; i < kExtensionNames.size(); ++i) {
    if (static_cast<std::size_t>(kExtensionNames[i].kind) != i) return false;
  }
  return true;
}
static_assert(ExtensionNamesAreInOrder());
}  // namespace internal

// The URI that a=extmap calls it by (RFC 8285, section 5); empty for kUnknown.
constexpr std::string_view ExtensionUri(ExtensionKind kind) {
  return internal::kExtensionNames[static_cast<std::size_t>(kind)].uri;
}
// What tools call it, "mid" or "abs-send-time"; empty for kUnknown.
constexpr std::string_view ExtensionShortName(ExtensionKind kind) {
  return internal::kExtensionNames[static_cast<std::size_t>(kind)].short_name;
}

// kUnknown for a URI that is not in the list above, nor one by which a draft
// of these went. URIs are compared byte by byte.
constexpr ExtensionKind ExtensionKindOf(std::string_view uri) {
  if (uri.empty()) return ExtensionKind::kUnknown;
  for (const auto& names : internal::kExtensionNames) {
    if (names.uri == uri) return names.kind;
  }
  for (const auto& alias : internal::kExtensionAliases) {
    if (alias.uri == uri) return alias.kind;
  }
  return ExtensionKind::kUnknown;
}
// kUnknown for a name that ExtensionShortName() does not give.
constexpr ExtensionKind ExtensionKindOfShortName(std::string_view short_name) {
  for (const auto& names : internal::kExtensionNames) {
    if (names.short_name == short_name) return names.kind;
  }
  return ExtensionKind::kUnknown;
}

// Why an id was not given to a kind, in the order it is looked at.
enum class ExtensionMapResult : std::uint8_t {
  kOk,           // it was, now or before
  kUnknownKind,  // kUnknown has no id, nor has kEncrypted: what it wraps has
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
// Both ways of looking up are one load. 290 bytes, no heap.
class ExtensionMap {
 public:
  enum class Ids : std::uint8_t {
    kOneByte,  // 1-14
    kTwoByte,  // 1-255: a=extmap-allow-mixed was agreed
  };

  constexpr explicit ExtensionMap(Ids ids = Ids::kTwoByte) : ids_(ids) {}

  [[nodiscard]] constexpr ExtensionMapResult Add(int id, ExtensionKind kind) {
    if (kind == ExtensionKind::kUnknown || kind == ExtensionKind::kEncrypted) {
      return ExtensionMapResult::kUnknownKind;
    }
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
