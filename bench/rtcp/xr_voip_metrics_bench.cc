#include "mediacore/rtcp/xr_voip_metrics.h"

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

constexpr XrVoipMetrics kMetrics = [] {
  XrVoipMetrics metrics;
  metrics.ssrc = Ssrc(7);
  metrics.loss_rate = 3;
  metrics.round_trip_delay = TimeDelta::Millis(80);
  metrics.mos_lq = 41;
  return metrics;
}();

std::uint64_t Read(const XrBlockView& block) {
  const auto metrics = XrVoipMetrics::Parse(block);
  return metrics ? static_cast<std::uint64_t>(metrics->loss_rate + metrics->round_trip_delay.ms() + metrics->mos_lq) : 0;
}

void BM_RtcpXrVoipMetricsRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(kMetrics), Read); }
BENCHMARK(BM_RtcpXrVoipMetricsRead);

void BM_RtcpXrVoipMetricsRefuse(benchmark::State& state) { bench::TimeXrRefuse(state, bench::XrReport(kMetrics), Read); }
BENCHMARK(BM_RtcpXrVoipMetricsRefuse);

void BM_RtcpXrVoipMetricsWrite(benchmark::State& state) { bench::TimeWrite(state, kMetrics); }
BENCHMARK(BM_RtcpXrVoipMetricsWrite);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtcpXrVoipMetricsAgainstGStreamer(benchmark::State& state) {
  bench::CompareXrWithGStreamer(state, bench::XrReport(kMetrics), Read, [](GstRTCPPacket* packet) -> guint64 {
    guint8 loss = 0, discard = 0, r = 0, external = 0, listening = 0, conversation = 0;
    guint16 round_trip = 0, system = 0;
    gst_rtcp_packet_xr_get_voip_packet_metrics(packet, &loss, &discard);
    gst_rtcp_packet_xr_get_voip_delay_metrics(packet, &round_trip, &system);
    gst_rtcp_packet_xr_get_voip_quality_metrics(packet, &r, &external, &listening, &conversation);
    return loss + round_trip + listening;
  });
}
BENCHMARK(BM_RtcpXrVoipMetricsAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
