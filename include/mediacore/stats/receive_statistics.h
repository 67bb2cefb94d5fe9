#ifndef MEDIACORE_STATS_RECEIVE_STATISTICS_H_
#define MEDIACORE_STATS_RECEIVE_STATISTICS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/base/units.h"
#include "mediacore/rtcp/report_block.h"

namespace mediacore::stats {

// What a packet was to its stream when it arrived.
enum class Arrival : std::uint8_t {
  kFirst,      // of the stream
  kNext,       // the one after the newest
  kAfterGap,   // newer, and some between are missing so far
  kReordered,  // older than the newest, not seen before
  kDuplicate,  // seen before
  kJumped,     // far off; set aside until the next packet says what it was
  kRestarted,  // follows the one set aside: the sender numbers anew
};

constexpr std::string_view ToString(Arrival arrival) {
  switch (arrival) {
    case Arrival::kFirst: return "first";
    case Arrival::kNext: return "next";
    case Arrival::kAfterGap: return "after a gap";
    case Arrival::kReordered: return "reordered";
    case Arrival::kDuplicate: return "duplicate";
    case Arrival::kJumped: return "jumped";
    case Arrival::kRestarted: return "restarted";
  }
  return "unknown";
}

// What a receiver knows of one stream (one SSRC seen at one place): how much
// came, what is missing, double or out of order, and how unevenly it arrived
// (RFC 3550, sections 6.4.1 and A.1, A.3, A.8).
//
//   auto statistics = ReceiveStatistics::Create({.clock_rate = Frequency::Hertz(90'000)}).value();
//   statistics.OnPacket(now, packet.sequence_number(), packet.timestamp(), size);
//   Print(statistics.missing(), statistics.jitter());
//   rtcp::ReportBlock report = statistics.TakeReport(packet.ssrc());
//
// Numbers are unwrapped; a packet up to kWindow behind the newest is reordered
// or a duplicate, up to max_dropout ahead is a gap. What is further off is set
// aside: if the packet after it follows it, the sender has started anew, the
// counts go on and a new stretch of numbers begins; if not, it stays a stray.
//
// Threads: one at a time. Memory: under 700 bytes in place. A clock that steps back
// stands still.
class ReceiveStatistics {
 public:
  static constexpr std::int64_t kWindow = 4096;

  struct Config {
    // Of the RTP timestamps; Zero(): not known, and jitter stays zero.
    Frequency clock_rate = Frequency::Zero();
    // Largest gap that is taken for loss, 1 to 32767.
    std::int64_t max_dropout = 3000;
  };
  struct Update {
    Arrival arrival = Arrival::kFirst;
    // Unwrapped; comparable within one stretch between restarts.
    std::int64_t sequence_number = 0;
  };

  static absl::StatusOr<ReceiveStatistics> Create(const Config& config) {
    if (config.clock_rate < Frequency::Zero() || config.clock_rate > Frequency::Hertz(1'000'000'000)) {
      return absl::InvalidArgumentError(
          "ReceiveStatistics::Config::clock_rate is not between 0 and 1 GHz");
    }
    if (config.max_dropout < 1 || config.max_dropout > 32767) {
      return absl::InvalidArgumentError(
          "ReceiveStatistics::Config::max_dropout is not between 1 and 32767");
    }
    return ReceiveStatistics(config);
  }

  Update OnPacket(Timestamp now, SequenceNumber number, RtpTimestamp timestamp,
                  DataSize size) noexcept {
    size_ += size;
    UpdateJitter(now, timestamp);
    return Place(number);
  }

  // Packets that belong to the stream, duplicates included, strays not.
  std::int64_t received() const { return received_; }
  std::int64_t duplicates() const { return duplicates_; }
  std::int64_t reordered() const { return reordered_; }
  // Far off and never followed.
  std::int64_t strays() const { return strays_ + (aside_ ? 1 : 0); }
  std::int64_t restarts() const { return restarts_; }
  // From the first to the newest number, over all stretches.
  std::int64_t expected() const { return expected_before_ + (received_ > 0 ? highest_ - base_ + 1 : 0); }
  // Numbers that never came; duplicates do not make up for them.
  std::int64_t missing() const { return expected() - (received_ - duplicates_); }
  // All that was given to OnPacket().
  DataSize size() const { return size_; }

  // Section 6.4.1; in ticks of the clock, and as time.
  std::uint32_t jitter_ticks() const { return static_cast<std::uint32_t>(jitter_x16_ >> 4); }
  TimeDelta jitter() const {
    if (config_.clock_rate == Frequency::Zero()) return TimeDelta::Zero();
    return TimeDelta::Micros(SaturatingMulDiv(jitter_x16_, 1'000'000'000 / 16,
                                              config_.clock_rate.millihertz()));
  }

  // Cycles and highest number of the current stretch (section 6.4.1).
  std::uint32_t extended_highest_sequence_number() const {
    return static_cast<std::uint32_t>(highest_);
  }
  // For a sender or receiver report; the fraction is of what came since the
  // last call (section A.3). LSR and DLSR are the caller's.
  rtcp::ReportBlock TakeReport(Ssrc ssrc) noexcept {
    const std::int64_t expected_now = expected();
    const std::int64_t expected_since = expected_now - reported_expected_;
    const std::int64_t lost_since = expected_since - (received_ - reported_received_);
    reported_expected_ = expected_now;
    reported_received_ = received_;
    rtcp::ReportBlock report;
    report.ssrc = ssrc;
    if (expected_since > 0 && lost_since > 0) {
      report.fraction_lost =
          static_cast<std::uint8_t>(std::min<std::int64_t>(255, lost_since * 256 / expected_since));
    }
    report.cumulative_lost = static_cast<std::int32_t>(std::clamp<std::int64_t>(
        expected_now - received_, rtcp::ReportBlock::kMinCumulativeLost,
        rtcp::ReportBlock::kMaxCumulativeLost));
    report.extended_highest_sequence_number = extended_highest_sequence_number();
    report.jitter = jitter_ticks();
    return report;
  }

 private:
  explicit ReceiveStatistics(const Config& config) : config_(config) {}

  Update Place(SequenceNumber number) noexcept {
    if (received_ == 0) {
      Begin(number);
      return {Arrival::kFirst, highest_};
    }
    const SequenceNumber newest(static_cast<std::uint16_t>(highest_));
    const std::int64_t ahead = number - newest;
    if (ahead > 0 && ahead <= config_.max_dropout) {
      Forget(ahead);
      highest_ += ahead;
      Mark(highest_);
      ++received_;
      GiveUpAside();
      return {ahead == 1 ? Arrival::kNext : Arrival::kAfterGap, highest_};
    }
    if (ahead <= 0 && ahead > -kWindow) {
      const std::int64_t at = highest_ + ahead;
      ++received_;
      GiveUpAside();
      if (IsMarked(at)) {
        ++duplicates_;
        return {Arrival::kDuplicate, at};
      }
      ++reordered_;
      Mark(at);
      base_ = std::min(base_, at);
      return {Arrival::kReordered, at};
    }
    if (aside_ && number == aside_number_ + 1) {
      expected_before_ = expected();
      ++restarts_;
      aside_ = false;
      seen_ = {};
      Begin(aside_number_);
      ++highest_;
      Mark(highest_);
      ++received_;
      return {Arrival::kRestarted, highest_};
    }
    GiveUpAside();
    aside_ = true;
    aside_number_ = number;
    return {Arrival::kJumped, number.value()};
  }

  void Begin(SequenceNumber number) noexcept {
    base_ = highest_ = number.value();
    Mark(highest_);
    ++received_;
  }
  void GiveUpAside() noexcept {
    strays_ += aside_ ? 1 : 0;
    aside_ = false;
  }

  // A ring of bits, one for each of the last kWindow numbers.
  static constexpr std::uint64_t BitOf(std::int64_t at) {
    return std::uint64_t{1} << (static_cast<std::uint64_t>(at) % 64);
  }
  static constexpr std::size_t WordOf(std::int64_t at) {
    return static_cast<std::uint64_t>(at) / 64 % (kWindow / 64);
  }
  void Mark(std::int64_t at) noexcept { seen_[WordOf(at)] |= BitOf(at); }
  bool IsMarked(std::int64_t at) const noexcept { return (seen_[WordOf(at)] & BitOf(at)) != 0; }
  // Clears the places of the next `count` numbers.
  void Forget(std::int64_t count) noexcept {
    count = std::min(count, kWindow);
    for (std::int64_t at = highest_ + 1; at <= highest_ + count; ++at) seen_[WordOf(at)] &= ~BitOf(at);
  }

  void UpdateJitter(Timestamp now, RtpTimestamp timestamp) noexcept {
    if (config_.clock_rate == Frequency::Zero() || !now.IsFinite()) return;
    if (!timed_) first_arrival_ = last_arrival_ = now;
    last_arrival_ = std::max(last_arrival_, now);
    const auto arrival = static_cast<std::uint32_t>(SaturatingMulDiv(
        (last_arrival_ - first_arrival_).us(), config_.clock_rate.millihertz(), 1'000'000'000));
    const std::uint32_t transit = arrival - timestamp.value();
    if (timed_) {
      std::int64_t difference = static_cast<std::int32_t>(transit - transit_);
      difference = difference < 0 ? -difference : difference;
      jitter_x16_ += difference - ((jitter_x16_ + 8) >> 4);
    }
    transit_ = transit;
    timed_ = true;
  }

  Config config_;
  std::array<std::uint64_t, kWindow / 64> seen_{};
  std::int64_t base_ = 0;
  std::int64_t highest_ = 0;
  std::int64_t received_ = 0;
  std::int64_t duplicates_ = 0;
  std::int64_t reordered_ = 0;
  std::int64_t strays_ = 0;
  std::int64_t restarts_ = 0;
  std::int64_t expected_before_ = 0;
  std::int64_t reported_expected_ = 0;
  std::int64_t reported_received_ = 0;
  DataSize size_ = DataSize::Zero();
  Timestamp first_arrival_ = Timestamp::MinusInfinity();
  Timestamp last_arrival_ = Timestamp::MinusInfinity();
  std::int64_t jitter_x16_ = 0;
  std::uint32_t transit_ = 0;
  SequenceNumber aside_number_;
  bool aside_ = false;
  bool timed_ = false;
};

}  // namespace mediacore::stats

#endif  // MEDIACORE_STATS_RECEIVE_STATISTICS_H_
