#include "mediacore/rtmp/chunk_reader.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"

namespace mediacore::rtmp {
namespace {

using Buffer = std::vector<std::uint8_t>;

// The example of section 5.3.2.1: four messages of sound, 32 bytes each, 20 ms apart.
constexpr auto Example1() {
  std::array<std::uint8_t, 44 + 36 + 33 + 33> bytes{};
  std::size_t at = 0;
  const auto put = [&](std::initializer_list<int> header) {
    for (const int byte : header) bytes[at++] = static_cast<std::uint8_t>(byte);
    at += 32;
  };
  put({0x03, 0, 0x03, 0xe8, 0, 0, 32, 8, 0x39, 0x30, 0, 0});  // 1000, stream 12345
  put({0x83, 0, 0, 20});
  put({0xc3});
  put({0xc3});
  return bytes;
}
constexpr bool ReadsTheExample() {
  constexpr auto bytes = Example1();
  std::array<std::uint8_t, 100> storage{};
  ChunkReader reader(storage, {.max_message_size = 100});
  std::uint32_t time = 1000;
  int messages = 0;
  reader.Read(bytes, [&](const Message& message) {
    messages += message.chunk_stream_id == 3 && message.type == MessageType::kAudio && message.stream_id == 12345 &&
                message.timestamp == time && message.payload.size() == 32 && message.payload.data() >= bytes.data() &&
                message.payload.data() < bytes.data() + bytes.size();
    time += 20;
  });
  return messages == 4 && reader.Finish() == ChunkError::kNone && reader.received() == bytes.size();
}
static_assert(ReadsTheExample());

struct Outcome {
  struct Got {
    std::uint32_t chunk_stream_id = 0;
    int type = 0;
    std::uint32_t stream_id = 0;
    std::uint32_t timestamp = 0;
    Buffer payload;
    bool operator==(const Got&) const = default;
  };
  std::vector<Got> messages;
  ChunkError error = ChunkError::kNone;
  std::uint64_t offset = 0;
  std::uint64_t received = 0;
  std::uint32_t chunk_size = 0;
  bool operator==(const Outcome&) const = default;
};
struct Limits {
  std::size_t storage = 4000;
  ChunkReader::Config config = {.max_message_size = 1000};
};
Outcome Read(Bytes bytes, std::size_t split, const Limits& limits) {
  Buffer storage(limits.storage);
  ChunkReader reader(storage, limits.config);
  Outcome outcome;
  for (Bytes rest = bytes; !rest.empty();) {
    // Bytes of their own, so that reading past them is seen.
    const Buffer some(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min(split, rest.size())));
    reader.Read(some, [&](const Message& message) {
      outcome.messages.push_back({message.chunk_stream_id, static_cast<int>(message.type), message.stream_id,
                                  message.timestamp, Buffer(message.payload.begin(), message.payload.end())});
    });
    rest = rest.subspan(some.size());
  }
  outcome.error = reader.Finish();
  outcome.offset = reader.offset();
  if (outcome.error == ChunkError::kNone) outcome.received = reader.received();
  outcome.chunk_size = reader.chunk_size();
  return outcome;
}
Outcome ReadAnySplit(Bytes bytes, const Limits& limits = {}) {
  const Outcome whole = Read(bytes, bytes.size() + 1, limits);
  for (std::size_t split = 1; split <= bytes.size(); ++split) {
    EXPECT_TRUE(Read(bytes, split, limits) == whole) << "in pieces of " << split;
  }
  return whole;
}

// Bytes as they are on the wire.
struct Wire {
  Buffer bytes;
  Wire& Put(const Buffer& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }
  Wire& Fill(std::size_t count, std::uint8_t value = 0xaa) {
    bytes.insert(bytes.end(), count, value);
    return *this;
  }
  // Headers of fmt 0 and 1, short id.
  Wire& Full(std::uint8_t id, std::uint32_t time, std::uint32_t length, std::uint8_t type = 8,
             std::uint8_t stream = 1) {
    return Put({id}).Number(time).Number(length).Put({type, stream, 0, 0, 0});
  }
  Wire& Same(std::uint8_t id, std::uint32_t delta, std::uint32_t length, std::uint8_t type = 8) {
    return Put({static_cast<std::uint8_t>(0x40 | id)}).Number(delta).Number(length).Put({type});
  }
  Wire& Number(std::uint32_t u24) {
    return Put(
        {static_cast<std::uint8_t>(u24 >> 16), static_cast<std::uint8_t>(u24 >> 8), static_cast<std::uint8_t>(u24)});
  }
  Wire& SetChunkSize(std::uint32_t size) {
    return Full(2, 0, 4, 1, 0).Put({static_cast<std::uint8_t>(size >> 24)}).Number(size & 0xffffff);
  }
};

TEST(ChunkReaderTest, AMessageLongerThanAChunkIsPutTogether) {
  // The example of section 5.3.2.2: 307 bytes of video in chunks of 128.
  Wire wire;
  wire.Full(4, 1000, 307, 9).Fill(128, 1).Put({0xc4}).Fill(128, 2).Put({0xc4}).Fill(51, 3);
  const Outcome outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  ASSERT_EQ(outcome.messages.size(), 1u);
  EXPECT_EQ(outcome.messages[0].payload.size(), 307u);
  EXPECT_EQ(outcome.messages[0].payload[127], 1);
  EXPECT_EQ(outcome.messages[0].payload[128], 2);
  EXPECT_EQ(outcome.messages[0].payload[306], 3);
}

TEST(ChunkReaderTest, MessagesOfSeveralChunkStreamsAreInterleaved) {
  Wire wire;
  wire.Full(6, 0, 200, 9).Fill(128, 1);
  wire.Full(4, 5, 130, 8).Fill(128, 2);
  wire.Put({0xc6}).Fill(72, 3).Put({0xc4}).Fill(2, 4);
  const Outcome outcome = ReadAnySplit(wire.bytes);
  ASSERT_EQ(outcome.messages.size(), 2u);
  EXPECT_EQ(outcome.messages[0].chunk_stream_id, 6u);
  EXPECT_EQ(outcome.messages[0].payload[199], 3);
  EXPECT_EQ(outcome.messages[1].payload[129], 4);
}

TEST(ChunkReaderTest, EachCauseOfRefusalHasItsNameAndItsPlace) {
  Wire wire;
  wire.Full(3, 0, 1).Fill(1).Full(4, 0, 1).Fill(1).Full(5, 0, 1).Fill(1);
  Outcome outcome = ReadAnySplit(wire.bytes, {.config = {.max_message_size = 10, .max_chunk_streams = 2}});
  EXPECT_EQ(outcome.error, ChunkError::kTooManyChunkStreams);
  EXPECT_EQ(outcome.offset, 26u);
  EXPECT_EQ(outcome.messages.size(), 2u);

  EXPECT_EQ(ReadAnySplit(Wire().Put({0xc3, 1}).bytes).error, ChunkError::kNoHeader);
  EXPECT_EQ(ReadAnySplit(Wire().Put({0x83, 0, 0, 1}).bytes).error, ChunkError::kNoHeader);

  wire = Wire();
  wire.Full(3, 0, 200).Fill(128);
  const Buffer begun = wire.bytes;
  outcome = ReadAnySplit(Wire().Put(begun).Full(3, 0, 201).Fill(72).bytes);
  EXPECT_EQ(outcome.error, ChunkError::kMessageChanged);  // CVE-2016-10191
  EXPECT_EQ(outcome.offset, 140u);
  EXPECT_EQ(ReadAnySplit(Wire().Put(begun).Same(3, 0, 2).Fill(72).bytes).error, ChunkError::kMessageChanged);
  EXPECT_EQ(ReadAnySplit(Wire().Put(begun).Full(3, 0, 200, 9).Fill(72).bytes).error, ChunkError::kMessageChanged);

  EXPECT_EQ(ReadAnySplit(Wire().Full(3, 0, 1001).Fill(10).bytes).error, ChunkError::kMessageTooLarge);

  wire = Wire();
  for (std::uint8_t id = 3; id < 8; ++id) wire.Full(id, 0, 200).Fill(128);
  outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kTooManyOpen);  // there is room for four
  EXPECT_EQ(outcome.offset, 4u * 140);

  EXPECT_EQ(ReadAnySplit(Wire().SetChunkSize(0).bytes).error, ChunkError::kBadChunkSize);
  EXPECT_EQ(ReadAnySplit(Wire().SetChunkSize(0x80000000).bytes).error, ChunkError::kBadChunkSize);
  EXPECT_EQ(ReadAnySplit(Wire().Full(2, 0, 3, 1, 0).Fill(3, 0).bytes).error, ChunkError::kBadChunkSize);
  EXPECT_EQ(ReadAnySplit(Wire().Full(2, 0, 3, 2, 0).Fill(3, 0).bytes).error, ChunkError::kBadAbort);
  EXPECT_EQ(ReadAnySplit(begun).error, ChunkError::kTruncated);
  EXPECT_EQ(ReadAnySplit(Buffer{0x03, 0}).error, ChunkError::kTruncated);
  EXPECT_EQ(ReadAnySplit({}).error, ChunkError::kNone);
  EXPECT_EQ(ToString(ChunkError::kMessageChanged), "rtmp: message changed");
  EXPECT_EQ(ToString(ChunkError::kNone), "rtmp: no error");
}

TEST(ChunkReaderTest, NothingIsReadBehindAnError) {
  Buffer storage(100);
  ChunkReader reader(storage, {.max_message_size = 100});
  int messages = 0;
  reader.Read(Buffer{0xc3}, [&](const Message&) { ++messages; });
  reader.Read(Wire().Full(3, 0, 1).Fill(1).bytes, [&](const Message&) { ++messages; });
  EXPECT_EQ(messages, 0);
  EXPECT_EQ(reader.Finish(), ChunkError::kNoHeader);
}

TEST(ChunkReaderTest, AWholeMessageNeedsAFreePlaceToo) {
  // However it is cut: where it is not, it is not put together.
  const Limits one = {.storage = 1000, .config = {.max_message_size = 1000}};
  EXPECT_EQ(ReadAnySplit(Wire().Full(3, 0, 200).Fill(128).Full(4, 0, 1).Fill(1).bytes, one).error,
            ChunkError::kTooManyOpen);
  EXPECT_EQ(ReadAnySplit(Wire().Full(3, 0, 200).Fill(128).Full(4, 0, 0).Put({0xc3}).Fill(72).bytes, one).error,
            ChunkError::kNone);  // nothing needs none
  EXPECT_EQ(
      ReadAnySplit(Wire().Full(4, 0, 1).Fill(1).bytes, {.storage = 999, .config = {.max_message_size = 1000}}).error,
      ChunkError::kTooManyOpen);
}

TEST(ChunkReaderTest, ChunkSizesHoldFromTheNextChunkOn) {
  Wire wire;
  wire.Full(3, 0, 300)
      .Fill(128, 1)
      .SetChunkSize(100)
      .Put({0xc3})
      .Fill(100, 2)
      .SetChunkSize(0x7fffffff)
      .Put({0xc3})
      .Fill(72, 3);
  const Outcome outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  ASSERT_EQ(outcome.messages.size(), 3u);
  EXPECT_EQ(outcome.messages[0].type, 1);
  EXPECT_EQ(outcome.messages[2].payload.size(), 300u);
  EXPECT_EQ(outcome.messages[2].payload[227], 2);
  EXPECT_EQ(outcome.messages[2].payload[228], 3);
  EXPECT_EQ(outcome.chunk_size, 0xffffffu);
}

TEST(ChunkReaderTest, AnAbortForgetsWhatHasCome) {
  Wire wire;
  wire.Full(3, 0, 200).Fill(128, 1);
  wire.Full(2, 0, 4, 2, 0).Put({0, 0, 0, 3});
  wire.Put({0xc3}).Fill(128, 2).Put({0xc3}).Fill(72, 3);
  wire.Put({0x02}).Number(0).Number(4).Put({2, 0, 0, 0, 0}).Put({0, 0, 0, 99});  // of a stream that is none
  const Outcome outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  ASSERT_EQ(outcome.messages.size(), 3u);
  EXPECT_EQ(outcome.messages[0].type, 2);
  EXPECT_EQ(outcome.messages[1].payload[0], 2);
}

TEST(ChunkReaderTest, ChunkStreamIdsHaveOneTwoOrThreeBytes) {
  Wire wire;
  const Buffer rest = {0, 0, 0, 0, 0, 1, 8, 1, 0, 0, 0, 0xaa};
  wire.Put({63}).Put(rest);
  wire.Put({0, 0}).Put(rest).Put({0xc0, 0, 0xbb});
  wire.Put({0, 255}).Put(rest);
  wire.Put({1, 0, 1}).Put(rest);
  wire.Put({1, 255, 255}).Put(rest).Put({0xc1, 255, 255, 0xcc});
  wire.Put({0xc1, 0, 0, 0xdd});  // 64 again, in the longer form
  const Outcome outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  std::vector<std::uint32_t> ids;
  for (const auto& message : outcome.messages) ids.push_back(message.chunk_stream_id);
  EXPECT_EQ(ids, (std::vector<std::uint32_t>{63, 64, 64, 319, 320, 65'599, 65'599, 64}));
}

TEST(ChunkReaderTest, TimesAddUpAndGoRound) {
  Wire wire;
  wire.Full(3, 100, 1).Fill(1);                            // 100
  wire.Put({0xc3}).Fill(1);                                // and as much again: section 5.3.1.2.4
  wire.Same(3, 7, 1).Fill(1).Put({0xc3}).Fill(1);          // + 7, + 7
  wire.Put({0x83}).Number(9).Fill(1).Put({0xc3}).Fill(1);  // + 9, + 9
  wire.Full(3, 0xffffff, 1).Put({0xff, 0xff, 0xff, 0xf0}).Fill(1);
  wire.Put({0x83}).Number(0x20).Fill(1);
  wire.Put({0x83}).Number(0xffffff).Put({0x80, 0, 0, 0}).Fill(1).Put({0xc3, 0x80, 0, 0, 0}).Fill(1);
  const Outcome outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  std::vector<std::uint32_t> times;
  for (const auto& message : outcome.messages) times.push_back(message.timestamp);
  EXPECT_EQ(times, (std::vector<std::uint32_t>{100, 200, 207, 214, 223, 232, 0xfffffff0, 0x10, 0x80000010, 0x10}));
}

TEST(ChunkReaderTest, TheExtendedTimeIsTakenInsideOfAMessageWhereItIs) {
  const Buffer time = {0x01, 0x02, 0x03, 0x04};
  const auto message = [&](bool repeated, const Buffer& second) {
    Wire wire;
    wire.Full(3, 0xffffff, 128 + static_cast<std::uint32_t>(second.size())).Put(time).Fill(128, 1).Put({0xc3});
    if (repeated) wire.Put(time);
    wire.Put(second);
    wire.Full(5, 0, 1).Fill(1);
    const Outcome outcome = ReadAnySplit(wire.bytes);
    EXPECT_EQ(outcome.error, ChunkError::kNone);
    EXPECT_EQ(outcome.messages.size(), 2u);
    if (outcome.messages.size() != 2) return Buffer();
    EXPECT_EQ(outcome.messages[0].timestamp, 0x01020304u);
    return Buffer(outcome.messages[0].payload.begin() + 128, outcome.messages[0].payload.end());
  };
  // Payload that looks like some of it is payload.
  for (const Buffer& second :
       {Buffer{9}, {1}, {1, 2}, {1, 2, 3}, {1, 2, 3, 5}, {1, 1}, {9, 9, 9, 9, 9}, {1, 2, 3, 9, 9}}) {
    EXPECT_EQ(message(true, second), second);
    EXPECT_EQ(message(false, second), second);
  }
}

TEST(ChunkReaderTest, AFirstChunkMayLeaveOutTheMessageStream) {
  // librtmp's ping.
  const Outcome outcome = ReadAnySplit(Wire().Same(2, 5, 6, 4).Put({0, 7, 0, 0, 0, 1}).bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  ASSERT_EQ(outcome.messages.size(), 1u);
  EXPECT_EQ(outcome.messages[0].stream_id, 0u);
  EXPECT_EQ(outcome.messages[0].timestamp, 5u);
}

TEST(ChunkReaderTest, AnotherHeaderInsideOfAMessageMayRepeatWhatItIs) {
  Wire wire;
  wire.Full(3, 10, 300).Fill(128).Same(3, 0, 300).Fill(128).Put({0x83}).Number(0).Fill(44);
  const Outcome outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  ASSERT_EQ(outcome.messages.size(), 1u);
  EXPECT_EQ(outcome.messages[0].timestamp, 10u);
}

TEST(ChunkReaderTest, SixtyFourMessagesMayBeOpen) {
  Wire wire;
  for (std::uint8_t id = 2; id < 64; ++id) wire.Full(id, 0, 129).Fill(128, id);
  wire.Put({0, 0}).Put({0, 0, 0, 0, 0, 129, 8, 1, 0, 0, 0}).Fill(128, 64);
  wire.Put({0, 1}).Put({0, 0, 0, 0, 0, 129, 8, 1, 0, 0, 0}).Fill(128, 65);
  Buffer full = wire.bytes;
  for (std::uint8_t id = 2; id < 64; ++id) wire.Put({static_cast<std::uint8_t>(0xc0 | id), id});
  wire.Put({0xc0, 0, 64}).Put({0xc0, 1, 65});
  const Limits limits = {.storage = 64 * 129, .config = {.max_message_size = 129}};
  const Outcome outcome = Read(wire.bytes, 1000, limits);
  EXPECT_TRUE(Read(wire.bytes, 1, limits) == outcome);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  ASSERT_EQ(outcome.messages.size(), 64u);
  for (const auto& message : outcome.messages) {
    EXPECT_EQ(message.payload, Buffer(129, static_cast<std::uint8_t>(message.chunk_stream_id)));
  }
  full.insert(full.end(), {0, 2});
  full.insert(full.end(), 12, std::uint8_t{0});
  EXPECT_EQ(Read(full, 1000, limits).error, ChunkError::kTooManyChunkStreams);
}

TEST(ChunkReaderTest, ChunkStreamsWithLongIdsAreToldApartHoweverManyThereAre) {
  Wire wire;
  std::vector<std::uint32_t> ids;
  for (std::uint32_t i = 0; i < kMaxChunkStreams; ++i) ids.push_back(64 + i * 1040);
  const auto put_id = [&wire](int format, std::uint32_t id) {
    const std::uint32_t behind = id - 64;
    wire.Put({static_cast<std::uint8_t>(format << 6 | 1), static_cast<std::uint8_t>(behind),
              static_cast<std::uint8_t>(behind >> 8)});
  };
  for (const std::uint32_t id : ids) {
    put_id(0, id);
    wire.Put({0, 0, 0, 0, 0, 1, 8, 1, 0, 0, 0, static_cast<std::uint8_t>(id)});
  }
  for (const std::uint32_t id : ids) {
    put_id(3, id);
    wire.Put({static_cast<std::uint8_t>(id)});
  }
  const Outcome outcome = ReadAnySplit(wire.bytes);
  EXPECT_EQ(outcome.error, ChunkError::kNone);
  ASSERT_EQ(outcome.messages.size(), 2 * kMaxChunkStreams);
  for (std::size_t i = 0; i < outcome.messages.size(); ++i) {
    EXPECT_EQ(outcome.messages[i].chunk_stream_id, ids[i % ids.size()]);
    EXPECT_EQ(outcome.messages[i].payload, Buffer(1, static_cast<std::uint8_t>(ids[i % ids.size()])));
  }
  put_id(0, 64 + 1);
  wire.Put({0, 0, 0, 0, 0, 1, 8, 1, 0, 0, 0, 7});
  EXPECT_EQ(ReadAnySplit(wire.bytes).error, ChunkError::kTooManyChunkStreams);
}

TEST(ChunkReaderTest, NoByteOfTheStorageIsTouchedBeforeOneCame) {
  Buffer storage(4000, 0xee);
  ChunkReader reader(storage, {.max_message_size = 1000});
  Wire wire;
  for (std::uint8_t id = 3; id < 6; ++id) wire.Full(id, 0, 1000).Fill(10, 1);
  // All three claim a thousand bytes and bring ten: the third of a chunk's.
  reader.Read(Bytes(wire.bytes).first(22), [](const Message&) {});
  EXPECT_EQ(std::count(storage.begin(), storage.end(), 0xee), 3990);
}

TEST(ChunkReaderTest, ReadingTakesNoHeap) {
  Wire wire;
  wire.Full(6, 0, 200, 9).Fill(128, 1).Full(4, 5, 130, 8).Fill(128, 2).Put({0xc6}).Fill(72, 3).Put({0xc4}).Fill(2, 4);
  Buffer storage(1000);
  const mediacore::testing::HeapWatch heap;
  ChunkReader reader(storage, {.max_message_size = 500});
  std::size_t bytes = 0;
  for (const std::uint8_t& byte : wire.bytes)
    reader.Read({&byte, 1}, [&](const Message& m) { bytes += m.payload.size(); });
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_EQ(bytes, 330u);
  EXPECT_LT(sizeof(ChunkReader), 2500u);
}

}  // namespace
}  // namespace mediacore::rtmp
