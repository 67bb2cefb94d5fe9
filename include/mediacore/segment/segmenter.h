#ifndef MEDIACORE_SEGMENT_SEGMENTER_H_
#define MEDIACORE_SEGMENT_SEGMENTER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "mediacore/base/bytes.h"
#include "mediacore/base/ntp_time.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/segment/config.h"

namespace mediacore::segment {

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
  std::uint64_t leader_changes = 0;     // another track decides the cuts
  std::uint64_t left_out = 0;           // frames out that MPEG-TS could not hold

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
