#ifndef MEDIACORE_SIM_LINK_H_
#define MEDIACORE_SIM_LINK_H_

#include <algorithm>
#include <cmath>
#include <concepts>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "mediacore/base/units.h"
#include "mediacore/sim/random.h"

namespace mediacore::sim {

// From `start` on, until the next step.
struct CapacityStep {
  Timestamp start = Timestamp::MinusInfinity();
  DataRate rate = DataRate::Zero();
};

// Packets that used the link and do not arrive.
struct LossModel {
  enum class Kind : std::uint8_t { kNone, kBernoulli, kGilbertElliott };
  Kind kind = Kind::kNone;
  double probability = 0;  // kBernoulli
  // kGilbertElliott: before each packet the state may change, and then decides.
  double good_to_bad = 0;
  double bad_to_good = 1;
  double loss_good = 0;
  double loss_bad = 1;
  std::uint64_t seed = 1;
};

// Delay that differs from packet to packet, never negative.
struct JitterModel {
  enum class Kind : std::uint8_t { kNone, kUniform, kNormal };
  Kind kind = Kind::kNone;
  TimeDelta mean = TimeDelta::Zero();
  // kNormal: the standard deviation. kUniform: mean - spread to mean + spread.
  TimeDelta spread = TimeDelta::Zero();
  bool keep_order = true;  // no packet arrives before one sent earlier
  std::uint64_t seed = 2;
};

// Packets that come `extra_delay` late (past others), or once more so much later.
struct StrayModel {
  double probability = 0;
  TimeDelta extra_delay = TimeDelta::Millis(10);
  std::uint64_t seed = 3;
};

struct LinkConfig {
  // Sorted by start; the first holds before its start too. Empty: no limit.
  std::vector<CapacityStep> capacity = {};
  // A packet that would make more wait than this is dropped (drop-tail).
  DataSize queue_limit = DataSize::PlusInfinity();
  // The same by the time the packet would wait.
  TimeDelta queue_time_limit = TimeDelta::PlusInfinity();
  TimeDelta delay = TimeDelta::Zero();  // propagation, after the queue
  LossModel loss = {};
  JitterModel jitter = {};
  StrayModel reordering{.seed = 3};
  StrayModel duplication{.extra_delay = TimeDelta::Zero(), .seed = 4};
  std::size_t max_packets = 16'384;  // in the queue, and under way, at most
};

// Why a LinkConfig makes no link, in the order looked for.
enum class LinkConfigError : std::uint8_t {
  kNone,
  kUnsortedCapacity,
  kNegativeCapacity,
  kNegativeLimit,
  kNegativeDelay,
  kNotAProbability,
  kCannotDuplicate,  // duplication of a Packet that cannot be copied
};

constexpr std::string_view ToString(LinkConfigError error) {
  switch (error) {
    case LinkConfigError::kNone: return "link: no error";
    case LinkConfigError::kUnsortedCapacity: return "link: capacity is not sorted";
    case LinkConfigError::kNegativeCapacity: return "link: capacity is negative";
    case LinkConfigError::kNegativeLimit: return "link: queue limit is negative";
    case LinkConfigError::kNegativeDelay: return "link: delay is negative or infinite";
    case LinkConfigError::kNotAProbability: return "link: probability is not 0 to 1";
    case LinkConfigError::kCannotDuplicate: return "link: packets cannot be copied";
  }
  return "link: unknown";
}

// Always: sent + duplicated = delivered + dropped_by_queue + dropped_for_room +
// lost + under_way.
struct LinkCounters {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t dropped_by_queue = 0;
  std::uint64_t dropped_for_room = 0;  // max_packets
  std::uint64_t lost = 0;              // by the loss model
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;         // held back by the reordering model
  std::uint64_t under_way = 0;
};

// One direction of a network path: a bottleneck with a queue, then propagation
// delay, loss, jitter, reordering and duplication.
//
//   auto link = Link<int>::Create(config);
//   link->Send(now, DataSize::Bytes(1200), 7);
//   Link<int>::Delivery arrived;
//   while (link->Poll(now, arrived)) Receive(arrived.packet);
//   clock.AdvanceTo(link->NextTimeout());
//
// Exact in whole microseconds and the same on every machine: a packet leaves
// the queue at the first microsecond at which the capacity since its start adds
// up to its bits. Random numbers: loss draws one (Gilbert-Elliott two) for every
// packet that the queue took; jitter one (normal: twelve) for each of these,
// lost or not; reordering and duplication one for each that is not lost; a model
// that is off draws none.
//
// Memory: MaxMemory(config), taken in Create(). A clock that steps back stands
// still. Threads: one at a time.
template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
class Link {
 public:
  using Config = LinkConfig;
  using Counters = LinkCounters;

  struct Delivery {
    Packet packet{};
    Timestamp sent = Timestamp::MinusInfinity();
    Timestamp arrival = Timestamp::MinusInfinity();
    DataSize size = DataSize::Zero();
  };

  // Nothing when Check(config) is not kNone.
  static std::optional<Link> Create(const Config& config) {
    if (Check(config) != LinkConfigError::kNone) return std::nullopt;
    return Link(config);
  }
  static LinkConfigError Check(const Config& config);
  static std::size_t MaxMemory(const Config& config) {
    return sizeof(Link) + config.capacity.size() * sizeof(CapacityStep) +
           config.max_packets * (sizeof(Queued) + sizeof(UnderWay));
  }

  // True when the queue took the packet. It may get lost later all the same.
  bool Send(Timestamp now, DataSize size, Packet packet);

  // The next packet that has arrived by `now`, in the order of arrival.
  [[nodiscard]] bool Poll(Timestamp now, Delivery& out);

  // When the next packet arrives; PlusInfinity() when none is under way.
  Timestamp NextTimeout() const {
    return under_way_.empty() ? Timestamp::PlusInfinity()
                              : under_way_.front().delivery.arrival;
  }
  const Counters& counters() const { return counters_; }
  // How long a packet sent at `now` would wait before the link turns to it.
  TimeDelta QueueDelay(Timestamp now) const {
    return std::max(TimeDelta::Zero(), free_ - now);
  }

 private:
  struct Queued {
    Timestamp finish = Timestamp::MinusInfinity();
    DataSize size = DataSize::Zero();
  };
  struct UnderWay {
    Delivery delivery;
    std::uint64_t order = 0;
  };
  // For a heap with the earliest arrival on top; of equal ones, the first made.
  static bool Later(const UnderWay& a, const UnderWay& b) {
    if (a.delivery.arrival != b.delivery.arrival) {
      return a.delivery.arrival > b.delivery.arrival;
    }
    return a.order > b.order;
  }

  explicit Link(const Config& config)
      : config_(config),
        loss_(config.loss.seed),
        jitter_(config.jitter.seed),
        reordering_(config.reordering.seed),
        duplication_(config.duplication.seed),
        queue_(config.max_packets) {
    under_way_.reserve(config.max_packets);
  }

  Timestamp FinishOf(DataSize size, Timestamp start);
  bool DrawLoss();
  TimeDelta DrawJitter();
  void Launch(Delivery delivery) {
    under_way_.push_back({std::move(delivery), next_order_++});
    std::push_heap(under_way_.begin(), under_way_.end(), Later);
    ++counters_.under_way;
  }

  Config config_;
  Random loss_;
  Random jitter_;
  Random reordering_;
  Random duplication_;
  bool bad_state_ = false;  // of Gilbert and Elliott
  Timestamp now_ = Timestamp::MinusInfinity();
  Timestamp free_ = Timestamp::MinusInfinity();  // when the queue is empty
  Timestamp last_arrival_ = Timestamp::MinusInfinity();
  std::size_t step_ = 0;  // of the capacity, in force at free_
  std::vector<Queued> queue_;  // a ring
  std::size_t queue_head_ = 0;
  std::size_t queue_size_ = 0;
  DataSize backlog_ = DataSize::Zero();  // of the queue
  std::vector<UnderWay> under_way_;
  std::uint64_t next_order_ = 0;
  Counters counters_;
};

template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
LinkConfigError Link<Packet>::Check(const Config& config) {
  for (std::size_t i = 0; i < config.capacity.size(); ++i) {
    if (i > 0 && config.capacity[i].start <= config.capacity[i - 1].start) {
      return LinkConfigError::kUnsortedCapacity;
    }
    if (config.capacity[i].rate < DataRate::Zero()) {
      return LinkConfigError::kNegativeCapacity;
    }
  }
  if (config.queue_limit < DataSize::Zero() ||
      config.queue_time_limit < TimeDelta::Zero()) {
    return LinkConfigError::kNegativeLimit;
  }
  for (const TimeDelta delay :
       {config.delay, config.jitter.mean, config.jitter.spread,
        config.reordering.extra_delay, config.duplication.extra_delay}) {
    if (delay < TimeDelta::Zero() || !delay.IsFinite()) {
      return LinkConfigError::kNegativeDelay;
    }
  }
  for (const double p :
       {config.loss.probability, config.loss.good_to_bad,
        config.loss.bad_to_good, config.loss.loss_good, config.loss.loss_bad,
        config.reordering.probability, config.duplication.probability}) {
    if (!(p >= 0 && p <= 1)) return LinkConfigError::kNotAProbability;
  }
  if (!std::copyable<Packet> && config.duplication.probability > 0) {
    return LinkConfigError::kCannotDuplicate;
  }
  return LinkConfigError::kNone;
}

template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
bool Link<Packet>::Send(Timestamp now, DataSize size, Packet packet) {
  now_ = std::max(now_, now);
  size = std::max(size, DataSize::Zero());
  ++counters_.sent;
  while (queue_size_ > 0 && queue_[queue_head_].finish <= now_) {
    backlog_ -= queue_[queue_head_].size;
    queue_head_ = (queue_head_ + 1) % queue_.size();
    --queue_size_;
  }
  if (backlog_ + size > config_.queue_limit ||
      QueueDelay(now_) > config_.queue_time_limit) {
    ++counters_.dropped_by_queue;
    return false;
  }
  if (queue_size_ >= config_.max_packets ||
      under_way_.size() >= config_.max_packets) {
    ++counters_.dropped_for_room;
    return false;
  }
  const Timestamp finish = FinishOf(size, std::max(now_, free_));
  if (finish > now_) {
    queue_[(queue_head_ + queue_size_++) % queue_.size()] = {finish, size};
    backlog_ += size;
  }
  free_ = finish;
  const bool lost = DrawLoss();
  const TimeDelta jitter = DrawJitter();
  if (lost) {
    ++counters_.lost;
    return true;
  }
  Delivery delivery;
  delivery.packet = std::move(packet);
  delivery.sent = now_;
  delivery.arrival = finish + config_.delay + jitter;
  delivery.size = size;
  if (config_.jitter.keep_order) {
    delivery.arrival = std::max(delivery.arrival, last_arrival_);
    last_arrival_ = delivery.arrival;
  }
  if (config_.reordering.probability > 0 &&
      reordering_.Chance(config_.reordering.probability)) {
    ++counters_.reordered;
    delivery.arrival += config_.reordering.extra_delay;
  }
  if constexpr (std::copyable<Packet>) {
    if (config_.duplication.probability > 0 &&
        duplication_.Chance(config_.duplication.probability) &&
        under_way_.size() + 1 < config_.max_packets) {
      ++counters_.duplicated;
      Delivery copy = delivery;
      copy.arrival += config_.duplication.extra_delay;
      Launch(std::move(copy));
    }
  }
  Launch(std::move(delivery));
  return true;
}

template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
bool Link<Packet>::Poll(Timestamp now, Delivery& out) {
  now_ = std::max(now_, now);
  if (NextTimeout() > now_ || under_way_.empty()) return false;
  std::pop_heap(under_way_.begin(), under_way_.end(), Later);
  out = std::move(under_way_.back().delivery);
  under_way_.pop_back();
  --counters_.under_way;
  ++counters_.delivered;
  return true;
}

// The first microsecond at which the capacity since `start` adds up to `size`.
template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
Timestamp Link<Packet>::FinishOf(DataSize size, Timestamp start) {
  if (config_.capacity.empty() || !start.IsFinite()) return start;
  __extension__ using Wide = __int128;
  Wide need = Wide{8'000'000} * size.bytes();  // bits, times 10^6
  Timestamp at = start;
  const auto& steps = config_.capacity;
  while (true) {
    while (step_ + 1 < steps.size() && steps[step_ + 1].start <= at) ++step_;
    const Timestamp end = step_ + 1 < steps.size() ? steps[step_ + 1].start
                                                   : Timestamp::PlusInfinity();
    const Wide rate = steps[step_].rate.bps();
    if (rate > 0) {
      const Wide micros = (need + rate - 1) / rate;
      if (micros <= Wide{(end - at).us()}) {
        return at + TimeDelta::Micros(static_cast<std::int64_t>(micros));
      }
      need -= rate * (end - at).us();
    } else if (need == 0) {
      return at;
    }
    if (end == Timestamp::PlusInfinity()) return end;
    at = end;
  }
}

template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
bool Link<Packet>::DrawLoss() {
  const LossModel& model = config_.loss;
  switch (model.kind) {
    case LossModel::Kind::kNone: break;
    case LossModel::Kind::kBernoulli: return loss_.Chance(model.probability);
    case LossModel::Kind::kGilbertElliott: {
      const bool change =
          loss_.Chance(bad_state_ ? model.bad_to_good : model.good_to_bad);
      if (change) bad_state_ = !bad_state_;
      return loss_.Chance(bad_state_ ? model.loss_bad : model.loss_good);
    }
  }
  return false;
}

template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
TimeDelta Link<Packet>::DrawJitter() {
  const JitterModel& model = config_.jitter;
  switch (model.kind) {
    case JitterModel::Kind::kNone: break;
    case JitterModel::Kind::kUniform: {
      const TimeDelta lowest =
          std::max(TimeDelta::Zero(), model.mean - model.spread);
      const TimeDelta width = model.mean + model.spread - lowest;
      return lowest + TimeDelta::Micros(static_cast<std::int64_t>(
                          jitter_.Below(static_cast<std::uint64_t>(width.us()) + 1)));
    }
    case JitterModel::Kind::kNormal: {
      // Rounded here, so that no compiler makes one operation of two and
      // another not.
      const volatile double product =
          static_cast<double>(model.spread.us()) * jitter_.Normal();
      const double jitter = static_cast<double>(model.mean.us()) + product;
      if (!(jitter > 0)) break;
      if (jitter > 9e18) return TimeDelta::PlusInfinity();
      return TimeDelta::Micros(static_cast<std::int64_t>(std::floor(jitter)));
    }
  }
  return TimeDelta::Zero();
}

}  // namespace mediacore::sim

#endif  // MEDIACORE_SIM_LINK_H_
