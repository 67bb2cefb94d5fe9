#include "mediacore/codec/av1_depacketizer.h"

#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "../support/av1_maker.h"
#include "../support/capture_streams.h"
#include "../support/ffprobe.h"
#include "../support/frame_collector.h"
#include "../support/heap_watch.h"
#include "../support/rounds.h"
#include "../support/vpx_maker.h"
#include "mediacore/codec/av1_packetizer.h"
#include "mediacore/codec/av1c.h"

namespace mediacore::codec {
namespace {

using enum Av1PayloadError;
using testing::Append;
using testing::Av1FrameSpec;
using testing::Av1Layer;
using testing::Av1SequencePayload;
using testing::Av1Unit;
using testing::Dice;
using testing::MakeAv1Frame;
using testing::MakeAv1Sequence;
using testing::MakeAv1Unit;
using testing::MakeObu;
using testing::SentPacket;
using Block = std::vector<std::uint8_t>;

// One packet: the sequence header of an encoder (352x288) and the front of a key frame.
constexpr std::array<std::uint8_t, 17> kKey = {0x28, 0x0c, 0x08, 0x00, 0x00, 0x00, 0x04, 0x45, 0x7e,
                                               0x3e, 0x6d, 0x7c, 0x80, 0x20, 0x30, 0x14, 0x00};

constexpr bool IsConstantExpression() {
  std::array<std::uint8_t, 32> storage{};
  Av1Depacketizer depacketizer(storage);
  EncodedFrame frame;
  return depacketizer.HandlePacket({RtpTimestamp(1), true, false, kKey}) == kNone && depacketizer.PollFrame(frame) &&
         frame.codec == Codec::kAv1 && frame.key_frame && frame.width == 352 && frame.height == 288 &&
         frame.data.size() == 17 && frame.data[0] == 0x0a && frame.data[1] == 0x0b && frame.data[13] == 0x32 &&
         frame.data[14] == 2 && depacketizer.sequence_header()->width() == 352;
}
static_assert(IsConstantExpression());

class Av1DepacketizerTest : public ::testing::Test {
 protected:
  Av1DepacketizerTest() : collector_(70000) {}

  Av1PayloadError Push(const Block& payload, std::uint32_t timestamp, bool marker = false, bool lost_before = false) {
    return collector_.Push(payload, timestamp, marker, lost_before);
  }
  // A payload whose elements are these; the flags are Z, Y and N of the header.
  static Block Payload(std::initializer_list<Block> elements, unsigned flags = 0) {
    const std::vector<Bytes> views(elements.begin(), elements.end());
    const Av1AggregationWriter writer{(flags & 0x80) != 0, (flags & 0x40) != 0, (flags & 8) != 0, views};
    Block out(writer.WireSize());
    EXPECT_TRUE(writer.Write(out));
    return out;
  }
  // As it goes through RTP, and as it is in a frame.
  Block Frame(const Av1FrameSpec& spec = {}, std::size_t size = 60, Av1Layer layer = {}) {
    frame_ = MakeAv1Frame(dice_, spec, size);
    return MakeObu(Av1ObuType::kFrame, frame_, layer, false);
  }
  static Block Sequence(bool has_size = false) {
    return MakeObu(Av1ObuType::kSequenceHeader, Av1SequencePayload(MakeAv1Sequence()), {}, has_size);
  }
  static Block Piece(const Block& obu, std::size_t from, std::size_t to) {
    return {obu.begin() + static_cast<std::ptrdiff_t>(from), obu.begin() + static_cast<std::ptrdiff_t>(to)};
  }
  const std::vector<testing::FrameCollector<Av1Depacketizer>::Frame>& frames() const { return collector_.frames(); }
  const EncodedFrame& last() const { return collector_.last(); }
  const auto& counters() const { return collector_.counters(); }

  Dice dice_{7};
  testing::FrameCollector<Av1Depacketizer> collector_;
  Block frame_;  // the payload of the last Frame()
};

constexpr unsigned kZ = 0x80;
constexpr unsigned kY = 0x40;
constexpr unsigned kN = 8;

TEST_F(Av1DepacketizerTest, AKeyFrameHasItsSequenceHeaderAndTellsItsSize) {
  const Block key = Frame({Av1FrameType::kKey});
  EXPECT_EQ(Push(Payload({Sequence(), key}, kN), 9000, true), kNone);
  ASSERT_EQ(frames().size(), 1u);
  Block wanted = Sequence(true);
  Append(wanted, MakeObu(Av1ObuType::kFrame, frame_));
  EXPECT_EQ(frames()[0].data, wanted);
  EXPECT_EQ(last().rtp_timestamp, RtpTimestamp(9000));
  EXPECT_TRUE(last().key_frame);
  EXPECT_FALSE(last().discardable);
  EXPECT_EQ(last().width, 640);
  EXPECT_EQ(last().height, 360);
  EXPECT_EQ(counters().key_frames, 1u);
  EXPECT_EQ(collector_.depacketizer().sequence_header()->codec_string().view(), "av01.0.04M.08");
}

TEST_F(Av1DepacketizerTest, OnlyAShownKeyFrameUnderASequenceHeaderIsAKeyFrame) {
  EXPECT_EQ(Push(Payload({Frame({Av1FrameType::kKey})}), 1, true), kNone);
  EXPECT_FALSE(last().key_frame);
  EXPECT_EQ(Push(Payload({Sequence(), Frame({Av1FrameType::kKey, false}), Frame()}), 2, true), kNone);
  EXPECT_FALSE(last().key_frame);
  EXPECT_EQ(Push(Payload({Sequence(), Frame({Av1FrameType::kIntraOnly})}), 3, true), kNone);
  EXPECT_FALSE(last().key_frame);
  EXPECT_EQ(last().width, 0);
  EXPECT_EQ(frames().size(), 3u);
}

TEST_F(Av1DepacketizerTest, AnObuInFragmentsGetsItsSizeInTheFewestBytes) {
  for (const std::size_t size : {8u, 126u, 127u, 128u, 129u, 2000u, 16382u, 16383u, 16384u, 16385u, 50000u}) {
    for (const Av1Layer layer : {Av1Layer{}, Av1Layer{2, 0}}) {
      for (const std::size_t step : {size_t{1}, size / 2, size_t{1100}, size_t{17000}}) {
        if (size / step > 2000) continue;
        const Block obu = Frame({}, size, layer);
        const std::size_t before = frames().size();
        const auto timestamp = static_cast<std::uint32_t>(before);
        for (std::size_t at = 0; at < obu.size(); at += step) {
          const std::size_t to = std::min(obu.size(), at + step);
          const bool end = to == obu.size();
          ASSERT_EQ(Push(Payload({Piece(obu, at, to)}, (at > 0 ? kZ : 0) | (end ? 0 : kY)), timestamp, end), kNone);
        }
        ASSERT_EQ(frames().size(), before + 1);
        ASSERT_EQ(frames().back().data, MakeObu(Av1ObuType::kFrame, frame_, layer)) << size << " " << step;
      }
    }
  }
}

TEST_F(Av1DepacketizerTest, ASizeInsideAnObuIsKeptInTheFewestBytes) {
  const Block payload = MakeAv1Frame(dice_, {}, 60);
  const Block wanted = MakeObu(Av1ObuType::kFrame, payload);
  EXPECT_EQ(Push(Payload({wanted}), 1, true), kNone);
  EXPECT_EQ(frames().back().data, wanted);
  Block padded = {0x32, 0xbc, 0x80, 0x00};
  Append(padded, payload);
  EXPECT_EQ(Push(Payload({padded}), 2, true), kNone);
  EXPECT_EQ(frames().back().data, wanted);
  for (std::size_t cut = 1; cut < padded.size(); ++cut) {  // also inside the size
    const auto timestamp = static_cast<std::uint32_t>(2 + cut);
    EXPECT_EQ(Push(Payload({Piece(padded, 0, cut)}, kY), timestamp), kNone);
    EXPECT_EQ(Push(Payload({Piece(padded, cut, padded.size())}, kZ), timestamp, true), kNone);
    EXPECT_EQ(frames().back().data, wanted);
  }
  EXPECT_EQ(frames().size(), 1 + padded.size());
}

TEST_F(Av1DepacketizerTest, AFragmentWithoutBytesChangesNothing) {
  const Block obu = Frame({}, 60, {1, 0});
  const Block tile = {0x20, 7};
  EXPECT_EQ(Push(Payload({obu, {}}, kY), 1), kNone);
  EXPECT_EQ(Push(Payload({{}}, kZ | kY), 1), kNone);
  EXPECT_EQ(Push(Payload({Piece(tile, 0, 1)}, kZ | kY), 1), kNone);
  EXPECT_EQ(Push(Payload({Piece(tile, 1, 2)}, kZ | kY), 1), kNone);
  EXPECT_EQ(Push(Payload({{}}, kZ), 1, true), kNone);
  Block wanted = MakeObu(Av1ObuType::kFrame, frame_, {1, 0});
  Append(wanted, {0x22, 1, 7});
  ASSERT_EQ(frames().size(), 1u);
  EXPECT_EQ(frames()[0].data, wanted);
}

TEST_F(Av1DepacketizerTest, WhatMp4HasNoUseForIsLeftOutInFragmentsToo) {
  const Block padding = MakeObu(Av1ObuType::kPadding, Block(200), {}, false);
  EXPECT_EQ(Push(Payload({{0x12, 0x00}, {0x10}, Frame(), {0x40, 1}, Piece(padding, 0, 100)}, kY), 1), kNone);
  EXPECT_EQ(Push(Payload({Piece(padding, 100, 201)}, kZ), 1, true), kNone);
  ASSERT_EQ(frames().size(), 1u);
  EXPECT_EQ(frames()[0].data, MakeObu(Av1ObuType::kFrame, frame_));
  // Redundant headers and what is reserved may mean something to somebody.
  Block wanted = MakeObu(Av1ObuType::kFrame, frame_);
  EXPECT_EQ(Push(Payload({MakeObu(Av1ObuType::kFrame, frame_, {}, false), {0x38, 9}, {0x48}}), 2, true), kNone);
  Append(wanted, {0x3a, 1, 9, 0x4a, 0});
  EXPECT_EQ(frames().back().data, wanted);
}

TEST_F(Av1DepacketizerTest, AUnitTellsItsLayersAndWhetherItCanBeDropped) {
  Push(Payload({Sequence(), Frame({Av1FrameType::kKey}, 60, {0, 0})}, kN), 1);
  Push(Payload({Frame({}, 60, {0, 1})}), 1);
  Push(Payload({Frame({}, 60, {0, 2})}), 1, true);
  EXPECT_TRUE(last().key_frame);
  EXPECT_EQ(last().spatial_id, 2);
  EXPECT_EQ(last().spatial_layers, 0b111);
  EXPECT_EQ(last().temporal_id, 0);
  Push(Payload({Frame({Av1FrameType::kInter, true, 0}, 60, {2, 0})}), 2);
  Push(Payload({Frame({Av1FrameType::kInter, true, 0}, 60, {2, 1})}), 2, true);
  EXPECT_EQ(last().spatial_id, 1);
  EXPECT_EQ(last().temporal_id, 2);
  EXPECT_TRUE(last().discardable);
  Push(Payload({Frame({Av1FrameType::kInter, true, 0}, 60, {2, 0})}), 3);
  Push(Payload({Frame({Av1FrameType::kInter, true, 8}, 60, {2, 1})}), 3, true);
  EXPECT_FALSE(last().discardable);
  Push(Payload({Frame({Av1FrameType::kInter, true, 8}, 60, {2, 0})}), 4);
  Push(Payload({Frame({Av1FrameType::kInter, true, 0}, 60, {2, 2})}), 4, true);  // layer 1 was not sent
  EXPECT_FALSE(last().discardable);
  EXPECT_EQ(last().spatial_layers, 0b101);
}

TEST_F(Av1DepacketizerTest, WithoutASequenceHeaderNobodyKnowsWhatCanBeDropped) {
  Push(Payload({Frame({Av1FrameType::kInter, true, 0})}), 1, true);
  ASSERT_EQ(frames().size(), 1u);
  EXPECT_FALSE(last().discardable);
  EXPECT_EQ(collector_.depacketizer().sequence_header(), nullptr);
}

TEST_F(Av1DepacketizerTest, ALossDropsTheUnitItIsIn) {
  const Block obu = Frame({}, 300);
  Push(Payload({Piece(obu, 0, 100)}, kY), 1);
  Push(Payload({Piece(obu, 200, 301)}, kZ), 1, true, true);
  EXPECT_EQ(frames().size(), 0u);
  EXPECT_EQ(counters().dropped_incomplete, 1u);
  Push(Payload({Frame()}), 2, true);
  ASSERT_EQ(frames().size(), 1u);
  EXPECT_TRUE(last().lost_before);
}

TEST_F(Av1DepacketizerTest, AfterALossAUnitIsTakenByWhatItBeginsWith) {
  std::uint32_t timestamp = 0;
  const auto taken = [&](const Block& payload) {
    const std::size_t before = frames().size();
    Push(payload, ++timestamp, false, true);
    Push(Payload({MakeObu(Av1ObuType::kTileGroup, Block{1}, {}, false)}), timestamp, true);
    EXPECT_EQ(counters().dropped_incomplete + frames().size() + counters().without_picture, timestamp);
    return frames().size() > before;
  };
  const Block obu = Frame();
  const Block metadata = MakeObu(Av1ObuType::kMetadata, Block{1, 2}, {}, false);
  const Block tiles = MakeObu(Av1ObuType::kTileGroup, Block{1, 2}, {}, false);
  const Block frame_header = MakeObu(Av1ObuType::kFrameHeader, MakeAv1Frame(dice_, {}), {}, false);
  EXPECT_TRUE(taken(Payload({obu})));
  EXPECT_TRUE(taken(Payload({frame_header, tiles})));
  EXPECT_TRUE(taken(Payload({metadata, obu})));
  EXPECT_TRUE(taken(Payload({Sequence(), obu})));
  EXPECT_TRUE(taken(Payload({{0x10}, obu})));
  EXPECT_TRUE(taken(Payload({tiles, obu}, kN)));  // the sender knows
  EXPECT_FALSE(taken(Payload({obu}, kZ)));
  EXPECT_FALSE(taken(Payload({tiles, obu})));
  EXPECT_FALSE(taken(Payload({{0x78}, obu})));  // padding
  EXPECT_FALSE(taken(Payload({{}}, kY)));
  EXPECT_FALSE(taken(Payload({MakeObu(Av1ObuType::kRedundantFrameHeader, MakeAv1Frame(dice_, {}), {}, false)})));
}

TEST_F(Av1DepacketizerTest, AHigherSpatialLayerIsNoHeadUnlessTheStreamHasNoLowerOne) {
  const Block low = Frame({}, 60, {0, 0});
  const Block high = Frame({}, 60, {0, 2});
  const Block metadata = MakeObu(Av1ObuType::kMetadata, Block{1, 2}, {}, false);
  Push(Payload({high}), 1, true, true);
  Push(Payload({metadata, high}), 2, true, true);
  EXPECT_EQ(frames().size(), 0u);
  // A sequence of the highest layer alone, as in a simulcast on one SSRC.
  Push(Payload({Sequence(), Frame({Av1FrameType::kKey}, 60, {0, 2})}, kN), 3, true, true);
  Push(Payload({high}), 4, true, true);
  EXPECT_EQ(frames().size(), 2u);
  // One lower layer that is seen, and the higher is none any more.
  Push(Payload({low}), 5);
  Push(Payload({high}), 5, true);
  Push(Payload({high}), 6, true, true);
  EXPECT_EQ(frames().size(), 3u);
}

TEST_F(Av1DepacketizerTest, WhereUnitsHaveHiddenFramesOnlyASureHeadIsTakenAfterALoss) {
  Push(Payload({Sequence(), Frame({Av1FrameType::kKey})}, kN), 1, true);
  Push(Payload({Frame()}), 2, true, true);
  EXPECT_EQ(frames().size(), 2u);
  Push(Payload({Frame({Av1FrameType::kInter, false})}), 3);
  Push(Payload({Frame()}), 3, true);
  EXPECT_EQ(frames().size(), 3u);
  Push(Payload({Frame()}), 4, true, true);  // a hidden one may be missing
  Push(Payload({MakeObu(Av1ObuType::kMetadata, Block{1}, {}, false), Frame()}), 5, true, true);
  EXPECT_EQ(frames().size(), 3u);
  Push(Payload({{0x10}, Frame()}), 6, true, true);
  Push(Payload({Sequence(), Frame()}), 7, true, true);
  Push(Payload({Frame()}, kN), 8, true, true);
  EXPECT_EQ(frames().size(), 6u);
}

TEST_F(Av1DepacketizerTest, AKeyFrameWhoseSequenceHeaderIsLostIsDropped) {
  const Block key = Frame({Av1FrameType::kKey});
  Push(Payload({key}), 1, true, true);  // nobody knows yet
  EXPECT_EQ(frames().size(), 1u);
  Push(Payload({Sequence(), key}, kN), 2, true);
  Push(Payload({key}), 3, true, true);
  EXPECT_EQ(frames().size(), 2u);
  EXPECT_EQ(counters().dropped_incomplete, 1u);
  Push(Payload({key}), 4, true);  // none was lost
  EXPECT_EQ(frames().size(), 3u);
  Push(Payload({key}), 5, true, true);
  EXPECT_EQ(frames().size(), 4u);
}

TEST_F(Av1DepacketizerTest, EachLieHasItsErrorAndCostsItsFrame) {
  std::uint32_t timestamp = 0;
  const Block obu = Frame({}, 200);
  const auto costs = [&](std::initializer_list<Block> payloads) {
    ++timestamp;
    Av1PayloadError error = kNone;
    Push(Payload({Frame()}), timestamp);
    for (const Block& payload : payloads) {
      const auto now = Push(payload, timestamp);
      if (error == kNone) error = now;
    }
    Push(Payload({{0x20, 1}}), timestamp, true);
    EXPECT_EQ(frames().size(), 0u);
    EXPECT_EQ(counters().dropped_incomplete, timestamp);
    return error;
  };
  EXPECT_EQ(costs({{0x98, 1}}), kNewAndOld);
  EXPECT_EQ(costs({{0x00}}), kNoElement);
  EXPECT_EQ(costs({{0x00, 0x80}}), kBadLength);
  EXPECT_EQ(costs({{0x00, 9, 0x30}}), kTruncated);
  EXPECT_EQ(costs({{0x10}}), kEmptyElement);
  EXPECT_EQ(costs({{0x10, 0xb0, 1}}), kForbiddenBit);
  EXPECT_EQ(costs({{0x50, 0xb0, 1}}), kForbiddenBit);  // of a first fragment
  EXPECT_EQ(costs({{0x10, 0x34}}), kBadObu);
  EXPECT_EQ(costs({{0x10, 0x32, 9, 1}}), kBadObu);
  EXPECT_EQ(costs({{0x10, 0x32, 0, 1}}), kBadObu);
  EXPECT_EQ(costs({{0x50, 0x32, 9}, {0x90, 1}}), kBadObu);  // told where it ends
  EXPECT_EQ(costs({{0x50}, {0x90}}), kBadObu);
  EXPECT_EQ(costs({{0x50}, {0x90, 0xb0}}), kForbiddenBit);
  EXPECT_EQ(costs({{0x90, 1}}), kNoStart);
  EXPECT_EQ(costs({{0x50, 0x20, 1}, {0x10, 0x20, 1}}), kUnfinished);
  ++timestamp;
  Push(Payload({Piece(obu, 0, 100)}, kY), timestamp, true);  // ends without its end
  EXPECT_TRUE(frames().empty());
  EXPECT_EQ(counters().dropped_incomplete, timestamp);
  EXPECT_EQ(ToString(kUnfinished), "av1 payload: fragments without end");
  EXPECT_EQ(ToPayloadError(Av1AggregationError::kTooShort), kNoElement);
}

TEST_F(Av1DepacketizerTest, WithoutMarkersAUnitEndsWhereTheTimestampChanges) {
  const Block a = Frame();
  const Block wanted = MakeObu(Av1ObuType::kFrame, frame_);
  Push(Payload({a}), 1);
  Push(Payload({Frame()}), 2, true);  // ends both
  ASSERT_EQ(frames().size(), 2u);
  EXPECT_EQ(frames()[0].data, wanted);
  Push(Payload({Frame()}), 3);
  collector_.Flush();  // more may have been to come
  EXPECT_EQ(frames().size(), 2u);
}

TEST_F(Av1DepacketizerTest, ASequenceHeaderAloneIsKeptAndIsNoFrame) {
  Push(Payload({Sequence()}), 1, true);
  EXPECT_EQ(frames().size(), 0u);
  EXPECT_EQ(counters().without_picture, 1u);
  EXPECT_EQ(*collector_.depacketizer().sequence_header(), MakeAv1Sequence());
  Push(Payload({{0x08, 0xff}, Frame()}), 2, true);
  EXPECT_EQ(collector_.depacketizer().format().refused_sequence_headers(), 1u);
  EXPECT_EQ(*collector_.depacketizer().sequence_header(), MakeAv1Sequence());
}

TEST_F(Av1DepacketizerTest, AUnitLargerThanItsStorageIsDroppedOnce) {
  const Block large = Frame({}, 30000);
  Push(Payload({large}), 1);
  Push(Payload({large}), 1);
  Push(Payload({Piece(large, 0, 20000)}, kY), 1);
  Push(Payload({Piece(large, 20000, 30001)}, kZ), 1, true);
  EXPECT_EQ(counters().dropped_too_large, 1u);
  Push(Payload({Frame()}), 2, true);
  EXPECT_EQ(frames().size(), 1u);
  // The last byte counts, that of the size too.
  for (const std::size_t short_of : {0u, 1u, 2u, 3u}) {
    const Block obu = Frame({}, 300);
    Block storage(303 - short_of);
    Av1Depacketizer depacketizer(storage);
    (void)depacketizer.HandlePacket({RtpTimestamp(1), false, false, Payload({Piece(obu, 0, 200)}, kY)});
    (void)depacketizer.HandlePacket({RtpTimestamp(1), true, false, Payload({Piece(obu, 200, 301)}, kZ)});
    EncodedFrame frame;
    EXPECT_EQ(depacketizer.PollFrame(frame), short_of == 0);
    EXPECT_EQ(depacketizer.counters().dropped_too_large, short_of == 0 ? 0u : 1u);
  }
}

TEST(Av1PacketizerTest, WhatCannotBeSentIsRefusedByName) {
  Av1Packetizer packetizer({});
  Av1Packet packet;
  EXPECT_EQ(packetizer.SetFrame(Block{0x32, 9, 1}), Av1PacketizeError::kBadObu);
  EXPECT_EQ(packetizer.SetFrame(Block{0xb2, 0}), Av1PacketizeError::kBadObu);
  EXPECT_EQ(packetizer.SetFrame({}), Av1PacketizeError::kNoObu);
  EXPECT_EQ(packetizer.SetFrame(kAv1TemporalDelimiter), Av1PacketizeError::kNoObu);
  EXPECT_FALSE(packetizer.Next(packet));
  const Block frame = {0x30, 1, 2};
  EXPECT_EQ(packetizer.SetFrame(frame), Av1PacketizeError::kNone);
  ASSERT_TRUE(packetizer.Next(packet));
  Block out(packet.size);
  EXPECT_FALSE(packet.Write(MutableBytes(out).first(out.size() - 1)));
  EXPECT_TRUE(packet.Write(out));
  EXPECT_EQ(out, (Block{0x10, 0x30, 1, 2}));
  EXPECT_EQ(ToString(Av1PacketizeError::kBadObu), "av1 packetize: bad OBU");
}

std::vector<Block> Packetize(Bytes unit, std::size_t max_size) {
  Av1Packetizer packetizer({max_size});
  EXPECT_EQ(packetizer.SetFrame(unit), Av1PacketizeError::kNone);
  std::vector<Block> out;
  for (Av1Packet packet; packetizer.Next(packet);) {
    EXPECT_LE(packet.size, max_size);
    Block payload(packet.size);
    EXPECT_TRUE(packet.Write(payload));
    out.push_back(payload);
  }
  return out;
}

TEST(Av1PacketizerTest, APacketHasOneLayerAndOneFrameAndASequenceHeaderFirst) {
  Dice dice(1);
  const Block frame = MakeAv1Frame(dice, {}, 20);
  const Block key = MakeAv1Frame(dice, {Av1FrameType::kKey}, 20);
  const auto obu = [](Av1ObuType type, const Block& payload, Av1Layer layer = {}) {
    return MakeObu(type, payload, layer);
  };
  Block unit(kAv1TemporalDelimiter.begin(), kAv1TemporalDelimiter.end());
  Append(unit, obu(Av1ObuType::kMetadata, {1}));
  Append(unit, obu(Av1ObuType::kSequenceHeader, Av1SequencePayload(MakeAv1Sequence())));
  Append(unit, obu(Av1ObuType::kMetadata, {2}));
  Append(unit, obu(Av1ObuType::kMetadata, {3}, {0, 0}));
  Append(unit, obu(Av1ObuType::kFrameHeader, key, {0, 0}));
  Append(unit, obu(Av1ObuType::kTileGroup, {4}, {0, 0}));
  Append(unit, obu(Av1ObuType::kPadding, {0}));
  Append(unit, obu(Av1ObuType::kTileGroup, {5}, {0, 0}));
  Append(unit, obu(Av1ObuType::kMetadata, {6}, {0, 1}));
  Append(unit, obu(Av1ObuType::kFrame, frame, {0, 1}));
  Append(unit, obu(Av1ObuType::kFrame, frame, {0, 1}));
  const std::vector<Block> packets = Packetize(unit, 1200);
  std::vector<std::vector<int>> types;
  std::vector<unsigned> heads;
  for (const Block& packet : packets) {
    heads.push_back(packet[0]);
    types.emplace_back();
    const auto view = Av1AggregationView::Parse(packet);
    for (const Bytes element : *view) types.back().push_back(element[0] >> 3);
  }
  EXPECT_EQ(types, (std::vector<std::vector<int>>{{5}, {1, 5, 5, 3, 4, 4}, {5, 6}, {6}}));
  EXPECT_EQ(heads, (std::vector<unsigned>{0x18, 0x00, 0x20, 0x10}));  // N on the first
}

TEST(Av1PacketizerTest, MoreThan255ObusShareAPacket) {
  Block unit;
  for (int i = 0; i < 1000; ++i) Append(unit, {0x22, 1, static_cast<std::uint8_t>(i)});
  const std::vector<Block> packets = Packetize(unit, 9000);
  ASSERT_EQ(packets.size(), 1u);
  EXPECT_EQ(Av1AggregationView::Parse(packets[0])->element_count(), 1000u);
}

TEST(Av1PacketizerTest, PacketsAreFullButForTheLast) {
  Dice dice(2);
  for (std::size_t max_size = 16; max_size < 400; ++max_size) {
    Block unit;
    const std::size_t obus = 1 + dice.Below(6);
    for (std::size_t i = 0; i < obus; ++i) Append(unit, MakeObu(Av1ObuType::kTileGroup, dice.Block(dice.Below(500))));
    const std::vector<Block> packets = Packetize(unit, max_size);
    // What is left over is less than the least fragment with its length and the one before.
    for (std::size_t i = 0; i + 1 < packets.size(); ++i) EXPECT_GT(packets[i].size() + 12, max_size);
  }
}

TEST(Av1RoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(31);
  Block storage(1 << 20);
  Av1Depacketizer depacketizer(storage);
  Block payload(9000);
  const std::uint32_t rounds = testing::Rounds(10'000);
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const bool layers = dice.Chance(50);
    const Av1Unit unit = MakeAv1Unit(dice, {.key = i % 50 == 0,
                                            .number = i,
                                            .temporal_id = layers ? static_cast<int>(dice.Below(3)) : -1,
                                            .spatial_layers = layers ? static_cast<int>(1 + dice.Below(3)) : 1,
                                            .frames = dice.Chance(10) ? 2 : 1,
                                            .max_size = dice.Chance(60)   ? std::size_t{400}
                                                        : dice.Chance(80) ? 4'000
                                                                          : 40'000});
    const std::size_t max_size = 100 + dice.Below(8901);
    Av1Packetizer packetizer({max_size});
    ASSERT_EQ(packetizer.SetFrame(unit.given), Av1PacketizeError::kNone);
    Av1Packet packet;
    EncodedFrame out;
    bool marker = false;
    bool first = true;
    while (packetizer.Next(packet)) {
      ASSERT_FALSE(marker);
      marker = packet.marker;
      ASSERT_LE(packet.size, max_size);
      const MutableBytes room = MutableBytes(payload).first(packet.size);
      ASSERT_TRUE(packet.Write(room));
      ASSERT_EQ(Av1AggregationView::Parse(room)->new_coded_video_sequence(), first && i % 50 == 0);
      first = false;
      ASSERT_EQ(depacketizer.HandlePacket({RtpTimestamp(i * 3000), marker, false, room}), kNone);
      ASSERT_EQ(depacketizer.PollFrame(out), marker);
    }
    ASSERT_TRUE(marker);
    ASSERT_TRUE(std::ranges::equal(out.data, unit.kept));
    ASSERT_EQ(out.key_frame, i % 50 == 0);
    ASSERT_EQ(out.key_frame, BeginsAv1Sequence(out.data));
    ASSERT_EQ(out.discardable, unit.discardable);
    ASSERT_EQ(out.temporal_id, std::max(0, unit.layer.temporal_id));
    ASSERT_EQ(out.spatial_id, unit.layer.temporal_id < 0 ? 0 : unit.layer.spatial_id);
  }
  EXPECT_EQ(depacketizer.counters().frames, rounds);
  EXPECT_EQ(depacketizer.counters().dropped_incomplete, 0u);
}

TEST(Av1RoundTripTest, NoHeapIsUsedPerPacket) {
  Dice dice(5);
  const Av1Unit unit = MakeAv1Unit(dice, {.key = true, .max_size = 9000});
  Block storage(1 << 16);
  Block payload(1200);
  Av1Depacketizer depacketizer(storage);
  Av1Packetizer packetizer({1200});
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(packetizer.SetFrame(unit.given), Av1PacketizeError::kNone);
    Av1Packet packet;
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

// What of a unit is there after a loss: all, or all but metadata and a sequence
// header at its front.
bool IsWholeAfterALoss(const Av1Unit& unit, Bytes data) {
  const std::size_t missing = unit.kept.size() - std::min(unit.kept.size(), data.size());
  if (missing > 0 && std::ranges::find(unit.ends, missing) == unit.ends.end()) return false;
  ByteReader front(Bytes(unit.kept).first(missing));
  while (const auto obu = Av1ObuView::TakeFrom(front)) {
    if (obu->type() != Av1ObuType::kMetadata) return false;
  }
  return std::ranges::equal(data, Bytes(unit.kept).subspan(missing));
}

TEST(Av1PropertyTest, LossReorderingAndDuplicationNeverMakeAFrameOfPieces) {
  const std::uint32_t rounds = testing::Rounds(4'000);
  for (const unsigned kind : {0u, 1u, 2u, 3u, 4u, 5u}) {
    const bool markers = kind % 2 == 0;
    const bool layers = kind == 2 || kind == 3;
    const bool hidden = kind >= 4;
    Dice dice(50 + kind);
    std::map<std::uint32_t, Av1Unit> sent;
    std::vector<SentPacket> packets;
    Block storage(1 << 18);
    Av1Depacketizer depacketizer(storage);
    std::uint64_t given = 0;
    std::uint64_t told_losses = 0;
    std::uint32_t last = 0xffffffff;
    const auto collect = [&] {
      EncodedFrame out;
      while (depacketizer.PollFrame(out)) {
        const std::uint32_t timestamp = out.rtp_timestamp.value();
        ASSERT_NE(timestamp, last);  // timestamps only grow: none comes twice
        ASSERT_TRUE(sent.contains(timestamp));
        const Av1Unit& unit = sent[timestamp];
        ASSERT_TRUE(std::ranges::equal(out.data, unit.kept) || (out.lost_before && IsWholeAfterALoss(unit, out.data)));
        // Whoever is told of no loss got every frame.
        ASSERT_TRUE(given == 0 || out.lost_before || timestamp - last == 3000);
        told_losses += out.lost_before ? 1 : 0;
        sent.erase(timestamp);
        last = timestamp;
        ++given;
      }
    };
    std::uint16_t sequence = 65000;
    int loss = 0;  // of the first packets none: what kind of stream it is shows
    for (std::uint32_t i = 0; i < rounds; ++i) {
      const std::uint32_t timestamp = 0xfffff000u + i * 3000;
      Av1Unit unit = MakeAv1Unit(dice, {.key = i % 40 == 0,
                                        .number = i,
                                        .temporal_id = layers ? static_cast<int>(i % 3) : -1,
                                        .spatial_layers = layers ? 3 : 1,
                                        .frames = hidden && i % 3 == 1 ? 2 : 1,
                                        .max_size = 1500});
      Av1Packetizer packetizer({100 + dice.Below(1100)});
      ASSERT_EQ(packetizer.SetFrame(unit.given), Av1PacketizeError::kNone);
      for (Av1Packet packet; packetizer.Next(packet);) {
        Block payload(packet.size);
        ASSERT_TRUE(packet.Write(payload));
        packets.push_back({sequence++, timestamp, packet.marker && markers, payload});
      }
      sent.emplace(timestamp, std::move(unit));
      if (i != 10 && packets.size() < 5000 && i + 1 < rounds) continue;
      // The first and the last come in any case: what is lost beyond them nobody can tell.
      std::vector<SentPacket> disturbed = testing::Disturb(dice, packets, loss);
      disturbed.insert(disturbed.begin(), packets.front());
      disturbed.push_back(packets.back());
      testing::DeliverInOrder(disturbed, [&](const RtpPayload& payload) {
        (void)depacketizer.HandlePacket(payload);
        collect();
      });
      depacketizer.Flush();
      collect();
      packets.clear();
      sent.clear();
      loss = 3;
    }
    EXPECT_GT(given, rounds / (hidden ? 10 : 3)) << kind;
    EXPECT_LT(given, rounds);
    EXPECT_GT(told_losses, rounds / 200);
    EXPECT_EQ(depacketizer.counters().frames, given);
  }
}

// A file of OBUs, as decoders read it.
void AppendToFile(Block& file, Bytes unit) {
  file.insert(file.end(), kAv1TemporalDelimiter.begin(), kAv1TemporalDelimiter.end());
  file.insert(file.end(), unit.begin(), unit.end());
}

// Frames as the page beside the captures counts them.
TEST(Av1CaptureTest, EveryFrameOfChromiumComesOutAndDecodes) {
  const auto streams = testing::ReadCapture("chromium-av1-l1t3.pcap");
  if (streams.empty()) GTEST_SKIP() << "../shared/captures is absent";
  std::vector<SentPacket> wire;
  for (const auto& packet : streams.at({0x6bab28d2, 45})) {
    wire.push_back({packet.sequence, packet.timestamp, packet.marker, packet.payload});
  }
  Block storage(1 << 20);
  Av1Depacketizer depacketizer(storage);
  Block file;
  int frames = 0;
  int key_frames = 0;
  int new_sequences = 0;
  std::array<int, 3> layers{};
  std::array<int, 3> discardable{};
  testing::DeliverInOrder(wire, [&](const RtpPayload& payload) {
    if (!payload.payload.empty() && Av1AggregationView::Parse(payload.payload)->new_coded_video_sequence()) {
      ++new_sequences;
    }
    EXPECT_EQ(depacketizer.HandlePacket(payload), kNone);
    for (EncodedFrame frame; depacketizer.PollFrame(frame); ++frames) {
      EXPECT_EQ(frame.key_frame, frame.width == 640);
      EXPECT_FALSE(frame.lost_before);
      key_frames += frame.key_frame ? 1 : 0;
      ASSERT_LT(frame.temporal_id, 3);
      ++layers[frame.temporal_id];
      discardable[frame.temporal_id] += frame.discardable ? 1 : 0;
      AppendToFile(file, frame.data);
    }
  });
  EXPECT_EQ(wire.size(), 751u);
  EXPECT_EQ(frames, 210);
  EXPECT_EQ(key_frames, new_sequences);
  EXPECT_EQ(layers, (std::array<int, 3>{53, 52, 105}));  // 0 2 1 2
  EXPECT_EQ(discardable, (std::array<int, 3>{0, 0, 105}));
  EXPECT_EQ(depacketizer.counters().dropped_incomplete, 0u);
  const testing::TemporaryFolder folder;
  const auto decoded = testing::DecodeWithFfprobe(folder.Write("av1.obu", file), "-f obu");
  if (!decoded.ran) GTEST_SKIP() << "ffprobe is absent: counted, but not decoded";
  EXPECT_EQ(decoded.errors, "");
  EXPECT_EQ(decoded.frames, frames);
  EXPECT_EQ(decoded.key_frames, key_frames);
}

// Streams of encoders for files: hidden frames, frames that are shown again, many
// tile groups, ten bits, still pictures.
TEST(Av1EncoderTest, StreamsOfEncodersComeBackTheSameAndDecode) {
  struct Stream {
    const char* name;
    const char* options;
  };
  constexpr Stream kStreams[] = {
      {"hidden frames", "-c:v libaom-av1 -cpu-used 8 -g 12 -lag-in-frames 12 -b:v 200k"},
      {"tile groups", "-c:v libaom-av1 -cpu-used 8 -usage realtime -tiles 2x2 -aom-params num-tile-groups=4 -b:v 900k"},
      {"error resilient, ten bits",
       "-c:v libaom-av1 -cpu-used 8 -pix_fmt yuv420p10 -error-resilience default -b:v 300k"},
      {"another encoder", "-c:v libsvtav1 -preset 12 -g 12 -b:v 200k"},
      {"a third encoder", "-c:v librav1e -speed 10 -g 12 -tiles 2 -qp 120"},
  };
  const testing::TemporaryFolder folder;
  int tried = 0;
  for (const Stream& stream : kStreams) {
    SCOPED_TRACE(stream.name);
    const std::string path = folder.Write("made.obu", {});
    const std::string command = "ffmpeg -v quiet -y -f lavfi -i testsrc2=s=192x128:r=30:d=0.5 -threads 1 " +
                                std::string(stream.options) + " -f obu '" + path + "' >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) continue;
    const Block made = testing::ReadWholeFile(path);
    if (made.empty()) continue;
    ++tried;
    Block storage(1 << 20);
    Av1Depacketizer depacketizer(storage);
    Block file;
    int frames = 0;
    int key_frames = 0;
    std::size_t max_size = 100;
    const auto send = [&](Bytes unit) {
      Av1Packetizer packetizer({max_size});
      max_size = max_size % 1400 + 100;
      ASSERT_EQ(packetizer.SetFrame(unit), Av1PacketizeError::kNone);
      for (Av1Packet packet; packetizer.Next(packet);) {
        Block payload(packet.size);
        ASSERT_TRUE(packet.Write(payload));
        ASSERT_EQ(depacketizer.HandlePacket(
                      {RtpTimestamp(static_cast<std::uint32_t>(file.size())), packet.marker, false, payload}),
                  kNone);
      }
      EncodedFrame frame;
      ASSERT_TRUE(depacketizer.PollFrame(frame));
      ++frames;
      key_frames += frame.key_frame ? 1 : 0;
      EXPECT_TRUE(!frame.key_frame || (frame.width == 192 && frame.height == 128));
      AppendToFile(file, frame.data);
    };
    ByteReader reader(made);
    std::size_t begin = 0;
    while (const auto obu = Av1ObuView::TakeFrom(reader)) {
      const auto at = static_cast<std::size_t>(obu->bytes().data() - made.data());
      if (obu->type() != Av1ObuType::kTemporalDelimiter || at == 0) continue;
      ASSERT_NO_FATAL_FAILURE(send(Bytes(made).subspan(begin, at - begin)));
      begin = at;
    }
    ASSERT_TRUE(reader.empty());
    ASSERT_NO_FATAL_FAILURE(send(Bytes(made).subspan(begin)));
    EXPECT_EQ(file, made);
    const auto decoded = testing::DecodeWithFfprobe(folder.Write("again.obu", file), "-f obu");
    EXPECT_EQ(decoded.errors, "");
    EXPECT_EQ(decoded.frames, frames);
    EXPECT_EQ(decoded.key_frames, key_frames);
    const Bytes sequence = FindAv1Obu(file, Av1ObuType::kSequenceHeader);
    EXPECT_TRUE(Av1SequenceHeader::Parse(*Av1ObuView::Parse(sequence)));
    EXPECT_GT(Av1ConfigWriter(sequence).WireSize(), 4u);
  }
  if (tried == 0) GTEST_SKIP() << "ffmpeg with an encoder of AV1 is absent";
}

}  // namespace
}  // namespace mediacore::codec
