#ifndef MEDIACORE_RTP_ULPFEC_H_
#define MEDIACORE_RTP_ULPFEC_H_

#include <string_view>

#include "mediacore/base/expected.h"
#include "mediacore/rtp/fec_mask.h"
#include "mediacore/rtp/fec_recovery.h"

namespace mediacore::rtp {

// Why bytes are not a ULPFEC payload, in the order the parser looks.
enum class UlpFecError : std::uint8_t {
  kTooShort,              // fewer than the 10 bytes of the FEC header
  kLevelHeaderTruncated,  // a level, the first one at least, has no room for its header
  kLevelTruncated,        // the protection length of a level runs past the end
  kNothingProtected,      // the mask of a level is empty
};
inline constexpr int kUlpFecErrorCount = 4;

constexpr std::string_view ToString(UlpFecError error) {
  switch (error) {
    case UlpFecError::kTooShort: return "ulpfec: too short";
    case UlpFecError::kLevelHeaderTruncated: return "ulpfec: level header truncated";
    case UlpFecError::kLevelTruncated: return "ulpfec: level truncated";
    case UlpFecError::kNothingProtected: return "ulpfec: nothing protected";
  }
  return "ulpfec: unknown";
}

// One level of protection: the XOR of a stretch of bytes of the packets of `mask`.
// The first level begins behind the fixed header of RTP, each other one where the one
// before it ends.
struct UlpFecLevel {
  FecMask mask;   // behind the SN base; at most 48
  Bytes payload;  // at most 65535 bytes: the protection length
};

// The payload of a ULPFEC packet seen in place (RFC 5109, section 7).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |E|L|P|X|  CC   |M| PT recovery |            SN base            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                          TS recovery                          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |        length recovery        |      protection length        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |             mask              | with L: 32 bits more of it    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   payload of the level, then the next level, up to the end    |
//
//   const auto fec = rtp::UlpFecView::Parse(payload);
//   if (!fec) return Count(fec.error());
//   for (const rtp::UlpFecLevel& level : *fec) {
//     for (const SequenceNumber number : fec->packets(level)) ...
//   }
//
// All of it is levels, or it is refused; every level protects something, and E is
// ignored (section 7.3). Good for as long as the bytes behind it are. 16 bytes.
class UlpFecView {
 public:
  static constexpr std::size_t kHeaderSize = 10;

  class Iterator {
   public:
    using value_type = UlpFecLevel;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr Iterator(Bytes rest, bool long_mask) : rest_(rest), long_mask_(long_mask) {}
    constexpr UlpFecLevel operator*() const {
      UlpFecLevel level;
      level.mask = Mask(rest_.data() + 2, long_mask_);
      level.payload = rest_.subspan(LevelHeaderSize(long_mask_), LoadU16(rest_.data()));
      return level;
    }
    constexpr Iterator& operator++() {
      rest_ = rest_.subspan(LevelHeaderSize(long_mask_) + LoadU16(rest_.data()));
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(std::default_sentinel_t) const { return rest_.empty(); }

   private:
    Bytes rest_;
    bool long_mask_ = false;
  };

  static constexpr Expected<UlpFecView, UlpFecError> Parse(Bytes payload) noexcept;

  constexpr FecRecovery recovery() const {
    return {static_cast<std::uint16_t>(LoadU16(bytes_.data()) & FecRecovery::kBits), LoadU16(bytes_.data() + 8),
            LoadU32(bytes_.data() + 4)};
  }
  constexpr SequenceNumber sn_base() const { return SequenceNumber(LoadU16(bytes_.data() + 2)); }
  // 16 or, with L, 48, for all levels.
  constexpr int mask_bits() const { return long_mask() ? 48 : 16; }
  constexpr ProtectedPackets packets(const UlpFecLevel& level) const { return {sn_base(), level.mask}; }

  // The levels, at least one.
  constexpr Iterator begin() const { return {bytes_.subspan(kHeaderSize), long_mask()}; }
  constexpr std::default_sentinel_t end() const { return {}; }
  constexpr UlpFecLevel first_level() const { return *begin(); }
  constexpr Bytes bytes() const { return bytes_; }

 private:
  constexpr explicit UlpFecView(Bytes bytes) : bytes_(bytes) {}
  static constexpr std::size_t LevelHeaderSize(bool long_mask) { return long_mask ? 8 : 4; }
  static constexpr FecMask Mask(const std::uint8_t* at, bool long_mask) {
    FecMask mask;
    mask.AddBits(0, 16, LoadU16(at));
    if (long_mask) mask.AddBits(16, 32, LoadU32(at + 2));
    return mask;
  }
  constexpr bool long_mask() const { return (bytes_[0] & 0x40) != 0; }

  Bytes bytes_;
};

constexpr Expected<UlpFecView, UlpFecError> UlpFecView::Parse(Bytes payload) noexcept {
  if (payload.size() < kHeaderSize) return UlpFecError::kTooShort;
  const bool long_mask = (payload[0] & 0x40) != 0;
  const std::size_t header = LevelHeaderSize(long_mask);
  std::size_t at = kHeaderSize;
  do {
    if (payload.size() - at < header) return UlpFecError::kLevelHeaderTruncated;
    const std::uint8_t* const level = payload.data() + at;
    at += header;
    const std::size_t length = LoadU16(level);
    if (payload.size() - at < length) return UlpFecError::kLevelTruncated;
    at += length;
    if (Mask(level + 2, long_mask).empty()) return UlpFecError::kNothingProtected;
  } while (at < payload.size());
  return UlpFecView(payload);
}

// Writes the payload of a ULPFEC packet into the caller's bytes.
//
//   rtp::UlpFecWriter fec;
//   fec.sn_base = packets.front().sequence_number();
//   for (const rtp::PacketView& packet : packets) {
//     fec.recovery.Xor(packet);
//     rtp::XorProtected(packet, 0, protection);
//   }
//   const std::array levels{rtp::UlpFecLevel{mask, protection}};
//   fec.levels = levels;
//   if (fec.Write(out)) Send(out.first(fec.WireSize()));
//
// All masks are of 16 bits when they fit, otherwise of 48.
struct UlpFecWriter {
  FecRecovery recovery;
  SequenceNumber sn_base;
  std::span<const UlpFecLevel> levels;
  bool long_masks = false;  // 48 bits even where 16 would do

  // 0 when it cannot be written: no level, an empty mask or one with offsets past 47,
  // or a level of more than 65535 bytes.
  constexpr std::size_t WireSize() const {
    if (levels.empty()) return 0;
    std::size_t size = UlpFecView::kHeaderSize + levels.size() * (LongMasks() ? 8u : 4u);
    for (const UlpFecLevel& level : levels) {
      if (level.mask.empty() || level.mask.size() > 48 || level.payload.size() > 0xffff) return 0;
      size += level.payload.size();
    }
    return size;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    const bool long_mask = LongMasks();
    ByteWriter writer(out.first(size));
    writer.WriteU16(static_cast<std::uint16_t>((long_mask ? 0x4000 : 0) | (recovery.bits & FecRecovery::kBits)));
    writer.WriteU16(sn_base.value());
    writer.WriteU32(recovery.timestamp);
    writer.WriteU16(recovery.length);
    for (const UlpFecLevel& level : levels) {
      writer.WriteU16(static_cast<std::uint16_t>(level.payload.size()));
      writer.WriteU16(static_cast<std::uint16_t>(level.mask.Bits(0, 16)));
      if (long_mask) writer.WriteU32(static_cast<std::uint32_t>(level.mask.Bits(16, 32)));
      writer.WriteBytes(level.payload);
    }
    return writer.ok();
  }

 private:
  constexpr bool LongMasks() const {
    return long_masks || std::ranges::any_of(levels, [](const UlpFecLevel& level) { return level.mask.size() > 16; });
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_ULPFEC_H_
