#include "mediacore/rtcp/bye.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kSsrcs = {Ssrc(7)};
constexpr std::array<std::uint8_t, 4> kReason = {'d', 'o', 'n', 'e'};
const ByeWriter kWriter{kSsrcs, kReason};

void BM_RtcpByeRead(benchmark::State& state) {
  bench::Read<ByeView>(state, kWriter, [](const ByeView& bye) { return bye.ssrc(0).value() + bye.reason().size(); });
}
BENCHMARK(BM_RtcpByeRead);

void BM_RtcpByeRefuse(benchmark::State& state) { bench::Refuse<ByeView>(state, kWriter); }
BENCHMARK(BM_RtcpByeRefuse);

void BM_RtcpByeWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpByeWrite);

}  // namespace
}  // namespace mediacore::rtcp
