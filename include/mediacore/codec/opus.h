#ifndef MEDIACORE_CODEC_OPUS_H_
#define MEDIACORE_CODEC_OPUS_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/expected.h"
#include "mediacore/base/time.h"

namespace mediacore::codec {

// Why bytes are not an Opus packet: RFC 6716, section 3.4, R1 to R7, in the
// order the parser looks.
enum class OpusError : std::uint8_t {
  kEmpty,            // R1: not even the TOC byte
  kFrameTooLarge,    // R2: a frame above 1275 bytes
  kOddSize,          // R3: code 1 with two frames of different size
  kBadFrameSize,     // R4, R7: a frame size past the end
  kBadFrameCount,    // R5, R6, R7: code 3 without its byte, or no frame
  kTooLong,          // R5: more than 120 ms
  kBadPadding,       // R6, R7: more padding than there are bytes
  kUnevenSize,       // R6: the bytes do not divide by the frames
};

constexpr std::string_view ToString(OpusError error) {
  switch (error) {
    case OpusError::kEmpty: return "opus: empty";
    case OpusError::kFrameTooLarge: return "opus: frame too large";
    case OpusError::kOddSize: return "opus: odd size of two equal frames";
    case OpusError::kBadFrameSize: return "opus: frame size past the end";
    case OpusError::kBadFrameCount: return "opus: bad frame count";
    case OpusError::kTooLong: return "opus: longer than 120 ms";
    case OpusError::kBadPadding: return "opus: padding past the end";
    case OpusError::kUnevenSize: return "opus: size does not divide by the frames";
  }
  return "opus: unknown";
}

enum class OpusMode : std::uint8_t { kSilk, kHybrid, kCelt };
enum class OpusBandwidth : std::uint8_t {
  kNarrow, kMedium, kWide, kSuperWide, kFull,  // 4, 6, 8, 12, 20 kHz
};

namespace internal {

// What both framings of a packet have in common: the sizes but the last in front,
// then frames, then padding. Appendix B puts the last size, too, behind the others.
struct OpusLayout {
  std::uint8_t toc = 0;
  std::uint8_t frame_count = 0;
  std::size_t sizes_end = 0;  // behind all sizes but the last
  std::size_t last_size = 0;  // of the last frame, and of all those that have none of their own
  std::size_t end = 0;        // of the packet
};

constexpr std::uint32_t OpusSamplesPerFrame(std::uint8_t toc) {
  const int config = toc >> 3;
  constexpr std::uint32_t kSilk[] = {480, 960, 1920, 2880};
  if (config < 12) return kSilk[config & 3];
  if (config < 16) return (config & 1) != 0 ? 960 : 480;
  return 120u << (config & 3);
}

// One or two bytes (section 3.2.1), 0 to 1275.
constexpr bool TakeOpusSize(ByteReader& reader, std::size_t& size) {
  std::uint8_t first = 0;
  std::uint8_t second = 0;
  if (!reader.ReadU8(first)) return false;
  if (first >= 252 && !reader.ReadU8(second)) return false;
  size = std::size_t{first} + 4 * std::size_t{second};
  return true;
}

template <bool kDelimited>
constexpr Expected<OpusLayout, OpusError> ReadOpusLayout(Bytes packet) {
  constexpr std::size_t kMaxFrameSize = 1275;
  constexpr std::uint32_t kMaxSamples = 5760;  // 120 ms
  if (packet.empty()) return OpusError::kEmpty;
  OpusLayout out{.toc = packet[0], .frame_count = 1};
  ByteReader reader(packet.subspan(1));
  std::size_t told = 0;   // bytes of the frames whose sizes are told
  std::size_t equal = 1;  // the frames of the last size
  std::size_t padding = 0;
  const int code = out.toc & 3;
  if (code == 1) {
    out.frame_count = 2;
    equal = 2;
  } else if (code == 2) {
    out.frame_count = 2;
    if (!TakeOpusSize(reader, told) || told > reader.remaining()) return OpusError::kBadFrameSize;
  } else if (code == 3) {
    //  |v|p|     M     |  v: sizes differ, p: padding, M: frames
    std::uint8_t frames = 0;
    if (!reader.ReadU8(frames)) return OpusError::kBadFrameCount;
    out.frame_count = frames & 0x3f;
    if (out.frame_count == 0) return OpusError::kBadFrameCount;
    if (out.frame_count * OpusSamplesPerFrame(out.toc) > kMaxSamples) return OpusError::kTooLong;
    if ((frames & 0x40) != 0) {
      std::uint8_t byte = 255;
      while (byte == 255) {
        if (!reader.ReadU8(byte)) return OpusError::kBadPadding;
        padding += byte == 255 ? 254 : byte;
      }
      if (padding > reader.remaining()) return OpusError::kBadPadding;
    }
    if ((frames & 0x80) == 0) equal = out.frame_count;
    for (std::size_t i = 1; (frames & 0x80) != 0 && i < out.frame_count; ++i) {
      std::size_t size = 0;
      if (!TakeOpusSize(reader, size)) return OpusError::kBadFrameSize;
      told += size;
    }
    if (told + padding > reader.remaining()) return OpusError::kBadFrameSize;
  }
  out.sizes_end = packet.size() - reader.remaining();
  if constexpr (kDelimited) {
    if (!TakeOpusSize(reader, out.last_size)) return OpusError::kBadFrameSize;
    const std::size_t rest = told + equal * out.last_size + padding;
    if (rest > reader.remaining()) return OpusError::kBadFrameSize;
    out.end = packet.size() - reader.remaining() + rest;
  } else {
    const std::size_t rest = reader.remaining() - told - padding;
    out.last_size = equal == 1 ? rest : rest / equal;
    if (out.last_size * equal != rest) return code == 1 ? OpusError::kOddSize : OpusError::kUnevenSize;
    if (out.last_size > kMaxFrameSize) return OpusError::kFrameTooLarge;
    out.end = packet.size();
  }
  return out;
}

}  // namespace internal

// One Opus packet, seen in place (RFC 6716, section 3.1):
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  | config  |s| c |  c: 0 one frame, 1 two equal, 2 two, 3 any number
//  +-+-+-+-+-+-+-+-+
//
// Durations are in samples at 48 kHz, the RTP clock of Opus (RFC 7587).
class OpusPacketView {
 public:
  static constexpr std::size_t kMaxFrameSize = 1275;
  static constexpr std::uint32_t kMaxSamples = 5760;  // 120 ms

  static constexpr Expected<OpusPacketView, OpusError> Parse(Bytes packet) {
    const auto layout = internal::ReadOpusLayout<false>(packet);
    if (!layout) return layout.error();
    return OpusPacketView(*layout);
  }

  constexpr int config() const { return toc_ >> 3; }
  constexpr OpusMode mode() const {
    return config() < 12   ? OpusMode::kSilk
           : config() < 16 ? OpusMode::kHybrid
                           : OpusMode::kCelt;
  }
  constexpr OpusBandwidth bandwidth() const {
    using enum OpusBandwidth;
    constexpr OpusBandwidth kSilk[] = {kNarrow, kMedium, kWide};
    constexpr OpusBandwidth kCelt[] = {kNarrow, kWide, kSuperWide, kFull};
    if (config() < 12) return kSilk[config() / 4];
    if (config() < 16) return config() < 14 ? kSuperWide : kFull;
    return kCelt[(config() - 16) / 4];
  }
  constexpr int channels() const { return (toc_ & 4) != 0 ? 2 : 1; }
  constexpr int frame_count() const { return frame_count_; }
  constexpr std::uint32_t samples_per_frame() const { return internal::OpusSamplesPerFrame(toc_); }
  constexpr std::uint32_t samples() const {
    return samples_per_frame() * static_cast<std::uint32_t>(frame_count_);
  }
  constexpr TimeDelta duration() const {
    return TimeDelta::Ticks(samples(), 48'000);
  }

 private:
  friend class OpusStreamPacket;
  constexpr explicit OpusPacketView(const internal::OpusLayout& layout)
      : toc_(layout.toc), frame_count_(layout.frame_count) {}

  std::uint8_t toc_;
  std::uint8_t frame_count_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_OPUS_H_
