#ifndef MEDIACORE_SDP_RTP_MEDIA_H_
#define MEDIACORE_SDP_RTP_MEDIA_H_

#include <array>
#include <utility>

#include "mediacore/base/codec.h"
#include "mediacore/sdp/attributes.h"

namespace mediacore::sdp {

// What a static payload type means (RFC 3551, section 6).
struct StaticPayload {
  int payload_type;
  std::string_view encoding_name;
  std::uint32_t clock_rate;
  std::uint8_t channels;
};
inline constexpr std::array<StaticPayload, 24> kStaticPayloads = {{
    {0, "PCMU", 8000, 1},    {3, "GSM", 8000, 1},    {4, "G723", 8000, 1},
    {5, "DVI4", 8000, 1},    {6, "DVI4", 16000, 1},  {7, "LPC", 8000, 1},
    {8, "PCMA", 8000, 1},    {9, "G722", 8000, 1},   {10, "L16", 44100, 2},
    {11, "L16", 44100, 1},   {12, "QCELP", 8000, 1}, {13, "CN", 8000, 1},
    {14, "MPA", 90000, 1},   {15, "G728", 8000, 1},  {16, "DVI4", 11025, 1},
    {17, "DVI4", 22050, 1},  {18, "G729", 8000, 1},  {25, "CelB", 90000, 1},
    {26, "JPEG", 90000, 1},  {28, "nv", 90000, 1},   {31, "H261", 90000, 1},
    {32, "MPV", 90000, 1},   {33, "MP2T", 90000, 1}, {34, "H263", 90000, 1},
}};

// The codec that an encoding name of a=rtpmap stands for, in any case.
constexpr Codec CodecOf(std::string_view encoding_name) {
  constexpr std::array<std::pair<std::string_view, Codec>, 8> kNames = {{
      {"H264", Codec::kH264},
      {"H265", Codec::kH265},
      {"VP8", Codec::kVp8},
      {"VP9", Codec::kVp9},
      {"AV1", Codec::kAv1},
      {"mpeg4-generic", Codec::kAac},
      {"MP4A-LATM", Codec::kAac},
      {"opus", Codec::kOpus},
  }};
  for (const auto& [name, codec] : kNames) {
    if (EqualsIgnoringCase(name, encoding_name)) return codec;
  }
  return Codec::kUnknown;
}

// One format of an m= line with what rtpmap and fmtp, or RFC 3551, say of it.
struct RtpFormat {
  PayloadType payload_type;
  std::string_view encoding_name;  // empty: nothing says what this is
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 1;
  FormatParameters fmtp;
};

// One RTP media description, put together from its own lines and those of the
// session.
struct RtpMedia {
  std::size_t index = 0;  // in SessionDescription::media
  std::string_view type;
  std::uint16_t port = 0;
  // The port of RTCP: a=rtcp's, or the next one, or `port` with rtcp-mux; 0 when
  // there is none.
  std::uint16_t rtcp_port = 0;
  bool rtcp_mux = false;
  AddressType address_type = AddressType::kIp4;
  std::string_view address;
  std::optional<std::uint8_t> ttl;
  Direction direction = Direction::kSendRecv;
  std::optional<TimeDelta> packet_time;  // a=ptime
  std::optional<Frequency> frame_rate;
  std::string_view control;  // a=control of RTSP
  std::vector<RtpFormat> formats;
};

// The RTP media descriptions of a session, one for each m= line with an RTP
// protocol, in their order.
//
//   for (const RtpMedia& media : ReadRtpMedia(session)) {
//     for (const RtpFormat& format : media.formats) …
//   }
//
// Linear in the description. Of two rtpmap or fmtp for one payload type the
// first counts.
[[nodiscard]] inline std::vector<RtpMedia> ReadRtpMedia(
    const SessionDescription& session) {
  Direction session_direction = Direction::kSendRecv;
  for (const Attribute& attribute : session.attributes) {
    if (ReadDirection(attribute.name, session_direction)) break;
  }
  std::vector<RtpMedia> list;
  for (std::size_t i = 0; i < session.media.size(); ++i) {
    const Media& media = session.media[i];
    if (!media.IsRtp()) continue;
    RtpMedia& out = list.emplace_back();
    out.index = i;
    out.type = media.type;
    out.port = media.port;
    const Connection* connection =
        !media.connections.empty() ? &media.connections.front()
        : session.connection       ? &*session.connection
                                   : nullptr;
    if (connection != nullptr) {
      out.address_type = connection->address_type;
      out.address = connection->address;
      out.ttl = connection->ttl;
    }

    std::array<RtpFormat, 128> known{};
    for (const StaticPayload& payload : kStaticPayloads) {
      RtpFormat& format = known[static_cast<std::size_t>(payload.payload_type)];
      format.encoding_name = payload.encoding_name;
      format.clock_rate = payload.clock_rate;
      format.channels = payload.channels;
    }
    std::array<bool, 128> mapped{};
    bool has_direction = false;
    Rtcp rtcp;
    bool has_rtcp = false;
    for (const auto& [name, value] : media.attributes) {
      RtpMap map;
      Fmtp fmtp;
      if (name == "rtpmap" && ReadRtpMap(value, map)) {
        const auto type = static_cast<std::size_t>(map.payload_type.value());
        if (mapped[type]) continue;
        mapped[type] = true;
        known[type].encoding_name = map.encoding_name;
        known[type].clock_rate = map.clock_rate;
        known[type].channels = map.channels;
      } else if (name == "fmtp" && ReadFmtp(value, fmtp)) {
        auto& format = known[static_cast<std::size_t>(fmtp.payload_type.value())];
        if (format.fmtp.text().empty()) format.fmtp = fmtp.parameters;
      } else if (name == "rtcp-mux") {
        out.rtcp_mux = true;
      } else if (name == "rtcp") {
        if (!has_rtcp) has_rtcp = ReadRtcp(value, rtcp);
      } else if (name == "ptime") {
        TimeDelta time = TimeDelta::Zero();
        if (ReadPacketTime(value, time)) out.packet_time = time;
      } else if (name == "framerate") {
        Frequency rate = Frequency::Zero();
        if (ReadFrameRate(value, rate)) out.frame_rate = rate;
      } else if (name == "control") {
        out.control = value;
      } else if (!has_direction) {
        has_direction = ReadDirection(name, out.direction);
      }
    }
    if (!has_direction) out.direction = session_direction;
    if (out.rtcp_mux) {
      out.rtcp_port = out.port;
    } else if (has_rtcp) {
      out.rtcp_port = rtcp.port;
    } else if (out.port != 0 && out.port != 65'535) {
      out.rtcp_port = static_cast<std::uint16_t>(out.port + 1);
    }
    out.formats.reserve(media.formats.size());
    for (const std::string_view text : media.formats) {
      std::uint64_t type = 0;
      if (!ParseDecimal(text, 127, type)) continue;
      out.formats.push_back(known[static_cast<std::size_t>(type)]);
      out.formats.back().payload_type = PayloadType(static_cast<int>(type));
    }
  }
  return list;
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_RTP_MEDIA_H_
