#ifndef MEDIACORE_SEGMENT_CUT_POLICY_H_
#define MEDIACORE_SEGMENT_CUT_POLICY_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "mediacore/base/time.h"

namespace mediacore::segment {

// Where a segment of the leading track ends.
struct Cut {
  std::size_t index = 0;  // the first frame that is no longer in it
  bool forced = false;    // no key frame came in time: anywhere up to `index`
};

// Decides where to cut, frame by frame in decoding order:
//
//   1. at the first key frame at or after `target` (less 50 ms), if it is not
//      after `bound`;
//   2. else at the last key frame before `bound`, going back to it;
//   3. else, while `patience` lasts, at the first key frame that comes;
//   4. else somewhere before `bound`, where no key frame is.
//
// `bound` is what a segment may last under the announced target duration;
// `patience` is more than `bound` only as long as nothing is announced. The
// sizes are limits too: a segment that would grow past them is cut by 2 or 4.
//
// Threads: one at a time. Memory: none beyond itself.
class CutPolicy {
 public:
  struct Limits {
    TimeDelta target = TimeDelta::Seconds(4);
    TimeDelta bound = TimeDelta::Millis(4250);
    TimeDelta patience = TimeDelta::Millis(4250);
    std::uint64_t max_bytes = UINT64_MAX;
    std::size_t max_samples = SIZE_MAX;
  };

  // A segment begins. Its first frame (index 0) is told to Add() like the rest.
  void Begin() {
    next_ = 0;
    bytes_ = 0;
    last_key_ = 0;
  }
  // How many frames have been told since Begin(): the index of the next.
  std::size_t next() const { return next_; }

  // `at`: presentation time since the segment's start.
  std::optional<Cut> Add(const Limits& limits, TimeDelta at, bool key,
                         std::uint64_t bytes) {
    const std::size_t index = next_++;
    bytes_ += bytes;
    if (index == 0) return std::nullopt;
    if (bytes_ > limits.max_bytes || index >= limits.max_samples) {
      return last_key_ > 0 ? Cut{last_key_} : Cut{index, !key};
    }
    if (at <= limits.bound) {
      if (!key) return std::nullopt;
      if (at >= limits.target - kSlack) return Cut{index};
      last_key_ = index;
      return std::nullopt;
    }
    if (last_key_ > 0) return Cut{last_key_};
    if (at > limits.patience) return Cut{index, true};
    if (key) return Cut{index};
    return std::nullopt;
  }

 private:
  static constexpr TimeDelta kSlack = TimeDelta::Millis(50);

  std::size_t next_ = 0;
  std::uint64_t bytes_ = 0;
  std::size_t last_key_ = 0;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_CUT_POLICY_H_
