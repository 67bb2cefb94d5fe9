#ifndef MEDIACORE_TESTS_SUPPORT_CAPTURE_STREAMS_H_
#define MEDIACORE_TESTS_SUPPORT_CAPTURE_STREAMS_H_

#include <map>
#include <string>
#include <vector>

#include "captures.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_view.h"

namespace mediacore::testing {

// The RTP packets of one SSRC and payload type, in the order of the file.
struct CapturedPacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
  std::vector<std::uint8_t> payload;
};
using CapturedStreams =
    std::map<std::pair<std::uint32_t, int>, std::vector<CapturedPacket>>;

// Empty where the shared captures are absent.
inline CapturedStreams ReadCapture(const std::string& name) {
  CapturedStreams streams;
  const bool whole = ForEachDatagram(name, [&](const capture::Datagram& datagram) {
    if (rtp::Demultiplex(datagram.payload) != rtp::PacketKind::kRtp) return;
    const auto packet = rtp::PacketView::Parse(datagram.payload);
    if (!packet) return;
    const Bytes payload = packet->payload();
    streams[{packet->ssrc().value(), packet->payload_type().value()}].push_back(
        {packet->sequence_number().value(), packet->timestamp().value(), packet->marker(),
         {payload.begin(), payload.end()}});
  });
  if (!whole) streams.clear();
  return streams;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_CAPTURE_STREAMS_H_
