#include "mediacore/rtcp/rpsi.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array<std::uint8_t, 5> kBits = {1, 2, 3, 4, 5};
const RpsiWriter kWriter{Ssrc(1), Ssrc(2), PayloadType(96), kBits, 37};

void BM_RtcpRpsiRead(benchmark::State& state) {
  bench::Read<RpsiView>(state, kWriter, [](const RpsiView& view) { return view.bit_count(); });
}
BENCHMARK(BM_RtcpRpsiRead);

void BM_RtcpRpsiWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpRpsiWrite);

}  // namespace
}  // namespace mediacore::rtcp
