#ifndef MEDIACORE_TESTS_MUX_WEBM_SUPPORT_H_
#define MEDIACORE_TESTS_MUX_WEBM_SUPPORT_H_

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/mux/webm_reader.h"
#include "support.h"

namespace mediacore::mux::testing {

struct KeptFrame {
  std::uint32_t track = 0;
  std::int64_t timestamp = 0;
  std::uint64_t duration = 0;
  bool key_frame = false;
  bool invisible = false;
  bool discardable = false;
  std::int64_t discard_padding_ns = 0;
  std::uint64_t offset = 0;
  std::uint64_t cluster_offset = 0;
  Buffer data;
  bool operator==(const KeptFrame&) const = default;
};
struct KeptTrack {
  WebmTrack about;  // without what it pointed to
  std::string codec_id;
  Buffer codec_private;
};
struct WebmOutcome {
  std::vector<KeptFrame> frames;
  std::vector<KeptTrack> tracks;
  WebmReader::Stats stats;
  WebmError error = WebmError::kNone;
  std::uint64_t offset = 0;
  std::uint64_t first_bad_block = 0;
  double duration = 0;
  bool is_webm = false;
  bool operator==(const WebmOutcome& o) const {
    return frames == o.frames && tracks.size() == o.tracks.size() && error == o.error && offset == o.offset &&
           first_bad_block == o.first_bad_block && duration == o.duration && is_webm == o.is_webm &&
           std::memcmp(&stats, &o.stats, sizeof stats) == 0;
  }
};
// Fed `piece` bytes at a time.
inline WebmOutcome ReadWebm(Bytes file, std::size_t piece = SIZE_MAX, std::size_t tracks = 100'000,
                            std::size_t block = 2'000'000) {
  Buffer tracks_storage(tracks), block_storage(block);
  WebmReader reader(tracks_storage, block_storage);
  WebmOutcome outcome;
  for (Bytes rest = file; !rest.empty();) {
    const Bytes some = rest.first(std::min(piece, rest.size()));
    reader.Read(some, [&](const WebmFrame& f) {
      outcome.frames.push_back({f.track->config.id, f.timestamp, f.duration, f.key_frame, f.invisible, f.discardable,
                                f.discard_padding_ns, f.offset, f.cluster_offset,
                                Buffer(f.data.begin(), f.data.end())});
    });
    rest = rest.subspan(some.size());
  }
  outcome.error = reader.Finish();
  outcome.offset = reader.offset();
  outcome.stats = reader.stats();
  outcome.first_bad_block = reader.first_bad_block();
  outcome.duration = reader.duration();
  outcome.is_webm = reader.is_webm();
  for (const WebmTrack& track : reader.tracks()) {
    KeptTrack kept{track, std::string(track.codec_id.begin(), track.codec_id.end()),
                   Buffer(track.codec_private.begin(), track.codec_private.end())};
    kept.about.codec_id = kept.about.codec_private = kept.about.name = kept.about.config.codec_config = {};
    outcome.tracks.push_back(std::move(kept));
  }
  return outcome;
}
// The same however it is cut.
inline WebmOutcome ReadWebmAnySplit(Bytes file, std::size_t tracks = 5000, std::size_t block = 5000) {
  const WebmOutcome whole = ReadWebm(file, SIZE_MAX, tracks, block);
  for (std::size_t piece = 1; piece < std::min<std::size_t>(file.size(), 300); ++piece) {
    EXPECT_TRUE(ReadWebm(file, piece, tracks, block) == whole) << "in pieces of " << piece;
  }
  return whole;
}

// Elements for files made by hand.
inline Buffer operator+(Buffer a, const Buffer& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline Buffer Element(std::uint32_t id, const Buffer& body) {
  Buffer out(body.size() + kEbmlMaxHeadSize);
  EbmlWriter writer(out);
  writer.Binary(id, body);
  out.resize(writer.size());
  return out;
}
inline Buffer Number(std::uint32_t id, std::uint64_t value) {
  Buffer out(kEbmlMaxHeadSize + 8);
  EbmlWriter writer(out);
  writer.Unsigned(id, value);
  out.resize(writer.size());
  return out;
}
inline Buffer Text(std::uint32_t id, const std::string& text) { return Element(id, Buffer(text.begin(), text.end())); }
inline Buffer Unknown(std::uint32_t id, const Buffer& body) {
  Buffer out(kEbmlMaxHeadSize);
  EbmlWriter writer(out);
  writer.BeginUnknown(id);
  out.resize(writer.size());
  return out + body;
}

}  // namespace mediacore::mux::testing

#endif  // MEDIACORE_TESTS_MUX_WEBM_SUPPORT_H_
