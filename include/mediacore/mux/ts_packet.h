#ifndef MEDIACORE_MUX_TS_PACKET_H_
#define MEDIACORE_MUX_TS_PACKET_H_

#include <string_view>

#include "mediacore/base/expected.h"
#include "mediacore/base/bytes.h"

namespace mediacore::mux {

inline constexpr std::size_t kTsPacketSize = 188;
inline constexpr std::size_t kTsPayloadSize = 184;  // without adaptation field
inline constexpr std::uint16_t kTsNullPid = 0x1fff;

// Times of a transport stream count 90 kHz in 33 bits: back to 0 after 26.5 h.
inline constexpr std::int64_t kTsClock = 90'000;
inline constexpr std::int64_t kTsWrap = std::int64_t{1} << 33;

// Takes each 33-bit time as the one nearest to the time before it.
class TsTimeUnwrapper {
 public:
  constexpr std::int64_t Unwrap(std::int64_t time33) noexcept {
    last_ = started_ ? Nearest(time33, last_) : time33;
    started_ = true;
    return last_;
  }
  // The time of which `time33` are the lower bits that is nearest to `to`.
  static constexpr std::int64_t Nearest(std::int64_t time33,
                                        std::int64_t to) noexcept {
    const std::int64_t ahead = (time33 - to) & (kTsWrap - 1);
    return to + (ahead >= kTsWrap / 2 ? ahead - kTsWrap : ahead);
  }

 private:
  std::int64_t last_ = 0;
  bool started_ = false;
};

// Why 188 bytes are no packet, in the order looked at.
enum class TsPacketError : std::uint8_t {
  kBadSize,        // not 188 bytes
  kBadSync,        // does not begin with 0x47
  kReserved,       // adaptation_field_control is 0
  kBadAdaptation,  // the adaptation field runs past the packet
};

constexpr std::string_view ToString(TsPacketError error) {
  switch (error) {
    case TsPacketError::kBadSize: return "ts: not 188 bytes";
    case TsPacketError::kBadSync: return "ts: bad sync byte";
    case TsPacketError::kReserved: return "ts: neither payload nor adaptation field";
    case TsPacketError::kBadAdaptation: return "ts: adaptation field too long";
  }
  return "ts: unknown";
}

// One transport stream packet, seen in place (ISO/IEC 13818-1, 2.4.3.2).
class TsPacketView {
 public:
  static constexpr Expected<TsPacketView, TsPacketError> Parse(
      Bytes packet) noexcept {
    if (packet.size() != kTsPacketSize) return TsPacketError::kBadSize;
    if (packet[0] != 0x47) return TsPacketError::kBadSync;
    const int control = packet[3] >> 4 & 3;
    if (control == 0) return TsPacketError::kReserved;
    std::size_t header = 4;
    if ((control & 2) != 0) {
      header += 1u + packet[4];
      if (header > kTsPacketSize) return TsPacketError::kBadAdaptation;
    }
    return TsPacketView(packet, header);
  }

  constexpr bool transport_error() const { return (packet_[1] & 0x80) != 0; }
  constexpr bool unit_start() const { return (packet_[1] & 0x40) != 0; }
  constexpr std::uint16_t pid() const {
    return LoadU16(packet_.data() + 1) & 0x1fff;
  }
  constexpr bool scrambled() const { return (packet_[3] & 0xc0) != 0; }
  constexpr bool has_payload() const { return (packet_[3] & 0x10) != 0; }
  constexpr int continuity_counter() const { return packet_[3] & 0xf; }
  constexpr Bytes payload() const {
    return has_payload() ? packet_.subspan(header_) : Bytes();
  }

  constexpr bool discontinuity() const { return (AdaptationFlags() & 0x80) != 0; }
  constexpr bool random_access() const { return (AdaptationFlags() & 0x40) != 0; }
  // The program clock in units of 27 MHz, 42 bits. False: the packet has none.
  [[nodiscard]] constexpr bool ReadPcr(std::int64_t& pcr) const noexcept {
    if ((AdaptationFlags() & 0x10) == 0 || packet_[4] < 7) return false;
    const std::int64_t base =
        std::int64_t{LoadU32(packet_.data() + 6)} << 1 | packet_[10] >> 7;
    pcr = base * 300 + (LoadU16(packet_.data() + 10) & 0x1ff);
    return true;
  }

 private:
  constexpr TsPacketView(Bytes packet, std::size_t header)
      : packet_(packet), header_(header) {}
  constexpr std::uint8_t AdaptationFlags() const {
    return (packet_[3] & 0x20) != 0 && packet_[4] > 0 ? packet_[5] : std::uint8_t{0};
  }
  Bytes packet_;
  std::size_t header_;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_TS_PACKET_H_
