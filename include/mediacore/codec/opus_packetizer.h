#ifndef MEDIACORE_CODEC_OPUS_PACKETIZER_H_
#define MEDIACORE_CODEC_OPUS_PACKETIZER_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/byte_writer.h"
#include "mediacore/codec/opus.h"

namespace mediacore::codec {

// Why an Opus packet cannot be sent, in the order looked.
enum class OpusPacketizeError : std::uint8_t {
  kNone,
  kBadPacket,  // no Opus packet: OpusPacketView::Parse() says why
  kTooLarge,   // above the payload size: Opus has no fragments
};

constexpr std::string_view ToString(OpusPacketizeError error) {
  switch (error) {
    case OpusPacketizeError::kNone: return "opus packetize: fine";
    case OpusPacketizeError::kBadPacket: return "opus packetize: no Opus packet";
    case OpusPacketizeError::kTooLarge: return "opus packetize: too large";
  }
  return "opus packetize: unknown";
}

// One payload: the packet itself. Good as long as its bytes are.
struct OpusPacket {
  Bytes body;
  bool marker = false;  // the first after silence
  std::size_t size = 0;

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    writer.WriteBytes(body);
    return writer.ok();
  }
};

// Puts Opus packets into RTP (RFC 7587, section 4.2): one in each, whole.
//
//   OpusPacketizer packetizer({.max_payload_size = 1200});
//   if (packetizer.SetFrame(frame.data) == OpusPacketizeError::kNone) {
//     OpusPacket packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
class OpusPacketizer {
 public:
  using Packet = OpusPacket;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 1 to 65535
  };

  constexpr explicit OpusPacketizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, 1, 65535)) {}

  // `after_silence`: the first packet, or the first after DTX sent none.
  constexpr OpusPacketizeError SetFrame(Bytes frame, bool after_silence = false) {
    frame_ = {};
    if (!OpusPacketView::Parse(frame)) return OpusPacketizeError::kBadPacket;
    if (frame.size() > max_size_) return OpusPacketizeError::kTooLarge;
    frame_ = frame;
    after_silence_ = after_silence;
    return OpusPacketizeError::kNone;
  }
  [[nodiscard]] constexpr bool Next(OpusPacket& out) {
    if (frame_.empty()) return false;
    out = OpusPacket{frame_, after_silence_, frame_.size()};
    frame_ = {};
    return true;
  }

 private:
  std::size_t max_size_;
  Bytes frame_;
  bool after_silence_ = false;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_OPUS_PACKETIZER_H_
