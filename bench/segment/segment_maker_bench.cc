#include "mediacore/segment/segment_maker.h"

#include <chrono>
#include <cstring>
#include <vector>

#include <benchmark/benchmark.h>

#include "../../tests/segment/source.h"
#include "../support/heap_count.h"
#include "mediacore/codec/avcc_writer.h"
#include "mediacore/codec/h264.h"

namespace mediacore::segment {
namespace {

// Bytes per second of copying as much, from one place to another.
double CopyRate(std::size_t size) {
  const std::vector<std::uint8_t> from(size, 0x55);
  std::vector<std::uint8_t> to(size);
  std::size_t copied = 0;
  const auto start = std::chrono::steady_clock::now();
  std::chrono::duration<double> passed{};
  do {
    std::memcpy(to.data(), from.data(), size);
    benchmark::ClobberMemory();
    copied += size;
    passed = std::chrono::steady_clock::now() - start;
  } while (passed.count() < 0.1);
  return static_cast<double>(copied) / passed.count();
}

// One segment of 100 pictures from the queue to bytes, again and again: how
// fast it is when the segment lies in a cache (1 MB) and when it does not.
void BM_SegmentMaker(benchmark::State& state) {
  const bool ts = state.range(0) == 1;
  const auto segment_bytes = static_cast<std::size_t>(state.range(1));
  constexpr std::size_t kPictures = 100;
  const std::size_t size = segment_bytes / kPictures;
  SampleQueue queue(segment_bytes, kPictures);
  for (std::size_t i = 0; i < kPictures; ++i) {
    std::uint8_t* to = queue.Reserve(size);
    std::memset(to, 0x55, size);
    StoreU32(to, static_cast<std::uint32_t>(size - 4));
    to[4] = i == 0 ? 0x65 : 0x41;
    queue.Push({.ticks = static_cast<std::int64_t>(i) * 3600,
                .size = static_cast<std::uint32_t>(size),
                .key = i == 0});
  }
  codec::ParameterSets sets;
  std::array<std::uint8_t, codec::AvccWriter::kMaxSize> avcc{};
  std::size_t avcc_size = 0;
  if (!sets.Store(testing::kSps240) || !sets.Store(testing::kPps240) ||
      !codec::AvccWriter(sets).Write(avcc, avcc_size)) {
    return state.SkipWithError("no format");
  }
  mux::TsWriter::Config config;
  config.video.codec = Codec::kH264;
  config.video.timescale = 90'000;
  config.video.codec_config = Bytes(avcc).first(avcc_size);
  const auto made = mux::TsWriter::Create(config);
  if (!made) return state.SkipWithError("no writer");
  mux::TsWriter writer = *made;
  DelayedDecodeTimes delayed;
  SegmentMaker maker(kPictures,
                     ts ? SegmentMaker::TsBytes(segment_bytes, kPictures) : 0);
  TrackSpan span = {.queue = &queue, .count = kPictures, .frame_ticks = 3600};
  const double copy_rate = CopyRate(segment_bytes);
  std::uint64_t left_out = 0;
  std::size_t bytes = 0;
  std::chrono::duration<double> passed{};
  {
    const mediacore::bench::HeapCount heap(state);
    const auto start = std::chrono::steady_clock::now();
    for (auto _ : state) {
      span.start = span.offset;
      span.end = span.offset + static_cast<std::int64_t>(kPictures) * 3600;
      const auto pieces = ts ? maker.Transport(writer, delayed, span, {}, left_out)
                             : maker.Fragment(span, 0);
      benchmark::DoNotOptimize(pieces.data());
      benchmark::ClobberMemory();
      span.offset = span.end;
      bytes += segment_bytes;
    }
    passed = std::chrono::steady_clock::now() - start;
  }
  if (left_out != 0) state.SkipWithError("left out");
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(state.iterations());
  state.counters["of_memcpy"] = static_cast<double>(bytes) / passed.count() / copy_rate;
}
BENCHMARK(BM_SegmentMaker)->ArgNames({"ts", "bytes"})
    ->Args({1, 250'000})->Args({1, 1'000'000})->Args({1, 10'000'000})
    ->Args({0, 1'000'000});

}  // namespace
}  // namespace mediacore::segment
