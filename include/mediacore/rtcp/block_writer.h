#ifndef MEDIACORE_RTCP_BLOCK_WRITER_H_
#define MEDIACORE_RTCP_BLOCK_WRITER_H_

#include <array>

#include "mediacore/base/byte_writer.h"
#include "mediacore/rtcp/report_block.h"

// What the writers of RTCP blocks share.
namespace mediacore::rtcp::internal {

inline constexpr std::size_t kMaxCount = 31;      // five bits
inline constexpr std::size_t kMaxSize = 0xffff;   // of a datagram

// Header, `body` and `tail` bytes together; 0 when they are no block.
constexpr std::size_t BlockWireSize(std::size_t count, std::size_t body,
                                    std::size_t tail) {
  if (count > kMaxCount || body > kMaxSize || tail > kMaxSize) return 0;
  const std::size_t size = 4 + body + tail;
  return size % 4 == 0 && size <= kMaxSize ? size : 0;
}

constexpr void WriteBlockHeader(ByteWriter& writer, std::size_t count,
                                int packet_type, std::size_t size) {
  writer.WriteU8(static_cast<std::uint8_t>(0x80u | count));
  writer.WriteU8(static_cast<std::uint8_t>(packet_type));
  writer.WriteU16(static_cast<std::uint16_t>(size / 4 - 1));
}

constexpr void WriteReports(ByteWriter& writer,
                            std::span<const ReportBlock> reports) {
  for (const ReportBlock& report : reports) {
    std::array<std::uint8_t, ReportBlock::kSize> bytes{};
    report.Write(bytes);
    writer.WriteBytes(bytes);
  }
}

}  // namespace mediacore::rtcp::internal

#endif  // MEDIACORE_RTCP_BLOCK_WRITER_H_
