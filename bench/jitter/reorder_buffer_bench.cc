#include "mediacore/jitter/reorder_buffer.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "gstreamer_jitter_buffer.h"

namespace mediacore::jitter {
namespace {

// What a program would keep: a handle to a packet in its own pool.
struct Handle {
  Handle() = default;
  explicit Handle(std::uint32_t slot) : index(slot) {}
  Handle(Handle&& other) noexcept : index(std::exchange(other.index, 0)) {}
  Handle& operator=(Handle&& other) noexcept {
    index = std::exchange(other.index, 0);
    return *this;
  }
  std::uint32_t index = 0;
};
using Buffer = ReorderBuffer<Handle>;

Buffer MakeBuffer(const ReorderBufferConfig& config) {
  return Buffer::Create(config).value();
}

// One turn around all sequence numbers; of each hundred, `late_percent` come
// after three that follow them.
std::vector<std::uint16_t> Order(int late_percent) {
  std::vector<std::uint16_t> order;
  for (std::uint32_t i = 0; i < 65'536; ++i) {
    order.push_back(static_cast<std::uint16_t>(i));
  }
  const std::size_t step = late_percent == 0 ? 65'536 : 100u / static_cast<unsigned>(late_percent);
  for (std::size_t i = step / 2; i + 3 < order.size(); i += step) {
    std::rotate(order.begin() + static_cast<std::ptrdiff_t>(i),
                order.begin() + static_cast<std::ptrdiff_t>(i + 1),
                order.begin() + static_cast<std::ptrdiff_t>(i + 4));
  }
  return order;
}

// In and out, one by one; the argument is max_packets.
void InAndOut(benchmark::State& state, int late_percent) {
  const auto order = Order(late_percent);
  ReorderBufferConfig config;
  config.max_packets = static_cast<std::size_t>(state.range(0));
  config.max_dropout = std::min(16'384, static_cast<int>(state.range(0)) * 2);
  auto buffer = MakeBuffer(config);
  Buffer::Popped popped;
  std::size_t next = 0;
  std::uint64_t sum = 0;
  auto now = Timestamp::Zero();
  {
    const bench::HeapCount heap(state);
    for (auto _ : state) {
      now += TimeDelta::Micros(100);
      buffer.Insert(now, SequenceNumber(order[next]), 1200, Handle(1));
      while (buffer.Pop(now, popped)) sum += popped.packet.index;
      next = (next + 1) % order.size();
    }
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
  if (buffer.counters().lost != 0) mediacore::bench::Fail(state, "packets were lost");
}
void BM_ReorderBufferInOrder(benchmark::State& state) { InAndOut(state, 0); }
void BM_ReorderBufferFourPercentReordered(benchmark::State& state) {
  InAndOut(state, 4);
}
BENCHMARK(BM_ReorderBufferInOrder)->Arg(64)->Arg(1024)->Arg(16384);
BENCHMARK(BM_ReorderBufferFourPercentReordered)->Arg(64)->Arg(1024)->Arg(16384);

// One packet in 25 is lost and waited for while the argument's number of others
// arrive: so many are held most of the time.
void BM_ReorderBufferBehindGaps(benchmark::State& state) {
  ReorderBufferConfig config;
  config.max_packets = 16'384;
  config.max_bytes = 100'000'000;
  config.min_wait = config.max_wait = TimeDelta::Millis(state.range(0));
  auto buffer = MakeBuffer(config);
  Buffer::Popped popped;
  std::uint64_t sum = 0;
  std::uint16_t next = 0;
  auto now = Timestamp::Zero();
  {
    const bench::HeapCount heap(state);
    for (auto _ : state) {
      now += TimeDelta::Millis(1);
      if (++next % 25 == 0) ++next;
      buffer.Insert(now, SequenceNumber(next), 1200, Handle(1));
      while (buffer.Pop(now, popped)) sum += popped.packet.index;
    }
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ReorderBufferBehindGaps)->Arg(16)->Arg(256)->Arg(4096);

void BM_ReorderBufferRefuseDuplicate(benchmark::State& state) {
  auto buffer = MakeBuffer({});
  Buffer::Popped popped;
  for (std::uint16_t i = 0; i < 1000; ++i) {
    buffer.Insert(Timestamp::Zero(), SequenceNumber(i), 1200, Handle(1));
    while (buffer.Pop(Timestamp::Zero(), popped)) {
    }
  }
  std::uint16_t old = 0;
  {
    const bench::HeapCount heap(state);
    for (auto _ : state) {
      old = static_cast<std::uint16_t>((old + 7) % 1000);
      Handle handle(1);
      benchmark::DoNotOptimize(buffer.Insert(
          Timestamp::Zero(), SequenceNumber(old), 1200, std::move(handle)));
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ReorderBufferRefuseDuplicate);

// Each packet far from the one before: the worst that a peer can send.
void BM_ReorderBufferRefuseJumps(benchmark::State& state) {
  auto buffer = MakeBuffer({});
  Buffer::Popped popped;
  std::uint16_t number = 0;
  {
    const bench::HeapCount heap(state);
    for (auto _ : state) {
      number = static_cast<std::uint16_t>(number + 20'000);
      buffer.Insert(Timestamp::Zero(), SequenceNumber(number), 1200, Handle(1));
      while (buffer.Pop(Timestamp::Zero(), popped)) {
      }
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ReorderBufferRefuseJumps);

#ifdef MEDIACORE_HAVE_GSTREAMER
// The same packets through GStreamer's rtpjitterbuffer and through this one, in
// one run: `ratio` says how many times longer GStreamer takes.
void BM_ReorderBufferAgainstGStreamer(benchmark::State& state) {
  constexpr std::size_t kPackets = 5'000;
  const auto order = Order(static_cast<int>(state.range(0)));
  bench::GStreamerJitterBuffer peer;
  if (!peer.ok()) {
    state.SkipWithError("GStreamer has no rtpjitterbuffer here");
    return;
  }
  double peer_s = 0;
  double own_s = 0;
  for (auto _ : state) {
    const double s = peer.SecondsToPass(order, kPackets);
    if (s < 0) {
      mediacore::bench::Fail(state, "rtpjitterbuffer kept packets");
      return;
    }
    auto buffer = MakeBuffer({});
    Buffer::Popped popped;
    std::uint64_t sum = 0;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kPackets; ++i) {
      const auto now = Timestamp::Micros(static_cast<std::int64_t>(i) * 100);
      buffer.Insert(now, SequenceNumber(order[i]), 1200, Handle(1));
      while (buffer.Pop(now, popped)) sum += popped.packet.index;
    }
    benchmark::DoNotOptimize(sum);
    own_s += std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                           start).count();
    peer_s += s;
    state.SetIterationTime(s);
  }
  const double packets = static_cast<double>(state.iterations()) * kPackets;
  state.SetItemsProcessed(static_cast<std::int64_t>(packets));
  state.counters["gstreamer_ns"] = peer_s * 1e9 / packets;
  state.counters["mediacore_ns"] = own_s * 1e9 / packets;
  state.counters["ratio"] = peer_s / own_s;
}
BENCHMARK(BM_ReorderBufferAgainstGStreamer)->Arg(0)->Arg(4)->UseManualTime();
#endif

}  // namespace
}  // namespace mediacore::jitter
