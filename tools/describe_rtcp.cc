#include "describe_rtcp.h"
#include "mediacore/rtcp/app.h"
#include "mediacore/rtcp/bye.h"
#include "mediacore/rtcp/compound.h"
#include "mediacore/rtcp/extended_jitter.h"
#include "mediacore/rtcp/receiver_report.h"
#include "mediacore/rtcp/sdes.h"
#include "mediacore/rtcp/sender_report.h"

namespace mediacore::tools {
namespace {

constexpr std::string_view ToString(rtcp::SdesType type) {
  switch (type) {
    case rtcp::SdesType::kEnd: break;
    case rtcp::SdesType::kCname: return "CNAME";
    case rtcp::SdesType::kName: return "NAME";
    case rtcp::SdesType::kEmail: return "EMAIL";
    case rtcp::SdesType::kPhone: return "PHONE";
    case rtcp::SdesType::kLoc: return "LOC";
    case rtcp::SdesType::kTool: return "TOOL";
    case rtcp::SdesType::kNote: return "NOTE";
    case rtcp::SdesType::kPriv: return "PRIV";
    case rtcp::SdesType::kRid: return "RtpStreamId";
    case rtcp::SdesType::kRepairedRid: return "RepairedRtpStreamId";
    case rtcp::SdesType::kMid: return "MID";
  }
  return "unknown";
}

template <typename View>
void DescribeReports(const View& view, Fields& fields) {
  fields.BeginList("reports");
  for (int i = 0; i < view.report_count(); ++i) {
    const rtcp::ReportBlock report = view.report(i);
    fields.BeginObject("");
    fields("ssrc", report.ssrc);
    fields("fraction_lost", report.fraction_lost);
    fields("cumulative_lost", report.cumulative_lost);
    fields("extended_highest_sequence_number", report.extended_highest_sequence_number);
    fields("jitter", report.jitter);
    fields("last_sr", report.last_sr);
    fields("delay_since_last_sr", report.delay_since_last_sr);
    fields.End();
  }
  fields.End();
  if (!view.profile_extension().empty()) fields("profile_extension", view.profile_extension());
}

void Describe(const rtcp::SenderReportView& report, Fields& fields) {
  fields("sender_ssrc", report.sender_ssrc());
  fields("ntp_time", report.ntp_time());
  fields("rtp_timestamp", report.rtp_timestamp());
  fields("packet_count", report.packet_count());
  fields("octet_count", report.octet_count());
  DescribeReports(report, fields);
}

void Describe(const rtcp::ReceiverReportView& report, Fields& fields) {
  fields("sender_ssrc", report.sender_ssrc());
  DescribeReports(report, fields);
}

void Describe(const rtcp::SdesView& sdes, Fields& fields) {
  fields("chunks", sdes.chunk_count());
  fields.BeginList("items");
  sdes.ForEachItem([&](Ssrc ssrc, const rtcp::SdesItem& item) {
    fields.BeginObject("");
    fields("ssrc", ssrc);
    fields("type", static_cast<int>(item.type));
    fields("name", ToString(item.type));
    if (item.type == rtcp::SdesType::kPriv) fields.Words("prefix", item.prefix);
    fields.Words("value", item.value);
    fields.End();
  });
  fields.End();
}

void Describe(const rtcp::ByeView& bye, Fields& fields) {
  fields.BeginList("ssrcs");
  for (int i = 0; i < bye.ssrc_count(); ++i) fields("", bye.ssrc(i));
  fields.End();
  if (!bye.reason().empty()) fields.Words("reason", bye.reason());
}

void Describe(const rtcp::AppView& app, Fields& fields) {
  fields("subtype", app.subtype());
  fields("ssrc", app.ssrc());
  const rtcp::AppName name = app.name();
  fields("app_name", std::string_view(name.data(), name.size()));
  fields("data", app.data());
}

void Describe(const rtcp::ExtendedJitterView& jitters, Fields& fields) {
  NumberList list("jitters", fields);
  for (int i = 0; i < jitters.count(); ++i) list.Add(jitters.jitter(i));
}

template <typename View>
Verdict Read(const rtcp::BlockView& block, Fields& fields) {
  const auto view = View::Parse(block);
  if (!view) return {ToString(view.error()), 0};
  Describe(*view, fields);
  return {};
}

Verdict DescribeBody(const rtcp::BlockView& block, Fields& fields) {
  switch (block.packet_type()) {
    case rtcp::kSenderReport: return Read<rtcp::SenderReportView>(block, fields);
    case rtcp::kReceiverReport: return Read<rtcp::ReceiverReportView>(block, fields);
    case rtcp::kSourceDescription: return Read<rtcp::SdesView>(block, fields);
    case rtcp::kGoodbye: return Read<rtcp::ByeView>(block, fields);
    case rtcp::kApplication: return Read<rtcp::AppView>(block, fields);
    case rtcp::kExtendedJitterReport: return Read<rtcp::ExtendedJitterView>(block, fields);
    case rtcp::kTransportFeedback:
    case rtcp::kPayloadFeedback: return DescribeFeedback(block, fields);
    case rtcp::kExtendedReport: return DescribeExtendedReport(block, fields);
    default:
      fields("count", block.count());
      fields("body", block.body());
      return {};
  }
}

}  // namespace

Verdict DescribeRtcp(Bytes packet, Fields& fields) {
  Verdict verdict;
  const auto compound = rtcp::CompoundView::Parse(packet, {.reduced_size = true});
  if (!compound) {
    verdict.refusal = ToString(compound.error());
    const bool by_size =
        compound.error() == rtcp::CompoundError::kEmpty || compound.error() == rtcp::CompoundError::kTooLong;
    if (by_size) return verdict;
  }
  ByteReader reader(packet);
  fields.BeginList("blocks");
  while (!reader.empty()) {
    const std::size_t at = packet.size() - reader.remaining();
    // The last one that is looked at is the one that the compound fails with.
    if (!compound) verdict.offset = at;
    const auto block = rtcp::BlockView::TakeFrom(reader);
    if (!block) break;
    fields.BeginObject("");
    fields("type", block->packet_type());
    fields("name", rtcp::PacketTypeName(block->packet_type()));
    fields("size", block->size());
    if (block->has_padding()) fields("padding_size", block->padding_size());
    const Verdict body = DescribeBody(*block, fields);
    if (!body.refusal.empty()) {
      fields("error", body.refusal);
      fields("body", block->body());
      if (verdict.refusal.empty()) verdict = {body.refusal, at + body.offset};
    }
    fields.End();
    if (block->has_padding()) break;
  }
  fields.End();
  if (!reader.empty()) fields("rest", reader.rest());
  return verdict;
}

}  // namespace mediacore::tools
