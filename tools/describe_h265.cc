#include "describe.h"
#include "mediacore/codec/h265_depacketizer.h"
#include "mediacore/codec/h266_depacketizer.h"
#include "mediacore/codec/hvcc.h"

namespace mediacore::tools {
namespace {

using codec::H265NalHeader;
using codec::H265NalType;
using codec::H265PayloadError;
using codec::H266NalHeader;
using codec::H266NalType;
using codec::H266PayloadError;

void DescribeHeader(const H265NalHeader& header, std::size_t size, Fields& fields) {
  fields("type", static_cast<int>(header.type));
  fields("layer_id", header.layer_id);
  fields("temporal_id", header.temporal_id_plus1 - 1);
  fields("size", size);
}
void DescribeHeader(const H266NalHeader& header, std::size_t size, Fields& fields) {
  fields("type", static_cast<int>(header.type));
  fields("layer_id", header.layer_id);
  fields("temporal_id", header.temporal_id_plus1 - 1);
  fields("size", size);
}

std::string_view DescribeBody(const H265NalHeader& header, Bytes nal, Fields& fields) {
  if (header.type == H265NalType::kVps) {
    const auto vps = codec::H265Vps::Parse(nal);
    if (!vps) return ToString(vps.error());
    fields("id", vps->id);
    fields("max_layers", vps->max_layers);
    fields("max_sub_layers", vps->max_sub_layers);
  } else if (header.type == H265NalType::kSps) {
    const auto sps = codec::H265Sps::Parse(nal);
    if (!sps) return ToString(sps.error());
    fields("codec", sps->codec_string().view());
    fields("id", sps->id);
    fields("vps_id", sps->vps_id);
    fields("max_sub_layers", sps->max_sub_layers);
    fields("width", sps->width);
    fields("height", sps->height);
    fields("chroma_format_idc", sps->chroma_format_idc);
    fields("bit_depth_luma", sps->bit_depth_luma);
    fields("bit_depth_chroma", sps->bit_depth_chroma);
    fields("max_dec_pic_buffering", sps->max_dec_pic_buffering);
    fields("reorder_depth", sps->reorder_depth());
    fields("frame_rate_millihertz", sps->frame_rate().millihertz());
  } else if (header.type == H265NalType::kPps) {
    const auto pps = codec::H265Pps::Parse(nal);
    if (!pps) return ToString(pps.error());
    fields("id", pps->id);
    fields("sps_id", pps->sps_id);
  } else if (IsSlice(header.type)) {
    const auto slice = codec::H265SliceSegmentHeader::Parse(nal);
    if (!slice) return ToString(slice.error());
    fields("first_slice_segment_in_pic", slice->first_slice_segment_in_pic);
    fields("pps_id", slice->pps_id);
  }
  return {};
}
std::string_view DescribeBody(const H266NalHeader& header, Bytes nal, Fields& fields) {
  if (header.type == H266NalType::kSps) {
    const auto sps = codec::H266Sps::Parse(nal);
    if (!sps) return ToString(sps.error());
    fields("id", sps->id);
    fields("vps_id", sps->vps_id);
    fields("max_sub_layers", sps->max_sub_layers);
    fields("profile_idc", sps->profile_idc);
    fields("level_idc", sps->level_idc);
    fields("width", sps->width);
    fields("height", sps->height);
    fields("chroma_format_idc", sps->chroma_format_idc);
  } else if (header.type == H266NalType::kPps) {
    const auto pps = codec::H266Pps::Parse(nal);
    if (!pps) return ToString(pps.error());
    fields("id", pps->id);
    fields("sps_id", pps->sps_id);
    fields("coded_width", pps->size.width);
    fields("coded_height", pps->size.height);
  } else if (header.type == H266NalType::kPictureHeader || (IsSlice(header.type) && codec::HasPictureHeader(nal))) {
    const auto picture = codec::H266PictureHeader::Parse(nal);
    if (!picture) return ToString(picture.error());
    fields("gdr_or_irap", picture->gdr_or_irap);
    fields("non_reference", picture->non_reference);
    fields("pps_id", picture->pps_id);
  }
  return {};
}

// A header, and what the unit says when it is whole.
template <typename Header>
Verdict DescribeUnit(Bytes nal, std::string_view too_short, Fields& fields) {
  Header header;
  if (!Header::Read(nal, header)) return {too_short, 0};
  DescribeHeader(header, nal.size(), fields);
  return {DescribeBody(header, nal, fields), 0};
}

// What lies behind the header of a payload that was checked. A malformed unit is
// told by its missing fields: whoever forwards it need not care.
template <typename Header>
void DescribePayloadBody(const Header& header, Bytes body, Fields& fields) {
  const int type = static_cast<int>(header.type);
  if (type == Header::kFragmentation) {
    fields("start", (body[0] & 0x80) != 0);
    fields("end", (body[0] & 0x40) != 0);
    fields("fragment_of_type", body[0] & Header::kFragmentTypeMask);
  } else if (type == Header::kAggregation) {
    fields.BeginList("units");
    for (std::size_t at = 0; at < body.size();) {  // checked: sizes fit, none is below 2
      const std::size_t size = LoadU16(body.data() + at);
      fields.BeginObject("");
      DescribeUnit<Header>(body.subspan(at + 2, size), {}, fields);
      fields.End();
      at += 2 + size;
    }
    fields.End();
  }
}

}  // namespace

Verdict DescribeH265Nal(Bytes nal, Fields& fields) {
  return DescribeUnit<H265NalHeader>(nal, ToString(codec::H265Error::kTooShort), fields);
}
Verdict DescribeH266Nal(Bytes nal, Fields& fields) {
  return DescribeUnit<H266NalHeader>(nal, ToString(codec::H266Error::kTooShort), fields);
}

Verdict DescribeH265Payload(Bytes payload, Fields& fields) {
  const H265PayloadError error = codec::CheckH265Payload(payload);
  if (error != H265PayloadError::kNone) return {ToString(error), 0};
  codec::H265Payload read;
  if (payload.empty() || codec::H265Payload::Read(payload, read) != H265PayloadError::kNone) return {};
  const bool is_unit = static_cast<int>(read.header.type) < H265NalHeader::kAggregation;
  if (is_unit && !read.has_paci) {
    DescribeH265Nal(payload, fields);
    return {};
  }
  DescribeHeader(read.header, payload.size(), fields);
  if (read.has_paci) fields("paci_extension", read.paci_extension);
  DescribePayloadBody(read.header, read.body, fields);
  return {};
}

Verdict DescribeH266Payload(Bytes payload, Fields& fields) {
  const H266PayloadError error = codec::CheckH266Payload(payload);
  if (error != H266PayloadError::kNone) return {ToString(error), 0};
  H266NalHeader header;
  if (!H266NalHeader::Read(payload, header)) return {};  // empty
  if (static_cast<int>(header.type) < H266NalHeader::kAggregation) {
    DescribeH266Nal(payload, fields);
    return {};
  }
  DescribeHeader(header, payload.size(), fields);
  DescribePayloadBody(header, payload.subspan(H266NalHeader::kSize), fields);
  return {};
}

Verdict DescribeHvcc(Bytes record, Fields& fields) {
  const auto view = codec::HvccView::Parse(record);
  if (!view) return {ToString(view.error()), 0};
  fields("codec", view->profile().codec_string().view());
  fields("nal_length_size", view->nal_length_size());
  fields("chroma_format_idc", view->chroma_format_idc());
  fields("bit_depth_luma", view->bit_depth_luma());
  fields("num_temporal_layers", view->num_temporal_layers());
  Verdict verdict;
  fields.BeginList("units");
  codec::HvccView::Units units = view->units();
  for (Bytes nal; units.Next(nal);) {
    fields.BeginObject("");
    const Verdict unit = DescribeH265Nal(nal, fields);
    fields.End();
    if (verdict.refusal.empty() && !unit.refusal.empty()) {
      verdict = {unit.refusal, static_cast<std::size_t>(nal.data() - record.data())};
    }
  }
  fields.End();
  return verdict;
}

}  // namespace mediacore::tools
