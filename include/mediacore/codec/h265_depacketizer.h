#ifndef MEDIACORE_CODEC_H265_DEPACKETIZER_H_
#define MEDIACORE_CODEC_H265_DEPACKETIZER_H_

#include "mediacore/codec/h265.h"
#include "mediacore/codec/nal_assembler.h"

namespace mediacore::codec {

// What is wrong with one packet of H.265, in the order looked.
enum class H265PayloadError : std::uint8_t {
  kNone,
  kDecodingOrder,    // sprop-max-don-diff is above 0: not supported
  kTruncated,        // shorter than its header, or than PACI's extension says
  kForbiddenBit,     // forbidden_zero_bit is set
  kNoTemporalId,     // nuh_temporal_id_plus1 is 0
  kReservedType,     // type 51 to 63
  kBadAggregate,     // a size in an aggregate that is below 2 or past the end
  kNested,           // something else than a NAL unit in an aggregate or a fragment; PACI in PACI
  kStartAndEnd,      // a fragment that is both the first and the last
  kNoStart,          // a fragment whose first one did not come
  kBadContinuation,  // a fragment of another NAL unit than the one before
  kUnfinished,       // a NAL unit while the fragments of another had no end
};
inline constexpr std::size_t kH265PayloadErrors = 12;

constexpr std::string_view ToString(H265PayloadError error) {
  switch (error) {
    case H265PayloadError::kNone: return "h265 payload: fine";
    case H265PayloadError::kDecodingOrder: return "h265 payload: decoding order numbers are not supported";
    case H265PayloadError::kTruncated: return "h265 payload: truncated";
    case H265PayloadError::kForbiddenBit: return "h265 payload: forbidden bit set";
    case H265PayloadError::kNoTemporalId: return "h265 payload: no temporal id";
    case H265PayloadError::kReservedType: return "h265 payload: reserved type";
    case H265PayloadError::kBadAggregate: return "h265 payload: bad size in aggregate";
    case H265PayloadError::kNested: return "h265 payload: no NAL unit inside";
    case H265PayloadError::kStartAndEnd: return "h265 payload: fragment starts and ends";
    case H265PayloadError::kNoStart: return "h265 payload: fragment without start";
    case H265PayloadError::kBadContinuation: return "h265 payload: fragment of another unit";
    case H265PayloadError::kUnfinished: return "h265 payload: fragments without end";
  }
  return "h265 payload: unknown";
}

// One payload (RFC 7798, section 4.4), its header and what lies behind. PACI is
// taken off (section 4.4.4): it carries a payload whose header it has in its own,
//
//   F=0 type 50, layer id, tid | A (1) cType (6) PHSsize (5) F0..2 Y (4) | extension | payload
//
// A and cType being the forbidden bit and the type of that header.
struct H265Payload {
  H265NalHeader header;
  Bytes body;
  bool has_paci = false;
  Bytes paci_extension;

  // kNone, kTruncated, kNested (PACI in PACI) or kForbiddenBit; see
  // CheckH265Payload() for what is inside.
  static constexpr H265PayloadError Read(Bytes payload, H265Payload& out) {
    using enum H265PayloadError;
    if (!H265NalHeader::Read(payload, out.header)) return kTruncated;
    out.body = payload.subspan(H265NalHeader::kSize);
    out.has_paci = static_cast<int>(out.header.type) == H265NalHeader::kPaci;
    if (!out.has_paci) return kNone;
    if (out.body.size() < 2) return kTruncated;
    if (out.header.forbidden_bit) return kForbiddenBit;
    const std::uint16_t fields = LoadU16(out.body.data());
    const std::size_t extension_size = fields >> 4 & 0x1f;
    if (out.body.size() < 2 + extension_size) return kTruncated;
    const int type = fields >> 9 & 0x3f;
    if (type == H265NalHeader::kPaci) return kNested;
    out.header.forbidden_bit = (fields & 0x8000) != 0;
    out.header.type = static_cast<H265NalType>(type);
    out.paci_extension = out.body.subspan(2, extension_size);
    out.body = out.body.subspan(2 + extension_size);
    return kNone;
  }
};

using H265Assembler = NalAssembler<H265NalHeader, H265PayloadError>;

// Looks at one payload alone, of a stream whose sprop-max-don-diff is 0: from
// kTruncated to kStartAndEnd. An empty payload is fine: padding is sent so.
constexpr H265PayloadError CheckH265Payload(Bytes payload) {
  if (payload.empty()) return H265PayloadError::kNone;
  H265Payload read;
  const H265PayloadError error = H265Payload::Read(payload, read);
  return error != H265PayloadError::kNone ? error : H265Assembler::Check(read.header, read.body);
}

// What FrameDepacketizer needs to know of H.265. About 5 kB, most of it parameter
// sets.
class H265FrameFormat {
 public:
  using Error = H265PayloadError;
  static constexpr std::size_t kErrors = kH265PayloadErrors;
  static constexpr Codec kCodec = Codec::kH265;

  constexpr explicit H265FrameFormat(int sprop_max_don_diff = 0) : in_order_(sprop_max_don_diff == 0) {}

  constexpr Error Check(Bytes payload) const { return in_order_ ? CheckH265Payload(payload) : Error::kDecodingOrder; }
  constexpr bool CanBeHead(Bytes payload) const;
  constexpr void Begin() {
    assembler_.Begin();
    picture_ = irap_ = other_ = referenced_ = has_vps_ = has_sps_ = sequence_ended_ = false;
    layer_id_ = temporal_id_ = 0;
  }
  constexpr Error Append(Bytes payload, FrameRoom& room);
  constexpr bool IsClosed() const { return sequence_ended_; }
  constexpr FrameEnd Finish(FrameRoom& room, bool after_gap, EncodedFrame& about);

  constexpr H265ParameterSets& parameter_sets() { return sets_; }
  constexpr const H265ParameterSets& parameter_sets() const { return sets_; }

 private:
  // What a whole unit tells about its frame.
  constexpr void Note(const H265NalHeader& header, Bytes nal);

  bool in_order_;
  H265Assembler assembler_;
  H265ParameterSets sets_;
  bool picture_ = false;
  bool irap_ = false;   // the base layer has an IRAP slice
  bool other_ = false;  // the base layer has another slice
  bool referenced_ = false;
  bool has_vps_ = false;
  bool has_sps_ = false;
  bool sequence_ended_ = false;
  bool key_frames_bring_vps_ = false;
  bool key_frames_bring_sps_ = false;
  std::uint8_t layer_id_ = 0;
  std::uint8_t temporal_id_ = 0;
};

// Puts the access units of an H.265 stream together again (RFC 7798: single NAL
// units, aggregates, fragments, each in PACI too; one RTP stream, in decoding
// order); see FrameDepacketizer.
//
// The head of a frame, after a loss, is a unit of the base layer that can be the
// first of a picture: an access unit delimiter, parameter set, prefix SEI, or a
// slice with first_slice_segment_in_pic_flag. What may be missing after a loss is
// SEI, and parameter sets that came before; a key frame without VPS or SPS is dropped
// if the stream's key frames have had them inside so far. A frame without its marker
// is whole at the end when an end of sequence or end of bitstream unit was its last.
//
// Access unit delimiters and filler data are left out. Units without any slice are
// no frame: their parameter sets are kept, the rest is counted. Key frames are IRAP
// pictures (IDR, BLA, CRA) and tell the size that the last SPS says. `spatial_id` is
// the highest nuh_layer_id inside. A frame is `discardable` when it is a sub-layer
// non-reference picture and the SPS knows no higher sub-layer that could refer to it.
class H265Depacketizer : public FrameDepacketizer<H265FrameFormat> {
 public:
  // With a `sprop_max_don_diff` above 0 every packet is refused (kDecodingOrder).
  constexpr explicit H265Depacketizer(MutableBytes frame_storage, int sprop_max_don_diff = 0)
      : FrameDepacketizer(frame_storage, H265FrameFormat(sprop_max_don_diff)) {}

  // Parameter sets from outside the stream (sprop-vps, sprop-sps, sprop-pps,
  // decoded), one NAL unit each. What comes inside the stream later takes their
  // place. False when it is no VPS, SPS or PPS.
  constexpr bool AddParameterSet(Bytes nal) { return format().parameter_sets().Store(nal); }
  // What the stream stands under now; HvccWriter makes hvcC of it.
  constexpr const H265ParameterSets& parameter_sets() const { return format().parameter_sets(); }
};

constexpr H265PayloadError H265FrameFormat::Append(Bytes payload, FrameRoom& room) {
  H265Payload read;
  const Error error = H265Payload::Read(payload, read);
  if (error != Error::kNone) return error;  // Check() has seen to it
  return assembler_.Append(read.header, read.body, room,
                           [this](const H265NalHeader& header, Bytes nal) { Note(header, nal); });
}

constexpr void H265FrameFormat::Note(const H265NalHeader& header, Bytes nal) {
  sequence_ended_ = header.type == H265NalType::kEndOfSequence || header.type == H265NalType::kEndOfBitstream;
  if (IsSlice(header.type)) {
    picture_ = true;
    if (header.layer_id == 0) (IsIrap(header.type) ? irap_ : other_) = true;
    referenced_ = referenced_ || !IsSubLayerNonReference(header.type);
    layer_id_ = std::max(layer_id_, header.layer_id);
    temporal_id_ = static_cast<std::uint8_t>(header.temporal_id_plus1 - 1);
  } else if (IsParameterSet(header.type)) {
    has_vps_ = has_vps_ || header.type == H265NalType::kVps;
    has_sps_ = has_sps_ || header.type == H265NalType::kSps;
    static_cast<void>(sets_.Store(nal));
  }
}

constexpr FrameEnd H265FrameFormat::Finish(FrameRoom&, bool after_gap, EncodedFrame& about) {
  const bool key = irap_ && !other_;
  const bool lacks_sets = (key_frames_bring_vps_ && !has_vps_) || (key_frames_bring_sps_ && !has_sps_);
  if (assembler_.in_fragments() || (after_gap && key && lacks_sets)) return FrameEnd::kIncomplete;
  if (!picture_) return FrameEnd::kNoPicture;
  if (key) {
    key_frames_bring_vps_ = has_vps_;
    key_frames_bring_sps_ = has_sps_;
  }
  const H265Sps* const sps = sets_.parsed_sps();
  about.key_frame = key;
  about.discardable = !referenced_ && sps != nullptr && temporal_id_ + 1 >= sps->max_sub_layers;
  about.spatial_id = layer_id_;
  about.temporal_id = temporal_id_;
  if (key && sps != nullptr) {
    about.width = sps->width;
    about.height = sps->height;
  }
  return FrameEnd::kWhole;
}

constexpr bool H265FrameFormat::CanBeHead(Bytes payload) const {
  H265Payload read;
  H265NalHeader unit;
  Bytes body;
  if (H265Payload::Read(payload, read) != Error::kNone ||
      !H265Assembler::FirstUnit(read.header, read.body, unit, body) || unit.layer_id != 0) {
    return false;
  }
  // first_slice_segment_in_pic_flag is the first bit of a slice.
  if (IsSlice(unit.type)) return !body.empty() && (body[0] & 0x80) != 0;
  const int type = static_cast<int>(unit.type);
  return IsParameterSet(unit.type) || unit.type == H265NalType::kAccessUnitDelimiter ||
         unit.type == H265NalType::kPrefixSei || (type >= 41 && type <= 44);  // section 7.4.2.4.4
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H265_DEPACKETIZER_H_
