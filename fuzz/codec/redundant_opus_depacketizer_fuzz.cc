#include "mediacore/codec/redundant_opus_depacketizer.h"

#include <map>
#include <vector>

#include "../support/input.h"

// The input is slots and window, then a row of blocks: timestamp, flags and size,
// payload. Frames come out in order, none twice, each with the bytes of the first
// block of its timestamp; none waits longer than it may; all are accounted for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.U8();
  const RedundantOpusConfig config{.window = 480u * (choice >> 4), .slots = choice & 15u};
  std::vector<std::uint8_t> storage(16 * std::max<std::size_t>(config.slots, 1));
  RedundantOpusDepacketizer depacketizer(storage, config);
  std::map<std::uint32_t, std::vector<std::uint8_t>> taken;
  std::uint64_t polled = 0;
  std::uint64_t frames = 0;
  bool started = false;
  RtpTimestamp last;
  const auto poll = [&] {
    for (EncodedFrame frame; depacketizer.PollFrame(frame); ++polled) {
      FUZZ_CHECK(!started || frame.rtp_timestamp.IsNewerThan(last));
      started = true;
      last = frame.rtp_timestamp;
      const auto known = taken.find(last.value());
      FUZZ_CHECK(known != taken.end());
      FUZZ_CHECK(std::equal(known->second.begin(), known->second.end(), frame.data.begin(), frame.data.end()));
      taken.erase(known);
    }
  };
  while (!input.empty()) {
    const std::uint32_t high = input.U8();
    const RtpTimestamp timestamp((high >> 6) << 30 | (high & 63) * 480);
    const std::uint8_t flags = input.U8();
    std::vector<std::uint8_t> payload(flags & 31);
    for (std::uint8_t& byte : payload) byte = input.U8();
    const std::uint64_t restarts = depacketizer.counters().restarts;
    const auto error = depacketizer.HandlePacket({timestamp, false, (flags & 0x80) != 0, payload});
    FUZZ_CHECK((error == OpusPayloadError::kBadPacket) == (!payload.empty() && !OpusPacketView::Parse(payload)));
    FUZZ_CHECK((error != OpusPayloadError::kTooLarge) || payload.size() > 16);
    if (depacketizer.counters().restarts != restarts) started = false;
    if (depacketizer.counters().frames > frames) {
      frames = depacketizer.counters().frames;
      taken.insert_or_assign(timestamp.value(), payload);
    }
    if ((flags & 0x40) == 0) poll();
    if ((flags & 0x60) == 0x20) {
      depacketizer.Flush();
      poll();
      EncodedFrame frame;
      FUZZ_CHECK(!depacketizer.PollFrame(frame));
    }
    if (config.window == 0 && (flags & 0x40) == 0) {
      FUZZ_CHECK(frames == polled + depacketizer.counters().not_polled);
    }
  }
  depacketizer.Flush();
  poll();
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.frames + counters.repeated <= counters.packets);
  return 0;
}
