#include "mediacore/rtp/audio_level.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back; levels stay within 7 bits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  const Bytes value(data, size);
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::AudioLevel>(value));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::CsrcAudioLevels>(value, [](Bytes, std::size_t) { return 0x80; }));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::InbandComfortNoise>(
      value, [](Bytes v, std::size_t) { return (v[0] & 0x80) == 0 ? 0x7f : 0; }));

  const auto audio = rtp::AudioLevel::Parse(value);
  const auto noise = rtp::InbandComfortNoise::Parse(value);
  FUZZ_CHECK(audio.has_value() == (size == 1) && noise.has_value() == (size == 1));
  if (audio) FUZZ_CHECK(audio->level == (data[0] & 0x7f) && (!noise->has_level || noise->level == audio->level));
  const auto levels = rtp::CsrcAudioLevels::Parse(value);
  FUZZ_CHECK(levels.has_value() == (size >= 1 && size <= 15));
  if (!levels) return 0;
  FUZZ_CHECK(levels->count() == static_cast<int>(size));
  for (int i = 0; i < levels->count(); ++i) FUZZ_CHECK(levels->level(i) <= rtp::AudioLevel::kSilence);
  return 0;
}
