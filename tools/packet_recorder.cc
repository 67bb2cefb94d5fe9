#include "packet_recorder.h"

#include <cerrno>
#include <system_error>

#include "exit_code.h"

namespace mediacore::tools {

PacketRecorder::PacketRecorder(const std::string& path)
    : path_(path),
      file_(std::fopen(path.c_str(), "wb")),
      buffer_(capture::PcapWriter::kMaxPayload + capture::PcapWriter::kMaxOverhead) {
  if (!file_) {
    throw Failure(ExitCode::kOutput,
                  "cannot write " + path + ": " + std::generic_category().message(errno));
  }
  Put(writer_.WriteFileHeader(buffer_));
}

void PacketRecorder::Write(std::int64_t unix_ns, const capture::Datagram& datagram) {
  Put(writer_.WriteDatagram(unix_ns, datagram, buffer_));
}

void PacketRecorder::Put(std::size_t size) {
  if (std::fwrite(buffer_.data(), 1, size, file_.get()) != size ||
      std::fflush(file_.get()) != 0) {
    throw Failure(ExitCode::kOutput,
                  "cannot write " + path_ + ": " + std::generic_category().message(errno));
  }
}

}  // namespace mediacore::tools
