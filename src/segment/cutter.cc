#include "mediacore/segment/cutter.h"

#include <algorithm>
#include <limits>

namespace mediacore::segment {

// The sound waits for a picture for a while; then it leads.
bool Cutter::ChooseLeader(Timestamp now, bool ending) {
  const bool waits = now < leader_grace_ && !ending;
  const auto& tracks = timeline_.tracks();
  for (const bool video : {true, false}) {
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      TimelineTrack& track = timeline_.track(i);
      if (!track.used || track.video != video) continue;
      while (!track.queue().empty() && !track.queue().front().key) {
        timeline_.DropFront(track, 1);
      }
      if (!track.queue().empty()) {
        policy_.Begin();
        timeline_.Lead(i);
        return true;
      }
      if (waits && video) break;  // the first one leads if it comes at all
    }
    if (waits && std::any_of(tracks.begin(), tracks.end(), [](const TimelineTrack& t) {
          return t.used && t.video;
        })) {
      return false;
    }
  }
  return false;
}

CutPolicy::Limits Cutter::Limits() const {
  CutPolicy::Limits limits;
  limits.target = config_.target_duration;
  limits.bound = TimeDelta::Seconds(playlists_.target_seconds()) + kBoundSlack;
  limits.patience = limits.bound;
  if (!playlists_.target_announced()) {
    limits.patience =
        std::max(limits.bound, config_.max_target_duration + kBoundSlack);
  }
  limits.max_bytes = SegmentBytes(config_, timeline_.leader().config);
  limits.max_samples = static_cast<std::size_t>(config_.max_segment_samples);
  return limits;
}

// The latest place before `cut.index` that no picture is shown across, and that
// is within the bound.
SegmentEnd Cutter::ForcedCut(Timestamp now, const Cut& cut) {
  const TimelineTrack& track = timeline_.leader();
  const SampleQueue& queue = track.queue();
  const std::int64_t from = track.NextStart();
  const std::int64_t bound = from + track.ToTicks(Limits().bound);
  std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
  const auto latest = timeline_.scratch();  // of the frames before i
  latest[0] = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < queue.size(); ++i) {
    latest[i + 1] = std::max(latest[i], queue[i].ticks);
  }
  for (std::size_t i = queue.size(); i-- > 1;) {
    earliest = std::min(earliest, queue[i].ticks);
    if (i <= cut.index && latest[i] < earliest && earliest <= bound) {
      return {i, earliest, false, false, now};
    }
  }
  return {cut.index, std::clamp(queue[cut.index].ticks, from + 1, bound), false,
          false, now};
}

// Among the leader's first `frames` frames.
std::optional<SegmentEnd> Cutter::FindCut(Timestamp now, std::size_t frames) {
  const TimelineTrack& track = timeline_.leader();
  const SampleQueue& queue = track.queue();
  if (policy_.next() >= frames) return std::nullopt;
  const std::int64_t from = track.NextStart();
  const CutPolicy::Limits limits = Limits();
  while (policy_.next() < frames) {
    const std::size_t i = policy_.next();
    const QueuedSample& sample = queue[i];
    if (i > 0 && sample.boundary) {
      return SegmentEnd{i, track.EndOfFirst(i), true, false, now};
    }
    const std::int64_t begin = sample.key ? track.BeginOf(i) : sample.ticks;
    if (i > 0 && sample.new_format) return SegmentEnd{i, begin, false, false, now};
    const auto cut = policy_.Add(limits, track.ToTime(begin - from), sample.key, sample.size);
    if (!cut) continue;
    if (!cut->forced) return SegmentEnd{cut->index, track.BeginOf(cut->index), false, false, now};
    ++counters_.forced_cuts;
    return ForcedCut(now, *cut);
  }
  return std::nullopt;
}

std::optional<SegmentEnd> Cutter::Find(Timestamp now, bool ending) {
  const std::optional<SegmentEnd> end = FindEnd(now, ending);
  if (end) MeasureLags(*end);
  return end;
}

std::optional<SegmentEnd> Cutter::FindEnd(Timestamp now, bool ending) {
  if (!timeline_.has_leader() && !ChooseLeader(now, ending)) return std::nullopt;
  const TimelineTrack& track = timeline_.leader();
  const std::optional<Handover> handover = ending ? std::nullopt : FindHandover(now);
  // Where a segment would begin must be known.
  const std::size_t frames = handover ? handover->frames
                             : ending ? track.queue().size()
                                      : track.queue().size() - track.input.unsettled();
  if (const auto end = FindCut(now, frames)) return end;
  if (ending) {
    if (frames == 0) return std::nullopt;
    return SegmentEnd{frames, track.EndOfFirst(frames), true, true, now};
  }
  if (!handover) return std::nullopt;
  ++counters_.leader_changes;
  leader_grace_ = now;
  if (frames > 0) return SegmentEnd{frames, handover->end_ticks, true, false, now};
  timeline_.EndPeriod();  // nothing to close
  return FindEnd(now, ending);
}

// Another track takes the lead: a picture that comes (back) while the sound
// leads, or one that still comes when the leader does not.
std::optional<Cutter::Handover> Cutter::FindHandover(Timestamp now) {
  const TimelineTrack& current = timeline_.leader();
  const SampleQueue& queue = current.queue();
  const TimeDelta silence = std::max(config_.target_duration, TimeDelta::Seconds(2));
  const bool silent = now - current.input.last_arrival() > silence;
  if (!silent && current.video) return std::nullopt;
  for (TimelineTrack& track : timeline_.tracks()) {
    if (&track == &current || !track.used || track.queue().empty()) continue;
    const bool better = track.video && !current.video;
    const bool alive = now - track.input.last_arrival() <= silence;
    if (!alive || !(better || silent)) continue;
    std::size_t count = queue.size();
    std::int64_t end = count > 0 ? current.EndOfFirst(count) : 0;
    if (better && !silent && timeline_.Map(track)) {
      // Up to where the picture begins.
      const TimeDelta at = track.At(0);
      count = 0;
      while (count < queue.size() && current.At(count) < at) ++count;
      if (count > 0) {
        end = std::min(current.EndOfFirst(count), current.ToTicks(at) - current.offset);
      }
    }
    return Handover{count, end};
  }
  return std::nullopt;
}

// Which tracks always come later than the leader, and by how much. What is
// missing only because a track has been silent is not lag.
void Cutter::MeasureLags(const SegmentEnd& end) {
  const TimelineTrack& first = timeline_.leader();
  const TimeDelta cut = first.ToTime(end.end_ticks + first.offset);
  for (TimelineTrack& track : timeline_.tracks()) {
    track.lag = TimeDelta::Zero();
    if (&track == &first || track.queue().empty() || !timeline_.Map(track)) continue;
    const TimeDelta behind = cut - track.At(track.queue().size() - 1);
    const TimeDelta silent =
        std::max(TimeDelta::Zero(), end.decided_at - track.input.last_arrival());
    track.lag = std::clamp(behind - silent, TimeDelta::Zero(), config_.target_duration / 2);
  }
}

bool Cutter::OthersAreReady(Timestamp now, const SegmentEnd& end) {
  const TimelineTrack& first = timeline_.leader();
  const TimeDelta cut = first.ToTime(end.end_ticks + first.offset);
  wait_until_ = Timestamp::MinusInfinity();
  bool ready = true;
  for (TimelineTrack& track : timeline_.tracks()) {
    if (&track == &first || !track.used) continue;
    bool reached = track.input.format_waits() && track.contiguous;
    if (!reached && !track.queue().empty() && timeline_.Map(track)) {
      const TimeDelta last = track.At(track.queue().size() - 1);
      reached = last >= cut + (track.video ? kNear : TimeDelta::Zero()) && track.input.unsettled() == 0;
    }
    if (reached) continue;
    const Timestamp until =
        std::min(end.decided_at, track.input.last_arrival()) + track.lag + config_.max_wait;
    wait_until_ = std::max(wait_until_, until);
    ready &= now >= until;
  }
  return ready;
}

}  // namespace mediacore::segment
