#include "mediacore/rtp/send_time.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(TransmissionOffset, TransmissionOffset, {0xff, 0xff, 0xf0});
BENCH_EXTENSION_VALUE(AbsSendTime, AbsSendTime, {0x06, 0, 0});

// A packet each millisecond: read, unwrapped, as an estimator of delay does.
void BM_RtpAbsSendTimeUnwrap(benchmark::State& state) {
  std::array<std::uint8_t, 3> bytes{};
  AbsSendTimeUnwrapper unwrapper;
  std::uint32_t ticks = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    StoreU24(bytes.data(), ticks += 262);
    benchmark::DoNotOptimize(bytes);
    const auto sent = AbsSendTime::Parse(bytes);
    auto time = unwrapper.Unwrap(*sent);
    benchmark::DoNotOptimize(time);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpAbsSendTimeUnwrap);

// A pacer's stamp on a packet that leaves.
void BM_RtpAbsSendTimeOfNow(benchmark::State& state) {
  Timestamp now = Timestamp::Micros(1'700'000'000'000'000);
  std::array<std::uint8_t, 3> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    now += TimeDelta::Micros(137);
    bool written = AbsSendTime::Of(now).Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpAbsSendTimeOfNow);

}  // namespace
}  // namespace mediacore::rtp
