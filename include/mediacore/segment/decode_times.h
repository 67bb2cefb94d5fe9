#ifndef MEDIACORE_SEGMENT_DECODE_TIMES_H_
#define MEDIACORE_SEGMENT_DECODE_TIMES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mediacore::segment {

// RTP says when a picture is shown, not when it is decoded. Decode times are the
// presentation times of the same pictures, sorted: the n-th to be decoded gets
// the n-th time. Where pictures are shown in the order they are decoded in,
// both are the same.
//
// MP4 may have pictures shown "before" they are decoded (composition offsets
// are signed), so a segment stands by itself: `times` of its pictures in
// decoding order become decode times that begin with `start` and rise.
// Returns the last of them. Linear where nothing is out of order.
inline std::int64_t SortIntoDecodeTimes(std::span<std::int64_t> times,
                                        std::int64_t start) {
  if (!std::is_sorted(times.begin(), times.end())) {
    std::sort(times.begin(), times.end());
  }
  std::int64_t next = start;
  for (std::int64_t& time : times) {
    time = &time == times.data() ? start : std::max(time, next);
    next = time + 1;
  }
  return next - 1;
}

// A transport stream may not, so there each decode time is the sorted time
// `depth` pictures earlier: the least that keeps every picture from being shown
// before it is decoded. The depth is what has been seen so far, at most
// kMaxDepth (the 16 reference frames of H.264), and only grows.
//
// Threads: one at a time. Memory: none beyond itself.
class DelayedDecodeTimes {
 public:
  static constexpr std::size_t kMaxDepth = 16;

  // What came before does not count: another time line.
  void Restart() { known_ = 0; }

  // `pts` of a segment in decoding order; `dts`, of the same length, gets the
  // decode times. `frame_ticks`: about how long a picture lasts.
  void Assign(std::span<const std::int64_t> pts, std::int64_t frame_ticks,
              std::span<std::int64_t> dts) {
    if (pts.empty()) return;
    depth_ = std::max(depth_, Depth(pts));
    std::copy(pts.begin(), pts.end(), dts.begin());
    if (!std::is_sorted(dts.begin(), dts.end())) std::sort(dts.begin(), dts.end());
    for (; known_ < kMaxDepth; ++known_) {  // as if it had gone on like this
      const std::int64_t first = known_ == 0 ? dts[0] : Before(known_ - 1);
      before_[known_] = first - std::max<std::int64_t>(1, frame_ticks);
    }
    std::array<std::int64_t, kMaxDepth> next_before{};
    for (std::size_t i = 0; i < kMaxDepth; ++i) {
      next_before[i] = i < dts.size() ? dts[dts.size() - 1 - i]
                                      : Before(i - dts.size());
    }
    for (std::size_t k = dts.size(); k-- > 0;) {
      dts[k] = k >= depth_ ? dts[k - depth_] : Before(depth_ - 1 - k);
    }
    for (std::size_t k = 0; k < dts.size(); ++k) {
      dts[k] = std::min(dts[k], pts[k]);
      if (k > 0 || started_) dts[k] = std::max(dts[k], last_ + 1);
      last_ = dts[k];
      started_ = true;
    }
    before_ = next_before;
  }

 private:
  std::int64_t Before(std::size_t i) const { return before_[i]; }

  // How many pictures at most are decoded before one that is shown earlier.
  static std::size_t Depth(std::span<const std::int64_t> pts) {
    std::array<std::int64_t, kMaxDepth> latest{};  // highest first
    std::size_t have = 0;
    std::size_t depth = 0;
    for (const std::int64_t time : pts) {
      std::size_t later = 0;
      while (later < have && latest[later] > time) ++later;
      depth = std::max(depth, later);
      if (later == kMaxDepth) continue;
      if (have < kMaxDepth) ++have;
      for (std::size_t i = have - 1; i > later; --i) latest[i] = latest[i - 1];
      latest[later] = time;
    }
    return depth;
  }

  std::size_t depth_ = 0;
  std::size_t known_ = 0;
  std::array<std::int64_t, kMaxDepth> before_{};  // sorted times, latest first
  std::int64_t last_ = 0;
  bool started_ = false;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_DECODE_TIMES_H_
