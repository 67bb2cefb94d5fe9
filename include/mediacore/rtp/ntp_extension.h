#ifndef MEDIACORE_RTP_NTP_EXTENSION_H_
#define MEDIACORE_RTP_NTP_EXTENSION_H_

#include "mediacore/base/ntp_time.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// The wall clock at the packet's RTP timestamp, so that streams can be played
// in step from their first packet on and not from the first sender report
// (RFC 6051, section 3.3): 64 bits, seconds since 1900 and their fraction.
//
//   rtp::Ntp64 ntp;
//   if (rtp::ReadExtension(*packet, ids, ntp)) sync.Add(packet->timestamp(), ntp.time);
struct Ntp64 {
  static constexpr ExtensionKind kKind = ExtensionKind::kNtp64;

  NtpTime time;

  bool operator==(const Ntp64&) const = default;

  static constexpr Expected<Ntp64, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 8) return ExtensionError::kWrongSize;
    return Ntp64{NtpTime(LoadU64(value.data()))};
  }
  constexpr std::size_t WireSize() const { return 8; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < WireSize()) return false;
    StoreU64(out.data(), time.value());
    return true;
  }
};

// The same without the top eight bits of the seconds, which together with id
// and length fills two words:
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//                  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//                  |              seconds, low 24 bits             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                       fraction, 32 bits                       |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// It comes round after 194 days; Expand() gives it back what is missing.
struct Ntp56 {
  static constexpr ExtensionKind kKind = ExtensionKind::kNtp56;
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << 56) - 1;

  std::uint64_t value = 0;  // below 2^56: 1/2^32 s

  bool operator==(const Ntp56&) const = default;

  static constexpr Ntp56 Of(NtpTime time) { return {time.value() & kMask}; }
  // The time that is nearest to `near`, such as one's own clock.
  constexpr NtpTime Expand(NtpTime near) const {
    // How far ahead of `near`, the shorter way round 56 bits.
    const auto ahead = static_cast<std::int64_t>((value - near.value()) << 8) >> 8;
    return NtpTime(near.value() + static_cast<std::uint64_t>(ahead));
  }

  static constexpr Expected<Ntp56, ExtensionError> Parse(Bytes bytes) noexcept {
    if (bytes.size() != 7) return ExtensionError::kWrongSize;
    return Ntp56{std::uint64_t{LoadU24(bytes.data())} << 32 | LoadU32(bytes.data() + 3)};
  }
  constexpr std::size_t WireSize() const { return value <= kMask ? 7 : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    StoreU24(out.data(), static_cast<std::uint32_t>(value >> 32));
    StoreU32(out.data() + 3, static_cast<std::uint32_t>(value));
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_NTP_EXTENSION_H_
