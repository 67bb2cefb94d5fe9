#include "mediacore/rtp/extension_table.h"

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

// The first byte and the size of each of four values.
std::size_t ParseAndReadFour(const std::array<std::uint8_t, 1200>& packet) {
  const auto view = PacketView::Parse(packet);
  if (!view) return 0;
  const ExtensionTable extensions(*view);
  std::size_t sum = 0;
  for (const int id : bench::kVideoPacketIds) {
    Bytes value;
    if (extensions.Find(id, value)) sum += value[0] + value.size();
  }
  return sum;
}
std::size_t ParseAndFindFour(const std::array<std::uint8_t, 1200>& packet) {
  const auto view = PacketView::Parse(packet);
  if (!view) return 0;
  std::size_t sum = 0;
  for (const int id : bench::kVideoPacketIds) {
    Bytes value;
    if (view->FindExtension(id, value)) sum += value[0] + value.size();
  }
  return sum;
}

void BM_RtpPacketViewParseAndReadFourExtensions(benchmark::State& state) {
  auto packet = VideoPacket();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    std::size_t sum = ParseAndReadFour(packet);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpPacketViewParseAndReadFourExtensions);

// The same by walking from the start for each.
void BM_RtpPacketViewParseAndFindFourExtensions(benchmark::State& state) {
  auto packet = VideoPacket();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    std::size_t sum = ParseAndFindFour(packet);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpPacketViewParseAndFindFourExtensions);

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtpReadFourExtensionsAgainstGStreamer(benchmark::State& state) {
  auto packet = VideoPacket();
  const bench::GstPacket gst(packet);
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(packet.data());
        benchmark::ClobberMemory();
        std::size_t sum = ParseAndReadFour(packet);
        benchmark::DoNotOptimize(sum);
      },
      [&] {
        GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
        if (!gst_rtp_buffer_map(gst.buffer(), GST_MAP_READ, &rtp)) return;
        std::size_t sum = 0;
        for (const int id : bench::kVideoPacketIds) {
          gpointer data = nullptr;
          guint size = 0;
          if (gst_rtp_buffer_get_extension_onebyte_header(
                  &rtp, static_cast<guint8>(id), 0, &data, &size)) {
            sum += *static_cast<const std::uint8_t*>(data) + size;
          }
        }
        benchmark::DoNotOptimize(sum);
        gst_rtp_buffer_unmap(&rtp);
      });
}
BENCHMARK(BM_RtpReadFourExtensionsAgainstGStreamer)->Iterations(50);

#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtp
