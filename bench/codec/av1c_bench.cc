#include "mediacore/codec/av1c.h"

#include <vector>

#include "../../tests/support/av1_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

Block SequenceObu() {
  return testing::MakeObu(Av1ObuType::kSequenceHeader, testing::Av1SequencePayload(testing::MakeAv1Sequence()));
}
Block Config() {
  const Block obu = SequenceObu();
  const Av1ConfigWriter writer(obu);
  Block out(writer.WireSize());
  if (!writer.Write(out)) out.clear();
  return out;
}

void Read(benchmark::State& state, const Block& record) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(record.data());
    benchmark::ClobberMemory();
    auto config = Av1ConfigView::Parse(record);
    benchmark::DoNotOptimize(config);
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_Av1Config(benchmark::State& state) { Read(state, Config()); }
BENCHMARK(BM_Av1Config);

void BM_Av1ConfigRefused(benchmark::State& state) {
  Block record = Config();
  record.pop_back();
  Read(state, record);
}
BENCHMARK(BM_Av1ConfigRefused);

void BM_Av1ConfigWrite(benchmark::State& state) {
  const Block obu = SequenceObu();
  Block out(64);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(obu.data());
    benchmark::ClobberMemory();
    const Av1ConfigWriter writer(obu);
    bool written = writer.Write(out);
    benchmark::DoNotOptimize(written);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Av1ConfigWrite);

}  // namespace
}  // namespace mediacore::codec
