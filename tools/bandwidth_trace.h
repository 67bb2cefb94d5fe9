#ifndef MEDIACORE_TOOLS_BANDWIDTH_TRACE_H_
#define MEDIACORE_TOOLS_BANDWIDTH_TRACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mediacore/base/time.h"
#include "mediacore/base/units.h"

namespace mediacore::tools {

// Bandwidth over time: so much from here to there, then from the beginning.
//
// Read from CSV with a header line, in either of two forms:
//
//   duration_ms,throughput_bps,rtt_ms     each row is an interval
//   time_s,kbps                           each row holds from its time on; the
//                                         last as long as the one before it
//
// Columns may be named duration_/time_ with _s, _ms or _us, and throughput_,
// bandwidth_ or nothing before bps, kbps or Mbps; rtt_ms is optional, other
// columns are ignored. Without a header line the columns are time_s,kbps.
class BandwidthTrace {
 public:
  struct Interval {
    TimeDelta duration = TimeDelta::Zero();
    DataRate rate = DataRate::Zero();
    TimeDelta rtt = TimeDelta::Zero();
  };
  static constexpr std::size_t kMaxIntervals = 1'000'000;

  // On failure `error` says line and reason, and the result is empty.
  static std::optional<BandwidthTrace> Parse(std::string_view csv, std::string& error);

  // When the last of `size` bytes is through that began to flow `start` after
  // the beginning of the trace; exact to a microsecond, rounded up.
  TimeDelta FinishTime(TimeDelta start, DataSize size) const;
  TimeDelta RttAt(TimeDelta at) const;

  const std::vector<Interval>& intervals() const { return intervals_; }
  TimeDelta period() const { return period_; }
  DataRate MeanRate() const;

 private:
  __extension__ using Wide = unsigned __int128;

  explicit BandwidthTrace(std::vector<Interval> intervals);
  std::size_t IndexAt(TimeDelta phase) const;

  std::vector<Interval> intervals_;
  std::vector<TimeDelta> starts_;  // of each interval within the period
  TimeDelta period_ = TimeDelta::Zero();
  Wide per_period_ = 0;  // bit per second times microseconds
};

// One client's link: what is sent over it waits its turn. Responses of several
// connections share it in the order of their chunks.
class Throttle {
 public:
  explicit Throttle(const BandwidthTrace& trace, Timestamp start)
      : trace_(&trace), start_(start), busy_until_(start) {}

  // When `size` bytes that were ready at `ready` have gone through.
  Timestamp Send(Timestamp ready, DataSize size);
  TimeDelta RttAt(Timestamp now) const { return trace_->RttAt(now - start_); }

 private:
  const BandwidthTrace* trace_;
  Timestamp start_;
  Timestamp busy_until_;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_BANDWIDTH_TRACE_H_
