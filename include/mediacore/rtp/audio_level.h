#ifndef MEDIACORE_RTP_AUDIO_LEVEL_H_
#define MEDIACORE_RTP_AUDIO_LEVEL_H_

#include <algorithm>

#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// How loud the audio in the packet is, from a client to a mixer (RFC 6464,
// section 3).
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |V|    level    |
//  +-+-+-+-+-+-+-+-+
//
//   rtp::AudioLevel audio;
//   if (rtp::ReadExtension(*packet, ids, audio)) speakers.Add(packet->ssrc(), audio.level);
struct AudioLevel {
  static constexpr ExtensionKind kKind = ExtensionKind::kAudioLevel;
  static constexpr std::uint8_t kSilence = 127;

  std::uint8_t level = kSilence;  // -dBov: 0 is the loudest that can be, 127 silence
  bool voice_activity = false;    // says something only when signalled with vad=on

  bool operator==(const AudioLevel&) const = default;

  static constexpr Expected<AudioLevel, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 1) return ExtensionError::kWrongSize;
    return AudioLevel{static_cast<std::uint8_t>(value[0] & 0x7f), (value[0] & 0x80) != 0};
  }
  constexpr std::size_t WireSize() const { return level <= kSilence ? 1 : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.empty()) return false;
    out[0] = static_cast<std::uint8_t>((voice_activity ? 0x80 : 0) | level);
    return true;
  }
};

// How loud each contributing source of a mixed packet is, in the order of the
// CSRC list, from a mixer to its clients (RFC 6465, section 3).
//
//   0                   1                   2
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |0|   level 1   |0|   level 2   |0|   level 3   | ...
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   for (int i = 0; i < std::min(levels.count(), packet->csrc_count()); ++i) {
//     Show(packet->csrc(i), levels.level(i));
//   }
//
// Borrows the bytes. The reserved bit before each level is not looked at, and
// written as 0.
struct CsrcAudioLevels {
  static constexpr ExtensionKind kKind = ExtensionKind::kCsrcAudioLevel;
  static constexpr std::size_t kMaxCount = 15;

  Bytes levels;  // 1-15, each as AudioLevel::level

  constexpr int count() const { return static_cast<int>(levels.size()); }
  // `i` is below count().
  constexpr std::uint8_t level(int i) const { return levels[static_cast<std::size_t>(i)] & 0x7f; }
  friend constexpr bool operator==(const CsrcAudioLevels& a, const CsrcAudioLevels& b) {
    return std::ranges::equal(a.levels, b.levels, [](int x, int y) { return (x & 0x7f) == (y & 0x7f); });
  }

  static constexpr Expected<CsrcAudioLevels, ExtensionError> Parse(Bytes value) noexcept {
    if (value.empty() || value.size() > kMaxCount) return ExtensionError::kWrongSize;
    return CsrcAudioLevels{value};
  }
  constexpr std::size_t WireSize() const { return levels.size() <= kMaxCount ? levels.size() : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    std::ranges::transform(levels, out.begin(), [](std::uint8_t l) { return static_cast<std::uint8_t>(l & 0x7f); });
    return true;
  }
};

// Says that the packet is comfort noise of the codec itself, and perhaps how
// loud (webrtc.org, inband-cn).
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |N| noise level |   N: there is a level
//  +-+-+-+-+-+-+-+-+
struct InbandComfortNoise {
  static constexpr ExtensionKind kKind = ExtensionKind::kInbandComfortNoise;

  bool has_level = false;
  std::uint8_t level = 0;  // as AudioLevel::level; 0 without one

  bool operator==(const InbandComfortNoise&) const = default;

  static constexpr Expected<InbandComfortNoise, ExtensionError> Parse(Bytes value) noexcept {
    if (value.size() != 1) return ExtensionError::kWrongSize;
    if ((value[0] & 0x80) == 0) return InbandComfortNoise{};
    return InbandComfortNoise{true, static_cast<std::uint8_t>(value[0] & 0x7f)};
  }
  constexpr std::size_t WireSize() const { return level <= (has_level ? AudioLevel::kSilence : 0) ? 1 : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.empty()) return false;
    out[0] = static_cast<std::uint8_t>((has_level ? 0x80 : 0) | level);
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_AUDIO_LEVEL_H_
