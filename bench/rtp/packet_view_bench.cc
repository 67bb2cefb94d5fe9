#include "mediacore/rtp/packet_view.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "video_packet.h"

#if MEDIACORE_HAVE_GSTREAMER
#include "gst_packet.h"
#endif

namespace mediacore::rtp {
namespace {

using bench::VideoPacket;

void BM_RtpPacketViewParse(benchmark::State& state) {
  auto packet = VideoPacket();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    auto view = PacketView::Parse(packet);
    benchmark::DoNotOptimize(view);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpPacketViewParse);

void BM_RtpPacketViewRefuse(benchmark::State& state) {
  auto packet = VideoPacket();
  packet[14] = 0xff;  // the extension runs past the end
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    auto view = PacketView::Parse(packet);
    benchmark::DoNotOptimize(view);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpPacketViewRefuse);

#if MEDIACORE_HAVE_GSTREAMER

void BM_RtpParseAgainstGStreamer(benchmark::State& state) {
  auto packet = VideoPacket();
  const bench::GstPacket gst(packet);
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(packet.data());
        benchmark::ClobberMemory();
        auto view = PacketView::Parse(packet);
        benchmark::DoNotOptimize(view);
      },
      [&] {
        GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
        const bool mapped = gst_rtp_buffer_map(gst.buffer(), GST_MAP_READ, &rtp);
        benchmark::DoNotOptimize(mapped);
        gst_rtp_buffer_unmap(&rtp);
      });
}
BENCHMARK(BM_RtpParseAgainstGStreamer)->Iterations(50);

#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtp
