#include "mediacore/codec/opus.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/depacketizer.h"
#include "mediacore/codec/opus_packetizer.h"

// A packet that reads lasts at most 120 ms and its bytes bound its frames; view,
// packetiser and depacketiser agree on what a packet is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes bytes(data, size);
  const auto view = OpusPacketView::Parse(bytes);
  if (!view) FUZZ_CHECK(!ToString(view.error()).empty());
  if (view) {
    FUZZ_CHECK(view->config() <= 31 && (view->channels() == 1 || view->channels() == 2));
    FUZZ_CHECK((view->mode() == OpusMode::kCelt) == (view->config() >= 16));
    FUZZ_CHECK(view->bandwidth() <= OpusBandwidth::kFull);
    FUZZ_CHECK(view->samples() >= 120 && view->samples() <= 5760);
    FUZZ_CHECK(view->frame_count() >= 1 && view->frame_count() <= 48);
    FUZZ_CHECK((data[0] & 3) == 3 ||
               size <= 1 + 2 + 2 * OpusPacketView::kMaxFrameSize);
    FUZZ_CHECK((view->mode() == OpusMode::kSilk) == (data[0] < 12 << 3) && view->channels() == (data[0] >> 2 & 1) + 1);
    FUZZ_CHECK(view->mode() != OpusMode::kHybrid || view->bandwidth() >= OpusBandwidth::kSuperWide);
    FUZZ_CHECK(view->duration() == TimeDelta::Ticks(view->samples(), 48'000));
  } else {
    FUZZ_CHECK(ToString(view.error()) != ToString(OpusError{99}));
  }
  // Room for what the packet says of itself, or less.
  std::vector<std::uint8_t> small(size / 2);
  OpusDepacketizer tight(small);
  const auto tight_error = tight.HandlePacket({RtpTimestamp(1), false, false, bytes});
  FUZZ_CHECK(ToString(tight_error).starts_with("opus payload: ") &&
             (tight_error != OpusPayloadError::kNone) == (size != 0));
  FUZZ_CHECK(!ToString(OpusPacketizer({size / 2}).SetFrame(bytes)).empty());
  std::vector<std::uint8_t> storage(70000);
  OpusDepacketizer depacketizer(storage);
  EncodedFrame frame;
  const auto error =
      depacketizer.HandlePacket({RtpTimestamp(1), false, false, bytes});
  FUZZ_CHECK(depacketizer.PollFrame(frame) == view.has_value());
  FUZZ_CHECK(ToString(error) != ToString(OpusPayloadError{99}));
  FUZZ_CHECK((error == OpusPayloadError::kNone) == (view.has_value() || size == 0));
  OpusPacketizer packetizer({65535});
  FUZZ_CHECK((packetizer.SetFrame(bytes) == OpusPacketizeError::kNone) ==
             (view.has_value() && size <= 65535));
  OpusPacket packet;
  if (!packetizer.Next(packet)) return 0;
  std::vector<std::uint8_t> wire(packet.size);
  FUZZ_CHECK(packet.Write(wire));
  FUZZ_CHECK(std::equal(wire.begin(), wire.end(), frame.data.begin(), frame.data.end()));
  return 0;
}
