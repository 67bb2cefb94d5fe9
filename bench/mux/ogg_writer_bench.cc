#include "mediacore/mux/ogg_writer.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "avformat_peer.h"
#include "ogg_packets.h"

namespace mediacore::mux {
namespace {

// The arguments are the bytes of a packet: 160 is Opus of 64 kbit/s.
void BM_OggOpusWriter(benchmark::State& state) {
  const std::vector<std::uint8_t> packet(static_cast<std::size_t>(state.range(0)), 0x5a);
  std::vector<std::uint8_t> out(2 * packet.size() * 5000 + 10'000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bench::WriteOpus(packet, 5000, out));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * 5000 * state.range(0));
  state.SetItemsProcessed(state.iterations() * 5000);
}
BENCHMARK(BM_OggOpusWriter)->Arg(160)->Arg(1200);

#ifdef MEDIACORE_HAVE_AVFORMAT
// The same packets through ffmpeg's muxer, one file a call.
void BM_OggOpusWriterAgainstAvformat(benchmark::State& state) {
  std::vector<std::uint8_t> packet(160, 0x5a);
  packet[0] = 0xfc;  // 20 ms
  std::vector<std::uint8_t> out(2 * packet.size() * 5000 + 10'000);
  std::vector<Sample> samples;
  for (int i = 0; i < 5000; ++i) samples.push_back({i * 960, i * 960, 960, true, packet});
  TrackConfig track;
  track.codec = Codec::kOpus;
  track.sample_rate = 48'000;
  track.channels = 2;
  track.timescale = 48'000;
  track.codec_config = bench::kOpusHead;
  bench::AvformatPeer peer("ogg", track, out.size());
  if (!peer.Mux(samples)) return mediacore::bench::Fail(state, "libavformat does not mux Opus in Ogg");
  mediacore::bench::CompareWithPeer(
      state, [&] { benchmark::DoNotOptimize(bench::WriteOpus(packet, 5000, out)); }, [&] { peer.Mux(samples); }, 10);
}
BENCHMARK(BM_OggOpusWriterAgainstAvformat)->Iterations(10);
#endif

}  // namespace
}  // namespace mediacore::mux
