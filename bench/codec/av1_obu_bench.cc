#include "mediacore/codec/av1_obu.h"

#include <vector>

#include "../../tests/support/av1_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

void Walk(benchmark::State& state, const Block& unit, std::int64_t obus) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(unit.data());
    benchmark::ClobberMemory();
    ByteReader reader(unit);
    std::size_t sum = 0;
    while (const auto obu = Av1ObuView::TakeFrom(reader)) sum += obu->payload().size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * obus);
}

// A frame in ten tile groups of 1200 bytes.
void BM_Av1ObuWalk(benchmark::State& state) {
  Block unit;
  for (int i = 0; i < 10; ++i) testing::Append(unit, testing::MakeObu(Av1ObuType::kTileGroup, Block(1200), {1, 0}));
  Walk(state, unit, 10);
}
BENCHMARK(BM_Av1ObuWalk);

void BM_Av1ObuRefused(benchmark::State& state) { Walk(state, {0x32, 0xff, 0xff, 0x7f, 1}, 1); }
BENCHMARK(BM_Av1ObuRefused);

void BM_Av1ObuWrite(benchmark::State& state) {
  const Block payload(1200);
  Block out(1300);
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    const Av1ObuWriter writer{Av1ObuType::kTileGroup, true, 1, 0, true, payload};
    bool written = writer.Write(out);
    benchmark::DoNotOptimize(written);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Av1ObuWrite);

}  // namespace
}  // namespace mediacore::codec
