#ifndef MEDIACORE_PLAYLIST_TAGS_H_
#define MEDIACORE_PLAYLIST_TAGS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mediacore/playlist/attribute_list.h"
#include "mediacore/playlist/multivariant_playlist.h"

namespace mediacore::playlist {

// Every tag of draft-pantos-hls-rfc8216bis, section 4.4.
enum class Tag : std::uint8_t {
  // In both kinds of playlist (4.4.1, 4.4.2).
  kExtM3u, kVersion, kIndependentSegments, kStart, kDefine,
  // In media playlists (4.4.3 to 4.4.5).
  kExtInf, kByteRange, kDiscontinuity, kKey, kMap, kProgramDateTime, kGap,
  kBitrate, kPart, kTargetDuration, kMediaSequence, kDiscontinuitySequence,
  kEndList, kPlaylistType, kIFramesOnly, kPartInf, kServerControl, kDateRange,
  kSkip, kPreloadHint, kRenditionReport,
  // In multivariant playlists (4.4.6).
  kMedia, kStreamInf, kIFrameStreamInf, kSessionData, kSessionKey,
  kContentSteering,
  kUnknown,
};

constexpr bool IsMediaTag(Tag tag) {
  return tag >= Tag::kExtInf && tag <= Tag::kRenditionReport;
}
constexpr bool IsMultivariantTag(Tag tag) {
  return tag >= Tag::kMedia && tag <= Tag::kContentSteering;
}

// With its '#'. In the order of the enumeration.
inline constexpr std::array<std::string_view, 32> kTagNames = {
    "#EXTM3U", "#EXT-X-VERSION", "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-START",
    "#EXT-X-DEFINE", "#EXTINF", "#EXT-X-BYTERANGE", "#EXT-X-DISCONTINUITY",
    "#EXT-X-KEY", "#EXT-X-MAP", "#EXT-X-PROGRAM-DATE-TIME", "#EXT-X-GAP",
    "#EXT-X-BITRATE", "#EXT-X-PART", "#EXT-X-TARGETDURATION",
    "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE", "#EXT-X-ENDLIST",
    "#EXT-X-PLAYLIST-TYPE", "#EXT-X-I-FRAMES-ONLY", "#EXT-X-PART-INF",
    "#EXT-X-SERVER-CONTROL", "#EXT-X-DATERANGE", "#EXT-X-SKIP",
    "#EXT-X-PRELOAD-HINT", "#EXT-X-RENDITION-REPORT", "#EXT-X-MEDIA",
    "#EXT-X-STREAM-INF", "#EXT-X-I-FRAME-STREAM-INF", "#EXT-X-SESSION-DATA",
    "#EXT-X-SESSION-KEY", "#EXT-X-CONTENT-STEERING"};
static_assert(kTagNames.size() == static_cast<std::size_t>(Tag::kUnknown));

constexpr std::string_view Name(Tag tag) {
  return tag == Tag::kUnknown ? std::string_view()
                              : kTagNames[static_cast<std::size_t>(tag)];
}
// `name` is what stands before the ':' of a line, with its '#'.
constexpr Tag FindTag(std::string_view name) {
  if (name == Name(Tag::kExtInf)) return Tag::kExtInf;
  for (std::size_t i = 0; i < kTagNames.size(); ++i) {
    if (name == kTagNames[i]) return static_cast<Tag>(i);
  }
  return Tag::kUnknown;
}

namespace internal {

// Variables of one playlist; more are refused.
inline constexpr std::size_t kMaxDefines = 256;

// One description of each attribute list serves the parser and the writer:
// a visitor is told name, place and form of each attribute in turn. One whose
// field is an optional, or whose form is Optional…, may be absent.

inline constexpr std::array<std::pair<std::string_view, KeyMethod>, 4>
    kKeyMethods = {{{"NONE", KeyMethod::kNone},
                    {"AES-128", KeyMethod::kAes128},
                    {"SAMPLE-AES", KeyMethod::kSampleAes},
                    {"SAMPLE-AES-CTR", KeyMethod::kSampleAesCtr}}};
inline constexpr std::array<std::pair<std::string_view, PreloadHint::Type>, 2>
    kHintTypes = {{{"PART", PreloadHint::Type::kPart},
                   {"MAP", PreloadHint::Type::kMap}}};
inline constexpr std::array<std::pair<std::string_view, Rendition::Type>, 4>
    kRenditionTypes = {{{"AUDIO", Rendition::Type::kAudio},
                        {"VIDEO", Rendition::Type::kVideo},
                        {"SUBTITLES", Rendition::Type::kSubtitles},
                        {"CLOSED-CAPTIONS", Rendition::Type::kClosedCaptions}}};

// `Like<T> U`: U is T or const T.
template <typename U, typename T>
concept Like = std::is_same_v<std::remove_const_t<U>, T>;

template <typename V>
constexpr void Describe(V& v, Like<Key> auto& key) {
  v.Enum("METHOD", kKeyMethods, key.method);
  v.OptionalQuoted("URI", key.uri);
  v.OptionalHex("IV", key.iv);
  v.OptionalQuoted("KEYFORMAT", key.key_format);
  v.OptionalQuoted("KEYFORMATVERSIONS", key.key_format_versions);
}
template <typename V>
constexpr void Describe(V& v, Like<Map> auto& map) {
  v.Quoted("URI", map.uri);
  v.QuotedRange("BYTERANGE", map.byte_range);
}
template <typename V>
constexpr void Describe(V& v, Like<Part> auto& part) {
  v.Seconds("DURATION", part.duration);
  v.Quoted("URI", part.uri);
  v.QuotedRange("BYTERANGE", part.byte_range);
  v.Flag("INDEPENDENT", part.independent);
  v.Flag("GAP", part.gap);
}
template <typename V>
constexpr void Describe(V& v, Like<DateRange> auto& range) {
  v.Quoted("ID", range.id);
  v.OptionalQuoted("CLASS", range.range_class);
  v.QuotedDate("START-DATE", range.start_date);
  v.OptionalQuoted("CUE", range.cue);
  v.QuotedDate("END-DATE", range.end_date);
  v.Seconds("DURATION", range.duration);
  v.Seconds("PLANNED-DURATION", range.planned_duration);
  v.ClientAttributes(range.client_attributes);
  v.OptionalHex("SCTE35-CMD", range.scte35_cmd);
  v.OptionalHex("SCTE35-OUT", range.scte35_out);
  v.OptionalHex("SCTE35-IN", range.scte35_in);
  v.Flag("END-ON-NEXT", range.end_on_next);
}
template <typename V>
constexpr void Describe(V& v, Like<ServerControl> auto& control) {
  v.Seconds("CAN-SKIP-UNTIL", control.can_skip_until);
  v.Flag("CAN-SKIP-DATERANGES", control.can_skip_dateranges);
  v.Seconds("HOLD-BACK", control.hold_back);
  v.Seconds("PART-HOLD-BACK", control.part_hold_back);
  v.Flag("CAN-BLOCK-RELOAD", control.can_block_reload);
}
template <typename V>
constexpr void Describe(V& v, Like<Skip> auto& skip) {
  v.Integer("SKIPPED-SEGMENTS", skip.skipped_segments);
  v.OptionalQuoted("RECENTLY-REMOVED-DATERANGES",
                   skip.recently_removed_dateranges);
}
template <typename V>
constexpr void Describe(V& v, Like<PreloadHint> auto& hint) {
  v.Enum("TYPE", kHintTypes, hint.type);
  v.Quoted("URI", hint.uri);
  v.Integer("BYTERANGE-START", hint.byterange_start);
  v.Integer("BYTERANGE-LENGTH", hint.byterange_length);
}
template <typename V>
constexpr void Describe(V& v, Like<RenditionReport> auto& report) {
  v.Quoted("URI", report.uri);
  v.Integer("LAST-MSN", report.last_msn);
  v.Integer("LAST-PART", report.last_part);
}
template <typename V>
constexpr void Describe(V& v, Like<Start> auto& start) {
  v.SignedSeconds("TIME-OFFSET", start.time_offset);
  v.Flag("PRECISE", start.precise);
}
// EXT-X-STREAM-INF, or EXT-X-I-FRAME-STREAM-INF.
template <typename V>
constexpr void DescribeVariant(V& v, Like<Variant> auto& variant,
                               bool i_frames) {
  v.Rate("BANDWIDTH", variant.bandwidth);
  v.Rate("AVERAGE-BANDWIDTH", variant.average_bandwidth);
  v.Millionths("SCORE", variant.score_millionths);
  v.OptionalQuoted("CODECS", variant.codecs);
  v.OptionalQuoted("SUPPLEMENTAL-CODECS", variant.supplemental_codecs);
  v.Size("RESOLUTION", variant.resolution);
  if (!i_frames) v.Hertz("FRAME-RATE", variant.frame_rate);
  v.OptionalToken("HDCP-LEVEL", variant.hdcp_level);
  v.OptionalQuoted("ALLOWED-CPC", variant.allowed_cpc);
  v.OptionalToken("VIDEO-RANGE", variant.video_range);
  v.OptionalQuoted("REQ-VIDEO-LAYOUT", variant.req_video_layout);
  v.OptionalQuoted("STABLE-VARIANT-ID", variant.stable_variant_id);
  if (!i_frames) v.OptionalQuoted("AUDIO", variant.audio);
  v.OptionalQuoted("VIDEO", variant.video);
  if (!i_frames) {
    v.OptionalQuoted("SUBTITLES", variant.subtitles);
    v.QuotedOrNone("CLOSED-CAPTIONS", variant.closed_captions,
                   variant.no_closed_captions);
  }
  v.OptionalQuoted("PATHWAY-ID", variant.pathway_id);
  if (i_frames) v.Quoted("URI", variant.uri);
}
template <typename V>
constexpr void Describe(V& v, Like<Rendition> auto& rendition) {
  v.Enum("TYPE", kRenditionTypes, rendition.type);
  v.Quoted("GROUP-ID", rendition.group_id);
  v.Quoted("NAME", rendition.name);
  v.OptionalQuoted("LANGUAGE", rendition.language);
  v.OptionalQuoted("ASSOC-LANGUAGE", rendition.assoc_language);
  v.OptionalQuoted("STABLE-RENDITION-ID", rendition.stable_rendition_id);
  v.Flag("DEFAULT", rendition.is_default);
  v.Flag("AUTOSELECT", rendition.autoselect);
  v.Flag("FORCED", rendition.forced);
  v.OptionalQuoted("INSTREAM-ID", rendition.instream_id);
  v.Integer("BIT-DEPTH", rendition.bit_depth);
  v.Integer("SAMPLE-RATE", rendition.sample_rate);
  v.OptionalQuoted("CHARACTERISTICS", rendition.characteristics);
  v.OptionalQuoted("CHANNELS", rendition.channels);
  v.OptionalQuoted("URI", rendition.uri);
}
template <typename V>
constexpr void Describe(V& v, Like<ContentSteering> auto& steering) {
  v.Quoted("SERVER-URI", steering.server_uri);
  v.OptionalQuoted("PATHWAY-ID", steering.pathway_id);
}
// EXT-X-DEFINE and EXT-X-SESSION-DATA are one of several forms: the parser and
// the writer each say which.

// 0x and hexadecimal digits; or something that a variable will make of it.
constexpr bool IsHex(std::string_view value) {
  if (value.find("{$") != std::string_view::npos) return true;
  if (value.size() < 3 || value[0] != '0' || (value[1] | 0x20) != 'x') {
    return false;
  }
  for (const char c : value.substr(2)) {
    const char lower = static_cast<char>(c | 0x20);
    if (!(c >= '0' && c <= '9') && !(lower >= 'a' && lower <= 'f')) return false;
  }
  return true;
}

// Whether these may follow each other in one attribute list as they are.
constexpr bool AreClientAttributes(
    const std::vector<DateRange::ClientAttribute>& list) {
  // EXT-X-DATERANGE has eleven attributes of its own.
  if (list.size() > AttributeList::kMaxSize - 11) return false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& [name, value] = list[i];
    if (!name.starts_with("X-") || value.empty()) return false;
    for (const char c : name) {
      if (!AttributeList::IsNameCharacter(c)) return false;
    }
    const bool quoted = value.size() > 1 && value.front() == '"' &&
                        value.find('"', 1) == value.size() - 1;
    for (const char c : value) {
      if (c == '\r' || c == '\n') return false;
      if (!quoted && !AttributeList::IsTokenCharacter(c)) return false;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (list[j].name == name) return false;
    }
  }
  return true;
}

// The first byte of `text` that a playlist may not hold (section 4.1): control
// characters but TAB, CR and LF, and what is not UTF-8; text.size() if none.
constexpr std::size_t FindBadText(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::uint8_t c = byte(at);
    if (c < 0x80) {
      if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f) {
        return at;
      }
      ++at;
      continue;
    }
    const std::size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (c < 0xc2 || c > 0xf4 || text.size() - at <= more) return at;
    // The second byte also excludes C1 controls, overlong forms, surrogates
    // and what lies above U+10FFFF.
    const std::uint8_t low = c == 0xc2   ? 0xa0
                             : c == 0xe0 ? 0xa0
                             : c == 0xf0 ? 0x90
                                         : 0x80;
    const std::uint8_t high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (byte(at + 1) < low || byte(at + 1) > high) return at;
    for (std::size_t i = 2; i <= more; ++i) {
      if ((byte(at + i) & 0xc0) != 0x80) return at;
    }
    at += more + 1;
  }
  return text.size();
}

}  // namespace internal
}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_TAGS_H_
