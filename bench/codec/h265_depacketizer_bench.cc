#include "mediacore/codec/h265_depacketizer.h"

#include <cstring>
#include <vector>

#include "../../tests/support/h265_maker.h"
#include "../support/heap_count.h"
#include "mediacore/codec/h265_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

struct Stream {
  std::vector<RtpPayload> packets;
  std::vector<Block> bytes;
  std::int64_t size = 0;
};

// 60 frames, the first a key frame, of one slice of 12 kB each: about 11
// packets of 1200 bytes per frame, 6 Mbit/s at 60 frames per second.
const Stream& MadeStream() {
  static const Stream stream = [] {
    Stream made;
    testing::Dice dice(1);
    for (std::uint32_t i = 0; i < 60; ++i) {
      Block frame;
      if (i == 0) {
        testing::AppendAvcc(frame, testing::MakeH265Vps({}));
        testing::AppendAvcc(frame, testing::MakeH265Sps({}));
        testing::AppendAvcc(frame, testing::MakeH265Pps(0, 0));
      }
      testing::AppendAvcc(
          frame, testing::MakeH265Slice(dice, i == 0 ? H265NalType::kIdrNLp : H265NalType::kTrailR, true, 12000));
      H265Packetizer packetizer({1200, true});
      if (packetizer.SetFrame(frame) != H265PacketizeError::kNone) continue;
      H265Packet packet;
      while (packetizer.Next(packet)) {
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

void Run(benchmark::State& state, const std::vector<RtpPayload>& packets, std::int64_t bytes) {
  Block storage(1 << 16);
  H265Depacketizer depacketizer(storage);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    for (const RtpPayload& packet : packets) {
      auto error = depacketizer.HandlePacket(packet);
      benchmark::DoNotOptimize(error);
      EncodedFrame frame;
      while (depacketizer.PollFrame(frame)) benchmark::DoNotOptimize(frame.data.data());
    }
  }
  const auto count = static_cast<std::int64_t>(packets.size());
  state.SetItemsProcessed(state.iterations() * count);
  state.SetBytesProcessed(state.iterations() * bytes);
}

// What cannot be avoided: each payload copied once, into a frame.
void BM_H265CopyOnly(benchmark::State& state) {
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
BENCHMARK(BM_H265CopyOnly);

void BM_H265Depacketize(benchmark::State& state) { Run(state, MadeStream().packets, MadeStream().size); }
BENCHMARK(BM_H265Depacketize);

void BM_H265DepacketizeWithLoss(benchmark::State& state) {
  std::vector<RtpPayload> packets;
  for (std::size_t i = 0; i < MadeStream().packets.size(); ++i) {
    if (i % 50 == 7) continue;
    packets.push_back(MadeStream().packets[i]);
    packets.back().lost_before = i % 50 == 8;
  }
  Run(state, packets, MadeStream().size);
}
BENCHMARK(BM_H265DepacketizeWithLoss);

void BM_H265DepacketizeRefused(benchmark::State& state) {
  const Block lie = {0x60, 1, 0, 3, 0x02, 1, 2, 0xff, 0xff, 1};
  Run(state, {RtpPayload{RtpTimestamp(1), false, false, lie}}, static_cast<std::int64_t>(lie.size()));
}
BENCHMARK(BM_H265DepacketizeRefused);

void BM_H265Packetize(benchmark::State& state) {
  testing::Dice dice(1);
  Block frame;
  testing::AppendAvcc(frame, testing::MakeH265Slice(dice, H265NalType::kTrailR, true, 12000));
  Block out(1200);
  benchmark::DoNotOptimize(frame.data());
  benchmark::DoNotOptimize(out.data());
  const bool write = state.range(0) != 0;
  std::int64_t packets = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    H265Packetizer packetizer({1200, true});
    auto error = packetizer.SetFrame(frame);
    benchmark::DoNotOptimize(error);
    H265Packet packet;
    while (packetizer.Next(packet)) {
      ++packets;
      bool ok = !write || packet.Write(out);
      benchmark::DoNotOptimize(ok);
      benchmark::DoNotOptimize(packet.body.data());
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(state.iterations() * 12000);
}
BENCHMARK(BM_H265Packetize)->ArgName("write")->Arg(0)->Arg(1);

void BM_H265PacketizeRefused(benchmark::State& state) {
  const Block lie = {0, 0, 0, 9, 0x26, 1};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(lie.data());
    H265Packetizer packetizer({1200, true});
    auto error = packetizer.SetFrame(lie);
    benchmark::DoNotOptimize(error);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_H265PacketizeRefused);

}  // namespace
}  // namespace mediacore::codec
