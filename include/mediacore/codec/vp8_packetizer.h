#ifndef MEDIACORE_CODEC_VP8_PACKETIZER_H_
#define MEDIACORE_CODEC_VP8_PACKETIZER_H_

#include <algorithm>

#include "mediacore/codec/vp8.h"

namespace mediacore::codec {

// Why a frame cannot be sent, in the order looked.
enum class Vp8PacketizeError : std::uint8_t {
  kNone,
  kBadFrame,       // no VP8 frame: its header is wrong, or its first partition is cut
  kBadDescriptor,  // a number in the descriptor is out of its range
};

constexpr std::string_view ToString(Vp8PacketizeError error) {
  switch (error) {
    case Vp8PacketizeError::kNone: return "vp8 packetize: fine";
    case Vp8PacketizeError::kBadFrame: return "vp8 packetize: bad frame";
    case Vp8PacketizeError::kBadDescriptor: return "vp8 packetize: bad descriptor";
  }
  return "vp8 packetize: unknown";
}

// One payload that is still to be written. Good as long as the frame's bytes are.
struct Vp8Packet {
  Vp8Descriptor descriptor;
  bool marker = false;  // the last packet of its frame
  Bytes body;
  std::size_t size = 0;  // of the payload

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < size || !descriptor.Write(out)) return false;
    std::copy_n(body.data(), body.size(), out.data() + (size - body.size()));
    return true;
  }
};

// Cuts frames into RTP payloads (RFC 7741), each as large as allowed, whatever the
// partitions inside.
//
//   Vp8Packetizer packetizer({.max_payload_size = 1200});
//   const Vp8Descriptor about{.picture_id = 17, .temporal_id = 0};
//   if (packetizer.SetFrame(frame.data, about) == Vp8PacketizeError::kNone) {
//     Vp8Packet packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
//
// Copies nothing and keeps nothing but a view of the frame. Threads: one.
class Vp8Packetizer {
 public:
  using Packet = Vp8Packet;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 7 to 65535
  };

  constexpr explicit Vp8Packetizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, Vp8Descriptor::kMaxSize + 1, 65535)) {}

  // `about` is what the packets say of the frame; where partitions begin, the
  // packetiser knows better. What was left of the last frame is forgotten.
  constexpr Vp8PacketizeError SetFrame(Bytes frame, const Vp8Descriptor& about) {
    rest_ = {};
    const auto header = Vp8FrameHeader::Parse(frame);
    if (!header || !header->FitsIn(frame.size())) return Vp8PacketizeError::kBadFrame;
    descriptor_ = about;
    descriptor_.start_of_partition = true;
    descriptor_.partition_id = 0;
    descriptor_size_ = descriptor_.WireSize();
    if (descriptor_size_ == 0) return Vp8PacketizeError::kBadDescriptor;
    rest_ = frame;
    return Vp8PacketizeError::kNone;
  }

  [[nodiscard]] constexpr bool Next(Vp8Packet& out) {
    if (rest_.empty()) return false;
    out.descriptor = descriptor_;
    out.body = rest_.first(std::min(rest_.size(), max_size_ - descriptor_size_));
    out.size = descriptor_size_ + out.body.size();
    rest_ = rest_.subspan(out.body.size());
    out.marker = rest_.empty();
    descriptor_.start_of_partition = false;
    return true;
  }

 private:
  std::size_t max_size_;
  Vp8Descriptor descriptor_;
  std::size_t descriptor_size_ = 0;
  Bytes rest_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP8_PACKETIZER_H_
