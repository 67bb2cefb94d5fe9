#include "mediacore/codec/opus_head.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

constexpr std::uint8_t kMapping[] = {0, 4, 1, 2, 3, 5};
constexpr OpusHeadWriter kSurround{
    .mapping_family = 1, .channels = 6, .stream_count = 4, .coupled_count = 2, .mapping = kMapping};

// Every field of a surround header; refused: one channel too many.
void BM_OpusHeadRead(benchmark::State& state) {
  std::vector<std::uint8_t> wire(kSurround.WireSize());
  if (!kSurround.Write(wire)) return bench::Fail(state, "cannot be written");
  if (state.range(0) != 0) wire[9] = 7;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(wire.data());
    const auto head = OpusHeadView::Parse(wire);
    std::uint32_t sum = 0;
    if (head) {
      sum = head->pre_skip() + head->input_sample_rate() + static_cast<std::uint32_t>(head->output_gain());
      for (const std::uint8_t channel : head->channel_mapping()) sum += channel;
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OpusHeadRead)->ArgName("refused")->Arg(0)->Arg(1);

void BM_OpusHeadWrite(benchmark::State& state) {
  std::vector<std::uint8_t> out(kSurround.WireSize());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    bool ok = kSurround.Write(out);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OpusHeadWrite);

}  // namespace
}  // namespace mediacore::codec
