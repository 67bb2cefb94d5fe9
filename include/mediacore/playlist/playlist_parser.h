#ifndef MEDIACORE_PLAYLIST_PLAYLIST_PARSER_H_
#define MEDIACORE_PLAYLIST_PLAYLIST_PARSER_H_

#include <utility>

#include "mediacore/base/text.h"
#include "mediacore/playlist/tag_reader.h"

// Playlists from text (draft-pantos-hls-rfc8216bis, section 4).
//
//   MediaPlaylist playlist;
//   if (const auto refused = Parse(text, {}, playlist)) {
//     … ToString(refused->cause), refused->offset, refused->line …
//   }
//
// The playlist points into `text`. Grammar is checked strictly: types and ranges
// of values, required attributes, tags that may stand once, no mix of media and
// multivariant tags. What tags mean together (that durations fit the target
// duration, that groups exist) is not. Left out deliberately: comments, unknown
// attributes, EXT-X-PRELOAD-HINT and EXT-X-MEDIA of an unknown TYPE; unknown
// tags are kept when asked for. Time is linear in the text.
namespace mediacore::playlist {

// Why text is not a playlist, in the order the parser looks.
enum class PlaylistError : std::uint8_t {
  kTooLarge,         // more bytes than the limit
  kBadText,          // a control character, or not UTF-8
  kNoHeader,         // the first line is not #EXTM3U
  kTooManyLines,     // more lines than the limit
  kOtherKind,        // a tag of the other kind of playlist
  kRepeatedTag,      // a tag that may stand once stands twice
  kBadValue,         // a tag's value is not of its form, or out of range
  kBadAttributes,    // not an attribute list, too long a one, or a name twice
  kMissingAttribute, // a required attribute is not there
  kBadAttribute,     // an attribute's value is not of its form, or out of range
  kTooManyDefines,   // more variables than kMaxDefines
  kRepeatedDefine,   // a variable is defined twice
  kStrayUri,         // a URI without EXTINF or EXT-X-STREAM-INF before it
  kMissingUri,       // EXTINF, EXT-X-BYTERANGE or EXT-X-STREAM-INF without one
  kMissingTag,       // a media playlist without EXT-X-TARGETDURATION
};

constexpr std::string_view ToString(PlaylistError error) {
  switch (error) {
    case PlaylistError::kTooLarge: return "playlist: too large";
    case PlaylistError::kBadText: return "playlist: control character or not UTF-8";
    case PlaylistError::kNoHeader: return "playlist: does not begin with #EXTM3U";
    case PlaylistError::kTooManyLines: return "playlist: too many lines";
    case PlaylistError::kOtherKind: return "playlist: tag of the other kind of playlist";
    case PlaylistError::kRepeatedTag: return "playlist: repeated tag";
    case PlaylistError::kBadValue: return "playlist: bad value of a tag";
    case PlaylistError::kBadAttributes: return "playlist: bad attribute list";
    case PlaylistError::kMissingAttribute: return "playlist: missing attribute";
    case PlaylistError::kBadAttribute: return "playlist: bad value of an attribute";
    case PlaylistError::kTooManyDefines: return "playlist: too many variables";
    case PlaylistError::kRepeatedDefine: return "playlist: variable defined twice";
    case PlaylistError::kStrayUri: return "playlist: URI without its tag";
    case PlaylistError::kMissingUri: return "playlist: tag without its URI";
    case PlaylistError::kMissingTag: return "playlist: no target duration";
  }
  return "playlist: unknown";
}

using PlaylistRefusal = DocumentError<PlaylistError>;

struct ParseOptions {
  std::size_t max_bytes = std::size_t{16} << 20;
  std::size_t max_lines = std::size_t{1} << 18;
  bool keep_unknown_tags = false;
};

// The bytes of heap that a playlist parsed with these options takes at most:
// its vectors as they grow, line for line, and the client attributes of date
// ranges, byte for byte.
constexpr std::size_t MaxMemory(const ParseOptions& options) {
  return options.max_lines * 1024 + options.max_bytes * 16;
}

// Nothing when `out` holds the playlist. After a refusal `out` holds what stood
// before it.
[[nodiscard]] inline std::optional<PlaylistRefusal> Parse(
    std::string_view text, const ParseOptions& options, MediaPlaylist& out);
[[nodiscard]] inline std::optional<PlaylistRefusal> Parse(
    std::string_view text, const ParseOptions& options,
    MultivariantPlaylist& out);

// Which of the two to parse `text` as: true when the first tag that decides
// belongs to a multivariant playlist.
[[nodiscard]] constexpr bool IsMultivariant(std::string_view text) {
  LineReader reader(text);
  for (std::string_view line; reader.ReadLine(line);) {
    if (!line.starts_with("#EXT")) continue;
    const Tag tag = FindTag(TakeUntil(line, ':'));
    if (IsMultivariantTag(tag)) return true;
    if (IsMediaTag(tag)) return false;
  }
  return false;
}

namespace internal {

// What both parsers share: the lines, the state of a refusal, the tags that
// stand in both kinds.
class ParserBase {
 protected:
  ParserBase(std::string_view text, const ParseOptions& options)
      : text_(text), options_(options), lines_(text) {}

  template <typename Parser>
  bool ParseLines(Parser& parser) {
    if (text_.size() > options_.max_bytes) {
      return Refuse(PlaylistError::kTooLarge, options_.max_bytes);
    }
    if (const std::size_t bad = FindBadText(text_); bad != text_.size()) {
      return Refuse(PlaylistError::kBadText, bad);
    }
    std::string_view line;
    if (!lines_.ReadLine(line) || line != "#EXTM3U") {
      return Refuse(PlaylistError::kNoHeader, 0);
    }
    while (lines_.ReadLine(line)) {
      if (lines_.number() > options_.max_lines) {
        return RefuseAt(PlaylistError::kTooManyLines, line);
      }
      if (line.empty()) continue;
      if (line.find('\r') != std::string_view::npos) {
        return RefuseAt(PlaylistError::kBadText, line.substr(line.find('\r')));
      }
      if (line[0] != '#') {
        if (!parser.HandleUri(line)) return false;
        continue;
      }
      if (!line.starts_with("#EXT")) continue;  // a comment
      line_ = line;
      std::string_view value = line;
      const Tag tag = FindTag(TakeUntil(value, ':'));
      value_ = value;
      if (tag != Tag::kUnknown && !Once(tag)) return false;
      if (!parser.HandleTag(tag)) return false;
    }
    return true;
  }

  bool Refuse(PlaylistError cause, std::size_t offset) {
    std::size_t line = 1;
    for (const char c : text_.substr(0, offset)) line += c == '\n';
    refusal_ = PlaylistRefusal{cause, offset, line};
    return false;
  }
  // `where` is a part of the text.
  bool RefuseAt(PlaylistError cause, std::string_view where) {
    return Refuse(cause, static_cast<std::size_t>(where.data() - text_.data()));
  }

  bool Once(Tag tag) {
    switch (tag) {
      case Tag::kExtM3u:
      case Tag::kVersion:
      case Tag::kIndependentSegments:
      case Tag::kStart:
      case Tag::kTargetDuration:
      case Tag::kMediaSequence:
      case Tag::kDiscontinuitySequence:
      case Tag::kEndList:
      case Tag::kPlaylistType:
      case Tag::kIFramesOnly:
      case Tag::kPartInf:
      case Tag::kServerControl:
      case Tag::kSkip:
      case Tag::kContentSteering: break;
      default: return true;
    }
    const std::uint32_t bit = 1u << static_cast<unsigned>(tag);
    if ((seen_ & bit) != 0 || tag == Tag::kExtM3u) {
      return RefuseAt(PlaylistError::kRepeatedTag, line_);
    }
    seen_ |= bit;
    return true;
  }
  bool HasSeen(Tag tag) const {
    return (seen_ & 1u << static_cast<unsigned>(tag)) != 0;
  }

  // The forms a tag's value can have.
  bool NoValue() {
    if (line_.find(':') == std::string_view::npos) return true;
    return RefuseAt(PlaylistError::kBadValue, value_);
  }
  bool ReadFlag(bool& out) { return NoValue() && (out = true); }
  bool ReadInteger(std::uint64_t& out, std::uint64_t max = UINT64_MAX) {
    return ParseDecimal(value_, max, out) ||
           RefuseAt(PlaylistError::kBadValue, value_);
  }
  bool ReadAttributes() {
    if (list_.Parse(value_)) return true;
    return RefuseAt(PlaylistError::kBadAttributes,
                    value_.substr(list_.error_offset()));
  }
  bool Check(const AttributeReader& reader) {
    if (!reader.missing().empty()) {
      return RefuseAt(PlaylistError::kMissingAttribute, line_);
    }
    if (!reader.bad().empty()) {
      return RefuseAt(PlaylistError::kBadAttribute, reader.bad());
    }
    return true;
  }
  template <typename T>
  bool ReadList(T& out) {
    if (!ReadAttributes()) return false;
    AttributeReader reader(list_);
    Describe(reader, out);
    return Check(reader);
  }
  bool ReadDefine(std::vector<Define>& defines) {
    if (!ReadAttributes()) return false;
    AttributeReader reader(list_);
    Define define;
    const std::string_view name = list_.Find("NAME");
    const std::string_view import = list_.Find("IMPORT");
    const std::string_view query = list_.Find("QUERYPARAM");
    if (!name.empty()) {
      reader.Quoted("NAME", define.name);
      reader.Quoted("VALUE", define.value);
    } else if (!import.empty()) {
      define.kind = Define::Kind::kImport;
      reader.Quoted("IMPORT", define.name);
    } else {
      define.kind = Define::Kind::kQueryParam;
      reader.Quoted("QUERYPARAM", define.name);
    }
    if (!Check(reader)) return false;
    if (!name.empty() + !import.empty() + !query.empty() != 1) {
      return RefuseAt(PlaylistError::kBadAttribute, value_);
    }
    if (defines.size() == kMaxDefines) {
      return RefuseAt(PlaylistError::kTooManyDefines, line_);
    }
    for (const Define& other : defines) {
      if (other.name == define.name) {
        return RefuseAt(PlaylistError::kRepeatedDefine, line_);
      }
    }
    defines.push_back(define);
    return true;
  }
  template <typename Playlist>
  bool ReadCommon(Tag tag, Playlist& out, std::size_t place) {
    switch (tag) {
      case Tag::kVersion: return ReadInteger(out.version) && AtLeastOne(out);
      case Tag::kIndependentSegments: return ReadFlag(out.independent_segments);
      case Tag::kStart: return ReadList(out.start.emplace());
      case Tag::kDefine: return ReadDefine(out.defines);
      case Tag::kUnknown:
        if (options_.keep_unknown_tags) {
          out.unknown_tags.push_back({place, line_});
        }
        return true;
      default: return RefuseAt(PlaylistError::kOtherKind, line_);
    }
  }
  template <typename Playlist>
  bool AtLeastOne(const Playlist& out) {
    return out.version != 0 || RefuseAt(PlaylistError::kBadValue, value_);
  }

  std::string_view text_;
  const ParseOptions& options_;
  LineReader lines_;
  AttributeList list_;
  std::string_view line_;   // of the tag
  std::string_view value_;  // what stands after its ':'
  std::optional<PlaylistRefusal> refusal_;
  std::uint32_t seen_ = 0;
};

class MediaParser : ParserBase {
 public:
  MediaParser(std::string_view text, const ParseOptions& options,
              MediaPlaylist& out)
      : ParserBase(text, options), out_(out) {}

  std::optional<PlaylistRefusal> Run() {
    out_ = {};
    out_.version = 1;
    if (!ParseLines(*this)) return refusal_;
    if (!open_tag_.empty()) {
      RefuseAt(PlaylistError::kMissingUri, open_tag_);
    } else if (!HasSeen(Tag::kTargetDuration)) {
      Refuse(PlaylistError::kMissingTag, text_.size());
    }
    out_.growing = std::move(segment_);
    return refusal_;
  }

  bool HandleUri(std::string_view line) {
    if (!has_duration_) return RefuseAt(PlaylistError::kStrayUri, line);
    segment_.uri = line;
    out_.segments.push_back(std::exchange(segment_, {}));
    has_duration_ = false;
    open_tag_ = {};
    return true;
  }

  bool HandleTag(Tag tag) {
    switch (tag) {
      case Tag::kExtInf: return HandleExtInf();
      case Tag::kByteRange: {
        open_tag_ = line_;
        ByteRange range;
        if (!ParseByteRange(value_, range)) break;
        segment_.byte_range = range;
        return true;
      }
      case Tag::kDiscontinuity: return ReadFlag(segment_.discontinuity);
      case Tag::kKey: return ReadList(segment_.keys.emplace_back());
      case Tag::kMap: return ReadList(segment_.map.emplace());
      case Tag::kProgramDateTime: {
        DateTime time;
        if (!ParseDateTime(value_, time)) break;
        segment_.program_date_time = time;
        return true;
      }
      case Tag::kGap: return ReadFlag(segment_.gap);
      case Tag::kBitrate: return ReadInteger(segment_.bitrate_kbps.emplace());
      case Tag::kPart: return ReadList(segment_.parts.emplace_back());
      case Tag::kDateRange:
        return ReadList(segment_.date_ranges.emplace_back());
      case Tag::kTargetDuration: {
        std::uint64_t seconds = 0;
        if (!ReadInteger(seconds, kInt64Max / 1'000'000)) return false;
        out_.target_duration =
            TimeDelta::Seconds(static_cast<std::int64_t>(seconds));
        return true;
      }
      case Tag::kMediaSequence: return ReadInteger(out_.media_sequence);
      case Tag::kDiscontinuitySequence:
        return ReadInteger(out_.discontinuity_sequence);
      case Tag::kEndList: return ReadFlag(out_.end_list);
      case Tag::kPlaylistType:
        if (value_ != "EVENT" && value_ != "VOD") break;
        out_.type = value_ == "VOD" ? PlaylistType::kVod : PlaylistType::kEvent;
        return true;
      case Tag::kIFramesOnly: return ReadFlag(out_.i_frames_only);
      case Tag::kPartInf: {
        if (!ReadAttributes()) return false;
        AttributeReader reader(list_);
        reader.Seconds("PART-TARGET",
                       out_.part_target.emplace(TimeDelta::Zero()));
        return Check(reader);
      }
      case Tag::kServerControl: return ReadList(out_.server_control);
      case Tag::kSkip: return ReadList(out_.skip.emplace());
      case Tag::kPreloadHint: {
        PreloadHint hint;
        if (!ReadAttributes()) return false;
        const std::string_view type = list_.Find("TYPE");
        if (!type.empty() && type != "PART" && type != "MAP") return true;
        if (!ReadList(hint)) return false;
        out_.preload_hints.push_back(hint);
        return true;
      }
      case Tag::kRenditionReport:
        return ReadList(out_.rendition_reports.emplace_back());
      default: return ReadCommon(tag, out_, out_.segments.size());
    }
    return RefuseAt(PlaylistError::kBadValue, value_);
  }

 private:
  friend class ParserBase;

  bool HandleExtInf() {
    open_tag_ = line_;
    std::string_view title = value_;
    const std::string_view duration = TakeUntil(title, ',');
    std::int64_t us = 0;
    if (!ParseFixed(duration, 6, us)) {
      return RefuseAt(PlaylistError::kBadValue, value_);
    }
    segment_.duration = TimeDelta::Micros(us);
    segment_.title = title;
    has_duration_ = true;
    return true;
  }

  MediaPlaylist& out_;
  Segment segment_;            // whose URI has not come yet
  bool has_duration_ = false;  // EXTINF has
  std::string_view open_tag_;  // EXTINF or EXT-X-BYTERANGE
};

class MultivariantParser : ParserBase {
 public:
  MultivariantParser(std::string_view text, const ParseOptions& options,
                     MultivariantPlaylist& out)
      : ParserBase(text, options), out_(out) {}

  std::optional<PlaylistRefusal> Run() {
    out_ = {};
    out_.version = 1;
    if (ParseLines(*this) && !open_tag_.empty()) {
      RefuseAt(PlaylistError::kMissingUri, open_tag_);
    }
    return refusal_;
  }

  bool HandleUri(std::string_view line) {
    if (open_tag_.empty()) return RefuseAt(PlaylistError::kStrayUri, line);
    variant_.uri = line;
    out_.variants.push_back(variant_);
    open_tag_ = {};
    return true;
  }

  bool HandleTag(Tag tag) {
    switch (tag) {
      case Tag::kMedia: {
        if (!ReadAttributes()) return false;
        const std::string_view type = list_.Find("TYPE");
        const auto knows = [&](const auto& entry) { return entry.first == type; };
        if (!type.empty() && std::none_of(kRenditionTypes.begin(),
                                          kRenditionTypes.end(), knows)) {
          return true;
        }
        return ReadList(out_.renditions.emplace_back());
      }
      case Tag::kStreamInf:
        if (!open_tag_.empty()) {
          return RefuseAt(PlaylistError::kMissingUri, open_tag_);
        }
        open_tag_ = line_;
        variant_ = {};
        return ReadVariant(variant_, false);
      case Tag::kIFrameStreamInf:
        return ReadVariant(out_.i_frame_variants.emplace_back(), true);
      case Tag::kSessionData: return ReadSessionData();
      case Tag::kSessionKey: return ReadList(out_.session_keys.emplace_back());
      case Tag::kContentSteering:
        return ReadList(out_.content_steering.emplace());
      default: return ReadCommon(tag, out_, out_.variants.size());
    }
  }

 private:
  friend class ParserBase;

  bool ReadVariant(Variant& out, bool i_frames) {
    if (!ReadAttributes()) return false;
    AttributeReader reader(list_);
    DescribeVariant(reader, out, i_frames);
    return Check(reader);
  }
  bool ReadSessionData() {
    if (!ReadAttributes()) return false;
    AttributeReader reader(list_);
    SessionData& data = out_.session_data.emplace_back();
    reader.Quoted("DATA-ID", data.data_id);
    if (list_.Find("VALUE").empty()) {
      reader.Quoted("URI", data.uri);
    } else {
      reader.Quoted("VALUE", data.value);
    }
    std::string_view format;
    reader.OptionalToken("FORMAT", format);
    data.raw = format == "RAW";
    reader.OptionalQuoted("LANGUAGE", data.language);
    if (!Check(reader)) return false;
    const bool both =
        !list_.Find("VALUE").empty() && !list_.Find("URI").empty();
    const bool empty = list_.Find("VALUE").empty() && data.uri.empty();
    if (both || empty || (!format.empty() && !data.raw && format != "JSON")) {
      return RefuseAt(PlaylistError::kBadAttribute, value_);
    }
    return true;
  }

  MultivariantPlaylist& out_;
  Variant variant_;            // whose URI has not come yet
  std::string_view open_tag_;  // its EXT-X-STREAM-INF
};

}  // namespace internal

inline std::optional<PlaylistRefusal> Parse(std::string_view text,
                                            const ParseOptions& options,
                                            MediaPlaylist& out) {
  return internal::MediaParser(text, options, out).Run();
}
inline std::optional<PlaylistRefusal> Parse(std::string_view text,
                                            const ParseOptions& options,
                                            MultivariantPlaylist& out) {
  return internal::MultivariantParser(text, options, out).Run();
}

}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_PLAYLIST_PARSER_H_
