// RTX, RED and FEC, and what they carry.
#include <array>
#include <utility>

#include "describe.h"
#include "mediacore/rtp/flexfec.h"
#include "mediacore/rtp/flexfec03.h"
#include "mediacore/rtp/red.h"
#include "mediacore/rtp/rtx.h"
#include "mediacore/rtp/ulpfec.h"
#include "mediacore/sdp/format_parameters.h"

namespace mediacore::tools {
namespace {

void DescribeRecovery(const rtp::FecRecovery& recovery, Fields& fields) {
  fields.BeginObject("recovery");
  fields("padding", recovery.padding());
  fields("extension", recovery.extension());
  fields("csrc_count", recovery.csrc_count());
  fields("marker", recovery.marker());
  fields("payload_type", recovery.payload_type());
  fields("length", recovery.length);
  fields("timestamp", recovery.timestamp);
  fields.End();
}

void DescribePackets(const rtp::ProtectedPackets& packets, Fields& fields) {
  NumberList numbers("packets", fields);
  for (const SequenceNumber number : packets) numbers.Add(number.value());
}

// A payload inside another, by the name that the session description has for its type.
void DescribeInner(std::string_view encoding, Bytes payload, Fields& fields) {
  if (encoding.empty()) return;
  fields("encoding", encoding);
  const PayloadDescriber describe = FindPayloadDescriber(encoding);
  if (describe == nullptr || payload.empty()) return;
  const Verdict verdict = describe(payload, fields);
  if (!verdict.refusal.empty()) fields("error", verdict.refusal);
}

class NoNames final : public PayloadNames {
 public:
  std::string_view EncodingOf(PayloadType) const override { return {}; }
  PayloadType AssociatedWith(PayloadType type) const override { return type; }
};

Verdict DescribeRedBlocks(Bytes payload, const PayloadNames& names, Fields& fields) {
  const auto red = rtp::RedView::Parse(payload);
  if (!red) return {ToString(red.error()), 0};
  fields.BeginList("blocks");
  for (const rtp::RedBlock& block : *red) {
    fields.BeginObject("");
    fields("payload_type", block.payload_type);
    fields("timestamp_offset", block.timestamp_offset);
    fields("block_length", block.payload.size());
    DescribeInner(names.EncodingOf(block.payload_type), block.payload, fields);
    fields.End();
  }
  fields.End();
  return {};
}

bool Is(std::string_view encoding, std::string_view name) { return sdp::EqualsIgnoringCase(encoding, name); }

Verdict DescribeRepetition(const rtp::PacketView& packet, const PayloadNames& names, Fields& fields) {
  const auto rtx = rtp::RtxView::Parse(packet);
  if (!rtx) return {ToString(rtx.error()), 0};
  fields("original_sequence_number", rtx->original_sequence_number());
  fields("original_payload_size", rtx->original_payload().size());
  const PayloadType original = names.AssociatedWith(packet.payload_type());
  const std::string_view encoding = names.EncodingOf(original);
  if (encoding.empty() || Is(encoding, "rtx")) return {};  // of a retransmission of a retransmission no more is read
  fields.BeginObject("original");
  fields("payload_type", original);
  if (Is(encoding, "red")) {
    fields("encoding", encoding);
    const Verdict verdict = DescribeRedBlocks(rtx->original_payload(), names, fields);
    if (!verdict.refusal.empty()) fields("error", verdict.refusal);
  } else {
    DescribeInner(encoding, rtx->original_payload(), fields);
  }
  fields.End();
  return {};
}

}  // namespace

Verdict DescribeRed(Bytes payload, Fields& fields) { return DescribeRedBlocks(payload, NoNames(), fields); }

Verdict DescribeRtx(Bytes packet, Fields& fields) {
  const auto view = rtp::PacketView::Parse(packet);
  if (!view) return {rtp::ToString(view.error()), 0};
  return DescribeRepetition(*view, NoNames(), fields);
}

Verdict DescribeUlpFec(Bytes payload, Fields& fields) {
  const auto fec = rtp::UlpFecView::Parse(payload);
  if (!fec) return {ToString(fec.error()), 0};
  DescribeRecovery(fec->recovery(), fields);
  fields("sn_base", fec->sn_base());
  fields("mask_bits", fec->mask_bits());
  fields.BeginList("levels");
  for (const rtp::UlpFecLevel& level : *fec) {
    fields.BeginObject("");
    fields("protection_length", level.payload.size());
    DescribePackets(fec->packets(level), fields);
    fields.End();
  }
  fields.End();
  return {};
}

Verdict DescribeFlexFec03(Bytes payload, Fields& fields) {
  const auto fec = rtp::FlexFec03View::Parse(payload);
  if (!fec) return {ToString(fec.error()), 0};
  DescribeRecovery(fec->recovery(), fields);
  fields.BeginList("streams");
  for (const rtp::FlexFec03Stream& stream : *fec) {
    fields.BeginObject("");
    fields("ssrc", stream.ssrc);
    fields("sn_base", stream.sn_base);
    DescribePackets(stream.packets(), fields);
    fields.End();
  }
  fields.End();
  fields("repair_payload_size", fec->repair_payload().size());
  return {};
}

Verdict DescribeFlexFec(Bytes packet, Fields& fields) {
  const auto view = rtp::PacketView::Parse(packet);
  if (!view) return {rtp::ToString(view.error()), 0};
  const auto fec = rtp::FlexFecView::Parse(*view);
  if (!fec) return {ToString(fec.error()), 0};
  fields("retransmission", fec->is_retransmission());
  if (fec->is_retransmission()) {
    const rtp::PacketView original = fec->retransmission();
    fields("original_ssrc", original.ssrc());
    fields("original_sequence_number", original.sequence_number());
    fields("original_payload_type", original.payload_type());
    fields("original_payload_size", original.payload().size());
    return {};
  }
  DescribeRecovery(fec->recovery(), fields);
  fields.BeginList("streams");
  for (const rtp::FlexFecStream& stream : *fec) {
    fields.BeginObject("");
    fields("ssrc", stream.ssrc);
    fields("sn_base", stream.sn_base);
    if (fec->is_fixed()) {  // 255 numbers are more than 4 bytes pay for
      fields("columns", stream.columns);
      fields("rows", stream.rows);
    } else {
      DescribePackets(stream.packets(), fields);
    }
    fields.End();
  }
  fields.End();
  fields("repair_payload_size", fec->repair_payload().size());
  return {};
}

Verdict DescribePayload(const rtp::PacketView& packet, std::string_view encoding, const PayloadNames& names,
                        Fields& fields) {
  const bool rtx = Is(encoding, "rtx");
  if (packet.payload().empty()) {
    if (rtx && packet.padding_size() > 0) fields("padding_only", true);  // a probe: nothing is wrong
    return {};
  }
  if (rtx) return DescribeRepetition(packet, names, fields);
  if (Is(encoding, "red")) return DescribeRedBlocks(packet.payload(), names, fields);
  if (Is(encoding, "flexfec")) return DescribeFlexFec(packet.bytes(), fields);
  const PayloadDescriber describe = FindPayloadDescriber(encoding);
  return describe == nullptr ? Verdict() : describe(packet.payload(), fields);
}

}  // namespace mediacore::tools
