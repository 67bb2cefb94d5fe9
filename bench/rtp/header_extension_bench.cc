#include "mediacore/rtp/header_extension.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtp {
namespace {

// Four elements and a byte of padding, in either form; cut short, the last
// element is dropped.
constexpr std::array<std::uint8_t, 12> kOneByte = {0x22, 1, 2, 3, 0x31, 0, 7, 0x40, '0', 0x90, 0x80, 0};
constexpr std::array<std::uint8_t, 16> kTwoByte = {2, 3, 1, 2, 3, 3, 2, 0, 7, 4, 1, '0', 9, 1, 0x80, 0};

void Walk(benchmark::State& state, ExtensionForm form, Bytes block) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(block.data());
    std::size_t sum = 0;
    ExtensionReader reader(form, block);
    for (ExtensionElement element; reader.Next(element);) sum += element.value.size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_RtpExtensionsWalkOneByte(benchmark::State& state) { Walk(state, ExtensionForm::kOneByte, kOneByte); }
BENCHMARK(BM_RtpExtensionsWalkOneByte);
void BM_RtpExtensionsWalkTwoByte(benchmark::State& state) { Walk(state, ExtensionForm::kTwoByte, kTwoByte); }
BENCHMARK(BM_RtpExtensionsWalkTwoByte);
void BM_RtpExtensionsWalkCutShort(benchmark::State& state) {
  Walk(state, ExtensionForm::kOneByte, Bytes(kOneByte).first(10));
}
BENCHMARK(BM_RtpExtensionsWalkCutShort);

}  // namespace
}  // namespace mediacore::rtp
