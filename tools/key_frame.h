#ifndef MEDIACORE_TOOLS_KEY_FRAME_H_
#define MEDIACORE_TOOLS_KEY_FRAME_H_

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/bytes.h"
#include "mediacore/base/codec.h"
#include "mediacore/codec/av1_aggregation.h"
#include "mediacore/codec/h264.h"
#include "mediacore/codec/h265_depacketizer.h"
#include "mediacore/codec/h266_depacketizer.h"
#include "mediacore/codec/vp8.h"
#include "mediacore/codec/vp9.h"

namespace mediacore::tools {
namespace internal {

// RFC 6184: an IDR slice, alone, in an aggregate or at the start of a fragment.
inline bool BeginsH264KeyFrame(Bytes payload) {
  using codec::NalType;
  const int type = payload[0] & 0x1f;
  if (type == 24) {
    ByteReader reader(payload.subspan(1));
    std::uint16_t size = 0;
    Bytes nal;
    while (reader.ReadU16(size) && reader.ReadBytes(size, nal)) {
      if (!nal.empty() && codec::NalTypeOf(nal[0]) == NalType::kIdrSlice) return true;
    }
    return false;
  }
  if (type == 28) {
    return payload.size() > 1 && (payload[1] & 0x80) != 0 &&
           codec::NalTypeOf(payload[1]) == NalType::kIdrSlice;
  }
  return codec::NalTypeOf(payload[0]) == NalType::kIdrSlice;
}

// RFC 7798 and RFC 9328: an IRAP slice, alone, in an aggregate or at the start of a
// fragment.
template <typename Header>
bool BeginsIrapPicture(const Header& header, Bytes body) {
  const int type = static_cast<int>(header.type);
  if (type == Header::kFragmentation) {
    return (body[0] & 0x80) != 0 &&
           codec::IsIrap(static_cast<decltype(header.type)>(body[0] & Header::kFragmentTypeMask));
  }
  if (type != Header::kAggregation) return codec::IsIrap(header.type);
  ByteReader reader(body);
  std::uint16_t size = 0;
  Bytes nal;
  Header unit;
  while (reader.ReadU16(size) && reader.ReadBytes(size, nal)) {
    if (Header::Read(nal, unit) && codec::IsIrap(unit.type)) return true;
  }
  return false;
}
inline bool BeginsH265KeyFrame(Bytes payload) {
  codec::H265Payload read;
  return codec::CheckH265Payload(payload) == codec::H265PayloadError::kNone &&
         codec::H265Payload::Read(payload, read) == codec::H265PayloadError::kNone &&
         BeginsIrapPicture(read.header, read.body);
}
inline bool BeginsH266KeyFrame(Bytes payload) {
  codec::H266NalHeader header;
  return codec::CheckH266Payload(payload) == codec::H266PayloadError::kNone &&
         codec::H266NalHeader::Read(payload, header) &&
         BeginsIrapPicture(header, payload.subspan(codec::H266NalHeader::kSize));
}

// Only the first packet of a frame has the tag whose lowest bit is 0 in a key frame.
inline bool BeginsVp8KeyFrame(Bytes payload) {
  ByteReader reader(payload);
  const auto descriptor = codec::Vp8DescriptorView::TakeFrom(reader);
  std::uint8_t tag = 0;
  return descriptor && descriptor->begins_frame() && reader.ReadU8(tag) && (tag & 1) == 0;
}

inline bool BeginsVp9KeyFrame(Bytes payload) {
  ByteReader reader(payload);
  const auto descriptor = codec::Vp9DescriptorView::TakeFrom(reader);
  return descriptor && descriptor->begins_key_picture();
}

inline bool BeginsAv1KeyFrame(Bytes payload) {
  const auto aggregation = codec::Av1AggregationView::Parse(payload);
  return aggregation && aggregation->new_coded_video_sequence();
}

}  // namespace internal

// Whether this packet carries the beginning of a frame that can be decoded
// without what came before it. False for codecs that are not known here.
inline bool BeginsKeyFrame(Codec codec, Bytes payload) {
  if (payload.empty()) return false;
  switch (codec) {
    case Codec::kH264: return internal::BeginsH264KeyFrame(payload);
    case Codec::kH265: return internal::BeginsH265KeyFrame(payload);
    case Codec::kH266: return internal::BeginsH266KeyFrame(payload);
    case Codec::kVp8: return internal::BeginsVp8KeyFrame(payload);
    case Codec::kVp9: return internal::BeginsVp9KeyFrame(payload);
    case Codec::kAv1: return internal::BeginsAv1KeyFrame(payload);
    default: return false;
  }
}

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_KEY_FRAME_H_
