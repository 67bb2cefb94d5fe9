#include "mediacore/rtcp/compound.h"

#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/rtcp/sdes.h"
#include "mediacore/rtcp/sender_report.h"

#if MEDIACORE_HAVE_GSTREAMER
#include <gst/rtp/gstrtcpbuffer.h>
#endif

namespace mediacore::rtcp {
namespace {

// What a sender that also receives one stream sends each second: a sender
// report with one report block, and an SDES with its CNAME.
std::vector<std::uint8_t> Compound() {
  static constexpr std::array<std::uint8_t, 16> kName = {
      'u', 's', 'e', 'r', '@', 'h', 'o', 's', 't', '.', 'e', 'x', 'a', 'm', 'p', 'l'};
  const std::array reports{ReportBlock{Ssrc(7), 12, 34, 56789, 90, 1234, 5678}};
  SenderReportWriter report;
  report.sender_ssrc = Ssrc(1);
  report.ntp_time = NtpTime(0xe800000080000000);
  report.reports = reports;
  const std::array items{SdesItem{SdesType::kCname, kName, {}}};
  const std::array chunks{SdesWriter::Chunk{Ssrc(1), items}};
  const SdesWriter sdes{chunks};
  std::vector<std::uint8_t> out(report.WireSize() + sdes.WireSize());
  const MutableBytes all(out);
  if (!report.Write(all) || !sdes.Write(all.subspan(report.WireSize()))) out.clear();
  return out;
}

// Walk, and read the report and its block.
std::uint32_t ReadReports(Bytes datagram) {
  const auto compound = CompoundView::Parse(datagram);
  if (!compound) return 0;
  std::uint32_t sum = 0;
  for (const BlockView block : *compound) {
    if (block.packet_type() != kSenderReport) continue;
    const auto report = SenderReportView::Parse(block);
    if (!report) continue;
    sum += report->rtp_timestamp().value();
    for (int i = 0; i < report->report_count(); ++i) sum += report->report(i).jitter;
  }
  return sum;
}

void BM_RtcpCompoundRead(benchmark::State& state) {
  auto datagram = Compound();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    auto sum = ReadReports(datagram);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpCompoundRead);

void BM_RtcpCompoundRefuse(benchmark::State& state) {
  auto datagram = Compound();
  datagram.pop_back();  // the last block runs past the end
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    auto sum = ReadReports(datagram);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpCompoundRefuse);

// The most that one datagram can ask for.
void BM_RtcpCompoundSixteenThousandBlocks(benchmark::State& state) {
  std::vector<std::uint8_t> datagram;
  for (int i = 0; i < 16'383; ++i) datagram.insert(datagram.end(), {0x80, 201, 0, 0});
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    auto sum = ReadReports(datagram);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 16'383);
}
BENCHMARK(BM_RtcpCompoundSixteenThousandBlocks);

void BM_RtcpSenderReportWrite(benchmark::State& state) {
  const std::array reports{ReportBlock{Ssrc(7), 12, 34, 56789, 90, 1234, 5678}};
  SenderReportWriter report;
  report.reports = reports;
  std::array<std::uint8_t, 64> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(report);
    bool written = report.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpSenderReportWrite);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtcpReadAgainstGStreamer(benchmark::State& state) {
  auto datagram = Compound();
  gst_init(nullptr, nullptr);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, datagram.size(), nullptr);
  gst_buffer_fill(buffer, 0, datagram.data(), datagram.size());
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(datagram.data());
        benchmark::ClobberMemory();
        auto sum = ReadReports(datagram);
        benchmark::DoNotOptimize(sum);
      },
      [&] {
        guint32 sum = 0;
        GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
        if (!gst_rtcp_buffer_validate(buffer)) return;
        if (!gst_rtcp_buffer_map(buffer, GST_MAP_READ, &rtcp)) return;
        GstRTCPPacket packet;
        for (gboolean more = gst_rtcp_buffer_get_first_packet(&rtcp, &packet); more;
             more = gst_rtcp_packet_move_to_next(&packet)) {
          if (gst_rtcp_packet_get_type(&packet) != GST_RTCP_TYPE_SR) continue;
          guint32 ssrc = 0, rtp_time = 0, packets = 0, octets = 0;
          guint64 ntp_time = 0;
          gst_rtcp_packet_sr_get_sender_info(&packet, &ssrc, &ntp_time, &rtp_time,
                                             &packets, &octets);
          sum += rtp_time;
          const guint count = gst_rtcp_packet_get_rb_count(&packet);
          for (guint i = 0; i < count; ++i) {
            guint8 fraction = 0;
            gint32 lost = 0;
            guint32 highest = 0, jitter = 0, lsr = 0, dlsr = 0;
            gst_rtcp_packet_get_rb(&packet, i, &ssrc, &fraction, &lost, &highest,
                                   &jitter, &lsr, &dlsr);
            sum += jitter;
          }
        }
        benchmark::DoNotOptimize(sum);
        gst_rtcp_buffer_unmap(&rtcp);
      });
  gst_buffer_unref(buffer);
}
BENCHMARK(BM_RtcpReadAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
