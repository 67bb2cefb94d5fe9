#include "mediacore/rtp/cryptex.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/rtp/packet_writer.h"

namespace mediacore::rtp {
namespace {

// A mixed audio packet: two sources, a level, 120 bytes of payload.
std::vector<std::uint8_t> Packet() {
  const std::array csrcs = {Ssrc(1), Ssrc(2)};
  const std::array<std::uint8_t, 1> level = {0x8c};
  const std::array elements = {ExtensionElement{1, level}};
  const std::vector<std::uint8_t> payload(120);
  PacketWriter writer;
  writer.csrcs = csrcs;
  writer.extensions = elements;
  writer.payload = payload;
  std::vector<std::uint8_t> packet(writer.WireSize());
  if (!writer.Write(packet)) packet.clear();
  return packet;
}

void Parse(benchmark::State& state, Bytes packet, std::size_t trailer_size, bool taken) {
  if (CryptexView::Parse(packet, trailer_size).has_value() != taken) return bench::Fail(state, "not what it measures");
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet);
    benchmark::ClobberMemory();
    auto view = CryptexView::Parse(packet, trailer_size);
    benchmark::DoNotOptimize(view);
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_RtpCryptexRead(benchmark::State& state) { Parse(state, Packet(), 10, true); }
BENCHMARK(BM_RtpCryptexRead);
void BM_RtpCryptexRefuse(benchmark::State& state) { Parse(state, Packet(), 121, false); }
BENCHMARK(BM_RtpCryptexRefuse);

void BM_RtpCryptexMarkAndUnmark(benchmark::State& state) {
  auto packet = Packet();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    bool marked = MarkCryptex(packet) && UnmarkCryptex(packet);
    benchmark::DoNotOptimize(marked);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpCryptexMarkAndUnmark);

}  // namespace
}  // namespace mediacore::rtp
