#include "mediacore/rtmp/chunk_reader.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/rtmp/chunk_writer.h"

namespace mediacore::rtmp {
namespace {

constexpr std::size_t kPicture = 12'500;  // 3 Mbit/s at 30 a second
constexpr std::size_t kSound = 340;

// As a program publishes: after each picture the sound beside it, 80 of both.
std::vector<std::uint8_t> Published(std::uint32_t chunk_size) {
  const std::vector<std::uint8_t> media(kPicture, 0x5a);
  ChunkWriter writer;
  std::vector<std::uint8_t> out;
  const auto add = [&](const Message& message) {
    const std::size_t at = out.size();
    out.resize(at + writer.WireSize(message));
    writer.Write(message, MutableBytes(out).subspan(at));
  };
  std::array<std::uint8_t, 4> size{};
  StoreU32(size.data(), chunk_size);
  add({2, MessageType::kSetChunkSize, 0, 0, size});
  for (std::uint32_t i = 0; i < 80; ++i) {
    add({6, MessageType::kVideo, 1, i * 33, media});
    add({4, MessageType::kAudio, 1, i * 33 + 5, Bytes(media).first(kSound)});
  }
  return out;
}

// Chunks of the first argument's size, in pieces of the second's.
void BM_ChunkReader(benchmark::State& state) {
  const std::vector<std::uint8_t> chunks = Published(static_cast<std::uint32_t>(state.range(0)));
  const auto piece = static_cast<std::size_t>(state.range(1));
  std::vector<std::uint8_t> storage(40'000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    ChunkReader reader(storage, {.max_message_size = 20'000});
    std::size_t bytes = 0;
    for (Bytes rest = chunks; !rest.empty();) {
      const Bytes some = rest.first(std::min(piece, rest.size()));
      reader.Read(some, [&](const Message& message) { bytes += message.payload.size(); });
      rest = rest.subspan(some.size());
    }
    if (bytes != 4 + 80 * (kPicture + kSound)) mediacore::bench::Fail(state, "lost media");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(80 * (kPicture + kSound)));
  state.SetItemsProcessed(state.iterations() * 160);
}
BENCHMARK(BM_ChunkReader)
    ->ArgNames({"chunk", "piece"})
    ->Args({65'536, 1'000'000})
    ->Args({65'536, 65'536})
    ->Args({65'536, 1'460})
    ->Args({4'096, 1'000'000})
    ->Args({4'096, 1'460})
    ->Args({128, 1'000'000})
    ->Args({128, 1'460});

void BM_ChunkReaderRefusesAChangedMessage(benchmark::State& state) {
  std::vector<std::uint8_t> chunks = {3, 0, 0, 0, 0, 0, 200, 8, 1, 0, 0, 0};
  chunks.resize(chunks.size() + 128);
  chunks.insert(chunks.end(), {3, 0, 0, 0, 0, 1, 0, 8, 1, 0, 0, 0});
  std::vector<std::uint8_t> storage(1000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    ChunkReader reader(storage, {.max_message_size = 500});
    reader.Read(chunks, [](const Message&) {});
    if (reader.error() != ChunkError::kMessageChanged) mediacore::bench::Fail(state, "not refused");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ChunkReaderRefusesAChangedMessage);

// The most headers for the fewest bytes: messages of one byte, of which each repeats the
// header before.
void BM_ChunkReaderOfTheSmallestMessages(benchmark::State& state) {
  std::vector<std::uint8_t> chunks = {3, 0, 0, 0, 0, 0, 1, 8, 1, 0, 0, 0, 0xaa};
  for (int i = 0; i < 5000; ++i) chunks.insert(chunks.end(), {0xc3, 0xaa});
  std::vector<std::uint8_t> storage(1000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    ChunkReader reader(storage, {.max_message_size = 500});
    std::size_t bytes = 0;
    reader.Read(chunks, [&](const Message& message) { bytes += message.payload.size(); });
    if (bytes != 5001) mediacore::bench::Fail(state, "lost bytes");
  }
  state.SetItemsProcessed(state.iterations() * 5001);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(chunks.size()));
}
BENCHMARK(BM_ChunkReaderOfTheSmallestMessages);

// The same of the last of 64 chunk streams, whose id has three bytes.
void BM_ChunkReaderOfTheLastOfManyChunkStreams(benchmark::State& state) {
  std::vector<std::uint8_t> chunks;
  for (std::uint8_t id = 0; id < kMaxChunkStreams; ++id) {
    chunks.insert(chunks.end(), {1, id, 1, 0, 0, 0, 0, 0, 0, 8, 1, 0, 0, 0});
  }
  for (int i = 0; i < 5000; ++i) chunks.insert(chunks.end(), {0xc1, kMaxChunkStreams - 1, 1});
  std::vector<std::uint8_t> storage(1000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    ChunkReader reader(storage, {.max_message_size = 500});
    std::size_t messages = 0;
    reader.Read(chunks, [&](const Message&) { ++messages; });
    if (messages != kMaxChunkStreams + 5000) mediacore::bench::Fail(state, "lost messages");
  }
  state.SetItemsProcessed(state.iterations() * 5064);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(chunks.size()));
}
BENCHMARK(BM_ChunkReaderOfTheLastOfManyChunkStreams);

}  // namespace
}  // namespace mediacore::rtmp
