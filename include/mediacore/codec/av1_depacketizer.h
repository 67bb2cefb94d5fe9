#ifndef MEDIACORE_CODEC_AV1_DEPACKETIZER_H_
#define MEDIACORE_CODEC_AV1_DEPACKETIZER_H_

#include "mediacore/codec/av1_aggregation.h"
#include "mediacore/codec/av1_frame_header.h"
#include "mediacore/codec/frame_depacketizer.h"

namespace mediacore::codec {

// What is wrong with one packet of AV1, in the order looked.
enum class Av1PayloadError : std::uint8_t {
  kNone,
  kNewAndOld,  // these are Av1AggregationError
  kNoElement,
  kBadLength,
  kTruncated,
  kEmptyElement,
  kForbiddenBit,  // obu_forbidden_bit is set
  kBadObu,        // an OBU without its extension, or whose size is not that of its element
  kNoStart,       // a fragment whose first one did not come
  kUnfinished,    // an OBU while the fragments of another had no end
};
inline constexpr std::size_t kAv1PayloadErrors = 10;

constexpr std::string_view ToString(Av1PayloadError error) {
  switch (error) {
    case Av1PayloadError::kNone: return "av1 payload: fine";
    case Av1PayloadError::kNewAndOld: return "av1 payload: new sequence inside an OBU";
    case Av1PayloadError::kNoElement: return "av1 payload: no element";
    case Av1PayloadError::kBadLength: return "av1 payload: bad length";
    case Av1PayloadError::kTruncated: return "av1 payload: truncated";
    case Av1PayloadError::kEmptyElement: return "av1 payload: empty element";
    case Av1PayloadError::kForbiddenBit: return "av1 payload: forbidden bit set";
    case Av1PayloadError::kBadObu: return "av1 payload: bad OBU";
    case Av1PayloadError::kNoStart: return "av1 payload: fragment without start";
    case Av1PayloadError::kUnfinished: return "av1 payload: fragments without end";
  }
  return "av1 payload: unknown";
}

constexpr Av1PayloadError ToPayloadError(Av1AggregationError error) {
  switch (error) {
    case Av1AggregationError::kTooShort: return Av1PayloadError::kNoElement;
    case Av1AggregationError::kNewAndOld: return Av1PayloadError::kNewAndOld;
    case Av1AggregationError::kNoElement: return Av1PayloadError::kNoElement;
    case Av1AggregationError::kBadLength: return Av1PayloadError::kBadLength;
    case Av1AggregationError::kTruncated: return Av1PayloadError::kTruncated;
    case Av1AggregationError::kEmptyElement: return Av1PayloadError::kEmptyElement;
  }
  return Av1PayloadError::kTruncated;
}
constexpr Av1PayloadError ToPayloadError(Av1ObuError error) {
  return error == Av1ObuError::kForbiddenBit ? Av1PayloadError::kForbiddenBit : Av1PayloadError::kBadObu;
}

// Looks at one payload alone: everything above up to kBadObu. An empty payload is
// fine: padding is sent so.
constexpr Av1PayloadError CheckAv1Payload(Bytes payload) {
  if (payload.empty()) return Av1PayloadError::kNone;
  const auto view = Av1AggregationView::Parse(payload);
  if (!view) return ToPayloadError(view.error());
  bool begins = !view->first_is_continuation();
  for (auto element = view->begin(); element != view->end(); ++element, begins = true) {
    if (!begins || (*element).empty()) continue;
    if (element.is_last() && view->last_continues()) {
      if (((*element)[0] & 0x80) != 0) return Av1PayloadError::kForbiddenBit;
    } else if (const auto obu = Av1ObuView::Parse(*element); !obu) {
      return ToPayloadError(obu.error());
    }
  }
  return Av1PayloadError::kNone;
}

// What FrameDepacketizer needs to know of AV1 (RTP Payload Format For AV1 1.0). Less
// than 1 kB.
class Av1FrameFormat {
 public:
  using Error = Av1PayloadError;
  static constexpr std::size_t kErrors = kAv1PayloadErrors;
  static constexpr Codec kCodec = Codec::kAv1;

  static constexpr Error Check(Bytes payload) { return CheckAv1Payload(payload); }
  constexpr bool CanBeHead(Bytes payload) const;
  constexpr void Begin() {
    obu_open_ = false;
    unit_ = {};
  }
  constexpr Error Append(Bytes payload, FrameRoom& room);
  constexpr bool IsClosed() const { return false; }
  constexpr FrameEnd Finish(FrameRoom& room, bool after_gap, EncodedFrame& about);

  constexpr const Av1SequenceHeader* sequence_header() const { return has_sequence_ ? &sequence_ : nullptr; }
  constexpr std::uint64_t refused_sequence_headers() const { return refused_sequence_headers_; }

 private:
  constexpr Error AppendPiece(Bytes piece, FrameRoom& room);
  constexpr Error Close(FrameRoom& room);
  constexpr void Note(const Av1ObuView& obu);
  constexpr void NoteFrame(const Av1ObuView& obu);

  // What is known of the unit that is open.
  struct Unit {
    bool picture = false;
    bool begins_with_key_picture = false;
    bool has_sequence = false;
    bool discardable = true;
    bool several_frames = false;  // of one layer
    std::uint8_t layers = 0;      // spatial layers that have a frame
    std::uint8_t first_spatial_id = 0;
    std::uint8_t spatial_id = 0;
    std::uint8_t temporal_id = 0;
  };
  Unit unit_;
  // The OBU that is open begins there in the room: `size_room_` bytes for its size,
  // then its bytes as they came.
  std::size_t obu_at_ = 0;
  std::size_t size_room_ = 0;
  bool obu_open_ = false;
  // What is known of the stream.
  bool has_sequence_ = false;
  bool key_frames_bring_sequence_ = false;
  bool units_have_several_frames_ = false;
  std::uint8_t lowest_spatial_id_ = 0;
  std::uint64_t refused_sequence_headers_ = 0;
  Av1SequenceHeader sequence_;
};

// Puts the temporal units of an AV1 stream together again; see FrameDepacketizer.
//
// A unit comes in the form of MP4 and WebM: OBUs with their sizes, in the fewest
// bytes. Temporal delimiters, tile lists and padding are left out; for IVF and files of
// OBUs, put kAv1TemporalDelimiter before it.
//
// A key frame is a unit with a sequence header whose first frame is a key frame that
// is shown; it tells the size that the sequence header says. A unit without a frame is
// none: its sequence header is kept, the rest is counted.
//
// A payload can be the head of a unit when the sender says so (N, or a temporal
// delimiter), and when an OBU begins it that a unit can begin with (sequence header,
// metadata, frame, frame header) of the lowest spatial layer. What may be missing after a
// loss is what came before: metadata, and a sequence header, without which a key frame
// is dropped if the stream's key frames have had one so far. In streams where a unit
// has had two frames of a layer (a hidden one among them), the first may be missing
// unseen: there only the sender's word counts, or a sequence header.
class Av1Depacketizer : public FrameDepacketizer<Av1FrameFormat> {
 public:
  constexpr explicit Av1Depacketizer(MutableBytes frame_storage) : FrameDepacketizer(frame_storage) {}

  // What the stream stands under now; null before the first.
  constexpr const Av1SequenceHeader* sequence_header() const { return format().sequence_header(); }
};

constexpr bool Av1FrameFormat::CanBeHead(Bytes payload) const {
  const auto view = Av1AggregationView::Parse(payload);
  if (!view || view->first_is_continuation()) return false;
  if (view->new_coded_video_sequence()) return true;
  const Bytes first = *view->begin();
  if (first.empty()) return false;
  const auto type = static_cast<Av1ObuType>(first[0] >> 3 & 15);
  if (type == Av1ObuType::kTemporalDelimiter) return true;
  if (type != Av1ObuType::kSequenceHeader &&
      (units_have_several_frames_ || (type != Av1ObuType::kMetadata && !BeginsAv1Frame(type)))) {
    return false;
  }
  // All that have an extension are of the same layer.
  for (const Bytes element : *view) {
    if (element.size() > 1 && (element[0] & 4) != 0) return (element[1] >> 3 & 3) <= lowest_spatial_id_;
  }
  return true;
}

constexpr Av1PayloadError Av1FrameFormat::Append(Bytes payload, FrameRoom& room) {
  const auto view = Av1AggregationView::Parse(payload);
  bool begins = !view->first_is_continuation();
  if (begins && obu_open_) return Error::kUnfinished;
  if (!begins && !obu_open_) return Error::kNoStart;
  for (auto element = view->begin(); element != view->end(); ++element, begins = true) {
    if (begins) {
      obu_open_ = true;
      obu_at_ = room.size();
    }
    Error error = AppendPiece(*element, room);
    if (error == Error::kNone && !room.full() && !(element.is_last() && view->last_continues())) error = Close(room);
    if (error != Error::kNone || room.full()) return error;
  }
  return Error::kNone;
}

constexpr Av1PayloadError Av1FrameFormat::AppendPiece(Bytes piece, FrameRoom& room) {
  if (piece.empty()) return Error::kNone;
  const bool first = room.size() == obu_at_;
  const std::uint8_t header = first ? piece[0] : room.bytes()[obu_at_ + size_room_];
  if (first) size_room_ = 0;
  if ((header & 2) == 0) {  // no size yet
    const std::size_t had = room.size() - obu_at_ - size_room_;
    const std::size_t header_size = (header & 4) != 0 ? 2 : 1;
    const std::size_t payload = std::max(had + piece.size(), header_size) - header_size;
    const std::size_t more = Leb128Size(static_cast<std::uint32_t>(payload)) - size_room_;
    if (more > 0) {
      if (!room.Grow(more)) return Error::kNone;
      const MutableBytes obu = room.bytes().subspan(obu_at_);
      std::copy_backward(obu.begin() + static_cast<std::ptrdiff_t>(size_room_),
                         obu.end() - static_cast<std::ptrdiff_t>(more), obu.end());
      size_room_ += more;
    }
  }
  static_cast<void>(room.Append(piece));
  return Error::kNone;
}

constexpr Av1PayloadError Av1FrameFormat::Close(FrameRoom& room) {
  obu_open_ = false;
  const MutableBytes place = room.bytes().subspan(obu_at_);
  const auto obu = Av1ObuView::Parse(Bytes(place).subspan(std::min(size_room_, place.size())));
  if (!obu) return ToPayloadError(obu.error());
  if (IsLeftOutOfAv1Frames(obu->type())) {
    room.Truncate(obu_at_);
    return Error::kNone;
  }
  Note(*obu);
  // From  room, header, payload  to  header, size, payload; and from  header, size,
  // payload  to the same with the size in the fewest bytes.
  const std::size_t header_size = obu->header().size();
  const Bytes payload = obu->payload();
  std::copy(obu->header().begin(), obu->header().end(), place.begin());
  place[0] |= 2;
  ByteWriter size(place.subspan(header_size));
  size.WriteLeb128(static_cast<std::uint32_t>(payload.size()));
  const std::size_t payload_at = header_size + size.size();
  if (place.data() + payload_at != payload.data()) {
    std::copy(payload.begin(), payload.end(), place.begin() + static_cast<std::ptrdiff_t>(payload_at));
    room.Truncate(obu_at_ + payload_at + payload.size());
  }
  return Error::kNone;
}

constexpr void Av1FrameFormat::Note(const Av1ObuView& obu) {
  if (obu.has_extension()) {
    unit_.spatial_id = std::max(unit_.spatial_id, static_cast<std::uint8_t>(obu.spatial_id()));
    unit_.temporal_id = static_cast<std::uint8_t>(obu.temporal_id());
  }
  if (BeginsAv1Frame(obu.type())) NoteFrame(obu);
  // Those of one unit say the same.
  if (obu.type() != Av1ObuType::kSequenceHeader || unit_.has_sequence) return;
  unit_.has_sequence = true;
  const auto sequence = Av1SequenceHeader::Parse(obu);
  if (sequence) {
    sequence_ = *sequence;
    has_sequence_ = true;
  } else {
    ++refused_sequence_headers_;
  }
}

constexpr void Av1FrameFormat::NoteFrame(const Av1ObuView& obu) {
  const auto layer = static_cast<std::uint8_t>(1 << obu.spatial_id());
  unit_.several_frames = unit_.several_frames || (unit_.layers & layer) != 0;
  unit_.layers |= layer;
  // Of a unit that others refer to, only the first header tells something.
  if (unit_.picture && !unit_.discardable) return;
  const auto frame = Av1FrameHeader::Parse(obu, sequence_);
  if (!unit_.picture) {
    unit_.picture = true;
    unit_.begins_with_key_picture = frame && frame->is_shown_key_frame();
    unit_.first_spatial_id = static_cast<std::uint8_t>(obu.spatial_id());
  }
  unit_.discardable = has_sequence_ && frame && frame->is_discardable();
}

constexpr FrameEnd Av1FrameFormat::Finish(FrameRoom&, bool after_gap, EncodedFrame& about) {
  const bool key_picture = unit_.begins_with_key_picture;
  if (obu_open_ || (after_gap && key_picture && !unit_.has_sequence && key_frames_bring_sequence_)) {
    return FrameEnd::kIncomplete;
  }
  if (!unit_.picture) return FrameEnd::kNoPicture;
  if (key_picture) key_frames_bring_sequence_ = unit_.has_sequence;
  units_have_several_frames_ = units_have_several_frames_ || unit_.several_frames;
  about.key_frame = key_picture && unit_.has_sequence;
  about.discardable = unit_.discardable;
  about.spatial_id = unit_.spatial_id;
  about.temporal_id = unit_.temporal_id;
  about.spatial_layers = unit_.layers;
  if (about.key_frame) {
    // Layers are chosen anew where a sequence begins.
    lowest_spatial_id_ = unit_.first_spatial_id;
    if (has_sequence_) {
      about.width = static_cast<std::uint16_t>(std::min(sequence_.width(), 65535));
      about.height = static_cast<std::uint16_t>(std::min(sequence_.height(), 65535));
    }
  } else if (!after_gap) {
    lowest_spatial_id_ = std::min(lowest_spatial_id_, unit_.first_spatial_id);
  }
  return FrameEnd::kWhole;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AV1_DEPACKETIZER_H_
