#include "mediacore/rtcp/fir.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kEntries = {FirEntry{Ssrc(7), 1}};
const FirWriter kWriter{Ssrc(1), Ssrc(0), kEntries};

void BM_RtcpFirRead(benchmark::State& state) {
  bench::Read<FirView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    for (const FirEntry entry : view) sum += entry.ssrc.value() + entry.sequence_number;
    return sum;
  });
}
BENCHMARK(BM_RtcpFirRead);

void BM_RtcpFirRefuse(benchmark::State& state) { bench::Refuse<FirView>(state, kWriter); }
BENCHMARK(BM_RtcpFirRefuse);

void BM_RtcpFirWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpFirWrite);

}  // namespace
}  // namespace mediacore::rtcp
