#include "mediacore/codec/vp8_depacketizer.h"

#include <cstring>
#include <vector>

#include "../../tests/support/vpx_maker.h"
#include "../support/gst_depay.h"
#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/codec/vp8_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

struct Stream {
  std::vector<RtpPayload> packets;
  std::vector<Block> bytes;
  std::int64_t size = 0;
};

// 60 frames of 12 kB, the first a key frame: eleven packets of 1200 bytes each.
const Stream& MadeStream() {
  static const Stream stream = [] {
    Stream made;
    testing::Dice dice(1);
    Vp8Packetizer packetizer({1200});
    for (std::uint32_t i = 0; i < 60; ++i) {
      const Block frame = testing::MakeVp8Frame(dice, i == 0, 12000, i);
      const Vp8Descriptor about{
          .picture_id = static_cast<std::uint16_t>(i), .tl0picidx = static_cast<std::uint8_t>(i), .temporal_id = 0};
      if (packetizer.SetFrame(frame, about) != Vp8PacketizeError::kNone) continue;
      for (Vp8Packet packet; packetizer.Next(packet);) {
        Block payload(packet.size);
        if (!packet.Write(payload)) continue;
        made.size += static_cast<std::int64_t>(payload.size());
        made.bytes.push_back(std::move(payload));
        made.packets.push_back({RtpTimestamp(i * 1500), packet.marker, false, made.bytes.back()});
      }
    }
    return made;
  }();
  return stream;
}

void Depacketize(Vp8Depacketizer& depacketizer, const std::vector<RtpPayload>& packets) {
  for (const RtpPayload& packet : packets) {
    auto error = depacketizer.HandlePacket(packet);
    benchmark::DoNotOptimize(error);
    EncodedFrame frame;
    while (depacketizer.PollFrame(frame)) benchmark::DoNotOptimize(frame.data.data());
  }
}

void Run(benchmark::State& state, const std::vector<RtpPayload>& packets, std::int64_t bytes) {
  Block storage(1 << 16);
  Vp8Depacketizer depacketizer(storage);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    Depacketize(depacketizer, packets);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(packets.size()));
  state.SetBytesProcessed(state.iterations() * bytes);
}

// What cannot be avoided: each payload copied once, into a frame.
void BM_Vp8CopyOnly(benchmark::State& state) {
  const Stream& stream = MadeStream();
  Block storage(1 << 16);
  benchmark::DoNotOptimize(storage.data());
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t at = 0;
    for (const RtpPayload& packet : stream.packets) {
      std::memcpy(storage.data() + at, packet.payload.data(), packet.payload.size());
      benchmark::ClobberMemory();
      at = packet.marker ? 0 : at + packet.payload.size();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream.packets.size()));
  state.SetBytesProcessed(state.iterations() * stream.size);
}
BENCHMARK(BM_Vp8CopyOnly);

void BM_Vp8Depacketize(benchmark::State& state) { Run(state, MadeStream().packets, MadeStream().size); }
BENCHMARK(BM_Vp8Depacketize);

void BM_Vp8DepacketizeWithLoss(benchmark::State& state) {
  std::vector<RtpPayload> packets;
  for (std::size_t i = 0; i < MadeStream().packets.size(); ++i) {
    if (i % 50 == 7) continue;
    packets.push_back(MadeStream().packets[i]);
    packets.back().lost_before = i % 50 == 8;
  }
  Run(state, packets, MadeStream().size);
}
BENCHMARK(BM_Vp8DepacketizeWithLoss);

void BM_Vp8DepacketizeRefused(benchmark::State& state) {
  const Block lie = {0x90, 0xe0, 0x92, 0x34, 0x07};
  Run(state, {RtpPayload{RtpTimestamp(1), false, false, lie}}, static_cast<std::int64_t>(lie.size()));
}
BENCHMARK(BM_Vp8DepacketizeRefused);

void BM_Vp8Packetize(benchmark::State& state) {
  testing::Dice dice(1);
  const Block frame = testing::MakeVp8Frame(dice, false, 12000, 1);
  Block out(1200);
  benchmark::DoNotOptimize(frame.data());
  benchmark::DoNotOptimize(out.data());
  const bool write = state.range(0) != 0;
  std::int64_t packets = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    Vp8Packetizer packetizer({1200});
    auto error = packetizer.SetFrame(frame, {.picture_id = 1});
    benchmark::DoNotOptimize(error);
    for (Vp8Packet packet; packetizer.Next(packet); ++packets) {
      bool ok = !write || packet.Write(out);
      benchmark::DoNotOptimize(ok);
      benchmark::DoNotOptimize(packet.body.data());
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(state.iterations() * 12000);
}
BENCHMARK(BM_Vp8Packetize)->ArgName("write")->Arg(0)->Arg(1);

void BM_Vp8PacketizeRefused(benchmark::State& state) {
  const Block lie = {0x31, 0, 0};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(lie.data());
    Vp8Packetizer packetizer({1200});
    auto error = packetizer.SetFrame(lie, {});
    benchmark::DoNotOptimize(error);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp8PacketizeRefused);

#if MEDIACORE_HAVE_GSTREAMER
// 60 frames of eleven packets; the peer's buffers are made beforehand.
void BM_Vp8DepacketizeAgainstGstreamer(benchmark::State& state) {
  bench::GstDepay peer("rtpvp8depay", "VP8");
  if (!peer.ok()) return state.SkipWithError("no rtpvp8depay");
  std::uint16_t sequence = 0;
  for (const RtpPayload& packet : MadeStream().packets) {
    peer.Add(sequence++, packet.rtp_timestamp.value(), packet.marker, packet.payload);
  }
  peer.Pass();
  if (peer.bytes() != 60 * 12000) return state.SkipWithError("the peer gives other frames");
  Block storage(1 << 16);
  Vp8Depacketizer depacketizer(storage);
  bench::CompareWithPeer(
      state, [&] { Depacketize(depacketizer, MadeStream().packets); }, [&] { peer.Pass(); }, 10);
}
BENCHMARK(BM_Vp8DepacketizeAgainstGstreamer)->Iterations(20);
#endif

}  // namespace
}  // namespace mediacore::codec
