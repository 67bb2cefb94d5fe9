#include "mediacore/codec/vp9_depacketizer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/vp9_packetizer.h"

namespace mediacore::codec {
namespace {

// What came with one timestamp, up to the marker: layer frames, each from its start
// to its end.
struct Group {
  RtpTimestamp timestamp;
  std::vector<std::vector<std::uint8_t>> layers;
  std::uint8_t spatial_layers = 0;
  bool begun = false;
  bool ended = true;  // the last of the layers
  bool clean = true;  // nothing lost or wrong
  int spatial_id = -1;
  int picture_id = -1;

  void Add(Bytes payload) {
    ByteReader reader(payload);
    const auto descriptor = Vp9DescriptorView::TakeFrom(reader);
    if (!descriptor || reader.empty()) {
      clean = false;
      return;
    }
    const int id = descriptor->has_picture_id() ? descriptor->picture_id() : -1;
    if (!begun) picture_id = id;
    begun = true;
    const int layer = descriptor->spatial_id().value();
    clean = clean && id == picture_id && ended == descriptor->start_of_frame() &&
            (ended ? layer > spatial_id : layer == spatial_id);
    if (!clean) return;
    if (ended) layers.emplace_back();
    spatial_id = layer;
    spatial_layers = static_cast<std::uint8_t>(spatial_layers | 1 << layer);
    ended = descriptor->end_of_frame();
    layers.back().insert(layers.back().end(), reader.rest().begin(), reader.rest().end());
  }
};

// The frames of `picture` are those of the layer frames, in their order.
void CheckHolds(Bytes picture, const Group& group) {
  FUZZ_CHECK(group.clean && group.ended && !group.layers.empty());
  if (group.layers.size() == 1) {
    FUZZ_CHECK(std::equal(picture.begin(), picture.end(), group.layers[0].begin(), group.layers[0].end()));
    return;
  }
  const auto frames = Vp9SuperframeView::Parse(picture);
  FUZZ_CHECK(frames.has_value() && frames->has_index());
  int number = 0;
  for (const auto& layer : group.layers) {
    const auto inside = Vp9SuperframeView::Parse(layer);
    FUZZ_CHECK(inside.has_value());
    for (int i = 0; i < inside->frame_count(); ++i) {
      FUZZ_CHECK(std::ranges::equal(frames->frame(number++), inside->frame(i)));
    }
  }
  FUZZ_CHECK(number == frames->frame_count());
}

// Sends a picture again, with a descriptor for each of its layers.
void CheckSurvives(const EncodedFrame& frame, std::size_t max_payload_size) {
  std::vector<Vp9Descriptor> layers;
  for (int layer = 0; layer < 8; ++layer) {
    if ((frame.spatial_layers >> layer & 1) == 0) continue;
    Vp9Descriptor& about = layers.emplace_back();
    about.picture_id = 5;
    about.flexible = (max_payload_size & 1) != 0;
    about.layers = Vp9Descriptor::Layers{Vp9LayerId(frame.temporal_id), false, Vp9LayerId(layer), false, 0};
  }
  if (layers.size() > 1 && Vp9SuperframeView::Parse(frame.data)->frame_count() != static_cast<int>(layers.size())) {
    return;  // a layer had hidden frames: they are its own no more
  }
  Vp9Packetizer packetizer({max_payload_size});
  const auto refused =
      layers.size() == 1 ? packetizer.SetFrame(frame.data, layers[0]) : packetizer.SetPicture(frame.data, layers);
  FUZZ_CHECK(refused == Vp9PacketizeError::kNone);
  std::vector<std::uint8_t> storage(frame.data.size() + Vp9SuperframeIndexWriter::kMaxSize);
  Vp9Depacketizer again(storage);
  // A picture of its own before it, so that this one is not after a gap.
  const std::vector<std::uint8_t> before = {0x0c, 0x88};
  FUZZ_CHECK(again.HandlePacket({RtpTimestamp(77), true, false, before}) == Vp9PayloadError::kNone);
  EncodedFrame out;
  for (Vp9Packet packet; packetizer.Next(packet);) {
    std::vector<std::uint8_t> wire(packet.size);
    FUZZ_CHECK(packet.Write(wire));
    FUZZ_CHECK(again.HandlePacket({frame.rtp_timestamp, packet.marker, false, wire}) == Vp9PayloadError::kNone);
    FUZZ_CHECK(again.PollFrame(out) == packet.marker);
  }
  FUZZ_CHECK(out.spatial_layers == frame.spatial_layers && out.temporal_id == frame.temporal_id);
  FUZZ_CHECK(out.key_frame == frame.key_frame && out.discardable == frame.discardable && out.width == frame.width);
  const auto a = Vp9SuperframeView::Parse(frame.data);
  const auto b = Vp9SuperframeView::Parse(out.data);
  FUZZ_CHECK(a->frame_count() == b->frame_count());
  for (int i = 0; i < a->frame_count(); ++i) FUZZ_CHECK(std::ranges::equal(a->frame(i), b->frame(i)));
}

}  // namespace
}  // namespace mediacore::codec

// The input is a row of packets: flags, timestamp, size, payload. Whatever they are,
// each picture is the layer frames that came with its timestamp, all whole and rising;
// it says which are inside, and it survives being sent again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  std::vector<std::uint8_t> storage(64 + input.U16() % 1024);
  Vp9Depacketizer depacketizer(storage);
  std::uint64_t errors = 0;
  std::uint64_t polled = 0;
  Group open;
  bool is_open = false;
  std::vector<Group> ended;  // in the last call
  const auto poll = [&](std::size_t max_payload_size) {
    int at_once = 0;
    for (EncodedFrame frame; depacketizer.PollFrame(frame); ++at_once) {
      ++polled;
      FUZZ_CHECK(at_once < 2 && frame.codec == Codec::kVp9 && frame.data.size() <= storage.size());
      const auto group =
          std::find_if(ended.begin(), ended.end(), [&](const Group& g) { return g.timestamp == frame.rtp_timestamp; });
      FUZZ_CHECK(group != ended.end());
      CheckHolds(frame.data, *group);
      FUZZ_CHECK(frame.spatial_layers == group->spatial_layers && frame.spatial_id == group->spatial_id);
      const auto first = Vp9FrameHeader::Parse(Vp9SuperframeView::Parse(frame.data)->frame(0));
      FUZZ_CHECK(first && first->key_frame == frame.key_frame);
      CheckSurvives(frame, max_payload_size);
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
      if (!is_open || open.timestamp != timestamp) {
        open = Group();
        open.timestamp = timestamp;
      }
      is_open = true;
      open.Add(payload);
    }
    if (marker && is_open && open.timestamp == timestamp) {
      ended.push_back(open);
      is_open = false;
    }
    const auto error = depacketizer.HandlePacket({timestamp, marker, lost_before, payload});
    FUZZ_CHECK(ToString(error).starts_with("vp9 payload: "));
    FUZZ_CHECK(error > Vp9PayloadError::kBadFrame || error == CheckVp9Payload(payload));
    errors += error != Vp9PayloadError::kNone ? 1 : 0;
    if ((flags & 4) == 0) poll(std::size_t{8} + (flags >> 5));  // or nobody polls
  }
  ended.clear();
  depacketizer.Flush();
  poll(100);
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.packets - counters.errors[0] == errors);

  Vp9Packetizer packetizer({1200});
  fuzz::Input layers_input(data, size);
  std::vector<Vp9Descriptor> layers(layers_input.U8() % 10);
  for (Vp9Descriptor& layer : layers) {
    const std::uint8_t about = layers_input.U8();
    if ((about & 0x40) != 0) layer.layers = Vp9Descriptor::Layers{{}, false, Vp9LayerId(about), false, 0};
    layer.picture_id = about < 8 ? 0x8000 : about >> 7;
  }
  const auto refused = packetizer.SetPicture({data, size}, layers);
  FUZZ_CHECK(ToString(refused).starts_with("vp9 packetize: "));
  std::size_t markers = 0;
  for (Vp9Packet packet; packetizer.Next(packet);) markers += packet.marker ? 1 : 0;
  FUZZ_CHECK(markers == (refused == Vp9PacketizeError::kNone ? 1u : 0u));
  return 0;
}
