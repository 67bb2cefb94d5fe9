#ifndef MEDIACORE_PLAYLIST_VARIABLES_H_
#define MEDIACORE_PLAYLIST_VARIABLES_H_

#include <span>
#include <string>

#include "mediacore/playlist/media_playlist.h"

namespace mediacore::playlist {

// Replaces the variables ({$name}) in a URI or in the value of an attribute
// (draft-pantos-hls-rfc8216bis, section 4.3) and puts the result into `out`.
//
//   std::string uri;
//   if (!ExpandVariables(segment.uri, playlist.defines, 4096, uri)) …
//
// Values of EXT-X-DEFINE with IMPORT or QUERYPARAM are for the caller to fill
// in. Values are text, not looked into again: what comes out is at most as long
// as one value for each four bytes that went in, and never longer than
// `max_size`. False, and `out` empty, when a variable is not defined or the
// result would be longer.
[[nodiscard]] inline bool ExpandVariables(std::string_view text,
                                          std::span<const Define> defines,
                                          std::size_t max_size,
                                          std::string& out) {
  const auto refuse = [&] {
    out.clear();
    return false;
  };
  out.clear();
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t reference = text.find("{$", at);
    std::string_view piece = text.substr(at, reference - at);
    if (piece.size() > max_size - out.size()) return refuse();
    out.append(piece);
    if (reference == std::string_view::npos) break;
    // Without a name and its '}' the two characters are only themselves.
    std::size_t end = reference + 2;
    while (end < text.size() &&
           ((text[end] >= 'a' && text[end] <= 'z') ||
            (text[end] >= 'A' && text[end] <= 'Z') ||
            (text[end] >= '0' && text[end] <= '9') || text[end] == '-' ||
            text[end] == '_')) {
      ++end;
    }
    if (end == reference + 2 || end == text.size() || text[end] != '}') {
      piece = text.substr(reference, 2);
      at = reference + 2;
    } else {
      const std::string_view name =
          text.substr(reference + 2, end - reference - 2);
      const Define* found = nullptr;
      for (const Define& define : defines) {
        if (define.name == name) found = &define;
      }
      if (found == nullptr) return refuse();
      piece = found->value;
      at = end + 1;
    }
    if (piece.size() > max_size - out.size()) return refuse();
    out.append(piece);
  }
  return true;
}

}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_VARIABLES_H_
