#ifndef MEDIACORE_PLAYLIST_MEDIA_PLAYLIST_H_
#define MEDIACORE_PLAYLIST_MEDIA_PLAYLIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mediacore/base/time.h"
#include "mediacore/playlist/date_time.h"

// The model of an HLS media playlist (draft-pantos-hls-rfc8216bis, section
// 4.4): plain structs that the parser fills and the writer prints.
//
//   MediaPlaylist playlist;
//   playlist.target_duration = TimeDelta::Seconds(4);
//   playlist.media_sequence = 17;
//   Segment& segment = playlist.segments.emplace_back();
//   segment.uri = "seg17.m4s";
//   segment.duration = TimeDelta::Micros(3'999'996);
//   std::string text;
//   if (!Write(playlist, text)) …   // playlist_writer.h
//
// Text belongs to somebody else (the parsed text, the caller's strings) and
// stands as it stands in the playlist: variables ({$name}) are not replaced,
// that is what ExpandVariables() is for. An empty text means that the attribute
// is absent, an empty optional that the tag or attribute is.
namespace mediacore::playlist {

// A piece of a resource (section 4.4.4.2). Without an offset it begins where
// the piece before it in the same resource ended.
struct ByteRange {
  std::uint64_t length = 0;
  std::optional<std::uint64_t> offset;
  bool operator==(const ByteRange&) const = default;
};

enum class KeyMethod : std::uint8_t { kNone, kAes128, kSampleAes, kSampleAesCtr };

// EXT-X-KEY and EXT-X-SESSION-KEY (sections 4.4.4.4 and 4.4.6.5).
struct Key {
  KeyMethod method = KeyMethod::kNone;
  std::string_view uri;
  std::string_view iv;  // hexadecimal with its 0x
  std::string_view key_format;
  std::string_view key_format_versions;
  bool operator==(const Key&) const = default;
};

// EXT-X-MAP (section 4.4.4.5): the initialization section.
struct Map {
  std::string_view uri;
  std::optional<ByteRange> byte_range;
  bool operator==(const Map&) const = default;
};

// EXT-X-PART (section 4.4.4.9).
struct Part {
  std::string_view uri;
  TimeDelta duration = TimeDelta::Zero();
  bool independent = false;
  std::optional<ByteRange> byte_range;
  bool gap = false;
  bool operator==(const Part&) const = default;
};

// EXT-X-DATERANGE (section 4.4.5.1).
struct DateRange {
  // X-… attributes: the value with its quotes, if it has any.
  struct ClientAttribute {
    std::string_view name;
    std::string_view value;
    bool operator==(const ClientAttribute&) const = default;
  };

  std::string_view id;
  std::string_view range_class;  // CLASS
  std::optional<DateTime> start_date;
  std::string_view cue;  // comma-separated PRE, POST, ONCE
  std::optional<DateTime> end_date;
  std::optional<TimeDelta> duration;
  std::optional<TimeDelta> planned_duration;
  std::string_view scte35_cmd, scte35_out, scte35_in;  // hexadecimal with 0x
  bool end_on_next = false;
  std::vector<ClientAttribute> client_attributes;
  bool operator==(const DateRange&) const = default;
};

// One media segment with the tags that stand before it. EXT-X-KEY, EXT-X-MAP
// and EXT-X-BITRATE stay in force until the next of their kind: they are here
// where they are written, not on each segment they are valid for.
struct Segment {
  std::string_view uri;
  TimeDelta duration = TimeDelta::Zero();  // EXTINF
  std::string_view title;
  std::optional<ByteRange> byte_range;
  bool discontinuity = false;
  bool gap = false;
  std::vector<Key> keys;  // several: the same key in several formats
  std::optional<Map> map;
  std::optional<DateTime> program_date_time;
  std::optional<std::uint64_t> bitrate_kbps;  // EXT-X-BITRATE
  std::vector<DateRange> date_ranges;
  std::vector<Part> parts;
  bool operator==(const Segment&) const = default;
};

// EXT-X-SERVER-CONTROL (section 4.4.3.8).
struct ServerControl {
  std::optional<TimeDelta> can_skip_until;
  bool can_skip_dateranges = false;
  std::optional<TimeDelta> hold_back;
  std::optional<TimeDelta> part_hold_back;
  bool can_block_reload = false;
  bool operator==(const ServerControl&) const = default;
};

// EXT-X-SKIP (section 4.4.5.2): this is a delta update.
struct Skip {
  std::uint64_t skipped_segments = 0;
  std::string_view recently_removed_dateranges;  // IDs between tabs
  bool operator==(const Skip&) const = default;
};

// EXT-X-PRELOAD-HINT (section 4.4.5.3).
struct PreloadHint {
  enum class Type : std::uint8_t { kPart, kMap };
  Type type = Type::kPart;
  std::string_view uri;
  std::optional<std::uint64_t> byterange_start;
  std::optional<std::uint64_t> byterange_length;
  bool operator==(const PreloadHint&) const = default;
};

// EXT-X-RENDITION-REPORT (section 4.4.5.4).
struct RenditionReport {
  std::string_view uri;
  std::optional<std::uint64_t> last_msn;
  std::optional<std::uint64_t> last_part;
  bool operator==(const RenditionReport&) const = default;
};

// EXT-X-START (section 4.4.2.2); a negative offset counts from the end.
struct Start {
  TimeDelta time_offset = TimeDelta::Zero();
  bool precise = false;
  bool operator==(const Start&) const = default;
};

// EXT-X-DEFINE (section 4.4.2.3).
struct Define {
  enum class Kind : std::uint8_t { kName, kImport, kQueryParam };
  Kind kind = Kind::kName;
  std::string_view name;
  std::string_view value;  // kName only
  bool operator==(const Define&) const = default;
};

// A line that begins with #EXT and that this library does not know. It stands
// before segment number `place` (in a multivariant playlist: before variant
// number `place`), counted from 0.
struct UnknownTag {
  std::size_t place = 0;
  std::string_view line;
  bool operator==(const UnknownTag&) const = default;
};

enum class PlaylistType : std::uint8_t { kLive, kEvent, kVod };

struct MediaPlaylist {
  // EXT-X-VERSION. 0: the writer finds the version that the rest needs. The
  // parser gives 1 where the tag is absent.
  std::uint64_t version = 0;
  TimeDelta target_duration = TimeDelta::Zero();  // whole seconds
  std::uint64_t media_sequence = 0;
  std::uint64_t discontinuity_sequence = 0;
  PlaylistType type = PlaylistType::kLive;  // kLive: no EXT-X-PLAYLIST-TYPE
  bool independent_segments = false;
  bool i_frames_only = false;
  bool end_list = false;
  std::optional<Start> start;
  ServerControl server_control;  // with nothing in it: no such tag
  std::optional<TimeDelta> part_target;  // EXT-X-PART-INF
  std::optional<Skip> skip;
  std::vector<Define> defines;
  std::vector<Segment> segments;
  // The segment that still grows: its parts and tags; no URI, duration, title
  // or byte range yet. Also what stands after the last segment (date ranges).
  Segment growing;
  std::vector<PreloadHint> preload_hints;
  std::vector<RenditionReport> rendition_reports;
  std::vector<UnknownTag> unknown_tags;  // in order of their places
  bool operator==(const MediaPlaylist&) const = default;
};

}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_MEDIA_PLAYLIST_H_
