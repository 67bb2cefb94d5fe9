#include "mediacore/rtp/red.h"

#include "repair.h"

namespace mediacore::rtp {
namespace {

// Opus with the two packets before it.
constexpr std::array<std::uint8_t, 160> kOpus{};
const std::array kOlder{RedBlock{PayloadType(111), 1920, kOpus}, RedBlock{PayloadType(111), 960, kOpus}};
const RedWriter kWriter{kOlder, PayloadType(111), kOpus};

std::uint64_t ReadBlocks(Bytes bytes) {
  std::uint64_t sum = 0;
  if (const auto red = RedView::Parse(bytes)) {
    for (const RedBlock& block : *red) sum += block.payload.size() + block.timestamp_offset;
  }
  return sum;
}

void BM_RtpRedReadThreeBlocks(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, bytes, true, ReadBlocks);
}
BENCHMARK(BM_RtpRedReadThreeBlocks);

void BM_RtpRedRefuse(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, Bytes(bytes).first(300), false, ReadBlocks);
}
BENCHMARK(BM_RtpRedRefuse);

void BM_RtpRedWriteThreeBlocks(benchmark::State& state) { bench::WriteRepair(state, kWriter); }
BENCHMARK(BM_RtpRedWriteThreeBlocks);

}  // namespace
}  // namespace mediacore::rtp
