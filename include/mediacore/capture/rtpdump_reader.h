#ifndef MEDIACORE_CAPTURE_RTPDUMP_READER_H_
#define MEDIACORE_CAPTURE_RTPDUMP_READER_H_

#include <algorithm>

#include "mediacore/base/expected.h"
#include "mediacore/capture/record.h"

namespace mediacore::capture {

// Reads the binary dump format of rtptools in place, all numbers big-endian:
//
//   file:   "#!rtpplay1.0 224.2.0.1/3456\n"
//           seconds(4) microseconds(4) source(4) port(2) padding(2)
//   record: length(2, with these 8) packet size(2, 0: RTCP) milliseconds(4)
//
// A record is the payload of one UDP datagram, RTP or RTCP (LinkType::
// kUdpPayload); its time is the file's start plus its milliseconds. When the
// dump was cut to headers, the original length is larger than the packet.
class RtpdumpReader {
 public:
  static constexpr std::string_view kMagic = "#!rtpplay1.0 ";
  static constexpr std::size_t kMaxFirstLine = 256;

  static constexpr bool Recognises(Bytes file) {
    return file.size() >= kMagic.size() &&
           std::equal(kMagic.begin(), kMagic.end(), file.begin());
  }

  // kTruncated or kNotACapture, at offset 0.
  static constexpr Expected<RtpdumpReader, CaptureError> Open(Bytes file) {
    if (!Recognises(file)) {
      const Bytes seen = file.first(std::min(file.size(), kMagic.size()));
      return std::equal(seen.begin(), seen.end(), kMagic.begin())
                 ? CaptureError::kTruncated
                 : CaptureError::kNotACapture;
    }
    const Bytes line = file.first(std::min(file.size(), kMaxFirstLine));
    const auto end = std::find(line.begin(), line.end(), std::uint8_t{'\n'});
    const auto line_size = static_cast<std::size_t>(end - line.begin()) + 1;
    if (line_size > line.size()) {
      return line.size() < kMaxFirstLine ? CaptureError::kTruncated
                                         : CaptureError::kNotACapture;
    }
    if (file.size() < line_size + 16) return CaptureError::kTruncated;
    return RtpdumpReader(file, line_size);
  }

  // The next record; false at the end of the file or at an error, see error().
  [[nodiscard]] constexpr bool Next(Record& out) noexcept {
    if (cursor_.failed() || !cursor_.Need(8)) return false;
    const std::uint8_t* header = cursor_.data();
    const std::size_t size = LoadU16(header);
    if (size < 8) return cursor_.Fail(CaptureError::kRecordTooShort);
    if (cursor_.remaining() < size) {
      return cursor_.Fail(CaptureError::kTruncated);
    }
    out.unix_ns = start_ns_ + std::int64_t{LoadU32(header + 4)} * 1'000'000;
    out.link_type = LinkType::kUdpPayload;
    out.packet = Bytes(header + 8, size - 8);
    out.original_length = std::max<std::uint32_t>(
        LoadU16(header + 2), static_cast<std::uint32_t>(size - 8));
    out.offset = cursor_.offset();
    cursor_.Advance(size);
    return true;
  }

  constexpr CaptureError error() const { return cursor_.error(); }
  constexpr std::uint64_t offset() const { return cursor_.offset(); }
  constexpr void Refill(Bytes bytes) { cursor_.Refill(bytes); }

 private:
  constexpr RtpdumpReader(Bytes file, std::size_t line_size)
      : cursor_(file),
        start_ns_(
            std::int64_t{LoadU32(file.data() + line_size)} * 1'000'000'000 +
            std::int64_t{LoadU32(file.data() + line_size + 4)} * 1'000) {
    cursor_.Advance(line_size + 16);
  }

  internal::Cursor cursor_;
  std::int64_t start_ns_;
};

}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_RTPDUMP_READER_H_
