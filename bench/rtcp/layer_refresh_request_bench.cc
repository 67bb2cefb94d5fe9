#include "mediacore/rtcp/layer_refresh_request.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kEntries = {LayerRefreshEntry{Ssrc(7), 1, PayloadType(96), {2, 1}, true, {0, 0}}};
const LayerRefreshRequestWriter kWriter{Ssrc(1), Ssrc(0), kEntries};

void BM_RtcpLayerRefreshRequestRead(benchmark::State& state) {
  bench::Read<LayerRefreshRequestView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    for (const LayerRefreshEntry entry : view) sum += entry.target.temporal_id;
    return sum;
  });
}
BENCHMARK(BM_RtcpLayerRefreshRequestRead);

void BM_RtcpLayerRefreshRequestRefuse(benchmark::State& state) { bench::Refuse<LayerRefreshRequestView>(state, kWriter); }
BENCHMARK(BM_RtcpLayerRefreshRequestRefuse);

void BM_RtcpLayerRefreshRequestWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpLayerRefreshRequestWrite);

}  // namespace
}  // namespace mediacore::rtcp
