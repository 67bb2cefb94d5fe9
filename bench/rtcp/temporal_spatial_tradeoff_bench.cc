#include "mediacore/rtcp/temporal_spatial_tradeoff.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kEntries = {TradeoffEntry{Ssrc(7), 1, 9}};
const TstrWriter kWriter{Ssrc(1), Ssrc(0), kEntries};

void BM_RtcpTemporalSpatialTradeoffRead(benchmark::State& state) {
  bench::Read<TstrView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    for (const TradeoffEntry entry : view) sum += entry.index;
    return sum;
  });
}
BENCHMARK(BM_RtcpTemporalSpatialTradeoffRead);

void BM_RtcpTemporalSpatialTradeoffRefuse(benchmark::State& state) { bench::Refuse<TstrView>(state, kWriter); }
BENCHMARK(BM_RtcpTemporalSpatialTradeoffRefuse);

void BM_RtcpTemporalSpatialTradeoffWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpTemporalSpatialTradeoffWrite);

}  // namespace
}  // namespace mediacore::rtcp
