#ifndef MEDIACORE_SEGMENT_BANDWIDTH_METER_H_
#define MEDIACORE_SEGMENT_BANDWIDTH_METER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "mediacore/base/units.h"

namespace mediacore::segment {

// The two rates that a multivariant playlist says of a rendition (RFC 8216bis,
// section 4.4.6.2): the peak, over every run of consecutive segments that lasts
// between half and one and a half target durations, and the average over all.
//
// Segments shorter than a sixteenth of the target duration are looked at in
// runs of at most 16. Threads: one at a time. Memory: none beyond itself.
class BandwidthMeter {
 public:
  void Add(std::uint64_t bytes, TimeDelta duration, TimeDelta target) {
    total_bytes_ += bytes;
    total_time_ += duration;
    run_[count_++ % run_.size()] = {bytes, duration};
    std::uint64_t sum_bytes = 0;
    TimeDelta sum_time = TimeDelta::Zero();
    for (std::size_t back = 1; back <= std::min(count_, run_.size()); ++back) {
      const Piece& piece = run_[(count_ - back) % run_.size()];
      sum_bytes += piece.bytes;
      sum_time += piece.duration;
      if (sum_time * 2 > target * 3) break;
      if (sum_time * 2 >= target) peak_ = std::max(peak_, Rate(sum_bytes, sum_time));
    }
    // One segment that lasts longer than a run may: the lists' own measure.
    if (duration * 2 > target * 3) peak_ = std::max(peak_, Rate(bytes, duration));
  }
  // A hole: runs do not reach across it.
  void Break() { count_ = 0; }

  bool empty() const { return total_time_ <= TimeDelta::Zero(); }
  DataRate average() const { return Rate(total_bytes_, total_time_); }
  // Of a stream too short for a run: its average.
  DataRate peak() const {
    return peak_ > DataRate::Zero() ? peak_ : average();
  }
  // Over the last segments, 16 at most.
  DataRate recent() const {
    std::uint64_t bytes = 0;
    TimeDelta time = TimeDelta::Zero();
    for (std::size_t i = 0; i < std::min(count_, run_.size()); ++i) {
      bytes += run_[i].bytes;
      time += run_[i].duration;
    }
    return Rate(bytes, time);
  }

 private:
  struct Piece {
    std::uint64_t bytes = 0;
    TimeDelta duration = TimeDelta::Zero();
  };
  // Rounded up: what is announced is to be enough.
  static DataRate Rate(std::uint64_t bytes, TimeDelta time) {
    if (time <= TimeDelta::Zero()) return DataRate::Zero();
    const DataRate down = DataSize::Bytes(static_cast<std::int64_t>(bytes)) / time;
    return down + DataRate::BitsPerSecond(1);
  }

  std::array<Piece, 16> run_{};
  std::size_t count_ = 0;
  std::uint64_t total_bytes_ = 0;
  TimeDelta total_time_ = TimeDelta::Zero();
  DataRate peak_ = DataRate::Zero();
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_BANDWIDTH_METER_H_
