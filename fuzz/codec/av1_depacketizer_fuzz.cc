#include "mediacore/codec/av1_depacketizer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/av1_packetizer.h"

namespace mediacore::codec {
namespace {

// What came with one timestamp, up to the marker: OBUs as they lay in the packets.
struct Group {
  RtpTimestamp timestamp;
  std::vector<std::vector<std::uint8_t>> obus;
  bool open = false;  // the last one goes on
  bool clean = true;  // nothing lost or wrong

  void Add(Bytes payload) {
    const auto view = Av1AggregationView::Parse(payload);
    if (!view || view->first_is_continuation() != open) {
      clean = false;
      return;
    }
    for (const Bytes element : *view) {
      if (!open) obus.emplace_back();
      obus.back().insert(obus.back().end(), element.begin(), element.end());
      open = false;
    }
    open = view->last_continues();
  }
  // In the form of a frame; empty when something is wrong with it.
  std::vector<std::uint8_t> Frame() const {
    std::vector<std::uint8_t> out;
    if (!clean || open) return out;
    for (const auto& bytes : obus) {
      const auto obu = Av1ObuView::Parse(bytes);
      if (!obu) return {};
      if (IsLeftOutOfAv1Frames(obu->type())) continue;
      out.push_back(bytes[0] | 2);
      if (obu->has_extension()) out.push_back(bytes[1]);
      std::size_t size = obu->payload().size();
      for (; size > 127; size >>= 7) out.push_back(static_cast<std::uint8_t>(size | 128));
      out.push_back(static_cast<std::uint8_t>(size));
      out.insert(out.end(), obu->payload().begin(), obu->payload().end());
    }
    return out;
  }
};

// A frame survives being sent again, and tells the same of itself.
void SendAgain(const EncodedFrame& frame, std::size_t max_payload_size) {
  std::vector<std::uint8_t> storage(frame.data.size());
  Av1Depacketizer again(storage);
  Av1Packetizer packetizer({max_payload_size});
  FUZZ_CHECK(packetizer.SetFrame(frame.data) == Av1PacketizeError::kNone);
  // An end before it, so that it is not after a gap.
  const std::vector<std::uint8_t> delimiter = {0x10, 0x10};
  FUZZ_CHECK(again.HandlePacket({RtpTimestamp(frame.rtp_timestamp.value() + 1), true, false, delimiter}) ==
             Av1PayloadError::kNone);
  EncodedFrame out;
  for (Av1Packet packet; packetizer.Next(packet);) {
    std::vector<std::uint8_t> wire(packet.size);
    FUZZ_CHECK(packet.size <= std::max<std::size_t>(max_payload_size, 16) && packet.Write(wire));
    FUZZ_CHECK(!packet.Write(MutableBytes(wire).first(wire.size() - 1)));
    FUZZ_CHECK(again.HandlePacket({frame.rtp_timestamp, packet.marker, false, wire}) == Av1PayloadError::kNone);
    FUZZ_CHECK(again.PollFrame(out) == packet.marker);
  }
  FUZZ_CHECK(std::equal(out.data.begin(), out.data.end(), frame.data.begin(), frame.data.end()));
  FUZZ_CHECK(out.spatial_id == frame.spatial_id && out.temporal_id == frame.temporal_id);
  FUZZ_CHECK(out.spatial_layers == frame.spatial_layers);
}

}  // namespace
}  // namespace mediacore::codec

// The input is a row of packets: flags, timestamp, size, payload. Whatever they
// are, each frame is what came with its timestamp, whole, in the form of MP4; it
// has a frame, and it survives being sent again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  std::vector<std::uint8_t> storage(64 + input.U16() % 1024);
  Av1Depacketizer depacketizer(storage);
  std::uint64_t errors = 0;
  Group open;
  bool is_open = false;
  std::vector<Group> ended;  // in the last call
  std::uint64_t polled = 0;
  const auto poll = [&](std::size_t max_payload_size) {
    int at_once = 0;
    for (EncodedFrame frame; depacketizer.PollFrame(frame); ++at_once) {
      ++polled;
      FUZZ_CHECK(at_once < 2 && frame.codec == Codec::kAv1 && frame.data.size() <= storage.size());
      const auto group =
          std::find_if(ended.begin(), ended.end(), [&](const Group& g) { return g.timestamp == frame.rtp_timestamp; });
      FUZZ_CHECK(group != ended.end());
      const std::vector<std::uint8_t> wanted = group->Frame();
      FUZZ_CHECK(std::equal(frame.data.begin(), frame.data.end(), wanted.begin(), wanted.end()));
      FUZZ_CHECK(!FindAv1Obu(frame.data, Av1ObuType::kFrame).empty() ||
                 !FindAv1Obu(frame.data, Av1ObuType::kFrameHeader).empty());
      FUZZ_CHECK(!frame.key_frame || !FindAv1Obu(frame.data, Av1ObuType::kSequenceHeader).empty());
      FUZZ_CHECK(frame.width == 0 || (frame.key_frame && depacketizer.sequence_header() != nullptr));
      FUZZ_CHECK(!frame.key_frame || !frame.discardable);
      FUZZ_CHECK(frame.temporal_id <= 7 && frame.spatial_id <= 3);
      FUZZ_CHECK(frame.spatial_layers != 0 && frame.spatial_layers < 2 << frame.spatial_id);
      SendAgain(frame, max_payload_size);
    }
  };
  while (!input.empty()) {
    const std::uint8_t flags = input.U8();
    std::vector<std::uint8_t> payload(input.U8() % 200);
    for (std::uint8_t& byte : payload) byte = input.U8();
    const RtpTimestamp timestamp(flags >> 3 & 3);
    const bool marker = (flags & 1) != 0;
    const bool lost_before = (flags & 2) != 0;
    ended.clear();
    open.clean = open.clean && !lost_before;
    if (!payload.empty()) {
      if (is_open && open.timestamp != timestamp) ended.push_back(open);
      if (!is_open || open.timestamp != timestamp) open = Group{timestamp, {}};
      is_open = true;
      open.Add(payload);
    }
    if (marker && is_open && open.timestamp == timestamp) {
      ended.push_back(open);
      is_open = false;
    }
    const auto error = depacketizer.HandlePacket({timestamp, marker, lost_before, payload});
    FUZZ_CHECK(ToString(error).starts_with("av1 payload: "));
    FUZZ_CHECK(error == CheckAv1Payload(payload) || error >= Av1PayloadError::kForbiddenBit);
    errors += error != Av1PayloadError::kNone ? 1 : 0;
    if ((flags & 4) == 0) poll(std::size_t{15} + (flags >> 5) * 9);  // or nobody polls
  }
  ended.clear();
  depacketizer.Flush();
  poll(100);
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.packets - counters.errors[0] == errors);
  FUZZ_CHECK(depacketizer.format().refused_sequence_headers() <= counters.packets);

  Av1Packetizer packetizer({1200});
  const auto refused = packetizer.SetFrame({data, size});
  Av1Packet packet;
  FUZZ_CHECK(packetizer.Next(packet) == (refused == Av1PacketizeError::kNone));
  FUZZ_CHECK(ToString(refused).starts_with("av1 packetize: "));
  return 0;
}
