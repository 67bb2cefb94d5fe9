#ifndef MEDIACORE_RTP_FLEXFEC03_H_
#define MEDIACORE_RTP_FLEXFEC03_H_

#include <string_view>

#include "mediacore/base/expected.h"
#include "mediacore/rtp/fec_mask.h"
#include "mediacore/rtp/fec_recovery.h"

namespace mediacore::rtp {

// Why bytes are not a FlexFEC-03 payload, in the order the parser looks.
enum class FlexFec03Error : std::uint8_t {
  kTooShort,          // fewer than the 12 bytes before the first stream
  kRetransmission,    // R: not what browsers speak
  kFixedMask,         // F: likewise
  kNoStream,          // SSRCCount is 0
  kStreamTruncated,   // SSRC, SN base or mask of a stream run past the end
  kEndlessMask,       // the third part of a mask says that another follows
  kNothingProtected,  // the mask of a stream is empty
};
inline constexpr int kFlexFec03ErrorCount = 7;

constexpr std::string_view ToString(FlexFec03Error error) {
  switch (error) {
    case FlexFec03Error::kTooShort: return "flexfec-03: too short";
    case FlexFec03Error::kRetransmission: return "flexfec-03: retransmission";
    case FlexFec03Error::kFixedMask: return "flexfec-03: fixed mask";
    case FlexFec03Error::kNoStream: return "flexfec-03: no stream";
    case FlexFec03Error::kStreamTruncated: return "flexfec-03: stream truncated";
    case FlexFec03Error::kEndlessMask: return "flexfec-03: endless mask";
    case FlexFec03Error::kNothingProtected: return "flexfec-03: nothing protected";
  }
  return "flexfec-03: unknown";
}

// Which packets of one stream are protected.
struct FlexFec03Stream {
  Ssrc ssrc;
  SequenceNumber sn_base;
  FecMask mask;  // behind the SN base; at most 109

  constexpr bool operator==(const FlexFec03Stream&) const = default;
  constexpr ProtectedPackets packets() const { return {sn_base, mask}; }
};

// The payload of a FlexFEC packet as browsers speak it (`flexfec-03` in SDP), seen in
// place: draft-ietf-payload-flexible-fec-scheme-03, section 4.2, with a flexible mask.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |R|F|P|X|  CC   |M| PT recovery |        length recovery        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                          TS recovery                          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   SSRCCount   |                    reserved                   |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                             SSRC                              |  for each
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  stream
//  |            SN base            |k|         mask [0-14]         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |k|              mask [15-45], without the k above              |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |1|         mask [46-108], 8 bytes, without either k            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  repair payload: from behind the fixed header of RTP, the end |
//
//   const auto fec = rtp::FlexFec03View::Parse(packet.payload());
//   if (!fec) return Count(fec.error());
//   for (const rtp::FlexFec03Stream& stream : *fec) {
//     for (const SequenceNumber number : stream.packets()) ...
//   }
//
// k ends a mask; RFC 8627 (flexfec.h) means the opposite by it. Reserved bits are
// ignored. libwebrtc writes and reads one stream only. Good for as long as the bytes
// behind it are.
class FlexFec03View {
 public:
  static constexpr std::size_t kHeaderSize = 12;

  class Iterator {
   public:
    using value_type = FlexFec03Stream;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr Iterator(Bytes rest, int left) : rest_(rest), left_(left) { Take(); }
    constexpr const FlexFec03Stream& operator*() const { return stream_; }
    constexpr Iterator& operator++() {
      --left_;
      Take();
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(std::default_sentinel_t) const { return left_ == 0; }

   private:
    constexpr void Take() {
      if (left_ > 0) static_cast<void>(TakeStream(rest_, stream_));  // proved by Parse()
    }
    ByteReader rest_{Bytes{}};
    int left_ = 0;
    FlexFec03Stream stream_;
  };

  static constexpr Expected<FlexFec03View, FlexFec03Error> Parse(Bytes payload) noexcept;

  constexpr FecRecovery recovery() const {
    return {static_cast<std::uint16_t>(LoadU16(bytes_.data()) & FecRecovery::kBits), LoadU16(bytes_.data() + 2),
            LoadU32(bytes_.data() + 4)};
  }
  // 1 to 255.
  constexpr int stream_count() const { return bytes_[8]; }
  constexpr Iterator begin() const { return {bytes_.subspan(kHeaderSize), stream_count()}; }
  constexpr std::default_sentinel_t end() const { return {}; }
  // The XOR of what is behind the fixed header of the packets.
  constexpr Bytes repair_payload() const { return bytes_.subspan(header_size_); }
  constexpr std::size_t header_size() const { return header_size_; }
  constexpr Bytes bytes() const { return bytes_; }

 private:
  constexpr FlexFec03View(Bytes bytes, std::size_t header_size) : bytes_(bytes), header_size_(header_size) {}

  static constexpr internal::FlexMaskResult TakeStream(ByteReader& reader, FlexFec03Stream& out) {
    std::uint32_t ssrc = 0;
    std::uint16_t sn_base = 0;
    if (!reader.ReadU32(ssrc) || !reader.ReadU16(sn_base)) return internal::FlexMaskResult::kTruncated;
    out.ssrc = Ssrc(ssrc);
    out.sn_base = SequenceNumber(sn_base);
    return internal::ReadFlexMask(reader, internal::kFlexFec03Mask, out.mask);
  }

  Bytes bytes_;
  std::size_t header_size_;
};

constexpr Expected<FlexFec03View, FlexFec03Error> FlexFec03View::Parse(Bytes payload) noexcept {
  if (payload.size() < kHeaderSize) return FlexFec03Error::kTooShort;
  if ((payload[0] & 0x80) != 0) return FlexFec03Error::kRetransmission;
  if ((payload[0] & 0x40) != 0) return FlexFec03Error::kFixedMask;
  if (payload[8] == 0) return FlexFec03Error::kNoStream;
  ByteReader reader(payload.subspan(kHeaderSize));
  for (int left = payload[8]; left > 0; --left) {
    FlexFec03Stream stream;
    switch (TakeStream(reader, stream)) {
      case internal::FlexMaskResult::kOk: break;
      case internal::FlexMaskResult::kTruncated: return FlexFec03Error::kStreamTruncated;
      case internal::FlexMaskResult::kEndless: return FlexFec03Error::kEndlessMask;
    }
    if (stream.mask.empty()) return FlexFec03Error::kNothingProtected;
  }
  return FlexFec03View(payload, payload.size() - reader.remaining());
}

// Writes the payload of a FlexFEC-03 packet into the caller's bytes; `recovery` and
// `repair_payload` come from the packets, as ulpfec.h shows.
struct FlexFec03Writer {
  FecRecovery recovery;
  std::span<const FlexFec03Stream> streams;  // 1 to 255; 1 for libwebrtc
  Bytes repair_payload;
  std::size_t least_mask_size = 2;  // 2, 6 or 14: larger masks than needed, as libwebrtc may write them

  // 0 when it cannot be written: no stream or too many, an empty mask or one with
  // offset 109, or more than 65535 bytes.
  constexpr std::size_t WireSize() const {
    if (streams.empty() || streams.size() > 255 || repair_payload.size() > 0xffff) return 0;
    std::size_t size = FlexFec03View::kHeaderSize + repair_payload.size();
    for (const FlexFec03Stream& stream : streams) {
      const std::size_t mask = MaskSize(stream);
      if (mask == 0 || stream.mask.empty()) return 0;
      size += 6 + mask;
    }
    return size <= 0xffff ? size : 0;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    writer.WriteU16(recovery.bits & FecRecovery::kBits);
    writer.WriteU16(recovery.length);
    writer.WriteU32(recovery.timestamp);
    writer.WriteU32(static_cast<std::uint32_t>(streams.size()) << 24);
    for (const FlexFec03Stream& stream : streams) {
      writer.WriteU32(stream.ssrc.value());
      writer.WriteU16(stream.sn_base.value());
      internal::WriteFlexMask(writer, stream.mask, internal::kFlexFec03Mask, MaskSize(stream));
    }
    writer.WriteBytes(repair_payload);
    return writer.ok();
  }

 private:
  constexpr std::size_t MaskSize(const FlexFec03Stream& stream) const {
    return internal::FlexMaskSize(stream.mask, internal::kFlexFec03Mask, least_mask_size);
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_FLEXFEC03_H_
