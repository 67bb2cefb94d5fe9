#include "mediacore/codec/vp8_depacketizer.h"

#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "../support/capture_streams.h"
#include "../support/ffprobe.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"
#include "../support/vpx_maker.h"
#include "mediacore/codec/depacketizer.h"
#include "mediacore/codec/vp8_packetizer.h"
#include "mediacore/mux/ivf.h"

namespace mediacore::codec {
namespace {

using enum Vp8PayloadError;
using testing::Dice;
using testing::MakeVp8Frame;
using testing::SentPacket;
using Block = std::vector<std::uint8_t>;

static_assert(Depacketizer<Vp8Depacketizer>);

// One packet of a key frame of 640x360, without first partition.
constexpr std::array<std::uint8_t, 12> kKey = {0x10, 0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, 0xaa};

constexpr bool IsConstantExpression() {
  std::array<std::uint8_t, 32> storage{};
  Vp8Depacketizer depacketizer(storage);
  EncodedFrame frame;
  return depacketizer.HandlePacket({RtpTimestamp(1), true, false, kKey}) == kNone && depacketizer.PollFrame(frame) &&
         frame.codec == Codec::kVp8 && frame.key_frame && frame.width == 640 && frame.height == 360 &&
         frame.data.size() == 11 && !frame.discardable;
}
static_assert(IsConstantExpression());

class Vp8DepacketizerTest : public ::testing::Test {
 protected:
  Vp8PayloadError Push(Bytes payload, std::uint32_t timestamp, bool marker = false, bool lost_before = false) {
    const auto error = depacketizer_.HandlePacket({RtpTimestamp(timestamp), marker, lost_before, payload});
    EncodedFrame frame;
    while (depacketizer_.PollFrame(frame)) {
      frames_.emplace_back(frame.data.begin(), frame.data.end());
      last_ = frame;
    }
    return error;
  }

  const Block start_{0x10, 0x11, 0x00, 0x00, 0xaa};  // an inter frame without first partition
  const Block middle_{0x00, 0xbb};
  const Block second_partition_{0x11, 0xcc};
  std::array<std::uint8_t, 4096> storage_{};
  Vp8Depacketizer depacketizer_{storage_};
  std::vector<Block> frames_;
  EncodedFrame last_;
};

TEST_F(Vp8DepacketizerTest, PartitionsInManyPacketsAreOneFrame) {
  EXPECT_EQ(Push(start_, 9), kNone);
  EXPECT_EQ(Push(middle_, 9), kNone);
  EXPECT_EQ(Push(second_partition_, 9), kNone);
  EXPECT_EQ(Push(middle_, 9, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], (Block{0x11, 0x00, 0x00, 0xaa, 0xbb, 0xcc, 0xbb}));
  EXPECT_EQ(last_.rtp_timestamp, RtpTimestamp(9));
  EXPECT_FALSE(last_.key_frame);
  EXPECT_EQ(last_.width, 0);
}

TEST_F(Vp8DepacketizerTest, AFrameTellsItsLayerAndWhetherItCanBeDropped) {
  EXPECT_EQ(Push(Block{0xb0, 0x20, 0x80, 0x11, 0, 0}, 1, true), kNone);  // N, TID 2
  EXPECT_TRUE(last_.discardable);
  EXPECT_EQ(last_.temporal_id, 2);
  EXPECT_EQ(last_.spatial_id, 0);
  EXPECT_EQ(Push(Block{0x90, 0x10, 0xff, 0x11, 0, 0}, 2, true), kNone);  // KEYIDX alone
  EXPECT_FALSE(last_.discardable);
  EXPECT_EQ(last_.temporal_id, 0);
}

TEST_F(Vp8DepacketizerTest, ALossDropsTheFrameItIsIn) {
  Push(start_, 1, true);
  Push(start_, 2);
  Push(middle_, 2, false, true);
  Push(second_partition_, 2, true);
  EXPECT_EQ(frames_.size(), 1u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  Push(start_, 3, true);
  EXPECT_EQ(frames_.size(), 2u);
  EXPECT_TRUE(last_.lost_before);
}

TEST_F(Vp8DepacketizerTest, AfterALossAFrameIsTakenByTheStartOfItsFirstPartition) {
  Push(start_, 1, true, true);
  EXPECT_EQ(frames_.size(), 1u);
  Push(second_partition_, 2, true, true);  // S, but not of partition 0
  Push(middle_, 3, true, true);
  EXPECT_EQ(frames_.size(), 1u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 2u);
}

TEST_F(Vp8DepacketizerTest, EachLieHasItsErrorAndCostsItsFrame) {
  std::uint32_t timestamp = 0;
  const auto costs = [&](const Block& payload) {
    ++timestamp;
    Push(start_, timestamp);
    const auto error = Push(payload, timestamp);
    Push(middle_, timestamp, true);
    EXPECT_EQ(frames_.size(), 0u);
    EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
    return error;
  };
  EXPECT_EQ(costs({0x80}), kBadDescriptor);
  EXPECT_EQ(costs({0x81, 0x81, 0x94}), kBadDescriptor);
  EXPECT_EQ(costs({0x00}), kNoData);
  EXPECT_EQ(costs({0x80, 0x10, 0x01}), kNoData);
  EXPECT_EQ(costs({0x10, 0x10, 0x00, 0x00, 0x9d, 0x01, 0x2b, 0x80, 0x02, 0x68, 0x01}), kBadFrame);
  EXPECT_EQ(costs({0x10, 0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x00, 0x00}), kBadFrame);
  EXPECT_EQ(costs(start_), kSecondStart);
  EXPECT_EQ(costs({0x80, 0x80, 0x05, 0xbb}), kOtherPicture);
  ++timestamp;
  EXPECT_EQ(Push(middle_, timestamp, true), kNoStart);
  EXPECT_EQ(Push(second_partition_, ++timestamp, true), kNoStart);
  EXPECT_EQ(frames_.size(), 0u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
  EXPECT_EQ(depacketizer_.counters().errors[static_cast<std::size_t>(kNoStart)], 2u);
  EXPECT_EQ(ToString(kNoStart), "vp8 payload: frame without start");
}

TEST_F(Vp8DepacketizerTest, AFrameShorterThanItSaysIsNoWholeFrame) {
  Push(Block{0x10, 0x51, 0x00, 0x00, 0xaa}, 1, true);  // a first partition of two bytes, one is there
  Push(Block{0x10, 0x11, 0x00}, 2, true);              // not even its header
  EXPECT_EQ(frames_.size(), 0u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 2u);
  Push(Block{0x10, 0x11, 0x00}, 3);  // the rest of the header is in the next packet
  Push(Block{0x00, 0x00}, 3, true);
  EXPECT_EQ(frames_.size(), 1u);
}

TEST_F(Vp8DepacketizerTest, PaddingAndFramesTooLargeAreNoTrouble) {
  EXPECT_EQ(Push({}, 1), kNone);
  Push(start_, 1);
  Push({}, 1);
  Push({}, 1, true);
  EXPECT_EQ(frames_.size(), 1u);
  Push(start_, 2);
  const Block large(storage_.size(), 0);
  Push(large, 2, true);
  EXPECT_EQ(depacketizer_.counters().dropped_too_large, 1u);
  Push(start_, 3);
  depacketizer_.Flush();
  EXPECT_EQ(frames_.size(), 1u);
}

TEST(Vp8PacketizerTest, WhatCannotBeSentIsRefusedByName) {
  Vp8Packetizer packetizer({});
  const Block frame(kKey.begin() + 1, kKey.end());
  EXPECT_EQ(packetizer.SetFrame({}, {}), Vp8PacketizeError::kBadFrame);
  EXPECT_EQ(packetizer.SetFrame(Bytes(frame).first(9), {}), Vp8PacketizeError::kBadFrame);
  EXPECT_EQ(packetizer.SetFrame(Block{0x31, 0, 0}, {}), Vp8PacketizeError::kBadFrame);  // first partition of one byte
  EXPECT_EQ(packetizer.SetFrame(frame, {.temporal_id = 4}), Vp8PacketizeError::kBadDescriptor);
  Vp8Packet packet;
  EXPECT_FALSE(packetizer.Next(packet));
  EXPECT_EQ(packetizer.SetFrame(frame, {.partition_id = 9}), Vp8PacketizeError::kNone);  // it knows better
  ASSERT_TRUE(packetizer.Next(packet));
  Block out(packet.size);
  EXPECT_FALSE(packet.Write(MutableBytes(out).first(out.size() - 1)));
  EXPECT_TRUE(packet.Write(out));
  EXPECT_TRUE(std::ranges::equal(out, kKey));
  EXPECT_FALSE(packetizer.Next(packet));
  EXPECT_EQ(ToString(Vp8PacketizeError::kBadFrame), "vp8 packetize: bad frame");
}

Vp8Descriptor RandomDescriptor(Dice& dice) {
  Vp8Descriptor out;
  out.non_reference = dice.Chance(30);
  if (dice.Chance(70)) {
    out.long_picture_id = dice.Chance(70);
    out.picture_id = static_cast<std::uint16_t>(dice.Below(out.long_picture_id ? 0x8000 : 0x80));
  }
  if (dice.Chance(70)) {
    out.tl0picidx = static_cast<std::uint8_t>(dice.Below(256));
    out.temporal_id = static_cast<std::uint8_t>(dice.Below(4));
    out.layer_sync = dice.Chance(50);
  }
  if (dice.Chance(50)) out.key_index = static_cast<std::uint8_t>(dice.Below(32));
  return out;
}

TEST(Vp8RoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(31);
  Block storage(1 << 17);
  Vp8Depacketizer depacketizer(storage);
  Block payload(9000);
  const std::uint32_t rounds = testing::Rounds(20'000);
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const bool key = i % 50 == 0;
    const Block frame = MakeVp8Frame(dice, key, testing::RandomFrameSize(dice, key ? 10 : 3), i);
    const Vp8Descriptor about = RandomDescriptor(dice);
    const std::size_t max_size = 100 + dice.Below(8901);
    Vp8Packetizer packetizer({max_size});
    ASSERT_EQ(packetizer.SetFrame(frame, about), Vp8PacketizeError::kNone);
    Vp8Packet packet;
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
    ASSERT_TRUE(std::ranges::equal(out.data, frame));
    ASSERT_EQ(out.key_frame, key);
    ASSERT_EQ(out.discardable, about.non_reference);
    ASSERT_EQ(out.temporal_id, about.temporal_id.value_or(0));
    ASSERT_EQ(out.width, Vp8FrameHeader::Parse(frame)->width);
  }
  EXPECT_EQ(depacketizer.counters().frames, rounds);
  EXPECT_EQ(depacketizer.counters().dropped_incomplete, 0u);
}

TEST(Vp8RoundTripTest, NoHeapIsUsedPerPacket) {
  Dice dice(5);
  const Block frame = MakeVp8Frame(dice, true, 9000, 1);
  Block storage(1 << 16);
  Block payload(1200);
  Vp8Depacketizer depacketizer(storage);
  Vp8Packetizer packetizer({1200});
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(packetizer.SetFrame(frame, {.picture_id = 7}), Vp8PacketizeError::kNone);
    Vp8Packet packet;
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

TEST(Vp8PropertyTest, LossReorderingAndDuplicationNeverMakeAFrameOfPieces) {
  const std::uint32_t rounds = testing::Rounds(6'000);
  for (const bool markers : {true, false}) {
    Dice dice(markers ? 41 : 42);
    std::map<std::uint32_t, Block> sent;
    std::vector<SentPacket> packets;
    Block storage(1 << 17);
    Vp8Depacketizer depacketizer(storage);
    std::uint64_t given = 0;
    std::uint64_t told_losses = 0;
    std::uint32_t last = 0xffffffff;
    bool first_of_run = true;
    const auto collect = [&] {
      EncodedFrame out;
      while (depacketizer.PollFrame(out)) {
        const std::uint32_t timestamp = out.rtp_timestamp.value();
        ASSERT_NE(timestamp, last);  // timestamps only grow: none comes twice
        ASSERT_TRUE(sent.contains(timestamp));
        ASSERT_TRUE(std::ranges::equal(out.data, sent[timestamp]));
        // Whoever is told of no loss got every frame.
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
      const bool key = i % 40 == 0;
      Block frame = MakeVp8Frame(dice, key, (key ? 10 : 3) + dice.Below(3000), i);
      Vp8Packetizer packetizer({100 + dice.Below(1100)});
      ASSERT_EQ(packetizer.SetFrame(frame, RandomDescriptor(dice)), Vp8PacketizeError::kNone);
      for (Vp8Packet packet; packetizer.Next(packet);) {
        Block payload(packet.size);
        ASSERT_TRUE(packet.Write(payload));
        packets.push_back({sequence++, timestamp, packet.marker && markers, payload});
      }
      sent.emplace(timestamp, std::move(frame));
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

struct Counted {
  std::vector<Block> frames;
  int key_frames = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint64_t dropped = 0;
};

Counted Depacketize(const std::vector<testing::CapturedPacket>& packets) {
  std::vector<SentPacket> wire;
  for (const auto& packet : packets) wire.push_back({packet.sequence, packet.timestamp, packet.marker, packet.payload});
  Block storage(1 << 20);
  Vp8Depacketizer depacketizer(storage);
  Counted counted;
  testing::DeliverInOrder(wire, [&](const RtpPayload& payload) {
    EXPECT_EQ(depacketizer.HandlePacket(payload), kNone);
    for (EncodedFrame frame; depacketizer.PollFrame(frame);) {
      counted.frames.emplace_back(frame.data.begin(), frame.data.end());
      if (!frame.key_frame) continue;
      ++counted.key_frames;
      counted.width = frame.width;
      counted.height = frame.height;
    }
  });
  counted.dropped = depacketizer.counters().dropped_incomplete;
  return counted;
}

Block Ivf(const Counted& counted) {
  mux::IvfHeader header;
  EXPECT_TRUE(header.SetCodec(Codec::kVp8));
  header.width = counted.width;
  header.height = counted.height;
  Block file(mux::kIvfHeaderSize);
  header.Write(std::span<std::uint8_t, mux::kIvfHeaderSize>(file));
  for (std::size_t i = 0; i < counted.frames.size(); ++i) {
    const mux::IvfFrame frame{static_cast<std::int64_t>(i) * 3000, counted.frames[i]};
    const std::size_t at = file.size();
    file.resize(at + frame.WireSize());
    EXPECT_EQ(frame.Write(MutableBytes(file).subspan(at)), frame.WireSize());
  }
  return file;
}

// Frames as the page beside the captures counts them; key frames as tshark does.
struct Stream {
  const char* capture;
  std::uint32_t ssrc;
  std::size_t frames;
  int key_frames;
  std::uint16_t width;  // of the last key frame
  std::uint16_t height;
};
constexpr Stream kStreams[] = {
    {"chromium-janus-simulcast3.sender.pcap", 0xfe059810, 90, 2, 1280, 720},
    {"chromium-janus-simulcast3.sender.pcap", 0x15458165, 90, 2, 640, 360},
    {"chromium-janus-simulcast3.sender.pcap", 0xe9111de3, 89, 2, 320, 180},
    {"chromium-p2p-dtls13-datachannel.plain.pcap", 0x6e031a68, 90, 1, 320, 240},
    {"chromium-p2p-dtls13-datachannel.plain.pcap", 0x1b481931, 90, 1, 320, 240},
    {"chromium-vp8-bottleneck.sender.pcap", 0x3acd3efb, 595, 2, 480, 270},
    {"chromium-vp8-simulcast3.pcap", 0x34e524d0, 179, 2, 1280, 720},
    {"chromium-vp8-simulcast3.pcap", 0xa5937e20, 118, 2, 640, 360},
    {"chromium-vp8-simulcast3.pcap", 0x5c8eb208, 179, 2, 320, 180},
    // Before a relay that loses and behind it: together there is everything.
    {"gstreamer-vp8-opus-loss3.pcap", 0xc5750326, 300, 8, 640, 360},
};

TEST(Vp8CaptureTest, EveryFrameOfCapturesOfBrowsersAndGStreamerComesOutAndDecodes) {
  const testing::TemporaryFolder folder;
  bool decoded_all = true;
  for (const Stream& stream : kStreams) {
    SCOPED_TRACE(std::string(stream.capture) + " " + std::to_string(stream.ssrc));
    const auto streams = testing::ReadCapture(stream.capture);
    if (streams.empty()) GTEST_SKIP() << "../shared/captures is absent";
    const auto found = streams.find({stream.ssrc, 96});
    ASSERT_NE(found, streams.end());
    const Counted counted = Depacketize(found->second);
    EXPECT_EQ(counted.frames.size(), stream.frames);
    EXPECT_EQ(counted.key_frames, stream.key_frames);
    EXPECT_EQ(counted.width, stream.width);
    EXPECT_EQ(counted.height, stream.height);
    EXPECT_EQ(counted.dropped, 0u);
    const auto decoded = testing::DecodeWithFfprobe(folder.Write("vp8.ivf", Ivf(counted)));
    decoded_all = decoded_all && decoded.ran;
    if (!decoded.ran) continue;
    EXPECT_EQ(decoded.errors, "");
    EXPECT_EQ(decoded.frames, static_cast<int>(stream.frames));
    EXPECT_EQ(decoded.key_frames, stream.key_frames);
  }
  if (!decoded_all) GTEST_SKIP() << "ffprobe is absent: counted, but not decoded";
}

// The same stream as it came out of the relay: 2 of 300 frames are lost for good.
TEST(Vp8CaptureTest, BehindALossyRelayTheFramesThatCameAreWhole) {
  std::vector<testing::CapturedPacket> packets;
  const bool there = testing::ForEachDatagram("gstreamer-vp8-opus-loss3.pcap", [&](const capture::Datagram& datagram) {
    const auto packet = rtp::PacketView::Parse(datagram.payload);
    if (datagram.destination.port != 5004 || !packet || packet->payload_type().value() != 96) return;
    const Bytes payload = packet->payload();
    packets.push_back({packet->sequence_number().value(),
                       packet->timestamp().value(),
                       packet->marker(),
                       {payload.begin(), payload.end()}});
  });
  if (!there) GTEST_SKIP() << "../shared/captures is absent";
  const Counted counted = Depacketize(packets);
  EXPECT_EQ(counted.frames.size(), 298u);
  EXPECT_EQ(counted.dropped, 0u);  // each was one packet
}

}  // namespace
}  // namespace mediacore::codec
