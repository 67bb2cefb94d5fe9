#include "mediacore/codec/vp9_depacketizer.h"

#include <cstring>
#include <vector>

#include "../../tests/support/vp9_picture.h"
#include "../support/gst_depay.h"
#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/codec/vp9_packetizer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;
using testing::Vp9Picture;

// 12 kB each; of three layers where it says so.
Vp9Picture MakePicture(std::uint32_t number, bool layers) {
  Vp9FrameHeader header;
  header.key_frame = number == 0;
  header.show_frame = header.error_resilient = true;
  header.width = header.render_width = 1280;
  header.height = header.render_height = 720;
  Vp9Picture picture;
  std::vector<Block> frames;
  for (int layer = 0; layer < (layers ? 3 : 1); ++layer) {
    frames.push_back(testing::MakeVp9Frame(header, layers ? 4000 : 12000, number));
    header.key_frame = false;
    picture.layers.push_back({.inter_picture = number > 0, .picture_id = static_cast<std::uint16_t>(number)});
    picture.layers.back().layers = Vp9Descriptor::Layers{.spatial_id = Vp9LayerId(layer)};
  }
  picture.data = testing::JoinVp9Frames(frames);
  return picture;
}

struct Stream {
  std::vector<RtpPayload> packets;
  std::vector<Block> bytes;
  std::int64_t size = 0;
};

// 60 pictures, the first a key picture: eleven packets of 1200 bytes each, twelve
// with layers.
const Stream& MadeStream(bool layers) {
  static const auto make = [](bool with_layers) {
    Stream made;
    Vp9Packetizer packetizer({1200});
    for (std::uint32_t i = 0; i < 60; ++i) {
      const Vp9Picture picture = MakePicture(i, with_layers);
      if (packetizer.SetPicture(picture.data, picture.layers) != Vp9PacketizeError::kNone) continue;
      for (Vp9Packet packet; packetizer.Next(packet);) {
        Block payload(packet.size);
        if (!packet.Write(payload)) continue;
        made.size += static_cast<std::int64_t>(payload.size());
        made.bytes.push_back(std::move(payload));
        made.packets.push_back({RtpTimestamp(i * 1500), packet.marker, false, made.bytes.back()});
      }
    }
    return made;
  };
  static const Stream one = make(false);
  static const Stream three = make(true);
  return layers ? three : one;
}

void Depacketize(Vp9Depacketizer& depacketizer, const std::vector<RtpPayload>& packets) {
  for (const RtpPayload& packet : packets) {
    auto error = depacketizer.HandlePacket(packet);
    benchmark::DoNotOptimize(error);
    EncodedFrame frame;
    while (depacketizer.PollFrame(frame)) benchmark::DoNotOptimize(frame.data.data());
  }
}

void Run(benchmark::State& state, const std::vector<RtpPayload>& packets, std::int64_t bytes) {
  Block storage(1 << 16);
  Vp9Depacketizer depacketizer(storage);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    Depacketize(depacketizer, packets);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(packets.size()));
  state.SetBytesProcessed(state.iterations() * bytes);
}

// What cannot be avoided: each payload copied once, into a picture.
void BM_Vp9CopyOnly(benchmark::State& state) {
  const Stream& stream = MadeStream(false);
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
BENCHMARK(BM_Vp9CopyOnly);

void BM_Vp9Depacketize(benchmark::State& state) {
  const Stream& stream = MadeStream(state.range(0) != 0);
  Run(state, stream.packets, stream.size);
}
BENCHMARK(BM_Vp9Depacketize)->ArgName("layers")->Arg(0)->Arg(1);

void BM_Vp9DepacketizeWithLoss(benchmark::State& state) {
  const Stream& stream = MadeStream(true);
  std::vector<RtpPayload> packets;
  for (std::size_t i = 0; i < stream.packets.size(); ++i) {
    if (i % 50 == 7) continue;
    packets.push_back(stream.packets[i]);
    packets.back().lost_before = i % 50 == 8;
  }
  Run(state, packets, stream.size);
}
BENCHMARK(BM_Vp9DepacketizeWithLoss);

void BM_Vp9DepacketizeRefused(benchmark::State& state) {
  const Block lie = {0xf8, 0x92, 0x34, 0x33, 0x03, 0x05};
  Run(state, {RtpPayload{RtpTimestamp(1), false, false, lie}}, static_cast<std::int64_t>(lie.size()));
}
BENCHMARK(BM_Vp9DepacketizeRefused);

void BM_Vp9Packetize(benchmark::State& state) {
  const Vp9Picture picture = MakePicture(1, true);
  Block out(1200);
  benchmark::DoNotOptimize(picture.data.data());
  benchmark::DoNotOptimize(out.data());
  const bool write = state.range(0) != 0;
  Vp9Packetizer packetizer({1200});
  std::int64_t packets = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    auto error = packetizer.SetPicture(picture.data, picture.layers);
    benchmark::DoNotOptimize(error);
    for (Vp9Packet packet; packetizer.Next(packet); ++packets) {
      bool ok = !write || packet.Write(out);
      benchmark::DoNotOptimize(ok);
      benchmark::DoNotOptimize(packet.body.data());
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(state.iterations() * 12000);
}
BENCHMARK(BM_Vp9Packetize)->ArgName("write")->Arg(0)->Arg(1);

void BM_Vp9PacketizeRefused(benchmark::State& state) {
  const Block lie = {0x42, 0, 0};
  Vp9Packetizer packetizer({1200});
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(lie.data());
    auto error = packetizer.SetFrame(lie, {});
    benchmark::DoNotOptimize(error);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Vp9PacketizeRefused);

#if MEDIACORE_HAVE_GSTREAMER
// 60 frames of eleven packets; the peer's buffers are made beforehand.
void BM_Vp9DepacketizeAgainstGstreamer(benchmark::State& state) {
  const Stream& stream = MadeStream(false);
  bench::GstDepay peer("rtpvp9depay", "VP9");
  if (!peer.ok()) return state.SkipWithError("no rtpvp9depay");
  std::uint16_t sequence = 0;
  for (const RtpPayload& packet : stream.packets) {
    peer.Add(sequence++, packet.rtp_timestamp.value(), packet.marker, packet.payload);
  }
  peer.Pass();
  if (peer.bytes() != 60 * 12000) return state.SkipWithError("the peer gives other frames");
  Block storage(1 << 16);
  Vp9Depacketizer depacketizer(storage);
  bench::CompareWithPeer(
      state, [&] { Depacketize(depacketizer, stream.packets); }, [&] { peer.Pass(); }, 10);
}
BENCHMARK(BM_Vp9DepacketizeAgainstGstreamer)->Iterations(20);
#endif

}  // namespace
}  // namespace mediacore::codec
