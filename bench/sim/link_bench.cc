#include "mediacore/sim/link.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::sim {
namespace {

void SendAndPoll(benchmark::State& state, const LinkConfig& config) {
  auto link = Link<int>::Create(config).value();
  Link<int>::Delivery delivery;
  auto now = Timestamp::Zero();
  std::int64_t arrived = 0;
  {
    const bench::HeapCount heap(state);
    for (auto _ : state) {
      now += TimeDelta::Micros(1000);
      link.Send(now, DataSize::Bytes(1200), 1);
      while (link.Poll(now, delivery)) ++arrived;
    }
  }
  benchmark::DoNotOptimize(arrived);
  state.SetItemsProcessed(state.iterations());
}

void BM_LinkDelay(benchmark::State& state) {
  SendAndPoll(state, {.delay = TimeDelta::Millis(20)});
}
BENCHMARK(BM_LinkDelay);

void BM_LinkEverything(benchmark::State& state) {
  LinkConfig config;
  config.capacity = {{Timestamp::Zero(), DataRate::KilobitsPerSecond(10'000)}};
  config.queue_limit = DataSize::Bytes(100'000);
  config.delay = TimeDelta::Millis(20);
  config.loss = {.kind = LossModel::Kind::kGilbertElliott, .good_to_bad = 0.01, .bad_to_good = 0.3};
  config.jitter = {.kind = JitterModel::Kind::kNormal, .mean = TimeDelta::Millis(5), .spread = TimeDelta::Millis(2)};
  config.reordering.probability = 0.04;
  config.duplication.probability = 0.01;
  SendAndPoll(state, config);
}
BENCHMARK(BM_LinkEverything);

// A queue that is full most of the time.
void BM_LinkRefuse(benchmark::State& state) {
  LinkConfig config;
  config.capacity = {{Timestamp::Zero(), DataRate::KilobitsPerSecond(100)}};
  config.queue_limit = DataSize::Bytes(10'000);
  SendAndPoll(state, config);
}
BENCHMARK(BM_LinkRefuse);

}  // namespace
}  // namespace mediacore::sim
