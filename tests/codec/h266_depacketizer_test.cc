#include "mediacore/codec/h266_depacketizer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "../support/h266_maker.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"

namespace mediacore::codec {
namespace {

using enum H266PayloadError;
using enum H266NalType;
using testing::AppendAvcc;
using testing::Dice;
using testing::H266Spec;
using testing::MakeH266Frame;
using testing::MakeH266PictureHeader;
using testing::MakeH266Pps;
using testing::MakeH266Slice;
using testing::MakeH266Sps;
using Block = std::vector<std::uint8_t>;

struct Packet {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
  Block payload;
};

Block Avcc(std::initializer_list<Block> nals) {
  Block out;
  for (const Block& nal : nals) AppendAvcc(out, nal);
  return out;
}
// `from` counts behind the header of two bytes.
Block Fragment(Bytes nal, std::size_t from, std::size_t size) {
  Block out = {
      nal[0], static_cast<std::uint8_t>(29 << 3 | (nal[1] & 7)),
      static_cast<std::uint8_t>((from == 0 ? 0x80 : 0) | (from + size + 2 == nal.size() ? 0x40 : 0) | nal[1] >> 3)};
  const Bytes piece = nal.subspan(2 + from, size);
  out.insert(out.end(), piece.begin(), piece.end());
  return out;
}
Block Aggregate(const std::vector<Block>& nals) {
  Block out = {0, 28 << 3 | 1};
  for (const Block& nal : nals) {
    out.push_back(static_cast<std::uint8_t>(nal.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(nal.size()));
    out.insert(out.end(), nal.begin(), nal.end());
  }
  return out;
}

// A sender as RFC 9328 allows one: small units in aggregates, large ones in fragments.
std::vector<Packet> Packetize(Bytes frame, std::uint32_t timestamp, std::size_t max_size) {
  std::vector<Packet> out;
  std::vector<Block> small;
  std::size_t small_size = 2;
  const auto flush = [&] {
    if (small.size() == 1) out.push_back({0, timestamp, false, small[0]});
    if (small.size() > 1) out.push_back({0, timestamp, false, Aggregate(small)});
    small.clear();
    small_size = 2;
  };
  for (const Bytes nal : NalUnits(frame)) {
    if (small_size + 2 + nal.size() > max_size) flush();
    if (4 + nal.size() <= max_size) {
      small.emplace_back(nal.begin(), nal.end());
      small_size += 2 + nal.size();
      continue;
    }
    if (nal.size() <= max_size) {
      out.push_back({0, timestamp, false, Block(nal.begin(), nal.end())});
      continue;
    }
    for (std::size_t at = 0; at < nal.size() - 2; at += max_size - 3) {
      out.push_back({0, timestamp, false, Fragment(nal, at, std::min(max_size - 3, nal.size() - 2 - at))});
    }
  }
  flush();
  out.back().marker = true;
  return out;
}

class H266DepacketizerTest : public ::testing::Test {
 protected:
  H266PayloadError Push(Bytes payload, std::uint32_t timestamp, bool marker = false, bool lost_before = false) {
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
  Block Slice(bool with_header = true, std::size_t size = 40, H266NalType type = kTrail, int tid = 0, int layer = 0,
              bool non_reference = false) {
    return MakeH266Slice(dice_, type, with_header, size, tid, layer, non_reference);
  }

  Dice dice_{7};
  std::array<std::uint8_t, 4096> storage_{};
  H266Depacketizer depacketizer_{storage_};
  std::vector<Block> frames_;
  EncodedFrame last_;
};

TEST(H266PayloadTest, EachHeaderOfTwoBytesHasItsVerdict) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const Block payload = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      const int type = second >> 3;
      H266PayloadError wanted = kNone;
      if (first > 127) {
        wanted = kForbiddenBit;
      } else if (second % 8 == 0) {
        wanted = kNoTemporalId;
      } else if (type == 28 || type == 29) {
        wanted = kTruncated;
      } else if (type > 29) {
        wanted = kReservedType;
      }
      ASSERT_EQ(CheckH266Payload(payload), wanted) << type;
    }
  }
}

TEST(H266PayloadTest, EachFragmentHeaderHasItsVerdict) {
  for (int i = 0; i < 256; ++i) {
    const Block payload = {0, 29 << 3 | 1, static_cast<std::uint8_t>(i)};
    const auto wanted = (i & 31) >= 28 ? kNested : i >> 6 == 3 ? kStartAndEnd : kNone;
    EXPECT_EQ(CheckH266Payload(payload), wanted) << i;
  }
}

TEST_F(H266DepacketizerTest, ASliceWithItsPictureHeaderAndTheMarkerIsAFrame) {
  const Block slice = Slice(true, 40, kTrail, 2, 0, true);
  EXPECT_EQ(Push(slice, 9000, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice}));
  EXPECT_EQ(last_.codec, Codec::kH266);
  EXPECT_EQ(last_.temporal_id, 2);
  EXPECT_FALSE(last_.key_frame);
  EXPECT_TRUE(last_.discardable);
  Push(Slice(), 9001, true);
  EXPECT_FALSE(last_.discardable);
}

TEST_F(H266DepacketizerTest, AnAggregateWithParameterSetsAndAnIdrInFragmentsIsAKeyFrame) {
  const Block sps = MakeH266Sps({}), pps = MakeH266Pps(0, {}), header = MakeH266PictureHeader(true);
  const Block idr = Slice(false, 302, kIdrWRadl);
  EXPECT_EQ(Push(Aggregate({sps, pps, header}), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 0, 100), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 100, 100), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 200, 100), 1, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({sps, pps, header, idr}));
  EXPECT_TRUE(last_.key_frame);
  EXPECT_EQ(last_.width, 640);
  EXPECT_EQ(last_.height, 360);
}

TEST_F(H266DepacketizerTest, TheSizeIsThatOfThePictureNotOfTheLargest) {
  H266Spec spec;
  spec.resampling = true;
  EXPECT_TRUE(depacketizer_.AddParameterSet(MakeH266Sps(spec)));
  spec.width = 320;
  spec.height = 184;
  EXPECT_TRUE(depacketizer_.AddParameterSet(MakeH266Pps(5, spec)));
  EXPECT_FALSE(depacketizer_.AddParameterSet(Block{0, 0x71, 0}));
  Push(MakeH266PictureHeader(true, false, 5), 1);
  Push(Slice(false, 40, kCra), 1, true);
  EXPECT_EQ(last_.width, 320);
  EXPECT_EQ(last_.height, 184);
  Push(MakeH266PictureHeader(true, false, 6), 2);  // nobody knows this one
  Push(Slice(false, 40, kCra), 2, true);
  EXPECT_TRUE(last_.key_frame);
  EXPECT_EQ(last_.width, 0);
}

TEST_F(H266DepacketizerTest, LayersAreToldAndTheKeyFrameIsThatOfTheLowest) {
  Push(Slice(true, 40, kIdrNLp, 0, 1), 1);
  Push(Slice(true, 40, kTrail, 0, 4), 1, true);
  EXPECT_EQ(last_.spatial_id, 4);
  EXPECT_TRUE(last_.key_frame);
  Push(Slice(true, 40, kIdrNLp, 0, 4), 2, true, true);  // the lowest layer may be lost
  EXPECT_EQ(frames_.size(), 1u);
}

TEST_F(H266DepacketizerTest, AfterALossAFrameIsTakenByItsHead) {
  struct Case {
    Block payload;
    bool taken;
  };
  const Block slice = Slice(), header = MakeH266PictureHeader(false);
  const Block first = Slice(true, 202), late = Slice(false, 202);
  std::uint32_t timestamp = 10;
  for (const Case& c :
       {Case{slice, true}, Case{late, false}, Case{header, true}, Case{{0, 20 << 3 | 1, 0x28}, true},
        Case{{0, 23 << 3 | 1, 5, 1, 0, 0x80}, true}, Case{{0, 24 << 3 | 1, 5, 1, 0, 0x80}, false},
        Case{{0, 12 << 3 | 1, 0}, true}, Case{{0, 13 << 3 | 1, 0}, true}, Case{{0, 14 << 3 | 1, 0}, true},
        Case{MakeH266Sps({}), true}, Case{MakeH266Pps(0, {}), true}, Case{{0, 17 << 3 | 1, 0}, true},
        Case{{0, 18 << 3 | 1, 0}, false}, Case{{0, 21 << 3 | 1}, false}, Case{{0, 25 << 3 | 1, 0xff, 0x80}, false},
        Case{Aggregate({header}), true}, Case{Aggregate({late, header}), false},
        Case{Fragment(first, 100, 100), false}}) {
    timestamp += 10;
    const std::size_t before = frames_.size();
    Push(c.payload, timestamp, false, true);
    Push(slice, timestamp, true);
    EXPECT_EQ(frames_.size() - before, c.taken ? 1u : 0u) << timestamp;
  }
  Push(Fragment(first, 0, 100), 600, false, true);
  Push(Fragment(first, 100, 100), 600, true);
  EXPECT_EQ(last_.rtp_timestamp, RtpTimestamp(600));
}

// An APS may stand between the slices of a picture: it does not prove a head.
TEST_F(H266DepacketizerTest, AFrameWithoutAnyPictureHeaderIsNotWhole) {
  Push(Block{0, 17 << 3 | 1, 0}, 1, false, true);
  Push(Slice(false), 1, true);
  EXPECT_TRUE(frames_.empty());
  Push(Slice(false), 2);
  Push(MakeH266PictureHeader(false), 2, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 2u);
}

TEST_F(H266DepacketizerTest, AKeyFrameWhoseParameterSetsWereLostIsDropped) {
  const Block idr = Slice(true, 40, kCra);
  Push(idr, 1, true);  // never had any: they come from the session description
  EXPECT_EQ(frames_.size(), 1u);
  Push(MakeH266Sps({}), 2);
  Push(idr, 2, true);
  EXPECT_EQ(frames_.size(), 2u);
  Push(idr, 3, true, true);  // this stream's key frames have them
  EXPECT_EQ(frames_.size(), 2u);
}

TEST_F(H266DepacketizerTest, EachLieHasItsErrorAndCostsItsFrame) {
  const Block slice = Slice(true, 202), other = Slice(true, 202, kIdrNLp);
  std::uint32_t timestamp = 0;
  const auto costs = [&](std::initializer_list<Block> payloads) {
    ++timestamp;
    H266PayloadError error = kNone;
    Push(slice, timestamp);
    for (const Block& payload : payloads) {
      const auto now = Push(payload, timestamp);
      if (error == kNone) error = now;
    }
    Push(slice, timestamp, true);
    EXPECT_EQ(frames_.size(), 0u);
    return error;
  };
  EXPECT_EQ(costs({{0}}), kTruncated);
  EXPECT_EQ(costs({{0x80, 1, 2}}), kForbiddenBit);
  EXPECT_EQ(costs({{0, 8, 2}}), kNoTemporalId);
  EXPECT_EQ(costs({{0, 0xf1, 2}}), kReservedType);
  EXPECT_EQ(costs({{0, 0xe1}}), kTruncated);
  EXPECT_EQ(costs({{0, 0xe1, 0, 9, 0, 1}}), kBadAggregate);
  EXPECT_EQ(costs({{0, 0xe1, 0, 2, 0x80, 1}}), kForbiddenBit);
  EXPECT_EQ(costs({{0, 0xe1, 0, 2, 0, 0}}), kNoTemporalId);
  EXPECT_EQ(costs({{0, 0xe1, 0, 2, 0, 0xe9}}), kNested);
  EXPECT_EQ(costs({{0, 0xe9, 0x1c}}), kNested);
  EXPECT_EQ(costs({{0, 0xe9, 0xc1}}), kStartAndEnd);
  EXPECT_EQ(costs({Fragment(slice, 50, 50)}), kNoStart);
  EXPECT_EQ(costs({Fragment(slice, 0, 50), Fragment(other, 50, 50)}), kBadContinuation);
  EXPECT_EQ(costs({Fragment(slice, 0, 50), slice}), kUnfinished);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
  EXPECT_EQ(ToString(kUnfinished), "h266 payload: fragments without end");
  H266Depacketizer unordered(storage_, 1);
  EXPECT_EQ(unordered.HandlePacket({RtpTimestamp(1), true, false, slice}), kDecodingOrder);
}

TEST_F(H266DepacketizerTest, DelimitersFillerAndReservedUnitsAreLeftOut) {
  const Block slice = Slice();
  Block filler(52, 0xff);
  filler[0] = 0;
  filler[1] = 25 << 3 | 1;
  Push(Block{0, 20 << 3 | 1, 0x28}, 1);
  Push(filler, 1);
  Push(Fragment(filler, 0, 25), 1);
  Push(Fragment(filler, 25, 25), 1);
  Push(Block{0x40, 1, 7, 7}, 1);  // nuh_reserved_zero_bit
  Push(slice, 1, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice}));
}

TEST_F(H266DepacketizerTest, AtTheEndOnlyAFrameKnownToBeWholeIsGivenOut) {
  Push(Slice(), 1);
  depacketizer_.Flush();
  Push(MakeH266Sps({}), 2, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().without_picture, 1u);
  Push(Slice(), 3);
  Push(Block{0, 21 << 3 | 1}, 3);
  depacketizer_.Flush();
  Collect();
  EXPECT_EQ(frames_.size(), 1u);
}

TEST(H266RoundTripTest, WhatIsSentComesBackAtEveryPacketSizeWithoutHeap) {
  Dice dice(11);
  Block storage(1 << 17);
  H266Depacketizer depacketizer(storage);
  const std::uint32_t rounds = testing::Rounds(10'000);
  std::size_t heap = 0;
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const bool key = i % 50 == 0;
    const Block frame = MakeH266Frame(dice, key);
    EncodedFrame out;
    for (const Packet& packet : Packetize(frame, i * 3000, 100 + dice.Below(8901))) {
      const testing::HeapWatch watch;
      ASSERT_EQ(depacketizer.HandlePacket({RtpTimestamp(packet.timestamp), packet.marker, false, packet.payload}),
                kNone);
      ASSERT_EQ(depacketizer.PollFrame(out), packet.marker);
      heap += watch.allocations();
    }
    ASSERT_TRUE(std::ranges::equal(out.data, frame));
    ASSERT_EQ(out.key_frame, key);
    ASSERT_EQ(out.width, key ? 640 : 0);
  }
  EXPECT_EQ(heap, 0u);
  EXPECT_EQ(depacketizer.counters().frames, rounds);
}

std::vector<Block> SlicesOf(Bytes frame) {
  std::vector<Block> out;
  for (const Bytes nal : NalUnits(frame)) {
    H266NalHeader header;
    if (H266NalHeader::Read(nal, header) && IsSlice(header.type)) out.emplace_back(nal.begin(), nal.end());
  }
  return out;
}

// Every slice of a frame given out is there, and only those of one frame.
TEST(H266PropertyTest, LossNeverMakesAFrameOfPieces) {
  for (const bool markers : {true, false}) {
    Dice dice(markers ? 21 : 22);
    std::map<std::uint32_t, int> given;
    std::map<std::uint32_t, Block> sent;
    Block storage(1 << 16);
    H266Depacketizer depacketizer(storage);
    const auto collect = [&] {
      EncodedFrame out;
      while (depacketizer.PollFrame(out)) {
        const std::uint32_t timestamp = out.rtp_timestamp.value();
        ASSERT_EQ(++given[timestamp], 1);
        ASSERT_TRUE(sent.contains(timestamp));
        ASSERT_EQ(SlicesOf(out.data), SlicesOf(sent[timestamp]));
      }
    };
    bool lost = false;
    for (std::uint32_t i = 0; i < 6000; ++i) {
      const std::uint32_t timestamp = 0xfffff000u + i * 3000;
      sent[timestamp] = MakeH266Frame(dice, i % 40 == 0, 1500);
      for (const Packet& packet : Packetize(sent[timestamp], timestamp, 100 + dice.Below(1100))) {
        if (dice.Chance(4)) {
          lost = true;
          continue;
        }
        (void)depacketizer.HandlePacket({RtpTimestamp(timestamp), packet.marker && markers, lost, packet.payload});
        lost = false;
        collect();
      }
    }
    depacketizer.Flush();
    collect();
    EXPECT_GT(given.size(), 3500u);
    EXPECT_LT(given.size(), 6000u);
    EXPECT_EQ(depacketizer.counters().frames, given.size());
  }
}

}  // namespace
}  // namespace mediacore::codec
