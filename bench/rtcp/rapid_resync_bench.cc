#include "mediacore/rtcp/rapid_resync.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

const RapidResync kWriter{Ssrc(1), Ssrc(2)};

void BM_RtcpRapidResyncRead(benchmark::State& state) {
  bench::Read<RapidResync>(state, kWriter, [](const RapidResync& request) { return request.media_ssrc.value(); });
}
BENCHMARK(BM_RtcpRapidResyncRead);

void BM_RtcpRapidResyncRefuse(benchmark::State& state) { bench::Refuse<RapidResync>(state, kWriter); }
BENCHMARK(BM_RtcpRapidResyncRefuse);

void BM_RtcpRapidResyncWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpRapidResyncWrite);

}  // namespace
}  // namespace mediacore::rtcp
