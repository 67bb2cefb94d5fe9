// Payloads of VP8 and VP9.
#include "describe.h"
#include "mediacore/codec/vp8_depacketizer.h"
#include "mediacore/codec/vp9_depacketizer.h"

namespace mediacore::tools {
namespace {

using codec::Vp9LayerId;

void DescribeDiffs(std::span<const std::uint8_t> diffs, Fields& fields) {
  NumberList list("p_diffs", fields);
  for (const std::uint8_t diff : diffs) list.Add(diff);
}

void DescribeVp9Structure(const codec::Vp9ScalabilityStructureView& structure, Fields& fields) {
  fields.BeginObject("scalability_structure");
  fields("spatial_layers", structure.spatial_layers());
  if (structure.has_sizes()) {
    fields.BeginList("sizes");
    for (int layer = 0; layer < structure.spatial_layers(); ++layer) {
      const auto size = structure.size(Vp9LayerId(layer));
      fields.BeginObject("");
      fields("width", size.width);
      fields("height", size.height);
      fields.End();
    }
    fields.End();
  }
  if (structure.has_pictures()) {
    fields.BeginList("pictures");
    auto pictures = structure.pictures();
    for (codec::Vp9GroupPicture picture; pictures.Next(picture);) {
      fields.BeginObject("");
      fields("temporal_id", picture.temporal_id.value());
      fields("switching_up", picture.switching_up);
      DescribeDiffs(std::span(picture.p_diffs).first(picture.reference_count), fields);
      fields.End();
    }
    fields.End();
  }
  fields.End();
}

void DescribeVp9Frame(const codec::Vp9FrameHeader& header, Fields& fields) {
  fields("profile", header.profile);
  if (header.show_existing_frame) return fields("frame_to_show", header.frame_to_show);
  fields("key_frame", header.key_frame);
  fields("show_frame", header.show_frame);
  fields("error_resilient", header.error_resilient);
  fields("intra_only", header.intra_only);
  fields("refresh_frame_flags", header.refresh_frame_flags);
  if (header.is_intra()) fields("bit_depth", header.color.bit_depth);
  if (header.width == 0) return fields("size_of_reference", header.size_of_reference);
  fields("width", header.width);
  fields("height", header.height);
}

}  // namespace

Verdict DescribeVp8Payload(Bytes payload, Fields& fields) {
  if (payload.empty()) return {};
  ByteReader reader(payload);
  if (const auto descriptor = codec::Vp8DescriptorView::TakeFrom(reader)) {
    fields("non_reference", descriptor->non_reference());
    fields("start_of_partition", descriptor->start_of_partition());
    fields("partition_id", descriptor->partition_id());
    if (descriptor->has_picture_id()) fields("picture_id", descriptor->picture_id());
    if (descriptor->has_tl0picidx()) fields("tl0picidx", descriptor->tl0picidx());
    if (descriptor->has_temporal_id()) {
      fields("temporal_id", descriptor->temporal_id());
      fields("layer_sync", descriptor->layer_sync());
    }
    if (descriptor->has_key_index()) fields("key_index", descriptor->key_index());
    const auto header = codec::Vp8FrameHeader::Parse(reader.rest());
    if (header && descriptor->begins_frame()) {
      fields("key_frame", header->key_frame);
      fields("show_frame", header->show_frame);
      fields("version", header->version);
      fields("first_partition_size", header->first_partition_size);
      if (header->key_frame) {
        fields("width", header->width);
        fields("height", header->height);
      }
    }
    fields("size", reader.remaining());
  }
  const auto error = codec::CheckVp8Payload(payload);
  return {error == codec::Vp8PayloadError::kNone ? std::string_view() : ToString(error), 0};
}

Verdict DescribeVp9Payload(Bytes payload, Fields& fields) {
  if (payload.empty()) return {};
  ByteReader reader(payload);
  if (const auto descriptor = codec::Vp9DescriptorView::TakeFrom(reader)) {
    fields("inter_picture", descriptor->inter_picture());
    fields("flexible", descriptor->flexible());
    fields("start_of_frame", descriptor->start_of_frame());
    fields("end_of_frame", descriptor->end_of_frame());
    fields("not_reference_for_above", descriptor->not_reference_for_above());
    if (descriptor->has_picture_id()) fields("picture_id", descriptor->picture_id());
    if (descriptor->has_layers()) {
      fields("temporal_id", descriptor->temporal_id().value());
      fields("switching_up", descriptor->switching_up());
      fields("spatial_id", descriptor->spatial_id().value());
      fields("inter_layer", descriptor->inter_layer());
    }
    if (descriptor->has_tl0picidx()) fields("tl0picidx", descriptor->tl0picidx());
    if (descriptor->reference_count() > 0) {
      const auto diffs = descriptor->values().p_diffs;
      DescribeDiffs(std::span(diffs).first(static_cast<std::size_t>(descriptor->reference_count())), fields);
    }
    if (const auto structure = descriptor->scalability_structure()) DescribeVp9Structure(*structure, fields);
    const auto header = codec::Vp9FrameHeader::Parse(reader.rest());
    if (header && descriptor->start_of_frame()) DescribeVp9Frame(*header, fields);
    fields("size", reader.remaining());
  }
  const auto error = codec::CheckVp9Payload(payload);
  return {error == codec::Vp9PayloadError::kNone ? std::string_view() : ToString(error), 0};
}

}  // namespace mediacore::tools
