#ifndef MEDIACORE_RTP_FEC_RECOVERY_H_
#define MEDIACORE_RTP_FEC_RECOVERY_H_

#include <algorithm>
#include <span>

#include "mediacore/rtp/packet_view.h"

namespace mediacore::rtp {

// What ULPFEC and FlexFEC carry of the headers of the packets that they protect
// (RFC 5109, section 7.3; RFC 8627, section 4.2.2): the XOR of the fields of all of
// them but V, sequence number and SSRC, and of how many bytes they have behind the 12
// of the fixed header. XOR takes out what it put in, so that
//
//   rtp::FecRecovery fields = fec.recovery();
//   for (const rtp::PacketView& packet : all_but_one) fields.Xor(packet);
//
// leaves the fields of the one. Its bytes behind the fixed header come the same way:
//
//   for (const rtp::PacketView& packet : all_but_one) rtp::XorProtected(packet, 0, bytes);
//
// A packet that is put together so is a peer's claim: it goes through PacketView::Parse().
struct FecRecovery {
  std::uint16_t bits = 0;    // P, X, CC, M, PT where the first two bytes of RTP have them
  std::uint16_t length = 0;  // bytes behind the fixed header
  std::uint32_t timestamp = 0;

  constexpr bool operator==(const FecRecovery&) const = default;

  constexpr bool padding() const { return (bits & 0x2000) != 0; }
  constexpr bool extension() const { return (bits & 0x1000) != 0; }
  constexpr int csrc_count() const { return bits >> 8 & 0x0f; }
  constexpr bool marker() const { return (bits & 0x80) != 0; }
  constexpr PayloadType payload_type() const { return PayloadType(bits); }

  constexpr void Xor(const FecRecovery& other) {
    bits = static_cast<std::uint16_t>(bits ^ other.bits);
    length = static_cast<std::uint16_t>(length ^ other.length);
    timestamp ^= other.timestamp;
  }
  constexpr void Xor(const PacketView& packet) { Xor(Of(packet)); }
  static constexpr FecRecovery Of(const PacketView& packet) {
    return {static_cast<std::uint16_t>(LoadU16(packet.bytes().data()) & kBits),
            static_cast<std::uint16_t>(packet.size() - PacketView::kFixedHeaderSize), packet.timestamp().value()};
  }

  // The fixed header of the packet whose fields these are.
  constexpr void WriteHeader(SequenceNumber sequence_number, Ssrc ssrc,
                             std::span<std::uint8_t, PacketView::kFixedHeaderSize> out) const {
    StoreU16(out.data(), static_cast<std::uint16_t>(0x8000 | (bits & kBits)));
    StoreU16(out.data() + 2, sequence_number.value());
    StoreU32(out.data() + 4, timestamp);
    StoreU32(out.data() + 8, ssrc.value());
  }

  static constexpr std::uint16_t kBits = 0x3fff;
};

// XORs the bytes of `packet` behind its fixed header, without the first `skip` of them,
// into `out`: as many as there are and fit.
constexpr void XorProtected(const PacketView& packet, std::size_t skip, MutableBytes out) {
  Bytes bytes = packet.bytes().subspan(PacketView::kFixedHeaderSize);
  if (skip >= bytes.size()) return;
  bytes = bytes.subspan(skip, std::min(bytes.size() - skip, out.size()));
  for (std::size_t i = 0; i < bytes.size(); ++i) out[i] = static_cast<std::uint8_t>(out[i] ^ bytes[i]);
}

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_FEC_RECOVERY_H_
