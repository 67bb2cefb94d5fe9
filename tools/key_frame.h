#ifndef MEDIACORE_TOOLS_KEY_FRAME_H_
#define MEDIACORE_TOOLS_KEY_FRAME_H_

#include "mediacore/base/bytes.h"
#include "mediacore/base/byte_reader.h"
#include "mediacore/base/codec.h"
#include "mediacore/codec/h264.h"

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

// RFC 7741, section 4.2: the descriptor, then a frame tag whose lowest bit is 0
// in a key frame; only the first packet of a frame has the tag.
inline bool BeginsVp8KeyFrame(Bytes payload) {
  ByteReader reader(payload);
  std::uint8_t descriptor = 0;
  std::uint8_t flags = 0;
  std::uint8_t octet = 0;
  if (!reader.ReadU8(descriptor)) return false;
  if ((descriptor & 0x80) != 0) {
    if (!reader.ReadU8(flags)) return false;
    if ((flags & 0x80) != 0) {
      if (!reader.ReadU8(octet)) return false;
      if ((octet & 0x80) != 0 && !reader.ReadU8(octet)) return false;
    }
    if ((flags & 0x40) != 0 && !reader.ReadU8(octet)) return false;
    if ((flags & 0x30) != 0 && !reader.ReadU8(octet)) return false;
  }
  const bool first = (descriptor & 0x10) != 0 && (descriptor & 0x07) == 0;
  return first && reader.ReadU8(octet) && (octet & 0x01) == 0;
}

// RFC 9628, section 4.2: a frame begins (B), is not predicted from earlier
// pictures (P clear), and is the lowest spatial layer.
inline bool BeginsVp9KeyFrame(Bytes payload) {
  ByteReader reader(payload);
  std::uint8_t descriptor = 0;
  std::uint8_t octet = 0;
  if (!reader.ReadU8(descriptor)) return false;
  if ((descriptor & 0x80) != 0) {
    if (!reader.ReadU8(octet)) return false;
    if ((octet & 0x80) != 0 && !reader.ReadU8(octet)) return false;
  }
  if ((descriptor & 0x20) != 0) {
    if (!reader.ReadU8(octet)) return false;
    if (((octet >> 1) & 0x07) != 0) return false;
  }
  return (descriptor & 0x48) == 0x08;
}

}  // namespace internal

// Whether this packet carries the beginning of a frame that can be decoded
// without what came before it. False for codecs that are not known here.
inline bool BeginsKeyFrame(Codec codec, Bytes payload) {
  if (payload.empty()) return false;
  switch (codec) {
    case Codec::kH264: return internal::BeginsH264KeyFrame(payload);
    case Codec::kVp8: return internal::BeginsVp8KeyFrame(payload);
    case Codec::kVp9: return internal::BeginsVp9KeyFrame(payload);
    // N of the aggregation header: the first packet of a coded video sequence
    // (AV1 RTP specification, section 4.4).
    case Codec::kAv1: return (payload[0] & 0x08) != 0;
    default: return false;
  }
}

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_KEY_FRAME_H_
