#ifndef MEDIACORE_BENCH_RTP_VIDEO_PACKET_H_
#define MEDIACORE_BENCH_RTP_VIDEO_PACKET_H_

#include <algorithm>
#include <array>
#include <cstdint>

namespace mediacore::bench {

// A 1200-byte video packet of a browser: abs-send-time, transport-wide sequence
// number, MID and audio level or the like, in the one-byte form.
constexpr std::array<std::uint8_t, 1200> VideoPacket() {
  std::array<std::uint8_t, 1200> p{};
  constexpr std::array<std::uint8_t, 28> kStart = {
      0x90, 0x60, 0x12, 0x34, 1,    2,    3,    4,    0xca, 0xfe,
      0xba, 0xbe, 0xbe, 0xde, 0x00, 0x03, 0x22, 0x11, 0x22, 0x33,
      0x31, 0x00, 0x07, 0x40, '0',  0x90, 0x80, 0x00};
  std::copy(kStart.begin(), kStart.end(), p.begin());
  return p;
}
inline constexpr std::array<int, 4> kVideoPacketIds = {2, 3, 4, 9};

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_RTP_VIDEO_PACKET_H_
