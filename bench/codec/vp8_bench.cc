#include "mediacore/codec/vp8.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// 0: as browsers send it, six bytes; 1: a single byte; 2: refused, cut short.
void BM_Vp8Descriptor(benchmark::State& state) {
  Block payload = {0x90, 0xf0, 0x92, 0x34, 0x07, 0x61, 0x11, 0x02, 0x00, 0xaa};
  if (state.range(0) == 1) payload[0] = 0x10;
  if (state.range(0) == 2) payload.resize(5);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(payload.data());
    benchmark::ClobberMemory();
    ByteReader reader(payload);
    const auto found = Vp8DescriptorView::TakeFrom(reader);
    int sum = found ? found->picture_id() + found->temporal_id() + found->tl0picidx() : 0;
    benchmark::DoNotOptimize(sum);
    std::size_t rest = reader.remaining();
    benchmark::DoNotOptimize(rest);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp8Descriptor)->ArgName("six_one_refused")->DenseRange(0, 2);

void BM_Vp8DescriptorWrite(benchmark::State& state) {
  const Vp8Descriptor descriptor{
      .start_of_partition = true, .picture_id = 0x1234, .tl0picidx = 7, .temporal_id = 1, .key_index = 1};
  Block out(Vp8Descriptor::kMaxSize);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    Vp8Descriptor copy = descriptor;
    benchmark::DoNotOptimize(&copy);
    benchmark::ClobberMemory();
    bool ok = copy.Write(out);
    benchmark::DoNotOptimize(ok);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp8DescriptorWrite);

// 0: a key frame; 1: refused, no start code.
void BM_Vp8FrameHeader(benchmark::State& state) {
  Block frame = {0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01};
  if (state.range(0) == 1) frame[5] = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(frame.data());
    benchmark::ClobberMemory();
    const auto header = Vp8FrameHeader::Parse(frame);
    int width = header ? header->width : 0;
    benchmark::DoNotOptimize(width);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp8FrameHeader)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mediacore::codec
