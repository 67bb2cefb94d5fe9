#include "mediacore/rtmp/amf0.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "librtmp_peer.h"

namespace mediacore::rtmp {
namespace {

// What ffmpeg says of a stream of H.264 and AAC.
void Describe(Amf0Writer& writer) {
  writer.BeginEcmaArray(13);
  writer.Number("duration", 0);
  writer.Number("width", 1280);
  writer.Number("height", 720);
  writer.Number("videodatarate", 2929.6875);
  writer.Number("framerate", 30);
  writer.Number("videocodecid", 7);
  writer.Number("audiodatarate", 125);
  writer.Number("audiosamplerate", 48'000);
  writer.Number("audiosamplesize", 16);
  writer.Boolean("stereo", true);
  writer.Number("audiocodecid", 10);
  writer.String("encoder", "Lavf59.27.100");
  writer.Number("filesize", 0);
  writer.End();
}
std::vector<std::uint8_t> MetaData() {
  std::vector<std::uint8_t> out(1000);
  Amf0Writer writer(out);
  Describe(writer);
  out.resize(writer.values().size());
  return out;
}

void BM_Amf0Read(benchmark::State& state) {
  const std::vector<std::uint8_t> bytes = MetaData();
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    Amf0Reader reader(bytes);
    double sum = 0;
    for (Amf0Event event; reader.Next(event);) sum += event.number;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 13);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(BM_Amf0Read);

void BM_Amf0FindNumber(benchmark::State& state) {
  const std::vector<std::uint8_t> bytes = MetaData();
  ByteReader reader(bytes);
  const auto value = Amf0Value::TakeFrom(reader);
  if (!value) return mediacore::bench::Fail(state, "refused");
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    double rate = 0;
    if (!value->FindNumber("framerate", rate)) mediacore::bench::Fail(state, "not found");
    benchmark::DoNotOptimize(rate);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Amf0FindNumber);

void BM_Amf0Write(benchmark::State& state) {
  std::vector<std::uint8_t> out(1000);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    Amf0Writer writer(out);
    Describe(writer);
    if (!writer.ok()) mediacore::bench::Fail(state, "refused");
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * 13);
}
BENCHMARK(BM_Amf0Write);

// Objects in one another up to the limit and one more.
void BM_Amf0RefusesTooDeep(benchmark::State& state) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i <= kAmf0MaxDepth; ++i) bytes.insert(bytes.end(), {3, 0, 1, 'a'});
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    Amf0Reader reader(bytes);
    for (Amf0Event event; reader.Next(event);) continue;
    if (reader.error() != Amf0Error::kTooDeep) mediacore::bench::Fail(state, "not refused");
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(BM_Amf0RefusesTooDeep);

#ifdef MEDIACORE_HAVE_LIBRTMP
// librtmp makes a tree of the same bytes, on the heap.
void BM_Amf0ReadAgainstLibrtmp(benchmark::State& state) {
  const std::vector<std::uint8_t> bytes = MetaData();
  double ours = 0;
  double theirs = 0;
  mediacore::bench::CompareWithPeer(
      state,
      [&] {
        ours = 0;
        Amf0Reader reader(bytes);
        for (Amf0Event event; reader.Next(event);) ours += event.number;
      },
      [&] { theirs = bench::SumOfNumbers(bytes); });
  if (ours != theirs) mediacore::bench::Fail(state, "not the same numbers");
}
BENCHMARK(BM_Amf0ReadAgainstLibrtmp)->Iterations(20);
#endif

}  // namespace
}  // namespace mediacore::rtmp
