#include "describe.h"
#include "mediacore/codec/av1_depacketizer.h"
#include "mediacore/codec/av1c.h"

namespace mediacore::tools {
namespace {

using codec::Av1ObuType;
using codec::Av1ObuView;

void DescribeSequence(const codec::Av1SequenceHeader& sequence, Fields& fields) {
  fields("codec", sequence.codec_string().view());
  fields("width", sequence.width());
  fields("height", sequence.height());
  fields("still_picture", sequence.still_picture);
  fields("operating_points", sequence.operating_points_cnt_minus_1 + 1);
  fields("film_grain", sequence.film_grain_params_present);
  fields("frame_rate_millihertz", sequence.frame_rate().millihertz());
}

void DescribeFrame(const codec::Av1FrameHeader& frame, Fields& fields) {
  if (frame.show_existing_frame) {
    fields("show_existing_frame", frame.frame_to_show_map_idx);
    return;
  }
  fields("frame_type", codec::ToString(frame.frame_type));
  fields("show_frame", frame.show_frame);
  fields("error_resilient_mode", frame.error_resilient_mode);
  fields("order_hint", frame.order_hint);
  fields("refresh_frame_flags", frame.refresh_frame_flags);
}

void DescribeHeader(const Av1ObuView& obu, Fields& fields) {
  fields("type", codec::ToString(obu.type()));
  fields("size", obu.payload().size());
  if (!obu.has_extension()) return;
  fields("temporal_id", obu.temporal_id());
  fields("spatial_id", obu.spatial_id());
}

// Frame headers can be read under a sequence header alone: the first of the row,
// as those of one sequence say the same.
class ObuDescriber {
 public:
  explicit ObuDescriber(Fields& fields) : fields_(fields) {}

  // What is wrong with it; empty: nothing.
  std::string_view Describe(const Av1ObuView& obu) {
    DescribeHeader(obu, fields_);
    if (obu.type() == Av1ObuType::kSequenceHeader && !has_sequence_) {
      const auto sequence = codec::Av1SequenceHeader::Parse(obu);
      if (!sequence) return codec::ToString(sequence.error());
      has_sequence_ = true;
      sequence_ = *sequence;
      DescribeSequence(sequence_, fields_);
    }
    if (has_sequence_ && codec::BeginsAv1Frame(obu.type())) {
      const auto frame = codec::Av1FrameHeader::Parse(obu, sequence_);
      if (!frame) return codec::ToString(frame.error());
      DescribeFrame(*frame, fields_);
    }
    return {};
  }

 private:
  Fields& fields_;
  bool has_sequence_ = false;
  codec::Av1SequenceHeader sequence_;
};

}  // namespace

Verdict DescribeAv1Payload(Bytes payload, Fields& fields) {
  const auto error = codec::CheckAv1Payload(payload);
  if (error != codec::Av1PayloadError::kNone) return {codec::ToString(error), 0};
  if (payload.empty()) return {};
  const auto view = codec::Av1AggregationView::Parse(payload);
  fields("first_is_continuation", view->first_is_continuation());
  fields("last_continues", view->last_continues());
  fields("element_count", view->element_count());
  fields("new_coded_video_sequence", view->new_coded_video_sequence());
  ObuDescriber describer(fields);
  bool begins = !view->first_is_continuation();
  fields.BeginList("elements");
  for (auto element = view->begin(); element != view->end(); ++element, begins = true) {
    fields.BeginObject("");
    const bool ends = !(element.is_last() && view->last_continues());
    if (const auto obu = Av1ObuView::Parse(*element); begins && ends && obu) {
      describer.Describe(*obu);
    } else {
      fields("fragment", (*element).size());
      if (begins && !(*element).empty()) {
        fields("type", codec::ToString(static_cast<Av1ObuType>((*element)[0] >> 3 & 15)));
      }
    }
    fields.End();
  }
  fields.End();
  return {};
}

Verdict DescribeAv1Obus(Bytes obus, Fields& fields) {
  ObuDescriber describer(fields);
  Verdict verdict;
  ByteReader reader(obus);
  fields.BeginList("obus");
  while (!reader.empty()) {
    const std::size_t at = obus.size() - reader.remaining();
    const auto obu = Av1ObuView::TakeFrom(reader);
    std::string_view refusal;
    if (obu) {
      fields.BeginObject("");
      refusal = describer.Describe(*obu);
      fields.End();
    } else {
      refusal = codec::ToString(obu.error());
    }
    if (verdict.refusal.empty() && !refusal.empty()) verdict = {refusal, at};
    if (!obu) break;
  }
  fields.End();
  return verdict;
}

Verdict DescribeAv1Config(Bytes record, Fields& fields) {
  const auto config = codec::Av1ConfigView::Parse(record);
  if (!config) return {codec::ToString(config.error()), 0};
  fields("profile", config->profile());
  fields("level", config->level());
  fields("tier", config->tier());
  fields("bit_depth", config->bit_depth());
  fields("mono_chrome", config->mono_chrome());
  fields("subsampling_x", config->subsampling_x());
  fields("subsampling_y", config->subsampling_y());
  fields("chroma_sample_position", config->chroma_sample_position());
  fields("initial_presentation_delay", config->initial_presentation_delay());
  Verdict verdict = DescribeAv1Obus(config->obus(), fields);
  verdict.offset += verdict.refusal.empty() ? 0 : 4;
  return verdict;
}

}  // namespace mediacore::tools
