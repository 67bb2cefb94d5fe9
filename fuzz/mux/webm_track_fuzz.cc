#include "mediacore/mux/webm_track.h"

#include "../support/input.h"

// Any bytes: what a track points to lies in them, what it says keeps to its ranges, and
// the name of its codec is found.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const auto track = WebmTrack::Parse(Bytes(data, size));
  if (!track) {
    FUZZ_CHECK(!ToString(track.error()).empty());
    return 0;
  }
  const auto inside = [&](Bytes bytes) {
    return bytes.empty() || (bytes.data() >= data && bytes.data() + bytes.size() <= data + size);
  };
  FUZZ_CHECK(inside(track->codec_id) && inside(track->codec_private) && inside(track->name));
  FUZZ_CHECK(inside(track->config.codec_config));
  FUZZ_CHECK(track->config.id > 0 && track->config.timescale == 1000);
  FUZZ_CHECK((track->config.pixel_width == 0) == (track->config.pixel_height == 0));
  const WebmCodec* const codec = FindWebmCodec(track->codec_id);
  FUZZ_CHECK(track->config.codec == (codec == nullptr ? Codec::kUnknown : codec->codec));
  FUZZ_CHECK(track->config.codec == Codec::kUnknown || FindWebmCodec(track->config.codec)->codec == codec->codec);
  FUZZ_CHECK(track->config.codec_config.empty() || codec->private_is_config);
  return 0;
}
