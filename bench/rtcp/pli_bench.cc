#include "mediacore/rtcp/pli.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

const Pli kWriter{Ssrc(1), Ssrc(2)};

void BM_RtcpPliRead(benchmark::State& state) {
  bench::Read<Pli>(state, kWriter, [](const Pli& pli) { return pli.media_ssrc.value(); });
}
BENCHMARK(BM_RtcpPliRead);

void BM_RtcpPliRefuse(benchmark::State& state) { bench::Refuse<Pli>(state, kWriter); }
BENCHMARK(BM_RtcpPliRefuse);

void BM_RtcpPliWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpPliWrite);

}  // namespace
}  // namespace mediacore::rtcp
