#include "mediacore/sdp/session_description.h"

#include "../support/input.h"
#include "mediacore/sdp/sdp_writer.h"

// The model of what was parsed can be written, and what was written has the same
// model; it holds what the view shows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::sdp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  SessionView view;
  if (SessionView::Parse(text, {}, view)) return 0;
  const SessionDescription first = ToDescription(view);
  std::string written;
  FUZZ_CHECK(Write(first, written));
  SessionView again;
  FUZZ_CHECK(!SessionView::Parse(written, {.max_bytes = 2 * size + 1024}, again));
  FUZZ_CHECK(ToDescription(again) == first);

  FUZZ_CHECK(first.origin == view.origin() && first.name == view.name() && !first.timings.empty());
  FUZZ_CHECK(first.media.size() == view.media().size());
  auto at = view.media().begin();
  for (const Media& media : first.media) {
    FUZZ_CHECK(media.type == at->type() && media.port == at->port() && media.port_count == at->line().port_count);
    FUZZ_CHECK(media.formats.size() == at->formats().Count());
    std::size_t attributes = 0;
    for (const Attribute attribute : at->attributes()) FUZZ_CHECK(media.attributes[attributes++] == attribute);
    FUZZ_CHECK(attributes == media.attributes.size());
    ++at;
  }
  return 0;
}
