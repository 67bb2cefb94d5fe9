#include "describe_rtcp.h"
#include "mediacore/rtcp/congestion_feedback.h"
#include "mediacore/rtcp/ecn_feedback.h"
#include "mediacore/rtcp/feedback.h"
#include "mediacore/rtcp/fir.h"
#include "mediacore/rtcp/layer_refresh_request.h"
#include "mediacore/rtcp/loss_notification.h"
#include "mediacore/rtcp/nack.h"
#include "mediacore/rtcp/pause_resume.h"
#include "mediacore/rtcp/pli.h"
#include "mediacore/rtcp/rapid_resync.h"
#include "mediacore/rtcp/remb.h"
#include "mediacore/rtcp/rpsi.h"
#include "mediacore/rtcp/sli.h"
#include "mediacore/rtcp/temporal_spatial_tradeoff.h"
#include "mediacore/rtcp/tmmbr.h"
#include "mediacore/rtcp/transport_feedback.h"
#include "mediacore/rtcp/video_back_channel.h"

namespace mediacore::tools {
namespace {

// ---- entries

void Describe(const rtcp::NackEntry& entry, Fields& fields) {
  fields("packet_id", entry.pid);
  fields("bitmask", entry.blp);
  NumberList lost("lost", fields);
  for (const SequenceNumber number : entry) lost.Add(number.value());
}
void Describe(const rtcp::FirEntry& entry, Fields& fields) {
  fields("ssrc", entry.ssrc);
  fields("sequence_number", entry.sequence_number);
}
void Describe(const rtcp::SliEntry& entry, Fields& fields) {
  fields("first", entry.first);
  fields("number", entry.number);
  fields("picture_id", entry.picture_id);
}
void Describe(const rtcp::TradeoffEntry& entry, Fields& fields) {
  fields("ssrc", entry.ssrc);
  fields("sequence_number", entry.sequence_number);
  fields("index", entry.index);
}
void Describe(const rtcp::TmmbrEntry& entry, Fields& fields) {
  fields("ssrc", entry.ssrc);
  fields("max_total_bit_rate_bps", entry.max_total_bit_rate);
  fields("measured_overhead", entry.measured_overhead.bytes());
}
void Describe(const rtcp::LayerRefreshEntry& entry, Fields& fields) {
  fields("ssrc", entry.ssrc);
  fields("sequence_number", entry.sequence_number);
  fields("payload_type", entry.payload_type);
  fields("target_temporal_id", entry.target.temporal_id);
  fields("target_layer_id", entry.target.layer_id);
  if (!entry.has_current) return;
  fields("current_temporal_id", entry.current.temporal_id);
  fields("current_layer_id", entry.current.layer_id);
}
void Describe(const rtcp::PauseResumeEntry& entry, Fields& fields) {
  constexpr std::array<std::string_view, 4> kNames = {"PAUSE", "RESUME", "PAUSED", "REFUSED"};
  const auto type = static_cast<std::size_t>(entry.type);
  fields("target_ssrc", entry.target_ssrc);
  fields("type", type);
  fields("name", type < kNames.size() ? kNames[type] : std::string_view("unknown"));
  fields("pause_id", entry.pause_id);
  if (!entry.type_specific.empty()) fields("type_specific", entry.type_specific);
}
void Describe(const rtcp::VideoBackChannelEntry& entry, Fields& fields) {
  fields("ssrc", entry.ssrc);
  fields("sequence_number", entry.sequence_number);
  fields("payload_type", entry.payload_type);
  fields("octets", entry.octets);
}

template <typename Entry>
void DescribeEntry(const Entry& entry, Fields& fields) {
  fields.BeginObject("");
  Describe(entry, fields);
  fields.End();
}

// ---- messages. The two SSRCs that all have are told before.

template <typename Entry, int kType, int kFormat, std::size_t... kMin>
void Describe(const rtcp::FeedbackListView<Entry, kType, kFormat, kMin...>& list, Fields& fields) {
  fields.BeginList("entries");
  for (const Entry entry : list) DescribeEntry(entry, fields);
  fields.End();
}
template <typename View>
requires requires(const View& view) {
  view.ForEach([](const auto&) {});
}
void Describe(const View& view, Fields& fields) {
  fields.BeginList("entries");
  view.ForEach([&](const auto& entry) { DescribeEntry(entry, fields); });
  fields.End();
}
template <int kType, int kFormat>
void Describe(const rtcp::FeedbackSignal<kType, kFormat>&, Fields&) {}
void Describe(const rtcp::RpsiView& rpsi, Fields& fields) {
  fields("payload_type", rpsi.payload_type());
  fields("bit_count", rpsi.bit_count());
  fields("bit_string", rpsi.bit_string());
}
void Describe(const rtcp::RembView& remb, Fields& fields) {
  fields("bitrate_bps", remb.bitrate());
  fields.BeginList("ssrcs");
  for (int i = 0; i < remb.ssrc_count(); ++i) fields("", remb.ssrc(i));
  fields.End();
}
void Describe(const rtcp::LossNotification& loss, Fields& fields) {
  fields("last_decoded", loss.last_decoded);
  fields("last_received", loss.last_received);
  fields("is_decodable", loss.is_decodable);
}

// visit(sequence number, delta in 250 us) for each packet that arrived. The others
// take no time: 40 bytes may tell of 65,535.
template <typename Visit>
void ForEachReceived(const rtcp::TransportFeedbackView& feedback, Visit&& visit) {
  ByteReader chunks(feedback.chunks());
  const std::uint8_t* delta = feedback.deltas().data();
  SequenceNumber number = feedback.base_sequence_number();
  std::uint16_t bits = 0;
  for (int left = feedback.packet_status_count(); chunks.ReadU16(bits);) {
    const rtcp::StatusChunk chunk(bits);
    const int told = std::min(left, chunk.size());
    left -= told;
    const bool any = chunk.CountSmall(told) + chunk.CountLarge(told) > 0;
    for (int i = 0; i < told && any; ++i) {
      if (chunk.status(i) == rtcp::PacketStatus::kSmallDelta) {
        visit(number + i, std::int64_t{*delta});
        delta += 1;
      } else if (chunk.status(i) == rtcp::PacketStatus::kLargeDelta) {
        visit(number + i, std::int64_t{static_cast<std::int16_t>(LoadU16(delta))});
        delta += 2;
      }
    }
    number = number + told;
  }
}
void Describe(const rtcp::TransportFeedbackView& feedback, Fields& fields) {
  fields("base_sequence_number", feedback.base_sequence_number());
  fields("packet_status_count", feedback.packet_status_count());
  fields("reference_time", feedback.reference_time().time().us() / rtcp::FeedbackReferenceTime::kUnit.us());
  fields("feedback_packet_count", feedback.feedback_packet_count());
  fields("received_count", feedback.received_count());
  {
    NumberList list("chunks", fields);
    ByteReader chunks(feedback.chunks());
    for (std::uint16_t chunk = 0; chunks.ReadU16(chunk);) list.Add(chunk);
  }
  {
    NumberList list("received", fields);
    ForEachReceived(feedback, [&](SequenceNumber number, std::int64_t) { list.Add(number.value()); });
  }
  NumberList list("deltas", fields);
  ForEachReceived(feedback, [&](SequenceNumber, std::int64_t delta) { list.Add(delta); });
}

void Describe(const rtcp::CongestionFeedbackView& feedback, Fields& fields) {
  fields("report_timestamp", feedback.report_timestamp().value());
  fields.BeginList("reports");
  for (const rtcp::CongestionReportBlock report : feedback) {
    fields.BeginObject("");
    fields("ssrc", report.ssrc());
    fields("begin_seq", report.begin_seq());
    // One for each packet, -1 of those that were not received.
    {
      NumberList list("arrival_time_offsets", fields);
      report.ForEach([&](SequenceNumber, rtcp::PacketMetric metric) {
        list.Add(metric.received() ? std::int64_t{metric.arrival_time_offset()} : -1);
      });
    }
    {
      NumberList list("ecn", fields);
      report.ForEach([&](SequenceNumber, rtcp::PacketMetric metric) {
        list.Add(metric.received() ? static_cast<std::int64_t>(metric.ecn()) : -1);
      });
    }
    fields.End();
  }
  fields.End();
}
void Describe(const rtcp::EcnFeedback& ecn, Fields& fields) {
  fields("extended_highest_sequence_number", ecn.extended_highest_sequence_number);
  fields("ect0", ecn.ect0);
  fields("ect1", ecn.ect1);
  fields("ecn_ce", ecn.ecn_ce);
  fields("not_ect", ecn.not_ect);
  fields("lost", ecn.lost);
  fields("duplicated", ecn.duplicated);
}

template <typename View>
Verdict Read(const rtcp::BlockView& block, Fields& fields) {
  const auto view = View::Parse(block);
  if (!view) return {ToString(view.error()), 0};
  Describe(*view, fields);
  return {};
}

// What nothing is known of.
Verdict DescribeBytes(const rtcp::FeedbackView& feedback, Fields& fields) {
  if (!feedback.fci().empty()) fields("fci", feedback.fci());
  return {};
}

Verdict DescribeApplicationLayer(const rtcp::BlockView& block, const rtcp::FeedbackView& feedback, Fields& fields) {
  if (feedback.fci().size() < 4) return DescribeBytes(feedback, fields);
  fields.Words("identifier", feedback.fci().first(4));
  switch (LoadU32(feedback.fci().data())) {
    case rtcp::RembView::kUniqueIdentifier: return Read<rtcp::RembView>(block, fields);
    case rtcp::LossNotification::kUniqueIdentifier: return Read<rtcp::LossNotification>(block, fields);
    default: return DescribeBytes(feedback, fields);
  }
}

Verdict DescribeTransportFeedback(const rtcp::BlockView& block, const rtcp::FeedbackView& feedback, Fields& fields) {
  switch (block.count()) {
    case rtcp::kFormatNack: return Read<rtcp::NackView>(block, fields);
    case rtcp::kFormatTmmbr: return Read<rtcp::TmmbrView>(block, fields);
    case rtcp::kFormatTmmbn: return Read<rtcp::TmmbnView>(block, fields);
    case rtcp::kFormatRapidResync: return Read<rtcp::RapidResync>(block, fields);
    case rtcp::kFormatPauseResume: return Read<rtcp::PauseResumeView>(block, fields);
    case rtcp::kFormatEcn: return Read<rtcp::EcnFeedback>(block, fields);
    case rtcp::kFormatCongestionControl: return Read<rtcp::CongestionFeedbackView>(block, fields);
    case rtcp::kFormatTransportWide: return Read<rtcp::TransportFeedbackView>(block, fields);
    default: return DescribeBytes(feedback, fields);
  }
}

Verdict DescribePayloadFeedback(const rtcp::BlockView& block, const rtcp::FeedbackView& feedback, Fields& fields) {
  switch (block.count()) {
    case rtcp::kFormatPli: return Read<rtcp::Pli>(block, fields);
    case rtcp::kFormatSli: return Read<rtcp::SliView>(block, fields);
    case rtcp::kFormatRpsi: return Read<rtcp::RpsiView>(block, fields);
    case rtcp::kFormatFir: return Read<rtcp::FirView>(block, fields);
    case rtcp::kFormatTstr: return Read<rtcp::TstrView>(block, fields);
    case rtcp::kFormatTstn: return Read<rtcp::TstnView>(block, fields);
    case rtcp::kFormatVbcm: return Read<rtcp::VideoBackChannelView>(block, fields);
    case rtcp::kFormatLrr: return Read<rtcp::LayerRefreshRequestView>(block, fields);
    case rtcp::kFormatApplicationLayer: return DescribeApplicationLayer(block, feedback, fields);
    default: return DescribeBytes(feedback, fields);
  }
}

}  // namespace

Verdict DescribeTransportWide(Bytes message, Fields& fields) {
  ByteReader reader(message);
  const auto block = rtcp::BlockView::TakeFrom(reader);
  if (!block) return {ToString(block.error()), 0};
  const Verdict verdict = Read<rtcp::TransportFeedbackView>(*block, fields);
  if (verdict.refusal.empty() && !reader.empty()) return {"rtcp twcc: trailing bytes", block->size()};
  return verdict;
}

Verdict DescribeFeedback(const rtcp::BlockView& block, Fields& fields) {
  fields("format", block.count());
  const std::string_view name = rtcp::FeedbackName(block.packet_type(), block.count());
  fields("message", name.empty() ? std::string_view("unknown") : name);
  const auto feedback = rtcp::FeedbackView::Parse(block);
  if (!feedback) return {ToString(feedback.error()), 0};
  fields("sender_ssrc", feedback->sender_ssrc());
  // RFC 8888 has report blocks in its place.
  const bool of_blocks =
      block.packet_type() == rtcp::kTransportFeedback && block.count() == rtcp::kFormatCongestionControl;
  if (!of_blocks) fields("media_ssrc", feedback->media_ssrc());
  return block.packet_type() == rtcp::kTransportFeedback ? DescribeTransportFeedback(block, *feedback, fields)
                                                         : DescribePayloadFeedback(block, *feedback, fields);
}

}  // namespace mediacore::tools
