#include "mediacore/rtcp/xr_delay_since_rr.h"

#include <array>

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

// A forwarder's answers to ten receivers; the last of them is us.
constexpr auto kAnswers = [] {
  std::array<XrDelaySinceRr, 10> answers;
  for (std::uint32_t i = 0; i < answers.size(); ++i) answers[i] = {Ssrc(i), 1234 + i, 5678};
  return answers;
}();
constexpr XrDelaySinceRrWriter kDelays{kAnswers};

std::uint64_t Read(const XrBlockView& block) {
  const auto delays = XrDelaySinceRrView::Parse(block);
  XrDelaySinceRr answer;
  TimeDelta rtt = TimeDelta::Zero();
  if (!delays || !delays->Find(Ssrc(9), answer)) return 0;
  return RoundTripTime(answer, NtpTime(std::uint64_t{9000} << 16), rtt) ? static_cast<std::uint64_t>(rtt.us()) : 0;
}

void BM_RtcpXrDelaySinceRrRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(kDelays), Read); }
BENCHMARK(BM_RtcpXrDelaySinceRrRead);

void BM_RtcpXrDelaySinceRrRefuse(benchmark::State& state) { bench::TimeXrRefuse(state, bench::XrReport(kDelays), Read); }
BENCHMARK(BM_RtcpXrDelaySinceRrRefuse);

void BM_RtcpXrDelaySinceRrWrite(benchmark::State& state) { bench::TimeWrite(state, kDelays); }
BENCHMARK(BM_RtcpXrDelaySinceRrWrite);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtcpXrDelaySinceRrAgainstGStreamer(benchmark::State& state) {
  bench::CompareXrWithGStreamer(state, bench::XrReport(kDelays), Read, [](GstRTCPPacket* packet) -> guint64 {
    guint32 ssrc = 0, last = 0, delay = 0;
    for (guint i = 0; gst_rtcp_packet_xr_get_dlrr_block(packet, i, &ssrc, &last, &delay); ++i) {
      if (ssrc == 9) return 9000 - last - delay;
    }
    return 0;
  });
}
BENCHMARK(BM_RtcpXrDelaySinceRrAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
