#include "mediacore/playlist/playlist_parser.h"

#include "../support/input.h"
#include "mediacore/playlist/playlist_writer.h"
#include "mediacore/playlist/variables.h"

namespace {

using namespace mediacore::playlist;

// What was parsed can be written, what was written is the same playlist, and
// writing it again gives the same bytes, into a string or a span. A refusal
// points into the text.
template <typename Playlist>
void Check(std::string_view text, bool keep_unknown_tags) {
  const ParseOptions options{.keep_unknown_tags = keep_unknown_tags};
  Playlist first;
  if (const auto refused = Parse(text, options, first)) {
    FUZZ_CHECK(refused->offset <= text.size() && refused->line >= 1);
    FUZZ_CHECK(!ToString(refused->cause).empty());
    return;
  }
  std::string written = "before";
  FUZZ_CHECK(Write(first, written));
  FUZZ_CHECK(written.starts_with("before"));
  written.erase(0, 6);
  Playlist second;
  FUZZ_CHECK(!Parse(written, options, second));
  FUZZ_CHECK(first == second);
  std::string again(written.size(), ' ');
  std::size_t size = 0;
  FUZZ_CHECK(Write(second, std::span(again), size));
  FUZZ_CHECK(size == written.size() && again == written);
  FUZZ_CHECK(!Write(second, std::span(again).first(size - 1), size));

  // Without a version the writer finds one, and nothing else changes.
  second.version = 0;
  std::string versioned;
  FUZZ_CHECK(Write(second, versioned));
  Playlist third;
  FUZZ_CHECK(!Parse(versioned, options, third));
  FUZZ_CHECK(third.version == NeededVersion(second));
  third.version = 0;
  FUZZ_CHECK(third == second);

  // Variables never make more text than was allowed.
  std::string expanded;
  if (ExpandVariables(text, first.defines, 1000, expanded)) {
    FUZZ_CHECK(expanded.size() <= 1000);
  } else {
    FUZZ_CHECK(expanded.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool keep : {false, true}) {
    Check<MediaPlaylist>(text, keep);
    Check<MultivariantPlaylist>(text, keep);
  }
  return 0;
}
