#include "mediacore/mux/ogg_reader.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "avformat_peer.h"
#include "ogg_packets.h"

namespace mediacore::mux {
namespace {

std::vector<std::uint8_t> Written(std::size_t packet_size) {
  std::vector<std::uint8_t> packet(packet_size, 0x5a);
  packet[0] = 0xfc;
  std::vector<std::uint8_t> out(2 * packet_size * 5000 + 10'000);
  out.resize(bench::WriteOpus(packet, 5000, out));
  return out;
}
std::size_t ReadAll(Bytes file, std::size_t piece) {
  static std::array<std::uint8_t, kOggMaxPageSize> page;
  static std::array<std::uint8_t, 4 * 8000> packets;
  OggReader reader(page, packets);
  std::size_t bytes = 0;
  while (!file.empty()) {
    const Bytes some = file.first(std::min(piece, file.size()));
    reader.Read(some, [&](const OggPacket& packet) { bytes += packet.data.size(); });
    file = file.subspan(some.size());
  }
  return bytes;
}

// The arguments are the bytes of a packet and those of a piece. Most of it is the CRC.
void BM_OggReader(benchmark::State& state) {
  const std::vector<std::uint8_t> file = Written(static_cast<std::size_t>(state.range(0)));
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ReadAll(file, static_cast<std::size_t>(state.range(1))));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.size()));
  state.SetItemsProcessed(state.iterations() * 5000);
}
BENCHMARK(BM_OggReader)->Args({160, 1'000'000'000})->Args({160, 1460})->Args({160, 1})->Args({1200, 1'000'000'000});

// What costs most: 1 MB of noise, of first letters of the capture pattern, and of headers
// of the largest pages that overlap, whole and byte by byte.
void BM_OggReaderFindsNothing(benchmark::State& state) {
  std::vector<std::uint8_t> file(1'000'000, state.range(0) == 0 ? 'x' : 'O');
  if (state.range(0) == 2) {
    for (std::size_t at = 0; at + 28 < file.size(); at += 28) {
      std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), 28, std::uint8_t{255});
      std::copy_n(OggPageView::kStart.data(), 5, file.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ReadAll(file, static_cast<std::size_t>(state.range(1))));
  }
  state.SetBytesProcessed(state.iterations() * 1'000'000);
}
BENCHMARK(BM_OggReaderFindsNothing)
    ->Args({0, 1 << 30})
    ->Args({0, 1})
    ->Args({1, 1 << 30})
    ->Args({1, 1})
    ->Args({2, 1 << 30})
    ->Args({2, 1});

#ifdef MEDIACORE_HAVE_AVFORMAT
void BM_OggReaderAgainstAvformat(benchmark::State& state) {
  const std::vector<std::uint8_t> file = Written(160);
  bench::AvformatReader peer("ogg", file);
  const std::size_t theirs = peer.Demux();
  if (theirs == 0) return mediacore::bench::Fail(state, "libavformat does not read the file");
  mediacore::bench::CompareWithPeer(
      state, [&] { benchmark::DoNotOptimize(ReadAll(file, SIZE_MAX)); },
      [&] { benchmark::DoNotOptimize(peer.Demux()); }, 10);
}
BENCHMARK(BM_OggReaderAgainstAvformat)->Iterations(10);
#endif

}  // namespace
}  // namespace mediacore::mux
