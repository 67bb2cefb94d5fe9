#include "mediacore/stun/channel_data.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::stun {
namespace {

// An RTP packet on a channel; a channel that cannot be.
void BM_ChannelDataParse(benchmark::State& state) {
  std::vector<std::uint8_t> datagram(4 + 1200);
  StoreU16(datagram.data(), static_cast<std::uint16_t>(state.range(0)));
  StoreU16(datagram.data() + 2, 1200);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    const auto view = ChannelDataView::Parse(datagram);
    std::size_t size = view ? view->data().size() : 0;
    benchmark::DoNotOptimize(size);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ChannelDataParse)->Arg(0x4001)->Arg(0x5001);

void BM_ChannelDataWrite(benchmark::State& state) {
  const std::vector<std::uint8_t> data(1200);
  std::vector<std::uint8_t> out(1204);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(out.data());
    bool written = ChannelDataWriter{0x4001, data, false}.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ChannelDataWrite);

}  // namespace
}  // namespace mediacore::stun
