#include "mediacore/rtp/packet_rewriter.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "video_packet.h"

#if MEDIACORE_HAVE_GSTREAMER
#include <gst/rtp/gstrtpbuffer.h>
#endif

namespace mediacore::rtp {
namespace {

using bench::VideoPacket;

// What a forwarder does to each packet for each receiver: parse, give it the
// receiver's numbers, put the transport-wide sequence number (id 3) in.
void BM_RtpPacketRewriter(benchmark::State& state) {
  auto packet = VideoPacket();
  std::array<std::uint8_t, 2> number = {0, 1};
  const bench::HeapCount heap(state);
  std::uint16_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    const auto rewriter = PacketRewriter::Parse(packet);
    if (!rewriter) continue;
    rewriter->SetSsrc(Ssrc(0x11223344));
    rewriter->SetSequenceNumber(SequenceNumber(++next));
    rewriter->SetTimestamp(rewriter->view().timestamp() + 3000);
    StoreU16(number.data(), next);
    bool done = rewriter->SetExtension(3, number);
    benchmark::DoNotOptimize(done);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpPacketRewriter);

#if MEDIACORE_HAVE_GSTREAMER

// The same four changes by GStreamer, in a buffer that is its own to write.
void BM_RtpRewriteAgainstGStreamer(benchmark::State& state) {
  gst_init(nullptr, nullptr);
  auto packet = VideoPacket();
  GstBuffer* const buffer = gst_buffer_new_allocate(nullptr, packet.size(), nullptr);
  gst_buffer_fill(buffer, 0, packet.data(), packet.size());
  std::array<std::uint8_t, 2> number = {0, 1};
  std::uint16_t next = 0;
  bool ours_done = true;
  bool peer_done = true;
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(packet.data());
        benchmark::ClobberMemory();
        const auto rewriter = PacketRewriter::Parse(packet);
        if (!rewriter) return;
        rewriter->SetSsrc(Ssrc(0x11223344));
        rewriter->SetSequenceNumber(SequenceNumber(++next));
        rewriter->SetTimestamp(rewriter->view().timestamp() + 3000);
        StoreU16(number.data(), next);
        ours_done &= rewriter->SetExtension(3, number);
      },
      [&] {
        GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
        peer_done &= gst_rtp_buffer_map(buffer, GST_MAP_READWRITE, &rtp) != 0;
        gst_rtp_buffer_set_ssrc(&rtp, 0x11223344);
        gst_rtp_buffer_set_seq(&rtp, ++next);
        gst_rtp_buffer_set_timestamp(&rtp, gst_rtp_buffer_get_timestamp(&rtp) + 3000);
        gpointer data = nullptr;
        guint size = 0;
        peer_done &= gst_rtp_buffer_get_extension_onebyte_header(&rtp, 3, 0, &data, &size) && size == 2;
        if (peer_done) StoreU16(static_cast<std::uint8_t*>(data), next);
        gst_rtp_buffer_unmap(&rtp);
      });
  if (!ours_done || !peer_done) bench::Fail(state, "not rewritten");
  gst_buffer_unref(buffer);
}
BENCHMARK(BM_RtpRewriteAgainstGStreamer)->Iterations(50);

#endif  // MEDIACORE_HAVE_GSTREAMER

// An extension that is not there: found out, nothing changed.
void BM_RtpPacketRewriterRefuse(benchmark::State& state) {
  auto packet = VideoPacket();
  const std::array<std::uint8_t, 2> number = {0, 1};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    const auto rewriter = PacketRewriter::Parse(packet);
    bool done = rewriter && rewriter->SetExtension(5, number);
    benchmark::DoNotOptimize(done);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpPacketRewriterRefuse);

void BM_RtpMapExtensionIds(benchmark::State& state) {
  ExtensionIdMapping same;
  for (int id = 1; id < 15; ++id) static_cast<void>(same.Set(id, id));
  auto packet = VideoPacket();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    const auto rewriter = PacketRewriter::Parse(packet);
    int dropped = rewriter ? rewriter->MapExtensionIds(same) : -1;
    benchmark::DoNotOptimize(dropped);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpMapExtensionIds);

}  // namespace
}  // namespace mediacore::rtp
