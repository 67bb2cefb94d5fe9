#ifndef MEDIACORE_CODEC_LATM_PACKETIZER_H_
#define MEDIACORE_CODEC_LATM_PACKETIZER_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/byte_writer.h"

namespace mediacore::codec {

// Why an access unit cannot be sent.
enum class LatmPacketizeError : std::uint8_t {
  kNone,
  kEmptyUnit,
};

constexpr std::string_view ToString(LatmPacketizeError error) {
  switch (error) {
    case LatmPacketizeError::kNone: return "latm packetize: fine";
    case LatmPacketizeError::kEmptyUnit: return "latm packetize: empty access unit";
  }
  return "latm packetize: unknown";
}

// One payload that is still to be written: an audioMuxElement, or a piece of one.
// Good as long as the unit is.
struct LatmPacket {
  Bytes unit;
  std::size_t offset = 0;  // into the element
  bool marker = false;     // the element ends here
  std::size_t size = 0;

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    // PayloadLengthInfo: 255 as often as it fits, then what is left.
    const std::size_t head = unit.size() / 255 + 1;
    ByteWriter writer(out);
    std::size_t at = offset;
    for (; at < head && at < offset + size; ++at) {
      writer.WriteU8(static_cast<std::uint8_t>(at + 1 < head ? 255 : unit.size() % 255));
    }
    if (at >= head) writer.WriteBytes(unit.subspan(at - head, offset + size - at));
    return writer.ok();
  }
};

// Puts AAC access units into RTP as LATM with its configuration in SDP (RFC 6416,
// cpresent=0): each is an audioMuxElement, in fragments when it does not fit.
// StreamMuxConfig::Write() gives what config= is to say.
//
//   LatmPacketizer packetizer({.max_payload_size = 1200});
//   if (packetizer.SetFrame(unit) == LatmPacketizeError::kNone) {
//     LatmPacket packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
class LatmPacketizer {
 public:
  using Packet = LatmPacket;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 1 to 65535
  };

  constexpr explicit LatmPacketizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, 1, 65535)) {}

  constexpr LatmPacketizeError SetFrame(Bytes unit) {
    unit_ = unit;
    at_ = 0;
    size_ = unit.empty() ? 0 : unit.size() / 255 + 1 + unit.size();
    return unit.empty() ? LatmPacketizeError::kEmptyUnit : LatmPacketizeError::kNone;
  }
  [[nodiscard]] constexpr bool Next(LatmPacket& out) {
    if (at_ == size_) return false;
    const std::size_t size = std::min(size_ - at_, max_size_);
    out = LatmPacket{unit_, at_, at_ + size == size_, size};
    at_ += size;
    return true;
  }

 private:
  std::size_t max_size_;
  Bytes unit_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;  // of the element
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_LATM_PACKETIZER_H_
