#include "mediacore/rtmp/chunk_writer.h"

#include <deque>
#include <vector>

#include "../support/input.h"

// Messages of any kind, times that jump, sizes of chunks that change: a reader gets what
// was written, in the bytes that the writer said it would take. What a writer refuses
// changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtmp;
  fuzz::Input input(data, size);
  ChunkWriter writer;
  std::deque<std::vector<std::uint8_t>> payloads;
  std::vector<Message> sent;
  std::vector<std::uint8_t> chunks;
  std::uint32_t time = 0;
  while (!input.empty() && sent.size() < 200) {
    const std::uint8_t kind = input.U8();
    constexpr std::uint32_t kIds[] = {2, 3, 63, 64, 319, 320, kMaxChunkStreamId, 1};
    Message message;
    message.chunk_stream_id = kind % 16 == 15 ? 66u + input.U8() : kIds[kind % 8];
    message.type = static_cast<MessageType>(kind >> 4);
    message.stream_id = input.U8() % 2 * 0x01020304u;
    const std::uint8_t jump = input.U8();
    time += jump < 200 ? jump % 4 * 20u : jump < 250 ? std::uint32_t{jump} << 18 : 0u - jump;
    message.timestamp = time;
    auto& payload =
        payloads.emplace_back(message.type == MessageType::kSetChunkSize ? 4u : input.U8() * 3u, input.U8());
    if (message.type == MessageType::kSetChunkSize) {
      StoreU32(payload.data(), std::uint32_t{input.U8()} << (input.U8() % 32));
    } else if (message.type == MessageType::kAbort && payload.size() < 4) {
      payload.resize(4);
    }
    message.payload = payload;
    const std::size_t split = message.type == MessageType::kSetChunkSize ? payload.size() : payload.size() / 3;
    Message head = message;
    head.payload = message.payload.first(split);
    const Bytes more = message.payload.subspan(split);
    const std::uint32_t chunk_size = writer.chunk_size();
    const std::size_t wanted = writer.WireSize(head, more);
    FUZZ_CHECK(wanted == writer.WireSize(message));
    const std::size_t end = chunks.size();
    chunks.resize(end + wanted);
    if (wanted > 0) FUZZ_CHECK(writer.Write(head, MutableBytes(chunks).subspan(end, wanted - 1), more) == 0);
    FUZZ_CHECK(writer.Write(head, MutableBytes(chunks).subspan(end), more) == wanted);
    if (wanted == 0) continue;
    FUZZ_CHECK(wanted > payload.size() && wanted <= 19 + payload.size() * (chunk_size < 8 ? 8 : 2));
    sent.push_back(message);
  }
  std::vector<std::uint8_t> storage(1000);
  ChunkReader reader(storage, {.max_message_size = 1000});
  std::size_t at = 0;
  for (std::size_t from = 0, piece = 1; from < chunks.size(); from += piece, piece = piece % 300 + 1) {
    reader.Read(Bytes(chunks).subspan(from, std::min(piece, chunks.size() - from)), [&](const Message& message) {
      FUZZ_CHECK(at < sent.size());
      const Message& wanted = sent[at++];
      FUZZ_CHECK(message.chunk_stream_id == wanted.chunk_stream_id && message.type == wanted.type);
      FUZZ_CHECK(message.stream_id == wanted.stream_id && message.timestamp == wanted.timestamp);
      FUZZ_CHECK(std::ranges::equal(message.payload, wanted.payload));
    });
  }
  FUZZ_CHECK(reader.Finish() == ChunkError::kNone && at == sent.size());
  FUZZ_CHECK(reader.chunk_size() == writer.chunk_size());
  return 0;
}
