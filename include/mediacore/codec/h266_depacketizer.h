#ifndef MEDIACORE_CODEC_H266_DEPACKETIZER_H_
#define MEDIACORE_CODEC_H266_DEPACKETIZER_H_

#include "mediacore/codec/h266.h"
#include "mediacore/codec/nal_assembler.h"

namespace mediacore::codec {

// What is wrong with one packet of H.266, in the order looked.
enum class H266PayloadError : std::uint8_t {
  kNone,
  kDecodingOrder,    // sprop-max-don-diff is above 0: not supported
  kTruncated,        // shorter than its header
  kForbiddenBit,     // forbidden_zero_bit is set
  kNoTemporalId,     // nuh_temporal_id_plus1 is 0
  kReservedType,     // type 30 or 31
  kBadAggregate,     // a size in an aggregate that is below 2 or past the end
  kNested,           // something else than a NAL unit in an aggregate or a fragment
  kStartAndEnd,      // a fragment that is both the first and the last
  kNoStart,          // a fragment whose first one did not come
  kBadContinuation,  // a fragment of another NAL unit than the one before
  kUnfinished,       // a NAL unit while the fragments of another had no end
};
inline constexpr std::size_t kH266PayloadErrors = 12;

constexpr std::string_view ToString(H266PayloadError error) {
  switch (error) {
    case H266PayloadError::kNone: return "h266 payload: fine";
    case H266PayloadError::kDecodingOrder: return "h266 payload: decoding order numbers are not supported";
    case H266PayloadError::kTruncated: return "h266 payload: truncated";
    case H266PayloadError::kForbiddenBit: return "h266 payload: forbidden bit set";
    case H266PayloadError::kNoTemporalId: return "h266 payload: no temporal id";
    case H266PayloadError::kReservedType: return "h266 payload: reserved type";
    case H266PayloadError::kBadAggregate: return "h266 payload: bad size in aggregate";
    case H266PayloadError::kNested: return "h266 payload: no NAL unit inside";
    case H266PayloadError::kStartAndEnd: return "h266 payload: fragment starts and ends";
    case H266PayloadError::kNoStart: return "h266 payload: fragment without start";
    case H266PayloadError::kBadContinuation: return "h266 payload: fragment of another unit";
    case H266PayloadError::kUnfinished: return "h266 payload: fragments without end";
  }
  return "h266 payload: unknown";
}

using H266Assembler = NalAssembler<H266NalHeader, H266PayloadError>;

// Looks at one payload alone (RFC 9328, section 4.3), of a stream whose
// sprop-max-don-diff is 0: from kTruncated to kStartAndEnd. An empty payload is
// fine: padding is sent so.
constexpr H266PayloadError CheckH266Payload(Bytes payload) {
  if (payload.empty()) return H266PayloadError::kNone;
  H266NalHeader header;
  if (!H266NalHeader::Read(payload, header)) return H266PayloadError::kTruncated;
  return H266Assembler::Check(header, payload.subspan(H266NalHeader::kSize));
}

// What FrameDepacketizer needs to know of H.266. About 2 kB, most of it what the
// 64 possible PPS say of the size of pictures.
class H266FrameFormat {
 public:
  using Error = H266PayloadError;
  static constexpr std::size_t kErrors = kH266PayloadErrors;
  static constexpr Codec kCodec = Codec::kH266;

  constexpr explicit H266FrameFormat(int sprop_max_don_diff = 0) : in_order_(sprop_max_don_diff == 0) {}

  constexpr Error Check(Bytes payload) const { return in_order_ ? CheckH266Payload(payload) : Error::kDecodingOrder; }
  constexpr bool CanBeHead(Bytes payload) const;
  constexpr void Begin() {
    assembler_.Begin();
    picture_ = irap_ = other_ = header_ = headless_ = referenced_ = has_sps_ = sequence_ended_ = false;
    layer_id_ = temporal_id_ = pps_id_ = 0;
  }
  constexpr Error Append(Bytes payload, FrameRoom& room);
  constexpr bool IsClosed() const { return sequence_ended_; }
  constexpr FrameEnd Finish(FrameRoom& room, bool after_gap, EncodedFrame& about);

  // Takes what an SPS or PPS says; false when it is none that parses.
  constexpr bool Store(Bytes nal);
  // The last one; its size is 0 without one.
  constexpr const H266Sps& sps() const { return sps_; }

 private:
  // What a whole unit tells about its frame.
  constexpr void Note(const H266NalHeader& header, Bytes nal);
  constexpr void NotePictureHeader(Bytes nal);

  bool in_order_;
  H266Assembler assembler_;
  H266Sps sps_;
  std::array<H266Pps, 64> pps_{};   // by id; the size is 0 where there is none
  std::uint8_t lowest_layer_ = 63;  // of the stream so far
  bool picture_ = false;
  bool irap_ = false;      // the frame's lowest layer has an IRAP slice
  bool other_ = false;     // or another one
  bool header_ = false;    // a picture header came
  bool headless_ = false;  // a slice came before it
  bool referenced_ = false;
  bool has_sps_ = false;
  bool sequence_ended_ = false;
  bool key_frames_bring_sps_ = false;
  std::uint8_t first_layer_ = 0;
  std::uint8_t layer_id_ = 0;
  std::uint8_t temporal_id_ = 0;
  std::uint8_t pps_id_ = 0;
};

// Puts the access units of an H.266 stream together again (RFC 9328: single NAL
// units, aggregates, fragments; one RTP stream, in decoding order); see
// FrameDepacketizer. There is no packetiser.
//
// The head of a frame, after a loss, is a unit of the stream's lowest layer that
// can be the first of a picture: a delimiter, OPI, DCI, parameter set, prefix APS,
// prefix SEI, picture header, or a slice with its picture header inside. Some of
// these may stand inside a picture too; so a frame in which a slice comes before
// any picture header is not whole. What may be missing after a loss is SEI, and
// parameter sets that came before; a key frame without SPS is dropped if the
// stream's key frames have had one inside so far. A frame without its marker is
// whole at the end when an end of sequence or end of bitstream unit was its last.
//
// Access unit delimiters and filler data are left out. Units without any slice are
// no frame. Key frames are IRAP pictures (IDR, CRA) and tell the size that their
// PPS says. `spatial_id` is the highest nuh_layer_id inside. A frame is
// `discardable` when its picture headers say that no other picture refers to it.
class H266Depacketizer : public FrameDepacketizer<H266FrameFormat> {
 public:
  // With a `sprop_max_don_diff` above 0 every packet is refused (kDecodingOrder).
  constexpr explicit H266Depacketizer(MutableBytes frame_storage, int sprop_max_don_diff = 0)
      : FrameDepacketizer(frame_storage, H266FrameFormat(sprop_max_don_diff)) {}

  // Parameter sets from outside the stream (sprop-sps, sprop-pps, decoded), one NAL
  // unit each. False when it is no SPS or PPS.
  constexpr bool AddParameterSet(Bytes nal) { return format().Store(nal); }
};

constexpr H266PayloadError H266FrameFormat::Append(Bytes payload, FrameRoom& room) {
  H266NalHeader header;
  if (!H266NalHeader::Read(payload, header)) return Error::kTruncated;  // Check() has seen to it
  return assembler_.Append(header, payload.subspan(H266NalHeader::kSize), room,
                           [this](const H266NalHeader& unit, Bytes nal) { Note(unit, nal); });
}

constexpr bool H266FrameFormat::Store(Bytes nal) {
  if (const auto sps = H266Sps::Parse(nal)) {
    sps_ = *sps;
    return true;
  }
  const auto pps = H266Pps::Parse(nal);
  if (!pps) return false;
  pps_[pps->id] = *pps;
  return true;
}

constexpr void H266FrameFormat::NotePictureHeader(Bytes nal) {
  const auto header = H266PictureHeader::Parse(nal);
  if (!header) {
    referenced_ = true;
    return;
  }
  if (!header_) pps_id_ = header->pps_id;
  header_ = true;
  referenced_ = referenced_ || !header->non_reference;
}

constexpr void H266FrameFormat::Note(const H266NalHeader& header, Bytes nal) {
  sequence_ended_ = header.type == H266NalType::kEndOfSequence || header.type == H266NalType::kEndOfBitstream;
  if (header.type == H266NalType::kPictureHeader) {
    NotePictureHeader(nal);
  } else if (IsSlice(header.type)) {
    if (HasPictureHeader(nal)) NotePictureHeader(nal);
    headless_ = headless_ || !header_;
    if (!picture_) first_layer_ = header.layer_id;
    picture_ = true;
    if (header.layer_id == first_layer_) (IsIrap(header.type) ? irap_ : other_) = true;
    lowest_layer_ = std::min(lowest_layer_, header.layer_id);
    layer_id_ = std::max(layer_id_, header.layer_id);
    temporal_id_ = static_cast<std::uint8_t>(header.temporal_id_plus1 - 1);
  } else if (header.type == H266NalType::kSps || header.type == H266NalType::kPps) {
    has_sps_ = has_sps_ || header.type == H266NalType::kSps;
    static_cast<void>(Store(nal));
  }
}

constexpr FrameEnd H266FrameFormat::Finish(FrameRoom&, bool after_gap, EncodedFrame& about) {
  const bool key = irap_ && !other_;
  if (assembler_.in_fragments() || headless_ || (after_gap && key && !has_sps_ && key_frames_bring_sps_)) {
    return FrameEnd::kIncomplete;
  }
  if (!picture_) return FrameEnd::kNoPicture;
  if (key) key_frames_bring_sps_ = has_sps_;
  about.key_frame = key;
  about.discardable = !referenced_;
  about.spatial_id = layer_id_;
  about.temporal_id = temporal_id_;
  const H266Pps& pps = pps_[pps_id_];
  if (key && pps.size.width != 0 && sps_.size.width != 0 && pps.sps_id == sps_.id) {
    static_cast<void>(pps.ShownSize(sps_, about.width, about.height));
  }
  return FrameEnd::kWhole;
}

constexpr bool H266FrameFormat::CanBeHead(Bytes payload) const {
  H266NalHeader header;
  H266NalHeader unit;
  Bytes body;
  if (!H266NalHeader::Read(payload, header) ||
      !H266Assembler::FirstUnit(header, payload.subspan(H266NalHeader::kSize), unit, body) ||
      unit.layer_id > lowest_layer_) {
    return false;
  }
  // sh_picture_header_in_slice_header_flag is the first bit of a slice.
  if (IsSlice(unit.type)) return !body.empty() && (body[0] & 0x80) != 0;
  return (unit.type >= H266NalType::kOperatingPoint && unit.type <= H266NalType::kPrefixAps) ||
         unit.type == H266NalType::kPictureHeader || unit.type == H266NalType::kAccessUnitDelimiter ||
         unit.type == H266NalType::kPrefixSei;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H266_DEPACKETIZER_H_
