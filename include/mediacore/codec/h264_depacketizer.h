#ifndef MEDIACORE_CODEC_H264_DEPACKETIZER_H_
#define MEDIACORE_CODEC_H264_DEPACKETIZER_H_

#include "mediacore/codec/frame_depacketizer.h"
#include "mediacore/codec/h264.h"

namespace mediacore::codec {

// What is wrong with one packet of H.264, in the order looked.
enum class H264PayloadError : std::uint8_t {
  kNone,
  kForbiddenBit,         // forbidden_zero_bit is set
  kStapB,                // a packet type that needs packetization-mode 2
  kMtap16,               // likewise
  kMtap24,               // likewise
  kFuB,                  // likewise
  kReservedType,         // type 0, 30 or 31
  kTruncated,            // an aggregate or a fragment shorter than its header
  kBadAggregate,         // a STAP-A size that is 0 or past the end
  kNested,               // something else than a NAL unit inside STAP-A or FU-A
  kStartAndEnd,          // a fragment that is both the first and the last
  kNoStart,              // a fragment whose first one did not come
  kBadContinuation,      // a fragment of another NAL unit than the one before
  kUnfinished,           // a NAL unit while the fragments of another had no end
};
inline constexpr std::size_t kH264PayloadErrors = 14;

constexpr std::string_view ToString(H264PayloadError error) {
  switch (error) {
    case H264PayloadError::kNone: return "h264 payload: fine";
    case H264PayloadError::kForbiddenBit: return "h264 payload: forbidden bit set";
    case H264PayloadError::kStapB: return "h264 payload: STAP-B is not supported";
    case H264PayloadError::kMtap16: return "h264 payload: MTAP16 is not supported";
    case H264PayloadError::kMtap24: return "h264 payload: MTAP24 is not supported";
    case H264PayloadError::kFuB: return "h264 payload: FU-B is not supported";
    case H264PayloadError::kReservedType: return "h264 payload: reserved type";
    case H264PayloadError::kTruncated: return "h264 payload: truncated";
    case H264PayloadError::kBadAggregate: return "h264 payload: bad size in STAP-A";
    case H264PayloadError::kNested: return "h264 payload: no NAL unit inside";
    case H264PayloadError::kStartAndEnd: return "h264 payload: fragment starts and ends";
    case H264PayloadError::kNoStart: return "h264 payload: fragment without start";
    case H264PayloadError::kBadContinuation: return "h264 payload: fragment of another unit";
    case H264PayloadError::kUnfinished: return "h264 payload: fragments without end";
  }
  return "h264 payload: unknown";
}

// Looks at one payload alone (RFC 6184, section 5.2): everything above up to
// kStartAndEnd. An empty payload is fine: padding is sent so.
constexpr H264PayloadError CheckH264Payload(Bytes payload) {
  using enum H264PayloadError;
  if (payload.empty()) return kNone;
  if ((payload[0] & 0x80) != 0) return kForbiddenBit;
  const int type = payload[0] & 0x1f;
  if (type >= 1 && type <= 23) return kNone;
  if (type == 24) {
    if (payload.size() < 4) return kTruncated;
    ByteReader reader(payload.subspan(1));
    while (!reader.empty()) {
      std::uint16_t size = 0;
      Bytes nal;
      if (!reader.ReadU16(size) || size == 0 || !reader.ReadBytes(size, nal)) {
        return kBadAggregate;
      }
      if ((nal[0] & 0x80) != 0) return kForbiddenBit;
      const int inner = nal[0] & 0x1f;
      if (inner == 0 || inner > 23) return kNested;
    }
    return kNone;
  }
  if (type == 28) {
    if (payload.size() < 2) return kTruncated;
    const int inner = payload[1] & 0x1f;
    if (inner == 0 || inner > 23) return kNested;
    return payload[1] >> 6 == 3 ? kStartAndEnd : kNone;
  }
  if (type == 25) return kStapB;
  if (type == 26) return kMtap16;
  if (type == 27) return kMtap24;
  return type == 29 ? kFuB : kReservedType;
}

// What FrameDepacketizer needs to know of H.264 (RFC 6184, packetization modes 0
// and 1: single NAL units, STAP-A, FU-A). About 4 kB, most of it parameter sets.
class H264FrameFormat {
 public:
  using Error = H264PayloadError;
  static constexpr std::size_t kErrors = kH264PayloadErrors;
  static constexpr Codec kCodec = Codec::kH264;

  static constexpr Error Check(Bytes payload) { return CheckH264Payload(payload); }
  constexpr bool CanBeHead(Bytes payload) const;
  constexpr void Begin() {
    layers_ = {};
    head_ = Head::kUnknown;
    in_fragments_ = picture_ = key_ = referenced_ = has_sps_ = sequence_ended_ = false;
  }
  constexpr Error Append(Bytes payload, FrameRoom& room);
  constexpr bool IsClosed() const { return sequence_ended_; }
  constexpr FrameEnd Finish(FrameRoom& room, bool after_gap, EncodedFrame& about);

  constexpr ParameterSets& parameter_sets() { return sets_; }
  constexpr const ParameterSets& parameter_sets() const { return sets_; }

 private:
  // Whether the first slice is the picture's first: asked when a prefix unit is all
  // that came before it, which every slice may have.
  enum class Head : std::uint8_t { kUnknown, kFine, kPrefix, kMissing };

  constexpr Error AppendFragment(Bytes payload, FrameRoom& room);
  constexpr void AppendNal(Bytes nal, FrameRoom& room);
  static constexpr bool BeginsPicture(Bytes nal);
  // What a whole unit tells about its frame; false: leave it out.
  constexpr bool Note(Bytes nal);

  ParameterSets sets_;
  std::size_t fragment_at_ = 0;  // the length field of the unit in fragments
  std::uint8_t fragment_header_ = 0;
  SvcLayers layers_;
  Head head_ = Head::kUnknown;
  bool in_fragments_ = false;
  bool picture_ = false;
  bool key_ = false;
  bool referenced_ = false;
  bool has_sps_ = false;
  bool sequence_ended_ = false;
  bool key_frames_bring_sps_ = false;
};

// Puts the access units of an H.264 stream together again; see FrameDepacketizer.
//
// A payload can be the head of a frame when its first NAL unit can be the first of
// a picture: an access unit delimiter, parameter set, SEI, or a slice with
// first_mb_in_slice 0, maybe behind a prefix unit. What may be missing after a loss
// is SEI, and parameter sets that came before; a key frame without an SPS is dropped
// if the stream's key frames have had one inside so far. A frame without its marker is whole at the end when
// an end of sequence or end of stream unit was its last.
//
// Access unit delimiters and filler data are left out. Units without any slice
// are no frame: their parameter sets are kept, the rest is counted. Key frames
// tell the size that the last SPS says, frames the layers that prefix units say.
class H264Depacketizer : public FrameDepacketizer<H264FrameFormat> {
 public:
  constexpr explicit H264Depacketizer(MutableBytes frame_storage) : FrameDepacketizer(frame_storage) {}

  // Parameter sets from outside the stream (sprop-parameter-sets, decoded), one
  // NAL unit each. What comes inside the stream later takes their place. False
  // when it is no SPS or PPS.
  constexpr bool AddParameterSet(Bytes nal) { return format().parameter_sets().Store(nal); }
  // What the stream stands under now; AvccWriter makes avcC of it.
  constexpr const ParameterSets& parameter_sets() const { return format().parameter_sets(); }
};

constexpr H264PayloadError H264FrameFormat::Append(Bytes payload, FrameRoom& room) {
  const int type = payload[0] & 0x1f;
  if (type == 28) return AppendFragment(payload, room);
  if (in_fragments_) return Error::kUnfinished;
  if (type != 24) {
    AppendNal(payload, room);
    return Error::kNone;
  }
  // Checked by CheckH264Payload(): sizes fit, none is 0.
  for (std::size_t at = 1; at < payload.size() && !room.full();) {
    const std::size_t size = LoadU16(payload.data() + at);
    AppendNal(payload.subspan(at + 2, size), room);
    at += 2 + size;
  }
  return Error::kNone;
}

constexpr H264PayloadError H264FrameFormat::AppendFragment(Bytes payload, FrameRoom& room) {
  const auto header = static_cast<std::uint8_t>((payload[0] & 0xe0) | (payload[1] & 0x1f));
  const bool start = (payload[1] & 0x80) != 0;
  const bool end = (payload[1] & 0x40) != 0;
  if (start) {
    if (in_fragments_) return Error::kUnfinished;
    fragment_at_ = room.size();
    if (!room.Grow(5)) return Error::kNone;
    room.bytes()[fragment_at_ + 4] = header;
    in_fragments_ = true;
    fragment_header_ = header;
  } else {
    if (!in_fragments_) return Error::kNoStart;
    if (header != fragment_header_) return Error::kBadContinuation;
  }
  if (!room.Append(payload.subspan(2)) || !end) return Error::kNone;
  in_fragments_ = false;
  const MutableBytes unit = room.bytes().subspan(fragment_at_);
  StoreU32(unit.data(), static_cast<std::uint32_t>(unit.size() - 4));
  if (!Note(unit.subspan(4))) room.Truncate(fragment_at_);
  return Error::kNone;
}

constexpr void H264FrameFormat::AppendNal(Bytes nal, FrameRoom& room) {
  const std::size_t at = room.size();
  if (!Note(nal) || !room.Grow(4)) return;
  StoreU32(room.bytes().data() + at, static_cast<std::uint32_t>(nal.size()));
  static_cast<void>(room.Append(nal));
}

constexpr bool H264FrameFormat::Note(Bytes nal) {
  const NalType type = NalTypeOf(nal[0]);
  sequence_ended_ = type == NalType::kEndOfSequence || type == NalType::kEndOfStream;
  if (head_ == Head::kPrefix && IsSlice(type)) {
    head_ = BeginsPicture(nal) ? Head::kFine : Head::kMissing;
  } else if (head_ == Head::kUnknown) {
    head_ = type == NalType::kPrefix ? Head::kPrefix : Head::kFine;
  }
  if (IsSlice(type)) {
    picture_ = true;
    key_ = key_ || type == NalType::kIdrSlice;
    referenced_ = referenced_ || NalRefIdc(nal[0]) != 0;
    return true;
  }
  if (IsParameterSet(type)) {
    has_sps_ = has_sps_ || type == NalType::kSps;
    static_cast<void>(sets_.Store(nal));
  }
  if (SvcLayers layers; ReadSvcLayers(nal, layers)) {
    layers_.dependency_id = std::max(layers_.dependency_id, layers.dependency_id);
    layers_.temporal_id = layers.temporal_id;
  }
  return type != NalType::kAccessUnitDelimiter && type != NalType::kFillerData;
}

constexpr FrameEnd H264FrameFormat::Finish(FrameRoom&, bool after_gap, EncodedFrame& about) {
  if (after_gap && head_ == Head::kMissing) return FrameEnd::kIncomplete;
  if (in_fragments_ || (after_gap && key_ && !has_sps_ && key_frames_bring_sps_)) return FrameEnd::kIncomplete;
  if (!picture_) return FrameEnd::kNoPicture;
  if (key_) key_frames_bring_sps_ = has_sps_;
  about.key_frame = key_;
  about.discardable = !referenced_;
  about.spatial_id = layers_.dependency_id;
  about.temporal_id = layers_.temporal_id;
  if (const Sps* sps = key_ ? sets_.parsed_sps() : nullptr) {
    about.width = sps->width;
    about.height = sps->height;
  }
  return FrameEnd::kWhole;
}

constexpr bool H264FrameFormat::CanBeHead(Bytes payload) const {
  std::uint8_t head[16] = {};
  Bytes nal = payload;
  if ((payload[0] & 0x1f) == 24) {
    nal = payload.subspan(3, LoadU16(payload.data() + 1));
  } else if ((payload[0] & 0x1f) == 28) {
    if ((payload[1] & 0x80) == 0) return false;
    nal = payload.subspan(1).first(std::min<std::size_t>(payload.size() - 1, 16));
    std::copy(nal.begin(), nal.end(), head);
    head[0] &= 0x1f;
    nal = Bytes(head, nal.size());
  }
  const NalType type = NalTypeOf(nal[0]);
  if (IsSlice(type)) return BeginsPicture(nal);
  return type == NalType::kAccessUnitDelimiter || type == NalType::kSei || type == NalType::kPrefix ||
         IsParameterSet(type);
}

constexpr bool H264FrameFormat::BeginsPicture(Bytes nal) {
  const auto slice = SliceHeader::Parse(nal);
  return slice && slice->first_mb_in_slice == 0;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H264_DEPACKETIZER_H_
