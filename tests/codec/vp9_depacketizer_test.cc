#include "mediacore/codec/vp9_depacketizer.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "../support/capture_streams.h"
#include "../support/ffprobe.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"
#include "../support/vp9_picture.h"
#include "mediacore/codec/depacketizer.h"
#include "mediacore/codec/vp9_packetizer.h"
#include "mediacore/mux/ivf.h"

namespace mediacore::codec {
namespace {

using enum Vp9PayloadError;
using testing::Dice;
using testing::MakeVp9Picture;
using testing::SentPacket;
using testing::Vp9Picture;
using Block = std::vector<std::uint8_t>;

static_assert(Depacketizer<Vp9Depacketizer>);

// A key frame of 322x178 in one packet, without picture id or layers.
constexpr std::array<std::uint8_t, 14> kKey = {0x0c, 0x82, 0x49, 0x83, 0x42, 0x00, 0x14,
                                               0x10, 0x0b, 0x16, 0x04, 0x38, 0x24, 0x1c};

constexpr bool IsConstantExpression() {
  std::array<std::uint8_t, 32> storage{};
  Vp9Depacketizer depacketizer(storage);
  EncodedFrame frame;
  return depacketizer.HandlePacket({RtpTimestamp(1), true, false, kKey}) == kNone && depacketizer.PollFrame(frame) &&
         frame.codec == Codec::kVp9 && frame.key_frame && frame.width == 322 && frame.height == 178 &&
         frame.data.size() == 13 && !frame.discardable && frame.spatial_id == 0 && frame.spatial_layers == 1;
}
static_assert(IsConstantExpression());

constexpr int kB = 8, kE = 4;

class Vp9DepacketizerTest : public ::testing::Test {
 protected:
  Vp9PayloadError Push(Bytes payload, std::uint32_t timestamp, bool marker = false, bool lost_before = false) {
    const auto error = depacketizer_.HandlePacket({RtpTimestamp(timestamp), marker, lost_before, payload});
    Collect();
    return error;
  }
  void Collect() {
    EncodedFrame frame;
    while (depacketizer_.PollFrame(frame)) {
      frames_.emplace_back(frame.data.begin(), frame.data.end());
      last_ = frame;
    }
  }
  // A packet of a layer frame in flexible mode, of a picture that refers to none.
  static Block Layer(int flags, int sid, const Block& media, int picture_id = 5, int tid = 0,
                     bool inter_layer = false) {
    Block out = {static_cast<std::uint8_t>(0xb0 | flags), static_cast<std::uint8_t>(picture_id),
                 static_cast<std::uint8_t>(tid << 5 | sid << 1 | (inter_layer ? 1 : 0))};
    out.insert(out.end(), media.begin(), media.end());
    return out;
  }

  // An inter frame of the size of its first reference, which nothing will refer to.
  const Block inter_{0x87, 0x00, 0x00, 0x08, 0x40, 0x00};
  std::array<std::uint8_t, 4096> storage_{};
  Vp9Depacketizer depacketizer_{storage_};
  std::vector<Block> frames_;
  EncodedFrame last_;
};

TEST_F(Vp9DepacketizerTest, ALayerFrameInManyPacketsIsGivenOutAsItCame) {
  EXPECT_EQ(Push(Layer(kB, 0, inter_), 9), kNone);
  EXPECT_EQ(Push(Layer(0, 0, {1, 2}), 9), kNone);
  EXPECT_EQ(Push(Layer(kE, 0, {3}), 9, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], (Block{0x87, 0x00, 0x00, 0x08, 0x40, 0x00, 1, 2, 3}));
  EXPECT_FALSE(last_.key_frame);
  EXPECT_TRUE(last_.discardable);
  EXPECT_EQ(last_.width, 0);
}

TEST_F(Vp9DepacketizerTest, SpatialLayersBecomeASuperframeThatTellsWhichAreInside) {
  EXPECT_EQ(Push(Layer(kB | kE, 0, inter_, 5, 2), 9), kNone);
  EXPECT_EQ(Push(Layer(kB, 2, inter_, 5, 2, true), 9), kNone);  // layer 1 was not sent
  EXPECT_EQ(Push(Layer(kE, 2, {0x09}, 5, 2, true), 9, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(last_.spatial_id, 2);
  EXPECT_EQ(last_.temporal_id, 2);
  EXPECT_EQ(last_.spatial_layers, 0b101);
  const auto found = Vp9SuperframeView::Parse(frames_[0]);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->frame_count(), 2);
  EXPECT_TRUE(std::ranges::equal(found->frame(0), inter_));
  EXPECT_EQ(found->frame(1).size(), 7u);
  EXPECT_EQ(frames_[0].size(), 6u + 7 + 4);
}

TEST_F(Vp9DepacketizerTest, ASuperframeWithinALayerFrameIsKeptAloneAndTakenApartAmongOthers) {
  const Block inside = testing::JoinVp9Frames({inter_, inter_});
  Push(Layer(kB | kE, 0, inside), 1, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], inside);
  Push(Layer(kB | kE, 0, inside), 2);
  Push(Layer(kB | kE, 1, inter_), 2);
  Push(Layer(kB | kE, 2, inside), 2, true);
  ASSERT_EQ(frames_.size(), 2u);
  EXPECT_EQ(frames_[1], testing::JoinVp9Frames({inter_, inter_, inter_, inter_, inter_}));
  Push(Layer(kB | kE, 0, testing::JoinVp9Frames({inter_, inter_, inter_, inter_, inter_})), 3);
  Push(Layer(kB | kE, 1, testing::JoinVp9Frames({inter_, inter_, inter_, inter_})), 3, true);
  EXPECT_EQ(frames_.size(), 2u);  // nine frames are more than a superframe can have
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
}

TEST_F(Vp9DepacketizerTest, WhatIsCutBehindALayerFrameIsItsOwn) {
  Block long_tail = {0x88};  // one byte is a frame, so many are none, then the index
  long_tail.insert(long_tail.end(), 1000, 0);
  long_tail.insert(long_tail.end(), {0xc0, 1, 0xc0});
  const Block no_frames = {0x88, 0xc0, 0, 0xc0};  // the index names a frame of no bytes
  Push(Layer(kB | kE, 0, long_tail), 1);
  Push(Layer(kB | kE, 1, no_frames), 1);
  Push(Layer(kB | kE, 2, inter_), 1, true);
  EXPECT_EQ(frames_.size(), 0u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  Push(Layer(kB | kE, 0, long_tail), 2);
  Push(Layer(kB | kE, 1, inter_), 2, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], testing::JoinVp9Frames({{0x88}, inter_}));
}

TEST_F(Vp9DepacketizerTest, ALayerFrameWithoutStartOrEndMakesThePictureIncomplete) {
  Push(Layer(kB | kE, 0, inter_), 1);
  Push(Layer(kB, 1, inter_), 1, true);  // no end
  EXPECT_EQ(frames_.size(), 0u);
  Push(Layer(kB | kE, 0, inter_), 2);
  EXPECT_EQ(Push(Layer(kE, 1, inter_), 2, true), kNoStart);
  EXPECT_EQ(frames_.size(), 0u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 2u);
  Push(Layer(kB | kE, 0, inter_), 3);  // no marker
  Push(Layer(kB | kE, 0, inter_), 4);
  EXPECT_EQ(frames_.size(), 1u);
  depacketizer_.Flush();
  Collect();
  EXPECT_EQ(frames_.size(), 1u);  // more layers may have been to come
}

TEST_F(Vp9DepacketizerTest, EachLieHasItsErrorAndCostsItsPicture) {
  std::uint32_t timestamp = 0;
  const auto costs = [&](const Block& payload, bool closed = true) {
    ++timestamp;
    Push(Layer(kB | (closed ? kE : 0), 1, inter_), timestamp);
    const auto error = Push(payload, timestamp);
    Push(Layer(kB | kE, 2, inter_), timestamp, true);
    EXPECT_EQ(frames_.size(), 0u);
    EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
    return error;
  };
  Push(Layer(kB | kE, 0, inter_), 1000, true);  // so that layer 1 is no gap's head
  frames_.clear();
  EXPECT_EQ(costs({0x80}), kBadDescriptor);
  EXPECT_EQ(costs({0xf0, 1, 0, 3, 3, 3, 3}), kBadDescriptor);
  EXPECT_EQ(costs(Layer(0, 1, {})), kNoData);
  EXPECT_EQ(costs(Layer(kB, 2, {0x42})), kBadFrame);
  EXPECT_EQ(costs(Layer(kB, 2, {0x82, 0x49, 0x83, 0x43})), kBadFrame);
  EXPECT_EQ(costs(Layer(kB | kE, 2, {0x82, 0x49})), kBadFrame);  // ends within its header
  EXPECT_EQ(costs(Layer(kB | kE, 2, inter_, 6)), kOtherPicture);
  EXPECT_EQ(costs({0x0c, 0x8d}), kOtherPicture);  // none at all
  EXPECT_EQ(costs(Layer(kB | kE, 2, inter_), false), kUnfinished);
  EXPECT_EQ(costs(Layer(kB | kE, 1, inter_)), kLayerOrder);
  EXPECT_EQ(costs(Layer(kB | kE, 0, inter_)), kLayerOrder);
  EXPECT_EQ(costs(Layer(kE, 1, inter_)), kNoStart);
  EXPECT_EQ(costs(Layer(kE, 2, inter_), false), kNoStart);  // of another layer
  EXPECT_EQ(depacketizer_.counters().errors[static_cast<std::size_t>(kLayerOrder)], 2u);
  EXPECT_EQ(ToString(kLayerOrder), "vp9 payload: layers out of order");
}

TEST_F(Vp9DepacketizerTest, AHeaderMayEndInTheNextPacketButMustEndSomewhere) {
  EXPECT_EQ(Push(Layer(kB, 0, {0x82, 0x49}), 1), kNone);
  EXPECT_EQ(Push(Layer(kE, 0, {0x83, 0x42, 0, 0, 0, 0, 0, 0}), 1, true), kNone);
  EXPECT_EQ(frames_.size(), 1u);
  EXPECT_EQ(last_.width, 1);
  Push(Layer(kB, 0, {0x82, 0x49}), 2);
  EXPECT_EQ(Push(Layer(kE, 0, {0x83, 0x43, 0, 0, 0, 0, 0, 0}), 2, true), kNone);
  EXPECT_EQ(frames_.size(), 1u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
}

TEST_F(Vp9DepacketizerTest, AfterALossAPictureIsTakenByItsLowestLayer) {
  Push(Layer(kB | kE, 0, inter_), 1, true, true);
  EXPECT_EQ(frames_.size(), 1u);
  Push(Layer(0, 0, inter_), 2);  // its start is lost
  Push(Layer(kE, 0, inter_), 2, true, true);
  Push(Layer(kB | kE, 1, inter_), 3, true, true);  // layer 0 may be what was lost
  EXPECT_EQ(frames_.size(), 1u);
}

TEST_F(Vp9DepacketizerTest, AStreamWhoseLowLayersAServerTookOutIsTakenByTheLayerThatIsLeft) {
  Push(Layer(kB | kE, 0, inter_), 1);
  Push(Layer(kB | kE, 2, inter_, 5, 0, true), 1, true);  // the key picture has all
  Push(Layer(kB | kE, 2, inter_), 2, true);
  EXPECT_EQ(frames_.size(), 2u);
  Push(Layer(kB | kE, 2, inter_), 3, true, true);
  EXPECT_EQ(frames_.size(), 3u);
  EXPECT_EQ(last_.spatial_layers, 0b100);
  Push(Layer(kB | kE, 2, inter_, 5, 0, true), 4, true, true);  // refers to a layer that is missing
  EXPECT_EQ(frames_.size(), 3u);
  Push(Layer(kB | kE, 3, inter_), 5, true, true);
  EXPECT_EQ(frames_.size(), 3u);
}

TEST_F(Vp9DepacketizerTest, PicturesTooLargeAreDropped) {
  Push(Layer(kB | kE, 0, inter_), 1);
  Block large(storage_.size() - 6, 0);  // the index will not fit
  std::copy(inter_.begin(), inter_.end(), large.begin());
  Push(Layer(kB | kE, 1, large), 1, true);
  EXPECT_EQ(depacketizer_.counters().dropped_too_large, 1u);
  Push(Layer(kB | kE, 0, large), 2, true);
  EXPECT_EQ(frames_.size(), 1u);
}

TEST(Vp9PacketizerTest, WhatCannotBeSentIsRefusedByName) {
  using enum Vp9PacketizeError;
  using Layers = Vp9Descriptor::Layers;
  const Block frame(kKey.begin() + 1, kKey.end());
  const Block two = testing::JoinVp9Frames({frame, frame});
  Vp9Packetizer packetizer({});
  EXPECT_EQ(packetizer.SetFrame({}, {}), kBadFrame);
  EXPECT_EQ(packetizer.SetFrame(Bytes(frame).first(8), {}), kBadFrame);
  EXPECT_EQ(packetizer.SetPicture(frame, {}), kLayerCount);
  const auto layer = [](int sid, int picture_id) {
    return Vp9Descriptor{.picture_id = static_cast<std::uint16_t>(picture_id),
                         .layers = Layers{.spatial_id = Vp9LayerId(sid)}};
  };
  const auto pair = [&](const Vp9Descriptor& a, const Vp9Descriptor& b) {
    return packetizer.SetPicture(two, std::array{a, b});
  };
  EXPECT_EQ(packetizer.SetPicture(frame, std::array{layer(0, 1), layer(1, 1)}), kLayerCount);
  EXPECT_EQ(pair(layer(1, 1), layer(1, 1)), kLayerOrder);
  EXPECT_EQ(pair(layer(0, 1), {.picture_id = 1}), kLayerOrder);
  EXPECT_EQ(pair(layer(0, 1), layer(1, 2)), kLayerOrder);
  EXPECT_EQ(pair(layer(0, 0x8000), layer(1, 0x8000)), kBadDescriptor);
  Vp9Packet packet;
  EXPECT_FALSE(packetizer.Next(packet));
  EXPECT_EQ(pair(layer(0, 1), layer(2, 1)), kNone);
  ASSERT_TRUE(packetizer.Next(packet));
  EXPECT_FALSE(packet.marker);
  EXPECT_TRUE(packet.descriptor.end_of_frame);
  ASSERT_TRUE(packetizer.Next(packet));
  EXPECT_TRUE(packet.marker);
  Block out(packet.size);
  EXPECT_FALSE(packet.Write(MutableBytes(out).first(out.size() - 1)));
  EXPECT_TRUE(packet.Write(out));
  EXPECT_FALSE(packetizer.Next(packet));
  // A structure that leaves no room.
  std::vector<Vp9GroupPicture> group(255);
  const Vp9ScalabilityStructureWriter structure{.has_pictures = true, .pictures = group};
  Block bytes(structure.WireSize());
  ASSERT_TRUE(structure.Write(bytes));
  Vp9Packetizer small({.max_payload_size = 200});
  EXPECT_EQ(small.SetFrame(frame, {.scalability_structure = bytes}), kBadDescriptor);
  EXPECT_EQ(packetizer.SetFrame(frame, {.scalability_structure = bytes}), kNone);
  EXPECT_EQ(ToString(kLayerOrder), "vp9 packetize: layers out of order");
}

TEST(Vp9PacketizerTest, AStructureGoesWithTheFirstPacketOfItsLayerFrame) {
  const Block structure = {0x00};
  Block frame(1000);
  std::copy(kKey.begin() + 1, kKey.end(), frame.begin());
  Vp9Packetizer packetizer({.max_payload_size = 100});
  ASSERT_EQ(packetizer.SetFrame(frame, {.picture_id = 1, .scalability_structure = structure}),
            Vp9PacketizeError::kNone);
  int packets = 0;
  for (Vp9Packet packet; packetizer.Next(packet); ++packets) {
    EXPECT_EQ(packet.descriptor.scalability_structure.empty(), packets > 0);
    EXPECT_EQ(packet.descriptor.start_of_frame, packets == 0);
    EXPECT_EQ(packet.descriptor.end_of_frame, packet.marker);
  }
  EXPECT_EQ(packets, 11);
}

// Three layers of a group of one.
constexpr std::array<std::uint8_t, 4> kStructure = {0x48, 1, 0x04, 1};

TEST(Vp9RoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(51);
  Block storage(1 << 18);
  Vp9Depacketizer depacketizer(storage);
  Block payload(9000);
  const std::uint32_t rounds = testing::Rounds(20'000);
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const bool key = i % 50 == 0;
    const auto layers = static_cast<std::uint8_t>(key || dice.Chance(50) ? 1 : 1 + dice.Below(255));
    const Vp9Picture picture =
        MakeVp9Picture(dice, key, i / 1000 % 2 == 1, layers, testing::RandomFrameSize(dice, 1), i, kStructure);
    const std::size_t max_size = 100 + dice.Below(8901);
    Vp9Packetizer packetizer({max_size});
    ASSERT_EQ(packetizer.SetPicture(picture.data, picture.layers), Vp9PacketizeError::kNone);
    Vp9Packet packet;
    EncodedFrame out;
    bool marker = false;
    while (packetizer.Next(packet)) {
      ASSERT_FALSE(marker);
      marker = packet.marker;
      ASSERT_LE(packet.size, max_size);
      const MutableBytes room = MutableBytes(payload).first(packet.size);
      ASSERT_TRUE(packet.Write(room));
      ASSERT_EQ(depacketizer.HandlePacket({RtpTimestamp(i * 3000), marker, false, room}), kNone);
      ASSERT_EQ(depacketizer.PollFrame(out), marker);
    }
    ASSERT_TRUE(marker);
    ASSERT_TRUE(std::ranges::equal(out.data, picture.data)) << i;
    ASSERT_EQ(out.key_frame, key);
    ASSERT_EQ(out.discardable, !picture.referenced);
    ASSERT_EQ(out.spatial_layers, picture.spatial_layers);
    ASSERT_EQ(1 << out.spatial_id, std::bit_floor(picture.spatial_layers));
    const auto& said = picture.layers[0].layers;
    ASSERT_EQ(out.temporal_id, said ? said->temporal_id.value() : 0);
  }
  EXPECT_EQ(depacketizer.counters().frames, rounds);
  EXPECT_EQ(depacketizer.counters().dropped_incomplete, 0u);
}

TEST(Vp9RoundTripTest, NoHeapIsUsedPerPacket) {
  Dice dice(5);
  const Vp9Picture picture = MakeVp9Picture(dice, true, false, 7, 9000, 1, kStructure);
  Block storage(1 << 16);
  Block payload(1200);
  Vp9Depacketizer depacketizer(storage);
  Vp9Packetizer packetizer({1200});
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(packetizer.SetPicture(picture.data, picture.layers), Vp9PacketizeError::kNone);
    Vp9Packet packet;
    EncodedFrame out;
    while (packetizer.Next(packet)) {
      EXPECT_TRUE(packet.Write(payload));
      (void)depacketizer.HandlePacket({RtpTimestamp(i), packet.marker, false, Bytes(payload).first(packet.size)});
      (void)depacketizer.PollFrame(out);
    }
  }
  EXPECT_EQ(depacketizer.counters().frames, 100u);
  EXPECT_EQ(watch.allocations(), 0u);
}

TEST(Vp9PropertyTest, LossReorderingAndDuplicationNeverMakeAPictureOfPieces) {
  const std::uint32_t rounds = testing::Rounds(6'000);
  for (const bool markers : {true, false}) {
    Dice dice(markers ? 61 : 62);
    std::map<std::uint32_t, Block> sent;
    std::vector<SentPacket> packets;
    Block storage(1 << 18);
    Vp9Depacketizer depacketizer(storage);
    std::uint64_t given = 0;
    std::uint64_t told_losses = 0;
    std::uint32_t last = 0xffffffff;
    bool first_of_run = true;
    const auto collect = [&] {
      EncodedFrame out;
      while (depacketizer.PollFrame(out)) {
        const std::uint32_t timestamp = out.rtp_timestamp.value();
        ASSERT_NE(timestamp, last);
        ASSERT_TRUE(sent.contains(timestamp));  // and no second time: it is erased
        ASSERT_TRUE(std::ranges::equal(out.data, sent[timestamp]));
        ASSERT_TRUE(first_of_run || out.lost_before || timestamp - last == 3000);
        first_of_run = false;
        told_losses += out.lost_before ? 1 : 0;
        sent.erase(timestamp);
        last = timestamp;
        ++given;
      }
    };
    std::uint16_t sequence = 65000;
    for (std::uint32_t i = 0; i < rounds; ++i) {
      const std::uint32_t timestamp = 0xfffff000u + i * 3000;
      const auto layers = static_cast<std::uint8_t>(dice.Below(8) << 1 | 1);
      Vp9Picture picture =
          MakeVp9Picture(dice, i % 40 == 0, i / 1000 % 2 == 1, layers, 1 + dice.Below(3000), i, kStructure);
      Vp9Packetizer packetizer({100 + dice.Below(1100)});
      ASSERT_EQ(packetizer.SetPicture(picture.data, picture.layers), Vp9PacketizeError::kNone);
      for (Vp9Packet packet; packetizer.Next(packet);) {
        Block payload(packet.size);
        ASSERT_TRUE(packet.Write(payload));
        packets.push_back({sequence++, timestamp, packet.marker && markers, payload});
      }
      sent.emplace(timestamp, std::move(picture.data));
      if (packets.size() < 5000 && i + 1 < rounds) continue;
      testing::DeliverInOrder(testing::Disturb(dice, packets, 3), [&](const RtpPayload& payload) {
        (void)depacketizer.HandlePacket(payload);
        collect();
      });
      depacketizer.Flush();
      collect();
      packets.clear();
      sent.clear();
      first_of_run = true;
    }
    EXPECT_GT(given, rounds / 2);
    EXPECT_LT(given, rounds);
    EXPECT_GT(told_losses, rounds / 100);
    EXPECT_EQ(depacketizer.counters().frames, given);
  }
}

// L3T3_KEY of a browser. The page beside it counts 118 frames and 117 markers: of one
// picture the browser gave up the highest layer after its first packet. Another was
// sent without layer 1.
TEST(Vp9CaptureTest, EveryPictureOfACaptureOfABrowserComesOutAndDecodes) {
  const auto streams = testing::ReadCapture("chromium-vp9-svc-l3t3key.pcap");
  if (streams.empty()) GTEST_SKIP() << "../shared/captures is absent";
  std::vector<SentPacket> wire;
  for (const auto& packet : streams.at({0xf3f0080f, 98})) {
    wire.push_back({packet.sequence, packet.timestamp, packet.marker, packet.payload});
  }
  Block storage(1 << 20);
  Vp9Depacketizer depacketizer(storage);
  mux::IvfHeader header;
  ASSERT_TRUE(header.SetCodec(Codec::kVp9));
  Block file(mux::kIvfHeaderSize);
  std::map<int, int> spatial_layers;
  std::map<int, int> temporal_layers;
  int discardable = 0;
  const auto collect = [&] {
    for (EncodedFrame frame; depacketizer.PollFrame(frame);) {
      ++spatial_layers[frame.spatial_layers];
      ++temporal_layers[frame.temporal_id];
      discardable += frame.discardable ? 1 : 0;
      EXPECT_EQ(frame.width, 1280);  // each says its size, of its highest layer
      EXPECT_EQ(frame.height, 720);
      EXPECT_EQ(Vp9SuperframeView::Parse(frame.data)->frame_count(), std::popcount(frame.spatial_layers));
      const mux::IvfFrame ivf{static_cast<std::int64_t>(frame.rtp_timestamp.value()), frame.data};
      const std::size_t at = file.size();
      file.resize(at + ivf.WireSize());
      EXPECT_EQ(ivf.Write(MutableBytes(file).subspan(at)), ivf.WireSize());
    }
  };
  testing::DeliverInOrder(wire, [&](const RtpPayload& payload) {
    EXPECT_EQ(depacketizer.HandlePacket(payload), kNone);
    collect();
  });
  depacketizer.Flush();
  collect();
  EXPECT_EQ(depacketizer.counters().frames, 117u);
  EXPECT_EQ(depacketizer.counters().key_frames, 2u);
  EXPECT_EQ(depacketizer.counters().dropped_incomplete, 1u);
  EXPECT_EQ(spatial_layers, (std::map<int, int>{{0b101, 1}, {0b111, 116}}));
  EXPECT_EQ(discardable, temporal_layers[2]);
  header.width = 1280;
  header.height = 720;
  header.Write(std::span<std::uint8_t>(file).first<mux::kIvfHeaderSize>());

  const testing::TemporaryFolder folder;
  const std::string path = folder.Write("vp9.ivf", file);
  // ffmpeg's own decoder takes superframes apart and shows every layer frame.
  const auto decoded = testing::DecodeWithFfprobe(path);
  if (!decoded.ran) GTEST_SKIP() << "ffprobe is absent: counted, but not decoded";
  EXPECT_EQ(decoded.errors, "");
  EXPECT_EQ(decoded.frames, 116 * 3 + 2);
  // libvpx shows a picture of each: its highest layer.
  const std::string output = testing::OutputOf("ffmpeg -v error -c:v libvpx-vp9 -i '" + path + "' -f framemd5 - 2>&1");
  if (output.find("Unknown decoder") != std::string::npos) GTEST_SKIP() << "ffmpeg comes without libvpx";
  int pictures = 0;
  int sized = 0;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    sized += line == "#dimensions 0: 1280x720" ? 1 : 0;
    if (line.starts_with("#")) continue;
    EXPECT_TRUE(line.starts_with("0,")) << line;
    ++pictures;
  }
  EXPECT_EQ(pictures, 117);
  EXPECT_EQ(sized, 1);
}

}  // namespace
}  // namespace mediacore::codec
