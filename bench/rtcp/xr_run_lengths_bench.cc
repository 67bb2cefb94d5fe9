#include "mediacore/rtcp/xr_run_lengths.h"

#include "xr_bench.h"

namespace mediacore::rtcp {
namespace {

// One packet of 50 is lost, of a second's 1000.
XrRunLengthsWriter Losses() {
  static const auto runs = [] {
    std::array<XrRun, 40> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = {i % 2 == 0, i % 2 == 0 ? std::size_t{49} : std::size_t{1}};
    return all;
  }();
  return {XrBlockType::kLossRle, Ssrc(7), {SequenceNumber(65'000), SequenceNumber(464)}, runs};
}

std::uint64_t Read(const XrBlockView& block) {
  const auto runs = XrRunLengthsView::Parse(block);
  if (!runs) return 0;
  std::uint64_t lost = 0;
  runs->ForEachRun([&lost](SequenceNumber, const XrRun& run) { lost += run.good ? 0 : run.count; });
  return lost;
}

void BM_RtcpXrRunLengthsRead(benchmark::State& state) { bench::TimeXrRead(state, bench::XrReport(Losses()), Read); }
BENCHMARK(BM_RtcpXrRunLengthsRead);

void BM_RtcpXrRunLengthsRefuse(benchmark::State& state) {
  const std::vector<std::uint8_t> body(8);
  bench::TimeXrRefuse(state, bench::XrReport(XrBlockWriter{XrBlockType::kLossRle, 0, body}), Read);
}
BENCHMARK(BM_RtcpXrRunLengthsRefuse);

// Each packet the other way than the one before, all over the number space, and
// chunks to the end of the datagram.
void BM_RtcpXrRunLengthsSixtyFiveThousandRuns(benchmark::State& state) {
  std::vector<std::uint8_t> body(65'512);
  StoreU16(body.data() + 4, 1);
  for (std::size_t at = 8; at < body.size(); at += 2) StoreU16(body.data() + at, at % 4 == 0 ? 0xd555 : 0xaaaa);
  bench::TimeXrRead(state, bench::XrReport(XrBlockWriter{XrBlockType::kLossRle, 0, body}), Read);
}
BENCHMARK(BM_RtcpXrRunLengthsSixtyFiveThousandRuns);

void BM_RtcpXrRunLengthsWrite(benchmark::State& state) { bench::TimeWrite(state, Losses()); }
BENCHMARK(BM_RtcpXrRunLengthsWrite);

#if MEDIACORE_HAVE_GSTREAMER
// GStreamer gives chunks and leaves their bits to the caller, who counts here.
void BM_RtcpXrRunLengthsAgainstGStreamer(benchmark::State& state) {
  bench::CompareXrWithGStreamer(state, bench::XrReport(Losses()), Read, [](GstRTCPPacket* packet) -> guint64 {
    guint32 ssrc = 0, count = 0;
    guint8 thinning = 0;
    guint16 begin = 0, end = 0;
    if (!gst_rtcp_packet_xr_get_rle_info(packet, &ssrc, &thinning, &begin, &end, &count)) return 0;
    guint64 lost = 0;
    for (guint i = 0; i < count; ++i) {
      guint16 chunk = 0;
      if (!gst_rtcp_packet_xr_get_rle_nth_chunk(packet, i, &chunk) || chunk == 0) break;
      if (chunk & 0x8000) {
        lost += 15 - static_cast<guint64>(std::popcount(static_cast<unsigned>(chunk & 0x7fff)));
      } else if ((chunk & 0x4000) == 0) {
        lost += chunk & 0x3fff;
      }
    }
    return lost;
  });
}
BENCHMARK(BM_RtcpXrRunLengthsAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
