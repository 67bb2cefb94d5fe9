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

  static constexpr Expected<OpusPacketView, OpusError> Parse(Bytes packet);

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
  constexpr std::uint32_t samples_per_frame() const {
    return SamplesPerFrame(toc_);
  }
  constexpr std::uint32_t samples() const {
    return samples_per_frame() * static_cast<std::uint32_t>(frame_count_);
  }
  constexpr TimeDelta duration() const {
    return TimeDelta::Ticks(samples(), 48'000);
  }

 private:
  constexpr OpusPacketView(std::uint8_t toc, std::uint8_t count)
      : toc_(toc), frame_count_(count) {}

  static constexpr std::uint32_t SamplesPerFrame(std::uint8_t toc) {
    const int config = toc >> 3;
    constexpr std::uint32_t kSilk[] = {480, 960, 1920, 2880};
    if (config < 12) return kSilk[config & 3];
    if (config < 16) return (config & 1) != 0 ? 960 : 480;
    return 120u << (config & 3);
  }
  // One or two bytes (section 3.2.1).
  static constexpr bool TakeSize(ByteReader& reader, std::size_t& size) {
    std::uint8_t first = 0;
    std::uint8_t second = 0;
    if (!reader.ReadU8(first)) return false;
    if (first >= 252 && !reader.ReadU8(second)) return false;
    size = std::size_t{first} + 4 * std::size_t{second};
    return true;
  }

  std::uint8_t toc_;
  std::uint8_t frame_count_;
};

constexpr Expected<OpusPacketView, OpusError> OpusPacketView::Parse(Bytes packet) {
  if (packet.empty()) return OpusError::kEmpty;
  const std::uint8_t toc = packet[0];
  ByteReader reader(packet.subspan(1));
  const int code = toc & 3;
  if (code == 0) {
    if (reader.remaining() > kMaxFrameSize) return OpusError::kFrameTooLarge;
    return OpusPacketView(toc, 1);
  }
  if (code == 1) {
    if (reader.remaining() % 2 != 0) return OpusError::kOddSize;
    if (reader.remaining() / 2 > kMaxFrameSize) return OpusError::kFrameTooLarge;
    return OpusPacketView(toc, 2);
  }
  std::size_t size = 0;
  if (code == 2) {
    if (!TakeSize(reader, size) || size > reader.remaining()) {
      return OpusError::kBadFrameSize;
    }
    if (reader.remaining() - size > kMaxFrameSize) {
      return OpusError::kFrameTooLarge;
    }
    return OpusPacketView(toc, 2);
  }
  //  |v|p|     M     |  v: sizes differ, p: padding, M: frames
  std::uint8_t frames = 0;
  if (!reader.ReadU8(frames)) return OpusError::kBadFrameCount;
  const std::uint32_t count = frames & 0x3f;
  if (count == 0) return OpusError::kBadFrameCount;
  if (count * SamplesPerFrame(toc) > kMaxSamples) return OpusError::kTooLong;
  std::size_t padding = 0;
  if ((frames & 0x40) != 0) {
    std::uint8_t byte = 255;
    while (byte == 255) {
      if (!reader.ReadU8(byte)) return OpusError::kBadPadding;
      padding += byte == 255 ? 254 : byte;
    }
    if (padding > reader.remaining()) return OpusError::kBadPadding;
  }
  if ((frames & 0x80) == 0) {
    const std::size_t bytes = reader.remaining() - padding;
    if (bytes % count != 0) return OpusError::kUnevenSize;
    if (bytes / count > kMaxFrameSize) return OpusError::kFrameTooLarge;
    return OpusPacketView(toc, static_cast<std::uint8_t>(count));
  }
  std::size_t sum = 0;
  for (std::uint32_t i = 1; i < count; ++i) {
    if (!TakeSize(reader, size)) return OpusError::kBadFrameSize;
    sum += size;
  }
  if (sum + padding > reader.remaining()) return OpusError::kBadFrameSize;
  if (reader.remaining() - padding - sum > kMaxFrameSize) {
    return OpusError::kFrameTooLarge;
  }
  return OpusPacketView(toc, static_cast<std::uint8_t>(count));
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_OPUS_H_
