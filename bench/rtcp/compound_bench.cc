#include "mediacore/rtcp/compound.h"

#include <algorithm>
#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/rtcp/nack.h"
#include "mediacore/rtcp/pli.h"
#include "mediacore/rtcp/remb.h"
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

// What a browser that receives video sends when packets are lost: SR, SDES, NACK
// of 5 packets, PLI and REMB.
std::vector<std::uint8_t> Feedback() {
  const auto head = Compound();
  constexpr std::array kLost = {SequenceNumber(65534), SequenceNumber(65535), SequenceNumber(0), SequenceNumber(3),
                                SequenceNumber(40)};
  constexpr std::array kSources = {Ssrc(7)};
  std::vector<std::uint8_t> out(300);
  CompoundWriter compound(MutableBytes(out).subspan(head.size()));
  std::ranges::copy(head, out.begin());
  if (!compound.Append(NackWriter{Ssrc(1), Ssrc(7), kLost}) || !compound.Append(Pli{Ssrc(1), Ssrc(7)}) ||
      !compound.Append(RembWriter{Ssrc(1), DataRate::KilobitsPerSecond(1500), kSources})) {
    return {};
  }
  out.resize(head.size() + compound.bytes().size());
  return out;
}

// Walk, read the main fields of all five, and every lost packet.
std::uint64_t ReadFeedback(Bytes datagram) {
  const auto compound = CompoundView::Parse(datagram);
  if (!compound) return 0;
  std::uint64_t sum = 0;
  for (const BlockView block : *compound) {
    switch (block.packet_type()) {
      case kSenderReport:
        if (const auto report = SenderReportView::Parse(block)) {
          sum += report->ntp_time().value() + report->rtp_timestamp().value();
          for (int i = 0; i < report->report_count(); ++i) sum += report->report(i).jitter;
        }
        break;
      case kSourceDescription:
        if (const auto sdes = SdesView::Parse(block)) {
          Bytes cname;
          if (sdes->FindCname(Ssrc(1), cname)) sum += cname.size();
        }
        break;
      case kTransportFeedback:
        if (const auto nack = NackView::Parse(block)) {
          for (const NackEntry entry : *nack) {
            for (const SequenceNumber lost : entry) sum += lost.value();
          }
        }
        break;
      case kPayloadFeedback:
        if (const auto pli = Pli::Parse(block)) {
          sum += pli->media_ssrc.value();
        } else if (const auto remb = RembView::Parse(block)) {
          sum += static_cast<std::uint64_t>(remb->bitrate().bps());
          for (int i = 0; i < remb->ssrc_count(); ++i) sum += remb->ssrc(i).value();
        }
        break;
      default:
        break;
    }
  }
  return sum;
}

void BM_RtcpCompoundReadFeedback(benchmark::State& state) {
  auto datagram = Feedback();
  if (ReadFeedback(datagram) == 0) return bench::Fail(state, "not read");
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    auto sum = ReadFeedback(datagram);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtcpCompoundReadFeedback);

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

// GStreamer has no views of NACK, PLI and REMB: their FCI is read by hand, as its
// own session does.
void BM_RtcpFeedbackAgainstGStreamer(benchmark::State& state) {
  auto datagram = Feedback();
  gst_init(nullptr, nullptr);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, datagram.size(), nullptr);
  gst_buffer_fill(buffer, 0, datagram.data(), datagram.size());
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(datagram.data());
        benchmark::ClobberMemory();
        auto sum = ReadFeedback(datagram);
        benchmark::DoNotOptimize(sum);
      },
      [&] {
        guint64 sum = 0;
        GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
        if (!gst_rtcp_buffer_validate(buffer)) return;
        if (!gst_rtcp_buffer_map(buffer, GST_MAP_READ, &rtcp)) return;
        GstRTCPPacket packet;
        for (gboolean more = gst_rtcp_buffer_get_first_packet(&rtcp, &packet); more;
             more = gst_rtcp_packet_move_to_next(&packet)) {
          const GstRTCPType type = gst_rtcp_packet_get_type(&packet);
          guint32 ssrc = 0, rtp_time = 0, packets = 0, octets = 0;
          guint64 ntp_time = 0;
          if (type == GST_RTCP_TYPE_SR) {
            gst_rtcp_packet_sr_get_sender_info(&packet, &ssrc, &ntp_time, &rtp_time, &packets, &octets);
            sum += ntp_time + rtp_time;
            const guint count = gst_rtcp_packet_get_rb_count(&packet);
            for (guint i = 0; i < count; ++i) {
              guint8 fraction = 0;
              gint32 lost = 0;
              guint32 highest = 0, jitter = 0, lsr = 0, dlsr = 0;
              gst_rtcp_packet_get_rb(&packet, i, &ssrc, &fraction, &lost, &highest, &jitter, &lsr, &dlsr);
              sum += jitter;
            }
          } else if (type == GST_RTCP_TYPE_SDES) {
            for (gboolean item = gst_rtcp_packet_sdes_first_item(&packet); item;
                 item = gst_rtcp_packet_sdes_next_item(&packet)) {
              for (gboolean entry = gst_rtcp_packet_sdes_first_entry(&packet); entry;
                   entry = gst_rtcp_packet_sdes_next_entry(&packet)) {
                GstRTCPSDESType kind = GST_RTCP_SDES_INVALID;
                guint8 length = 0;
                guint8* data = nullptr;
                if (gst_rtcp_packet_sdes_get_entry(&packet, &kind, &length, &data)) sum += length;
              }
            }
          } else if (type == GST_RTCP_TYPE_RTPFB || type == GST_RTCP_TYPE_PSFB) {
            sum += gst_rtcp_packet_fb_get_media_ssrc(&packet);
            const guint8* fci = gst_rtcp_packet_fb_get_fci(&packet);
            const guint words = gst_rtcp_packet_fb_get_fci_length(&packet);
            if (gst_rtcp_packet_fb_get_type(&packet) == GST_RTCP_RTPFB_TYPE_NACK && type == GST_RTCP_TYPE_RTPFB) {
              for (guint i = 0; i < words; ++i, fci += 4) {
                const guint16 pid = LoadU16(fci);
                sum += pid;
                for (guint bit = 0, blp = LoadU16(fci + 2); blp != 0; ++bit, blp >>= 1) {
                  if ((blp & 1) != 0) sum += static_cast<guint16>(pid + bit + 1);
                }
              }
            } else if (words >= 2) {
              sum += static_cast<guint64>(LoadU24(fci + 5) & 0x3ffff) << (fci[5] >> 2);
            }
          }
        }
        benchmark::DoNotOptimize(sum);
        gst_rtcp_buffer_unmap(&rtcp);
      });
  gst_buffer_unref(buffer);
}
BENCHMARK(BM_RtcpFeedbackAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtcp
