#include "mediacore/rtcp/congestion_feedback_builder.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

// 100 packets of so many sources, every tenth lost, a few late, and their message.
void BM_RtcpCongestionFeedbackBuild(benchmark::State& state) {
  const auto sources = static_cast<std::uint32_t>(state.range(0));
  CongestionFeedbackBuilder<> builder(Ssrc(1));
  std::array<std::uint8_t, 1200> out{};
  Timestamp now = Timestamp::Seconds(1);
  std::uint32_t number = 0;
  std::size_t written = 0;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < 100; ++i, ++number, now += TimeDelta::Micros(500)) {
      if (i % 10 == 3) continue;
      const std::uint32_t late = i % 10 == 6 ? 1 : 0;
      builder.HandlePacket(Ssrc(i % sources), SequenceNumber(static_cast<std::uint16_t>(number / sources - late)),
                           Ecn::kEct1, now);
    }
    written += builder.WriteFront(out, now, ReportTimestamp(1));
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  if (written / static_cast<std::size_t>(state.iterations()) < 200) mediacore::bench::Fail(state, "not told");
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(BM_RtcpCongestionFeedbackBuild)->ArgName("sources")->Arg(1)->Arg(4);

// Packets that are too old to be told of.
void BM_RtcpCongestionFeedbackBuildRefuse(benchmark::State& state) {
  CongestionFeedbackBuilder<> builder(Ssrc(1));
  builder.HandlePacket(Ssrc(2), SequenceNumber(20'000), Ecn::kEct1, Timestamp::Seconds(1));
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    builder.HandlePacket(Ssrc(2), SequenceNumber(100), Ecn::kEct1, Timestamp::Seconds(1));
    benchmark::DoNotOptimize(&builder);
    benchmark::ClobberMemory();
  }
  if (builder.counters().too_old != static_cast<std::uint64_t>(state.iterations())) {
    mediacore::bench::Fail(state, "not refused");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpCongestionFeedbackBuildRefuse);

// The most that one packet costs: it empties the window, by a jump ahead or as a
// new source that takes another's place.
void BM_RtcpCongestionFeedbackBuildJumps(benchmark::State& state) {
  CongestionFeedbackBuilder<> builder(Ssrc(1));
  std::uint32_t at = 0;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    builder.HandlePacket(Ssrc(2), SequenceNumber(static_cast<std::uint16_t>(at += 30'000)), Ecn::kEct1,
                         Timestamp::Seconds(1));
    benchmark::DoNotOptimize(&builder);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpCongestionFeedbackBuildJumps);

void BM_RtcpCongestionFeedbackBuildNewSources(benchmark::State& state) {
  CongestionFeedbackBuilder<> builder(Ssrc(1));
  std::uint32_t ssrc = 0;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    builder.HandlePacket(Ssrc(++ssrc), SequenceNumber(7), Ecn::kEct1, Timestamp::Seconds(1));
    benchmark::DoNotOptimize(&builder);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpCongestionFeedbackBuildNewSources);

}  // namespace
}  // namespace mediacore::rtcp
