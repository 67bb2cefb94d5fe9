#ifndef MEDIACORE_SEGMENT_SEGMENTER_H_
#define MEDIACORE_SEGMENT_SEGMENTER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "mediacore/base/bytes.h"
#include "mediacore/base/codec.h"
#include "mediacore/base/ntp_time.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/base/units.h"
#include "mediacore/codec/encoded_frame.h"

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

// One RTP stream of the source. Its number in `Config::tracks` is its name in
// the calls.
struct TrackConfig {
  Codec codec = Codec::kUnknown;  // kH264, kAac, kOpus
  int clock_rate = 90'000;        // of the RTP timestamps
  int channels = 2;               // of sound
  // Which rung of the ladder: the tracks of one session share a number. The
  // sound of the lowest-numbered session that has any is that of all rungs.
  int variant = 0;
  // Begins every file name of the track: letters, digits, '-' and '_'. Empty:
  // "video0", "audio" and so on.
  std::string name;
  // H.264: SPS and PPS known beforehand (sprop-parameter-sets), one NAL unit
  // each; those in the stream win.
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
  std::vector<TrackConfig> tracks;
  // BANDWIDTH of a live playlist, of every rung, sound included. Unset: the
  // measured peak and a quarter.
  std::optional<DataRate> max_bitrate;
  // What a wall clock showed at `wall_clock_at` on the caller's clock. Unset:
  // no EXT-X-PROGRAM-DATE-TIME.
  std::optional<NtpTime> wall_clock;
  Timestamp wall_clock_at = Timestamp::Micros(0);
  // How long a segment that is ready waits for a track that has not come as far.
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

// What to store, serve or remove. Everything it points to is good until the
// next call of the Segmenter.
struct Output {
  enum class Kind : std::uint8_t {
    kInit,          // initialization section (fMP4)
    kSegment,       // media segment
    kPlaylist,      // media playlist: replaces the one of that name
    kMultivariant,  // multivariant playlist: likewise
    kDelete,        // `name` may go, but not before `not_before`
  };
  Kind kind = Kind::kSegment;
  std::string_view name;       // a relative URI and a file name at once
  std::string_view mime_type;  // empty for kDelete
  std::span<const Bytes> pieces;  // the content, in order
  std::size_t size = 0;           // of all pieces
  TimeDelta duration = TimeDelta::Zero();           // kSegment
  Timestamp not_before = Timestamp::MinusInfinity();  // kDelete
};

// What happened. Frames that came in are stored, waiting or in one of the
// dropped counts: frames_in == frames_out + dropped() + frames_waiting.
struct Counters {
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
  std::uint64_t frames_waiting = 0;
  std::uint64_t dropped_before_key_frame = 0;  // or before the parameter sets
  std::uint64_t dropped_malformed = 0;  // empty, lengths that lie, wrong codec
  std::uint64_t dropped_late = 0;       // time not after the one before
  std::uint64_t dropped_outside = 0;    // no segment where they belong
  std::uint64_t dropped_overflow = 0;   // a capacity was reached
  std::uint64_t dropped_ended = 0;      // after HandleEnd
  std::uint64_t segments = 0;
  std::uint64_t gaps = 0;               // segments of a track without media
  std::uint64_t forced_cuts = 0;        // not at a key frame
  std::uint64_t unaligned_cuts = 0;     // a rung without a key frame at the cut
  std::uint64_t discontinuities = 0;
  std::uint64_t time_jumps = 0;         // time base changed without a restart
  std::uint64_t restarts = 0;
  std::uint64_t init_sections = 0;
  std::uint64_t slews = 0;              // sound moved towards the picture
  std::uint64_t sender_reports = 0;
  std::uint64_t bandwidth_rewrites = 0;  // the announced rate was exceeded
  std::uint64_t leader_changes = 0;

  std::uint64_t dropped() const {
    return dropped_before_key_frame + dropped_malformed + dropped_late +
           dropped_outside + dropped_overflow + dropped_ended;
  }
};

// Turns encoded frames into HLS (RFC 8216bis): initialization sections,
// segments and playlists as values.
//
//   segmenter.HandleFrame(now, track, frame);
//   for (Output output; segmenter.PollOutput(now, output);) Store(output);
//   timer.SetDeadline(segmenter.NextTimeout());
//
// Poll until empty after every other call. Outputs come in the order in which
// they have to become visible: initialization sections and segments before the
// playlist that names them, the multivariant playlist last.
//
// Threads: one at a time. Memory: MaxMemory(config), taken in Create().
class Segmenter {
 public:
  // Refuses what cannot be written (TS with Opus, say), with the way out.
  static absl::StatusOr<Segmenter> Create(const Config& config);
  Segmenter(Segmenter&&) noexcept;
  Segmenter& operator=(Segmenter&&) noexcept;
  ~Segmenter();

  // One frame of a track, in decoding order; copies `frame.data`. A track
  // number out of range is counted as malformed.
  void HandleFrame(Timestamp now, std::size_t track,
                   const codec::EncodedFrame& frame);
  // RTCP SR: the sender's wall clock showed `ntp` at `rtp` (RFC 3550, 6.4.1).
  void HandleSenderReport(Timestamp now, std::size_t track, NtpTime ntp,
                          RtpTimestamp rtp);
  // The source of the track began anew: new time base, perhaps new format.
  void HandleRestart(Timestamp now, std::size_t track);
  // No more frames. What is stored comes out, playlists end.
  void HandleEnd(Timestamp now);

  // Also makes what fell due by now.
  [[nodiscard]] bool PollOutput(Timestamp now, Output& out);
  Timestamp NextTimeout() const;

  const Counters& counters() const;
  // Sound minus picture on the output's timeline against what the sender
  // reports say; positive: sound is late. Unset without reports of both.
  std::optional<TimeDelta> SyncError(std::size_t track) const;

 private:
  class Impl;
  explicit Segmenter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_SEGMENTER_H_
