#include "mediacore/rtcp/ecn_feedback.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

const EcnFeedback kFeedback{Ssrc(1), Ssrc(2), 65546, 1000, 2, 3, 4, 5, 6};

void BM_RtcpEcnFeedbackRead(benchmark::State& state) {
  bench::Read<EcnFeedback>(state, kFeedback, [](const EcnFeedback& feedback) {
    return feedback.extended_highest_sequence_number + feedback.ecn_ce + feedback.lost;
  });
}
BENCHMARK(BM_RtcpEcnFeedbackRead);

void BM_RtcpEcnFeedbackRefuse(benchmark::State& state) { bench::Refuse<EcnFeedback>(state, kFeedback); }
BENCHMARK(BM_RtcpEcnFeedbackRefuse);

void BM_RtcpEcnFeedbackWrite(benchmark::State& state) { bench::Write(state, kFeedback); }
BENCHMARK(BM_RtcpEcnFeedbackWrite);

}  // namespace
}  // namespace mediacore::rtcp
