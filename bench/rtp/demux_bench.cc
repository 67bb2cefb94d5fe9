#include "mediacore/rtp/demux.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtp {
namespace {

// Datagrams of one port: media, its reports, keep-alives, a handshake.
void BM_RtpDemultiplexMix(benchmark::State& state) {
  std::vector<std::vector<std::uint8_t>> datagrams;
  for (const unsigned first : {0x80u, 0x90u, 0x81u, 0x00u, 0x16u, 0x40u, 0x90u, 0xc0u}) {
    datagrams.emplace_back(100, std::uint8_t{0});
    datagrams.back()[0] = static_cast<std::uint8_t>(first);
    datagrams.back()[1] = first == 0x81 ? 200 : 96;
  }
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    unsigned kinds = 0;
    for (const auto& datagram : datagrams) {
      benchmark::DoNotOptimize(datagram.data());
      kinds += static_cast<unsigned>(Demultiplex(datagram));
    }
    benchmark::DoNotOptimize(kinds);
  }
  state.SetItemsProcessed(state.iterations() * 8);
}
BENCHMARK(BM_RtpDemultiplexMix);

void BM_RtpDemultiplexRefuse(benchmark::State& state) {
  const std::vector<std::uint8_t> datagram(11, 0x80);  // one byte too short
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    auto kind = Demultiplex(datagram);
    benchmark::DoNotOptimize(kind);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpDemultiplexRefuse);

}  // namespace
}  // namespace mediacore::rtp
