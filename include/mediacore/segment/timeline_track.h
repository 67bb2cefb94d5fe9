#ifndef MEDIACORE_SEGMENT_TIMELINE_TRACK_H_
#define MEDIACORE_SEGMENT_TIMELINE_TRACK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "mediacore/base/time.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/track_input.h"

namespace mediacore::segment {

// How far from the leader's cut the cuts of other tracks may be.
inline constexpr TimeDelta kNear = TimeDelta::Millis(100);

// One track: its frames as they came, where they lie on the output's timeline,
// and which of them the segment takes that is on its way out.
struct TimelineTrack {
  TimelineTrack(const TrackConfig& about, const TrackInput::Config& input_config)
      : config(about),
        video(IsVideo(about.codec)),
        input(input_config),
        picture_ticks(input_config.frame_ticks) {}

  TrackConfig config;
  bool video;
  bool used = false;  // some rendition has it
  TrackInput input;

  // Times are in the track's ticks; timeline = ticks of the queue + offset.
  bool mapped = false;
  std::int64_t offset = 0;
  // How much later than the leader its frames arrive, when the cut was found.
  TimeDelta lag = TimeDelta::Zero();
  bool contiguous = false;  // the next segment begins where the last ended
  std::int64_t end = 0;     // of the last segment, on the timeline

  // The segment that is on its way out: the first `count` frames.
  std::size_t count = 0;
  std::int64_t start = 0;           // on the timeline
  std::int64_t segment_offset = 0;  // `offset` may be corrected for the next
  bool new_format = false;          // it begins with another format
  bool carried = false;             // a file has it

  std::uint32_t init = 0;  // number of the initialization section
  bool init_due = false;
  std::int64_t picture_ticks;  // how long a picture lasted, on average, last
  std::uint64_t frames = 0;    // shown so far, and for how long
  TimeDelta time = TimeDelta::Zero();

  const SampleQueue& queue() const { return input.queue(); }
  int rate() const { return config.clock_rate; }
  TimeDelta ToTime(std::int64_t ticks) const {
    return TimeDelta::Ticks(ticks, config.clock_rate);
  }
  std::int64_t ToTicks(TimeDelta time_on_line) const {
    return time_on_line.ToTicks(config.clock_rate);
  }
  // When frame `i` is shown.
  TimeDelta At(std::size_t i) const { return ToTime(queue()[i].ticks + offset); }
  // Where the next segment begins, in ticks of the queue, which is not empty.
  std::int64_t NextStart() const {
    return contiguous ? end - offset : queue().front().ticks;
  }
  // In ticks of the queue, when the first is shown of frame `i`, a key frame, and of
  // those after it that are shown before it.
  std::int64_t BeginOf(std::size_t i) const {
    std::int64_t begin = queue()[i].ticks;
    while (++i < queue().size() && queue()[i].leading) begin = std::min(begin, queue()[i].ticks);
    return begin;
  }
  TimeDelta SegmentDuration() const { return ToTime(end) - ToTime(start); }

  // Just after the last of the first `n` frames, in ticks of the queue.
  std::int64_t EndOfFirst(std::size_t n) const;
  // How many frames lie before the cut of the leader, which is another track.
  std::size_t CountBefore(TimeDelta cut) const;
  // The segment is out.
  void FinishSegment();
};

inline std::int64_t TimelineTrack::EndOfFirst(std::size_t n) const {
  std::int64_t first = queue()[0].ticks;
  std::int64_t last = first;
  for (std::size_t i = 1; i < n; ++i) {
    first = std::min(first, queue()[i].ticks);
    last = std::max(last, queue()[i].ticks);
  }
  if (!video) return last + input.frame_ticks();
  // A picture lasts as long as they do on average.
  return last + (n > 1 ? std::max<std::int64_t>(
                             1, (last - first) / static_cast<std::int64_t>(n - 1))
                       : picture_ticks);
}

inline std::size_t TimelineTrack::CountBefore(TimeDelta cut) const {
  std::size_t first_after = queue().size();
  for (std::size_t i = 0; i < queue().size(); ++i) {
    if (i > 0 && queue()[i].new_format) return std::min(first_after, i);
    const TimeDelta at = queue()[i].key ? ToTime(BeginOf(i) + offset) : At(i);
    if (!video) {
      if (at >= cut) return i;
      continue;
    }
    if (i > 0 && queue()[i].key && (at - cut).Abs() <= kNear) return i;
    if (at >= cut) first_after = std::min(first_after, i);
    if (at > cut + kNear) break;
  }
  return first_after;
}

inline void TimelineTrack::FinishSegment() {
  if (count > 0) {
    input.queue().PopFront(count);
    picture_ticks =
        std::max<std::int64_t>(1, (end - start) / static_cast<std::int64_t>(count));
    frames += count;
    time += SegmentDuration();
    count = 0;
    carried = false;
    init_due = false;
  }
  new_format = false;
}

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_TIMELINE_TRACK_H_
