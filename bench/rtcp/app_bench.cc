#include "mediacore/rtcp/app.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array<std::uint8_t, 8> kData{};
const AppWriter kWriter{1, Ssrc(1), {'q', 't', 's', 'i'}, kData};

void BM_RtcpAppRead(benchmark::State& state) {
  bench::Read<AppView>(state, kWriter, [](const AppView& app) { return app.name()[0] + app.subtype(); });
}
BENCHMARK(BM_RtcpAppRead);

void BM_RtcpAppWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpAppWrite);

}  // namespace
}  // namespace mediacore::rtcp
