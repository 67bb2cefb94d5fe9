#ifndef MEDIACORE_SDP_ATTRIBUTE_NAME_H_
#define MEDIACORE_SDP_ATTRIBUTE_NAME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mediacore::sdp {

// The attributes that this room knows, by name. Those with a value have a
// struct of that name in one of the headers *attributes.h; flags have none; raw
// ones are kept as they stand.
enum class AttributeName : std::uint8_t {
  kUnknown,
  // attributes.h
  kRtpMap, kFmtp, kRtcpFb, kRtcp, kRtcpXr, kPtime, kMaxPtime, kFrameRate, kSsrc, kSsrcGroup,
  kContent, kLabel, kSourceFilter,
  // clock_attributes.h
  kTsRefClk, kMediaClk,
  // webrtc_attributes.h
  kGroup, kMid, kMsid, kMsidSemantic, kExtMap, kSctpPort, kSctpMap, kMaxMessageSize,
  // simulcast_attributes.h
  kRid, kSimulcast,
  // ice_attributes.h
  kIceUfrag, kIcePwd, kIceOptions, kIcePacing, kCandidate, kRemoteCandidates,
  // security_attributes.h
  kFingerprint, kSetup, kConnection, kTlsId, kCrypto, kIdentity,
  // flags
  kSendRecv, kSendOnly, kRecvOnly, kInactive, kRtcpMux, kRtcpMuxOnly, kRtcpRsize, kBundleOnly,
  kExtMapAllowMixed, kIceLite, kIceMismatch, kEndOfCandidates,
  // raw: RFC 8866, RFC 6236 (imageattr), RFC 3312 (curr, des, conf), RFC 7826
  // (control, range), RFC 3890 (maxprate)
  kCat, kKeywords, kTool, kOrient, kType, kCharset, kSdpLang, kLang, kQuality, kImageAttr, kCurr,
  kDes, kConf, kControl, kRange, kMaxPrate,
};

enum class AttributeForm : std::uint8_t { kUnknown, kTyped, kFlag, kRaw };

namespace internal {
// In the order of the enumerators.
inline constexpr std::array<std::string_view, 66> kAttributeNames = {
    "",
    "rtpmap", "fmtp", "rtcp-fb", "rtcp", "rtcp-xr", "ptime", "maxptime", "framerate", "ssrc", "ssrc-group",
    "content", "label", "source-filter",
    "ts-refclk", "mediaclk",
    "group", "mid", "msid", "msid-semantic", "extmap", "sctp-port", "sctpmap", "max-message-size",
    "rid", "simulcast",
    "ice-ufrag", "ice-pwd", "ice-options", "ice-pacing", "candidate", "remote-candidates",
    "fingerprint", "setup", "connection", "tls-id", "crypto", "identity",
    "sendrecv", "sendonly", "recvonly", "inactive", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "bundle-only",
    "extmap-allow-mixed", "ice-lite", "ice-mismatch", "end-of-candidates",
    "cat", "keywds", "tool", "orient", "type", "charset", "sdplang", "lang", "quality", "imageattr", "curr",
    "des", "conf", "control", "range", "maxprate",
};
static_assert(static_cast<std::size_t>(AttributeName::kMaxPrate) + 1 == kAttributeNames.size());

constexpr std::size_t HashOfName(std::string_view name) {
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
  return name.size() * 41 + at(0) * 5 + at(name.size() / 2) * 23 + at(name.size() - 1) * 3;
}
// Names by their hash; one that is taken moves to the next free place.
inline constexpr auto kNamesByHash = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 1; i < kAttributeNames.size(); ++i) {
    std::size_t at = HashOfName(kAttributeNames[i]) % table.size();
    while (table[at] != 0) at = (at + 1) % table.size();
    table[at] = static_cast<std::uint8_t>(i);
  }
  return table;
}();
}  // namespace internal

constexpr std::string_view ToString(AttributeName name) {
  return internal::kAttributeNames[static_cast<std::size_t>(name)];
}

constexpr AttributeForm FormOf(AttributeName name) {
  return name == AttributeName::kUnknown    ? AttributeForm::kUnknown
         : name < AttributeName::kSendRecv ? AttributeForm::kTyped
         : name < AttributeName::kCat      ? AttributeForm::kFlag
                                            : AttributeForm::kRaw;
}

// Names of attributes are told apart by case (RFC 8866, section 5.13).
constexpr AttributeName AttributeNameOf(std::string_view text) {
  if (text.empty()) return AttributeName::kUnknown;
  std::size_t at = internal::HashOfName(text) % internal::kNamesByHash.size();
  while (const std::size_t index = internal::kNamesByHash[at]) {
    if (internal::kAttributeNames[index] == text) return static_cast<AttributeName>(index);
    at = (at + 1) % internal::kNamesByHash.size();
  }
  return AttributeName::kUnknown;
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_ATTRIBUTE_NAME_H_
