#ifndef MEDIACORE_CAPTURE_PCAP_WRITER_H_
#define MEDIACORE_CAPTURE_PCAP_WRITER_H_

#include "mediacore/base/byte_writer.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/capture/record.h"

namespace mediacore::capture {

// Writes UDP datagrams as a classic pcap file, with times in nanoseconds, into
// buffers of the caller; what it wrote reads back the same.
//
//   constexpr PcapWriter writer(LinkType::kRaw);
//   std::size_t size = writer.WriteFileHeader(buffer);     // once
//   size = writer.WriteDatagram(unix_ns, datagram, buffer);  // each
//   if (size != 0) Append(buffer.first(size));
//
// Addresses of both kinds; IPv4 and UDP checksums are right. On Ethernet the
// hardware addresses are 0. Nothing is kept: any order, any buffer, no heap.
class PcapWriter {
 public:
  static constexpr std::size_t kFileHeaderSize = 24;
  // Record, Ethernet, IPv6 and UDP headers.
  static constexpr std::size_t kMaxOverhead = 16 + 14 + 40 + 8;
  static constexpr std::size_t kMaxPayload = 65'507;

  // kEthernet, or any other for raw IP.
  constexpr explicit PcapWriter(LinkType link_type = LinkType::kEthernet)
      : ethernet_(link_type == LinkType::kEthernet) {}

  constexpr LinkType link_type() const {
    return ethernet_ ? LinkType::kEthernet : LinkType::kRaw;
  }

  // What it wrote: kFileHeaderSize, or 0 when it does not fit.
  constexpr std::size_t WriteFileHeader(MutableBytes out) const noexcept {
    ByteWriter writer(out);
    writer.WriteU32(0xa1b23c4d);
    writer.WriteU16(2);
    writer.WriteU16(4);
    writer.WriteU64(0);  // zone and accuracy: nobody uses them
    writer.WriteU32(kMaxPacketSize);
    writer.WriteU32(static_cast<std::uint32_t>(link_type()));
    return writer.ok() ? writer.size() : 0;
  }

  // The bytes of the record of `datagram`.
  constexpr std::size_t WireSize(const Datagram& datagram) const noexcept {
    const bool v4 = datagram.source.address.IsV4();
    return 16 + (ethernet_ ? 14u : 0u) + (v4 ? 20u : 40u) + 8 +
           datagram.payload.size();
  }

  // What it wrote: WireSize(), or 0 when it does not fit, the payload is over
  // kMaxPayload, the addresses are not of one kind, or the time is before 1970
  // or after 2106.
  constexpr std::size_t WriteDatagram(std::int64_t unix_ns,
                                      const Datagram& datagram,
                                      MutableBytes out) const noexcept {
    const Bytes source = datagram.source.address.wire();
    const Bytes destination = datagram.destination.address.wire();
    const std::int64_t seconds = unix_ns / 1'000'000'000;
    if (unix_ns < 0 || seconds > 0xffffffff ||
        source.size() != destination.size() ||
        datagram.payload.size() > kMaxPayload) {
      return 0;
    }
    const auto captured = static_cast<std::uint32_t>(WireSize(datagram) - 16);
    const auto udp = static_cast<std::uint16_t>(8 + datagram.payload.size());
    ByteWriter writer(out);
    writer.WriteU32(static_cast<std::uint32_t>(seconds));
    writer.WriteU32(static_cast<std::uint32_t>(unix_ns % 1'000'000'000));
    writer.WriteU32(captured);
    writer.WriteU32(captured);
    const bool v4 = source.size() == 4;
    if (ethernet_) {
      writer.Fill(12, 0);
      writer.WriteU16(v4 ? 0x0800 : 0x86dd);
    }
    if (v4) {
      const auto total = static_cast<std::uint16_t>(20 + udp);
      // 0x4500, total length, don't fragment, TTL 64, UDP
      const std::uint16_t checksum = Fold(
          0x4500 + total + 0x4000 + 0x4011 + Sum(source) + Sum(destination));
      writer.WriteU16(0x4500);
      writer.WriteU16(total);
      writer.WriteU32(0x00004000);
      writer.WriteU16(0x4011);
      writer.WriteU16(checksum);
    } else {
      writer.WriteU32(0x60000000);
      writer.WriteU16(udp);
      writer.WriteU16(0x1140);  // UDP, hop limit 64
    }
    writer.WriteBytes(source);
    writer.WriteBytes(destination);
    const std::uint16_t checksum =
        Fold(Sum(source) + Sum(destination) + 17 + udp + udp +
             datagram.source.port + datagram.destination.port +
             Sum(datagram.payload));
    writer.WriteU16(datagram.source.port);
    writer.WriteU16(datagram.destination.port);
    writer.WriteU16(udp);
    // 0 would say that there is none (RFC 768).
    writer.WriteU16(checksum == 0 ? 0xffff : checksum);
    writer.WriteBytes(datagram.payload);
    return writer.ok() ? writer.size() : 0;
  }

 private:
  // RFC 1071: the sum of 16-bit words; the last byte counts as a high one.
  static constexpr std::uint64_t Sum(Bytes bytes) {
    std::uint64_t sum = 0;
    for (; bytes.size() >= 4; bytes = bytes.subspan(4)) {
      sum += LoadU32(bytes.data());  // 2^16 is 1 in this arithmetic
    }
    if (bytes.size() >= 2) {
      sum += LoadU16(bytes.data());
      bytes = bytes.subspan(2);
    }
    return bytes.empty() ? sum : sum + (std::uint64_t{bytes[0]} << 8);
  }
  static constexpr std::uint16_t Fold(std::uint64_t sum) {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
  }

  bool ethernet_;
};

}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_PCAP_WRITER_H_
