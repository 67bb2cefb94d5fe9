#ifndef MEDIACORE_SEGMENT_TIMELINE_H_
#define MEDIACORE_SEGMENT_TIMELINE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "mediacore/base/time.h"
#include "mediacore/segment/capacities.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/counters.h"
#include "mediacore/segment/decode_times.h"
#include "mediacore/segment/media_clock.h"
#include "mediacore/segment/timeline_track.h"

namespace mediacore::segment {

// Where the output's timeline begins: what is decoded before the first picture
// is shown still has a time that is not negative.
inline constexpr TimeDelta kTimelineStart = TimeDelta::Seconds(10);

// The tracks and how they lie to each other. A period is what is on one time
// base: one track leads, the others are mapped beside it; the next period goes
// on where the last ended.
//
//   timeline.Lead(track);                  // a period begins
//   if (timeline.Map(other)) ...other.At(0)...
//   timeline.EndPeriod();
//
// Memory: the queues and one number for each frame of a queue, taken by the
// constructor. Threads: one at a time. `config` and `counters` must outlive it.
class Timeline {
 public:
  Timeline(const Config& config, const Layout& layout, Counters& counters);

  std::vector<TimelineTrack>& tracks() { return tracks_; }
  const std::vector<TimelineTrack>& tracks() const { return tracks_; }
  TimelineTrack& track(std::size_t i) { return tracks_[i]; }
  const TimelineTrack& track(std::size_t i) const { return tracks_[i]; }

  // The track that decides the cuts.
  bool has_leader() const { return leader_.has_value(); }
  bool leads(std::size_t i) const { return leader_ == i; }
  TimelineTrack& leader() { return tracks_[*leader_]; }
  const TimelineTrack& leader() const { return tracks_[*leader_]; }
  // Its first frame is shown where the period begins.
  void Lead(std::size_t i) {
    leader_ = i;
    TimelineTrack& track = tracks_[i];
    if (track.mapped) return;
    track.offset = track.ToTicks(period_start_) - track.queue().front().ticks;
    track.mapped = true;
  }

  // Puts a track beside the leader, if it is not; false when nothing is known
  // of how they lie.
  bool Map(TimelineTrack& track) const {
    if (track.mapped) return true;
    const auto align = segment::Align(leader().input.clock(), track.input.clock());
    if (!align) return false;
    track.offset = track.ToTicks(Zero(*align));
    track.mapped = true;
    return true;
  }
  // How much later than now the track should lie, by the sender reports.
  std::optional<TimeDelta> Error(const TimelineTrack& track) const {
    const auto align = segment::Align(leader().input.clock(), track.input.clock());
    if (!align || !align->from_reports) return std::nullopt;
    return Zero(*align) - track.ToTime(track.offset);
  }

  // What comes now is on another time base.
  void EndPeriod() {
    for (TimelineTrack& track : tracks_) {
      if (track.mapped && track.end > 0) {
        period_start_ = std::max(period_start_, track.ToTime(track.end));
      }
      track.mapped = false;
      track.contiguous = false;
    }
    leader_.reset();
    wall_zero_.reset();
    discontinuity_next_ = true;
  }
  // Once after each EndPeriod(): the next segment does not follow on the last.
  bool TakeDiscontinuity() { return std::exchange(discontinuity_next_, false); }

  // The period's first picture is shown at `from`: fixes the wall clock by it.
  void SetWallClock(TimeDelta from);
  // Unix time of a time on the timeline.
  std::optional<TimeDelta> WallTime(TimeDelta at) const {
    if (!wall_zero_) return std::nullopt;
    return *wall_zero_ + at;
  }

  // A format of the track's first frame becomes the one that is written.
  void TakeFormat(TimelineTrack& track) {
    if (track.queue().empty() || !track.queue().front().new_format) return;
    track.input.queue().ClearNewFormat();
    track.input.ActivateFormat();
    ++track.init;
    track.init_due = true;
    track.new_format = true;
  }
  // The first frames will never be shown, and are counted so.
  void DropFront(TimelineTrack& track, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      TakeFormat(track);
      track.input.queue().PopFront(1);
    }
    counters_.dropped_outside += count;
    counters_.frames_waiting -= count;
  }
  void DropAll() {
    for (TimelineTrack& track : tracks_) DropFront(track, track.queue().size());
  }
  // Of the segment that is being taken.
  std::int64_t LastDecodeTime(const TimelineTrack& track) {
    const auto times = scratch().first(track.count);
    for (std::size_t i = 0; i < track.count; ++i) {
      times[i] = track.queue()[i].ticks + track.segment_offset;
    }
    return SortIntoDecodeTimes(times, track.start);
  }

  // A number for each frame of a queue and one more, for whoever computes.
  std::span<std::int64_t> scratch() { return {scratch_.get(), scratch_size_}; }

 private:
  static constexpr TimeDelta kMaxJump = TimeDelta::Seconds(5);

  // Where the zero of a track lies that is aligned to the leader like this.
  TimeDelta Zero(const Alignment& align) const {
    return leader().ToTime(leader().offset) + align.offset;
  }

  const Config& config_;
  Counters& counters_;
  std::vector<TimelineTrack> tracks_;
  std::optional<std::size_t> leader_;
  TimeDelta period_start_ = kTimelineStart;
  std::optional<TimeDelta> wall_zero_;  // unix time of the timeline's zero
  bool discontinuity_next_ = false;
  std::size_t scratch_size_;
  std::unique_ptr<std::int64_t[]> scratch_;
};

inline Timeline::Timeline(const Config& config, const Layout& layout,
                          Counters& counters)
    : config_(config),
      counters_(counters),
      scratch_size_(QueueSamples(config) + 1),
      scratch_(std::make_unique_for_overwrite<std::int64_t[]>(scratch_size_)) {
  tracks_.reserve(config.tracks.size());
  for (std::size_t i = 0; i < config.tracks.size(); ++i) {
    const TrackConfig& about = config.tracks[i];
    TimelineTrack& track = tracks_.emplace_back(
        about, TrackInput::Config{.codec = about.codec,
                                  .clock_rate = about.clock_rate,
                                  .max_jump = kMaxJump,
                                  .max_gap = config.target_duration,
                                  .max_frame_bytes = MaxFrameBytes(config, about),
                                  .max_bytes = QueueBytes(config, about),
                                  .max_samples = QueueSamples(config),
                                  .frame_ticks = UsualTicks(about)});
    track.used = track.video || static_cast<int>(i) == layout.audio;
    if (!track.video) track.init = 1;
    track.init_due = !track.video;
    for (const auto& nal : about.parameter_sets) track.input.AddParameterSet(nal);
  }
}

inline void Timeline::SetWallClock(TimeDelta from) {
  if (wall_zero_ || !config_.wall_clock) return;
  const TimelineTrack& first = leader();
  const TimeDelta shown = *first.input.clock().ZeroByArrival() +
                          first.ToTime(first.queue().front().ticks) -
                          (config_.wall_clock_at - Timestamp::Micros(0));
  wall_zero_ = TimeDelta::Micros(config_.wall_clock->ToUnixMicros()) + shown - from;
}

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_TIMELINE_H_
