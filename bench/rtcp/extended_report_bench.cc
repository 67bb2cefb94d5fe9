#include "mediacore/rtcp/extended_report.h"

#include <array>

#include "mediacore/rtcp/xr_delay_since_rr.h"
#include "mediacore/rtcp/xr_reference_time.h"
#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

// What Chromium sends who both sends and receives.
constexpr std::array kAnswers{XrDelaySinceRr{Ssrc(7), 1234, 5678}};
const ExtendedReportWriter kReport(Ssrc(1), XrReferenceTime{NtpTime(0xeeab723cf41322f2)}, XrDelaySinceRrWriter{kAnswers});

std::uint64_t Read(const XrBlockView& block) {
  if (const auto time = XrReferenceTime::Parse(block)) return time->ntp_time.value();
  const auto delays = XrDelaySinceRrView::Parse(block);
  return delays && delays->count() > 0 ? delays->at(0).last_rr : 0;
}

void BM_RtcpExtendedReportRead(benchmark::State& state) { bench::TimeXrRead(state, bench::Written(kReport), Read); }
BENCHMARK(BM_RtcpExtendedReportRead);

void BM_RtcpExtendedReportRefuse(benchmark::State& state) {
  auto datagram = bench::Written(kReport);
  datagram[23] = 4;  // the last block runs past the end
  bench::TimeXrRead(state, datagram, Read);
}
BENCHMARK(BM_RtcpExtendedReportRefuse);

// The most that one datagram can ask for.
void BM_RtcpExtendedReportSixteenThousandBlocks(benchmark::State& state) {
  std::vector<std::uint8_t> blocks(16'381 * 4);
  for (std::size_t at = 0; at < blocks.size(); at += 4) blocks[at] = 5;
  bench::TimeXrRead(state, bench::XrReport(XrBlocksCopy{blocks}), Read);
  state.SetItemsProcessed(state.iterations() * 16'381);
}
BENCHMARK(BM_RtcpExtendedReportSixteenThousandBlocks);

void BM_RtcpExtendedReportWrite(benchmark::State& state) { bench::TimeWrite(state, kReport); }
BENCHMARK(BM_RtcpExtendedReportWrite);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtcpExtendedReportAgainstGStreamer(benchmark::State& state) {
  bench::CompareXrWithGStreamer(state, bench::Written(kReport), Read, [](GstRTCPPacket* packet) -> guint64 {
    guint64 time = 0;
    guint32 ssrc = 0, last = 0, delay = 0;
    if (gst_rtcp_packet_xr_get_block_type(packet) == GST_RTCP_XR_TYPE_RRT) {
      gst_rtcp_packet_xr_get_rrt(packet, &time);
      return time;
    }
    gst_rtcp_packet_xr_get_dlrr_block(packet, 0, &ssrc, &last, &delay);
    return last;
  });
}
BENCHMARK(BM_RtcpExtendedReportAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
