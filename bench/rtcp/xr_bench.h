#ifndef MEDIACORE_BENCH_RTCP_XR_BENCH_H_
#define MEDIACORE_BENCH_RTCP_XR_BENCH_H_

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/rtcp/extended_report.h"

#if MEDIACORE_HAVE_GSTREAMER
#include <gst/rtp/gstrtcpbuffer.h>
#endif

namespace mediacore::bench {

template <typename Writer>
std::vector<std::uint8_t> Written(const Writer& writer) {
  std::vector<std::uint8_t> out(writer.WireSize());
  if (!writer.Write(out)) out.clear();
  return out;
}

// One report with this block.
template <typename Writer>
std::vector<std::uint8_t> XrReport(const Writer& block) {
  return Written(rtcp::ExtendedReportWriter(Ssrc(1), block));
}

// The report's blocks, each given to read(const rtcp::XrBlockView&), summed up.
template <typename Read>
std::uint64_t ReadXr(Bytes datagram, Read&& read) {
  ByteReader reader(datagram);
  const auto block = rtcp::BlockView::TakeFrom(reader);
  if (!block) return 0;
  const auto report = rtcp::ExtendedReportView::Parse(*block);
  if (!report) return 0;
  std::uint64_t sum = 0;
  for (const rtcp::XrBlockView xr : *report) sum += read(xr);
  return sum;
}

template <typename Read>
void TimeXrRead(benchmark::State& state, std::vector<std::uint8_t> datagram, Read&& read) {
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    auto sum = ReadXr(datagram, read);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}

// The same with one word less of the block: most kinds are then refused.
template <typename Read>
void TimeXrRefuse(benchmark::State& state, std::vector<std::uint8_t> datagram, Read&& read) {
  datagram.resize(datagram.size() - 4);
  --datagram[3];
  --datagram[11];
  TimeXrRead(state, std::move(datagram), read);
}

template <typename Writer>
void TimeWrite(benchmark::State& state, Writer writer) {
  std::vector<std::uint8_t> out(writer.WireSize());
  const HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer);
    bool written = writer.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

#if MEDIACORE_HAVE_GSTREAMER
// Reading a datagram against GStreamer, which calls theirs(GstRTCPPacket*) for
// each block of its extended report.
template <typename Ours, typename Theirs>
void CompareXrWithGStreamer(benchmark::State& state, std::vector<std::uint8_t> datagram, Ours&& ours, Theirs&& theirs) {
  gst_init(nullptr, nullptr);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, datagram.size(), nullptr);
  gst_buffer_fill(buffer, 0, datagram.data(), datagram.size());
  CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(datagram.data());
        benchmark::ClobberMemory();
        auto sum = ReadXr(datagram, ours);
        benchmark::DoNotOptimize(sum);
      },
      [&] {
        guint64 sum = 0;
        GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
        GstRTCPPacket packet;
        if (!gst_rtcp_buffer_validate_reduced(buffer)) return;
        if (!gst_rtcp_buffer_map(buffer, GST_MAP_READ, &rtcp)) return;
        if (gst_rtcp_buffer_get_first_packet(&rtcp, &packet)) {
          for (gboolean more = gst_rtcp_packet_xr_first_rb(&packet); more; more = gst_rtcp_packet_xr_next_rb(&packet)) {
            sum += theirs(&packet);
          }
        }
        benchmark::DoNotOptimize(sum);
        gst_rtcp_buffer_unmap(&rtcp);
      });
  gst_buffer_unref(buffer);
}
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_RTCP_XR_BENCH_H_
