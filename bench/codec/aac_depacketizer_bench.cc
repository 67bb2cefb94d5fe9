#include "mediacore/codec/aac_depacketizer.h"

#include <vector>

#include "../../tests/support/h264_maker.h"
#include "../support/heap_count.h"
#include "mediacore/codec/aac_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// A packet of `units` access units of 370 bytes: 128 kbit/s at 44.1 kHz.
void BM_AacDepacketize(benchmark::State& state) {
  testing::Dice dice(1);
  const Block unit = dice.Block(370);
  const std::vector<Bytes> units(static_cast<std::size_t>(state.range(0)), unit);
  AacPacketizer packetizer({1400});
  AacPacket packet;
  if (packetizer.SetFrames(units) != AacPacketizeError::kNone ||
      !packetizer.Next(packet)) {
    return mediacore::bench::Fail(state, "cannot be sent");
  }
  Block payload(packet.size);
  if (!packet.Write(payload)) return mediacore::bench::Fail(state, "no room");
  Block storage(2000);
  AacDepacketizer depacketizer(storage);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    auto error = depacketizer.HandlePacket({RtpTimestamp(1), true, false, payload});
    benchmark::DoNotOptimize(error);
    EncodedFrame frame;
    while (depacketizer.PollFrame(frame)) benchmark::DoNotOptimize(frame.data.data());
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(packet.size));
}
BENCHMARK(BM_AacDepacketize)->ArgName("units")->Arg(1)->Arg(3);

void BM_AacDepacketizeRefused(benchmark::State& state) {
  const Block lie = {0, 32, 0, 16, 0, 16, 1, 2, 3};
  Block storage(2000);
  AacDepacketizer depacketizer(storage);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    auto error = depacketizer.HandlePacket({RtpTimestamp(1), true, false, lie});
    benchmark::DoNotOptimize(error);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_AacDepacketizeRefused);

void BM_AacPacketize(benchmark::State& state) {
  testing::Dice dice(1);
  const Block unit = dice.Block(370);
  Block out(1400);
  benchmark::DoNotOptimize(unit.data());
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    AacPacketizer packetizer({1400});
    auto error = packetizer.SetFrame(unit);
    benchmark::DoNotOptimize(error);
    AacPacket packet;
    while (packetizer.Next(packet)) {
      bool ok = packet.Write(out);
      benchmark::DoNotOptimize(ok);
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_AacPacketize);

}  // namespace
}  // namespace mediacore::codec
