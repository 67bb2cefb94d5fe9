#ifndef MEDIACORE_PLAYLIST_MULTIVARIANT_PLAYLIST_H_
#define MEDIACORE_PLAYLIST_MULTIVARIANT_PLAYLIST_H_

#include "mediacore/base/units.h"
#include "mediacore/playlist/media_playlist.h"

namespace mediacore::playlist {

struct Resolution {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  bool operator==(const Resolution&) const = default;
};

// EXT-X-STREAM-INF and EXT-X-I-FRAME-STREAM-INF (sections 4.4.6.2 and 4.4.6.3).
// An I-frame variant has no frame rate, audio, subtitles or closed captions;
// the writer leaves them out.
struct Variant {
  std::string_view uri;
  DataRate bandwidth = DataRate::Zero();  // peak
  std::optional<DataRate> average_bandwidth;
  std::optional<std::int64_t> score_millionths;  // SCORE, times 1,000,000
  std::string_view codecs;
  std::string_view supplemental_codecs;
  std::optional<Resolution> resolution;
  std::optional<Frequency> frame_rate;
  std::string_view hdcp_level;   // TYPE-0, TYPE-1, NONE
  std::string_view allowed_cpc;
  std::string_view video_range;  // SDR, HLG, PQ
  std::string_view req_video_layout;
  std::string_view stable_variant_id;
  std::string_view audio, video, subtitles, closed_captions;  // group IDs
  bool no_closed_captions = false;  // CLOSED-CAPTIONS=NONE
  std::string_view pathway_id;
  bool operator==(const Variant&) const = default;
};

// EXT-X-MEDIA (section 4.4.6.1).
struct Rendition {
  enum class Type : std::uint8_t { kAudio, kVideo, kSubtitles, kClosedCaptions };
  Type type = Type::kAudio;
  std::string_view uri;
  std::string_view group_id;
  std::string_view language;
  std::string_view assoc_language;
  std::string_view name;
  std::string_view stable_rendition_id;
  bool is_default = false;
  bool autoselect = false;
  bool forced = false;
  std::string_view instream_id;
  std::optional<std::uint64_t> bit_depth;
  std::optional<std::uint64_t> sample_rate;
  std::string_view characteristics;
  std::string_view channels;
  bool operator==(const Rendition&) const = default;
};

// EXT-X-SESSION-DATA (section 4.4.6.4): a value, or a URI where there is one.
struct SessionData {
  std::string_view data_id;
  std::string_view value;  // written when `uri` is empty
  std::string_view uri;
  bool raw = false;  // FORMAT=RAW; otherwise what `uri` names is JSON
  std::string_view language;
  bool operator==(const SessionData&) const = default;
};

// EXT-X-CONTENT-STEERING (section 4.4.6.6).
struct ContentSteering {
  std::string_view server_uri;
  std::string_view pathway_id;
  bool operator==(const ContentSteering&) const = default;
};

struct MultivariantPlaylist {
  std::uint64_t version = 0;  // as in MediaPlaylist
  bool independent_segments = false;
  std::optional<Start> start;
  std::vector<Define> defines;
  std::optional<ContentSteering> content_steering;
  std::vector<SessionData> session_data;
  std::vector<Key> session_keys;
  std::vector<Rendition> renditions;
  std::vector<Variant> variants;
  std::vector<Variant> i_frame_variants;
  std::vector<UnknownTag> unknown_tags;
  bool operator==(const MultivariantPlaylist&) const = default;
};

}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_MULTIVARIANT_PLAYLIST_H_
