#include "mediacore/rtcp/congestion_feedback.h"

#include <deque>

#include "feedback_checks.h"

namespace mediacore::rtcp {
namespace {

struct Report {
  std::uint32_t ssrc;
  std::uint16_t number;
  std::uint16_t metric;
  bool operator==(const Report&) const = default;
};
struct Naive {
  bool taken = false;
  FeedbackError error = FeedbackError::kOtherMessage;
  std::vector<Report> reports;
  std::size_t blocks = 0;
};

// The RFC word for word, a byte at a time off a queue.
Naive ReadSlowly(const BlockView& block) {
  Naive read;
  const auto refuse = [&read](FeedbackError error) {
    read.error = error;
    return read;
  };
  if (block.packet_type() != 205 || block.count() != 11) return read;
  std::deque<std::uint8_t> queue(block.body().begin(), block.body().end());
  const auto take = [&queue](int bytes) {
    std::uint32_t value = 0;
    for (; bytes > 0; --bytes, queue.pop_front()) value = value * 256 + queue.front();
    return value;
  };
  if (queue.size() < 8) return refuse(FeedbackError::kTooShort);
  take(4);
  queue.resize(queue.size() - 4);
  for (; !queue.empty(); ++read.blocks) {
    if (queue.size() < 8) return refuse(FeedbackError::kBadLength);
    const std::uint32_t ssrc = take(4);
    const std::uint32_t begin_seq = take(2);
    const std::uint32_t num_reports = take(2);
    if (queue.size() < 2 * (num_reports + num_reports % 2)) return refuse(FeedbackError::kBadCount);
    if (num_reports > 16'384) return refuse(FeedbackError::kBadValue);
    for (std::uint32_t i = 0; i < num_reports; ++i) {
      const std::uint32_t metric = take(2);
      read.reports.push_back({ssrc, static_cast<std::uint16_t>((begin_seq + i) % 65'536),
                              static_cast<std::uint16_t>(metric < 0x8000 ? 0 : metric)});
    }
    if (num_reports % 2 == 1) take(2);
  }
  read.taken = true;
  return read;
}

std::vector<Report> Visited(const CongestionFeedbackView& feedback) {
  std::vector<Report> reports;
  feedback.ForEach([&](Ssrc ssrc, SequenceNumber number, PacketMetric metric) {
    reports.push_back({ssrc.value(), number.value(), metric.bits()});
  });
  return reports;
}

void CheckMetric(PacketMetric metric) {
  TimeDelta offset = TimeDelta::Micros(-1);
  const bool known = metric.ReadArrivalTimeOffset(offset);
  FUZZ_CHECK(known == (metric.received() && metric.arrival_time_offset() != PacketMetric::kUnknownOffset));
  FUZZ_CHECK(known == (offset >= TimeDelta::Zero()));
  if (metric.received()) FUZZ_CHECK(PacketMetric::Received(metric.ecn(), offset) == metric);
}

void CheckBlock(const BlockView& block) {
  const Naive naive = ReadSlowly(block);
  const auto feedback = CongestionFeedbackView::Parse(block);
  FUZZ_CHECK(IsTaken(feedback, block, kTransportFeedback, kFormatCongestionControl) == naive.taken);
  if (!feedback) {
    FUZZ_CHECK(feedback.error() == naive.error);
    return;
  }
  FUZZ_CHECK(Visited(*feedback) == naive.reports);
  std::vector<std::vector<PacketMetric>> metrics;
  std::vector<CongestionFeedbackWriter::Block> blocks;
  for (const CongestionReportBlock report : *feedback) {
    metrics.emplace_back();
    for (int i = 0; i < report.num_reports(); ++i) {
      metrics.back().push_back(report.metric(i));
      CheckMetric(report.metric(i));
    }
    blocks.push_back({report.ssrc(), report.begin_seq(), {}});
  }
  FUZZ_CHECK(blocks.size() == naive.blocks);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i].metrics = metrics[i];
  std::vector<std::uint8_t> out;
  const BlockView written =
      WriteAndTake(CongestionFeedbackWriter{feedback->sender_ssrc(), blocks, feedback->report_timestamp()}, out);
  FUZZ_CHECK(written.body().size() == block.body().size());
  const auto again = CongestionFeedbackView::Parse(written);
  FUZZ_CHECK(again && Visited(*again) == naive.reports);
  FUZZ_CHECK(again->sender_ssrc() == feedback->sender_ssrc());
  FUZZ_CHECK(again->report_timestamp() == feedback->report_timestamp());
}

}  // namespace
}  // namespace mediacore::rtcp

// A reader that goes byte by byte finds the same reports or the same cause; what
// is written anew has its size and says the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mediacore::rtcp::ForEachBlock(data, size, mediacore::rtcp::CheckBlock);
  return 0;
}
