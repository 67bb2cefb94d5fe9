#include "mediacore/rtp/rtx.h"

#include "repair.h"
#include "video_packet.h"

namespace mediacore::rtp {
namespace {

constexpr std::array<std::uint8_t, 1200> kVideo = bench::VideoPacket();
const RtxWriter kWriter{*PacketView::Parse(kVideo), PayloadType(97), Ssrc(7), SequenceNumber(1)};

std::uint64_t ReadNumber(Bytes bytes) {
  const auto rtx = RtxView::Parse(*PacketView::Parse(bytes));
  return rtx ? rtx->original_sequence_number().value() + rtx->original_payload().size() : 0;
}

// With the packet around it.
void BM_RtpRtxRead(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, bytes, true, ReadNumber);
}
BENCHMARK(BM_RtpRtxRead);

void BM_RtpRtxRefuse(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, Bytes(bytes).first(29), false, ReadNumber);  // one byte of the OSN
}
BENCHMARK(BM_RtpRtxRefuse);

// 1200 bytes; most of it is the copy.
void BM_RtpRtxWrite(benchmark::State& state) { bench::WriteRepair(state, kWriter); }
BENCHMARK(BM_RtpRtxWrite);

void BM_RtpRtxRestore(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  const auto rtx = RtxView::Parse(*PacketView::Parse(bytes));
  bench::WriteRepair(state, RtxOriginalWriter{*rtx, PayloadType(96), Ssrc(8)});
}
BENCHMARK(BM_RtpRtxRestore);

}  // namespace
}  // namespace mediacore::rtp
