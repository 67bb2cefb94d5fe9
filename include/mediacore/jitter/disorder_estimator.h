#ifndef MEDIACORE_JITTER_DISORDER_ESTIMATOR_H_
#define MEDIACORE_JITTER_DISORDER_ESTIMATOR_H_

#include <algorithm>

#include "mediacore/base/time.h"

namespace mediacore::jitter {

// How long to wait for a missing packet, learnt from those that did come after
// a later one: a quarter more than the worst delay seen, which fades by an
// eighth every second (by half in 5.2 s), never outside [min_wait, max_wait].
// A packet later than max_wait teaches nothing: no wait would have helped it.
class DisorderEstimator {
 public:
  DisorderEstimator(TimeDelta min_wait, TimeDelta max_wait)
      : min_wait_(min_wait), max_wait_(max_wait), wait_(min_wait) {}

  // A packet arrived `lateness` after the first one that follows it in sequence.
  void HandleLatePacket(Timestamp now, TimeDelta lateness) {
    Fade(now);
    if (lateness > max_wait_) return;
    worst_ = std::max(worst_, lateness);
    Settle();
  }
  void Fade(Timestamp now) {
    if (now < next_fade_) return;
    const TimeDelta since = now - next_fade_;
    // 200 steps fade any wait to nothing.
    const std::int64_t steps =
        next_fade_.IsFinite() ? std::min<std::int64_t>(since.us() / 1'000'000 + 1, 200) : 0;
    for (std::int64_t i = 0; i < steps && worst_ > TimeDelta::Zero(); ++i) {
      worst_ -= std::max(worst_ / 8, TimeDelta::Micros(1));
    }
    next_fade_ = now + TimeDelta::Seconds(1);
    Settle();
  }
  TimeDelta wait() const { return wait_; }

 private:
  void Settle() {
    wait_ = std::clamp(worst_ + worst_ / 4, min_wait_, max_wait_);
  }

  TimeDelta min_wait_;
  TimeDelta max_wait_;
  TimeDelta wait_;
  TimeDelta worst_ = TimeDelta::Zero();
  Timestamp next_fade_ = Timestamp::MinusInfinity();
};

}  // namespace mediacore::jitter

#endif  // MEDIACORE_JITTER_DISORDER_ESTIMATOR_H_
