#ifndef MEDIACORE_SDP_RTP_MEDIA_H_
#define MEDIACORE_SDP_RTP_MEDIA_H_

#include <array>
#include <utility>

#include "mediacore/base/codec.h"
#include "mediacore/sdp/session_view.h"

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
  constexpr auto kNames = std::to_array<std::pair<std::string_view, Codec>>({
      {"H264", Codec::kH264},
      {"H265", Codec::kH265},
      {"H266", Codec::kH266},
      {"VP8", Codec::kVp8},
      {"VP9", Codec::kVp9},
      {"AV1", Codec::kAv1},
      {"mpeg4-generic", Codec::kAac},
      {"MP4A-LATM", Codec::kAac},
      {"opus", Codec::kOpus},
      {"PCMU", Codec::kPcmu},
      {"PCMA", Codec::kPcma},
      {"G722", Codec::kG722},
  });
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

// The formats of one RTP media description in the order of its m= line, each
// payload type once. Of two rtpmap or fmtp for one payload type the first
// counts. Linear in the section; 6 KB in place, no heap.
class RtpFormats {
 public:
  constexpr RtpFormats() = default;
  constexpr explicit RtpFormats(const MediaView& media) {
    for (const std::string_view text : media.formats()) {
      PayloadType type;
      if (internal::ReadPayloadType(text, type)) Add(type);
    }
    std::array<bool, 128> mapped{};
    for (const Attribute attribute : media.attributes()) {
      const AttributeName name = attribute.Name();
      RtpMap map;
      Fmtp fmtp;
      if (name == AttributeName::kRtpMap && RtpMap::Read(attribute.value, map)) {
        RtpFormat* const format = Find(map.payload_type);
        bool& taken = mapped[static_cast<std::size_t>(map.payload_type.value())];
        if (format == nullptr || taken) continue;
        taken = true;
        format->encoding_name = map.encoding_name;
        format->clock_rate = map.clock_rate;
        format->channels = std::max<std::uint8_t>(map.channels, 1);
      } else if (name == AttributeName::kFmtp && Fmtp::Read(attribute.value, fmtp)) {
        RtpFormat* const format = Find(fmtp.payload_type);
        if (format != nullptr && format->fmtp.text().empty()) format->fmtp = fmtp.parameters;
      }
    }
  }

  constexpr std::size_t size() const { return count_; }
  constexpr bool empty() const { return count_ == 0; }
  constexpr const RtpFormat& operator[](std::size_t i) const { return list_[i]; }
  constexpr const RtpFormat* begin() const { return list_.data(); }
  constexpr const RtpFormat* end() const { return list_.data() + count_; }
  // Null when the m= line does not have it.
  constexpr const RtpFormat* Find(PayloadType type) const {
    const std::size_t place = place_[static_cast<std::size_t>(type.value())];
    return place == 0 ? nullptr : &list_[place - 1];
  }

 private:
  constexpr RtpFormat* Find(PayloadType type) {
    return const_cast<RtpFormat*>(std::as_const(*this).Find(type));
  }
  constexpr void Add(PayloadType type) {
    if (Find(type) != nullptr) return;
    RtpFormat& format = list_[count_];
    place_[static_cast<std::size_t>(type.value())] = static_cast<std::uint8_t>(++count_);
    format.payload_type = type;
    if (type.value() > kStaticPayloads.back().payload_type) return;
    for (const StaticPayload& payload : kStaticPayloads) {
      if (payload.payload_type != type.value()) continue;
      format.encoding_name = payload.encoding_name;
      format.clock_rate = payload.clock_rate;
      format.channels = payload.channels;
    }
  }
  std::array<RtpFormat, 128> list_{};
  std::array<std::uint8_t, 128> place_{};  // in the list, from 1; 0: nowhere
  std::size_t count_ = 0;
};

// What a media description with an RTP protocol means: its own lines and those
// of the session put together.
//
//   for (const MediaView& media : session.media()) {
//     if (!media.IsRtp()) continue;
//     const RtpMedia rtp(session, media);
//     for (const RtpFormat& format : rtp.formats) …
//   }
//
// Linear in the lines of the media; no heap.
struct RtpMedia {
  constexpr RtpMedia(const SessionView& session, const MediaView& media)
      : type(media.type()), port(media.port()), connection(session.ConnectionOf(media)), formats(media) {
    bool has_direction = false;
    bool has_rtcp = false;
    Rtcp rtcp;
    for (const Attribute attribute : media.attributes()) {
      const AttributeName name = attribute.Name();
      if (name == AttributeName::kRtcpMux) {
        rtcp_mux = true;
      } else if (name == AttributeName::kRtcp) {
        if (!has_rtcp) has_rtcp = Rtcp::Read(attribute.value, rtcp);
      } else if (name == AttributeName::kPtime) {
        if (Ptime ptime; Ptime::Read(attribute.value, ptime)) packet_time = ptime.time;
      } else if (name == AttributeName::kFrameRate) {
        if (FrameRate read; FrameRate::Read(attribute.value, read)) frame_rate = read.rate;
      } else if (name == AttributeName::kControl) {
        control = attribute.value;
      } else if (!has_direction) {
        has_direction = ReadDirection(name, direction);
      }
    }
    if (!has_direction) direction = session.direction();
    if (rtcp_mux) {
      rtcp_port = port;
    } else if (has_rtcp) {
      rtcp_port = rtcp.port;
    } else if (port != 0 && port != 65'535) {
      rtcp_port = static_cast<std::uint16_t>(port + 1);
    }
  }

  std::string_view type;
  std::uint16_t port = 0;
  // The port of RTCP: a=rtcp's, or the next one, or `port` with rtcp-mux; 0 when
  // there is none.
  std::uint16_t rtcp_port = 0;
  bool rtcp_mux = false;
  Connection connection;
  Direction direction = Direction::kSendRecv;
  std::optional<TimeDelta> packet_time;  // a=ptime
  std::optional<Frequency> frame_rate;
  std::string_view control;  // a=control of RTSP
  RtpFormats formats;
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_RTP_MEDIA_H_
