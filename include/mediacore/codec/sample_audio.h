#ifndef MEDIACORE_CODEC_SAMPLE_AUDIO_H_
#define MEDIACORE_CODEC_SAMPLE_AUDIO_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/bytes.h"
#include "mediacore/base/codec.h"
#include "mediacore/base/expected.h"
#include "mediacore/base/time.h"

namespace mediacore::codec {

// What is wrong with one packet of G.711 or G.722, in the order looked.
enum class SampleAudioError : std::uint8_t {
  kNone,
  kPartialSample,  // the bytes do not divide by the channels
  kTooLarge,       // more than the caller's storage holds
};
inline constexpr std::size_t kSampleAudioErrors = 3;

constexpr std::string_view ToString(SampleAudioError error) {
  switch (error) {
    case SampleAudioError::kNone: return "sample audio: fine";
    case SampleAudioError::kPartialSample: return "sample audio: samples of some channels are missing";
    case SampleAudioError::kTooLarge: return "sample audio: too large";
  }
  return "sample audio: unknown";
}

// Encodings that turn samples into bytes one by one: PCMU and PCMA (G.711) and
// G722 (RFC 3551, sections 4.3, 4.5.2 and 4.5.14). All three have an RTP clock of
// 8000 Hz and a byte of each channel for each tick of it, channels in turn. G.722
// has 16,000 samples a second, two in a byte; its clock of 8000 Hz is an old
// mistake that became the rule.
struct SampleAudioFormat {
  using Error = SampleAudioError;
  static constexpr std::size_t kErrors = kSampleAudioErrors;
  static constexpr std::uint32_t kClockRate = 8000;

  Codec encoding = Codec::kPcmu;  // or kPcma, kG722
  std::uint8_t channels = 1;      // 0 is taken as 1

  constexpr Codec codec() const { return encoding; }
  constexpr std::size_t bytes_per_tick() const { return std::max<std::size_t>(channels, 1); }
  constexpr std::uint32_t sample_rate() const { return encoding == Codec::kG722 ? 16'000 : 8000; }
  constexpr Error Check(Bytes payload) const {
    return payload.size() % bytes_per_tick() == 0 ? Error::kNone : Error::kPartialSample;
  }
};

// What one payload holds.
class SampleAudioView {
 public:
  static constexpr Expected<SampleAudioView, SampleAudioError> Parse(Bytes payload, const SampleAudioFormat& format) {
    if (format.Check(payload) != SampleAudioError::kNone) return SampleAudioError::kPartialSample;
    return SampleAudioView(payload, format);
  }

  // Of the RTP clock: how far the timestamp moves to the next payload.
  constexpr std::size_t ticks() const { return bytes_.size() / format_.bytes_per_tick(); }
  // Of each channel.
  constexpr std::size_t samples() const { return ticks() * (format_.sample_rate() / SampleAudioFormat::kClockRate); }
  constexpr TimeDelta duration() const {
    return TimeDelta::Ticks(static_cast<std::int64_t>(ticks()), SampleAudioFormat::kClockRate);
  }
  constexpr Bytes bytes() const { return bytes_; }

 private:
  constexpr SampleAudioView(Bytes bytes, const SampleAudioFormat& format) : bytes_(bytes), format_(format) {}
  Bytes bytes_;
  SampleAudioFormat format_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_SAMPLE_AUDIO_H_
