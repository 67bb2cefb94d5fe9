#include "mediacore/rtcp/sli.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kEntries = {SliEntry{17, 3, 5}};
const SliWriter kWriter{Ssrc(1), Ssrc(2), kEntries};

void BM_RtcpSliRead(benchmark::State& state) {
  bench::Read<SliView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    for (const SliEntry entry : view) sum += entry.first;
    return sum;
  });
}
BENCHMARK(BM_RtcpSliRead);

void BM_RtcpSliRefuse(benchmark::State& state) { bench::Refuse<SliView>(state, kWriter); }
BENCHMARK(BM_RtcpSliRefuse);

void BM_RtcpSliWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpSliWrite);

}  // namespace
}  // namespace mediacore::rtcp
