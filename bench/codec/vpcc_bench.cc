#include "mediacore/codec/vpcc.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

void BM_VpConfigRead(benchmark::State& state) {
  std::vector<std::uint8_t> record = {0x00, 0x1f, 0x82, 0x02, 0x02, 0x02, 0x00, 0x00};
  if (state.range(0) != 0) record[2] = 0x92;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(record.data());
    benchmark::ClobberMemory();
    const auto config = VpConfig::Parse(record);
    int level = config ? config->level : 0;
    benchmark::DoNotOptimize(level);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_VpConfigRead)->ArgName("refused")->Arg(0)->Arg(1);

// Of a key frame: record and name.
void BM_VpConfigOf(benchmark::State& state) {
  std::vector<std::uint8_t> frame = {0x82, 0x49, 0x83, 0x42, 0x00, 0x14, 0x10, 0x0b, 0x16, 0x04, 0x38, 0x24};
  std::vector<std::uint8_t> record(VpConfig::kSize);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(frame.data());
    benchmark::ClobberMemory();
    const auto header = Vp9FrameHeader::Parse(frame);
    if (!header) continue;
    const VpConfig config = VpConfig::Of(*header, header->width, header->height);
    bool ok = config.Write(record);
    CodecString name = config.codec_string(Codec::kVp9);
    benchmark::DoNotOptimize(ok);
    benchmark::DoNotOptimize(&name);
    benchmark::DoNotOptimize(record.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_VpConfigOf);

}  // namespace
}  // namespace mediacore::codec
