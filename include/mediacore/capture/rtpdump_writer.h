#ifndef MEDIACORE_CAPTURE_RTPDUMP_WRITER_H_
#define MEDIACORE_CAPTURE_RTPDUMP_WRITER_H_

#include <array>
#include <span>

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/ip_address.h"
#include "mediacore/base/text_sink.h"

namespace mediacore::capture {

// Writes RTP and RTCP packets as a file of rtptools (RtpdumpReader draws it),
// which rtpplay and Wireshark read too, into buffers of the caller.
//
//   constexpr RtpdumpWriter writer({address, 5004}, start_unix_ns);
//   std::size_t size = writer.WriteFileHeader(buffer);  // once
//   size = writer.WriteRtp(unix_ns, packet, buffer);    // each
//   if (size != 0) Append(buffer.first(size));
//
// The format keeps whole milliseconds since the start, and one address for all
// packets; an IPv6 address stands in the first line only. Nothing is kept but
// these: any order, any buffer, no heap.
class RtpdumpWriter {
 public:
  static constexpr std::size_t kMaxFileHeaderSize = 80;
  static constexpr std::size_t kRecordHeaderSize = 8;
  static constexpr std::size_t kMaxPacket = 65'535 - kRecordHeaderSize;

  // Fractions of a microsecond of the start are dropped.
  constexpr RtpdumpWriter(const Endpoint& source, std::int64_t start_unix_ns)
      : source_(source), start_us_(start_unix_ns / 1000) {}

  // What it wrote, at most kMaxFileHeaderSize; 0 when it does not fit or the start
  // is before 1970 or after 2106.
  constexpr std::size_t WriteFileHeader(MutableBytes out) const noexcept {
    if (start_us_ < 0 || start_us_ / 1'000'000 > 0xffffffff) return 0;
    std::array<char, kMaxFileHeaderSize> line{};
    SpanSink text(line);
    text.Append("#!rtpplay1.0 ");
    const Bytes address = source_.address.wire();
    if (address.size() == 4) {
      for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) text.Append(".");
        AppendDecimal(text, address[i]);
      }
    } else {
      for (std::size_t i = 0; i < 16; i += 2) {
        if (i > 0) text.Append(":");
        AppendHex(text, LoadU16(address.data() + i));
      }
    }
    text.Append("/");
    AppendDecimal(text, source_.port);
    text.Append("\n");
    ByteWriter writer(out);
    for (std::size_t i = 0; i < text.size(); ++i) writer.WriteU8(static_cast<std::uint8_t>(line[i]));
    writer.WriteU32(static_cast<std::uint32_t>(start_us_ / 1'000'000));
    writer.WriteU32(static_cast<std::uint32_t>(start_us_ % 1'000'000));
    writer.WriteU32(address.size() == 4 ? LoadU32(address.data()) : 0);
    writer.WriteU16(source_.port);
    writer.WriteU16(0);
    return writer.ok() ? writer.size() : 0;
  }

  static constexpr std::size_t WireSize(Bytes packet) noexcept { return kRecordHeaderSize + packet.size(); }

  // What they wrote: WireSize(), or 0 when it does not fit, the packet is over kMaxPacket
  // bytes, or the time is before the start or 49 days after it. An RTP packet may be cut: then
  // `original_length` (to 65,535) says how many bytes it had.
  constexpr std::size_t WriteRtp(std::int64_t unix_ns, Bytes packet, MutableBytes out,
                                 std::size_t original_length = 0) const noexcept {
    return WriteRecord(unix_ns, packet, std::max(original_length, packet.size()), out);
  }
  constexpr std::size_t WriteRtcp(std::int64_t unix_ns, Bytes packet, MutableBytes out) const noexcept {
    return WriteRecord(unix_ns, packet, 0, out);
  }

 private:
  constexpr std::size_t WriteRecord(std::int64_t unix_ns, Bytes packet, std::size_t length_on_the_wire,
                                    MutableBytes out) const noexcept {
    const std::int64_t us = unix_ns / 1000 - start_us_;
    if (start_us_ < 0 || us < 0 || us / 1000 > 0xffffffff || packet.size() > kMaxPacket ||
        length_on_the_wire > 0xffff) {
      return 0;
    }
    ByteWriter writer(out);
    writer.WriteU16(static_cast<std::uint16_t>(WireSize(packet)));
    writer.WriteU16(static_cast<std::uint16_t>(length_on_the_wire));
    writer.WriteU32(static_cast<std::uint32_t>(us / 1000));
    writer.WriteBytes(packet);
    return writer.ok() ? writer.size() : 0;
  }
  static constexpr void AppendHex(SpanSink& text, std::uint16_t value) {
    bool begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const std::size_t digit = value >> shift & 0xf;
      begun = begun || digit != 0 || shift == 0;
      if (begun) text.Append(std::string_view("0123456789abcdef").substr(digit, 1));
    }
  }

  Endpoint source_;
  std::int64_t start_us_;
};

}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_RTPDUMP_WRITER_H_
