#include "mediacore/rtmp/chunk_writer.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"

namespace mediacore::rtmp {
namespace {

using Buffer = std::vector<std::uint8_t>;

Buffer Written(ChunkWriter& writer, const Message& message, Bytes more = {}) {
  Buffer out(writer.WireSize(message, more) + 1, 0xee);
  EXPECT_EQ(writer.Write(message, out, more), out.size() - 1);
  EXPECT_EQ(out.back(), 0xee);
  out.pop_back();
  return out;
}
Message Sound(std::uint32_t time, Bytes payload) { return {3, MessageType::kAudio, 12345, time, payload}; }

TEST(ChunkWriterTest, TheExamplesOfTheSpecificationAreWritten) {
  const Buffer payload(32, 7);
  ChunkWriter writer;
  Buffer out = Written(writer, Sound(1000, payload));
  EXPECT_EQ(Buffer(out.begin(), out.begin() + 12), (Buffer{3, 0, 0x03, 0xe8, 0, 0, 32, 8, 0x39, 0x30, 0, 0}));
  EXPECT_EQ(out.size(), 44u);
  out = Written(writer, Sound(1020, payload));
  EXPECT_EQ(Buffer(out.begin(), out.begin() + 4), (Buffer{0x83, 0, 0, 20}));
  EXPECT_EQ(out.size(), 36u);
  EXPECT_EQ(Written(writer, Sound(1040, payload)).size(), 33u);
  EXPECT_EQ(Written(writer, Sound(1060, payload)).size(), 33u);

  const Buffer picture(307, 9);
  out = Written(writer, {4, MessageType::kVideo, 12346, 1000, picture});
  EXPECT_EQ(out.size(), 140u + 129 + 52);
  EXPECT_EQ(out[140], 0xc4);
}

TEST(ChunkWriterTest, HeadersAreAsShortAsTheOneBeforeAllows) {
  const Buffer a(10), b(11);
  ChunkWriter writer;
  EXPECT_EQ(Written(writer, Sound(0, a))[0] >> 6, 0);
  EXPECT_EQ(Written(writer, Sound(0, a))[0] >> 6, 2);  // not 3: that means two things here
  EXPECT_EQ(Written(writer, Sound(0, a))[0] >> 6, 3);
  EXPECT_EQ(Written(writer, Sound(5, b))[0] >> 6, 1);
  EXPECT_EQ(Written(writer, Sound(10, b))[0] >> 6, 3);
  EXPECT_EQ(Written(writer, Sound(9, b))[0] >> 6, 0);          // back
  EXPECT_EQ(Written(writer, Sound(0x1000009, b))[0] >> 6, 0);  // more than 24 bits can say
  Message other = Sound(0x1000009, b);
  other.stream_id = 1;
  EXPECT_EQ(Written(writer, other)[0] >> 6, 0);
}

TEST(ChunkWriterTest, TimesThatNeedThirtyTwoBitsGoWithEachChunk) {
  const Buffer payload(129);
  ChunkWriter writer;
  const Buffer out = Written(writer, Sound(0x01020304, payload));
  EXPECT_EQ(out.size(), 16u + 128 + 5 + 1);
  EXPECT_EQ(Buffer(out.begin() + 12, out.begin() + 16), (Buffer{1, 2, 3, 4}));
  EXPECT_EQ(Buffer(out.begin() + 144, out.begin() + 149), (Buffer{0xc3, 1, 2, 3, 4}));
  EXPECT_EQ(Written(writer, Sound(0x01020318, payload)).size(), 4u + 128 + 1 + 1);
}

TEST(ChunkWriterTest, ASetChunkSizeThatIsWrittenHolds) {
  ChunkWriter writer;
  std::array<std::uint8_t, 4> size{};
  ASSERT_TRUE(SetChunkSize{{1000}}.Write(size));
  Written(writer, {2, SetChunkSize::kType, 0, 0, size});
  EXPECT_EQ(writer.chunk_size(), 1000u);
  EXPECT_EQ(Written(writer, Sound(0, Buffer(1000))).size(), 1012u);
  EXPECT_EQ(Written(writer, Sound(0, Buffer(1001))).size(), 8u + 1002);
}

TEST(ChunkWriterTest, APayloadInTwoPartsIsThatOfOne) {
  Buffer payload(700);
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::uint8_t>(i * 3);
  ChunkWriter writer;
  const Buffer whole = Written(writer, Sound(1, payload));
  for (std::size_t at = 0; at <= payload.size(); ++at) {
    ChunkWriter parts;
    EXPECT_EQ(Written(parts, Sound(1, Bytes(payload).first(at)), Bytes(payload).subspan(at)), whole);
  }
}

TEST(ChunkWriterTest, WhatCannotBeWrittenIsNotAndChangesNothing) {
  const Buffer payload(3), large(kMaxMessageSize + 1);
  Buffer room(large.size() * 2, 0xee);
  ChunkWriter writer;
  const std::array<std::uint8_t, 4> zero{};
  for (const Message& message :
       {Message{0, MessageType::kAudio, 1, 0, payload}, Message{1, MessageType::kAudio, 1, 0, payload},
        Message{kMaxChunkStreamId + 1, MessageType::kAudio, 1, 0, payload},
        Message{3, MessageType::kAudio, 1, 0, large}, Message{2, MessageType::kSetChunkSize, 0, 0, payload},
        Message{2, MessageType::kSetChunkSize, 0, 0, zero}}) {
    EXPECT_EQ(writer.WireSize(message), 0u);
    EXPECT_EQ(writer.Write(message, room), 0u);
  }
  EXPECT_EQ(writer.WireSize(Sound(0, payload), Bytes(large).first(kMaxMessageSize - 2)), 0u);
  EXPECT_EQ(writer.Write(Sound(0, payload), std::span(room).first(14)), 0u);
  EXPECT_EQ(room, Buffer(room.size(), 0xee));
  EXPECT_EQ(Written(writer, Sound(0, payload))[0] >> 6, 0);  // still the first
  for (std::uint32_t id = 4; id < 4 + 63; ++id) Written(writer, {id, MessageType::kAudio, 1, 0, payload});
  EXPECT_EQ(writer.WireSize({100, MessageType::kAudio, 1, 0, payload}), 0u);  // the 65th
  EXPECT_GT(writer.WireSize(Sound(1, payload)), 0u);
}

TEST(ChunkWriterTest, WhatAWriterWritesAReaderReadsHoweverItIsCut) {
  std::mt19937 random(7);
  const auto pick = [&](std::uint32_t most) { return std::uniform_int_distribution<std::uint32_t>(0, most)(random); };
  Buffer bytes(5000);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  for (int round = 0; round < 200; ++round) {
    ChunkWriter writer;
    std::vector<Message> sent;
    Buffer wire;
    std::uint32_t time = pick(1) * 0xfffff000;
    std::vector<std::array<std::uint8_t, 4>> sizes(50);
    for (std::uint32_t i = 0; i < 50; ++i) {
      constexpr std::array<std::uint32_t, 6> kIds = {3, 4, 63, 64, 320, 65'599};
      const std::size_t length = pick(3) == 0 ? pick(4000) : pick(300);
      time += pick(3) == 0 ? pick(0x1fffffff) : pick(40);
      Message message = {kIds[pick(5)], static_cast<MessageType>(8 + pick(1)), pick(1), time,
                         Bytes(bytes).subspan(pick(1000), length)};
      if (pick(9) == 0) {
        StoreU32(sizes[i].data(), 1 + pick(500));
        message = {2, MessageType::kSetChunkSize, 0, time, sizes[i]};
      }
      const Buffer out = Written(writer, message);
      wire.insert(wire.end(), out.begin(), out.end());
      sent.push_back(message);
    }
    Buffer storage(4001);
    ChunkReader reader(storage, {.max_message_size = 4001});
    std::size_t at = 0;
    for (Bytes rest = wire; !rest.empty();) {
      const Bytes some = rest.first(std::min<std::size_t>(rest.size(), 1 + pick(700)));
      reader.Read(some, [&](const Message& message) {
        ASSERT_LT(at, sent.size());
        EXPECT_EQ(message.chunk_stream_id, sent[at].chunk_stream_id);
        EXPECT_EQ(message.type, sent[at].type);
        EXPECT_EQ(message.stream_id, sent[at].stream_id);
        EXPECT_EQ(message.timestamp, sent[at].timestamp);
        EXPECT_TRUE(std::ranges::equal(message.payload, sent[at].payload));
        ++at;
      });
      rest = rest.subspan(some.size());
    }
    EXPECT_EQ(at, sent.size());
    EXPECT_EQ(reader.Finish(), ChunkError::kNone);
    EXPECT_EQ(reader.chunk_size(), writer.chunk_size());
  }
}

TEST(ChunkWriterTest, WritingTakesNoHeap) {
  const Buffer payload(700);
  Buffer out(1000);
  const mediacore::testing::HeapWatch heap;
  ChunkWriter writer;
  for (std::uint32_t time = 0; time < 100; ++time) EXPECT_GT(writer.Write(Sound(time, payload), out), 0u);
  EXPECT_EQ(heap.allocations(), 0u);
}

}  // namespace
}  // namespace mediacore::rtmp
