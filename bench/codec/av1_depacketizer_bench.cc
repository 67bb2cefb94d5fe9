#include "mediacore/codec/av1_depacketizer.h"

#include <cstring>
#include <vector>

#include "../../tests/support/av1_maker.h"
#include "../support/heap_count.h"
#include "mediacore/codec/av1_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

struct Stream {
  std::vector<RtpPayload> packets;
  std::vector<Block> bytes;
  std::int64_t size = 0;
};

Block Unit(testing::Dice& dice, bool key, std::size_t size) {
  Block unit;
  if (key) {
    unit = testing::MakeObu(Av1ObuType::kSequenceHeader, testing::Av1SequencePayload(testing::MakeAv1Sequence()));
  }
  const auto type = key ? Av1FrameType::kKey : Av1FrameType::kInter;
  testing::Append(unit, testing::MakeObu(Av1ObuType::kFrame, testing::MakeAv1Frame(dice, {type}, size)));
  return unit;
}

// 60 units, the first a key frame, of one frame of `size` bytes each, in packets of
// 1200: eleven for 12 kB.
Stream MakeStream(std::size_t size) {
  Stream made;
  testing::Dice dice(1);
  Av1Packetizer packetizer({1200});
  for (std::uint32_t i = 0; i < 60; ++i) {
    const Block unit = Unit(dice, i == 0, size);
    if (packetizer.SetFrame(unit) != Av1PacketizeError::kNone) continue;
    for (Av1Packet packet; packetizer.Next(packet);) {
      Block payload(packet.size);
      if (!packet.Write(payload)) continue;
      made.size += static_cast<std::int64_t>(payload.size());
      made.bytes.push_back(std::move(payload));
      made.packets.push_back({RtpTimestamp(i * 1500), packet.marker, false, made.bytes.back()});
    }
  }
  return made;
}
const Stream& MadeStream() {
  static const Stream stream = MakeStream(12000);
  return stream;
}

void Run(benchmark::State& state, const std::vector<RtpPayload>& packets, std::int64_t bytes) {
  Block storage(1 << 17);
  Av1Depacketizer depacketizer(storage);
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
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(packets.size()));
  state.SetBytesProcessed(state.iterations() * bytes);
}

// What cannot be avoided: each payload copied once, into a frame.
void BM_Av1CopyOnly(benchmark::State& state) {
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
BENCHMARK(BM_Av1CopyOnly);

void BM_Av1Depacketize(benchmark::State& state) { Run(state, MadeStream().packets, MadeStream().size); }
BENCHMARK(BM_Av1Depacketize);

// Units above 16 kB: their size takes a byte more than there was room for at first.
void BM_Av1DepacketizeLargeUnits(benchmark::State& state) {
  const Stream stream = MakeStream(60000);
  Run(state, stream.packets, stream.size);
}
BENCHMARK(BM_Av1DepacketizeLargeUnits);

void BM_Av1DepacketizeWithLoss(benchmark::State& state) {
  std::vector<RtpPayload> packets;
  for (std::size_t i = 0; i < MadeStream().packets.size(); ++i) {
    if (i % 50 == 7) continue;
    packets.push_back(MadeStream().packets[i]);
    packets.back().lost_before = i % 50 == 8;
  }
  Run(state, packets, MadeStream().size);
}
BENCHMARK(BM_Av1DepacketizeWithLoss);

// The dearest payloads: 600 frames of one byte, and frame headers of two.
void BM_Av1DepacketizeTinyObus(benchmark::State& state) {
  Block payload(1, 0);
  for (int i = 0; i < 600; ++i) {
    if (state.range(0) == 0) {
      payload.insert(payload.end(), {1, 0x30});
    } else {
      payload.insert(payload.end(), {3, 0x18, 0x50, 0});
    }
  }
  Run(state, {RtpPayload{RtpTimestamp(1), true, false, payload}}, static_cast<std::int64_t>(payload.size()));
}
BENCHMARK(BM_Av1DepacketizeTinyObus)->ArgName("frames")->Arg(0)->Arg(1);

void BM_Av1DepacketizeRefused(benchmark::State& state) {
  const Block lie = {0x00, 2, 0x20, 1, 2, 0x20, 1, 9, 0x20};
  Run(state, {RtpPayload{RtpTimestamp(1), false, false, lie}}, static_cast<std::int64_t>(lie.size()));
}
BENCHMARK(BM_Av1DepacketizeRefused);

void BM_Av1Packetize(benchmark::State& state) {
  testing::Dice dice(1);
  const Block unit = Unit(dice, false, 12000);
  Block out(1200);
  benchmark::DoNotOptimize(unit.data());
  benchmark::DoNotOptimize(out.data());
  const bool write = state.range(0) != 0;
  std::int64_t packets = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    Av1Packetizer packetizer({1200});
    auto error = packetizer.SetFrame(unit);
    benchmark::DoNotOptimize(error);
    for (Av1Packet packet; packetizer.Next(packet); ++packets) {
      bool ok = !write || packet.Write(out);
      benchmark::DoNotOptimize(ok);
      benchmark::DoNotOptimize(packet.obus.data());
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(state.iterations() * 12000);
}
BENCHMARK(BM_Av1Packetize)->ArgName("write")->Arg(0)->Arg(1);

void BM_Av1PacketizeRefused(benchmark::State& state) {
  const Block lie = {0x32, 9, 0x65};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(lie.data());
    Av1Packetizer packetizer({1200});
    auto error = packetizer.SetFrame(lie);
    benchmark::DoNotOptimize(error);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Av1PacketizeRefused);

}  // namespace
}  // namespace mediacore::codec
