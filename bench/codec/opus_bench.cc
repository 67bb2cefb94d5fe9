#include "mediacore/codec/opus.h"

#include <vector>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/codec/opus_depacketizer.h"
#include "mediacore/codec/opus_packetizer.h"

#if MEDIACORE_HAVE_LIBOPUS
#include <opus.h>
#endif

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

void BM_OpusView(benchmark::State& state) {
  Block packet(160, 7);
  packet[0] = 0xf8;                                // one frame
  if (state.range(0) == 1) packet[0] = 0xfb, packet[1] = 0x83;  // three, sizes differ
  if (state.range(0) == 2) packet[0] = 0xf9;       // refused: two equal, odd size
  benchmark::DoNotOptimize(packet.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(packet.data());
    const auto view = OpusPacketView::Parse(packet);
    std::uint32_t samples = view ? view->samples() : 0;
    benchmark::DoNotOptimize(samples);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OpusView)->ArgName("one_vbr_refused")->DenseRange(0, 2);

#if MEDIACORE_HAVE_LIBOPUS
// libopus says where the frames are, too.
void BM_OpusViewAgainstLibopus(benchmark::State& state) {
  Block packet(160, 7);
  packet[0] = 0xf8;
  if (state.range(0) == 1) packet[0] = 0xfb, packet[1] = 0x83;
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(packet.data());
        const auto view = OpusPacketView::Parse(packet);
        std::uint32_t samples = view ? view->samples() : 0;
        benchmark::DoNotOptimize(samples);
      },
      [&] {
        unsigned char toc = 0;
        const unsigned char* frames[48];
        opus_int16 sizes[48];
        int offset = 0;
        int count =
            opus_packet_parse(packet.data(), static_cast<opus_int32>(packet.size()), &toc, frames, sizes, &offset);
        benchmark::DoNotOptimize(count);
        benchmark::DoNotOptimize(frames);
      });
}
BENCHMARK(BM_OpusViewAgainstLibopus)->ArgName("vbr")->Arg(0)->Arg(1)->Iterations(50);
#endif

void BM_OpusDepacketize(benchmark::State& state) {
  Block packet(160, 7);
  packet[0] = state.range(0) != 0 ? 0xf9 : 0xf8;
  Block storage(2000);
  OpusDepacketizer depacketizer(storage);
  benchmark::DoNotOptimize(packet.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    auto error = depacketizer.HandlePacket({RtpTimestamp(1), false, false, packet});
    benchmark::DoNotOptimize(error);
    EncodedFrame frame;
    while (depacketizer.PollFrame(frame)) benchmark::DoNotOptimize(frame.data.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OpusDepacketize)->ArgName("refused")->Arg(0)->Arg(1);

void BM_OpusPacketize(benchmark::State& state) {
  const Block frame(160, 0xf8);
  Block out(1200);
  benchmark::DoNotOptimize(out.data());
  benchmark::DoNotOptimize(frame.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    OpusPacketizer packetizer({1200});
    auto error = packetizer.SetFrame(frame);
    benchmark::DoNotOptimize(error);
    OpusPacket packet;
    while (packetizer.Next(packet)) {
      bool ok = packet.Write(out);
      benchmark::DoNotOptimize(ok);
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OpusPacketize);

}  // namespace
}  // namespace mediacore::codec
