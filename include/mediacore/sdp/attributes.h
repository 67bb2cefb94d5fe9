#ifndef MEDIACORE_SDP_ATTRIBUTES_H_
#define MEDIACORE_SDP_ATTRIBUTES_H_

#include <optional>

#include "mediacore/base/identifiers.h"
#include "mediacore/base/text.h"
#include "mediacore/base/time.h"
#include "mediacore/base/units.h"
#include "mediacore/sdp/format_parameters.h"
#include "mediacore/sdp/session_description.h"

// Values of the attributes that RTP needs, each read from what stands after
// "a=name:". A reader says false, and leaves its output as it was, when the
// value is not of its form or a number is out of range. The parser asks
// them about RTP media: there, but for ReadFrameRate(), they succeed.
namespace mediacore::sdp {

// a=rtpmap:<payload type> <encoding name>/<clock rate>[/<channels>]
// (RFC 8866, section 6.6).
struct RtpMap {
  PayloadType payload_type;
  std::string_view encoding_name;
  std::uint32_t clock_rate = 0;  // of RTP timestamps, in hertz; never 0
  std::uint8_t channels = 1;
};
[[nodiscard]] constexpr bool ReadRtpMap(std::string_view value, RtpMap& out) {
  std::uint64_t type = 0, rate = 0, channels = 1;
  if (!ParseDecimal(TakeUntil(value, ' '), 127, type)) return false;
  RtpMap map;
  map.payload_type = PayloadType(static_cast<int>(type));
  map.encoding_name = TakeUntil(value, '/');
  const bool has_channels = value.find('/') != std::string_view::npos;
  if (map.encoding_name.empty() ||
      !ParseDecimal(TakeUntil(value, '/'), UINT32_MAX, rate) || rate == 0 ||
      (has_channels && !ParseDecimal(value, 255, channels)) || channels == 0) {
    return false;
  }
  map.clock_rate = static_cast<std::uint32_t>(rate);
  map.channels = static_cast<std::uint8_t>(channels);
  out = map;
  return true;
}

// a=fmtp:<format> <parameters> of an RTP media description (section 6.15).
struct Fmtp {
  PayloadType payload_type;
  FormatParameters parameters;
};
[[nodiscard]] constexpr bool ReadFmtp(std::string_view value, Fmtp& out) {
  std::uint64_t type = 0;
  if (!ParseDecimal(TakeUntil(value, ' '), 127, type)) return false;
  out.payload_type = PayloadType(static_cast<int>(type));
  out.parameters = FormatParameters(value);
  return true;
}

// "IN IP4 address" and "IN IP6 address".
[[nodiscard]] constexpr bool ReadAddress(std::string_view text,
                                         AddressType& type,
                                         std::string_view& address) {
  if (TakeUntil(text, ' ') != "IN") return false;
  const std::string_view kind = TakeUntil(text, ' ');
  if ((kind != "IP4" && kind != "IP6") || text.empty() ||
      text.find(' ') != std::string_view::npos) {
    return false;
  }
  type = kind == "IP4" ? AddressType::kIp4 : AddressType::kIp6;
  address = text;
  return true;
}

// a=rtcp:<port> [IN IP4 <address>] (RFC 3605).
struct Rtcp {
  std::uint16_t port = 0;
  AddressType address_type = AddressType::kIp4;
  std::string_view address;  // empty: that of the media
};
[[nodiscard]] constexpr bool ReadRtcp(std::string_view value, Rtcp& out) {
  std::uint64_t port = 0;
  Rtcp rtcp;
  if (!ParseDecimal(TakeUntil(value, ' '), 65'535, port) ||
      (!value.empty() && !ReadAddress(value, rtcp.address_type, rtcp.address))) {
    return false;
  }
  rtcp.port = static_cast<std::uint16_t>(port);
  out = rtcp;
  return true;
}

namespace internal {
// A positive decimal number with up to three digits after the point that count;
// in thousandths, at most `max`.
[[nodiscard]] constexpr bool ReadThousandths(std::string_view text,
                                             std::uint64_t max,
                                             std::uint64_t& out) {
  std::uint64_t whole = 0;
  if (!ParseDecimal(TakeUntil(text, '.'), max / 1000, whole)) return false;
  std::uint64_t fraction = 0;
  std::uint64_t unit = 1000;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    unit /= 10;
    fraction += static_cast<std::uint64_t>(c - '0') * unit;
  }
  if (whole * 1000 + fraction == 0) return false;
  out = whole * 1000 + fraction;
  return true;
}
}  // namespace internal

// a=ptime and a=maxptime, in milliseconds: more than 0, at most a minute
// (sections 6.4 and 6.5).
[[nodiscard]] constexpr bool ReadPacketTime(std::string_view value,
                                            TimeDelta& out) {
  std::uint64_t us = 0;
  if (!internal::ReadThousandths(value, 60'000'000, us)) return false;
  out = TimeDelta::Micros(static_cast<std::int64_t>(us));
  return true;
}

// a=framerate, in frames a second: more than 0, at most 1000 (section 6.13).
[[nodiscard]] constexpr bool ReadFrameRate(std::string_view value,
                                           Frequency& out) {
  std::uint64_t millihertz = 0;
  if (!internal::ReadThousandths(value, 1'000'000, millihertz)) return false;
  out = Frequency::MilliHertz(static_cast<std::int64_t>(millihertz));
  return true;
}

// a=ssrc:<ssrc> <attribute>[:<value>] (RFC 5576, section 4.1).
struct SsrcAttribute {
  Ssrc ssrc;
  Attribute attribute;
};
[[nodiscard]] constexpr bool ReadSsrc(std::string_view value,
                                      SsrcAttribute& out) {
  std::uint64_t ssrc = 0;
  if (!ParseDecimal(TakeUntil(value, ' '), UINT32_MAX, ssrc)) return false;
  out.ssrc = Ssrc(static_cast<std::uint32_t>(ssrc));
  out.attribute.name = TakeUntil(value, ':');
  out.attribute.value = value;
  return true;
}

// Section 6.7.
enum class Direction : std::uint8_t { kSendRecv, kSendOnly, kRecvOnly, kInactive };
[[nodiscard]] constexpr bool ReadDirection(std::string_view name,
                                           Direction& out) {
  if (name == "sendrecv") {
    out = Direction::kSendRecv;
  } else if (name == "sendonly") {
    out = Direction::kSendOnly;
  } else if (name == "recvonly") {
    out = Direction::kRecvOnly;
  } else if (name == "inactive") {
    out = Direction::kInactive;
  } else {
    return false;
  }
  return true;
}

namespace internal {
// Whether an attribute of RTP media is one of those above in its form, or one
// that the parser does not look into.
constexpr bool IsGood(const Attribute& attribute) {
  RtpMap map;
  Fmtp fmtp;
  Rtcp rtcp;
  SsrcAttribute ssrc;
  TimeDelta time = TimeDelta::Zero();
  const auto& [name, value] = attribute;
  if (name == "rtpmap") return ReadRtpMap(value, map);
  if (name == "fmtp") return ReadFmtp(value, fmtp);
  if (name == "rtcp") return ReadRtcp(value, rtcp);
  if (name == "ptime" || name == "maxptime") return ReadPacketTime(value, time);
  if (name == "ssrc") return ReadSsrc(value, ssrc);
  return true;
}
}  // namespace internal

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_ATTRIBUTES_H_
