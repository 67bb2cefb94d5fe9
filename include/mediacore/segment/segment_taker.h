#ifndef MEDIACORE_SEGMENT_SEGMENT_TAKER_H_
#define MEDIACORE_SEGMENT_SEGMENT_TAKER_H_

#include <cstddef>

#include "mediacore/base/time.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/counters.h"
#include "mediacore/segment/cutter.h"
#include "mediacore/segment/playlists.h"
#include "mediacore/segment/timeline.h"

namespace mediacore::segment {

// What one segment of all tracks is.
struct TakenSegment {
  TimeDelta from = TimeDelta::Zero();  // of the leader, on the timeline
  TimeDelta cut = TimeDelta::Zero();
  bool discontinuity = false;  // not what came before, in time or format
  bool timeline_breaks = false;  // a track lies too far off to be slewed
};

// Takes a segment from the timeline when the Cutter has said where it ends: for
// each track which frames it has and when they begin and end (`count`, `start`
// and `end` of TimelineTrack), so that decode times go on without a hole. What
// belongs to no segment is dropped; the sound is moved towards the picture.
//
// Memory: none beyond itself. Threads: one at a time. What it is made with must
// outlive it.
class SegmentTaker {
 public:
  SegmentTaker(const Config& config, Timeline& timeline, const Cutter& cutter,
               Playlists& playlists, Counters& counters)
      : config_(config),
        timeline_(timeline),
        cutter_(cutter),
        playlists_(playlists),
        counters_(counters) {}

  TakenSegment Take(const SegmentEnd& end);

 private:
  void TakeLeader(const SegmentEnd& end);
  void Align(TimelineTrack& track, TimeDelta from);
  void Trim(TimelineTrack& track, TimeDelta from);
  // True when the timeline has to break.
  bool TakeOther(TimelineTrack& track, const SegmentEnd& end, TimeDelta from,
                 TimeDelta cut);
  bool Correct(TimelineTrack& track);

  const Config& config_;
  Timeline& timeline_;
  const Cutter& cutter_;
  Playlists& playlists_;
  Counters& counters_;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_SEGMENT_TAKER_H_
