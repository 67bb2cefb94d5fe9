#include "mediacore/mux/webm_reader.h"

#include <cstring>
#include <vector>

#include "../support/input.h"

// Any bytes, cut anywhere: the same frames, counts and tracks, the same error at the same
// place; frames are not more than what went in, and a block lies in its storage or in the bytes.
namespace {
using namespace mediacore;
using namespace mediacore::mux;

struct Told {
  std::uint64_t digest = 0;
  std::uint64_t offset = 0;
  std::uint64_t first_bad_block = 0;
  WebmError error = WebmError::kNone;
  WebmReader::Stats stats;
  bool operator==(const Told& o) const {
    return digest == o.digest && offset == o.offset && first_bad_block == o.first_bad_block && error == o.error &&
           std::memcmp(&stats, &o.stats, sizeof stats) == 0;
  }
};

Told ReadAll(Bytes file, std::size_t piece) {
  std::array<std::uint8_t, 300> tracks;
  std::array<std::uint8_t, 200> block;
  WebmReader reader(tracks, block);
  Told told;
  std::size_t given = 0;
  const auto mix = [&told](std::uint64_t value) { told.digest = told.digest * 1'099'511'628'211 + value + 1; };
  for (std::size_t at = 0; at < file.size(); at += std::min(piece, file.size() - at)) {
    const Bytes some = file.subspan(at, std::min(piece, file.size() - at));
    reader.Read(some, [&](const WebmFrame& frame) {
      FUZZ_CHECK(frame.track != nullptr && reader.has_tracks());
      FUZZ_CHECK(frame.data.size() <= block.size());
      const auto in = [&frame](Bytes bytes) {
        return frame.data.data() >= bytes.data() &&
               frame.data.data() + frame.data.size() <= bytes.data() + bytes.size();
      };
      FUZZ_CHECK(in(some) || in(block));
      FUZZ_CHECK(frame.cluster_offset < frame.offset && frame.offset < file.size());
      given += frame.data.size();
      mix(frame.track->config.id);
      mix(static_cast<std::uint64_t>(frame.timestamp));
      mix(frame.duration);
      mix(frame.key_frame * 4u + frame.invisible * 2u + frame.discardable);
      mix(static_cast<std::uint64_t>(frame.discard_padding_ns));
      mix(frame.offset);
      mix(frame.data.size());
      for (const std::uint8_t byte : frame.data) mix(byte);
    });
  }
  told.error = reader.Finish();
  FUZZ_CHECK(!ToString(told.error).empty());
  FUZZ_CHECK(given <= file.size() && reader.offset() <= file.size());
  for (const WebmTrack& track : reader.tracks()) {
    mix(track.config.id);
    mix(static_cast<std::uint64_t>(track.config.codec));
    mix(track.config.priming);
    for (const std::uint8_t byte : track.codec_private) mix(byte);
  }
  mix(reader.timestamp_scale());
  mix(reader.is_webm());
  told.offset = reader.offset();
  told.first_bad_block = reader.first_bad_block();
  told.stats = reader.stats();
  return told;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes file(data, size);
  const Told whole = ReadAll(file, SIZE_MAX);
  FUZZ_CHECK(ReadAll(file, 1) == whole);
  FUZZ_CHECK(ReadAll(file, 7) == whole);
  FUZZ_CHECK(ReadAll(file, 64) == whole);
  return 0;
}
