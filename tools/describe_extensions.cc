#include <array>

#include "describe.h"
#include "mediacore/rtp/audio_level.h"
#include "mediacore/rtp/capture_time.h"
#include "mediacore/rtp/color_space.h"
#include "mediacore/rtp/corruption_detection.h"
#include "mediacore/rtp/dependency_descriptor.h"
#include "mediacore/rtp/frame_marking.h"
#include "mediacore/rtp/frame_tracking_id.h"
#include "mediacore/rtp/generic_frame_descriptor.h"
#include "mediacore/rtp/ntp_extension.h"
#include "mediacore/rtp/playout_delay.h"
#include "mediacore/rtp/sdes_extension.h"
#include "mediacore/rtp/send_time.h"
#include "mediacore/rtp/transport_sequence_number.h"
#include "mediacore/rtp/video_content_type.h"
#include "mediacore/rtp/video_layers_allocation.h"
#include "mediacore/rtp/video_orientation.h"
#include "mediacore/rtp/video_timing.h"

namespace mediacore::tools {
namespace {

using namespace rtp;  // NOLINT: this file is about nothing else

template <ExtensionKind kWhich, typename Token>
void Describe(const SdesName<kWhich, Token>& value, Fields& fields) {
  fields("value", value.name.view());
}
template <ExtensionKind kWhich>
void Describe(const SdesText<kWhich>& value, Fields& fields) {
  fields.Words("value", value.text);
}
void Describe(const AudioLevel& value, Fields& fields) {
  fields("level", value.level);
  fields("voice_activity", value.voice_activity);
}
void Describe(const CsrcAudioLevels& value, Fields& fields) {
  fields.BeginList("levels");
  for (int i = 0; i < value.count(); ++i) fields("", value.level(i));
  fields.End();
}
void Describe(const InbandComfortNoise& value, Fields& fields) {
  if (value.has_level) fields("level", value.level);
}
void Describe(const TransmissionOffset& value, Fields& fields) { fields("ticks", value.ticks); }
void Describe(const Ntp64& value, Fields& fields) { fields("ntp_time", value.time); }
void Describe(const Ntp56& value, Fields& fields) { fields.Wide("ntp_time_56", value.value); }
void Describe(const AbsSendTime& value, Fields& fields) { fields("ticks", value.ticks); }
void Describe(const AbsCaptureTime& value, Fields& fields) {
  fields("ntp_time", value.time);
  if (value.has_clock_offset) fields("clock_offset_us", value.ClockOffset());
}
void Describe(const TransportSequenceNumber& value, Fields& fields) { fields("number", value.number); }
void Describe(const TransportSequenceNumberV2& value, Fields& fields) {
  fields("number", value.number);
  if (!value.has_request) return;
  fields("with_timing", value.with_timing);
  fields("count", value.count);
}
void Describe(const PlayoutDelay& value, Fields& fields) {
  fields("min_us", value.min);
  fields("max_us", value.max);
}
template <typename Orientation>
requires requires(const Orientation& value) { value.back_camera; }
void Describe(const Orientation& value, Fields& fields) {
  fields("back_camera", value.back_camera);
  fields("flip", value.flip);
  fields("degrees", value.degrees());
}
void Describe(const VideoContentType& value, Fields& fields) {
  fields("value", value.value);
  fields("screenshare", value.IsScreenshare());
}
void Describe(const VideoTiming& value, Fields& fields) {
  if (value.has_flags) fields("flags", value.flags);
  fields("encode_start_us", value.encode_start);
  fields("encode_finish_us", value.encode_finish);
  fields("packetization_complete_us", value.packetization_complete);
  fields("pacer_exit_us", value.pacer_exit);
  fields("network_us", value.network);
  fields("network2_us", value.network2);
}
void Describe(const VideoFrameTrackingId& value, Fields& fields) { fields("frame_id", value.id); }
void Describe(std::string_view name, const HdrMetadata::Chromaticity& point, Fields& fields) {
  fields.BeginList(name);
  fields("", point.x);
  fields("", point.y);
  fields.End();
}
void Describe(const ColorSpace& value, Fields& fields) {
  fields("primaries", value.primaries);
  fields("transfer", value.transfer);
  fields("matrix", value.matrix);
  fields("range", static_cast<int>(value.range));
  fields("horizontal_siting", static_cast<int>(value.horizontal));
  fields("vertical_siting", static_cast<int>(value.vertical));
  if (!value.has_hdr) return;
  fields("luminance_max", value.hdr.luminance_max);
  fields("luminance_min", value.hdr.luminance_min);
  Describe("red", value.hdr.red, fields);
  Describe("green", value.hdr.green, fields);
  Describe("blue", value.hdr.blue, fields);
  Describe("white_point", value.hdr.white_point, fields);
  fields("max_content_light_level", value.hdr.max_content_light_level);
  fields("max_frame_average_light_level", value.hdr.max_frame_average_light_level);
}
void Describe(const FrameDiffs& diffs, Fields& fields) {
  fields.BeginList("frame_diffs");
  for (const std::uint16_t diff : diffs) fields("", diff);
  fields.End();
}
void Describe(const GenericFrameDescriptor& value, Fields& fields) {
  fields("first_packet", value.first_packet);
  fields("last_packet", value.last_packet);
  if (!value.first_packet) return;
  fields("temporal_layer", value.temporal_layer);
  fields("spatial_layers", value.spatial_layers);
  fields("frame_id", value.frame_id.value());
  if (value.has_resolution) {
    fields("width", value.width);
    fields("height", value.height);
  }
  Describe(value.frame_diffs, fields);
}
void Describe(const FrameMarking& value, Fields& fields) {
  fields("start_of_frame", value.start_of_frame);
  fields("end_of_frame", value.end_of_frame);
  fields("independent", value.independent);
  fields("discardable", value.discardable);
  fields("base_layer_sync", value.base_layer_sync);
  fields("temporal_id", value.temporal_id);
  if (value.has_layer_id) fields("layer_id", value.layer_id);
  if (value.has_tl0picidx) fields("tl0picidx", value.tl0picidx);
}
void Describe(const CorruptionDetection& value, Fields& fields) {
  fields("high_bits", value.high_bits);
  fields("sequence_index", value.sequence_index);
  if (value.samples.empty()) return;
  fields("standard_deviation", value.standard_deviation);
  fields("luma_threshold", value.luma_threshold);
  fields("chroma_threshold", value.chroma_threshold);
  fields("samples", value.samples);
}
void Describe(const VideoLayersAllocation& value, Fields& fields) {
  fields("rtp_stream_index", value.rtp_stream_index);
  fields("rtp_stream_count", value.rtp_stream_count);
  fields.BeginList("layers");
  for (const auto& layer : value.active_layers()) {
    fields.BeginObject("");
    fields("rtp_stream_index", layer.rtp_stream_index);
    fields("spatial_id", layer.spatial_id);
    fields.BeginList("target_rates_bps");
    for (int i = 0; i < layer.temporal_layer_count; ++i) fields("", layer.target_rates[static_cast<std::size_t>(i)]);
    fields.End();
    if (value.has_resolutions) {
      fields("width", layer.width);
      fields("height", layer.height);
      fields("max_frame_rate", layer.max_frame_rate);
    }
    fields.End();
  }
  fields.End();
}

void Describe(const FrameDependencies& frame, int targets, int chains, Fields& fields) {
  fields("spatial_id", frame.spatial_id);
  fields("temporal_id", frame.temporal_id);
  Describe(frame.frame_diffs, fields);
  std::array<char, DependencyStructure::kMaxDecodeTargets> symbols{};
  for (int i = 0; i < targets; ++i) symbols[static_cast<std::size_t>(i)] = Symbol(frame.decode_targets[i]);
  fields("decode_targets", std::string_view(symbols.data(), static_cast<std::size_t>(targets)));
  fields.BeginList("chain_diffs");
  for (int i = 0; i < chains; ++i) fields("", frame.chain_diffs[static_cast<std::size_t>(i)]);
  fields.End();
}
void Describe(const DependencyStructure& structure, Fields& fields) {
  fields.BeginObject("structure");
  fields("template_id_offset", structure.template_id_offset);
  fields("decode_target_count", structure.decode_target_count);
  fields("chain_count", structure.chain_count);
  if (structure.chain_count > 0) {
    fields.BeginList("chain_of_target");
    for (std::size_t i = 0; i < structure.decode_target_count; ++i) fields("", structure.chain_of_target[i]);
    fields.End();
  }
  if (structure.has_resolutions) {
    fields.BeginList("resolutions");
    for (int i = 0; i < structure.spatial_layer_count(); ++i) {
      fields.BeginObject("");
      fields("width", structure.resolutions[static_cast<std::size_t>(i)].width);
      fields("height", structure.resolutions[static_cast<std::size_t>(i)].height);
      fields.End();
    }
    fields.End();
  }
  fields.BeginList("templates");
  for (const FrameDependencies& frame : structure.all_templates()) {
    fields.BeginObject("");
    Describe(frame, structure.decode_target_count, structure.chain_count, fields);
    fields.End();
  }
  fields.End();
  fields.End();
}

template <typename Value>
Verdict Read(Bytes bytes, Fields& fields) {
  const auto value = Value::Parse(bytes);
  if (!value) return {ToString(value.error()), 0};
  Describe(*value, fields);
  return {};
}

// The one of `Values` that is of this kind; kinds without a typed value are accepted as bytes.
template <typename... Values>
Verdict ReadOneOf(ExtensionKind kind, Bytes bytes, Fields& fields) {
  Verdict verdict;
  static_cast<void>(((kind == Values::kKind && (verdict = Read<Values>(bytes, fields), true)) || ...));
  return verdict;
}

}  // namespace

Verdict DescribeDependencyDescriptor(Bytes value, rtp::DependencyDescriptorReader& reader, Fields& fields) {
  const auto head = MandatoryDescriptorFields::Parse(value);
  if (!head) return {ToString(head.error()), 0};
  fields("start_of_frame", head->start_of_frame);
  fields("end_of_frame", head->end_of_frame);
  fields("template_id", head->template_id);
  fields("frame_number", head->frame_number.value());
  // Of a structure that came too late the reader keeps nothing: it is told of, not shown.
  const DependencyStructure* const before = reader.structure();
  const auto descriptor = reader.Read(value);
  if (!descriptor) return {ToString(descriptor.error()), 0};
  const DependencyStructure* const structure = reader.structure();
  fields("has_structure", descriptor->has_structure);
  if (descriptor->has_structure && structure != before) Describe(*structure, fields);
  if (descriptor->has_active_decode_targets) fields("active_decode_targets", descriptor->active_decode_targets);
  Describe(descriptor->frame, structure->decode_target_count, structure->chain_count, fields);
  return {};
}

Verdict DescribeVideoLayersAllocation(Bytes value, Fields& fields) {
  return Read<VideoLayersAllocation>(value, fields);
}

Verdict DescribeExtensionValue(rtp::ExtensionKind kind, Bytes value, rtp::DependencyDescriptorReader& dependencies,
                               Fields& fields) {
  if (kind == ExtensionKind::kDependencyDescriptor) return DescribeDependencyDescriptor(value, dependencies, fields);
  return ReadOneOf<MidExtension, RidExtension, RepairedRidExtension, CnameExtension, CaptureIdExtension, AudioLevel,
                   CsrcAudioLevels, InbandComfortNoise, TransmissionOffset, Ntp64, Ntp56, AbsSendTime, AbsCaptureTime,
                   TransportSequenceNumber, TransportSequenceNumberV2, PlayoutDelay, VideoOrientation,
                   VideoOrientation6, VideoContentType, VideoTiming, VideoFrameTrackingId, ColorSpace,
                   VideoLayersAllocation, GenericFrameDescriptor, FrameMarking, CorruptionDetection>(kind, value,
                                                                                                     fields);
}

}  // namespace mediacore::tools
