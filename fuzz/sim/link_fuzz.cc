#include "mediacore/sim/link.h"

#include <vector>

#include "../support/input.h"

// Any link, packets at any times, polled whenever: packets arrive in the order
// of their arrival times, not before they could, each at most once and one more
// time for each duplicate, and the counters add up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::sim;
  fuzz::Input input(data, size);
  LinkConfig config;
  auto start = Timestamp::Zero();
  for (int steps = input.U8() % 4; steps > 0; --steps) {
    config.capacity.push_back({start, DataRate::KilobitsPerSecond(input.U16())});
    start += TimeDelta::Micros(1 + input.U16());
  }
  config.queue_limit = DataSize::Bytes(16 * input.U16());
  config.queue_time_limit = TimeDelta::Millis(input.U8());
  config.delay = TimeDelta::Millis(input.U8());
  config.loss.kind = static_cast<LossModel::Kind>(input.U8() % 3);
  config.loss.probability = config.loss.good_to_bad = input.U8() / 255.0;
  config.jitter.kind = static_cast<JitterModel::Kind>(input.U8() % 3);
  config.jitter.mean = TimeDelta::Micros(input.U16());
  config.jitter.spread = TimeDelta::Micros(input.U16());
  config.jitter.keep_order = input.U8() % 2 != 0;
  config.reordering.probability = input.U8() / 255.0;
  config.duplication.probability = input.U8() / 255.0;
  config.max_packets = input.U8();
  auto created = Link<std::size_t>::Create(config);
  FUZZ_CHECK(created.has_value());
  Link<std::size_t>& link = *created;

  auto now = Timestamp::Zero();
  auto last = Timestamp::MinusInfinity();
  std::vector<int> arrived;
  std::uint64_t delivered = 0;
  Link<std::size_t>::Delivery delivery;
  const auto drain = [&](Timestamp until) {
    while (link.Poll(until, delivery)) {
      ++delivered;
      FUZZ_CHECK(delivery.arrival >= last && delivery.arrival <= until);
      FUZZ_CHECK(delivery.arrival >= delivery.sent + config.delay);
      FUZZ_CHECK(++arrived[delivery.packet] <= 2);
      last = delivery.arrival;
    }
    FUZZ_CHECK(link.NextTimeout() > until || until == Timestamp::PlusInfinity());
  };
  while (!input.empty()) {
    now += TimeDelta::Micros(64 * input.U8());
    // What is polled after it is due is delivered with its own time, so later
    // packets may be earlier: only what is drained in time keeps the order.
    drain(now);
    last = Timestamp::MinusInfinity();
    arrived.push_back(0);
    link.Send(now, DataSize::Bytes(8 * input.U8()), arrived.size() - 1);
    const LinkCounters c = link.counters();
    FUZZ_CHECK(c.sent == arrived.size() && c.delivered == delivered);
    FUZZ_CHECK(c.sent + c.duplicated == c.delivered + c.dropped_by_queue +
                                            c.dropped_for_room + c.lost + c.under_way);
    FUZZ_CHECK(c.under_way <= config.max_packets);
  }
  drain(Timestamp::PlusInfinity());
  FUZZ_CHECK(link.counters().under_way == 0);
  return 0;
}
