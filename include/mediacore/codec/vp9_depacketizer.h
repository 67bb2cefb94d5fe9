#ifndef MEDIACORE_CODEC_VP9_DEPACKETIZER_H_
#define MEDIACORE_CODEC_VP9_DEPACKETIZER_H_

#include <bit>

#include "mediacore/codec/frame_depacketizer.h"
#include "mediacore/codec/vp9.h"
#include "mediacore/codec/vp9_frame_header.h"
#include "mediacore/codec/vp9_superframe.h"

namespace mediacore::codec {

// What is wrong with one packet of VP9, in the order looked.
enum class Vp9PayloadError : std::uint8_t {
  kNone,
  kBadDescriptor,  // it runs past the end, or has a fourth reference
  kNoData,         // nothing behind the descriptor
  kBadFrame,       // begins a layer frame with what is no frame header
  kOtherPicture,   // another picture id than the packet before
  kUnfinished,     // a layer frame begins, and the one before had no end
  kLayerOrder,     // a layer frame begins that is not above the one before
  kNoStart,        // a piece of a layer frame that did not begin
};
inline constexpr std::size_t kVp9PayloadErrors = 8;

constexpr std::string_view ToString(Vp9PayloadError error) {
  switch (error) {
    case Vp9PayloadError::kNone: return "vp9 payload: fine";
    case Vp9PayloadError::kBadDescriptor: return "vp9 payload: bad descriptor";
    case Vp9PayloadError::kNoData: return "vp9 payload: nothing behind the descriptor";
    case Vp9PayloadError::kBadFrame: return "vp9 payload: bad frame header";
    case Vp9PayloadError::kOtherPicture: return "vp9 payload: another picture id";
    case Vp9PayloadError::kUnfinished: return "vp9 payload: layer frame without end";
    case Vp9PayloadError::kLayerOrder: return "vp9 payload: layers out of order";
    case Vp9PayloadError::kNoStart: return "vp9 payload: layer frame without start";
  }
  return "vp9 payload: unknown";
}

// Looks at one payload alone (RFC 9628, section 4.2): everything above up to
// kBadFrame. An empty payload is fine: padding is sent so.
constexpr Vp9PayloadError CheckVp9Payload(Bytes payload) {
  if (payload.empty()) return Vp9PayloadError::kNone;
  ByteReader reader(payload);
  const auto descriptor = Vp9DescriptorView::TakeFrom(reader);
  if (!descriptor) return Vp9PayloadError::kBadDescriptor;
  if (reader.empty()) return Vp9PayloadError::kNoData;
  if (!descriptor->start_of_frame()) return Vp9PayloadError::kNone;
  const auto header = Vp9FrameHeader::Parse(reader.rest());
  // The rest of a header may come in the next packet.
  const bool cut = !header && header.error() == Vp9FrameHeaderError::kTruncated && !descriptor->end_of_frame();
  return header || cut ? Vp9PayloadError::kNone : Vp9PayloadError::kBadFrame;
}

// What FrameDepacketizer needs to know of VP9.
class Vp9FrameFormat {
 public:
  using Error = Vp9PayloadError;
  static constexpr std::size_t kErrors = kVp9PayloadErrors;
  static constexpr Codec kCodec = Codec::kVp9;

  static constexpr Error Check(Bytes payload) { return CheckVp9Payload(payload); }
  constexpr bool CanBeHead(Bytes payload) const {
    ByteReader reader(payload);
    const auto descriptor = *Vp9DescriptorView::TakeFrom(reader);
    if (!descriptor.start_of_frame()) return false;
    const Vp9LayerId layer = descriptor.spatial_id();
    return layer.value() == 0 || (!descriptor.inter_layer() && layer <= lowest_layer_);
  }
  constexpr void Begin() {
    in_frame_ = false;
    layers_ = temporal_id_ = 0;
    frames_ = {};
    frame_count_ = layer_count_ = 0;
    layer_at_ = tail_ = 0;
    bad_ = key_ = referenced_ = false;
    width_ = height_ = 0;
  }
  constexpr Error Append(Bytes payload, FrameRoom& room);
  constexpr bool IsClosed() const { return false; }
  constexpr FrameEnd Finish(FrameRoom& room, bool after_gap, EncodedFrame& about);

 private:
  constexpr Error BeginLayer(const Vp9DescriptorView& descriptor, FrameRoom& room);
  // Reads what the frames of a layer frame say. Should it be a superframe, then its
  // index stays behind it until another layer frame follows.
  constexpr void EndLayer(const FrameRoom& room);

  bool in_frame_ = false;    // a layer frame has begun and not ended
  std::uint8_t layers_ = 0;  // bit i: one of layer i has begun
  std::uint8_t temporal_id_ = 0;
  int picture_id_ = -1;                                                // -1: the packets have none
  Vp9LayerId layer_;                                                   // the last that began
  Vp9LayerId lowest_layer_;                                            // what pictures of this stream begin with
  std::size_t layer_at_ = 0;                                           // where the last layer frame begins
  std::size_t tail_ = 0;                                               // bytes at its end that are no frame: its index
  std::array<std::uint32_t, Vp9SuperframeView::kMaxFrames> frames_{};  // sizes
  std::size_t frame_count_ = 0;
  std::size_t layer_count_ = 0;
  bool bad_ = false;  // no superframe can be made of it
  bool key_ = false;
  bool referenced_ = false;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
};

// Puts the pictures of a VP9 stream together again (RFC 9628, flexible mode and
// not); see FrameDepacketizer.
//
// A picture is the layer frames of one timestamp, each from its start (B) to its end
// (E), spatial layers rising. One layer frame is given out as it came; several become
// a superframe with its index, so that a picture is one sample for containers and
// decoders: EncodedFrame::spatial_layers says which are inside, Vp9SuperframeView
// where. A layer frame without start or end makes its picture incomplete.
//
// After a loss a picture is taken when it begins with spatial layer 0, or with the
// layer that pictures of this stream have begun with, should that refer to none below:
// a server may have taken the lower ones out.
class Vp9Depacketizer : public FrameDepacketizer<Vp9FrameFormat> {
 public:
  constexpr explicit Vp9Depacketizer(MutableBytes frame_storage) : FrameDepacketizer(frame_storage) {}
};

constexpr Vp9PayloadError Vp9FrameFormat::Append(Bytes payload, FrameRoom& room) {
  ByteReader reader(payload);
  const auto descriptor = *Vp9DescriptorView::TakeFrom(reader);
  const int picture_id = descriptor.has_picture_id() ? descriptor.picture_id() : -1;
  if (layers_ == 0) picture_id_ = picture_id;
  if (picture_id != picture_id_) return Error::kOtherPicture;
  if (descriptor.start_of_frame()) {
    const Error error = BeginLayer(descriptor, room);
    if (error != Error::kNone) return error;
  } else if (!in_frame_ || descriptor.spatial_id() != layer_) {
    return Error::kNoStart;
  }
  if (!room.Append(reader.rest()) || !descriptor.end_of_frame()) return Error::kNone;
  in_frame_ = false;
  EndLayer(room);
  return Error::kNone;
}

constexpr Vp9PayloadError Vp9FrameFormat::BeginLayer(const Vp9DescriptorView& descriptor, FrameRoom& room) {
  const Vp9LayerId layer = descriptor.spatial_id();
  if (in_frame_) return Error::kUnfinished;
  if (layers_ == 0) {
    temporal_id_ = descriptor.temporal_id().value();
  } else if (layer <= layer_) {
    return Error::kLayerOrder;
  } else {
    room.Truncate(room.size() - tail_);
  }
  in_frame_ = true;
  layer_ = layer;
  layers_ = static_cast<std::uint8_t>(layers_ | 1 << layer.value());
  layer_at_ = room.size();
  return Error::kNone;
}

constexpr void Vp9FrameFormat::EndLayer(const FrameRoom& room) {
  ++layer_count_;
  tail_ = 0;  // not that of the layer below
  const auto frames = Vp9SuperframeView::Parse(room.bytes().subspan(layer_at_));
  if (!frames || frame_count_ + static_cast<std::size_t>(frames->frame_count()) > frames_.size()) {
    bad_ = true;
    return;
  }
  tail_ = room.size() - layer_at_;
  for (int i = 0; i < frames->frame_count(); ++i) {
    const Bytes frame = frames->frame(i);
    const auto header = Vp9FrameHeader::Parse(frame);
    if (!header) {
      bad_ = true;
      return;
    }
    if (frame_count_ == 0) key_ = header->key_frame;
    referenced_ = referenced_ || header->refresh_frame_flags != 0;
    if (header->width != 0) {
      width_ = header->width;
      height_ = header->height;
    }
    tail_ -= frame.size();
    frames_[frame_count_++] = static_cast<std::uint32_t>(frame.size());
  }
}

constexpr FrameEnd Vp9FrameFormat::Finish(FrameRoom& room, bool after_gap, EncodedFrame& about) {
  if (in_frame_ || bad_ || layer_count_ == 0) return FrameEnd::kIncomplete;
  const auto lowest = Vp9LayerId(std::countr_zero(layers_));
  if (!after_gap) lowest_layer_ = lowest;
  if (layer_count_ > 1) {
    room.Truncate(room.size() - tail_);
    const Vp9SuperframeIndexWriter index{std::span(frames_).first(frame_count_)};
    const std::size_t at = room.size();
    if (!room.Grow(index.WireSize()) || !index.Write(room.bytes().subspan(at))) return FrameEnd::kWhole;
  }
  about.key_frame = key_;
  about.discardable = !referenced_;
  about.width = static_cast<std::uint16_t>(std::min(width_, 0xffffu));
  about.height = static_cast<std::uint16_t>(std::min(height_, 0xffffu));
  about.spatial_id = layer_.value();
  about.temporal_id = temporal_id_;
  about.spatial_layers = layers_;
  return FrameEnd::kWhole;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP9_DEPACKETIZER_H_
