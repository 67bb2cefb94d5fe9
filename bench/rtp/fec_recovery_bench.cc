#include "mediacore/rtp/fec_recovery.h"

#include "repair.h"
#include "video_packet.h"

namespace mediacore::rtp {
namespace {

// What each packet of 1200 bytes costs the sender of FEC, and a recovery.
void BM_RtpFecRecoveryXor(benchmark::State& state) {
  const std::array<std::uint8_t, 1200> bytes = bench::VideoPacket();
  std::array<std::uint8_t, 1188> protection{};
  FecRecovery fields;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    const auto packet = PacketView::Parse(bytes);
    fields.Xor(*packet);
    XorProtected(*packet, 0, protection);
    benchmark::DoNotOptimize(fields);
    benchmark::DoNotOptimize(protection.data());
  }
  state.SetBytesProcessed(state.iterations() * 1200);
}
BENCHMARK(BM_RtpFecRecoveryXor);

void BM_RtpFecRecoveryWriteHeader(benchmark::State& state) {
  std::array<std::uint8_t, 12> out{};
  FecRecovery fields{0x10e0, 1188, 5};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(fields);
    fields.WriteHeader(SequenceNumber(9), Ssrc(7), out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpFecRecoveryWriteHeader);

}  // namespace
}  // namespace mediacore::rtp
