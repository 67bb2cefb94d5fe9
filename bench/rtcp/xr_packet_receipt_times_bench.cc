#include "mediacore/rtcp/xr_packet_receipt_times.h"

#include <array>

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

constexpr auto kReceived = [] {
  std::array<RtpTimestamp, 50> times;
  for (std::uint32_t i = 0; i < times.size(); ++i) times[i] = RtpTimestamp(960 * i);
  return times;
}();
constexpr XrPacketReceiptTimesWriter kTimes{Ssrc(7), {SequenceNumber(65'500), SequenceNumber(14)}, kReceived};

std::uint64_t Read(const XrBlockView& block) {
  const auto times = XrPacketReceiptTimesView::Parse(block);
  if (!times) return 0;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < times->count(); ++i) sum += times->sequence_number(i).value() + times->time(i).value();
  return sum;
}

void BM_RtcpXrPacketReceiptTimesRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(kTimes), Read); }
BENCHMARK(BM_RtcpXrPacketReceiptTimesRead);

void BM_RtcpXrPacketReceiptTimesRefuse(benchmark::State& state) { bench::TimeXrRefuse(state, bench::XrReport(kTimes), Read); }
BENCHMARK(BM_RtcpXrPacketReceiptTimesRefuse);

void BM_RtcpXrPacketReceiptTimesWrite(benchmark::State& state) { bench::TimeWrite(state, kTimes); }
BENCHMARK(BM_RtcpXrPacketReceiptTimesWrite);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtcpXrPacketReceiptTimesAgainstGStreamer(benchmark::State& state) {
  bench::CompareXrWithGStreamer(state, bench::XrReport(kTimes), Read, [](GstRTCPPacket* packet) -> guint64 {
    guint32 ssrc = 0, time = 0;
    guint8 thinning = 0;
    guint16 begin = 0, end = 0;
    if (!gst_rtcp_packet_xr_get_prt_info(packet, &ssrc, &thinning, &begin, &end)) return 0;
    guint64 sum = 0;
    for (guint16 number = begin; number != end; ++number) {
      if (gst_rtcp_packet_xr_get_prt_by_seq(packet, number, &time)) sum += number + time;
    }
    return sum;
  });
}
BENCHMARK(BM_RtcpXrPacketReceiptTimesAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
