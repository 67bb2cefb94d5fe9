#include "mediacore/rtcp/block_view.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtcp {
namespace {

// Ten picture loss indications.
std::vector<std::uint8_t> Blocks() {
  std::vector<std::uint8_t> blocks;
  for (int i = 0; i < 10; ++i) blocks.insert(blocks.end(), {0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2});
  return blocks;
}

void Walk(benchmark::State& state, std::vector<std::uint8_t> blocks) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(blocks.data());
    benchmark::ClobberMemory();
    ByteReader reader(blocks);
    int types = 0;
    while (const auto block = BlockView::TakeFrom(reader)) types += block->packet_type();
    benchmark::DoNotOptimize(types);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_RtcpBlockViewWalkTen(benchmark::State& state) { Walk(state, Blocks()); }
BENCHMARK(BM_RtcpBlockViewWalkTen);

void BM_RtcpBlockViewRefuse(benchmark::State& state) {
  auto blocks = Blocks();
  blocks[3] = 255;  // the first runs past the end
  Walk(state, blocks);
}
BENCHMARK(BM_RtcpBlockViewRefuse);

}  // namespace
}  // namespace mediacore::rtcp
