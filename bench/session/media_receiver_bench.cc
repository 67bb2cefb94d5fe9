#include "mediacore/session/media_receiver.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../../tests/support/h264_maker.h"
#include "../support/heap_count.h"
#include "mediacore/codec/h264_packetizer.h"
#include "mediacore/rtp/packet_writer.h"

namespace mediacore::session {
namespace {

using Block = std::vector<std::uint8_t>;

// A view of a datagram that outlives it, as of a mapped capture.
struct Packet {
  Packet() = default;
  explicit Packet(Bytes b) : block(b) {}
  Bytes bytes() const { return block; }
  Bytes block;
};

// 60 frames of 12 kB each, the first a key frame: 11 packets of at most 1200
// bytes per frame. Numbers and timestamps are written anew in each round.
std::vector<Block> MadeStream() {
  std::vector<Block> stream;
  testing::Dice dice(1);
  for (std::uint32_t i = 0; i < 60; ++i) {
    Block frame;
    if (i == 0) {
      testing::AppendAvcc(frame, testing::MakeSps({}));
      testing::AppendAvcc(frame, testing::MakePps(0, 0));
    }
    testing::AppendAvcc(frame, testing::MakeSlice(dice, i == 0 ? 0x65 : 0x41, 0, 12000));
    codec::H264Packetizer packetizer({1188, 1});
    if (packetizer.SetFrame(frame) != codec::H264PacketizeError::kNone) continue;
    codec::H264Packet packet;
    while (packetizer.Next(packet)) {
      Block payload(packet.size);
      if (!packet.Write(payload)) continue;
      rtp::PacketWriter writer;
      writer.marker = packet.marker;
      writer.payload_type = PayloadType(96);
      writer.timestamp = RtpTimestamp(i * 1500);
      writer.ssrc = Ssrc(1);
      writer.payload = payload;
      Block datagram(writer.WireSize());
      if (writer.Write(datagram)) stream.push_back(std::move(datagram));
    }
  }
  return stream;
}

MediaReceiverConfig Config() {
  MediaReceiverConfig config;
  config.codec = Codec::kH264;
  config.payload_type = PayloadType(96);
  return config;
}

// All the way, packets in, frames out. Of every `lost_every` packets one does
// not come, of every `late_every` one comes after the next; 0: none.
void Run(benchmark::State& state, std::size_t lost_every, std::size_t late_every) {
  auto stream = MadeStream();
  auto receiver = MediaReceiver<Packet>::Create(Config()).value();
  std::uint16_t number = 0;
  std::uint32_t round = 0;
  auto now = Timestamp::Zero();
  std::uint64_t bytes = 0;
  std::int64_t packets = 0;
  const auto put = [&](std::size_t i) {
    now += TimeDelta::Micros(1500);
    receiver.HandleRtp(now, Packet(stream[i]));
    for (MediaEvent event; receiver.PollEvent(now, event);) bytes += event.frame.data.size();
  };
  {
    const bench::HeapCount heap(state);
    for (auto _ : state) {
      for (Block& datagram : stream) {  // part of the cost: two stores
        StoreU16(datagram.data() + 2, number++);
        StoreU32(datagram.data() + 4, LoadU32(datagram.data() + 4) + (round > 0 ? 90'000u : 0u));
      }
      ++round;
      for (std::size_t i = 0; i < stream.size(); ++i) {
        if (lost_every != 0 && i % lost_every == lost_every / 2) continue;
        if (late_every != 0 && i % late_every == 0 && i + 1 < stream.size()) {
          put(i + 1);
          put(i++);
          continue;
        }
        put(i);
      }
      packets += static_cast<std::int64_t>(stream.size());
    }
  }
  benchmark::DoNotOptimize(bytes);
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(packets * 1200);
  if (receiver.counters().frames == 0) mediacore::bench::Fail(state, "no frames");
}

void BM_MediaReceiverInOrder(benchmark::State& state) { Run(state, 0, 0); }
BENCHMARK(BM_MediaReceiverInOrder);
void BM_MediaReceiverFivePercentReordered(benchmark::State& state) { Run(state, 0, 20); }
BENCHMARK(BM_MediaReceiverFivePercentReordered);
void BM_MediaReceiverTwoPercentLost(benchmark::State& state) { Run(state, 50, 0); }
BENCHMARK(BM_MediaReceiverTwoPercentLost);

// What is not of the stream: another payload type, a stranger, no RTP at all.
void BM_MediaReceiverRefused(benchmark::State& state) {
  auto receiver = MediaReceiver<Packet>::Create(Config()).value();
  auto stream = MadeStream();
  stream.resize(4);
  receiver.HandleRtp(Timestamp::Zero(), Packet(stream[3]));
  stream[0][1] = 97;
  StoreU32(stream[1].data() + 8, 77);
  stream[2][0] = 0;
  const auto which = static_cast<std::size_t>(state.range(0));
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    receiver.HandleRtp(Timestamp::Zero(), Packet(stream[which]));
    for (MediaEvent event; receiver.PollEvent(Timestamp::Zero(), event);) {
      benchmark::DoNotOptimize(event.frame.data.data());
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MediaReceiverRefused)->ArgName("why")->Arg(0)->Arg(1)->Arg(2);

}  // namespace
}  // namespace mediacore::session
