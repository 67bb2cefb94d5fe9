#include "bandwidth_trace.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace mediacore::tools {
namespace {

constexpr double kMaxRate = 1e12;          // bit/s
constexpr double kMaxTime = 86'400e6 * 366;  // us, a year

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::string_view> Split(std::string_view line) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t comma = line.find(',');
    cells.push_back(Trim(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

bool ReadNumber(std::string_view text, double& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(out) && out >= 0;
}

// Which column is which, and what one of its units is worth.
struct Columns {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t time = kNone;  // a duration or a point in time
  bool is_duration = false;
  double to_micros = 0;
  std::size_t rate = kNone;
  double to_bps = 0;
  std::size_t rtt = kNone;

  void Name(std::string_view cell, std::size_t index) {
    if (cell == "rtt_ms") rtt = index;
    for (const std::string_view what : {"duration_", "time_"}) {
      if (!cell.starts_with(what)) continue;
      const std::string_view unit = cell.substr(what.size());
      to_micros = unit == "s" ? 1e6 : unit == "ms" ? 1e3 : unit == "us" ? 1.0 : 0.0;
      is_duration = what == "duration_";
      if (to_micros > 0) time = index;
    }
    for (const std::string_view what : {"throughput_", "bandwidth_"}) {
      if (cell.starts_with(what)) cell.remove_prefix(what.size());
    }
    const double factor = cell == "bps" ? 1.0 : cell == "kbps" ? 1e3 : cell == "Mbps" || cell == "mbps" ? 1e6 : 0.0;
    if (factor > 0) {
      rate = index;
      to_bps = factor;
    }
  }
};

}  // namespace

std::optional<BandwidthTrace> BandwidthTrace::Parse(std::string_view csv, std::string& error) {
  Columns columns;
  std::vector<Interval> rows;
  std::vector<double> times;
  std::size_t line_number = 0;
  const auto fail = [&](std::string_view why) {
    error = "line " + std::to_string(line_number) + ": " + std::string(why);
    return std::nullopt;
  };
  while (!csv.empty()) {
    ++line_number;
    const std::size_t end = csv.find('\n');
    const std::string_view line = Trim(csv.substr(0, end));
    csv = end == std::string_view::npos ? std::string_view() : csv.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string_view> cells = Split(line);
    if (columns.rate == Columns::kNone) {
      double number = 0;
      if (ReadNumber(cells[0], number)) {
        columns = {.time = 0, .to_micros = 1e6, .rate = 1, .to_bps = 1e3};
      } else {
        for (std::size_t i = 0; i < cells.size(); ++i) columns.Name(cells[i], i);
        if (columns.time == Columns::kNone || columns.rate == Columns::kNone) {
          return fail("the header needs a column of time (duration_ms, time_s) and one of bandwidth (throughput_bps, kbps)");
        }
        continue;
      }
    }
    double time = 0;
    double rate = 0;
    double rtt = 0;
    if (columns.time >= cells.size() || !ReadNumber(cells[columns.time], time)) {
      return fail("the time is not a number of 0 or more");
    }
    if (columns.rate >= cells.size() || !ReadNumber(cells[columns.rate], rate)) {
      return fail("the bandwidth is not a number of 0 or more");
    }
    if (columns.rtt < cells.size() && !ReadNumber(cells[columns.rtt], rtt)) {
      return fail("rtt_ms is not a number of 0 or more");
    }
    time *= columns.to_micros;
    rate *= columns.to_bps;
    if (time > kMaxTime || rtt > 60'000 || rate > kMaxRate) {
      return fail("a number is larger than a year, 1 Tbit/s or an RTT of 60 s");
    }
    if (rows.size() == kMaxIntervals) return fail("more than 1000000 rows");
    if (!columns.is_duration && !times.empty() && time <= times.back()) return fail("time does not advance");
    times.push_back(time);
    rows.push_back({.duration = TimeDelta::Micros(std::llround(time)),
                    .rate = DataRate::BitsPerSecond(std::llround(rate)),
                    .rtt = TimeDelta::Micros(std::llround(rtt * 1e3))});
  }
  if (!columns.is_duration) {
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      rows[i].duration = TimeDelta::Micros(std::llround(times[i + 1] - times[i]));
    }
    if (rows.size() > 1) rows.back().duration = rows[rows.size() - 2].duration;
    if (rows.size() == 1) rows.back().duration = TimeDelta::Seconds(1);
  }
  std::erase_if(rows, [](const Interval& row) { return row.duration <= TimeDelta::Zero(); });
  TimeDelta total = TimeDelta::Zero();
  for (const Interval& row : rows) total += row.duration;
  if (static_cast<double>(total.us()) > kMaxTime) {
    error = "the trace is longer than a year";
    return std::nullopt;
  }
  if (std::none_of(rows.begin(), rows.end(),
                   [](const Interval& row) { return row.rate > DataRate::Zero(); })) {
    error = "the trace never has any bandwidth";
    return std::nullopt;
  }
  return BandwidthTrace(std::move(rows));
}

BandwidthTrace::BandwidthTrace(std::vector<Interval> intervals) : intervals_(std::move(intervals)) {
  starts_.reserve(intervals_.size());
  for (const Interval& interval : intervals_) {
    starts_.push_back(period_);
    period_ += interval.duration;
    per_period_ += static_cast<Wide>(interval.rate.bps()) * static_cast<Wide>(interval.duration.us());
  }
}

std::size_t BandwidthTrace::IndexAt(TimeDelta phase) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), phase);
  return static_cast<std::size_t>(after - starts_.begin()) - 1;
}

TimeDelta BandwidthTrace::RttAt(TimeDelta at) const {
  at = std::max(at, TimeDelta::Zero());
  return intervals_[IndexAt(TimeDelta::Micros(at.us() % period_.us()))].rtt;
}

DataRate BandwidthTrace::MeanRate() const {
  return DataRate::BitsPerSecond(
      static_cast<std::int64_t>(per_period_ / static_cast<Wide>(period_.us())));
}

TimeDelta BandwidthTrace::FinishTime(TimeDelta start, DataSize size) const {
  start = std::max(start, TimeDelta::Zero());
  Wide left = static_cast<Wide>(std::max<std::int64_t>(size.bytes(), 0)) * 8'000'000;
  // Whole periods at once, so that a slow trace costs no more than a fast one.
  const auto periods = static_cast<std::int64_t>(left / per_period_);
  left %= per_period_;
  TimeDelta at = start + periods * period_;
  TimeDelta phase = TimeDelta::Micros(start.us() % period_.us());
  if (left == 0 && periods > 0) {  // the last bit came where bandwidth last was
    left = per_period_;
    at -= period_;
  }
  for (std::size_t i = IndexAt(phase); left > 0; i = (i + 1) % intervals_.size()) {
    const auto rate = static_cast<Wide>(intervals_[i].rate.bps());
    const TimeDelta stays = starts_[i] + intervals_[i].duration - phase;
    const Wide capacity = rate * static_cast<Wide>(stays.us());
    if (capacity >= left) {
      return at + TimeDelta::Micros(static_cast<std::int64_t>((left + rate - 1) / rate));
    }
    left -= capacity;
    at += stays;
    phase = (i + 1 == intervals_.size()) ? TimeDelta::Zero() : starts_[i + 1];
  }
  return at;
}

Timestamp Throttle::Send(Timestamp ready, DataSize size) {
  const Timestamp begin = std::max(ready, busy_until_);
  busy_until_ = start_ + trace_->FinishTime(begin - start_, size);
  return busy_until_;
}

}  // namespace mediacore::tools
