#ifndef MEDIACORE_RTP_DEMUX_H_
#define MEDIACORE_RTP_DEMUX_H_

#include <string_view>

#include "mediacore/base/bytes.h"

namespace mediacore::rtp {

// What a datagram on a multiplexed port claims to be.
enum class PacketKind : std::uint8_t {
  kUnknown,  // none of the others, or too short for what it claims
  kStun,
  kZrtp,
  kDtls,
  kTurnChannel,
  kQuic,
  kRtp,
  kRtcp,
};
inline constexpr int kPacketKindCount = 8;

constexpr std::string_view ToString(PacketKind kind) {
  switch (kind) {
    case PacketKind::kUnknown: return "unknown";
    case PacketKind::kStun: return "stun";
    case PacketKind::kZrtp: return "zrtp";
    case PacketKind::kDtls: return "dtls";
    case PacketKind::kTurnChannel: return "turn channel";
    case PacketKind::kQuic: return "quic";
    case PacketKind::kRtp: return "rtp";
    case PacketKind::kRtcp: return "rtcp";
  }
  return "unknown";
}

// Tells protocols that share a port apart by their first byte (RFC 7983,
// section 7, with QUIC as in RFC 9443, section 3):
//
//     0-3 STUN   16-19 ZRTP   20-63 DTLS   64-79 TURN channel
//   128-191 RTP or RTCP       80-127 and 192-255 QUIC       4-15 nothing
//
// and RTP from RTCP by the second: 192-223 is RTCP (RFC 5761, section 4). A
// datagram shorter than the smallest packet of its protocol is kUnknown, so
// that what a parser gets is never shorter than its header. Datagrams of 64-79
// that do not come from one's TURN server may be QUIC; only the caller knows.
// Good with SRTP and SRTCP, whose first bytes are in clear. Total: any bytes
// get one answer.
constexpr PacketKind Demultiplex(Bytes datagram) noexcept {
  if (datagram.empty()) return PacketKind::kUnknown;
  const std::uint8_t first = datagram[0];
  const std::size_t size = datagram.size();
  const auto at_least = [size](std::size_t least, PacketKind kind) {
    return size >= least ? kind : PacketKind::kUnknown;
  };
  if (first >= 128 && first <= 191) {
    if (size >= 4 && datagram[1] >= 192 && datagram[1] <= 223) {
      return PacketKind::kRtcp;
    }
    return at_least(12, PacketKind::kRtp);
  }
  if (first <= 3) return at_least(20, PacketKind::kStun);
  if (first < 16) return PacketKind::kUnknown;
  if (first <= 19) return at_least(16, PacketKind::kZrtp);
  // A record header (RFC 6347, section 4.1), or DTLS 1.3's shortest unified
  // header and the 16 bytes of ciphertext it needs (RFC 9147, section 4.2.3).
  if (first <= 31) return at_least(13, PacketKind::kDtls);
  if (first <= 63) return at_least(18, PacketKind::kDtls);
  if (first <= 79) return at_least(4, PacketKind::kTurnChannel);
  // RFC 9001, section 5.4.2: less cannot carry a protected header.
  return at_least(21, PacketKind::kQuic);
}

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_DEMUX_H_
