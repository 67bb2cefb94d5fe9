#ifndef MEDIACORE_CODEC_VP9_PACKETIZER_H_
#define MEDIACORE_CODEC_VP9_PACKETIZER_H_

#include "mediacore/codec/vp9.h"
#include "mediacore/codec/vp9_frame_header.h"
#include "mediacore/codec/vp9_superframe.h"

namespace mediacore::codec {

// Why a picture cannot be sent, in the order looked.
enum class Vp9PacketizeError : std::uint8_t {
  kNone,
  kBadFrame,       // no VP9 frame, or a superframe whose sizes lie
  kLayerCount,     // another number of descriptors than of layer frames
  kLayerOrder,     // spatial ids that do not rise, or several picture ids
  kBadDescriptor,  // a number is out of its range, or no room for a byte is left
};

constexpr std::string_view ToString(Vp9PacketizeError error) {
  switch (error) {
    case Vp9PacketizeError::kNone: return "vp9 packetize: fine";
    case Vp9PacketizeError::kBadFrame: return "vp9 packetize: bad frame";
    case Vp9PacketizeError::kLayerCount: return "vp9 packetize: a descriptor for each layer frame is needed";
    case Vp9PacketizeError::kLayerOrder: return "vp9 packetize: layers out of order";
    case Vp9PacketizeError::kBadDescriptor: return "vp9 packetize: bad descriptor";
  }
  return "vp9 packetize: unknown";
}

// One payload that is still to be written. Good as long as the picture's bytes are,
// and those of its scalability structure.
struct Vp9Packet {
  Vp9Descriptor descriptor;
  bool marker = false;  // the last packet of its picture
  Bytes body;
  std::size_t size = 0;  // of the payload

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < size || !descriptor.Write(out)) return false;
    std::copy_n(body.data(), body.size(), out.data() + (size - body.size()));
    return true;
  }
};

// Cuts pictures into RTP payloads (RFC 9628), each as large as allowed.
//
//   Vp9Packetizer packetizer({.max_payload_size = 1200});
//   const Vp9Descriptor about{.inter_picture = !frame.key_frame, .picture_id = 17};
//   if (packetizer.SetFrame(frame.data, about) == Vp9PacketizeError::kNone) {
//     Vp9Packet packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
//
// Flexible mode or not is what the descriptors say. A picture of several spatial
// layers is a superframe and has a descriptor for each; its index is not sent, the
// receiver makes it again. A scalability structure goes with the first packet of its
// layer frame.
//
// Copies no media and keeps nothing but a view of the picture. Threads: one.
class Vp9Packetizer {
 public:
  using Packet = Vp9Packet;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 8 to 65535
  };

  constexpr explicit Vp9Packetizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, Vp9Descriptor::kMaxSize + 1, 65535)) {}

  // All of `frame` is one layer frame, hidden frames of a superframe too. Where
  // frames begin and end, the packetiser knows better than `about`. What was left
  // of the last picture is forgotten.
  constexpr Vp9PacketizeError SetFrame(Bytes frame, const Vp9Descriptor& about) {
    return SetPicture(frame, std::span(&about, 1));
  }
  // `layers` has one descriptor for each frame of the superframe.
  constexpr Vp9PacketizeError SetPicture(Bytes picture, std::span<const Vp9Descriptor> layers) {
    count_ = 0;
    rest_ = {};
    const auto frames = Vp9SuperframeView::Parse(picture);
    if (!frames) return Vp9PacketizeError::kBadFrame;
    for (int i = 0; i < frames->frame_count(); ++i) {
      if (!Vp9FrameHeader::Parse(frames->frame(i))) return Vp9PacketizeError::kBadFrame;
    }
    if (layers.empty() || (layers.size() > 1 && layers.size() != static_cast<std::size_t>(frames->frame_count()))) {
      return Vp9PacketizeError::kLayerCount;
    }
    for (std::size_t i = 1; i < layers.size(); ++i) {
      const bool rises = layers[i].layers &&
                         (!layers[i - 1].layers || layers[i - 1].layers->spatial_id < layers[i].layers->spatial_id);
      if (!rises || layers[i].picture_id != layers[0].picture_id) return Vp9PacketizeError::kLayerOrder;
    }
    for (const Vp9Descriptor& layer : layers) {
      const std::size_t size = layer.WireSize();
      if (size == 0 || size >= max_size_) return Vp9PacketizeError::kBadDescriptor;
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      layers_[i] = layers[i];
      frames_[i] = layers.size() == 1 ? picture : frames->frame(static_cast<int>(i));
    }
    count_ = layers.size();
    at_ = 0;
    rest_ = frames_[0];
    return Vp9PacketizeError::kNone;
  }

  [[nodiscard]] constexpr bool Next(Vp9Packet& out) {
    if (rest_.empty()) return false;
    out.descriptor = layers_[at_];
    out.descriptor.start_of_frame = rest_.size() == frames_[at_].size();
    if (!out.descriptor.start_of_frame) out.descriptor.scalability_structure = {};
    const std::size_t header = out.descriptor.WireSize();
    out.body = rest_.first(std::min(rest_.size(), max_size_ - header));
    out.size = header + out.body.size();
    rest_ = rest_.subspan(out.body.size());
    out.descriptor.end_of_frame = rest_.empty();
    out.marker = rest_.empty() && at_ + 1 == count_;
    if (rest_.empty() && !out.marker) rest_ = frames_[++at_];
    return true;
  }

 private:
  static constexpr std::size_t kMaxLayers = Vp9SuperframeView::kMaxFrames;

  std::size_t max_size_;
  std::array<Vp9Descriptor, kMaxLayers> layers_{};
  std::array<Bytes, kMaxLayers> frames_{};
  std::size_t count_ = 0;
  std::size_t at_ = 0;  // the layer frame that `rest_` is of
  Bytes rest_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP9_PACKETIZER_H_
