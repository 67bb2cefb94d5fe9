#ifndef MEDIACORE_SEGMENT_CUTTER_H_
#define MEDIACORE_SEGMENT_CUTTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "mediacore/base/time.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/counters.h"
#include "mediacore/segment/cut_policy.h"
#include "mediacore/segment/playlists.h"
#include "mediacore/segment/timeline.h"

namespace mediacore::segment {

// A segment may last this much longer than the target duration: less than the
// half second of RFC 8216bis, section 4.4.3.1, so that the sound and the other
// rungs, whose frames do not end where the leader's do, stay below it too.
inline constexpr TimeDelta kBoundSlack = TimeDelta::Millis(250);

// Where the leader's segment ends, and what comes after it.
struct SegmentEnd {
  std::size_t index;       // its frames
  std::int64_t end_ticks;  // of the leader's queue
  bool period_ends;        // what follows is on another time base
  bool last;               // nothing follows
  Timestamp decided_at;
};

// Decides who leads, where the leader's segment ends, and when it need not wait
// for the other tracks any longer.
//
//   if (const auto end = cutter.Find(now, ending)) {
//     if (cutter.OthersAreReady(now, *end)) { take the segment; cutter.Begin(); }
//     else come back at cutter.wait_until();
//   }
//
// Memory: none beyond itself. Threads: one at a time. What it is made with must
// outlive it.
class Cutter {
 public:
  Cutter(const Config& config, Timeline& timeline, const Playlists& playlists,
         Counters& counters)
      : config_(config), timeline_(timeline), playlists_(playlists), counters_(counters) {}

  // The first frame is here: for how long the sound waits for a picture.
  void HandleFirstFrame(Timestamp now) {
    if (!leader_grace_.IsFinite()) leader_grace_ = now + config_.max_target_duration;
  }
  // The next segment begins, or what was found is void.
  void Begin() { policy_.Begin(); }

  // Looks at the frames that came since. With `ending` there will be no more:
  // what is there is the last segment.
  std::optional<SegmentEnd> Find(Timestamp now, bool ending);
  bool OthersAreReady(Timestamp now, const SegmentEnd& end);
  // When they are at the latest, as OthersAreReady() found last.
  Timestamp wait_until() const { return wait_until_; }

  // What a segment of the leader may be.
  CutPolicy::Limits Limits() const;

 private:
  // The leader's frames that come before another track leads.
  struct Handover {
    std::size_t frames;
    std::int64_t end_ticks;
  };

  std::optional<SegmentEnd> FindEnd(Timestamp now, bool ending);
  void MeasureLags(const SegmentEnd& end);
  bool ChooseLeader(Timestamp now, bool ending);
  std::optional<Handover> FindHandover(Timestamp now);
  std::optional<SegmentEnd> FindCut(Timestamp now, std::size_t frames);
  SegmentEnd ForcedCut(Timestamp now, const Cut& cut);

  const Config& config_;
  Timeline& timeline_;
  const Playlists& playlists_;
  Counters& counters_;
  CutPolicy policy_;
  Timestamp leader_grace_ = Timestamp::PlusInfinity();
  Timestamp wait_until_ = Timestamp::PlusInfinity();
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_CUTTER_H_
