#include "mediacore/rtcp/tmmbr.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kEntries = {TmmbrEntry{Ssrc(7), DataRate::KilobitsPerSecond(1500), DataSize::Bytes(40)}};
const TmmbrWriter kWriter{Ssrc(1), Ssrc(0), kEntries};

void BM_RtcpTmmbrRead(benchmark::State& state) {
  bench::Read<TmmbrView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    for (const TmmbrEntry entry : view) sum += static_cast<std::uint64_t>(entry.max_total_bit_rate.bps());
    return sum;
  });
}
BENCHMARK(BM_RtcpTmmbrRead);

void BM_RtcpTmmbrRefuse(benchmark::State& state) { bench::Refuse<TmmbrView>(state, kWriter); }
BENCHMARK(BM_RtcpTmmbrRefuse);

void BM_RtcpTmmbrWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpTmmbrWrite);

}  // namespace
}  // namespace mediacore::rtcp
