#include "mediacore/mux/flv_audio.h"

#include "flv_tracks.h"

// Tracks lie in the body and make up its end; a body written again is the same but for
// modifiers, of which one is known. Channel configs are what the packet type says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const Bytes body(data, size);
  const auto view = FlvAudioView::Parse(body);
  if (!view) {
    FUZZ_CHECK(ToString(view.error()).starts_with("flv body: "));
    return 0;
  }
  FUZZ_CHECK(!ToString(view->packet_type()).empty() && !ToString(view->multitrack()).empty());
  const auto tracks = fuzz::TracksOf(*view, body);
  FlvAudioWriter writer = {.format = view->format(),
                           .packet_type = view->packet_type(),
                           .nanosecond_offset = view->nanosecond_offset(),
                           .multitrack = view->multitrack(),
                           .tracks = tracks};
  if (!view->enhanced()) {
    while (writer.rate_index > 0 && view->sample_rate() < 44'100u >> (3 - writer.rate_index)) --writer.rate_index;
    writer.sixteen_bits = view->bits_per_sample() == 16;
    writer.stereo = view->channels() == 2;
  }
  const auto out = fuzz::WriteFlvBody<FlvAudioView>(writer);
  const bool modified = view->enhanced() && (data[0] & 0xf) == 7;
  FUZZ_CHECK(modified || std::ranges::equal(out, body));
  const auto back = FlvAudioView::Parse(out);
  FUZZ_CHECK(back->packet_type() == view->packet_type() && back->multitrack() == view->multitrack());
  FUZZ_CHECK(back->nanosecond_offset() == view->nanosecond_offset());
  FUZZ_CHECK(fuzz::SameTracks(fuzz::TracksOf(*back, out), tracks));
  if (view->packet_type() != FlvAudioPacketType::kMultichannelConfig) return 0;
  for (const FlvTrack& track : tracks) {
    FlvChannelConfig config;
    FUZZ_CHECK(FlvChannelConfig::Read(track.data, config));
    std::vector<std::uint8_t> written(config.WireSize());
    FUZZ_CHECK(config.Write(written) && std::equal(written.begin(), written.end(), track.data.begin()));
  }
  return 0;
}
