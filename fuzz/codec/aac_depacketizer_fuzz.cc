#include "mediacore/codec/aac_depacketizer.h"

#include <vector>

#include "../support/input.h"

// The input is a row of packets: flags, size, payload. No unit is empty or
// larger than the storage, no more bytes come out than went in, and every unit
// is polled, counted as not polled, or was never given out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  const bool narrow = (input.U8() & 1) != 0;
  std::vector<std::uint8_t> storage(8 + input.U8());
  AacDepacketizer depacketizer(
      storage, narrow ? AacPacketFormat{6, 2, 2, 960} : AacPacketFormat{});
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  std::uint64_t polled = 0;
  std::uint64_t errors = 0;
  while (!input.empty()) {
    const std::uint8_t flags = input.U8();
    std::vector<std::uint8_t> payload(input.U8());
    for (std::uint8_t& byte : payload) byte = input.U8();
    bytes_in += payload.size();
    const auto error = depacketizer.HandlePacket(
        {RtpTimestamp(flags >> 3 & 3), (flags & 1) != 0, (flags & 2) != 0, payload});
    errors += error != AacPayloadError::kNone ? 1 : 0;
    FUZZ_CHECK(ToString(error).starts_with("aac payload: "));
    EncodedFrame frame;
    while ((flags & 4) == 0 && depacketizer.PollFrame(frame)) {
      FUZZ_CHECK(!frame.data.empty());
      FUZZ_CHECK(frame.data.data() >= storage.data() &&
                 frame.data.data() + frame.data.size() <= storage.data() + storage.size());
      bytes_out += frame.data.size();
      ++polled;
    }
  }
  depacketizer.Flush();
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(bytes_out <= bytes_in);
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.packets - counters.errors[0] == errors);
  return 0;
}
