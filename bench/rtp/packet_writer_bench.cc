#include "mediacore/rtp/packet_writer.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/rtp/packet_view.h"
#include "video_packet.h"

#if MEDIACORE_HAVE_GSTREAMER
#include <gst/rtp/gstrtpbuffer.h>
#endif

namespace mediacore::rtp {
namespace {

// Four elements of a browser's video packet and its payload of 1172 bytes.
struct Source {
  Source() {
    const auto view = PacketView::Parse(packet);
    int at = 0;
    view->ForEachExtension([&](int id, Bytes value) {
      elements[static_cast<std::size_t>(at++)] = {id, value};
    });
    writer.payload_type = view->payload_type();
    writer.ssrc = view->ssrc();
    writer.extensions = elements;
    writer.payload = view->payload();
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  const std::array<std::uint8_t, 1200> packet = bench::VideoPacket();
  std::array<ExtensionElement, 4> elements{};
  PacketWriter writer;
};

void Write(benchmark::State& state, PacketWriter& writer, std::size_t room, bool good) {
  std::array<std::uint8_t, 1500> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    writer.sequence_number = writer.sequence_number + 1;
    bool written = writer.Write(MutableBytes(out).first(room));
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
    if (written != good) state.SkipWithError("the packet was not written as it should be");
  }
  state.SetItemsProcessed(state.iterations());
}

// Most of it is the copy of the payload.
void BM_RtpPacketWriterWholePacket(benchmark::State& state) {
  Source source;
  Write(state, source.writer, 1500, true);
}
BENCHMARK(BM_RtpPacketWriterWholePacket);

void BM_RtpPacketWriterHeaderAndFourExtensions(benchmark::State& state) {
  Source source;
  source.writer.payload = {};
  Write(state, source.writer, 1500, true);
}
BENCHMARK(BM_RtpPacketWriterHeaderAndFourExtensions);

void BM_RtpPacketWriterRefuse(benchmark::State& state) {
  Source source;
  Write(state, source.writer, 1199, false);
}
BENCHMARK(BM_RtpPacketWriterRefuse);

#if MEDIACORE_HAVE_GSTREAMER
// A header with one extension, as GStreamer's payloaders write it.
void BM_RtpWriteHeaderAgainstGStreamer(benchmark::State& state) {
  gst_init(nullptr, nullptr);
  Source source;
  source.writer.payload = {};
  source.writer.extensions = std::span(source.elements).first(1);
  std::array<std::uint8_t, 1500> out{};
  const Bytes value = source.elements[0].value;
  bench::CompareWithPeer(
      state,
      [&] {
        source.writer.sequence_number = source.writer.sequence_number + 1;
        bool written = source.writer.Write(out);
        benchmark::DoNotOptimize(written);
        benchmark::ClobberMemory();
      },
      [&] {
        GstBuffer* const buffer = gst_rtp_buffer_new_allocate(0, 0, 0);
        GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
        if (!gst_rtp_buffer_map(buffer, GST_MAP_READWRITE, &rtp)) return;
        gst_rtp_buffer_set_payload_type(&rtp, 96);
        gst_rtp_buffer_set_seq(&rtp, 1);
        gst_rtp_buffer_set_timestamp(&rtp, 3000);
        gst_rtp_buffer_set_ssrc(&rtp, 7);
        gst_rtp_buffer_add_extension_onebyte_header(&rtp, 2, value.data(), static_cast<guint>(value.size()));
        gst_rtp_buffer_unmap(&rtp);
        gst_buffer_unref(buffer);
      });
}
BENCHMARK(BM_RtpWriteHeaderAgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtp
