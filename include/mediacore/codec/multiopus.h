#ifndef MEDIACORE_CODEC_MULTIOPUS_H_
#define MEDIACORE_CODEC_MULTIOPUS_H_

#include <array>
#include <string_view>

#include "mediacore/base/expected.h"
#include "mediacore/base/text.h"
#include "mediacore/base/text_sink.h"
#include "mediacore/codec/opus_multistream.h"

namespace mediacore::codec {

// Why the parameters of multiopus make no sense, in the order the parser looks.
enum class MultiopusError : std::uint8_t {
  kBadStreams,   // num_streams is no number from 1 to 255
  kBadCoupled,   // coupled_streams is no number from 0 to 255
  kBadMapping,   // channel_mapping is no list of numbers from 0 to 255
  kBadChannels,  // it has not one number for each channel
  kBadLayout,    // it names channels that no stream has, or there are too many
};

constexpr std::string_view ToString(MultiopusError error) {
  switch (error) {
    case MultiopusError::kBadStreams: return "multiopus: bad num_streams";
    case MultiopusError::kBadCoupled: return "multiopus: bad coupled_streams";
    case MultiopusError::kBadMapping: return "multiopus: bad channel_mapping";
    case MultiopusError::kBadChannels: return "multiopus: channel_mapping has not each channel";
    case MultiopusError::kBadLayout: return "multiopus: channels and streams do not fit";
  }
  return "multiopus: unknown";
}

// What Chromium's SDP says of surround sound, which no RFC does: packets of several
// Opus streams, one in each RTP packet.
//
//   a=rtpmap:96 multiopus/48000/6
//   a=fmtp:96 channel_mapping=0,4,1,2,3,5;num_streams=4;coupled_streams=2
//
//   const auto multiopus = Multiopus::Parse(format.channels, fmtp.Find("num_streams"),
//                                           fmtp.Find("coupled_streams"), fmtp.Find("channel_mapping"));
//   if (multiopus) OpusMultistreamView::Parse(payload, multiopus->num_streams);
struct Multiopus {
  std::uint8_t num_streams = 0;
  std::uint8_t coupled_streams = 0;
  std::uint8_t channels = 0;
  std::array<std::uint8_t, 255> mapping{};

  static constexpr Expected<Multiopus, MultiopusError> Parse(std::size_t channels, std::string_view num_streams,
                                                             std::string_view coupled_streams,
                                                             std::string_view channel_mapping) {
    using enum MultiopusError;
    Multiopus out;
    std::uint64_t number = 0;
    if (!ParseDecimal(num_streams, 255, number) || number == 0) return kBadStreams;
    out.num_streams = static_cast<std::uint8_t>(number);
    if (!ParseDecimal(coupled_streams, 255, number)) return kBadCoupled;
    out.coupled_streams = static_cast<std::uint8_t>(number);
    std::size_t count = 0;
    bool more = true;
    while (more) {
      more = channel_mapping.find(',') != std::string_view::npos;
      if (!ParseDecimal(TakeUntil(channel_mapping, ','), 255, number)) return kBadMapping;
      if (count == out.mapping.size()) return kBadChannels;
      out.mapping[count++] = static_cast<std::uint8_t>(number);
    }
    if (count != channels) return kBadChannels;
    out.channels = static_cast<std::uint8_t>(count);
    if (!IsOpusChannelMapping(out.num_streams, out.coupled_streams, out.channel_mapping())) return kBadLayout;
    return out;
  }

  constexpr Bytes channel_mapping() const { return Bytes(mapping).first(channels); }
  // The parameters as they stand in fmtp.
  template <typename Sink>
  constexpr bool WriteTo(Sink& sink) const {
    sink.Append("channel_mapping=");
    for (std::size_t i = 0; i < channels; ++i) {
      if (i > 0) sink.Append(",");
      AppendDecimal(sink, mapping[i]);
    }
    sink.Append(";num_streams=");
    AppendDecimal(sink, num_streams);
    sink.Append(";coupled_streams=");
    AppendDecimal(sink, coupled_streams);
    return sink.ok();
  }
  constexpr bool operator==(const Multiopus&) const = default;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_MULTIOPUS_H_
