#include "mediacore/rtcp/sdes.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array<std::uint8_t, 16> kName = {'u', 's', 'e', 'r'};
const std::array kItems = {SdesItem{SdesType::kCname, kName, {}}};
const std::array kChunks = {SdesWriter::Chunk{Ssrc(1), kItems}};
const SdesWriter kWriter{kChunks};

void BM_RtcpSdesRead(benchmark::State& state) {
  bench::Read<SdesView>(state, kWriter, [](const SdesView& sdes) {
    Bytes cname;
    return sdes.FindCname(Ssrc(1), cname) ? cname.size() : 0;
  });
}
BENCHMARK(BM_RtcpSdesRead);

void BM_RtcpSdesRefuse(benchmark::State& state) { bench::Refuse<SdesView>(state, kWriter); }
BENCHMARK(BM_RtcpSdesRefuse);

void BM_RtcpSdesWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpSdesWrite);

}  // namespace
}  // namespace mediacore::rtcp
