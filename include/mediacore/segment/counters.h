#ifndef MEDIACORE_SEGMENT_COUNTERS_H_
#define MEDIACORE_SEGMENT_COUNTERS_H_

#include <cstdint>

namespace mediacore::segment {

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

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_COUNTERS_H_
