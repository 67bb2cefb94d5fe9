#include "mediacore/rtcp/remb.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array kSsrcs = {Ssrc(7), Ssrc(8)};
const RembWriter kWriter{Ssrc(1), DataRate::KilobitsPerSecond(1500), kSsrcs};

void BM_RtcpRembRead(benchmark::State& state) {
  bench::Read<RembView>(state, kWriter, [](const RembView& view) { return view.bitrate().bps() + view.ssrc_count(); });
}
BENCHMARK(BM_RtcpRembRead);

void BM_RtcpRembRefuse(benchmark::State& state) { bench::Refuse<RembView>(state, kWriter); }
BENCHMARK(BM_RtcpRembRefuse);

void BM_RtcpRembWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpRembWrite);

}  // namespace
}  // namespace mediacore::rtcp
