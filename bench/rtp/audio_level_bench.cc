#include "mediacore/rtp/audio_level.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(AudioLevel, AudioLevel, {0x8c});
BENCH_EXTENSION_VALUE(InbandComfortNoise, InbandComfortNoise, {0xb0});

// Fifteen speakers in the mix, all shown.
constexpr std::array<std::uint8_t, 16> kLevels = {12, 127, 30, 44, 127, 127, 60, 50, 127, 127, 90, 80, 20, 127, 33, 0};

void BM_RtpCsrcAudioLevelsRead(benchmark::State& state) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    Bytes bytes = Bytes(kLevels).first(15);
    benchmark::DoNotOptimize(bytes);
    const auto levels = CsrcAudioLevels::Parse(bytes);
    int sum = 0;
    for (int i = 0; levels && i < levels->count(); ++i) sum += levels->level(i);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpCsrcAudioLevelsRead);
void BM_RtpCsrcAudioLevelsRefuse(benchmark::State& state) {
  bench::ReadExtensionValue<CsrcAudioLevels>(state, kLevels, false);
}
BENCHMARK(BM_RtpCsrcAudioLevelsRefuse);
void BM_RtpCsrcAudioLevelsWrite(benchmark::State& state) {
  bench::WriteExtensionValue(state, CsrcAudioLevels{Bytes(kLevels).first(15)});
}
BENCHMARK(BM_RtpCsrcAudioLevelsWrite);

}  // namespace
}  // namespace mediacore::rtp
