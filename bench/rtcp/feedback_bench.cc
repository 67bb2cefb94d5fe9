#include "mediacore/rtcp/feedback.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array<std::uint8_t, 4> kFci{};
const FeedbackWriter kWriter{kTransportFeedback, 7, Ssrc(1), Ssrc(2), kFci};

void BM_RtcpFeedbackRead(benchmark::State& state) {
  bench::Read<FeedbackView>(state, kWriter, [](const FeedbackView& message) { return message.media_ssrc().value(); });
}
BENCHMARK(BM_RtcpFeedbackRead);

void BM_RtcpFeedbackWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpFeedbackWrite);

}  // namespace
}  // namespace mediacore::rtcp
