#include "mediacore/rtcp/transport_feedback.h"

#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtcp {
namespace {

enum class Path { kClean, kLossy, kSlow };

// 100 packets, 1.3 ms apart; every 20th lost, or 80 ms apart in bursts of five.
std::vector<PacketArrival> Arrivals(Path path) {
  std::vector<PacketArrival> arrivals;
  std::int64_t us = 123'456'789;
  for (std::uint16_t i = 0; i < 100; ++i) {
    us += path == Path::kSlow && i % 5 == 0 ? 80'000 : 1'000 + i * 37 % 600;
    if (path == Path::kLossy && i % 20 == 7) continue;
    arrivals.push_back({SequenceNumber(static_cast<std::uint16_t>(65'500 + i)), Timestamp::Micros(us)});
  }
  return arrivals;
}

std::vector<std::uint8_t> Message(Path path) {
  std::vector<std::uint8_t> out(1200);
  const auto arrivals = Arrivals(path);
  TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 7, arrivals};
  out.resize(writer.WriteFront(out));
  return writer.arrivals.empty() ? out : std::vector<std::uint8_t>();
}

// Checks the block, goes over its packets, adds up how many came and when.
std::int64_t ParseAndSum(Bytes datagram) {
  ByteReader reader(datagram);
  const auto block = BlockView::TakeFrom(reader);
  if (!block) return -1;
  const auto feedback = TransportFeedbackView::Parse(*block);
  if (!feedback) return -1;
  std::int64_t sum = 0;
  feedback->ForEach([&](SequenceNumber, bool received, TimeDelta at) { sum += received ? at.us() : 1; });
  return sum;
}

void Parse(benchmark::State& state, Path path) {
  const auto message = Message(path);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(message.data());
    benchmark::ClobberMemory();
    auto sum = ParseAndSum(message);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
void BM_RtcpTransportFeedbackParseClean(benchmark::State& state) { Parse(state, Path::kClean); }
BENCHMARK(BM_RtcpTransportFeedbackParseClean);
void BM_RtcpTransportFeedbackParseLossy(benchmark::State& state) { Parse(state, Path::kLossy); }
BENCHMARK(BM_RtcpTransportFeedbackParseLossy);
void BM_RtcpTransportFeedbackParseSlow(benchmark::State& state) { Parse(state, Path::kSlow); }
BENCHMARK(BM_RtcpTransportFeedbackParseSlow);

void BM_RtcpTransportFeedbackRefuse(benchmark::State& state) {
  auto message = Message(Path::kLossy);
  message.resize(message.size() - 8);  // the last deltas are missing
  StoreU16(&message[2], static_cast<std::uint16_t>(message.size() / 4 - 1));
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(message.data());
    benchmark::ClobberMemory();
    auto sum = ParseAndSum(message);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpTransportFeedbackRefuse);

// The most that 40 bytes can ask for: runs of 65,535 packets that did not come,
// seen one by one, and passed over.
std::vector<std::uint8_t> MostStatuses() {
  std::vector<std::uint8_t> message(40, 0);
  message[0] = 0x80 | kFormatTransportWide;
  message[1] = kTransportFeedback;
  message[3] = 9;
  message[14] = message[15] = 0xff;
  for (std::size_t i = 20; i < 40; i += 2) message[i] = 0x1f, message[i + 1] = 0xff;
  return message;
}
void BM_RtcpTransportFeedbackMostStatuses(benchmark::State& state) {
  const auto message = MostStatuses();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    ByteReader reader(message);
    const auto feedback = TransportFeedbackView::Parse(*BlockView::TakeFrom(reader));
    feedback->ForEach([&](SequenceNumber number, bool, TimeDelta) { benchmark::DoNotOptimize(number); });
  }
  state.SetItemsProcessed(state.iterations() * 65'535);
}
BENCHMARK(BM_RtcpTransportFeedbackMostStatuses);
void BM_RtcpTransportFeedbackMostStatusesReceivedOnly(benchmark::State& state) {
  const auto message = MostStatuses();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(message.data());
    benchmark::ClobberMemory();
    ByteReader reader(message);
    const auto feedback = TransportFeedbackView::Parse(*BlockView::TakeFrom(reader));
    feedback->ForEachReceived([&](SequenceNumber number, TimeDelta) { benchmark::DoNotOptimize(number); });
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpTransportFeedbackMostStatusesReceivedOnly);

void Build(benchmark::State& state, Path path) {
  const auto arrivals = Arrivals(path);
  std::array<std::uint8_t, 1200> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(arrivals.data());
    benchmark::ClobberMemory();
    TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 7, arrivals};
    auto size = writer.WriteFront(out);
    benchmark::DoNotOptimize(size);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
void BM_RtcpTransportFeedbackBuildClean(benchmark::State& state) { Build(state, Path::kClean); }
BENCHMARK(BM_RtcpTransportFeedbackBuildClean);
void BM_RtcpTransportFeedbackBuildLossy(benchmark::State& state) { Build(state, Path::kLossy); }
BENCHMARK(BM_RtcpTransportFeedbackBuildLossy);
void BM_RtcpTransportFeedbackBuildSlow(benchmark::State& state) { Build(state, Path::kSlow); }
BENCHMARK(BM_RtcpTransportFeedbackBuildSlow);

}  // namespace
}  // namespace mediacore::rtcp
