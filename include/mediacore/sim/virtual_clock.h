#ifndef MEDIACORE_SIM_VIRTUAL_CLOCK_H_
#define MEDIACORE_SIM_VIRTUAL_CLOCK_H_

#include <algorithm>

#include "mediacore/base/time.h"

namespace mediacore::sim {

// The time of a simulation: it stands still until somebody moves it, and never
// goes back.
//
//   while (clock.AdvanceTo(std::min(link.NextTimeout(), buffer.NextTimeout()),
//                          end)) {
//     Step(clock.now());
//   }
class VirtualClock {
 public:
  constexpr explicit VirtualClock(Timestamp start = Timestamp::Zero())
      : now_(start) {}

  constexpr Timestamp now() const { return now_; }

  // To `time`, or stays when that is over. False, and at `end`, when nothing
  // is to happen until then.
  constexpr bool AdvanceTo(Timestamp time,
                           Timestamp end = Timestamp::PlusInfinity()) {
    now_ = std::max(now_, std::min(time, end));
    return time <= end && time != Timestamp::PlusInfinity();
  }
  constexpr void AdvanceBy(TimeDelta step) { now_ = std::max(now_, now_ + step); }

 private:
  Timestamp now_;
};

}  // namespace mediacore::sim

#endif  // MEDIACORE_SIM_VIRTUAL_CLOCK_H_
