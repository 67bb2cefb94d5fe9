#ifndef MEDIACORE_SEGMENT_CONFIG_H_
#define MEDIACORE_SEGMENT_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "mediacore/base/codec.h"
#include "mediacore/base/ntp_time.h"
#include "mediacore/base/time.h"
#include "mediacore/base/units.h"

namespace mediacore::segment {

enum class Container : std::uint8_t {
  kTs,    // MPEG-TS, sound and picture in one segment
  kFmp4,  // CMAF: one track per segment, sound is a rendition of its own
};
enum class PlaylistType : std::uint8_t {
  kLive,   // the last `window_segments`
  kEvent,  // everything since the start, grows
  kVod,    // everything, written at the end
};

// What segments are made of. fMP4 holds all of these, MPEG-TS H.264 and AAC.
constexpr bool IsSegmented(Codec codec) {
  switch (codec) {
    case Codec::kH264:
    case Codec::kH265:
    case Codec::kVp9:
    case Codec::kAv1:
    case Codec::kAac:
    case Codec::kOpus: return true;
    default: return false;
  }
}

// One RTP stream of the source. Its number in `Config::tracks` is its name in
// the calls.
struct TrackConfig {
  Codec codec = Codec::kUnknown;  // IsSegmented()
  int clock_rate = 90'000;        // of the RTP timestamps
  int channels = 2;               // of sound
  // Which rung of the ladder: the tracks of one session share a number. The
  // sound of the lowest-numbered session that has any is that of all rungs.
  int variant = 0;
  // Begins every file name of the track: letters, digits, '-' and '_'. Empty:
  // "video0", "audio" and so on.
  std::string name;
  // H.264, H.265: parameter sets known beforehand (sprop-parameter-sets, sprop-vps
  // and so on), one NAL unit each; those in the stream win.
  std::vector<std::vector<std::uint8_t>> parameter_sets;
  // AAC: the AudioSpecificConfig (the SDP's config=), required.
  std::vector<std::uint8_t> audio_config;
};

struct Config {
  Container container = Container::kFmp4;
  PlaylistType type = PlaylistType::kLive;
  // Segments are cut at the first key frame at or after this.
  TimeDelta target_duration = TimeDelta::Seconds(4);
  // The longest wait for a key frame before the target duration is announced
  // (live, event) or at all (vod). See docs/segment.md, "Where it cuts".
  TimeDelta max_target_duration = TimeDelta::Seconds(12);
  int window_segments = 5;  // live: listed at least, 3 target durations too
  // Live, event: the first playlists wait for so many segments (or the end), so
  // that a player that comes at once has one to play while the next is made. 1
  // to `window_segments`.
  int start_segments = 2;
  std::vector<TrackConfig> tracks;
  // BANDWIDTH of a live playlist, of every rung, sound included. Unset: the
  // measured peak and a quarter.
  std::optional<DataRate> max_bitrate;
  // What a wall clock showed at `wall_clock_at` on the caller's clock. Unset:
  // no EXT-X-PROGRAM-DATE-TIME.
  std::optional<NtpTime> wall_clock;
  Timestamp wall_clock_at = Timestamp::Micros(0);
  // How long a segment that is ready waits for a track that has not come as far,
  // beyond what that track is always behind (up to half a target duration).
  TimeDelta max_wait = TimeDelta::Seconds(1);
  // Capacities.
  std::size_t max_segment_bytes = 32 << 20;  // of one track
  int max_segment_samples = 8192;            // of one track
  int max_segments = 32'768;                 // event, vod: then the list ends
  // Sound that runs away from the picture by more than this is slewed.
  TimeDelta sync_tolerance = TimeDelta::Millis(15);
};

// The named settings: "classic" (4 s, 5 segments) and "low-latency" (2 s, 10 s
// of window). Empty when there is no such name.
std::optional<Config> Profile(std::string_view name);

// The most heap that a Segmenter of this config ever holds.
DataSize MaxMemory(const Config& config);

// What of a config cannot be done, with the way out; OK otherwise.
absl::Status Check(const Config& config);

// The names of the files of each track, and which tracks there are.
struct Layout {
  // One media playlist.
  struct Rendition {
    std::string stem;
    int video = -1;  // index into Config::tracks; -1: none
    int audio = -1;
  };
  std::vector<Rendition> renditions;  // the sound of fMP4 comes last
  int audio = -1;  // the track of sound that is used
};
Layout MakeLayout(const Config& config);

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_CONFIG_H_
