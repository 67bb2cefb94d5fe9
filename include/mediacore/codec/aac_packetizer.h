#ifndef MEDIACORE_CODEC_AAC_PACKETIZER_H_
#define MEDIACORE_CODEC_AAC_PACKETIZER_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/byte_writer.h"

namespace mediacore::codec {

// Why access units cannot be sent.
enum class AacPacketizeError : std::uint8_t {
  kNone,
  kEmptyUnit,  // no unit, or one of no bytes
  kTooLarge,   // a unit of more than 8191 bytes: 13 bits of size
};

constexpr std::string_view ToString(AacPacketizeError error) {
  switch (error) {
    case AacPacketizeError::kNone: return "aac packetize: fine";
    case AacPacketizeError::kEmptyUnit: return "aac packetize: empty access unit";
    case AacPacketizeError::kTooLarge: return "aac packetize: access unit too large";
  }
  return "aac packetize: unknown";
}

// One payload that is still to be written. Good as long as the units are.
struct AacPacket {
  std::span<const Bytes> units;  // whole ones; or the one a piece is of
  Bytes piece;                   // not empty: a fragment of units[0]
  std::size_t first_unit = 0;    // which of the units given this begins with:
                                 // its timestamp is that of the packet
  bool marker = false;           // no fragment follows
  std::size_t size = 0;          // of the payload

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    writer.WriteU16(static_cast<std::uint16_t>(units.size() * 16));
    for (const Bytes unit : units) {
      writer.WriteU16(static_cast<std::uint16_t>(unit.size() << 3));
    }
    if (!piece.empty()) {
      writer.WriteBytes(piece);
      return writer.ok();
    }
    for (const Bytes unit : units) writer.WriteBytes(unit);
    return writer.ok();
  }
};

// Packs AAC access units into RTP payloads (RFC 3640, mode AAC-hbr, with
// sizeLength 13, indexLength 3, indexDeltaLength 3): as many whole units as fit
// into a packet, a unit that does not fit in fragments.
//
//   AacPacketizer packetizer({.max_payload_size = 1200});
//   if (packetizer.SetFrames(units) == AacPacketizeError::kNone) {
//     AacPacket packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
//
// Copies nothing; the units and the span of them are to live until Next() says
// false (SetFrame() keeps the span itself). Threads: one.
class AacPacketizer {
 public:
  using Packet = AacPacket;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 5 to 65535
  };

  constexpr explicit AacPacketizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, 5, 65535)) {}

  constexpr AacPacketizeError SetFrame(Bytes unit) {
    one_ = unit;
    single_ = true;
    return Set({&one_, 1});
  }
  // Units that follow one another without a gap.
  constexpr AacPacketizeError SetFrames(std::span<const Bytes> units) {
    single_ = false;
    return Set(units);
  }

  [[nodiscard]] constexpr bool Next(AacPacket& out) {
    const std::span<const Bytes> units =
        single_ ? std::span<const Bytes>(&one_, count_) : units_.first(count_);
    if (next_ == units.size()) return false;
    out = {};
    out.first_unit = next_;
    const Bytes unit = units[next_];
    if (unit.size() + 4 > max_size_) {
      out.units = units.subspan(next_, 1);
      out.piece = unit.subspan(sent_).first(
          std::min(unit.size() - sent_, max_size_ - 4));
      sent_ += out.piece.size();
      out.size = 4 + out.piece.size();
      out.marker = sent_ == unit.size();
      if (out.marker) {
        sent_ = 0;
        ++next_;
      }
      return true;
    }
    out.size = 2;
    std::size_t end = next_;
    while (end < units.size() && end - next_ < 4095 &&
           out.size + 2 + units[end].size() <= max_size_) {
      out.size += 2 + units[end].size();
      ++end;
    }
    out.units = units.subspan(next_, end - next_);
    out.marker = true;
    next_ = end;
    return true;
  }

 private:
  constexpr AacPacketizeError Set(std::span<const Bytes> units) {
    units_ = {};
    count_ = next_ = sent_ = 0;
    if (units.empty()) return AacPacketizeError::kEmptyUnit;
    for (const Bytes unit : units) {
      if (unit.empty()) return AacPacketizeError::kEmptyUnit;
      if (unit.size() > 8191) return AacPacketizeError::kTooLarge;
    }
    units_ = units;
    count_ = units.size();
    return AacPacketizeError::kNone;
  }

  std::size_t max_size_;
  std::span<const Bytes> units_;
  Bytes one_;
  bool single_ = false;  // so that a copy of this object points into itself
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  std::size_t sent_ = 0;  // of the unit in fragments
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AAC_PACKETIZER_H_
