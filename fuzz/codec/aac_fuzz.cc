#include "mediacore/codec/aac.h"

#include "../support/input.h"

// A configuration that reads says sensible things, and where it can be written
// it reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::codec;
  const auto config = AacConfig::Parse({data, size});
  if (!config) {
    FUZZ_CHECK(!ToString(config.error()).empty());
    return 0;
  }
  FUZZ_CHECK(config->channels > 0 && config->sampling_frequency > 0);
  FUZZ_CHECK(config->output_frequency > 0 && (config->sbr || !config->ps));
  FUZZ_CHECK(config->codec_string().view().starts_with("mp4a.40."));
  std::uint8_t room[AacConfig::kMaxWireSize];
  std::size_t written = 0;
  FUZZ_CHECK(config->Write(room, written) == (config->channel_configuration != 0));
  if (config->channel_configuration == 0) return 0;
  const auto back = AacConfig::Parse(mediacore::Bytes(room, written));
  FUZZ_CHECK(back && *back == *config);
  return 0;
}
