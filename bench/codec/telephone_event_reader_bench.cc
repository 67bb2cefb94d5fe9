#include "mediacore/codec/telephone_event_reader.h"

#include <array>

#include "../support/heap_count.h"

namespace mediacore::codec {
namespace {

// Keys of five reports and three ends each; or a payload that is none.
void BM_TelephoneEventReader(benchmark::State& state) {
  std::array<std::uint8_t, 4> payload = {7, 0x0a, 0, 160};
  const Bytes bytes = Bytes(payload).first(state.range(0) != 0 ? 3 : 4);
  TelephoneEventReader reader;
  std::uint32_t packet = 0;
  std::uint64_t told = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    payload[1] = packet % 8 < 5 ? 0x0a : 0x8a;
    const RtpTimestamp timestamp(packet / 8 * 2000);
    bool ok = reader.HandlePacket({timestamp, packet % 8 == 0, false, bytes}, [&](const auto&) { ++told; });
    benchmark::DoNotOptimize(ok);
    ++packet;
  }
  benchmark::DoNotOptimize(told);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TelephoneEventReader)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mediacore::codec
