#ifndef MEDIACORE_RTP_FLEXFEC_H_
#define MEDIACORE_RTP_FLEXFEC_H_

#include <string_view>

#include "mediacore/base/expected.h"
#include "mediacore/rtp/fec_mask.h"
#include "mediacore/rtp/fec_recovery.h"

namespace mediacore::rtp {

// Why an RTP packet is not one of FlexFEC, in the order the parser looks.
enum class FlexFecError : std::uint8_t {
  kTooShort,           // fewer than the 8 bytes that all but retransmissions begin with
  kReserved,           // R and F together
  kBadRetransmission,  // R, and what is repeated is no RTP packet
  kNoStream,           // the CSRC list, which names the protected streams, is empty
  kStreamTruncated,    // SN base, mask, or L and D of a stream run past the end
  kNoColumns,          // L is 0 (reserved)
  kNothingProtected,   // the mask of a stream is empty
};
inline constexpr int kFlexFecErrorCount = 7;

constexpr std::string_view ToString(FlexFecError error) {
  switch (error) {
    case FlexFecError::kTooShort: return "flexfec: too short";
    case FlexFecError::kReserved: return "flexfec: reserved";
    case FlexFecError::kBadRetransmission: return "flexfec: bad retransmission";
    case FlexFecError::kNoStream: return "flexfec: no stream";
    case FlexFecError::kStreamTruncated: return "flexfec: stream truncated";
    case FlexFecError::kNoColumns: return "flexfec: no columns";
    case FlexFecError::kNothingProtected: return "flexfec: nothing protected";
  }
  return "flexfec: unknown";
}

// Which packets of one stream are protected: those of the mask, or, where L is not 0, a
// row or a column of a block of L columns and D rows (section 4.2.2.2): with D 0 or 1
// the L packets from the SN base on; with a greater D every L-th, D of them.
struct FlexFecStream {
  Ssrc ssrc;  // in the CSRC list of the packet
  SequenceNumber sn_base;
  FecMask mask;              // behind the SN base
  std::uint8_t columns = 0;  // L
  std::uint8_t rows = 0;     // D; 1: row FEC, and that of the columns follows

  constexpr bool operator==(const FlexFecStream&) const = default;
  constexpr ProtectedPackets packets() const {
    if (columns == 0) return {sn_base, mask};
    return rows > 1 ? ProtectedPackets::Run(sn_base, columns, rows) : ProtectedPackets::Run(sn_base, 1, columns);
  }
};

// A FlexFEC packet seen in place (RFC 8627, section 4.2). R and F say which of three:
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |0|F|P|X|  CC   |M| PT recovery |        length recovery        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                          TS recovery                          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |            SN base            |k|         mask [0-14]         |  F = 0, for
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  each CSRC
//  |k|                mask [15-45], with the k above               |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |               mask [46-109], 8 bytes, with both k             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |            SN base            |  L (columns)  |    D (rows)   |  F = 1, for
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  each CSRC
//  |  repair payload: from behind the fixed header of RTP, the end |
//
// and with R = 1, F = 0 (which is V = 2) a packet repeated as it was.
//
//   const auto fec = rtp::FlexFecView::Parse(packet);
//   if (!fec) return Count(fec.error());
//   if (fec->is_retransmission()) return Handle(fec->retransmission());
//   for (const rtp::FlexFecStream& stream : *fec) {
//     for (const SequenceNumber number : stream.packets()) ...
//   }
//
// Browsers speak the draft 03 of it (flexfec03.h). Good for as long as the bytes behind
// it are.
class FlexFecView {
 public:
  static constexpr std::size_t kHeaderSize = 8;

  class Iterator {
   public:
    using value_type = FlexFecStream;
    using difference_type = std::ptrdiff_t;

    constexpr explicit Iterator(const FlexFecView& view)
        : packet_(view.packet_), rest_(view.payload().subspan(kHeaderSize)), count_(view.stream_count()) {
      Take();
    }
    constexpr const FlexFecStream& operator*() const { return stream_; }
    constexpr Iterator& operator++() {
      ++at_;
      Take();
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(std::default_sentinel_t) const { return at_ == count_; }

   private:
    constexpr void Take() {
      if (at_ == count_) return;
      stream_.ssrc = packet_.csrc(at_);
      static_cast<void>(TakeStream(rest_, IsFixed(packet_), stream_));  // proved by Parse()
    }
    PacketView packet_;
    ByteReader rest_;
    int at_ = 0;
    int count_;
    FlexFecStream stream_;
  };

  static constexpr Expected<FlexFecView, FlexFecError> Parse(const PacketView& packet) noexcept;

  constexpr bool is_retransmission() const { return (payload()[0] & 0x80) != 0; }
  // The packet that is repeated, with its own SSRC; only of a retransmission.
  constexpr PacketView retransmission() const { return *PacketView::Parse(payload()); }

  // Of a retransmission the rest is of no meaning, and there are no streams.
  constexpr bool is_fixed() const { return IsFixed(packet_); }
  constexpr FecRecovery recovery() const {
    return {static_cast<std::uint16_t>(LoadU16(payload().data()) & FecRecovery::kBits), LoadU16(payload().data() + 2),
            LoadU32(payload().data() + 4)};
  }
  constexpr int stream_count() const { return is_retransmission() ? 0 : packet_.csrc_count(); }
  constexpr Iterator begin() const { return Iterator(*this); }
  constexpr std::default_sentinel_t end() const { return {}; }
  // The XOR of what is behind the fixed header of the packets.
  constexpr Bytes repair_payload() const { return payload().subspan(header_size_); }
  constexpr std::size_t header_size() const { return header_size_; }
  constexpr const PacketView& packet() const { return packet_; }

 private:
  constexpr FlexFecView(const PacketView& packet, std::size_t header_size)
      : packet_(packet), header_size_(static_cast<std::uint16_t>(header_size)) {}

  static constexpr bool IsFixed(const PacketView& packet) { return (packet.payload()[0] & 0x40) != 0; }
  static constexpr bool TakeStream(ByteReader& reader, bool fixed, FlexFecStream& out) {
    std::uint16_t sn_base = 0;
    if (!reader.ReadU16(sn_base)) return false;
    out.sn_base = SequenceNumber(sn_base);
    if (fixed) return reader.ReadU8(out.columns) && reader.ReadU8(out.rows);
    return internal::ReadFlexMask(reader, internal::kFlexFecMask, out.mask) == internal::FlexMaskResult::kOk;
  }
  constexpr Bytes payload() const { return packet_.payload(); }

  PacketView packet_;
  std::uint16_t header_size_;
};

constexpr Expected<FlexFecView, FlexFecError> FlexFecView::Parse(const PacketView& packet) noexcept {
  const Bytes payload = packet.payload();
  if (payload.size() < kHeaderSize) return FlexFecError::kTooShort;
  const bool fixed = IsFixed(packet);
  if ((payload[0] & 0x80) != 0) {
    if (fixed) return FlexFecError::kReserved;
    if (!PacketView::Parse(payload)) return FlexFecError::kBadRetransmission;
    return FlexFecView(packet, 0);
  }
  if (packet.csrc_count() == 0) return FlexFecError::kNoStream;
  ByteReader reader(payload.subspan(kHeaderSize));
  for (int left = packet.csrc_count(); left > 0; --left) {
    FlexFecStream stream;
    if (!TakeStream(reader, fixed, stream)) return FlexFecError::kStreamTruncated;
    if (fixed && stream.columns == 0) return FlexFecError::kNoColumns;
    if (!fixed && stream.mask.empty()) return FlexFecError::kNothingProtected;
  }
  return FlexFecView(packet, payload.size() - reader.remaining());
}

// Writes the payload of a FlexFEC packet into the caller's bytes; `recovery` and
// `repair_payload` come from the packets, as ulpfec.h shows. PacketWriter::csrcs are
// the SSRCs of the streams, in the same order. The payload of a retransmission is the
// packet itself and needs no writer.
struct FlexFecWriter {
  FecRecovery recovery;
  std::span<const FlexFecStream> streams;  // 1 to 15; all with a mask, or all with L
  Bytes repair_payload;
  std::size_t least_mask_size = 2;  // 2, 6 or 14: larger masks than needed

  // 0 when it cannot be written: no stream or too many, one that protects nothing, a
  // mask beside L, streams of both kinds, or more than 65535 bytes.
  constexpr std::size_t WireSize() const {
    if (streams.empty() || streams.size() > 15 || repair_payload.size() > 0xffff) return 0;
    std::size_t size = FlexFecView::kHeaderSize + repair_payload.size();
    for (const FlexFecStream& stream : streams) {
      if ((stream.columns != 0) != fixed() || stream.mask.empty() != fixed()) return 0;
      const std::size_t where = fixed() ? 2 : MaskSize(stream);
      if (where == 0) return 0;
      size += 2 + where;
    }
    return size <= 0xffff ? size : 0;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    writer.WriteU16(static_cast<std::uint16_t>((fixed() ? 0x4000 : 0) | (recovery.bits & FecRecovery::kBits)));
    writer.WriteU16(recovery.length);
    writer.WriteU32(recovery.timestamp);
    for (const FlexFecStream& stream : streams) {
      writer.WriteU16(stream.sn_base.value());
      if (fixed()) {
        writer.WriteU8(stream.columns);
        writer.WriteU8(stream.rows);
      } else {
        internal::WriteFlexMask(writer, stream.mask, internal::kFlexFecMask, MaskSize(stream));
      }
    }
    writer.WriteBytes(repair_payload);
    return writer.ok();
  }

 private:
  constexpr bool fixed() const { return streams.front().columns != 0; }
  constexpr std::size_t MaskSize(const FlexFecStream& stream) const {
    return internal::FlexMaskSize(stream.mask, internal::kFlexFecMask, least_mask_size);
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_FLEXFEC_H_
