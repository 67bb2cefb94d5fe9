#include "mediacore/rtcp/xr_statistics_summary.h"

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

constexpr XrStatisticsSummary kSummary{
    true, true, true, XrStatisticsSummary::HopCount::kIpv4Ttl, Ssrc(7), {SequenceNumber(65'500), SequenceNumber(14)},
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

std::uint64_t Read(const XrBlockView& block) {
  const auto summary = XrStatisticsSummary::Parse(block);
  return summary ? summary->lost_packets + summary->dup_packets + summary->mean_jitter : 0;
}

void BM_RtcpXrStatisticsSummaryRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(kSummary), Read); }
BENCHMARK(BM_RtcpXrStatisticsSummaryRead);

void BM_RtcpXrStatisticsSummaryRefuse(benchmark::State& state) { bench::TimeXrRefuse(state, bench::XrReport(kSummary), Read); }
BENCHMARK(BM_RtcpXrStatisticsSummaryRefuse);

void BM_RtcpXrStatisticsSummaryWrite(benchmark::State& state) { bench::TimeWrite(state, kSummary); }
BENCHMARK(BM_RtcpXrStatisticsSummaryWrite);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtcpXrStatisticsSummaryAgainstGStreamer(benchmark::State& state) {
  bench::CompareXrWithGStreamer(state, bench::XrReport(kSummary), Read, [](GstRTCPPacket* packet) -> guint64 {
    guint32 lost = 0, duplicates = 0, min = 0, max = 0, mean = 0, deviation = 0;
    gst_rtcp_packet_xr_get_summary_pkt(packet, &lost, &duplicates);
    gst_rtcp_packet_xr_get_summary_jitter(packet, &min, &max, &mean, &deviation);
    return lost + duplicates + mean;
  });
}
BENCHMARK(BM_RtcpXrStatisticsSummaryAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
