#include "mediacore/rtp/packet_view.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/rtp/extension_table.h"

#if MEDIACORE_HAVE_GSTREAMER
#include <gst/rtp/gstrtpbuffer.h>
#endif

namespace mediacore::rtp {
namespace {

// A 1200-byte video packet of a browser: abs-send-time, transport-wide sequence
// number, MID and audio level or the like, in the one-byte form.
constexpr std::array<std::uint8_t, 1200> VideoPacket() {
  std::array<std::uint8_t, 1200> p{};
  constexpr std::array<std::uint8_t, 28> kStart = {
      0x90, 0x60, 0x12, 0x34, 1,    2,    3,    4,    0xca, 0xfe,
      0xba, 0xbe, 0xbe, 0xde, 0x00, 0x03, 0x22, 0x11, 0x22, 0x33,
      0x31, 0x00, 0x07, 0x40, '0',  0x90, 0x80, 0x00};
  std::copy(kStart.begin(), kStart.end(), p.begin());
  return p;
}
constexpr std::array<int, 4> kIds = {2, 3, 4, 9};

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

// The first byte and the size of each of four values.
std::size_t ParseAndReadFour(const std::array<std::uint8_t, 1200>& packet) {
  const auto view = PacketView::Parse(packet);
  if (!view) return 0;
  const ExtensionTable extensions(*view);
  std::size_t sum = 0;
  for (const int id : kIds) {
    Bytes value;
    if (extensions.Find(id, value)) sum += value[0] + value.size();
  }
  return sum;
}
std::size_t ParseAndFindFour(const std::array<std::uint8_t, 1200>& packet) {
  const auto view = PacketView::Parse(packet);
  if (!view) return 0;
  std::size_t sum = 0;
  for (const int id : kIds) {
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

// One GstBuffer around the packet, as a payloader would hand it on.
class GstPacket {
 public:
  explicit GstPacket(const std::array<std::uint8_t, 1200>& packet) {
    gst_init(nullptr, nullptr);
    buffer_ = gst_buffer_new_allocate(nullptr, packet.size(), nullptr);
    gst_buffer_fill(buffer_, 0, packet.data(), packet.size());
  }
  ~GstPacket() { gst_buffer_unref(buffer_); }
  GstPacket(const GstPacket&) = delete;
  GstPacket& operator=(const GstPacket&) = delete;
  GstBuffer* buffer() const { return buffer_; }

 private:
  GstBuffer* buffer_;
};

void BM_RtpParseAgainstGStreamer(benchmark::State& state) {
  auto packet = VideoPacket();
  const GstPacket gst(packet);
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

void BM_RtpReadFourExtensionsAgainstGStreamer(benchmark::State& state) {
  auto packet = VideoPacket();
  const GstPacket gst(packet);
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
        for (const int id : kIds) {
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
