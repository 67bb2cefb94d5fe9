#ifndef MEDIACORE_CAPTURE_CAPTURE_READER_H_
#define MEDIACORE_CAPTURE_CAPTURE_READER_H_

#include <variant>

#include "mediacore/base/expected.h"
#include "mediacore/capture/pcap_reader.h"
#include "mediacore/capture/pcapng_reader.h"
#include "mediacore/capture/record.h"
#include "mediacore/capture/rtpdump_reader.h"

namespace mediacore::capture {

// Reads a capture file of any of the formats pcap, pcapng and rtpdump, which it
// tells apart by their first bytes. It opens no file: the caller maps or reads
// it and gives the bytes.
//
//   auto reader = CaptureReader::Open(file);
//   if (!reader) return Refuse(ToString(reader.error()));
//   CaptureReader capture = *reader;
//   Record record;
//   while (capture.Next(record)) Handle(record);
//   if (capture.error() != CaptureError::kNone) {
//     Warn(ToString(capture.error()), capture.offset());
//   }
//
// What lies before an error is given first; a file cut inside its last record
// ends with kTruncated. To read in stretches, or a file that still grows: after
// kTruncated, or after a clean end, Refill() with bytes that begin at offset()
// and reach further; the bytes of earlier records may be gone then. A stretch
// of 17 MiB holds any block; usual packets need 256 KiB and a bit.
//
// 8 KiB in place, no heap. Every byte of the input is looked at once at most.
class CaptureReader {
 public:
  enum class Format : std::uint8_t { kPcap, kPcapng, kRtpdump };

  // kTruncated, kNotACapture or kBadVersion, at offset 0.
  static constexpr Expected<CaptureReader, CaptureError> Open(Bytes file) {
    if (PcapReader::Recognises(file)) return From(PcapReader::Open(file));
    if (PcapngReader::Recognises(file)) return From(PcapngReader::Open(file));
    if (file.size() < 4) return CaptureError::kTruncated;
    return From(RtpdumpReader::Open(file));
  }

  // The next packet; false at the end of the file or at an error, see error().
  [[nodiscard]] constexpr bool Next(Record& out) noexcept {
    switch (format()) {
      case Format::kPcap: return std::get_if<0>(&reader_)->Next(out);
      case Format::kPcapng: return std::get_if<1>(&reader_)->Next(out);
      case Format::kRtpdump: break;
    }
    return std::get_if<2>(&reader_)->Next(out);
  }

  // kNone after the last record of a sound file.
  constexpr CaptureError error() const {
    if (const auto* pcap = std::get_if<0>(&reader_)) return pcap->error();
    if (const auto* pcapng = std::get_if<1>(&reader_)) return pcapng->error();
    return std::get_if<2>(&reader_)->error();
  }
  // Where in the file the next record, or the one in error, begins.
  constexpr std::uint64_t offset() const {
    if (const auto* pcap = std::get_if<0>(&reader_)) return pcap->offset();
    if (const auto* pcapng = std::get_if<1>(&reader_)) return pcapng->offset();
    return std::get_if<2>(&reader_)->offset();
  }
  constexpr void Refill(Bytes bytes) {
    if (auto* pcap = std::get_if<0>(&reader_)) pcap->Refill(bytes);
    if (auto* pcapng = std::get_if<1>(&reader_)) pcapng->Refill(bytes);
    if (auto* rtpdump = std::get_if<2>(&reader_)) rtpdump->Refill(bytes);
  }
  constexpr Format format() const {
    return static_cast<Format>(reader_.index());
  }
  // pcapng's packet blocks that contradict themselves; 0 for other formats.
  constexpr std::uint64_t malformed_blocks() const {
    const auto* pcapng = std::get_if<1>(&reader_);
    return pcapng != nullptr ? pcapng->malformed_blocks() : 0;
  }

 private:
  using Reader = std::variant<PcapReader, PcapngReader, RtpdumpReader>;

  constexpr explicit CaptureReader(Reader reader) : reader_(reader) {}

  template <typename T>
  static constexpr Expected<CaptureReader, CaptureError> From(
      const Expected<T, CaptureError>& reader) {
    if (!reader) return reader.error();
    return CaptureReader(Reader(*reader));
  }

  Reader reader_;
};

constexpr std::string_view ToString(CaptureReader::Format format) {
  switch (format) {
    case CaptureReader::Format::kPcap: return "pcap";
    case CaptureReader::Format::kPcapng: return "pcapng";
    case CaptureReader::Format::kRtpdump: return "rtpdump";
  }
  return "unknown";
}

}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_CAPTURE_READER_H_
