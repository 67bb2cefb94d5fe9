#include "mediacore/rtcp/transport_feedback_builder.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtcp {
namespace {

// 100 packets, 1 ms apart, every `lost`-th of which does not come; from the first
// arrival to the message.
void Arrive(benchmark::State& state, int lost) {
  TransportFeedbackBuilder<> builder(Ssrc(1), Ssrc(2));
  std::array<std::uint8_t, 1200> out{};
  SequenceNumber number;
  std::int64_t us = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    for (int i = 0; i < 100; ++i) {
      us += 1000;
      ++number;
      if (i % lost == lost - 1) continue;
      builder.HandlePacket(number, Timestamp::Micros(us));
    }
    auto size = builder.WriteFront(out);
    benchmark::DoNotOptimize(size);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
void BM_RtcpTransportFeedbackBuilderInOrder(benchmark::State& state) { Arrive(state, 1000); }
BENCHMARK(BM_RtcpTransportFeedbackBuilderInOrder);
void BM_RtcpTransportFeedbackBuilderLossy(benchmark::State& state) { Arrive(state, 20); }
BENCHMARK(BM_RtcpTransportFeedbackBuilderLossy);

void BM_RtcpTransportFeedbackBuilderRefuseTooOld(benchmark::State& state) {
  TransportFeedbackBuilder<> builder(Ssrc(1), Ssrc(2));
  builder.HandlePacket(SequenceNumber(20'000), Timestamp::Millis(1));
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    builder.HandlePacket(SequenceNumber(10'000), Timestamp::Millis(2));
    benchmark::DoNotOptimize(builder);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpTransportFeedbackBuilderRefuseTooOld);

}  // namespace
}  // namespace mediacore::rtcp
