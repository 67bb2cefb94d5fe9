#include "mediacore/rtcp/nack.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

// 20 lost in three places, one of them across the wrap.
constexpr auto kLost = [] {
  std::array<SequenceNumber, 20> lost;
  for (std::size_t i = 0; i < lost.size(); ++i) {
    lost[i] = SequenceNumber(static_cast<std::uint16_t>(65530 + i + (i < 10 ? 0 : i < 15 ? 100 : 200)));
  }
  return lost;
}();
const NackWriter kWriter{Ssrc(1), Ssrc(2), kLost};

void BM_RtcpNackRead(benchmark::State& state) {
  bench::Read<NackView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    for (const NackEntry entry : view) {
      for (const SequenceNumber lost : entry) sum += lost.value();
    }
    return sum;
  });
}
BENCHMARK(BM_RtcpNackRead);

void BM_RtcpNackWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpNackWrite);

}  // namespace
}  // namespace mediacore::rtcp
