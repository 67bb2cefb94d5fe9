#include "mediacore/rtcp/congestion_feedback.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

// 100 packets, every tenth lost, in so many sources.
struct Feedback {
  explicit Feedback(std::size_t sources) : blocks(sources) {
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const TimeDelta before_report = TimeDelta::Micros(50'000) - TimeDelta::Micros(500) * static_cast<std::int64_t>(i);
      if (i % 10 != 3) metrics[i] = PacketMetric::Received(Ecn::kEct1, before_report);
    }
    const std::size_t each = metrics.size() / sources;
    for (std::size_t i = 0; i < sources; ++i) {
      const auto its_metrics = std::span(metrics).subspan(i * each, each);
      blocks[i] = {Ssrc(static_cast<std::uint32_t>(i)), SequenceNumber(65500), its_metrics};
    }
  }
  std::array<PacketMetric, 100> metrics;
  std::vector<CongestionFeedbackWriter::Block> blocks;
  CongestionFeedbackWriter writer() const { return {Ssrc(1), blocks, ReportTimestamp(1)}; }
};

void BM_RtcpCongestionFeedbackRead(benchmark::State& state) {
  const Feedback feedback(static_cast<std::size_t>(state.range(0)));
  bench::Read<CongestionFeedbackView>(state, feedback.writer(), [](const CongestionFeedbackView& view) {
    std::int64_t sum = 0;
    view.ForEach([&](Ssrc ssrc, SequenceNumber number, PacketMetric metric) {
      TimeDelta offset = TimeDelta::Zero();
      if (metric.ReadArrivalTimeOffset(offset)) sum += offset.us() + ssrc.value() + number.value();
    });
    return sum;
  });
}
BENCHMARK(BM_RtcpCongestionFeedbackRead)->ArgName("sources")->Arg(1)->Arg(4);

void BM_RtcpCongestionFeedbackRefuse(benchmark::State& state) {
  const Feedback feedback(static_cast<std::size_t>(state.range(0)));
  bench::Refuse<CongestionFeedbackView>(state, feedback.writer());
}
BENCHMARK(BM_RtcpCongestionFeedbackRefuse)->ArgName("sources")->Arg(1)->Arg(4);

void BM_RtcpCongestionFeedbackWrite(benchmark::State& state) {
  const Feedback feedback(static_cast<std::size_t>(state.range(0)));
  bench::Write(state, feedback.writer());
}
BENCHMARK(BM_RtcpCongestionFeedbackWrite)->ArgName("sources")->Arg(1)->Arg(4);

// The most blocks that fit one datagram, each without a packet.
void BM_RtcpCongestionFeedbackMostBlocks(benchmark::State& state) {
  const std::vector<CongestionFeedbackWriter::Block> blocks(8190);
  const CongestionFeedbackWriter writer{Ssrc(1), blocks, ReportTimestamp(1)};
  bench::Read<CongestionFeedbackView>(state, writer, [](const CongestionFeedbackView& view) {
    std::size_t count = 0;
    for (const CongestionReportBlock block : view) count += block.size();
    return count;
  });
}
BENCHMARK(BM_RtcpCongestionFeedbackMostBlocks);

}  // namespace
}  // namespace mediacore::rtcp
