#include "mediacore/codec/av1_sequence_header.h"

#include <vector>

#include "../../tests/support/av1_maker.h"
#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

void Read(benchmark::State& state, const Block& payload) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(payload.data());
    benchmark::ClobberMemory();
    auto sequence = Av1SequenceHeader::ParsePayload(payload);
    benchmark::DoNotOptimize(sequence);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_Av1SequenceHeader(benchmark::State& state) {
  Read(state, testing::Av1SequencePayload(testing::MakeAv1Sequence()));
}
BENCHMARK(BM_Av1SequenceHeader);

void BM_Av1SequenceHeaderRefused(benchmark::State& state) {
  Block payload = testing::Av1SequencePayload(testing::MakeAv1Sequence());
  payload.resize(payload.size() - 2);
  Read(state, payload);
}
BENCHMARK(BM_Av1SequenceHeaderRefused);

void BM_Av1SequenceHeaderWrite(benchmark::State& state) {
  const Av1SequenceHeader sequence = testing::MakeAv1Sequence();
  Block out(Av1SequenceHeader::kMaxSize);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    std::size_t size = 0;
    bool written = sequence.Write(out, size);
    benchmark::DoNotOptimize(written);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Av1SequenceHeaderWrite);

void BM_Av1FrameHeader(benchmark::State& state) {
  testing::Dice dice(1);
  const Av1SequenceHeader sequence = testing::MakeAv1Sequence();
  const Block bytes = testing::MakeObu(Av1ObuType::kFrame, testing::MakeAv1Frame(dice, {}, 1200));
  const auto obu = Av1ObuView::Parse(bytes);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    auto frame = Av1FrameHeader::Parse(*obu, sequence);
    benchmark::DoNotOptimize(frame);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Av1FrameHeader);

}  // namespace
}  // namespace mediacore::codec
