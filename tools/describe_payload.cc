#include <array>
#include <utility>

#include "describe.h"
#include "mediacore/codec/h264_depacketizer.h"
#include "mediacore/codec/h264_sps.h"
#include "mediacore/sdp/format_parameters.h"

namespace mediacore::tools {
namespace {

using codec::H264PayloadError;
using codec::NalType;

std::string_view DescribeNalBody(Bytes nal, Fields& fields) {
  const NalType type = codec::NalTypeOf(nal[0]);
  if (type == NalType::kSps) {
    const auto sps = codec::Sps::Parse(nal);
    if (!sps) return codec::ToString(sps.error());
    fields("codec", sps->codec_string().view());
    fields("id", sps->id);
    fields("width", sps->width);
    fields("height", sps->height);
    fields("max_num_ref_frames", sps->max_num_ref_frames);
    fields("reorder_depth", sps->reorder_depth());
    fields("frame_rate_millihertz", sps->frame_rate().millihertz());
  } else if (type == NalType::kPps) {
    const auto pps = codec::Pps::Parse(nal);
    if (!pps) return codec::ToString(pps.error());
    fields("id", pps->id);
    fields("sps_id", pps->sps_id);
    fields("cabac", pps->cabac);
  } else if (type == NalType::kSei) {
    // Of a long one its head: captions and user data have their own readers.
    std::uint8_t rbsp[1024];
    ByteReader reader(Bytes(rbsp, codec::RemoveEmulationPrevention(nal.subspan(1), rbsp)));
    fields.BeginList("messages");
    while (const auto message = codec::SeiMessage::TakeFrom(reader)) {
      fields.BeginObject("");
      fields("payload_type", static_cast<std::uint32_t>(message->type));
      fields("name", ToString(message->type));
      fields("size", message->payload.size());
      std::uint32_t count = 0;
      if (message->type == codec::SeiType::kRecoveryPoint && codec::ReadRecoveryPoint(message->payload, count)) {
        fields("recovery_frame_cnt", count);
      }
      fields.End();
    }
    fields.End();
  } else if (codec::IsSlice(type)) {
    const auto slice = codec::SliceHeader::Parse(nal);
    if (!slice) return codec::ToString(slice.error());
    fields("first_mb_in_slice", slice->first_mb_in_slice);
    fields("slice_type", slice->slice_type);
    fields("pps_id", slice->pps_id);
  }
  return {};
}

void DescribeNalHeader(std::uint8_t header, std::size_t size, Fields& fields) {
  fields("type", header & 0x1f);
  fields("ref_idc", header >> 5 & 3);
  fields("size", size);
}

}  // namespace

Verdict DescribeH264Nal(Bytes nal, Fields& fields) {
  if (nal.empty()) return {codec::ToString(codec::H264Error::kTooShort), 0};
  DescribeNalHeader(nal[0], nal.size(), fields);
  return {DescribeNalBody(nal, fields), 0};
}

Verdict DescribeH264Payload(Bytes payload, Fields& fields) {
  const H264PayloadError error = codec::CheckH264Payload(payload);
  if (error != H264PayloadError::kNone) return {codec::ToString(error), 0};
  if (payload.empty()) return {};
  const int type = payload[0] & 0x1f;
  if (type == 28) {
    DescribeNalHeader(payload[0], payload.size(), fields);
    fields("start", (payload[1] & 0x80) != 0);
    fields("end", (payload[1] & 0x40) != 0);
    fields("fragment_of_type", payload[1] & 0x1f);
    return {};
  }
  if (type != 24) {
    DescribeH264Nal(payload, fields);
    return {};
  }
  DescribeNalHeader(payload[0], payload.size(), fields);
  fields.BeginList("units");
  for (std::size_t at = 1; at < payload.size();) {  // checked: sizes fit, none is 0
    const std::size_t size = LoadU16(payload.data() + at);
    fields.BeginObject("");
    DescribeH264Nal(payload.subspan(at + 2, size), fields);
    fields.End();
    at += 2 + size;
  }
  fields.End();
  return {};
}

PayloadDescriber FindPayloadDescriber(std::string_view encoding) {
  constexpr auto kDescribers = std::to_array<std::pair<std::string_view, PayloadDescriber>>({
      {"H264", DescribeH264Payload},
      {"H265", DescribeH265Payload},
      {"H266", DescribeH266Payload},
      {"VP8", DescribeVp8Payload},
      {"VP9", DescribeVp9Payload},
      {"AV1", DescribeAv1Payload},
      {"opus", DescribeOpusPayload},
      {"mpeg4-generic", DescribeAacPayload},
      {"MP4A-LATM", DescribeMp4aLatm},
      {"PCMU", DescribeG711Payload},
      {"PCMA", DescribeG711Payload},
      {"G722", DescribeG722Payload},
      {"CN", DescribeComfortNoise},
      {"telephone-event", DescribeTelephoneEvent},
      {"red", DescribeRed},
      {"ulpfec", DescribeUlpFec},
      {"flexfec-03", DescribeFlexFec03},
  });
  for (const auto& [name, describer] : kDescribers) {
    if (sdp::EqualsIgnoringCase(name, encoding)) return describer;
  }
  return nullptr;
}

}  // namespace mediacore::tools
