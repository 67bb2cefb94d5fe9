#ifndef MEDIACORE_SEGMENT_MEDIA_CLOCK_H_
#define MEDIACORE_SEGMENT_MEDIA_CLOCK_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "mediacore/base/ntp_time.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"

namespace mediacore::segment {

// The clock of one RTP stream: RTP timestamps in, ticks that never wrap out,
// and a judgement when tick 0 was, once by the arrival of frames and once by
// the sender's reports (RFC 3550, sections 5.1 and 6.4.1).
//
//   const MediaClock::Update update = clock.OnFrame(now, frame.rtp_timestamp);
//   if (clock.OnSenderReport(now, sr.ntp(), sr.rtp())) ...
//   const auto ahead = Align(video_clock, audio_clock);
//
// Ticks go on through everything: where the time base changes, the ticks of the
// new one continue at the time that passed on the caller's clock, and `jumped`
// says so; what the reports said is forgotten then.
//
// The tick-0 judgements are filtered: by arrival, the frame with the least
// delay of the last 10 to 20 seconds counts; of reports, the middle one of the
// last five, so that one bad report moves nothing (of two, the older one).
//
// Threads: one at a time. Memory: none beyond itself (about 150 bytes).
class MediaClock {
 public:
  struct Update {
    std::int64_t ticks = 0;
    bool jumped = false;  // not the time base of the frame before
  };

  // `max_jump`: how far a timestamp may leave the caller's clock from one frame
  // to the next, or go back, before it is another time base.
  constexpr MediaClock(int clock_rate, TimeDelta max_jump)
      : rate_(clock_rate), max_jump_(max_jump) {}

  constexpr int rate() const { return rate_; }

  [[nodiscard]] constexpr Update OnFrame(Timestamp now, RtpTimestamp rtp) {
    Update update;
    now = std::max(now, last_now_);  // a clock that steps back stands still
    if (started_) {
      const TimeDelta passed = now - last_now_;
      const TimeDelta moved =
          TimeDelta::Ticks(unwrapper_.Peek(rtp) + base_ - last_ticks_, rate_);
      update.jumped = restart_ || moved < -max_jump_ || moved - passed > max_jump_;
      if (update.jumped) {
        const std::int64_t expected =
            highest_ + std::max(step_, std::min(passed, kMaxPause).ToTicks(rate_));
        Forget();
        base_ = expected - unwrapper_.Unwrap(rtp);
      }
    }
    update.ticks = base_ + unwrapper_.Unwrap(rtp);
    if (!started_) highest_ = update.ticks;
    if (update.ticks > highest_) {
      if (!update.jumped) step_ = std::min<std::int64_t>(update.ticks - highest_, rate_);
      highest_ = update.ticks;
    }
    started_ = true;
    restart_ = false;
    last_ticks_ = update.ticks;
    last_now_ = now;
    AddArrival(now, ZeroAt(now.us(), update.ticks));
    return update;
  }

  // False when the report says nothing: no wall clock.
  [[nodiscard]] constexpr bool OnSenderReport(NtpTime ntp, RtpTimestamp rtp) {
    if (!ntp.IsSet() || restart_) return false;
    // The first number of a stream decides the turn that its timestamps are
    // in, also when a report brings it.
    const std::int64_t ticks =
        base_ + (started_ || reports_ > 0 ? unwrapper_.Peek(rtp)
                                          : unwrapper_.Unwrap(rtp));
    zero_by_report_[reports_ % zero_by_report_.size()] =
        ZeroAt(ntp.ToUnixMicros(), ticks);
    ++reports_;
    return true;
  }

  // The source began anew: the next frame starts another time base.
  constexpr void Restart() { restart_ = started_; }

  // When tick 0 was, on the caller's clock.
  constexpr std::optional<TimeDelta> ZeroByArrival() const {
    if (!started_) return std::nullopt;
    return TimeDelta::Micros(std::min(least_, least_before_));
  }
  // When tick 0 was on the sender's wall clock, since 1970.
  constexpr std::optional<TimeDelta> ZeroByReports() const {
    if (reports_ == 0) return std::nullopt;
    if (reports_ < 3) return TimeDelta::Micros(zero_by_report_[0]);
    auto sorted = zero_by_report_;
    const std::size_t n = std::min(reports_, sorted.size());
    for (std::size_t i = 1; i < n; ++i) {  // five at most
      for (std::size_t k = i; k > 0 && sorted[k] < sorted[k - 1]; --k) {
        std::swap(sorted[k], sorted[k - 1]);
      }
    }
    return TimeDelta::Micros(sorted[(n - 1) / 2]);
  }

 private:
  static constexpr TimeDelta kWindow = TimeDelta::Seconds(10);
  static constexpr TimeDelta kMaxPause = TimeDelta::Seconds(24 * 3600);

  constexpr std::int64_t ZeroAt(std::int64_t us, std::int64_t ticks) const {
    return SaturatingSubtract(us, TimeDelta::Ticks(ticks, rate_).us());
  }
  constexpr void AddArrival(Timestamp now, std::int64_t zero) {
    if (now - window_start_ >= kWindow) {
      least_before_ = now - window_start_ < kWindow * 2 ? least_ : kInt64Max;
      least_ = kInt64Max;
      window_start_ = now;
    }
    least_ = std::min(least_, zero);
  }
  constexpr void Forget() {
    unwrapper_.Reset();
    reports_ = 0;
    least_ = least_before_ = kInt64Max;
  }

  int rate_;
  TimeDelta max_jump_;
  Unwrapper<RtpTimestamp> unwrapper_;
  std::int64_t base_ = 0;  // ticks = base + unwrapped
  std::int64_t last_ticks_ = 0;
  std::int64_t highest_ = 0;
  std::int64_t step_ = 1;  // of the last forward move
  Timestamp last_now_ = Timestamp::MinusInfinity();
  bool started_ = false;
  bool restart_ = false;
  Timestamp window_start_ = Timestamp::MinusInfinity();
  std::int64_t least_ = kInt64Max;
  std::int64_t least_before_ = kInt64Max;
  std::size_t reports_ = 0;
  std::array<std::int64_t, 5> zero_by_report_{};
};

// Where two clocks of one source lie to each other.
struct Alignment {
  TimeDelta offset;   // tick 0 of `other` minus tick 0 of `master`
  bool from_reports;  // else by arrival
};

// Unset until both have had a frame. Reports count when both clocks have them
// and they do not contradict the arrivals by more than ten seconds (then the
// two wall clocks are not one).
constexpr std::optional<Alignment> Align(const MediaClock& master,
                                         const MediaClock& other) {
  const auto master_arrival = master.ZeroByArrival();
  const auto other_arrival = other.ZeroByArrival();
  if (!master_arrival || !other_arrival) return std::nullopt;
  const TimeDelta by_arrival = *other_arrival - *master_arrival;
  const auto master_report = master.ZeroByReports();
  const auto other_report = other.ZeroByReports();
  if (master_report && other_report) {
    const TimeDelta by_report = *other_report - *master_report;
    if ((by_report - by_arrival).Abs() <= TimeDelta::Seconds(10)) {
      return Alignment{by_report, true};
    }
  }
  return Alignment{by_arrival, false};
}

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_MEDIA_CLOCK_H_
