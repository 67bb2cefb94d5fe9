#include "mediacore/rtcp/loss_notification.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

const LossNotification kWriter{Ssrc(1), Ssrc(2), SequenceNumber(100), SequenceNumber(103), true};

void BM_RtcpLossNotificationRead(benchmark::State& state) {
  bench::Read<LossNotification>(state, kWriter, [](const LossNotification& message) { return message.last_received.value(); });
}
BENCHMARK(BM_RtcpLossNotificationRead);

void BM_RtcpLossNotificationRefuse(benchmark::State& state) { bench::Refuse<LossNotification>(state, kWriter); }
BENCHMARK(BM_RtcpLossNotificationRefuse);

void BM_RtcpLossNotificationWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpLossNotificationWrite);

}  // namespace
}  // namespace mediacore::rtcp
