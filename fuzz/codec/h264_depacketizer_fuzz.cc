#include "mediacore/codec/h264_depacketizer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/h264_packetizer.h"

// The input is a row of packets: flags, timestamp, size, payload. Whatever they
// are, each frame is sound (its lengths add up to its bytes, it has a slice, no
// delimiter or filler), no more bytes come out than went in, and what comes out
// survives being sent again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  std::vector<std::uint8_t> storage(64 + input.U16() % 1024);
  H264Depacketizer depacketizer(storage);
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
      for (const Bytes nal : NalUnits(frame.data)) {
        const NalType type = NalTypeOf(nal[0]);
        picture = picture || IsSlice(type);
        FUZZ_CHECK(type != NalType::kAccessUnitDelimiter &&
                   type != NalType::kFillerData);
        sum += 4 + nal.size();
        bytes_out += nal.size();
      }
      FUZZ_CHECK(picture && sum == frame.data.size());
      FUZZ_CHECK(IsKeyFrame(frame.data) == frame.key_frame);
      kept.emplace_back(frame.data.begin(), frame.data.end());
    }
    return kept;
  };
  while (!input.empty()) {
    const std::uint8_t flags = input.U8();
    const RtpTimestamp timestamp(flags >> 3 & 3);
    std::vector<std::uint8_t> payload(input.U8() % 200);
    for (std::uint8_t& byte : payload) byte = input.U8();
    bytes_in += payload.size() + 1;
    const auto error = depacketizer.HandlePacket(
        {timestamp, (flags & 1) != 0, (flags & 2) != 0, payload});
    errors += error != H264PayloadError::kNone ? 1 : 0;
    FUZZ_CHECK(ToString(error).starts_with("h264 payload: "));
    if ((flags & 4) != 0) continue;  // nobody polls
    // As if it were a frame.
    FUZZ_CHECK(!ToString(H264Packetizer({std::size_t{10} + flags, flags >> 7}).SetFrame(payload)).empty());
    for (const std::vector<std::uint8_t>& frame : poll()) {
      std::vector<std::uint8_t> again_storage(frame.size());
      H264Depacketizer again(again_storage);
      H264Packetizer packetizer({std::size_t{10} + flags, 1});
      const auto refused = packetizer.SetFrame(frame);
      FUZZ_CHECK(refused == H264PacketizeError::kNone);
      // A frame of its own before it, so that this one is not after a gap.
      const std::vector<std::uint8_t> delimiter = {0x09, 0xf0};
      FUZZ_CHECK(again.HandlePacket({RtpTimestamp(1), true, false, delimiter}) ==
                 H264PayloadError::kNone);
      H264Packet packet;
      EncodedFrame out;
      while (packetizer.Next(packet)) {
        std::vector<std::uint8_t> wire(packet.size);
        FUZZ_CHECK(packet.Write(wire));
        FUZZ_CHECK(again.HandlePacket({RtpTimestamp(2), packet.marker, false, wire}) ==
                   H264PayloadError::kNone);
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
