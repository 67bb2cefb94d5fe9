#include "mediacore/rtcp/xr_target_bitrate.h"

#include <array>

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

// Three spatial layers of three temporal ones.
constexpr auto kLayers = [] {
  std::array<XrTargetBitrate, 9> layers;
  for (std::uint8_t i = 0; i < layers.size(); ++i) {
    layers[i] = {static_cast<std::uint8_t>(i / 3), static_cast<std::uint8_t>(i % 3), DataRate::KilobitsPerSecond(100 * i)};
  }
  return layers;
}();
constexpr XrTargetBitrateWriter kTargets{kLayers};

std::uint64_t Read(const XrBlockView& block) {
  const auto targets = XrTargetBitrateView::Parse(block);
  if (!targets) return 0;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < targets->count(); ++i) sum += static_cast<std::uint64_t>(targets->at(i).rate.bps());
  return sum;
}

void BM_RtcpXrTargetBitrateRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(kTargets), Read); }
BENCHMARK(BM_RtcpXrTargetBitrateRead);

void BM_RtcpXrTargetBitrateRefuse(benchmark::State& state) {
  auto datagram = bench::XrReport(kTargets);
  datagram[8] = 43;  // another type
  bench::TimeXrRead(state, datagram, Read);
}
BENCHMARK(BM_RtcpXrTargetBitrateRefuse);

void BM_RtcpXrTargetBitrateWrite(benchmark::State& state) { bench::TimeWrite(state, kTargets); }
BENCHMARK(BM_RtcpXrTargetBitrateWrite);

}  // namespace
}  // namespace mediacore::rtcp
