#include "mediacore/rtcp/xr_reference_time.h"

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

constexpr XrReferenceTime kTime{NtpTime(0xeeab723cf41322f2)};

std::uint64_t Read(const XrBlockView& block) {
  const auto time = XrReferenceTime::Parse(block);
  return time ? time->ntp_time.value() : 0;
}

void BM_RtcpXrReferenceTimeRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(kTime), Read); }
BENCHMARK(BM_RtcpXrReferenceTimeRead);

void BM_RtcpXrReferenceTimeRefuse(benchmark::State& state) { bench::TimeXrRefuse(state, bench::XrReport(kTime), Read); }
BENCHMARK(BM_RtcpXrReferenceTimeRefuse);

void BM_RtcpXrReferenceTimeWrite(benchmark::State& state) { bench::TimeWrite(state, kTime); }
BENCHMARK(BM_RtcpXrReferenceTimeWrite);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtcpXrReferenceTimeAgainstGStreamer(benchmark::State& state) {
  bench::CompareXrWithGStreamer(state, bench::XrReport(kTime), Read, [](GstRTCPPacket* packet) -> guint64 {
    guint64 time = 0;
    gst_rtcp_packet_xr_get_rrt(packet, &time);
    return time;
  });
}
BENCHMARK(BM_RtcpXrReferenceTimeAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
