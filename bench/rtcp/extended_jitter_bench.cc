#include "mediacore/rtcp/extended_jitter.h"

#include <array>

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array<std::uint32_t, 3> kJitters{16, 90, 1200};

std::uint64_t Read(Bytes datagram) {
  ByteReader reader(datagram);
  const auto block = BlockView::TakeFrom(reader);
  if (!block) return 0;
  const auto ij = ExtendedJitterView::Parse(*block);
  if (!ij) return 0;
  std::uint64_t sum = 0;
  for (int i = 0; i < ij->count(); ++i) sum += ij->jitter(i);
  return sum;
}

void Time(benchmark::State& state, std::vector<std::uint8_t> datagram) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    auto sum = Read(datagram);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_RtcpExtendedJitterRead(benchmark::State& state) { Time(state, bench::Written(ExtendedJitterWriter{kJitters})); }
BENCHMARK(BM_RtcpExtendedJitterRead);

void BM_RtcpExtendedJitterRefuse(benchmark::State& state) {
  auto datagram = bench::Written(ExtendedJitterWriter{kJitters});
  ++datagram[0];  // promises one more
  Time(state, datagram);
}
BENCHMARK(BM_RtcpExtendedJitterRefuse);

void BM_RtcpExtendedJitterWrite(benchmark::State& state) { bench::TimeWrite(state, ExtendedJitterWriter{kJitters}); }
BENCHMARK(BM_RtcpExtendedJitterWrite);

}  // namespace
}  // namespace mediacore::rtcp
