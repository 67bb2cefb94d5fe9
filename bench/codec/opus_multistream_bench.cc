#include "mediacore/codec/opus_multistream.h"

#include <vector>

#include "../../tests/support/opus_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// 5.1: two pairs and two channels, 160 bytes each; refused: the last is cut.
void BM_OpusMultistreamWalk(benchmark::State& state) {
  testing::Dice dice(1);
  Block one = dice.Block(160);
  one[0] = 0xf8;
  const std::vector<Bytes> packets(4, one);
  const OpusMultistreamWriter writer{packets};
  Block wire(writer.WireSize());
  if (!writer.Write(wire)) return bench::Fail(state, "cannot be written");
  if (state.range(0) != 0) wire.resize(wire.size() - 170);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(wire.data());
    const auto view = OpusMultistreamView::Parse(wire, 4);
    std::size_t bytes = 0;
    if (view) {
      OpusMultistreamView walk = *view;
      for (OpusStreamPacket stream; walk.Next(stream);) bytes += stream.WireSize();
    }
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OpusMultistreamWalk)->ArgName("refused")->Arg(0)->Arg(1);

void BM_OpusMultistreamWrite(benchmark::State& state) {
  testing::Dice dice(1);
  Block one = dice.Block(160);
  one[0] = 0xf8;
  const std::vector<Bytes> packets(4, one);
  Block out(2000);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(one.data());
    bool ok = OpusMultistreamWriter{packets}.Write(out);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OpusMultistreamWrite);

}  // namespace
}  // namespace mediacore::codec
