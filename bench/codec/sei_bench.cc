#include "mediacore/codec/sei.h"

#include <vector>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

// Captions of 90 bytes, a picture timing and the trailing bits; refused: the
// captions run past the end.
void BM_SeiWalk(benchmark::State& state) {
  std::vector<std::uint8_t> rbsp(100, 0x42);
  rbsp[0] = 4;
  rbsp[1] = state.range(0) == 0 ? 90 : 99;
  rbsp[92] = 1;
  rbsp[93] = 5;
  rbsp[99] = 0x80;
  const bench::HeapCount heap(state);
  int messages = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(rbsp.data());
    benchmark::ClobberMemory();
    ByteReader reader(rbsp);
    messages = 0;
    while (const auto message = SeiMessage::TakeFrom(reader)) ++messages;
    benchmark::DoNotOptimize(messages);
  }
  if (messages != (state.range(0) == 0 ? 2 : 0)) bench::Fail(state, "not what it measures");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SeiWalk)->ArgName("refused")->Arg(0)->Arg(1);

void BM_SeiWrite(benchmark::State& state) {
  const std::vector<std::uint8_t> payload(90, 0x42);
  std::vector<std::uint8_t> out(100);
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    bool written = SeiMessage{SeiType::kUserDataRegistered, payload}.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SeiWrite);

}  // namespace
}  // namespace mediacore::codec
