#include "describe_rtcp.h"
#include "mediacore/rtcp/extended_report.h"
#include "mediacore/rtcp/xr_delay_since_rr.h"
#include "mediacore/rtcp/xr_ecn_summary.h"
#include "mediacore/rtcp/xr_packet_receipt_times.h"
#include "mediacore/rtcp/xr_reference_time.h"
#include "mediacore/rtcp/xr_run_lengths.h"
#include "mediacore/rtcp/xr_statistics_summary.h"
#include "mediacore/rtcp/xr_target_bitrate.h"
#include "mediacore/rtcp/xr_voip_metrics.h"

namespace mediacore::tools {
namespace {

using rtcp::XrBlockType;

void Describe(const rtcp::XrSequenceRange& range, Fields& fields) {
  fields("begin", range.begin);
  fields("end", range.end);
  fields("thinning", range.thinning);
}
void Describe(const rtcp::XrRunLengthsView& runs, Fields& fields) {
  fields("ssrc", runs.ssrc());
  Describe(runs.range(), fields);
  // Packets in a row of which the same is said; those of which something bad is said below 0.
  NumberList list("runs", fields);
  runs.ForEachRun([&](SequenceNumber, const rtcp::XrRun& run) {
    const auto count = static_cast<std::int64_t>(run.count);
    list.Add(run.good ? count : -count);
  });
}
void Describe(const rtcp::XrPacketReceiptTimesView& times, Fields& fields) {
  fields("ssrc", times.ssrc());
  Describe(times.range(), fields);
  NumberList list("times", fields);
  for (std::size_t i = 0; i < times.count(); ++i) list.Add(times.time(i).value());
}
void Describe(const rtcp::XrReferenceTime& time, Fields& fields) { fields("ntp_time", time.ntp_time); }
void Describe(const rtcp::XrDelaySinceRrView& delays, Fields& fields) {
  fields.BeginList("answers");
  for (std::size_t i = 0; i < delays.count(); ++i) {
    const rtcp::XrDelaySinceRr answer = delays.at(i);
    fields.BeginObject("");
    fields("ssrc", answer.ssrc);
    fields("last_rr", answer.last_rr);
    fields("delay_since_last_rr", answer.delay_since_last_rr);
    fields.End();
  }
  fields.End();
}
void Describe(const rtcp::XrStatisticsSummary& summary, Fields& fields) {
  fields("ssrc", summary.ssrc);
  fields("begin", summary.range.begin);
  fields("end", summary.range.end);
  if (summary.has_loss) fields("lost_packets", summary.lost_packets);
  if (summary.has_duplicates) fields("dup_packets", summary.dup_packets);
  if (summary.has_jitter) {
    fields("min_jitter", summary.min_jitter);
    fields("max_jitter", summary.max_jitter);
    fields("mean_jitter", summary.mean_jitter);
    fields("dev_jitter", summary.dev_jitter);
  }
  if (summary.hop_count == rtcp::XrStatisticsSummary::HopCount::kNone) return;
  fields("hop_count", static_cast<int>(summary.hop_count));
  fields("min_ttl_or_hl", summary.min_ttl_or_hl);
  fields("max_ttl_or_hl", summary.max_ttl_or_hl);
  fields("mean_ttl_or_hl", summary.mean_ttl_or_hl);
  fields("dev_ttl_or_hl", summary.dev_ttl_or_hl);
}
void Describe(const rtcp::XrVoipMetrics& metrics, Fields& fields) {
  fields("ssrc", metrics.ssrc);
  fields("loss_rate", metrics.loss_rate);
  fields("discard_rate", metrics.discard_rate);
  fields("burst_density", metrics.burst_density);
  fields("gap_density", metrics.gap_density);
  fields("burst_duration_us", metrics.burst_duration);
  fields("gap_duration_us", metrics.gap_duration);
  fields("round_trip_delay_us", metrics.round_trip_delay);
  fields("end_system_delay_us", metrics.end_system_delay);
  fields("signal_level", metrics.signal_level);
  fields("noise_level", metrics.noise_level);
  fields("rerl", metrics.rerl);
  fields("gmin", metrics.gmin);
  fields("r_factor", metrics.r_factor);
  fields("ext_r_factor", metrics.ext_r_factor);
  fields("mos_lq", metrics.mos_lq);
  fields("mos_cq", metrics.mos_cq);
  fields("rx_config", metrics.rx_config);
  fields("jitter_buffer_nominal_us", metrics.jitter_buffer_nominal);
  fields("jitter_buffer_maximum_us", metrics.jitter_buffer_maximum);
  fields("jitter_buffer_absolute_maximum_us", metrics.jitter_buffer_absolute_maximum);
}
void Describe(const rtcp::XrEcnSummary& summary, Fields& fields) {
  fields("ssrc", summary.ssrc);
  fields("ect0", summary.ect0);
  fields("ect1", summary.ect1);
  fields("ecn_ce", summary.ecn_ce);
  fields("not_ect", summary.not_ect);
  fields("lost", summary.lost);
  fields("duplicated", summary.duplicated);
}
void Describe(const rtcp::XrTargetBitrateView& targets, Fields& fields) {
  fields.BeginList("targets");
  for (std::size_t i = 0; i < targets.count(); ++i) {
    const rtcp::XrTargetBitrate target = targets.at(i);
    fields.BeginObject("");
    fields("spatial_layer", target.spatial_layer);
    fields("temporal_layer", target.temporal_layer);
    fields("rate_bps", target.rate);
    fields.End();
  }
  fields.End();
}

template <typename View>
std::string_view Read(const rtcp::XrBlockView& block, Fields& fields) {
  const auto view = View::Parse(block);
  if (!view) return ToString(view.error());
  Describe(*view, fields);
  return {};
}

std::string_view DescribeBlock(const rtcp::XrBlockView& block, Fields& fields) {
  switch (block.type()) {
    case XrBlockType::kLossRle:
    case XrBlockType::kDuplicateRle:
    case XrBlockType::kPostRepairLossRle: return Read<rtcp::XrRunLengthsView>(block, fields);
    case XrBlockType::kPacketReceiptTimes: return Read<rtcp::XrPacketReceiptTimesView>(block, fields);
    case XrBlockType::kReceiverReferenceTime: return Read<rtcp::XrReferenceTime>(block, fields);
    case XrBlockType::kDelaySinceLastRr: return Read<rtcp::XrDelaySinceRrView>(block, fields);
    case XrBlockType::kStatisticsSummary: return Read<rtcp::XrStatisticsSummary>(block, fields);
    case XrBlockType::kVoipMetrics: return Read<rtcp::XrVoipMetrics>(block, fields);
    case XrBlockType::kEcnSummary: return Read<rtcp::XrEcnSummary>(block, fields);
    case XrBlockType::kTargetBitrate: return Read<rtcp::XrTargetBitrateView>(block, fields);
    default:
      fields("type_specific", block.type_specific());
      fields("body", block.body());
      return {};
  }
}

}  // namespace

Verdict DescribeExtendedReport(const rtcp::BlockView& block, Fields& fields) {
  const auto report = rtcp::ExtendedReportView::Parse(block);
  if (!report) return {ToString(report.error()), 0};
  Verdict verdict;
  fields("sender_ssrc", report->sender_ssrc());
  fields.BeginList("xr_blocks");
  for (const rtcp::XrBlockView xr : *report) {
    fields.BeginObject("");
    fields("type", static_cast<int>(xr.type()));
    const std::string_view name = ToString(xr.type());
    fields("name", name.empty() ? std::string_view("unknown") : name);
    const std::string_view refusal = DescribeBlock(xr, fields);
    if (!refusal.empty()) {
      fields("error", refusal);
      fields("body", xr.body());
      if (verdict.refusal.empty()) {
        verdict = {refusal, static_cast<std::size_t>(xr.bytes().data() - block.bytes().data())};
      }
    }
    fields.End();
  }
  fields.End();
  return verdict;
}

}  // namespace mediacore::tools
