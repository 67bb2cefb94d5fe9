#ifndef MEDIACORE_PLAYLIST_PLAYLIST_WRITER_H_
#define MEDIACORE_PLAYLIST_PLAYLIST_WRITER_H_

#include <algorithm>
#include <span>
#include <string>

#include "mediacore/playlist/tag_printer.h"

// Playlists as text (draft-pantos-hls-rfc8216bis, section 4).
//
//   std::string text;
//   if (!Write(playlist, text)) …
//
// The order of tags is fixed, times have six decimals, lines end with LF: equal
// models give equal bytes on every machine. Write() says false, and leaves
// `text` as it was, when a field cannot stand where it would be printed: a quote
// or a line break in a string, a URI that is empty or begins with '#', text that
// is not UTF-8, a time that is negative or infinite, a date outside the years 0
// to 9999, an unknown tag out of order or that is not unknown. So what goes into
// a model never turns into tags of its own.
namespace mediacore::playlist {

// The EXT-X-VERSION that what the playlist holds needs (section 8).
inline std::uint64_t NeededVersion(const MediaPlaylist& playlist);
inline std::uint64_t NeededVersion(const MultivariantPlaylist& playlist);

// Appends the playlist to `out`.
[[nodiscard]] inline bool Write(const MediaPlaylist& playlist,
                                std::string& out);
[[nodiscard]] inline bool Write(const MultivariantPlaylist& playlist,
                                std::string& out);

// Writes it to the front of `out` and says how long it is; no heap. False also
// when it does not fit.
[[nodiscard]] inline bool Write(const MediaPlaylist& playlist,
                                std::span<char> out, std::size_t& size);
[[nodiscard]] inline bool Write(const MultivariantPlaylist& playlist,
                                std::span<char> out, std::size_t& size);

namespace internal {

inline std::uint64_t NeededVersion(const std::vector<Key>& keys) {
  std::uint64_t version = 1;
  for (const Key& key : keys) {
    if (!key.iv.empty()) version = std::max<std::uint64_t>(version, 2);
    if (!key.key_format.empty() || !key.key_format_versions.empty() ||
        key.method == KeyMethod::kSampleAes ||
        key.method == KeyMethod::kSampleAesCtr) {
      version = 5;
    }
  }
  return version;
}
inline std::uint64_t NeededVersion(const std::vector<Define>& defines) {
  std::uint64_t version = 1;
  for (const Define& define : defines) {
    version = std::max<std::uint64_t>(
        version, define.kind == Define::Kind::kQueryParam ? 11 : 8);
  }
  return version;
}

template <typename Sink>
void PrintHead(TagPrinter<Sink>& print, std::uint64_t version,
               const std::vector<Define>& defines) {
  print.Line(Tag::kExtM3u);
  if (version != 1) print.IntegerLine(Tag::kVersion, version);
  if (defines.size() > kMaxDefines) print.Refuse();
  for (const Define& define : defines) {
    print.Open(Tag::kDefine);
    switch (define.kind) {
      case Define::Kind::kName:
        print.Quoted("NAME", define.name);
        print.Quoted("VALUE", define.value);
        break;
      case Define::Kind::kImport: print.Quoted("IMPORT", define.name); break;
      case Define::Kind::kQueryParam:
        print.Quoted("QUERYPARAM", define.name);
        break;
    }
    print.Close();
  }
}

// Prints the unknown tags that stand before `place`, and moves `next` on.
template <typename Sink>
void PrintUnknown(TagPrinter<Sink>& print, const std::vector<UnknownTag>& tags,
                  std::size_t place, std::size_t& next) {
  for (; next < tags.size() && tags[next].place == place; ++next) {
    std::string_view line = tags[next].line;
    print.Text(line);
    if (!line.starts_with("#EXT") ||
        FindTag(TakeUntil(line, ':')) != Tag::kUnknown) {
      print.Refuse();
    }
  }
}

template <typename Sink>
void PrintSegmentTags(TagPrinter<Sink>& print, const Segment& segment) {
  if (segment.discontinuity) print.Line(Tag::kDiscontinuity);
  for (const Key& key : segment.keys) print.ListLine(Tag::kKey, key);
  if (segment.map) print.ListLine(Tag::kMap, *segment.map);
  if (segment.program_date_time) {
    print.Open(Tag::kProgramDateTime);
    print.Date(*segment.program_date_time);
    print.Close();
  }
  if (segment.bitrate_kbps) {
    print.IntegerLine(Tag::kBitrate, *segment.bitrate_kbps);
  }
  if (segment.gap) print.Line(Tag::kGap);
  for (const DateRange& range : segment.date_ranges) {
    print.ListLine(Tag::kDateRange, range);
  }
  for (const Part& part : segment.parts) print.ListLine(Tag::kPart, part);
}

template <typename Sink>
bool Print(const MediaPlaylist& playlist, Sink& sink) {
  TagPrinter print(sink);
  const std::uint64_t version =
      playlist.version != 0 ? playlist.version : NeededVersion(playlist);
  PrintHead(print, version, playlist.defines);
  const std::int64_t target_us = playlist.target_duration.us();
  if (target_us < 0 || target_us == kInt64Max) print.Refuse();
  print.IntegerLine(Tag::kTargetDuration,
                    static_cast<std::uint64_t>(target_us / 1'000'000 +
                                               (target_us % 1'000'000 != 0)));
  if (playlist.type != PlaylistType::kLive) {
    print.Open(Tag::kPlaylistType);
    print.Text(playlist.type == PlaylistType::kVod ? "VOD" : "EVENT");
  }
  if (playlist.independent_segments) print.Line(Tag::kIndependentSegments);
  if (playlist.i_frames_only) print.Line(Tag::kIFramesOnly);
  if (playlist.start) print.ListLine(Tag::kStart, *playlist.start);
  if (playlist.server_control != ServerControl()) {
    print.ListLine(Tag::kServerControl, playlist.server_control);
  }
  if (playlist.part_target) {
    print.Open(Tag::kPartInf);
    print.Seconds("PART-TARGET", playlist.part_target);
    print.Close();
  }
  print.IntegerLine(Tag::kMediaSequence, playlist.media_sequence);
  const bool discontinuities = std::any_of(
      playlist.segments.begin(), playlist.segments.end(),
      [](const Segment& segment) { return segment.discontinuity; });
  if (playlist.discontinuity_sequence != 0 || discontinuities) {
    print.IntegerLine(Tag::kDiscontinuitySequence,
                      playlist.discontinuity_sequence);
  }
  if (playlist.skip) print.ListLine(Tag::kSkip, *playlist.skip);

  std::size_t unknown = 0;
  for (std::size_t i = 0; i < playlist.segments.size(); ++i) {
    const Segment& segment = playlist.segments[i];
    PrintUnknown(print, playlist.unknown_tags, i, unknown);
    PrintSegmentTags(print, segment);
    print.Open(Tag::kExtInf);
    // Before version 3 durations are whole numbers.
    if (version < 3 && segment.duration.us() % 1'000'000 == 0 &&
        segment.duration >= TimeDelta::Zero()) {
      print.Number(static_cast<std::uint64_t>(segment.duration.us() / 1'000'000));
    } else {
      print.Fixed(segment.duration.us(), 6);
    }
    sink.Append(",");
    print.Text(segment.title);
    if (segment.byte_range) {
      print.Open(Tag::kByteRange);
      print.Range(*segment.byte_range);
      print.Close();
    }
    print.UriLine(segment.uri);
  }
  const Segment& growing = playlist.growing;
  if (!growing.uri.empty() || growing.duration != TimeDelta::Zero() ||
      !growing.title.empty() || growing.byte_range) {
    print.Refuse();
  }
  PrintUnknown(print, playlist.unknown_tags, playlist.segments.size(), unknown);
  if (unknown != playlist.unknown_tags.size()) print.Refuse();
  PrintSegmentTags(print, growing);
  for (const PreloadHint& hint : playlist.preload_hints) {
    print.ListLine(Tag::kPreloadHint, hint);
  }
  for (const RenditionReport& report : playlist.rendition_reports) {
    print.ListLine(Tag::kRenditionReport, report);
  }
  if (playlist.end_list) print.Line(Tag::kEndList);
  return print.ok();
}

template <typename Sink>
bool Print(const MultivariantPlaylist& playlist, Sink& sink) {
  TagPrinter print(sink);
  PrintHead(print,
            playlist.version != 0 ? playlist.version : NeededVersion(playlist),
            playlist.defines);
  if (playlist.independent_segments) print.Line(Tag::kIndependentSegments);
  if (playlist.start) print.ListLine(Tag::kStart, *playlist.start);
  if (playlist.content_steering) {
    print.ListLine(Tag::kContentSteering, *playlist.content_steering);
  }
  for (const SessionData& data : playlist.session_data) {
    print.Open(Tag::kSessionData);
    print.Quoted("DATA-ID", data.data_id);
    if (data.uri.empty()) {
      print.Quoted("VALUE", data.value);
    } else {
      if (!data.value.empty()) print.Refuse();
      print.Quoted("URI", data.uri);
    }
    if (data.raw) print.OptionalToken("FORMAT", "RAW");
    print.OptionalQuoted("LANGUAGE", data.language);
    print.Close();
  }
  for (const Key& key : playlist.session_keys) {
    print.ListLine(Tag::kSessionKey, key);
  }
  for (const Rendition& rendition : playlist.renditions) {
    print.ListLine(Tag::kMedia, rendition);
  }
  std::size_t unknown = 0;
  for (std::size_t i = 0; i < playlist.variants.size(); ++i) {
    PrintUnknown(print, playlist.unknown_tags, i, unknown);
    print.Open(Tag::kStreamInf);
    DescribeVariant(print, playlist.variants[i], false);
    print.Close();
    print.UriLine(playlist.variants[i].uri);
  }
  PrintUnknown(print, playlist.unknown_tags, playlist.variants.size(), unknown);
  if (unknown != playlist.unknown_tags.size()) print.Refuse();
  for (const Variant& variant : playlist.i_frame_variants) {
    print.Open(Tag::kIFrameStreamInf);
    DescribeVariant(print, variant, true);
    print.Close();
  }
  return print.ok();
}

template <typename Playlist>
bool WriteTo(const Playlist& playlist, std::string& out) {
  const std::size_t before = out.size();
  StringSink sink(out);
  const bool good = Print(playlist, sink);
  const std::string_view text = std::string_view(out).substr(before);
  if (good && FindBadText(text) == text.size()) return true;
  out.resize(before);
  return false;
}
template <typename Playlist>
bool WriteTo(const Playlist& playlist, std::span<char> out, std::size_t& size) {
  SpanSink sink(out);
  if (!Print(playlist, sink)) return false;
  const std::string_view text(out.data(), sink.size());
  if (FindBadText(text) != text.size()) return false;
  size = sink.size();
  return true;
}

}  // namespace internal

inline std::uint64_t NeededVersion(const MediaPlaylist& playlist) {
  std::uint64_t version = internal::NeededVersion(playlist.defines);
  const auto raise = [&](std::uint64_t to) { version = std::max(version, to); };
  const auto look = [&](const Segment& segment) {
    raise(internal::NeededVersion(segment.keys));
    if (segment.byte_range) raise(4);
    if (segment.map) raise(playlist.i_frames_only ? 5 : 6);
  };
  if (!playlist.segments.empty()) raise(3);  // decimals in EXTINF
  if (playlist.i_frames_only) raise(4);
  if (playlist.skip) {
    raise(playlist.skip->recently_removed_dateranges.empty() ? 9 : 10);
  }
  for (const Segment& segment : playlist.segments) look(segment);
  look(playlist.growing);
  return version;
}
inline std::uint64_t NeededVersion(const MultivariantPlaylist& playlist) {
  std::uint64_t version =
      std::max(internal::NeededVersion(playlist.defines),
               internal::NeededVersion(playlist.session_keys));
  const auto raise = [&](std::uint64_t to) { version = std::max(version, to); };
  for (const Rendition& rendition : playlist.renditions) {
    if (rendition.instream_id.starts_with("SERVICE")) raise(7);
  }
  for (const auto* variants : {&playlist.variants, &playlist.i_frame_variants}) {
    for (const Variant& variant : *variants) {
      if (!variant.req_video_layout.empty()) raise(12);
    }
  }
  return version;
}

inline bool Write(const MediaPlaylist& playlist, std::string& out) {
  return internal::WriteTo(playlist, out);
}
inline bool Write(const MultivariantPlaylist& playlist, std::string& out) {
  return internal::WriteTo(playlist, out);
}
inline bool Write(const MediaPlaylist& playlist, std::span<char> out,
                  std::size_t& size) {
  return internal::WriteTo(playlist, out, size);
}
inline bool Write(const MultivariantPlaylist& playlist, std::span<char> out,
                  std::size_t& size) {
  return internal::WriteTo(playlist, out, size);
}

}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_PLAYLIST_WRITER_H_
