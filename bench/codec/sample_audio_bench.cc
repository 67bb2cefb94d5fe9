#include "mediacore/codec/sample_audio.h"

#include <vector>

#include "../support/heap_count.h"
#include "mediacore/codec/sample_audio_depacketizer.h"
#include "mediacore/codec/sample_audio_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

void BM_SampleAudioDepacketize(benchmark::State& state) {
  const Block packet(state.range(0) != 0 ? 161 : 160, 7);
  Block storage(2000);
  SampleAudioDepacketizer depacketizer(storage, {Codec::kPcmu, 2});
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
BENCHMARK(BM_SampleAudioDepacketize)->ArgName("refused")->Arg(0)->Arg(1);

void BM_SampleAudioPacketize(benchmark::State& state) {
  const Block samples(800, 7);  // five packets
  Block out(1200);
  benchmark::DoNotOptimize(samples.data());
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    SampleAudioPacketizer packetizer({});
    auto error = packetizer.SetFrame(samples);
    benchmark::DoNotOptimize(error);
    SampleAudioPacket packet;
    while (packetizer.Next(packet)) {
      bool ok = packet.Write(out);
      benchmark::DoNotOptimize(ok);
    }
  }
  state.SetItemsProcessed(state.iterations() * 5);
}
BENCHMARK(BM_SampleAudioPacketize);

}  // namespace
}  // namespace mediacore::codec
