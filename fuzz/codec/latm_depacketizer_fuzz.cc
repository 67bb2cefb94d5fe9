#include "mediacore/codec/latm_depacketizer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/latm_packetizer.h"

namespace {

using namespace mediacore;
using namespace mediacore::codec;

// A unit that is sent comes back, at any packet size.
void CheckRoundTrip(Bytes unit, std::size_t max_size, const LatmFormat& format) {
  LatmPacketizer packetizer({max_size});
  FUZZ_CHECK(ToString(packetizer.SetFrame(unit)) != ToString(LatmPacketizeError{99}));
  std::vector<std::uint8_t> storage(2 * unit.size() + 2);
  std::vector<std::uint8_t> wire(max_size);
  LatmDepacketizer depacketizer(storage, format);
  EncodedFrame frame;
  bool got = false;
  for (LatmPacket packet; packetizer.Next(packet);) {
    FUZZ_CHECK(!got && packet.Write(wire));
    const Bytes payload = Bytes(wire).first(packet.size);
    FUZZ_CHECK(depacketizer.HandlePacket({RtpTimestamp(1), packet.marker, false, payload}) == LatmPayloadError::kNone);
    got = depacketizer.PollFrame(frame);
  }
  FUZZ_CHECK(got == !unit.empty() && std::equal(unit.begin(), unit.end(), frame.data.begin(), frame.data.end()));
}

}  // namespace

// The input is a row of packets: flags, size, payload. What comes out is, bit for
// bit, what lies in the packets of one timestamp up to a marker; nothing comes out
// of a stream of fragments between a loss and the marker that follows it; every unit
// is polled, counted as not polled, or was never given out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t mode = input.U8();
  LatmFormat format;
  format.config_present = (mode & 1) == 0;
  const std::uint8_t plain[] = {0x40, static_cast<std::uint8_t>(mode >> 4), 0x24, 0x20, 0x3f, 0xc0};
  if ((mode & 2) != 0) {
    if (const auto config = StreamMuxConfig::Parse(plain)) format.config = *config;
  }
  if ((mode & 4) != 0) format.clock_rate = 90'000;
  std::vector<std::uint8_t> storage(8 + 4 * std::size_t{input.U8()});
  if (!format.config_present && format.config && format.config->frame_count == 1) {
    CheckRoundTrip({data, size}, 1 + input.U8(), format);
  }

  LatmDepacketizer depacketizer(storage, format);
  std::vector<std::uint8_t> element;  // of this timestamp so far
  RtpTimestamp timestamp;
  bool fragments = false;
  bool in_doubt = false;  // after a loss, up to a marker
  std::uint64_t polled = 0;
  std::uint64_t errors = 0;
  while (!input.empty()) {
    const std::uint8_t flags = input.U8();
    const RtpPayload head{RtpTimestamp(flags >> 3 & 3), (flags & 1) != 0, (flags & 2) != 0, {}};
    std::vector<std::uint8_t> payload(input.U8());
    for (std::uint8_t& byte : payload) byte = input.U8();
    if (!payload.empty() && head.rtp_timestamp != timestamp) element.clear();
    if (!payload.empty()) timestamp = head.rtp_timestamp;
    element.insert(element.end(), payload.begin(), payload.end());
    fragments = fragments || (!head.marker && !payload.empty());
    in_doubt = in_doubt || head.lost_before;

    auto config = depacketizer.config();
    const auto error = depacketizer.HandlePacket({head.rtp_timestamp, head.marker, head.lost_before, payload});
    errors += error != LatmPayloadError::kNone ? 1 : 0;
    FUZZ_CHECK(ToString(error) != ToString(LatmPayloadError{99}));
    LatmElementReader units;
    if ((flags & 4) == 0) {
      EncodedFrame frame;
      for (std::size_t count = 0; depacketizer.PollFrame(frame); ++count, ++polled) {
        FUZZ_CHECK(head.marker && !frame.data.empty() && !(fragments && in_doubt));
        FUZZ_CHECK(frame.data.data() >= storage.data() &&
                   frame.data.data() + frame.data.size() <= storage.data() + storage.size());
        if (count == 0) {
          FUZZ_CHECK(LatmElementReader::Open(element, format.config_present, config, units) == LatmPayloadError::kNone);
        }
        std::size_t bit = 0;
        std::size_t bytes = 0;
        FUZZ_CHECK(units.Next(bit, bytes) && bytes == frame.data.size());
        BitReader bits(element);
        bits.Skip(bit);
        for (const std::uint8_t byte : frame.data) FUZZ_CHECK(bits.ReadBits(8) == byte);
      }
      FUZZ_CHECK(units.left() == 0);
    }
    if (head.marker && !payload.empty()) {
      element.clear();
      in_doubt = false;
    }
  }
  depacketizer.Flush();
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.packets - counters.errors[0] == errors);
  return 0;
}
