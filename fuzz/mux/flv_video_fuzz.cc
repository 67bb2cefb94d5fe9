#include "mediacore/mux/flv_video.h"

#include "flv_tracks.h"

// Tracks lie in the body and make up its end; a body written again is the same but for
// modifiers, of which one is known, and what follows a command.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const Bytes body(data, size);
  const auto view = FlvVideoView::Parse(body);
  if (!view) {
    FUZZ_CHECK(ToString(view.error()).starts_with("flv body: "));
    return 0;
  }
  FUZZ_CHECK(!ToString(view->packet_type()).empty() && !ToString(view->multitrack()).empty());
  FUZZ_CHECK(!ToString(view->frame_type()).empty());
  FlvVideoWriter writer = {view->frame_type(), view->enhanced(), {}, view->packet_type(), view->nanosecond_offset(),
                           view->multitrack(), view->command()};
  if (!view->enhanced()) writer.codec_id = view->codec_id();
  const bool modified = view->enhanced() && (data[0] & 0xf) == 7;
  if (view->is_command()) {
    const auto out = fuzz::WriteFlvBody<FlvVideoView>(writer);
    FUZZ_CHECK(FlvVideoView::Parse(out)->command() == view->command());
    FUZZ_CHECK(modified || std::equal(out.begin(), out.end(), data));
    return 0;
  }
  FUZZ_CHECK(!view->is_key_frame() || view->frame_type() == FlvFrameType::kKey);
  const auto tracks = fuzz::TracksOf(*view, body);
  // A command that several tracks, of metadata, hide behind a modifier has no other form.
  if (view->frame_type() == FlvFrameType::kCommand && view->multitrack() != FlvMultitrack::kNone) return 0;
  writer.tracks = tracks;
  const auto out = fuzz::WriteFlvBody<FlvVideoView>(writer);
  FUZZ_CHECK(modified || std::ranges::equal(out, body));
  const auto back = FlvVideoView::Parse(out);
  FUZZ_CHECK(back->packet_type() == view->packet_type() && back->multitrack() == view->multitrack());
  FUZZ_CHECK(back->nanosecond_offset() == view->nanosecond_offset() && back->frame_type() == view->frame_type());
  FUZZ_CHECK(fuzz::SameTracks(fuzz::TracksOf(*back, out), tracks));
  return 0;
}
