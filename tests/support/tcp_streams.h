#ifndef MEDIACORE_TESTS_SUPPORT_TCP_STREAMS_H_
#define MEDIACORE_TESTS_SUPPORT_TCP_STREAMS_H_

#include <algorithm>
#include <compare>
#include <map>
#include <string>
#include <vector>

#include "captures.h"

namespace mediacore::testing {

// The bytes that TCP carried one way, as segments with their sequence numbers.
class TcpStream {
 public:
  // The number of the first byte; a SYN has the one before.
  void Start(std::uint32_t first) {
    if (!started_) first_ = first;
    started_ = true;
  }
  void Add(std::uint32_t number, Bytes payload) {
    Start(number);
    if (payload.empty()) return;
    auto& segment = segments_[static_cast<std::int32_t>(number - first_)];
    if (segment.size() < payload.size()) segment.assign(payload.begin(), payload.end());
  }
  // In order, what came twice once; up to the first gap.
  std::vector<std::uint8_t> Joined() const {
    std::vector<std::uint8_t> out;
    for (const auto& [at, segment] : segments_) {
      const auto end = static_cast<std::ptrdiff_t>(out.size());
      if (at > end) break;
      if (at + static_cast<std::ptrdiff_t>(segment.size()) <= end) continue;
      out.insert(out.end(), segment.begin() + (end - at), segment.end());
    }
    return out;
  }

 private:
  bool started_ = false;
  std::uint32_t first_ = 0;
  std::map<std::ptrdiff_t, std::vector<std::uint8_t>> segments_;
};

struct TcpFlow {
  int from_port = 0;
  int to_port = 0;
  auto operator<=>(const TcpFlow&) const = default;
};

// The streams of a capture of IPv4 over Ethernet, by ports. Empty when it is absent.
inline std::map<TcpFlow, std::vector<std::uint8_t>> ReadTcpStreams(const std::string& name) {
  std::map<TcpFlow, TcpStream> streams;
  const std::vector<std::uint8_t> file = ReadWholeFile(CaptureFolder() / name);
  const auto opened = capture::CaptureReader::Open(file);
  if (!opened) return {};
  auto reader = *opened;
  for (capture::Record record; reader.Next(record);) {
    Bytes packet = record.packet;
    if (packet.size() < 14 + 20 + 20 || LoadU16(packet.data() + 12) != 0x0800) continue;
    packet = packet.subspan(14);
    const std::size_t header = std::size_t{4} * (packet[0] & 0xfu);
    const std::size_t total = LoadU16(packet.data() + 2);
    if (packet[9] != 6 || total > packet.size() || total < header + 20) continue;
    const Bytes segment = packet.subspan(header, total - header);
    const std::size_t offset = std::size_t{4} * (segment[12] >> 4u);
    if (offset < 20 || offset > segment.size()) continue;
    TcpStream& stream = streams[{LoadU16(segment.data()), LoadU16(segment.data() + 2)}];
    const std::uint32_t number = LoadU32(segment.data() + 4);
    const bool syn = (segment[13] & 2) != 0;
    if (syn) stream.Start(number + 1);
    if (!syn) stream.Add(number, segment.subspan(offset));
  }
  std::map<TcpFlow, std::vector<std::uint8_t>> out;
  for (const auto& [flow, stream] : streams) out[flow] = stream.Joined();
  return out;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_TCP_STREAMS_H_
