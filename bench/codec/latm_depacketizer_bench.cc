#include "mediacore/codec/latm_depacketizer.h"

#include <vector>

#include "../../tests/support/h264_maker.h"
#include "../../tests/support/latm_maker.h"
#include "../support/heap_count.h"
#include "mediacore/codec/latm_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;
using testing::LatmHead;

// A unit of 370 bytes, 128 kbit/s at 44.1 kHz: on whole bytes (out of band), one bit
// off them (in band), with its configuration in front.
void BM_LatmDepacketize(benchmark::State& state) {
  testing::Dice dice(1);
  const auto head = static_cast<LatmHead>(state.range(0));
  const Block payload = testing::MakeLatmElement({}, head, {dice.Block(370)});
  const auto config = StreamMuxConfig::Parse(testing::MakeLatmConfig({}));
  if (!config) return bench::Fail(state, "does not read");
  Block storage(2000);
  LatmDepacketizer depacketizer(storage, {.config_present = head != LatmHead::kNone, .config = *config});
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    auto error = depacketizer.HandlePacket({RtpTimestamp(1), true, false, payload});
    benchmark::DoNotOptimize(error);
    EncodedFrame frame;
    while (depacketizer.PollFrame(frame)) benchmark::DoNotOptimize(frame.data.data());
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(payload.size()));
}
BENCHMARK(BM_LatmDepacketize)->ArgName("config_same_none")->DenseRange(0, 2);

void BM_LatmDepacketizeRefused(benchmark::State& state) {
  const Block lie = {255, 255, 3, 1, 2, 3};
  const auto config = StreamMuxConfig::Parse(testing::MakeLatmConfig({}));
  if (!config) return bench::Fail(state, "does not read");
  Block storage(2000);
  LatmDepacketizer depacketizer(storage, {.config_present = false, .config = *config});
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    auto error = depacketizer.HandlePacket({RtpTimestamp(1), true, false, lie});
    benchmark::DoNotOptimize(error);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_LatmDepacketizeRefused);

void BM_LatmPacketize(benchmark::State& state) {
  testing::Dice dice(1);
  const Block unit = dice.Block(370);
  Block out(1400);
  benchmark::DoNotOptimize(unit.data());
  benchmark::DoNotOptimize(out.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    LatmPacketizer packetizer({1400});
    auto error = packetizer.SetFrame(unit);
    benchmark::DoNotOptimize(error);
    LatmPacket packet;
    while (packetizer.Next(packet)) {
      bool ok = packet.Write(out);
      benchmark::DoNotOptimize(ok);
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_LatmPacketize);

}  // namespace
}  // namespace mediacore::codec
