#include "mediacore/segment/segment_taker.h"

#include <algorithm>
#include <optional>

namespace mediacore::segment {
namespace {

// A track that is further off than this is not slewed: the timeline breaks.
constexpr TimeDelta kMaxSlewed = TimeDelta::Millis(500);

}  // namespace

// What lies before the segment's start goes.
void SegmentTaker::Trim(TimelineTrack& track, TimeDelta from) {
  const SampleQueue& queue = track.queue();
  const TimeDelta half = track.ToTime(track.input.frame_ticks() / 2);  // of sound
  const TimeDelta earliest = from - (track.video ? kNear : half);
  std::size_t drop = 0;
  while (drop < queue.size()) {
    const bool decodable = queue[drop].key || track.contiguous;
    if (track.At(drop) >= earliest && decodable) break;
    ++drop;
  }
  timeline_.DropFront(track, drop);
}

// Brings the track towards where the sender reports say, from the end of this
// segment on.
bool SegmentTaker::Correct(TimelineTrack& track) {
  const std::optional<TimeDelta> error = timeline_.Error(track);
  if (!error || error->Abs() <= config_.sync_tolerance) return false;
  if (error->Abs() > kMaxSlewed) return true;
  const std::int64_t most = track.input.frame_ticks() / 2;
  track.offset += std::clamp(track.ToTicks(*error), -most, most);
  ++counters_.slews;
  return false;
}

void SegmentTaker::TakeLeader(const SegmentEnd& end) {
  TimelineTrack& track = timeline_.leader();
  timeline_.TakeFormat(track);
  track.count = end.index;
  track.start = track.NextStart() + track.offset;
  // What ends with its last frame: that frame is not stretched past the bound.
  const TimeDelta bound = track.ToTime(track.start) + cutter_.Limits().patience;
  track.end = std::min(end.end_ticks + track.offset, track.ToTicks(bound));
  track.segment_offset = track.offset;
  track.end = std::max(track.end, timeline_.LastDecodeTime(track) + 1);
}

// Brings the front of another track to where the segment starts.
void SegmentTaker::Align(TimelineTrack& track, TimeDelta from) {
  track.count = 0;
  if (track.queue().empty() || !timeline_.Map(track)) {
    track.contiguous = false;
    return;
  }
  if (track.queue().front().new_format) track.contiguous = false;
  Trim(track, track.contiguous ? track.ToTime(track.end) : from);
  timeline_.TakeFormat(track);
}

bool SegmentTaker::TakeOther(TimelineTrack& track, const SegmentEnd& ending,
                             TimeDelta from, TimeDelta cut) {
  const SampleQueue& queue = track.queue();
  const TimeDelta until =
      ending.last ? std::max(cut, from + TimeDelta::Seconds(playlists_.target_seconds()) +
                                      kBoundSlack)
                  : cut;
  track.count = !queue.empty() && track.mapped ? track.CountBefore(until) : 0;
  if (track.count == 0) {
    track.contiguous = false;
    return false;
  }
  track.segment_offset = track.offset;
  if (track.contiguous && !track.new_format) {
    track.start = track.end;
  } else {
    // What begins late is there from the beginning of the segment, so that
    // segments of one number begin together.
    track.start = queue.front().ticks + track.offset;
    if (track.ToTime(track.start) > from + kNear) track.start = track.ToTicks(from);
  }
  std::int64_t after = track.EndOfFirst(track.count);
  bool breaks = false;
  if (!ending.period_ends) {
    breaks = Correct(track);
    const bool follows = track.count < queue.size() && !queue[track.count].new_format;
    if (follows) after = track.BeginOf(track.count);
    if (follows && !queue[track.count].key) ++counters_.unaligned_cuts;
  }
  std::int64_t end = after + track.offset;
  // A hole across the cut is filled up to it; the rest of it is the next
  // segment's.
  if (!ending.period_ends && track.ToTime(end) < cut - kNear) end = track.ToTicks(cut);
  end = std::min(end, track.ToTicks(until + kNear));
  track.end = std::max(end, timeline_.LastDecodeTime(track) + 1);
  track.contiguous = true;
  return breaks;
}

TakenSegment SegmentTaker::Take(const SegmentEnd& end) {
  TakeLeader(end);
  TimelineTrack& first = timeline_.leader();
  TakenSegment taken;
  taken.from = first.ToTime(first.start);
  taken.cut = first.ToTime(first.end);
  if (!playlists_.target_announced() && config_.type != PlaylistType::kVod) {
    playlists_.AnnounceTarget(taken.cut - taken.from - kBoundSlack);
  }
  timeline_.SetWallClock(taken.from);
  for (TimelineTrack& track : timeline_.tracks()) {
    if (&track != &first && track.used) Align(track, taken.from);
  }
  taken.discontinuity = timeline_.TakeDiscontinuity();
  for (TimelineTrack& track : timeline_.tracks()) {
    taken.discontinuity |= track.new_format && track.init > 1;
    if (&track != &first && track.used) {
      taken.timeline_breaks |= TakeOther(track, end, taken.from, taken.cut);
    }
  }
  if (end.period_ends) first.contiguous = false;
  return taken;
}

}  // namespace mediacore::segment
