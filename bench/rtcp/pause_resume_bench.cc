#include "mediacore/rtcp/pause_resume.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

const std::array kEntries = {PauseResumeEntry{Ssrc(7), PauseType::kPause, 1, {}}};
const PauseResumeWriter kWriter{Ssrc(1), Ssrc(0), kEntries};

void BM_RtcpPauseResumeRead(benchmark::State& state) {
  bench::Read<PauseResumeView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    view.ForEach([&sum](const PauseResumeEntry& entry) { sum += entry.pause_id; });
    return sum;
  });
}
BENCHMARK(BM_RtcpPauseResumeRead);

void BM_RtcpPauseResumeRefuse(benchmark::State& state) { bench::Refuse<PauseResumeView>(state, kWriter); }
BENCHMARK(BM_RtcpPauseResumeRefuse);

void BM_RtcpPauseResumeWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpPauseResumeWrite);

}  // namespace
}  // namespace mediacore::rtcp
