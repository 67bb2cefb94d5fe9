#include "mediacore/segment/segmenter.h"

#include <chrono>
#include <cstring>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include "../../tests/segment/source.h"
#include "../support/heap_count.h"

namespace mediacore::segment {
namespace {

// Bytes per second of copying frames of this size into a ring as large as the
// one that the segmenter has: what it cannot be faster than.
double CopyRate(Bytes frame) {
  constexpr std::size_t kRing = 64 << 20;
  const auto ring = std::make_unique<std::uint8_t[]>(kRing);
  std::size_t at = 0;
  std::size_t copied = 0;
  const auto start = std::chrono::steady_clock::now();
  std::chrono::duration<double> passed{};
  benchmark::DoNotOptimize(ring.get());  // somebody looks at it: the copies are made
  do {
    for (int i = 0; i < 64; ++i) {
      if (kRing - at < frame.size()) at = 0;
      std::memcpy(ring.get() + at, frame.data(), frame.size());
      benchmark::ClobberMemory();
      at += frame.size();
      copied += frame.size();
    }
    passed = std::chrono::steady_clock::now() - start;
  } while (passed.count() < 0.1);
  return static_cast<double>(copied) / passed.count();
}

// One picture in, and every 100th time a segment and its playlists out.
// Segments are looked at, not copied.
void BM_Segmenter(benchmark::State& state) {
  Config config;
  config.container = state.range(0) == 1 ? Container::kTs : Container::kFmp4;
  config.tracks = {testing::VideoTrack()};
  auto segmenter = Segmenter::Create(config).value();
  const auto size = static_cast<std::size_t>(state.range(1));
  testing::FrameMaker key_maker;
  testing::FrameMaker delta_maker;
  auto key = key_maker.Picture(RtpTimestamp(0), true, size);
  auto delta = delta_maker.Picture(RtpTimestamp(0), false, size);
  const double copy_rate = CopyRate(delta.data);

  std::uint32_t n = 0;
  std::size_t out_bytes = 0;
  const auto feed = [&] {
    codec::EncodedFrame& frame = n % 50 == 0 ? key : delta;
    frame.rtp_timestamp = RtpTimestamp(n * 3600);
    const Timestamp now = Timestamp::Millis(std::int64_t{40} * n++);
    segmenter.HandleFrame(now, 0, frame);
    Output output;
    while (segmenter.PollOutput(now, output)) out_bytes += output.size;
  };
  while (n < 4000) feed();  // the ring has turned: its pages are there
  const auto start = std::chrono::steady_clock::now();
  std::size_t bytes = 0;
  {
    const mediacore::bench::HeapCount heap(state);
    for (auto _ : state) {
      feed();
      bytes += size;
    }
  }
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  benchmark::DoNotOptimize(out_bytes);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(state.iterations());
  state.counters["of_memcpy"] = static_cast<double>(bytes) / passed.count() / copy_rate;
}
BENCHMARK(BM_Segmenter)->ArgNames({"ts", "bytes"})
    ->Args({0, 2'000})->Args({0, 12'500})->Args({0, 100'000})
    ->Args({1, 2'000})->Args({1, 12'500})->Args({1, 100'000});

// Sound: small frames, many of them.
void BM_SegmenterSound(benchmark::State& state) {
  Config config;
  config.tracks = {testing::OpusTrack()};
  auto segmenter = Segmenter::Create(config).value();
  testing::FrameMaker maker;
  auto frame = maker.Opus(RtpTimestamp(0));
  std::uint32_t n = 0;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    frame.rtp_timestamp = RtpTimestamp(n * 960);
    const Timestamp now = Timestamp::Millis(std::int64_t{20} * n++);
    segmenter.HandleFrame(now, 0, frame);
    Output output;
    while (segmenter.PollOutput(now, output)) benchmark::DoNotOptimize(output.size);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SegmenterSound);

// A picture whose NAL lengths lie.
void BM_SegmenterRefused(benchmark::State& state) {
  Config config;
  config.tracks = {testing::VideoTrack()};
  auto segmenter = Segmenter::Create(config).value();
  testing::FrameMaker maker;
  auto frame = maker.Picture(RtpTimestamp(0), false, 12'500);
  frame.data = frame.data.first(frame.data.size() - 1);
  std::uint32_t n = 0;
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    frame.rtp_timestamp = RtpTimestamp(n * 3600);
    segmenter.HandleFrame(Timestamp::Millis(std::int64_t{40} * n++), 0, frame);
  }
  if (segmenter.counters().dropped_malformed != segmenter.counters().frames_in) {
    mediacore::bench::Fail(state, "taken");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SegmenterRefused);

}  // namespace
}  // namespace mediacore::segment
