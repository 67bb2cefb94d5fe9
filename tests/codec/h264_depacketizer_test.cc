#include "mediacore/codec/h264_depacketizer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"
#include "mediacore/codec/h264_packetizer.h"

namespace mediacore::codec {
namespace {

using enum H264PayloadError;
using testing::AppendAvcc;
using testing::Dice;
using testing::MakeFrame;
using testing::MakePps;
using testing::MakeSlice;
using testing::MakeSps;
using Block = std::vector<std::uint8_t>;

struct Packet {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
  Block payload;
};

std::vector<Packet> Packetize(Bytes frame, std::uint32_t timestamp,
                              std::size_t max_size, int mode = 1) {
  H264Packetizer packetizer({max_size, mode});
  EXPECT_EQ(packetizer.SetFrame(frame), H264PacketizeError::kNone);
  std::vector<Packet> out;
  H264Packet packet;
  while (packetizer.Next(packet)) {
    Block payload(packet.size);
    EXPECT_TRUE(packet.Write(payload));
    out.push_back({0, timestamp, packet.marker, payload});
  }
  return out;
}

class H264DepacketizerTest : public ::testing::Test {
 protected:
  H264PayloadError Push(Bytes payload, std::uint32_t timestamp,
                        bool marker = false, bool lost_before = false) {
    const auto error = depacketizer_.HandlePacket(
        {RtpTimestamp(timestamp), marker, lost_before, payload});
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
  Block Slice(std::uint32_t first_mb = 0, std::size_t size = 40,
              std::uint8_t header = 0x41) {
    return MakeSlice(dice_, header, first_mb, size);
  }
  static Block Avcc(std::initializer_list<Block> nals) {
    Block out;
    for (const Block& nal : nals) AppendAvcc(out, nal);
    return out;
  }
  static Block Fragment(const Block& nal, std::size_t from, std::size_t size) {
    Block out = {static_cast<std::uint8_t>((nal[0] & 0xe0) | 28),
                 static_cast<std::uint8_t>((from == 1 ? 0x80 : 0) |
                                           (from + size == nal.size() ? 0x40 : 0) |
                                           (nal[0] & 0x1f))};
    out.insert(out.end(), nal.begin() + static_cast<std::ptrdiff_t>(from),
               nal.begin() + static_cast<std::ptrdiff_t>(from + size));
    return out;
  }

  Dice dice_{7};
  std::array<std::uint8_t, 4096> storage_{};
  H264Depacketizer depacketizer_{storage_};
  std::vector<Block> frames_;
  EncodedFrame last_;
};

TEST_F(H264DepacketizerTest, ASingleUnitWithTheMarkerIsAFrame) {
  const Block slice = Slice(0, 40, 0x01);
  EXPECT_EQ(Push(slice, 9000, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice}));
  EXPECT_EQ(last_.codec, Codec::kH264);
  EXPECT_EQ(last_.rtp_timestamp, RtpTimestamp(9000));
  EXPECT_FALSE(last_.key_frame);
  EXPECT_TRUE(last_.discardable);
}

TEST_F(H264DepacketizerTest, AStapAWithParameterSetsAndAnIdrInFragmentsIsAKeyFrame) {
  const Block sps = MakeSps({});
  const Block pps = MakePps(0, 0);
  Block stap = {0x78, 0, static_cast<std::uint8_t>(sps.size())};
  stap.insert(stap.end(), sps.begin(), sps.end());
  stap.insert(stap.end(), {0, static_cast<std::uint8_t>(pps.size())});
  stap.insert(stap.end(), pps.begin(), pps.end());
  const Block idr = Slice(0, 300, 0x65);
  EXPECT_EQ(Push(stap, 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 1, 100), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 101, 100), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 201, 99), 1, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({sps, pps, idr}));
  EXPECT_TRUE(last_.key_frame);
  EXPECT_FALSE(last_.discardable);
  EXPECT_EQ(last_.width, Sps::Parse(sps)->width);
  EXPECT_EQ(last_.height, Sps::Parse(sps)->height);
  EXPECT_TRUE(depacketizer_.parameter_sets().complete());
  EXPECT_EQ(depacketizer_.counters().key_frames, 1u);
}

TEST_F(H264DepacketizerTest, PrefixUnitsTellTheLayersOfAFrame) {
  const Block prefix = {0x6e, 0xc0, 0x10, 0x47};  // dependency_id 1, temporal_id 2
  Push(prefix, 1);
  Push(Slice(), 1, true);
  EXPECT_EQ(last_.temporal_id, 2);
  EXPECT_EQ(last_.spatial_id, 1);
  Push(Slice(), 2, true);
  EXPECT_EQ(last_.temporal_id, 0);
  Push(prefix, 3, false, true);  // the slices before this one are lost
  Push(Slice(200), 3, true);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  Push(prefix, 4);  // but not before this one
  Push(Slice(200), 4, true);
  EXPECT_EQ(depacketizer_.counters().frames, 3u);
  SvcLayers layers;
  EXPECT_FALSE(ReadSvcLayers(Block{0x6e, 0x40, 0x10, 0x47}, layers));  // of multiview coding
  EXPECT_FALSE(ReadSvcLayers(Block{0x6e, 0xc0, 0x10}, layers));
  EXPECT_FALSE(ReadSvcLayers(Block{0x61, 0xc0, 0x10, 0x47}, layers));
}

TEST_F(H264DepacketizerTest, WithoutMarkersAFrameEndsWhereTheTimestampChanges) {
  const Block a = Slice();
  const Block b = Slice(200);
  const Block c = Slice();
  Push(a, 1);
  Push(b, 1);
  EXPECT_TRUE(frames_.empty());
  Push(c, 2, true);  // ends both
  ASSERT_EQ(frames_.size(), 2u);
  EXPECT_EQ(frames_[0], Avcc({a, b}));
  EXPECT_EQ(frames_[1], Avcc({c}));
}

TEST_F(H264DepacketizerTest, AFrameThatBeganBehindAnotherGoesOnAfterIt) {
  const Block a = Slice(0, 500);
  const Block b = Slice(0, 700);
  Push(a, 1);
  Push(Fragment(b, 1, 300), 2);
  EXPECT_EQ(frames_.size(), 1u);
  Push(Fragment(b, 301, 399), 2, true);
  ASSERT_EQ(frames_.size(), 2u);
  EXPECT_EQ(frames_[1], Avcc({b}));
}

TEST_F(H264DepacketizerTest, ALossInsideAFrameDropsItOnceAndTheNextOneComes) {
  Push(Slice(), 1);
  Push(Slice(200), 1, false, true);
  Push(Slice(400), 1, false, true);
  Push(Slice(600), 1, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  Push(Slice(300), 2, true);  // no loss before: its first packet, whatever it says
  EXPECT_EQ(frames_.size(), 1u);
}

TEST_F(H264DepacketizerTest, ALossBetweenFramesCostsTheOneWithoutMarker) {
  Push(Slice(), 1);
  Push(Slice(), 2, true, true);
  EXPECT_EQ(frames_.size(), 1u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  Push(Slice(), 3, true, true);  // the one before had its marker
  EXPECT_EQ(frames_.size(), 2u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
}

TEST_F(H264DepacketizerTest, AfterALossAFrameIsTakenByItsHead) {
  const Block slice = Slice();
  struct Case {
    Block payload;
    bool taken;
  };
  const Block late = Slice(99, 200);
  const Block first = Slice(0, 200);
  std::uint32_t timestamp = 10;
  for (const Case& c : {Case{slice, true}, Case{late, false},
                        Case{{0x09, 0xf0}, true}, Case{{0x06, 5, 1, 0, 0x80}, true},
                        Case{MakeSps({}), true}, Case{MakePps(0, 0), true},
                        Case{{0x0c, 0xff, 0x80}, false},
                        Case{{0x78, 0, 2, 0x09, 0xf0}, true},
                        Case{Fragment(first, 150, 50), false}}) {
    timestamp += 10;
    const std::size_t before = frames_.size();
    Push(c.payload, timestamp, false, true);
    Push(slice, timestamp, true);
    EXPECT_EQ(frames_.size() - before, c.taken ? 1u : 0u) << timestamp;
  }
  Push(Fragment(late, 1, 100), 500, false, true);
  Push(Fragment(late, 101, 99), 500, true);
  Push(Fragment(first, 1, 100), 600, false, true);
  Push(Fragment(first, 101, 99), 600, true);
  EXPECT_EQ(last_.rtp_timestamp, RtpTimestamp(600));
}

TEST_F(H264DepacketizerTest, AStreamJoinedInTheMiddleOfAFrameBeginsWithTheNext) {
  Push(Slice(99), 1);
  Push(Slice(199), 1, true);
  EXPECT_TRUE(frames_.empty());
  Push(Slice(99), 2, true);
  EXPECT_EQ(frames_.size(), 1u);
}

TEST_F(H264DepacketizerTest, AKeyFrameWhoseParameterSetsWereLostIsDropped) {
  const Block sps = MakeSps({});
  const Block idr = Slice(0, 40, 0x65);
  Push(idr, 1, true);  // never had any: they come from the session description
  EXPECT_EQ(frames_.size(), 1u);
  Push(sps, 2);
  Push(idr, 2, true);
  EXPECT_EQ(frames_.size(), 2u);
  Push(idr, 3, true, true);  // this stream's key frames have them
  EXPECT_EQ(frames_.size(), 2u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
}

TEST_F(H264DepacketizerTest, PacketsThatNeedInterleavingAreRefusedByName) {
  EXPECT_EQ(Push(Block{25, 0, 0, 0, 2, 0x41, 1}, 1), kStapB);
  EXPECT_EQ(Push(Block{26, 0, 0}, 1), kMtap16);
  EXPECT_EQ(Push(Block{27, 0, 0}, 1), kMtap24);
  EXPECT_EQ(Push(Block{29, 0x81, 0, 0, 1}, 1), kFuB);
  EXPECT_EQ(ToString(kMtap24), "h264 payload: MTAP24 is not supported");
  EXPECT_EQ(depacketizer_.counters().errors[static_cast<std::size_t>(kStapB)], 1u);
}

TEST_F(H264DepacketizerTest, EachLieHasItsErrorAndCostsItsFrame) {
  const Block slice = Slice(0, 200);
  const Block other = Slice(0, 200, 0x65);
  std::uint32_t timestamp = 0;
  const auto costs = [&](std::initializer_list<Block> payloads) {
    ++timestamp;
    H264PayloadError error = kNone;
    Push(slice, timestamp);
    for (const Block& payload : payloads) {
      const auto now = Push(payload, timestamp);
      if (error == kNone) error = now;
    }
    Push(slice, timestamp, true);
    EXPECT_EQ(frames_.size(), 0u);
    return error;
  };
  EXPECT_EQ(costs({{0xc1, 1, 2}}), kForbiddenBit);
  EXPECT_EQ(costs({{0x78, 0, 1, 0xc1}}), kForbiddenBit);
  EXPECT_EQ(costs({{0x60, 1, 2}}), kReservedType);
  EXPECT_EQ(costs({{0x7e, 1, 2}}), kReservedType);
  EXPECT_EQ(costs({{0x78, 0, 1}}), kTruncated);
  EXPECT_EQ(costs({{0x7c}}), kTruncated);
  EXPECT_EQ(costs({{0x78, 0, 9, 0x41, 1}}), kBadAggregate);
  EXPECT_EQ(costs({{0x78, 0, 0, 0x41, 1}}), kBadAggregate);
  EXPECT_EQ(costs({{0x78, 0, 1, 0x41, 1}}), kBadAggregate);
  EXPECT_EQ(costs({{0x78, 0, 1, 0x7c}}), kNested);
  EXPECT_EQ(costs({{0x7c, 0x9c, 1}}), kNested);
  EXPECT_EQ(costs({{0x7c, 0xc1, 1}}), kStartAndEnd);
  EXPECT_EQ(costs({Fragment(slice, 50, 50)}), kNoStart);
  EXPECT_EQ(costs({Fragment(slice, 1, 50), Fragment(other, 51, 50)}), kBadContinuation);
  EXPECT_EQ(costs({Fragment(slice, 1, 50), Fragment(slice, 1, 50)}), kUnfinished);
  EXPECT_EQ(costs({Fragment(slice, 1, 50), slice}), kUnfinished);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
  ++timestamp;
  Push(Fragment(slice, 1, 50), timestamp, true);  // ends without its end
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
}

TEST_F(H264DepacketizerTest, AFrameLargerThanItsStorageIsDroppedOnce) {
  for (int i = 0; i < 60; ++i) Push(Slice(0, 100), 1);
  Push(Slice(), 1, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_too_large, 1u);
  const Block exact = Slice(0, storage_.size() - 4);
  Push(exact, 2, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0].size(), storage_.size());
  Push(Slice(0, storage_.size() - 3), 3, true);
  EXPECT_EQ(frames_.size(), 1u);
  Block endless = Fragment(exact, 1, 1000);
  Push(endless, 4);
  for (int i = 0; i < 100; ++i) Push(Fragment(exact, 2, 1000), 4);
  EXPECT_EQ(depacketizer_.counters().dropped_too_large, 3u);
}

TEST_F(H264DepacketizerTest, DelimitersAndFillerAreLeftOutInFragmentsToo) {
  const Block slice = Slice();
  Block filler(50, 0xff);
  filler[0] = 0x0c;
  Push(Block{0x09, 0xf0}, 1);
  Push(filler, 1);
  Push(Fragment(filler, 1, 25), 1);
  Push(Fragment(filler, 26, 24), 1);
  Push(slice, 1, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice}));
}

TEST_F(H264DepacketizerTest, ParameterSetsAloneAreKeptAndAreNoFrame) {
  Push(MakeSps({}), 1);
  Push(MakePps(0, 0), 1, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_TRUE(depacketizer_.parameter_sets().complete());
  EXPECT_EQ(depacketizer_.counters().without_picture, 1u);
}

TEST_F(H264DepacketizerTest, ParameterSetsOfTheSessionDescriptionGiveWayToNewerOnes) {
  EXPECT_TRUE(depacketizer_.AddParameterSet(MakeSps({})));
  EXPECT_TRUE(depacketizer_.AddParameterSet(MakePps(0, 0)));
  EXPECT_FALSE(depacketizer_.AddParameterSet(Block{0x65, 0x88}));
  EXPECT_FALSE(depacketizer_.AddParameterSet({}));
  testing::SpsSpec wide;
  wide.width_mbs = 80;
  Push(MakeSps(wide), 1);
  Push(Slice(0, 40, 0x65), 1, true);
  EXPECT_EQ(Sps::Parse(depacketizer_.parameter_sets().sps())->width, 1280);
}

TEST_F(H264DepacketizerTest, PaddingBetweenPacketsChangesNothing) {
  const Block slice = Slice(0, 200);
  Push({}, 1);
  Push(Fragment(slice, 1, 100), 5);
  Push({}, 4);
  Push({}, 5);
  Push(Fragment(slice, 101, 99), 5, true);
  Push({}, 5, true);
  EXPECT_EQ(frames_.size(), 1u);
  Push(slice, 6);
  Push({}, 6, true);  // the marker alone still ends the frame
  EXPECT_EQ(frames_.size(), 2u);
  Push(slice, 7);
  Push({}, 7, true, true);  // but what was lost before it is missing
  EXPECT_EQ(frames_.size(), 2u);
  Push({}, 7);
  Push(Slice(99), 8, true);  // and this may lack its head
  EXPECT_EQ(frames_.size(), 2u);
}

TEST_F(H264DepacketizerTest, AtTheEndOnlyAFrameKnownToBeWholeIsGivenOut) {
  Push(Slice(), 1);
  depacketizer_.Flush();
  Collect();
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  const Block slice = Slice();
  const Block end = {0x0a};
  Push(slice, 2);
  Push(end, 2);
  depacketizer_.Flush();
  Collect();
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice, end}));
  depacketizer_.Flush();
  depacketizer_.Flush();
  EXPECT_EQ(depacketizer_.counters().frames, 1u);
}

TEST_F(H264DepacketizerTest, FramesNobodyAsksForAreCounted) {
  const Block slice = Slice();
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(depacketizer_.HandlePacket({RtpTimestamp(i), true, false, slice}), kNone);
  }
  EXPECT_EQ(depacketizer_.counters().not_polled, 2u);
}

TEST_F(H264DepacketizerTest, NoStorageHoldsNoFrame) {
  H264Depacketizer none({});
  const Block slice = Slice();
  EXPECT_EQ(none.HandlePacket({RtpTimestamp(1), true, false, slice}), kNone);
  EncodedFrame frame;
  EXPECT_FALSE(none.PollFrame(frame));
  EXPECT_EQ(none.counters().dropped_too_large, 1u);
}

TEST(H264RoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(11);
  Block storage(1 << 17);
  H264Depacketizer depacketizer(storage);
  Block payload(9000);
  const std::uint32_t rounds = testing::Rounds(20'000);
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const bool key = i % 50 == 0;
    const Block frame = MakeFrame(dice, key);
    const std::size_t max_size = 100 + dice.Below(8901);
    H264Packetizer packetizer({max_size, 1});
    ASSERT_EQ(packetizer.SetFrame(frame), H264PacketizeError::kNone);
    H264Packet packet;
    EncodedFrame out;
    bool marker = false;
    while (packetizer.Next(packet)) {
      ASSERT_FALSE(marker);
      marker = packet.marker;
      ASSERT_LE(packet.size, max_size);
      const MutableBytes room = MutableBytes(payload).first(packet.size);
      ASSERT_TRUE(packet.Write(room));
      ASSERT_EQ(depacketizer.HandlePacket({RtpTimestamp(i * 3000), marker, false, room}),
                kNone);
      ASSERT_EQ(depacketizer.PollFrame(out), marker);
    }
    ASSERT_TRUE(marker);
    ASSERT_TRUE(std::ranges::equal(out.data, frame));
    ASSERT_EQ(out.key_frame, key);
  }
  EXPECT_EQ(depacketizer.counters().frames, rounds);
  EXPECT_EQ(depacketizer.counters().dropped_incomplete, 0u);
}

TEST(H264RoundTripTest, NoHeapIsUsedPerPacket) {
  Dice dice(5);
  const Block frame = MakeFrame(dice, true);
  Block storage(1 << 16);
  Block payload(1200);
  H264Depacketizer depacketizer(storage);
  H264Packetizer packetizer({1200, 1});
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(packetizer.SetFrame(frame), H264PacketizeError::kNone);
    H264Packet packet;
    EncodedFrame out;
    while (packetizer.Next(packet)) {
      EXPECT_TRUE(packet.Write(payload));
      (void)depacketizer.HandlePacket(
          {RtpTimestamp(i), packet.marker, false, Bytes(payload).first(packet.size)});
      (void)depacketizer.PollFrame(out);
    }
  }
  EXPECT_EQ(watch.allocations(), 0u);
}

// Every slice of a frame given out is there, and only those of one frame.
TEST(H264PropertyTest, LossReorderingAndDuplicationNeverMakeAFrameOfPieces) {
  for (const bool markers : {true, false}) {
    Dice dice(markers ? 21 : 22);
    std::map<std::uint32_t, Block> sent;
    std::vector<Packet> wire;
    std::uint16_t sequence = 65000;
    for (std::uint32_t i = 0; i < 6000; ++i) {
      const std::uint32_t timestamp = 0xfffff000u + i * 3000;
      Block frame = MakeFrame(dice, i % 40 == 0, 1500);
      for (Packet& packet : Packetize(frame, timestamp, 100 + dice.Below(1100))) {
        packet.sequence = sequence++;
        packet.marker = packet.marker && markers;
        if (dice.Chance(2)) wire.push_back(packet);  // twice
        if (!dice.Chance(3)) wire.push_back(packet);
      }
      sent.emplace(timestamp, std::move(frame));
    }
    for (std::size_t i = 8; i < wire.size(); ++i) {
      if (dice.Chance(10)) std::swap(wire[i], wire[i - dice.Below(8)]);
    }
    Block storage(1 << 16);
    H264Depacketizer depacketizer(storage);
    std::map<std::uint32_t, int> given;
    const auto collect = [&] {
      EncodedFrame out;
      while (depacketizer.PollFrame(out)) {
        const std::uint32_t timestamp = out.rtp_timestamp.value();
        ASSERT_EQ(++given[timestamp], 1);
        ASSERT_TRUE(sent.contains(timestamp));
        std::vector<Block> wanted;
        for (const Bytes nal : NalUnits(sent[timestamp])) {
          if (IsSlice(NalTypeOf(nal[0]))) wanted.emplace_back(nal.begin(), nal.end());
        }
        std::vector<Block> got;
        for (const Bytes nal : NalUnits(out.data)) {
          if (IsSlice(NalTypeOf(nal[0]))) got.emplace_back(nal.begin(), nal.end());
        }
        ASSERT_EQ(got, wanted);
        if (!out.key_frame) continue;
        ASSERT_TRUE(std::ranges::equal(out.data, sent[timestamp]));
      }
    };
    // Back in order within a window of 16 packets; what is late is lost.
    std::map<std::int64_t, Packet> window;
    Unwrapper<SequenceNumber> unwrapper;
    std::int64_t next = 0;
    bool started = false;
    const auto deliver = [&](std::int64_t number, const Packet& packet) {
      (void)depacketizer.HandlePacket({RtpTimestamp(packet.timestamp), packet.marker,
                                       started && number != next, packet.payload});
      started = true;
      next = number + 1;
      collect();
    };
    for (const Packet& packet : wire) {
      const std::int64_t number = unwrapper.Unwrap(SequenceNumber(packet.sequence));
      if (started && number < next) continue;
      window.emplace(number, packet);
      while (window.size() > 16) {
        deliver(window.begin()->first, window.begin()->second);
        window.erase(window.begin());
      }
    }
    for (const auto& [number, packet] : window) deliver(number, packet);
    depacketizer.Flush();
    collect();
    EXPECT_GT(given.size(), 3500u);
    EXPECT_LT(given.size(), 6000u);
    EXPECT_GT(depacketizer.counters().dropped_incomplete, 100u);
    EXPECT_EQ(depacketizer.counters().frames, given.size());
  }
}

TEST(H264PacketizerTest, WhatCannotBeSentIsRefusedByName) {
  H264Packetizer zero({100, 0});
  H264Packetizer one({100, 1});
  Dice dice(1);
  Block large;
  AppendAvcc(large, MakeSlice(dice, 0x41, 0, 101));
  EXPECT_EQ(zero.SetFrame(large), H264PacketizeError::kTooLarge);
  EXPECT_EQ(one.SetFrame(large), H264PacketizeError::kNone);
  EXPECT_EQ(one.SetFrame({}), H264PacketizeError::kBadLength);
  EXPECT_EQ(one.SetFrame(Block{0, 0, 0, 0}), H264PacketizeError::kBadLength);
  EXPECT_EQ(one.SetFrame(Block{0, 0, 0, 2, 0x41}), H264PacketizeError::kBadLength);
  EXPECT_EQ(one.SetFrame(Block{0, 0, 0, 1, 0x60}), H264PacketizeError::kBadNal);
  EXPECT_EQ(one.SetFrame(Block{0, 0, 0, 1, 0x78}), H264PacketizeError::kBadNal);
  EXPECT_EQ(one.SetFrame(Block{0, 0, 0, 1, 0xc1}), H264PacketizeError::kBadNal);
  H264Packet packet;
  EXPECT_FALSE(one.Next(packet));
}

TEST(H264PacketizerTest, ModeZeroSendsEachUnitAlone) {
  Dice dice(1);
  Block frame;
  for (std::uint32_t i = 0; i < 3; ++i) AppendAvcc(frame, MakeSlice(dice, 0x41, i, 20));
  frame.insert(frame.end(), 4, 0);  // an empty unit
  EXPECT_EQ(Packetize(frame, 1, 100, 0).size(), 3u);
  const auto one = Packetize(frame, 1, 100, 1);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].payload[0], 0x40 | 24);  // STAP-A, the highest nal_ref_idc
  EXPECT_TRUE(one[0].marker);
  EXPECT_EQ(one[0].payload.size(), 1u + 3 * 22);
}

TEST(H264PacketizerTest, NoRoomWritesNothingPastTheEnd) {
  Dice dice(1);
  const Block frame = MakeFrame(dice, true);
  H264Packetizer packetizer({500, 1});
  ASSERT_EQ(packetizer.SetFrame(frame), H264PacketizeError::kNone);
  H264Packet packet;
  while (packetizer.Next(packet)) {
    Block room(packet.size - 1);
    EXPECT_FALSE(packet.Write(room));
  }
}

}  // namespace
}  // namespace mediacore::codec
