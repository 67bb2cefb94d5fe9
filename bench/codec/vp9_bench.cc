#include "mediacore/codec/vp9.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// What a forwarder looks at.
void BM_Vp9Descriptor(benchmark::State& state) {
  const std::vector<Block> payloads = {
      {0xe8, 0x92, 0x34, 0x33, 0x05, 0xaa, 0xaa},              // non-flexible, as browsers send it
      {0xf8, 0x92, 0x34, 0x33, 0x03, 0x05, 0xfe, 0xaa, 0xaa},  // flexible, three references
      {0xae, 0x92, 0x34, 0x00, 0x05, 0x58, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 0x05,
       0x00, 0x02, 0xd0, 0x04, 0x04, 0x04, 0x54, 0x01, 0x34, 0x02, 0x54, 0x01, 0xaa},  // key frame: three layers, group
                                                                                       // of four
      {0xf8, 0x92, 0x34, 0x33, 0x03, 0x05},  // refused: a reference is missing
  };
  Block payload = payloads[static_cast<std::size_t>(state.range(0))];
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(payload.data());
    benchmark::ClobberMemory();
    ByteReader reader(payload);
    const auto found = Vp9DescriptorView::TakeFrom(reader);
    int sum = found ? found->picture_id() + found->temporal_id().value() + found->spatial_id().value() +
                          found->tl0picidx() + found->reference_count()
                    : 0;
    benchmark::DoNotOptimize(sum);
    std::size_t rest = reader.remaining();
    benchmark::DoNotOptimize(rest);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp9Descriptor)->ArgName("plain_flexible_structure_refused")->DenseRange(0, 3);

void BM_Vp9DescriptorWrite(benchmark::State& state) {
  const Vp9Descriptor descriptor{.inter_picture = true,
                                 .start_of_frame = true,
                                 .picture_id = 0x1234,
                                 .layers = Vp9Descriptor::Layers{.temporal_id = Vp9LayerId(1), .tl0picidx = 5}};
  Block out(Vp9Descriptor::kMaxSize);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    Vp9Descriptor copy = descriptor;
    benchmark::DoNotOptimize(&copy);
    benchmark::ClobberMemory();
    bool ok = copy.Write(out);
    benchmark::DoNotOptimize(ok);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp9DescriptorWrite);

}  // namespace
}  // namespace mediacore::codec
