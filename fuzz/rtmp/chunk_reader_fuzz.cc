#include "mediacore/rtmp/chunk_reader.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/rtmp/chunk_writer.h"

namespace {

using namespace mediacore;
using namespace mediacore::rtmp;

struct Got {
  Message about;
  std::vector<std::uint8_t> payload;
};
bool Same(const Got& a, const Got& b) {
  return a.about.chunk_stream_id == b.about.chunk_stream_id && a.about.type == b.about.type &&
         a.about.stream_id == b.about.stream_id && a.about.timestamp == b.about.timestamp && a.payload == b.payload;
}
struct Outcome {
  std::vector<Got> messages;
  ChunkError error = ChunkError::kNone;
  std::uint64_t offset = 0;
  std::uint32_t chunk_size = 0;
};
constexpr ChunkReader::Config kConfig = {.max_message_size = 200, .max_chunk_streams = 6};

Outcome Read(Bytes bytes, std::size_t piece, std::vector<std::uint8_t>& storage) {
  Outcome outcome;
  ChunkReader reader(storage, kConfig);
  std::vector<std::uint8_t> room(std::min(piece, bytes.size()));
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    // A copy, so that a message said to be in it is, and not in what was given before.
    const Bytes some = bytes.subspan(at, std::min(piece, bytes.size() - at));
    std::copy(some.begin(), some.end(), room.begin());
    const Bytes copy = Bytes(room).first(some.size());
    reader.Read(copy, [&](const Message& message) {
      FUZZ_CHECK(message.payload.size() <= kConfig.max_message_size);
      const std::uint8_t* data = message.payload.data();
      FUZZ_CHECK(message.payload.empty() || (data >= copy.data() && data < copy.data() + copy.size()) ||
                 (data >= storage.data() && data + message.payload.size() <= storage.data() + storage.size()));
      outcome.messages.push_back({message, {message.payload.begin(), message.payload.end()}});
    });
    FUZZ_CHECK(reader.error() != ChunkError::kNone || reader.received() == at + some.size());
  }
  outcome.error = reader.Finish();
  outcome.offset = reader.offset();
  outcome.chunk_size = reader.chunk_size();
  FUZZ_CHECK(!ToString(outcome.error).empty() && reader.offset() <= bytes.size());
  return outcome;
}

}  // namespace

// Any bytes, cut anywhere: the same messages, the same error at the same place, no more
// bytes of payload than came. What was read, a writer writes so that it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> storage(3 * kConfig.max_message_size);
  const Bytes input(data, size);
  const Outcome whole = Read(input, size + 1, storage);
  std::size_t payload = 0;
  for (const Got& got : whole.messages) payload += got.payload.size();
  FUZZ_CHECK(payload + whole.messages.size() <= size);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    const Outcome cut = Read(input, piece, storage);
    FUZZ_CHECK(cut.error == whole.error && cut.offset == whole.offset && cut.chunk_size == whole.chunk_size);
    FUZZ_CHECK(std::ranges::equal(cut.messages, whole.messages, Same));
  }

  ChunkWriter writer;
  std::vector<std::uint8_t> chunks;
  for (const Got& got : whole.messages) {
    Message message = got.about;
    message.payload = got.payload;
    const std::size_t end = chunks.size();
    const std::size_t wanted = writer.WireSize(message);
    FUZZ_CHECK(wanted > message.payload.size());
    chunks.resize(end + wanted);
    FUZZ_CHECK(writer.Write(message, MutableBytes(chunks).subspan(end)) == wanted);
  }
  const Outcome again = Read(chunks, 13, storage);
  FUZZ_CHECK(again.error == ChunkError::kNone && std::ranges::equal(again.messages, whole.messages, Same));
  FUZZ_CHECK(again.chunk_size == writer.chunk_size());
  return 0;
}
