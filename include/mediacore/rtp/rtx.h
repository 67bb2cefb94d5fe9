#ifndef MEDIACORE_RTP_RTX_H_
#define MEDIACORE_RTP_RTX_H_

#include <string_view>

#include "mediacore/base/byte_writer.h"
#include "mediacore/rtp/packet_view.h"

namespace mediacore::rtp {

// Why an RTP packet repeats no other, in the order the parser looks.
enum class RtxError : std::uint8_t {
  kPaddingOnly,  // padding and no payload: a browser probes for bandwidth; nothing is wrong
  kTooShort,     // fewer than the 2 bytes of the OSN
};
inline constexpr int kRtxErrorCount = 2;

constexpr std::string_view ToString(RtxError error) {
  switch (error) {
    case RtxError::kPaddingOnly: return "rtx: padding only";
    case RtxError::kTooShort: return "rtx: too short";
  }
  return "rtx: unknown";
}

// A retransmission packet seen in place (RFC 4588, section 4): the packet that it
// repeats, under its own SSRC, payload type and sequence number, with the original
// sequence number (OSN) before the payload. Timestamp, marker, CSRCs and header
// extensions are the original's.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                         RTP header                            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |            OSN                |      original payload         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   const auto rtx = rtp::RtxView::Parse(packet);
//   if (!rtx) return Count(rtx.error());
//   const rtp::RtxOriginalWriter original{*rtx, apt, media_ssrc};  // a=fmtp apt, a=ssrc-group FID
//   if (original.Write(out)) Handle(out.first(original.WireSize()));
//
// What is restored is a packet of the associated payload type: it is not looked at as
// a retransmission again. Good for as long as the bytes behind it are. 16 bytes.
class RtxView {
 public:
  static constexpr std::size_t kOsnSize = 2;

  static constexpr Expected<RtxView, RtxError> Parse(const PacketView& packet) noexcept {
    if (packet.payload().empty() && packet.padding_size() > 0) return RtxError::kPaddingOnly;
    if (packet.payload().size() < kOsnSize) return RtxError::kTooShort;
    return RtxView(packet);
  }

  constexpr SequenceNumber original_sequence_number() const {
    return SequenceNumber(LoadU16(packet_.payload().data()));
  }
  constexpr Bytes original_payload() const { return packet_.payload().subspan(kOsnSize); }
  constexpr const PacketView& packet() const { return packet_; }

 private:
  constexpr explicit RtxView(const PacketView& packet) : packet_(packet) {}
  PacketView packet_;
};

namespace internal {
// The header of `packet`, with its CSRCs and extension, as that of another one.
constexpr void WriteHeaderOf(const PacketView& packet, PayloadType payload_type, SequenceNumber sequence_number,
                             Ssrc ssrc, bool padding, ByteWriter& writer) {
  writer.WriteU8(static_cast<std::uint8_t>((packet.bytes()[0] & 0xdf) | (padding ? 0x20 : 0)));
  writer.WriteU8(static_cast<std::uint8_t>((packet.marker() ? 0x80 : 0) | payload_type.value()));
  writer.WriteU16(sequence_number.value());
  writer.WriteU32(packet.timestamp().value());
  writer.WriteU32(ssrc.value());
  writer.WriteBytes(packet.bytes().subspan(12, packet.header_size() - 12));
}
}  // namespace internal

// Writes the retransmission of a packet into the caller's bytes, which are not those
// of the packet. Padding of the original is left out (section 4); the retransmission
// may have its own.
//
//   const rtp::RtxWriter rtx{packet, rtx_payload_type, rtx_ssrc, next++};
//   if (rtx.Write(out)) Send(out.first(rtx.WireSize()));
struct RtxWriter {
  PacketView original;
  PayloadType payload_type;
  Ssrc ssrc;
  SequenceNumber sequence_number;
  std::uint8_t padding_size = 0;  // 0, or 1-255 bytes behind the payload

  // 0 when it cannot be written: more than 65535 bytes.
  constexpr std::size_t WireSize() const {
    const std::size_t size = original.header_size() + RtxView::kOsnSize + original.payload().size() + padding_size;
    return size <= 0xffff ? size : 0;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteHeaderOf(original, payload_type, sequence_number, ssrc, padding_size != 0, writer);
    writer.WriteU16(original.sequence_number().value());
    writer.WriteBytes(original.payload());
    if (padding_size != 0) {
      writer.Fill(padding_size - std::size_t{1}, 0);
      writer.WriteU8(padding_size);
    }
    return writer.ok();
  }
};

// Writes the packet that a retransmission repeats, without padding, into the caller's
// bytes, which are not those of the retransmission.
struct RtxOriginalWriter {
  RtxView rtx;
  PayloadType payload_type;  // the associated one: `apt` of the retransmission's a=fmtp
  Ssrc ssrc;

  constexpr std::size_t WireSize() const { return rtx.packet().header_size() + rtx.original_payload().size(); }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < WireSize()) return false;
    ByteWriter writer(out.first(WireSize()));
    internal::WriteHeaderOf(rtx.packet(), payload_type, rtx.original_sequence_number(), ssrc, false, writer);
    writer.WriteBytes(rtx.original_payload());
    return writer.ok();
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_RTX_H_
