#ifndef MEDIACORE_TESTS_SUPPORT_CAPTURE_STREAMS_H_
#define MEDIACORE_TESTS_SUPPORT_CAPTURE_STREAMS_H_

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"
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
  const char* source = std::getenv("MEDIACORE_SOURCE");
  std::ifstream in((source != nullptr ? std::string(source) : std::string(".")) +
                       "/../shared/captures/" + name,
                   std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(in), {}};
  const std::vector<std::uint8_t> file(chars.begin(), chars.end());
  auto opened = capture::CaptureReader::Open(file);
  if (!opened) return streams;
  capture::CaptureReader reader = *opened;
  capture::Record record;
  while (reader.Next(record)) {
    const auto datagram = capture::Datagram::Parse(record.link_type, record.packet);
    if (!datagram || datagram->payload.size() < 12) continue;
    const std::uint8_t second = datagram->payload[1];
    if (second >= 192 && second <= 223) continue;  // RTCP
    const auto packet = rtp::PacketView::Parse(datagram->payload);
    if (!packet) continue;
    const Bytes payload = packet->payload();
    streams[{packet->ssrc().value(), second & 0x7f}].push_back(
        {packet->sequence_number().value(), packet->timestamp().value(),
         packet->marker(), {payload.begin(), payload.end()}});
  }
  return streams;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_CAPTURE_STREAMS_H_
