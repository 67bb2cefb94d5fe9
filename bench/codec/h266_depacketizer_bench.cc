#include "mediacore/codec/h266_depacketizer.h"

#include <cstring>
#include <vector>

#include "../../tests/support/h266_maker.h"
#include "../support/heap_count.h"

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
      const auto slice = testing::MakeH266Slice(dice, i == 0 ? H266NalType::kIdrNLp : H266NalType::kTrail, true, 12000);
      for (std::size_t at = 2; at < slice.size(); at += 1197) {
        const std::size_t size = std::min<std::size_t>(1197, slice.size() - at);
        const bool last = at + size == slice.size();
        Block payload = {slice[0], static_cast<std::uint8_t>(29 << 3 | (slice[1] & 7)),
                         static_cast<std::uint8_t>((at == 2 ? 0x80 : 0) | (last ? 0x40 : 0) | slice[1] >> 3)};
        payload.insert(payload.end(), slice.begin() + static_cast<std::ptrdiff_t>(at),
                       slice.begin() + static_cast<std::ptrdiff_t>(at + size));
        made.size += static_cast<std::int64_t>(payload.size());
        made.bytes.push_back(std::move(payload));
        made.packets.push_back({RtpTimestamp(i * 1500), last, false, made.bytes.back()});
      }
    }
    return made;
  }();
  return stream;
}

void Run(benchmark::State& state, const std::vector<RtpPayload>& packets, std::int64_t bytes) {
  Block storage(1 << 16);
  H266Depacketizer depacketizer(storage);
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
void BM_H266CopyOnly(benchmark::State& state) {
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
BENCHMARK(BM_H266CopyOnly);

void BM_H266Depacketize(benchmark::State& state) { Run(state, MadeStream().packets, MadeStream().size); }
BENCHMARK(BM_H266Depacketize);

void BM_H266DepacketizeWithLoss(benchmark::State& state) {
  std::vector<RtpPayload> packets;
  for (std::size_t i = 0; i < MadeStream().packets.size(); ++i) {
    if (i % 50 == 7) continue;
    packets.push_back(MadeStream().packets[i]);
    packets.back().lost_before = i % 50 == 8;
  }
  Run(state, packets, MadeStream().size);
}
BENCHMARK(BM_H266DepacketizeWithLoss);

void BM_H266DepacketizeRefused(benchmark::State& state) {
  const Block lie = {0, 0xe1, 0, 3, 0, 1, 2, 0xff, 0xff, 1};
  Run(state, {RtpPayload{RtpTimestamp(1), false, false, lie}}, static_cast<std::int64_t>(lie.size()));
}
BENCHMARK(BM_H266DepacketizeRefused);

}  // namespace
}  // namespace mediacore::codec
