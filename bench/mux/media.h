#ifndef MEDIACORE_BENCH_MUX_MEDIA_H_
#define MEDIACORE_BENCH_MUX_MEDIA_H_

#include <array>
#include <cstring>
#include <ctime>
#include <vector>

#include <benchmark/benchmark.h>

#include "mediacore/mux/sample.h"
#include "mediacore/mux/track.h"

namespace mediacore::mux::bench {

// Pictures one behind the other in memory, one slice each, every 30th a key
// frame. The state's arguments are the bytes of a picture and the MB in all.
class Pictures {
 public:
  explicit Pictures(const benchmark::State& state)
      : size_(static_cast<std::size_t>(state.range(0))),
        bytes_(static_cast<std::size_t>(state.range(1)) * 1'000'000 / size_ * size_, 0x5a) {
    for (std::size_t at = 0; at < bytes_.size(); at += size_) {
      const auto i = static_cast<std::int64_t>(samples_.size());
      StoreU32(bytes_.data() + at, static_cast<std::uint32_t>(size_ - 4));
      bytes_[at + 4] = i % 30 == 0 ? 0x65 : 0x41;
      samples_.push_back({i * 3000, i * 3000, 3000, i % 30 == 0, Bytes(bytes_).subspan(at, size_)});
    }
  }
  const std::vector<Sample>& samples() const { return samples_; }
  Bytes bytes() const { return bytes_; }
  TrackConfig track() const {
    static constexpr std::array<std::uint8_t, 25> kAvcc = {
        1,    0x64, 0x00, 0x0d, 0xff, 0xe1, 0,    6,    0x67, 0x64, 0x00, 0x0d, 0xac,
        0xd9, 1,    0,    4,    0x68, 0xeb, 0xe3, 0xcb, 0xfd, 0xf8, 0xf8, 0};
    TrackConfig track;
    track.codec = Codec::kH264;
    track.codec_config = kAvcc;
    track.width = 1280;
    track.height = 720;
    return track;
  }
  void Report(benchmark::State& state) const {
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes_.size()));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(samples_.size()));
  }

 private:
  std::size_t size_;
  std::vector<std::uint8_t> bytes_;
  std::vector<Sample> samples_;
};

// Declared just before the timed loop: prints beside its time how much of the
// speed of a plain copy of the same media, measured just before, it reached.
class AgainstMemcpy {
 public:
  AgainstMemcpy(benchmark::State& state, const Pictures& media) : state_(state) {
    std::vector<std::uint8_t> out(media.bytes().size());
    const int rounds = static_cast<int>(1 + 400'000'000 / out.size());
    for (int round = -1; round < rounds; ++round) {
      if (round == 0) start_ = std::clock();  // the first one touches the pages
      std::memcpy(out.data(), media.bytes().data(), out.size());
      benchmark::DoNotOptimize(out.data());
      benchmark::ClobberMemory();
    }
    copy_ = static_cast<double>(std::clock() - start_) / rounds;
    start_ = std::clock();
  }
  ~AgainstMemcpy() {
    const auto iterations = static_cast<double>(state_.iterations());
    const double mine = static_cast<double>(std::clock() - start_) / iterations;
    state_.counters["of_memcpy"] = copy_ / mine;
  }
  AgainstMemcpy(const AgainstMemcpy&) = delete;
  AgainstMemcpy& operator=(const AgainstMemcpy&) = delete;

 private:
  benchmark::State& state_;
  std::clock_t start_ = 0;  // of the processor time that this program used
  double copy_ = 0;
};

}  // namespace mediacore::mux::bench

#endif  // MEDIACORE_BENCH_MUX_MEDIA_H_
