#include "mediacore/mux/ts_tables.h"

#include "../support/read_view.h"

namespace mediacore::mux {
namespace {

// A PMT of two streams, its CRC included; refused: the CRC is wrong.
void BM_TsSectionView(benchmark::State& state) {
  std::array<std::uint8_t, kTsPacketSize> packet{};
  WriteTsPmt(packet, 0, 0, true, true);
  const bool taken = state.range(0) == 0;
  if (!taken) packet[10] ^= 1;
  bench::ReadView(state, Bytes(packet).subspan(5), taken, TsSectionView::Parse);
}
BENCHMARK(BM_TsSectionView)->ArgName("refused")->Arg(0)->Arg(1);

void BM_TsPmtWrite(benchmark::State& state) {
  std::array<std::uint8_t, kTsPacketSize> packet{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    WriteTsPmt(packet, 0, 0, true, true);
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TsPmtWrite);

}  // namespace
}  // namespace mediacore::mux
