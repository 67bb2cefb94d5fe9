#ifndef MEDIACORE_TOOLS_PACKET_RECORDER_H_
#define MEDIACORE_TOOLS_PACKET_RECORDER_H_

#include <cstdint>
#include <memory>
#include <cstdio>
#include <string>
#include <vector>

#include "mediacore/capture/pcap_writer.h"

namespace mediacore::tools {

// Writes datagrams into a pcap file as they come, for looking at or replaying
// later. Throws Failure(kOutput) when the file cannot be written.
class PacketRecorder {
 public:
  explicit PacketRecorder(const std::string& path);
  void Write(std::int64_t unix_ns, const capture::Datagram& datagram);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void Put(std::size_t size);

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  capture::PcapWriter writer_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_PACKET_RECORDER_H_
