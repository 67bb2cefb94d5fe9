#include "mediacore/codec/h265_depacketizer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "../support/h265_maker.h"
#include "../support/heap_watch.h"
#include "../support/payload_layouts.h"
#include "../support/rounds.h"
#include "mediacore/codec/h265_packetizer.h"
#include "mediacore/codec/nal_assembler.h"

namespace mediacore::codec {
namespace {

using enum H265PayloadError;
using enum H265NalType;
using testing::AppendAvcc;
using testing::Dice;
using testing::H265SpsSpec;
using testing::MakeH265Frame;
using testing::MakeH265Pps;
using testing::MakeH265Slice;
using testing::MakeH265Sps;
using testing::MakeH265Vps;
using Block = std::vector<std::uint8_t>;

struct Packet {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
  Block payload;
};

std::vector<Packet> Packetize(Bytes frame, std::uint32_t timestamp, std::size_t max_size, bool aggregate = true) {
  H265Packetizer packetizer({max_size, aggregate});
  EXPECT_EQ(packetizer.SetFrame(frame), H265PacketizeError::kNone);
  std::vector<Packet> out;
  H265Packet packet;
  while (packetizer.Next(packet)) {
    Block payload(packet.size);
    EXPECT_TRUE(packet.Write(payload));
    out.push_back({0, timestamp, packet.marker, payload});
  }
  return out;
}

Block Avcc(std::initializer_list<Block> nals) {
  Block out;
  for (const Block& nal : nals) AppendAvcc(out, nal);
  return out;
}
// `from` counts behind the header of two bytes.
Block Fragment(const Block& nal, std::size_t from, std::size_t size) {
  Block out = {static_cast<std::uint8_t>((nal[0] & 0x81) | 49 << 1), nal[1],
               static_cast<std::uint8_t>((from == 0 ? 0x80 : 0) | (from + size + 2 == nal.size() ? 0x40 : 0) |
                                         (nal[0] >> 1 & 0x3f))};
  out.insert(out.end(), nal.begin() + 2 + static_cast<std::ptrdiff_t>(from),
             nal.begin() + 2 + static_cast<std::ptrdiff_t>(from + size));
  return out;
}
Block Aggregate(std::initializer_list<Block> nals) {
  Block out = {48 << 1, 1};
  for (const Block& nal : nals) {
    out.push_back(static_cast<std::uint8_t>(nal.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(nal.size()));
    out.insert(out.end(), nal.begin(), nal.end());
  }
  return out;
}
// `payload` carried by PACI with an extension of so many bytes (RFC 7798, 4.4.4).
Block Paci(const Block& payload, std::size_t extension) {
  const unsigned fields = (payload[0] & 0x80u) << 8 | (payload[0] >> 1 & 0x3fu) << 9 |
                          static_cast<unsigned>(extension) << 4 | (extension != 0 ? 8u : 0u);
  Block out = {static_cast<std::uint8_t>((payload[0] & 1) | 50 << 1), payload[1],
               static_cast<std::uint8_t>(fields >> 8), static_cast<std::uint8_t>(fields)};
  out.insert(out.end(), extension, 0xee);
  out.insert(out.end(), payload.begin() + 2, payload.end());
  return out;
}

class H265DepacketizerTest : public ::testing::Test {
 protected:
  H265PayloadError Push(Bytes payload, std::uint32_t timestamp, bool marker = false, bool lost_before = false) {
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
  Block Slice(bool first = true, std::size_t size = 40, H265NalType type = kTrailR, int tid = 0, int layer = 0) {
    return MakeH265Slice(dice_, type, first, size, tid, layer);
  }

  Dice dice_{7};
  std::array<std::uint8_t, 4096> storage_{};
  H265Depacketizer depacketizer_{storage_};
  std::vector<Block> frames_;
  EncodedFrame last_;
};

// The bytes of ../shared/reference/vectors/payload_layouts.json, and its words for them.
TEST(H265PayloadTest, TheLayoutsOfRfc7798AreRead) {
  constexpr std::array<std::uint8_t, 4> kSingle = {0x26, 0x01, 0xaf, 0x01};
  constexpr std::array<std::uint8_t, 61> kAp = {
      0x60, 0x01, 0x00, 0x19, 0x40, 0x01, 0x0c, 0x01, 0xff, 0xff, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00,
      0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x5d, 0x97, 0x02, 0x40, 0x00, 0x1e, 0x42,
      0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03,
      0x00, 0x5d, 0xa0, 0x02, 0x80, 0x80, 0x2d, 0x16, 0x59, 0x79, 0x24, 0xc2, 0x08};
  constexpr std::array<std::uint8_t, 5> kFuStart = {0x62, 0x01, 0x93, 0xaf, 0x01};
  constexpr std::array<std::uint8_t, 5> kFuEnd = {0x62, 0x01, 0x53, 0xaf, 0x01};
  static_assert(CheckH265Payload(kSingle) == kNone && CheckH265Payload(kAp) == kNone);
  static_assert(CheckH265Payload(kFuStart) == kNone && CheckH265Payload(kFuEnd) == kNone);
  H265Payload read;
  ASSERT_EQ(H265Payload::Read(kSingle, read), kNone);
  EXPECT_EQ(read.header.type, kIdrWRadl);
  EXPECT_EQ(read.header.layer_id, 0);
  EXPECT_EQ(read.header.temporal_id_plus1, 1);

  Block storage(4096);
  H265Depacketizer depacketizer(storage);
  EXPECT_EQ(depacketizer.HandlePacket({RtpTimestamp(1), false, false, kAp}), kNone);
  EXPECT_EQ(depacketizer.parameter_sets().vps().size(), 25u);
  EXPECT_EQ(depacketizer.parameter_sets().sps().size(), 30u);
  EXPECT_EQ(depacketizer.HandlePacket({RtpTimestamp(1), false, false, kFuStart}), kNone);
  EXPECT_EQ(depacketizer.HandlePacket({RtpTimestamp(1), true, false, kFuEnd}), kNone);
  EncodedFrame frame;
  ASSERT_TRUE(depacketizer.PollFrame(frame));
  EXPECT_TRUE(frame.key_frame);
  EXPECT_EQ(frame.width, 1280);
  EXPECT_EQ(frame.height, 720);
  EXPECT_EQ(frame.data.size(), 4 + 25 + 4 + 30 + 4 + 6u);
}

TEST(H265PayloadTest, ReferencePayloadsReadAsOtherParsersSay) {
  const auto layouts = testing::ReadPayloadLayouts("h265");
  if (layouts.empty()) GTEST_SKIP() << "the shared vectors are absent";
  EXPECT_EQ(layouts.size(), 4u);
  for (const auto& layout : layouts) {
    ASSERT_EQ(CheckH265Payload(layout.payload), kNone) << layout.name;
    H265Payload read;
    ASSERT_EQ(H265Payload::Read(layout.payload, read), kNone);
    const int type = static_cast<int>(read.header.type);
    EXPECT_EQ(type, layout.Get("type")) << layout.name;
    if (type < H265NalHeader::kAggregation) {
      EXPECT_EQ(read.header.layer_id, layout.Get("layer_id"));
      EXPECT_EQ(read.header.temporal_id_plus1, layout.Get("tid"));
    } else if (type == H265NalHeader::kFragmentation) {
      EXPECT_EQ(read.body[0] >> 7, layout.Get("S"));
      EXPECT_EQ(read.body[0] >> 6 & 1, layout.Get("E"));
      EXPECT_EQ(read.body[0] & 0x3f, layout.Get("fu_type"));
    } else {
      std::vector<int> sizes, types;
      for (std::size_t at = 0; at < read.body.size(); at += 2 + static_cast<std::size_t>(sizes.back())) {
        sizes.push_back(LoadU16(&read.body[at]));
        types.push_back(static_cast<int>(H265NalTypeOf(read.body[at + 2])));
        const auto sps = H265Sps::Parse(read.body.subspan(at + 2, LoadU16(&read.body[at])));
        if (!sps) continue;
        EXPECT_EQ(sps->width, layout.Get("width"));
        EXPECT_EQ(sps->height, layout.Get("height"));
      }
      EXPECT_EQ(sizes, layout.List("nal_sizes"));
      EXPECT_EQ(types, layout.List("nal_types"));
    }
  }
}

TEST(H265PayloadTest, EachHeaderOfTwoBytesHasItsVerdict) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const Block payload = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      const int type = first >> 1 & 0x3f;
      H265PayloadError wanted = kNone;
      if (type == 50) {
        wanted = kTruncated;
      } else if (first > 127) {
        wanted = kForbiddenBit;
      } else if (second % 8 == 0) {
        wanted = kNoTemporalId;
      } else if (type == 48 || type == 49) {
        wanted = kTruncated;
      } else if (type > 50) {
        wanted = kReservedType;
      }
      ASSERT_EQ(CheckH265Payload(payload), wanted) << type;
    }
  }
}

// Inside PACI all 2^16 of its fields, with enough behind them and with too little.
TEST(H265PayloadTest, EachPaciHeaderHasItsVerdict) {
  for (const std::size_t behind : {0u, 1u, 40u}) {
    Block payload(4 + behind, 0x55);
    payload[0] = 50 << 1;
    payload[1] = 1;
    for (std::uint32_t fields = 0; fields < 65536; ++fields) {
      payload[2] = static_cast<std::uint8_t>(fields >> 8);
      payload[3] = static_cast<std::uint8_t>(fields);
      const std::uint32_t type = fields >> 9 & 0x3f;
      const std::uint32_t extension = fields >> 4 & 0x1f;
      H265PayloadError wanted = kNone;
      if (extension > behind) {
        wanted = kTruncated;
      } else if (type == 50) {
        wanted = kNested;
      } else if (fields >= 0x8000) {
        wanted = kForbiddenBit;
      } else if (type > 50) {
        wanted = kReservedType;
      } else if (type == 48) {
        wanted = extension == behind ? kTruncated : kBadAggregate;
      } else if (type == 49) {
        wanted = extension == behind ? kTruncated : kNone;
      }
      ASSERT_EQ(CheckH265Payload(payload), wanted) << fields << " " << behind;
    }
  }
}

TEST_F(H265DepacketizerTest, ASingleUnitWithTheMarkerIsAFrame) {
  const Block slice = Slice(true, 40, kTrailN);
  EXPECT_EQ(Push(slice, 9000, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice}));
  EXPECT_EQ(last_.codec, Codec::kH265);
  EXPECT_EQ(last_.rtp_timestamp, RtpTimestamp(9000));
  EXPECT_FALSE(last_.key_frame);
  EXPECT_EQ(last_.width, 0);
}

TEST_F(H265DepacketizerTest, AnAggregateWithParameterSetsAndAnIdrInFragmentsIsAKeyFrame) {
  const H265SpsSpec spec;
  const Block vps = MakeH265Vps(spec), sps = MakeH265Sps(spec), pps = MakeH265Pps(0, 0);
  const Block idr = Slice(true, 302, kIdrWRadl);
  EXPECT_EQ(Push(Aggregate({vps, sps, pps}), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 0, 100), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 100, 100), 1), kNone);
  EXPECT_EQ(Push(Fragment(idr, 200, 100), 1, true), kNone);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({vps, sps, pps, idr}));
  EXPECT_TRUE(last_.key_frame);
  EXPECT_EQ(last_.width, 640);
  EXPECT_EQ(last_.height, 360);
  EXPECT_TRUE(depacketizer_.parameter_sets().complete());
  EXPECT_EQ(depacketizer_.counters().key_frames, 1u);
}

TEST_F(H265DepacketizerTest, WhatPaciCarriesIsTakenWhateverItsExtension) {
  const Block slice = Slice(), second = Slice(false), large = Slice(false, 102);
  for (const std::size_t extension : {0u, 3u, 31u}) {
    Push(Paci(Aggregate({slice, second}), extension), 1);
    Push(Paci(Fragment(large, 0, 50), extension), 1);
    Push(Paci(Fragment(large, 50, 50), extension), 1);
    EXPECT_EQ(Push(Paci(second, extension), 1, true), kNone);
    ASSERT_FALSE(frames_.empty());
    EXPECT_EQ(frames_.back(), Avcc({slice, second, large, second}));
  }
  EXPECT_EQ(frames_.size(), 3u);
  H265Payload read;
  ASSERT_EQ(H265Payload::Read(Paci(slice, 3), read), kNone);
  EXPECT_TRUE(read.has_paci);
  EXPECT_EQ(read.paci_extension.size(), 3u);
  EXPECT_EQ(read.header.type, kTrailR);
}

TEST_F(H265DepacketizerTest, LayersAndSubLayersAreTold) {
  H265SpsSpec spec;
  spec.sub_layers_minus1 = 2;
  EXPECT_TRUE(depacketizer_.AddParameterSet(MakeH265Sps(spec)));
  const auto push = [&](H265NalType type, int tid) {
    Push(Slice(true, 40, type, tid), 9, true);
    return last_;
  };
  EXPECT_EQ(push(kTrailR, 0).temporal_id, 0);
  EXPECT_EQ(push(kTsaN, 2).temporal_id, 2);
  EXPECT_TRUE(last_.discardable);
  EXPECT_FALSE(push(kTsaN, 1).discardable);  // one of sub-layer 2 may refer to it
  EXPECT_FALSE(push(kTsaR, 2).discardable);
  Push(Slice(true, 40, kTrailR), 10);
  Push(Slice(true, 40, kTrailR, 0, 5), 10, true);
  EXPECT_EQ(last_.spatial_id, 5);
  EXPECT_FALSE(last_.key_frame);
}

TEST_F(H265DepacketizerTest, WithoutAnSpsNoFrameIsCalledDiscardable) {
  Push(Slice(true, 40, kTrailN), 1, true);
  EXPECT_FALSE(last_.discardable);
  Push(MakeH265Sps({}), 2);
  Push(Slice(true, 40, kRaslN), 2, true);
  EXPECT_TRUE(last_.discardable);
}

TEST_F(H265DepacketizerTest, WithoutMarkersAFrameEndsWhereTheTimestampChanges) {
  const Block a = Slice(), b = Slice(false), c = Slice(true, 502);
  Push(a, 1);
  Push(b, 1);
  EXPECT_TRUE(frames_.empty());
  Push(Fragment(c, 0, 300), 2);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({a, b}));
  Push(Fragment(c, 300, 200), 2, true);
  ASSERT_EQ(frames_.size(), 2u);
  EXPECT_EQ(frames_[1], Avcc({c}));
}

TEST_F(H265DepacketizerTest, ALossInsideAFrameDropsItOnceAndTheNextOneTells) {
  Push(Slice(), 1);
  Push(Slice(false), 1, false, true);
  Push(Slice(false), 1, true, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 1u);
  Push(Slice(), 2, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_TRUE(last_.lost_before);
  Push(Slice(), 3, true);
  EXPECT_FALSE(last_.lost_before);
}

TEST_F(H265DepacketizerTest, AfterALossAFrameIsTakenByItsHead) {
  struct Case {
    Block payload;
    bool taken;
  };
  const Block slice = Slice();
  const Block first = Slice(true, 202), late = Slice(false, 202);
  const Block prefix_sei = {39 << 1, 1, 5, 1, 0, 0x80}, suffix_sei = {40 << 1, 1, 5, 1, 0, 0x80};
  Block reserved = {41 << 1, 1, 0};
  std::uint32_t timestamp = 10;
  for (const Case& c :
       {Case{slice, true}, Case{late, false}, Case{{35 << 1, 1, 0x50}, true}, Case{prefix_sei, true},
        Case{suffix_sei, false}, Case{reserved, true}, Case{MakeH265Vps({}), true}, Case{MakeH265Sps({}), true},
        Case{MakeH265Pps(0, 0), true}, Case{{38 << 1, 1, 0xff, 0x80}, false}, Case{{36 << 1, 1}, false},
        Case{Slice(true, 40, kTrailR, 0, 1), false},  // of another layer
        Case{Aggregate({prefix_sei}), true}, Case{Aggregate({late, prefix_sei}), false}, Case{Paci(slice, 2), true},
        Case{Fragment(first, 100, 100), false}}) {
    timestamp += 10;
    const std::size_t before = frames_.size();
    Push(c.payload, timestamp, false, true);
    Push(slice, timestamp, true);
    EXPECT_EQ(frames_.size() - before, c.taken ? 1u : 0u) << timestamp;
  }
  Push(Fragment(late, 0, 100), 500, false, true);
  Push(Fragment(late, 100, 100), 500, true);
  Push(Fragment(first, 0, 100), 600, false, true);
  Push(Fragment(first, 100, 100), 600, true);
  EXPECT_EQ(last_.rtp_timestamp, RtpTimestamp(600));
}

TEST_F(H265DepacketizerTest, AKeyFrameWhoseParameterSetsWereLostIsDropped) {
  const Block idr = Slice(true, 40, kCra);
  Push(idr, 1, true);  // never had any: they come from the session description
  EXPECT_EQ(frames_.size(), 1u);
  Push(MakeH265Vps({}), 2);
  Push(MakeH265Sps({}), 2);
  Push(idr, 2, true);
  EXPECT_EQ(frames_.size(), 2u);
  Push(idr, 3, true, true);  // this stream's key frames have them
  Push(MakeH265Sps({}), 4, false, true);
  Push(idr, 4, true);
  EXPECT_EQ(frames_.size(), 2u);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, 2u);
}

TEST_F(H265DepacketizerTest, EachLieHasItsErrorAndCostsItsFrame) {
  const Block slice = Slice(true, 202);
  const Block other = Slice(true, 202, kIdrNLp);
  std::uint32_t timestamp = 0;
  const auto costs = [&](std::initializer_list<Block> payloads) {
    ++timestamp;
    H265PayloadError error = kNone;
    Push(slice, timestamp);
    for (const Block& payload : payloads) {
      const auto now = Push(payload, timestamp);
      if (error == kNone) error = now;
    }
    Push(slice, timestamp, true);
    EXPECT_EQ(frames_.size(), 0u);
    return error;
  };
  EXPECT_EQ(costs({{0x26}}), kTruncated);
  EXPECT_EQ(costs({{0xa6, 1, 2}}), kForbiddenBit);
  EXPECT_EQ(costs({{0x26, 0, 2}}), kNoTemporalId);
  EXPECT_EQ(costs({{0x66, 1, 2}}), kReservedType);
  EXPECT_EQ(costs({{0x60, 1}}), kTruncated);
  EXPECT_EQ(costs({{0x60, 1, 0}}), kBadAggregate);
  EXPECT_EQ(costs({{0x60, 1, 0, 9, 0x26, 1}}), kBadAggregate);
  EXPECT_EQ(costs({{0x60, 1, 0, 0}}), kBadAggregate);
  EXPECT_EQ(costs({{0x60, 1, 0, 1, 0x26}}), kBadAggregate);
  EXPECT_EQ(costs({{0x60, 1, 0, 2, 0x26, 1, 7}}), kBadAggregate);
  EXPECT_EQ(costs({{0x60, 1, 0, 2, 0xa6, 1}}), kForbiddenBit);
  EXPECT_EQ(costs({{0x60, 1, 0, 2, 0x26, 0}}), kNoTemporalId);
  EXPECT_EQ(costs({{0x60, 1, 0, 2, 0x62, 1}}), kNested);
  EXPECT_EQ(costs({{0x62, 1}}), kTruncated);
  EXPECT_EQ(costs({{0x62, 1, 0xb0}}), kNested);
  EXPECT_EQ(costs({{0x62, 1, 0xd3}}), kStartAndEnd);
  EXPECT_EQ(costs({{0x64, 1, 0x26}}), kTruncated);
  EXPECT_EQ(costs({{0x64, 1, 0x64, 0}}), kNested);
  EXPECT_EQ(costs({{0xe4, 1, 0x26, 0}}), kForbiddenBit);
  EXPECT_EQ(costs({{0x64, 1, 0xa6, 0}}), kForbiddenBit);
  EXPECT_EQ(costs({Fragment(slice, 50, 50)}), kNoStart);
  EXPECT_EQ(costs({Fragment(slice, 0, 50), Fragment(other, 50, 50)}), kBadContinuation);
  EXPECT_EQ(costs({Fragment(slice, 0, 50), Fragment(slice, 0, 50)}), kUnfinished);
  EXPECT_EQ(costs({Fragment(slice, 0, 50), slice}), kUnfinished);
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
  ++timestamp;
  Push(Fragment(slice, 0, 50), timestamp, true);  // ends without its end
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_incomplete, timestamp);
  EXPECT_EQ(ToString(kNested), "h265 payload: no NAL unit inside");
}

TEST_F(H265DepacketizerTest, StreamsWithDecodingOrderNumbersAreRefusedByName) {
  H265Depacketizer depacketizer(storage_, 1);
  const Block slice = Slice();
  EXPECT_EQ(depacketizer.HandlePacket({RtpTimestamp(1), true, false, slice}), kDecodingOrder);
  EncodedFrame frame;
  EXPECT_FALSE(depacketizer.PollFrame(frame));
  EXPECT_EQ(ToString(kDecodingOrder), "h265 payload: decoding order numbers are not supported");
}

TEST_F(H265DepacketizerTest, AFrameLargerThanItsStorageIsDroppedOnce) {
  for (int i = 0; i < 60; ++i) Push(Slice(i == 0, 100), 1);
  Push(Slice(false), 1, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(depacketizer_.counters().dropped_too_large, 1u);
  const Block exact = Slice(true, storage_.size() - 4);
  Push(exact, 2, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0].size(), storage_.size());
  Push(Slice(true, storage_.size() - 3), 3, true);
  EXPECT_EQ(frames_.size(), 1u);
  Push(Fragment(exact, 0, 1000), 4);
  for (int i = 0; i < 100; ++i) Push(Fragment(exact, 1, 1000), 4);
  EXPECT_EQ(depacketizer_.counters().dropped_too_large, 3u);
}

TEST_F(H265DepacketizerTest, DelimitersAndFillerAreLeftOutInFragmentsToo) {
  const Block slice = Slice();
  Block filler(52, 0xff);
  filler[0] = 38 << 1;
  filler[1] = 1;
  Push(Block{35 << 1, 1, 0x50}, 1);
  Push(filler, 1);
  Push(Fragment(filler, 0, 25), 1);
  Push(Fragment(filler, 25, 25), 1);
  Push(slice, 1, true);
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice}));
}

TEST_F(H265DepacketizerTest, ParameterSetsAloneAreKeptAndAreNoFrame) {
  Push(Aggregate({MakeH265Vps({}), MakeH265Sps({}), MakeH265Pps(0, 0)}), 1, true);
  EXPECT_TRUE(frames_.empty());
  EXPECT_TRUE(depacketizer_.parameter_sets().complete());
  EXPECT_EQ(depacketizer_.counters().without_picture, 1u);
  EXPECT_FALSE(depacketizer_.AddParameterSet(Block{0x26, 1, 0x80}));
}

TEST_F(H265DepacketizerTest, AtTheEndOnlyAFrameKnownToBeWholeIsGivenOut) {
  Push(Slice(), 1);
  depacketizer_.Flush();
  Collect();
  EXPECT_TRUE(frames_.empty());
  const Block slice = Slice(), end = {36 << 1, 1};
  Push(slice, 2);
  Push(end, 2);
  depacketizer_.Flush();
  Collect();
  ASSERT_EQ(frames_.size(), 1u);
  EXPECT_EQ(frames_[0], Avcc({slice, end}));
}

TEST(H265RoundTripTest, WhatIsPacketisedComesBackAtEveryPacketSize) {
  Dice dice(11);
  Block storage(1 << 17);
  H265Depacketizer depacketizer(storage);
  Block payload(9000);
  const std::uint32_t rounds = testing::Rounds(20'000);
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const bool key = i % 50 == 0;
    const Block frame = MakeH265Frame(dice, key);
    const std::size_t max_size = 100 + dice.Below(8901);
    H265Packetizer packetizer({max_size, dice.Chance(80)});
    ASSERT_EQ(packetizer.SetFrame(frame), H265PacketizeError::kNone);
    H265Packet packet;
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
    ASSERT_EQ(out.width, key ? 640 : 0);
  }
  EXPECT_EQ(depacketizer.counters().frames, rounds);
  EXPECT_EQ(depacketizer.counters().dropped_incomplete, 0u);
}

TEST(H265RoundTripTest, NoHeapIsUsedPerPacket) {
  Dice dice(5);
  const Block frame = MakeH265Frame(dice, true);
  Block storage(1 << 16);
  Block payload(1200);
  H265Depacketizer depacketizer(storage);
  H265Packetizer packetizer({1200, true});
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(packetizer.SetFrame(frame), H265PacketizeError::kNone);
    H265Packet packet;
    EncodedFrame out;
    while (packetizer.Next(packet)) {
      EXPECT_TRUE(packet.Write(payload));
      (void)depacketizer.HandlePacket({RtpTimestamp(i), packet.marker, false, Bytes(payload).first(packet.size)});
      (void)depacketizer.PollFrame(out);
    }
  }
  EXPECT_EQ(watch.allocations(), 0u);
}

std::vector<Block> SlicesOf(Bytes frame) {
  std::vector<Block> out;
  for (const Bytes nal : NalUnits(frame)) {
    if (IsSlice(H265NalTypeOf(nal[0]))) out.emplace_back(nal.begin(), nal.end());
  }
  return out;
}

// Every slice of a frame given out is there, and only those of one frame.
TEST(H265PropertyTest, LossReorderingAndDuplicationNeverMakeAFrameOfPieces) {
  for (const bool markers : {true, false}) {
    Dice dice(markers ? 21 : 22);
    std::map<std::uint32_t, Block> sent;
    std::vector<Packet> wire;
    std::uint16_t sequence = 65000;
    for (std::uint32_t i = 0; i < 6000; ++i) {
      const std::uint32_t timestamp = 0xfffff000u + i * 3000;
      Block frame = MakeH265Frame(dice, i % 40 == 0, 1500);
      for (Packet& packet : Packetize(frame, timestamp, 100 + dice.Below(1100), dice.Chance(80))) {
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
    H265Depacketizer depacketizer(storage);
    std::map<std::uint32_t, int> given;
    const auto collect = [&] {
      EncodedFrame out;
      while (depacketizer.PollFrame(out)) {
        const std::uint32_t timestamp = out.rtp_timestamp.value();
        ASSERT_EQ(++given[timestamp], 1);
        ASSERT_TRUE(sent.contains(timestamp));
        ASSERT_EQ(SlicesOf(out.data), SlicesOf(sent[timestamp]));
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
      (void)depacketizer.HandlePacket(
          {RtpTimestamp(packet.timestamp), packet.marker, started && number != next, packet.payload});
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

TEST(H265PacketizerTest, WhatCannotBeSentIsRefusedByName) {
  H265Packetizer packetizer({100});
  EXPECT_EQ(packetizer.SetFrame({}), H265PacketizeError::kBadLength);
  EXPECT_EQ(packetizer.SetFrame(Block{0, 0, 0, 0}), H265PacketizeError::kBadLength);
  EXPECT_EQ(packetizer.SetFrame(Block{0, 0, 0, 3, 0x26, 1}), H265PacketizeError::kBadLength);
  EXPECT_EQ(packetizer.SetFrame(Block{0, 0, 0, 1, 0x26}), H265PacketizeError::kBadNal);
  EXPECT_EQ(packetizer.SetFrame(Block{0, 0, 0, 2, 0x60, 1}), H265PacketizeError::kBadNal);
  EXPECT_EQ(packetizer.SetFrame(Block{0, 0, 0, 2, 0xa6, 1}), H265PacketizeError::kBadNal);
  EXPECT_EQ(packetizer.SetFrame(Block{0, 0, 0, 2, 0x26, 0}), H265PacketizeError::kBadNal);
  const Block fine = {0, 0, 0, 2, 0x26, 1};
  EXPECT_EQ(packetizer.SetFrame(fine), H265PacketizeError::kNone);
  EXPECT_EQ(ToString(H265PacketizeError::kBadNal), "h265 packetize: bad NAL unit");
  H265Packet packet;
  EXPECT_TRUE(packetizer.Next(packet));
  EXPECT_FALSE(packetizer.Next(packet));
}

TEST(H265PacketizerTest, AnAggregateHasTheLowestLayerAndTemporalIdOfItsUnits) {
  Dice dice(1);
  Block frame;
  AppendAvcc(frame, MakeH265Slice(dice, kTrailR, true, 20, 3, 40));
  frame.insert(frame.end(), 4, 0);  // an empty unit
  AppendAvcc(frame, MakeH265Slice(dice, kTrailR, true, 20, 2, 60));
  frame.insert(frame.end(), 4, 0);
  const auto one = Packetize(frame, 1, 100);
  ASSERT_EQ(one.size(), 1u);
  H265NalHeader header;
  ASSERT_TRUE(H265NalHeader::Read(one[0].payload, header));
  EXPECT_EQ(static_cast<int>(header.type), 48);
  EXPECT_EQ(header.layer_id, 40);
  EXPECT_EQ(header.temporal_id_plus1, 3);
  EXPECT_TRUE(one[0].marker);
  EXPECT_EQ(one[0].payload.size(), 2u + 2 * 22);
  EXPECT_EQ(Packetize(frame, 1, 100, false).size(), 2u);
}

TEST(H265PacketizerTest, FragmentsHaveTheHeaderOfTheirUnit) {
  Dice dice(1);
  Block frame;
  AppendAvcc(frame, MakeH265Slice(dice, kTsaR, true, 250, 4, 33));
  const auto packets = Packetize(frame, 1, 100);
  ASSERT_EQ(packets.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    H265NalHeader header;
    ASSERT_TRUE(H265NalHeader::Read(packets[i].payload, header));
    EXPECT_EQ(static_cast<int>(header.type), 49);
    EXPECT_EQ(header.layer_id, 33);
    EXPECT_EQ(header.temporal_id_plus1, 5);
    EXPECT_EQ(packets[i].payload[2], (i == 0 ? 0x80 : i == 2 ? 0x40 : 0) | 3);
    EXPECT_EQ(packets[i].marker, i == 2);
  }
  EXPECT_EQ(Packetize(frame, 1, 0).size(), 248u);  // at least a byte in each
}

TEST(H265PacketizerTest, NoRoomWritesNothingPastTheEnd) {
  Dice dice(1);
  const Block frame = MakeH265Frame(dice, true);
  H265Packetizer packetizer({500});
  ASSERT_EQ(packetizer.SetFrame(frame), H265PacketizeError::kNone);
  H265Packet packet;
  while (packetizer.Next(packet)) {
    Block room(packet.size - 1);
    EXPECT_FALSE(packet.Write(room));
  }
}

}  // namespace
}  // namespace mediacore::codec
