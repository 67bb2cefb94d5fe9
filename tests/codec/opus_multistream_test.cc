#include "mediacore/codec/opus_multistream.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "../support/opus_maker.h"
#include "../support/rounds.h"

namespace mediacore::codec {
namespace {

using testing::Dice;
using Block = std::vector<std::uint8_t>;

// Two streams of one CELT frame of 20 ms: two bytes, then three.
constexpr std::uint8_t kTwo[] = {0xfc, 2, 0xaa, 0xbb, 0xf8, 1, 2, 3};
static_assert(OpusMultistreamView::Parse(kTwo, 2)->samples() == 960);

constexpr bool WalksTwo() {
  OpusMultistreamView streams = *OpusMultistreamView::Parse(kTwo, 2);
  OpusStreamPacket stream;
  if (!streams.Next(stream) || stream.view().channels() != 2 || stream.WireSize() != 3) return false;
  std::uint8_t alone[3] = {};
  if (!stream.Write(alone) || alone[0] != 0xfc || alone[1] != 0xaa || alone[2] != 0xbb) return false;
  return streams.Next(stream) && stream.view().channels() == 1 && stream.WireSize() == 4 && !streams.Next(stream);
}
static_assert(WalksTwo());

TEST(OpusStreamPacketTest, EachCodeIsReadWithItsEndTold) {
  const auto read = [](const Block& bytes) {
    ByteReader reader(bytes);
    const auto packet = OpusStreamPacket::TakeFrom(reader);
    EXPECT_TRUE(packet);
    EXPECT_EQ(reader.remaining(), 1u);  // what stands behind
    Block alone(packet ? packet->WireSize() : 0);
    EXPECT_TRUE(!packet || packet->Write(alone));
    EXPECT_TRUE(OpusPacketView::Parse(alone));
    return alone;
  };
  EXPECT_EQ(read({0xf8, 0, 9}), (Block{0xf8}));
  EXPECT_EQ(read({0xf9, 2, 1, 2, 3, 4, 9}), (Block{0xf9, 1, 2, 3, 4}));
  EXPECT_EQ(read({0xfa, 1, 2, 1, 2, 3, 9}), (Block{0xfa, 1, 1, 2, 3}));
  EXPECT_EQ(read({0xfb, 3, 1, 1, 2, 3, 9}), (Block{0xfb, 3, 1, 2, 3}));
  EXPECT_EQ(read({0xfb, 0x83, 1, 0, 2, 1, 2, 3, 9}), (Block{0xfb, 0x83, 1, 0, 1, 2, 3}));
  EXPECT_EQ(read({0xfb, 0xc2, 2, 1, 1, 1, 2, 0, 0, 9}), (Block{0xfb, 0xc2, 2, 1, 1, 2, 0, 0}));
}

TEST(OpusStreamPacketTest, TheSizeThatTellsTheEndMayHaveTwoBytes) {
  for (std::size_t size = 0; size <= 1275; ++size) {
    Block packet(1 + size, 7);
    packet[0] = 0xf8;
    const auto alone = OpusStreamPacket::Parse(packet);
    ASSERT_TRUE(alone);
    Block wire(alone->DelimitedSize());
    ByteWriter writer(wire);
    alone->AppendDelimited(writer);
    ASSERT_TRUE(writer.ok() && writer.room() == 0);
    ASSERT_EQ(wire.size(), packet.size() + (size < 252 ? 1 : 2));
    ByteReader reader(wire);
    const auto back = OpusStreamPacket::TakeFrom(reader);
    ASSERT_TRUE(back && reader.empty());
    ASSERT_TRUE(back->Write(wire));
    wire.resize(back->WireSize());
    ASSERT_EQ(wire, packet);
  }
}

TEST(OpusStreamPacketTest, ACutPacketIsRefusedAndNothingIsTaken) {
  for (const Block& whole : {Block{0xf8, 2, 1, 2}, Block{0xf9, 1, 1, 2}, Block{0xfa, 1, 2, 1, 2, 3},
                             Block{0xfb, 0xc2, 2, 1, 1, 1, 2, 0, 0}}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      ByteReader reader(Bytes(whole).first(size));
      EXPECT_FALSE(OpusStreamPacket::TakeFrom(reader));
      EXPECT_EQ(reader.remaining(), size);
    }
  }
}

TEST(OpusMultistreamTest, EachLieHasItsError) {
  using enum OpusMultistreamError;
  const auto error = [](const Block& bytes, std::size_t streams) {
    const auto view = OpusMultistreamView::Parse(bytes, streams);
    EXPECT_FALSE(view);
    return view ? OpusMultistreamError{255} : view.error();
  };
  EXPECT_EQ(error({0xf8}, 0), kBadStreamCount);
  EXPECT_EQ(error({0xf8}, 256), kBadStreamCount);
  EXPECT_EQ(error({}, 1), kBadPacket);
  EXPECT_EQ(error({0xf8, 0}, 2), kBadPacket);  // the second is missing
  EXPECT_EQ(error({0xf8, 3, 1, 2, 0xf8}, 2), kBadPacket);
  EXPECT_EQ(error({0xf8, 0, 0xf9, 1}, 2), kBadPacket);
  EXPECT_EQ(error({0xf8, 0, 0xf0}, 2), kOtherDuration);
  for (const auto e : {kBadStreamCount, kBadPacket, kOtherDuration}) {
    EXPECT_NE(ToString(e), "opus multistream: unknown");
  }
}

TEST(OpusMultistreamTest, WhatStreamsArePutTogetherComeApart) {
  Dice dice(12);
  const std::uint32_t rounds = testing::Rounds(20'000);
  std::vector<Block> made;
  std::vector<Bytes> packets;
  Block wire(400'000);
  Block alone(100'000);
  for (std::size_t round = 0; round < rounds; ++round) {
    made.clear();
    packets.clear();
    const int config = static_cast<int>(dice.Below(32));
    const std::size_t most = 5760 / OpusPacketView::Parse(Block{static_cast<std::uint8_t>(config << 3)})->samples();
    const std::size_t frames = 1 + dice.Below(std::min<std::size_t>(most, 6));
    const std::size_t streams = 1 + dice.Below(dice.Chance(2) ? 255 : 8);
    for (std::size_t i = 0; i < streams; ++i) made.push_back(testing::MakeOpusPacket(dice, config, frames));
    packets.assign(made.begin(), made.end());
    const testing::HeapWatch watch;
    const OpusMultistreamWriter writer{packets};
    const std::size_t size = writer.WireSize();
    ASSERT_GT(size, 0u);
    ASSERT_TRUE(writer.Write(wire));
    ASSERT_FALSE(writer.Write(MutableBytes(wire).first(size - 1)));
    auto view = OpusMultistreamView::Parse(Bytes(wire).first(size), streams);
    ASSERT_TRUE(view);
    OpusMultistreamView walk = *view;
    std::size_t at = 0;
    for (OpusStreamPacket stream; walk.Next(stream); ++at) {
      ASSERT_TRUE(stream.Write(alone));
      ASSERT_TRUE(std::ranges::equal(Bytes(alone).first(stream.WireSize()), made[at]));
    }
    ASSERT_EQ(at, streams);
    ASSERT_EQ(watch.allocations(), 0u);
  }
}

TEST(OpusMultistreamTest, StreamsThatDoNotBelongTogetherAreNotWritten) {
  const Block twenty = {0xf8, 1}, ten = {0xf0, 1}, none = {0xf9, 1};
  Block out(100);
  const std::vector<Bytes> empty;
  EXPECT_FALSE(OpusMultistreamWriter{empty}.Write(out));
  const std::vector<Bytes> differ = {twenty, ten};
  EXPECT_FALSE(OpusMultistreamWriter{differ}.Write(out));
  const std::vector<Bytes> bad = {none, none};
  EXPECT_FALSE(OpusMultistreamWriter{bad}.Write(out));
  const std::vector<Bytes> many(256, twenty);
  EXPECT_FALSE(OpusMultistreamWriter{many}.Write(out));
}

TEST(OpusMultistreamTest, AChannelMappingNamesChannelsThatAreDecoded) {
  EXPECT_TRUE(IsOpusChannelMapping(4, 2, Block{0, 4, 1, 2, 3, 5}));
  EXPECT_TRUE(IsOpusChannelMapping(1, 0, Block{255, 0}));
  EXPECT_FALSE(IsOpusChannelMapping(4, 2, Block{0, 6}));
  EXPECT_FALSE(IsOpusChannelMapping(0, 0, Block{255}));
  EXPECT_FALSE(IsOpusChannelMapping(1, 2, Block{0}));
  EXPECT_FALSE(IsOpusChannelMapping(128, 128, Block{0}));
  EXPECT_FALSE(IsOpusChannelMapping(1, 1, {}));
  EXPECT_FALSE(IsOpusChannelMapping(1, 1, Block(256)));
}

}  // namespace
}  // namespace mediacore::codec
