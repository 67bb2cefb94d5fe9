#include "mediacore/codec/vp8_depacketizer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/vp8_packetizer.h"

namespace mediacore::codec {
namespace {

// What came with one timestamp, up to the marker.
struct Group {
  RtpTimestamp timestamp;
  std::vector<std::uint8_t> bytes;
  bool begun = false;
  bool clean = true;  // nothing lost or wrong, and one start, at the front
  int picture_id = -1;

  void Add(Bytes payload) {
    ByteReader reader(payload);
    const auto descriptor = Vp8DescriptorView::TakeFrom(reader);
    if (!descriptor || reader.empty()) {
      clean = false;
      return;
    }
    const int id = descriptor->has_picture_id() ? descriptor->picture_id() : -1;
    if (!begun) picture_id = id;
    clean = clean && id == picture_id && begun != descriptor->begins_frame();
    begun = true;
    bytes.insert(bytes.end(), reader.rest().begin(), reader.rest().end());
  }
};

}  // namespace
}  // namespace mediacore::codec

// The input is a row of packets: flags, timestamp, size, payload. Whatever they
// are, each frame is what came with its timestamp, whole and of one start; it is
// sound (its first partition is inside, a key frame has a size), and it survives
// being sent again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  std::vector<std::uint8_t> storage(64 + input.U16() % 1024);
  Vp8Depacketizer depacketizer(storage);
  std::uint64_t errors = 0;
  Group open;
  bool is_open = false;
  std::vector<Group> ended;  // in the last call
  std::uint64_t polled = 0;
  const auto poll = [&](std::size_t max_payload_size) {
    int at_once = 0;
    for (EncodedFrame frame; depacketizer.PollFrame(frame); ++at_once) {
      ++polled;
      FUZZ_CHECK(at_once < 2 && frame.codec == Codec::kVp8 && frame.data.size() <= storage.size());
      const auto group =
          std::find_if(ended.begin(), ended.end(), [&](const Group& g) { return g.timestamp == frame.rtp_timestamp; });
      FUZZ_CHECK(group != ended.end() && group->clean);
      FUZZ_CHECK(std::equal(frame.data.begin(), frame.data.end(), group->bytes.begin(), group->bytes.end()));
      const auto header = Vp8FrameHeader::Parse(frame.data);
      FUZZ_CHECK(header && header->FitsIn(frame.data.size()));
      FUZZ_CHECK(header->key_frame == frame.key_frame && (frame.width > 0) == frame.key_frame);
      FUZZ_CHECK(frame.width == header->width && frame.height == header->height);
      FUZZ_CHECK(frame.temporal_id <= 3 && frame.spatial_id == 0);

      std::vector<std::uint8_t> again_storage(frame.data.size());
      Vp8Depacketizer again(again_storage);
      Vp8Packetizer packetizer({max_payload_size});
      Vp8Descriptor about{.non_reference = frame.discardable, .picture_id = 5};
      about.temporal_id = frame.temporal_id;
      FUZZ_CHECK(packetizer.SetFrame(frame.data, about) == Vp8PacketizeError::kNone);
      EncodedFrame out;
      for (Vp8Packet packet; packetizer.Next(packet);) {
        std::vector<std::uint8_t> wire(packet.size);
        FUZZ_CHECK(packet.Write(wire));
        FUZZ_CHECK(again.HandlePacket({frame.rtp_timestamp, packet.marker, false, wire}) == Vp8PayloadError::kNone);
        FUZZ_CHECK(again.PollFrame(out) == packet.marker);
      }
      FUZZ_CHECK(std::equal(out.data.begin(), out.data.end(), frame.data.begin(), frame.data.end()));
      FUZZ_CHECK(out.discardable == frame.discardable && out.temporal_id == frame.temporal_id);
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
    FUZZ_CHECK(ToString(error).starts_with("vp8 payload: "));
    FUZZ_CHECK(error > Vp8PayloadError::kBadFrame || error == CheckVp8Payload(payload));
    errors += error != Vp8PayloadError::kNone ? 1 : 0;
    if ((flags & 4) == 0) poll(std::size_t{7} + (flags >> 5));  // or nobody polls
  }
  ended.clear();
  depacketizer.Flush();
  poll(100);
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.packets - counters.errors[0] == errors);

  Vp8Packetizer packetizer({1200});
  const auto refused = packetizer.SetFrame({data, size}, {.partition_id = 9, .temporal_id = input.U8()});
  Vp8Packet packet;
  FUZZ_CHECK(packetizer.Next(packet) == (refused == Vp8PacketizeError::kNone));
  FUZZ_CHECK(ToString(refused).starts_with("vp8 packetize: "));
  return 0;
}
