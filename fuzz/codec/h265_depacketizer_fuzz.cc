#include "mediacore/codec/h265_depacketizer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/h265_packetizer.h"

// The input is a row of packets: flags, timestamp, size, payload. Whatever they
// are, each frame is sound (its lengths add up to its bytes, it has a slice, no
// delimiter or filler), no more bytes come out than went in, and what comes out
// survives being sent again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  std::vector<std::uint8_t> storage(64 + input.U16() % 1024);
  H265Depacketizer depacketizer(storage);
  FUZZ_CHECK(H265Depacketizer(storage, 1).HandlePacket({RtpTimestamp(), true, false, {data, size}}) ==
             (size == 0 ? H265PayloadError::kNone : H265PayloadError::kDecodingOrder));
  H265Depacketizer with_set(storage);
  FUZZ_CHECK(with_set.AddParameterSet({data, size}) == (with_set.parameter_sets().generation() == 1));
  // Any bytes as a frame to send: refused, or cut into payloads that are fine.
  H265Packetizer any({std::size_t{4} + size % 100, true});
  const auto sent = any.SetFrame({data, size});
  FUZZ_CHECK(ToString(sent) != "h265 packetize: unknown");
  for (H265Packet packet; sent == H265PacketizeError::kNone && any.Next(packet);) {
    std::vector<std::uint8_t> wire(packet.size);
    FUZZ_CHECK(packet.Write(wire) && CheckH265Payload(wire) == H265PayloadError::kNone);
  }
  std::uint64_t errors = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  std::uint64_t polled = 0;
  const auto poll = [&] {
    EncodedFrame frame;
    std::vector<std::vector<std::uint8_t>> kept;
    while (depacketizer.PollFrame(frame)) {
      ++polled;
      FUZZ_CHECK(kept.size() < 2);
      FUZZ_CHECK(!frame.data.empty() && frame.data.size() <= storage.size());
      bool picture = false;
      std::size_t sum = 0;
      std::uint8_t highest = 0;
      for (const Bytes nal : NalUnits(frame.data)) {
        H265NalHeader header;
        FUZZ_CHECK(H265NalHeader::Read(nal, header) && header.IsValid());
        FUZZ_CHECK(!header.IsLeftOut() && static_cast<int>(header.type) < H265NalHeader::kAggregation);
        if (IsSlice(header.type)) {
          picture = true;
          highest = std::max(highest, header.layer_id);
        }
        sum += 4 + nal.size();
        bytes_out += nal.size();
      }
      FUZZ_CHECK(picture && sum == frame.data.size());
      FUZZ_CHECK(IsH265KeyFrame(frame.data) == frame.key_frame);
      FUZZ_CHECK(frame.spatial_id == highest && frame.temporal_id < 7);
      FUZZ_CHECK(frame.key_frame || frame.width == 0);
      kept.emplace_back(frame.data.begin(), frame.data.end());
    }
    return kept;
  };
  while (!input.empty()) {
    const std::uint8_t flags = input.U8();
    const RtpTimestamp timestamp(flags >> 3 & 3);
    std::vector<std::uint8_t> payload(input.U8() % 200);
    for (std::uint8_t& byte : payload) byte = input.U8();
    bytes_in += payload.size();
    const auto checked = CheckH265Payload(payload);
    const auto error = depacketizer.HandlePacket({timestamp, (flags & 1) != 0, (flags & 2) != 0, payload});
    FUZZ_CHECK(checked == H265PayloadError::kNone || checked == error);
    FUZZ_CHECK(ToString(error) != "h265 payload: unknown");
    errors += error != H265PayloadError::kNone ? 1 : 0;
    if ((flags & 4) != 0) continue;  // nobody polls
    for (const std::vector<std::uint8_t>& frame : poll()) {
      std::vector<std::uint8_t> again_storage(frame.size());
      H265Depacketizer again(again_storage);
      H265Packetizer packetizer({std::size_t{10} + flags, (flags & 64) == 0});
      const auto refused = packetizer.SetFrame(frame);
      FUZZ_CHECK(refused == H265PacketizeError::kNone);
      // A frame of its own before it, so that this one is not after a gap.
      const std::vector<std::uint8_t> delimiter = {35 << 1, 1, 0x50};
      FUZZ_CHECK(again.HandlePacket({RtpTimestamp(1), true, false, delimiter}) == H265PayloadError::kNone);
      H265Packet packet;
      EncodedFrame out;
      while (packetizer.Next(packet)) {
        std::vector<std::uint8_t> wire(packet.size);
        FUZZ_CHECK(packet.Write(wire));
        FUZZ_CHECK(again.HandlePacket({RtpTimestamp(2), packet.marker, false, wire}) == H265PayloadError::kNone);
        FUZZ_CHECK(again.PollFrame(out) == packet.marker);
      }
      FUZZ_CHECK(std::equal(out.data.begin(), out.data.end(), frame.begin(), frame.end()));
    }
  }
  depacketizer.Flush();
  poll();
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(bytes_out <= bytes_in);
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.packets - counters.errors[0] == errors);
  return 0;
}
