#include "mediacore/rtp/packet_rewriter.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtp {
namespace {

constexpr std::array<std::uint8_t, 1200> VideoPacket() {
  std::array<std::uint8_t, 1200> p{};
  constexpr std::array<std::uint8_t, 28> kStart = {
      0x90, 0x60, 0x12, 0x34, 1,    2,    3,    4,    0xca, 0xfe,
      0xba, 0xbe, 0xbe, 0xde, 0x00, 0x03, 0x22, 0x11, 0x22, 0x33,
      0x31, 0x00, 0x07, 0x40, '0',  0x90, 0x80, 0x00};
  std::copy(kStart.begin(), kStart.end(), p.begin());
  return p;
}

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
