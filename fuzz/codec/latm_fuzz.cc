#include "mediacore/codec/latm.h"

#include <vector>

#include "../support/input.h"

// A configuration that reads ends within its bytes and needs each of them, keeps an
// AudioSpecificConfig that says the same, and, written, reads back as it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes bytes(data, size);
  BitReader bits(bytes);
  const auto config = StreamMuxConfig::TakeFrom(bits);
  if (!config) {
    FUZZ_CHECK(ToString(config.error()) != ToString(LatmConfigError{99}));
    return 0;
  }
  FUZZ_CHECK(bits.ok() && bits.position() <= 8 * size);
  const std::size_t used = (bits.position() + 7) / 8;
  const auto cut = StreamMuxConfig::Parse(bytes.first(used - 1));
  FUZZ_CHECK(!cut && cut.error() == LatmConfigError::kTruncated);
  const auto audio = AacConfig::Parse(config->audio_specific_config());
  FUZZ_CHECK(audio && *audio == config->audio);
  FUZZ_CHECK(config->frame_count >= 1 && config->frame_count <= 64);

  std::vector<std::uint8_t> wire(StreamMuxConfig::kMaxWireSize);
  std::size_t written = 0;
  if (!config->Write(wire, written)) {
    FUZZ_CHECK(config->audio.channel_configuration == 0);
    return 0;
  }
  const auto again = StreamMuxConfig::Parse(Bytes(wire).first(written));
  FUZZ_CHECK(again && again->audio == config->audio && again->frame_count == config->frame_count);
  FUZZ_CHECK(again->frame_length == config->frame_length && again->other_data_bits == config->other_data_bits);
  return 0;
}
