#include "mediacore/mux/fmp4_init_view.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"
#include "mediacore/mux/fmp4_init_writer.h"

// Whatever is read, if it can be written, is written in the size announced and
// reads the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::mux;
  const auto init = InitView::Parse({data, size});
  if (!init) {
    FUZZ_CHECK(!ToString(init.error()).empty());
    return 0;
  }
  FUZZ_CHECK(init->size() <= size);
  FUZZ_CHECK(!init->tracks().empty() && init->tracks().size() <= InitView::kMaxTracks);
  for (const TrackConfig& track : init->tracks()) {
    FUZZ_CHECK(track.id != 0 && track.timescale != 0);
    const mediacore::Bytes config = track.codec_config;
    FUZZ_CHECK(config.empty() ||
               (config.data() > data && config.data() + config.size() <= data + size));
    const InitWriter writer(std::span(&track, 1));
    if (writer.WireSize() == 0) continue;
    std::vector<std::uint8_t> bytes(writer.WireSize());
    FUZZ_CHECK(writer.Write(bytes) == bytes.size());
    const auto again = InitView::Parse(bytes);
    FUZZ_CHECK(again && again->size() == bytes.size() && again->tracks().size() == 1);
    const TrackConfig& back = again->tracks()[0];
    FUZZ_CHECK(back.codec == track.codec && back.id == track.id);
    FUZZ_CHECK(back.timescale == track.timescale && back.priming == track.priming);
    FUZZ_CHECK(std::ranges::equal(back.codec_config, config));
    FUZZ_CHECK(back.width == track.width && back.height == track.height);
    FUZZ_CHECK(back.channels == track.channels && back.sample_rate == track.sample_rate);
  }
  return 0;
}
