#include "mediacore/base/bit_reader.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/base/bit_writer.h"

namespace mediacore {
namespace {

// What a sequence parameter set is made of: small Exp-Golomb codes.
void BM_BitReaderUe(benchmark::State& state) {
  std::array<std::uint8_t, 64> buffer{};
  BitWriter writer(buffer);
  for (std::uint32_t code = 0; code < 32; ++code) writer.WriteUe(code);
  const Bytes bytes = Bytes(buffer).first(writer.byte_size());
  bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(buffer.data());
    BitReader reader(bytes);
    std::uint32_t sum = 0;
    for (int i = 0; i < 32; ++i) sum += reader.ReadUe();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 32);
}
BENCHMARK(BM_BitReaderUe);

void BM_BitReaderBits(benchmark::State& state) {
  const std::array<std::uint8_t, 64> bytes{};
  const int width = static_cast<int>(state.range(0));
  bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    BitReader reader(bytes);
    std::uint32_t sum = 0;
    for (int i = 0; i < 16; ++i) sum += reader.ReadBits(width);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 16);
}
BENCHMARK(BM_BitReaderBits)->Arg(1)->Arg(8)->Arg(13)->Arg(32);

// Refused: 33 zeros.
void BM_BitReaderUeTooLong(benchmark::State& state) {
  const std::array<std::uint8_t, 64> bytes{};
  bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    BitReader reader(bytes);
    benchmark::DoNotOptimize(reader.ReadUe());
    benchmark::DoNotOptimize(reader.ok());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_BitReaderUeTooLong);

}  // namespace
}  // namespace mediacore
