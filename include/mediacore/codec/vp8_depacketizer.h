#ifndef MEDIACORE_CODEC_VP8_DEPACKETIZER_H_
#define MEDIACORE_CODEC_VP8_DEPACKETIZER_H_

#include "mediacore/codec/frame_depacketizer.h"
#include "mediacore/codec/vp8.h"

namespace mediacore::codec {

// What is wrong with one packet of VP8, in the order looked.
enum class Vp8PayloadError : std::uint8_t {
  kNone,
  kBadDescriptor,  // it runs past the end
  kNoData,         // nothing behind the descriptor
  kBadFrame,       // begins a key frame without start code or size
  kNoStart,        // a frame that does not begin with its first partition
  kSecondStart,    // another frame begins inside this one
  kOtherPicture,   // another picture id than the packet before
};
inline constexpr std::size_t kVp8PayloadErrors = 7;

constexpr std::string_view ToString(Vp8PayloadError error) {
  switch (error) {
    case Vp8PayloadError::kNone: return "vp8 payload: fine";
    case Vp8PayloadError::kBadDescriptor: return "vp8 payload: descriptor truncated";
    case Vp8PayloadError::kNoData: return "vp8 payload: nothing behind the descriptor";
    case Vp8PayloadError::kBadFrame: return "vp8 payload: bad key frame";
    case Vp8PayloadError::kNoStart: return "vp8 payload: frame without start";
    case Vp8PayloadError::kSecondStart: return "vp8 payload: frame inside a frame";
    case Vp8PayloadError::kOtherPicture: return "vp8 payload: another picture id";
  }
  return "vp8 payload: unknown";
}

// Looks at one payload alone (RFC 7741, section 4.2): everything above up to
// kBadFrame. An empty payload is fine: padding is sent so.
constexpr Vp8PayloadError CheckVp8Payload(Bytes payload) {
  if (payload.empty()) return Vp8PayloadError::kNone;
  ByteReader reader(payload);
  const auto descriptor = Vp8DescriptorView::TakeFrom(reader);
  if (!descriptor) return Vp8PayloadError::kBadDescriptor;
  if (reader.empty()) return Vp8PayloadError::kNoData;
  if (!descriptor->begins_frame()) return Vp8PayloadError::kNone;
  const auto header = Vp8FrameHeader::Parse(reader.rest());
  // The rest of a header may come in the next packet.
  return header || header.error() == Vp8Error::kTruncated ? Vp8PayloadError::kNone : Vp8PayloadError::kBadFrame;
}

// What FrameDepacketizer needs to know of VP8.
class Vp8FrameFormat {
 public:
  using Error = Vp8PayloadError;
  static constexpr std::size_t kErrors = kVp8PayloadErrors;
  static constexpr Codec kCodec = Codec::kVp8;

  static constexpr Error Check(Bytes payload) { return CheckVp8Payload(payload); }
  constexpr bool CanBeHead(Bytes payload) const {
    ByteReader reader(payload);
    return Vp8DescriptorView::TakeFrom(reader)->begins_frame();
  }
  constexpr void Begin() { begun_ = false; }
  constexpr Error Append(Bytes payload, FrameRoom& room) {
    ByteReader reader(payload);
    const auto descriptor = *Vp8DescriptorView::TakeFrom(reader);
    const int picture_id = descriptor.has_picture_id() ? descriptor.picture_id() : -1;
    if (!begun_) {
      if (!descriptor.begins_frame()) return Error::kNoStart;
      begun_ = true;
      picture_id_ = picture_id;
      non_reference_ = descriptor.non_reference();
      temporal_id_ = static_cast<std::uint8_t>(descriptor.temporal_id());
    } else if (descriptor.begins_frame()) {
      return Error::kSecondStart;
    } else if (picture_id != picture_id_) {
      return Error::kOtherPicture;
    }
    static_cast<void>(room.Append(reader.rest()));
    return Error::kNone;
  }
  constexpr bool IsClosed() const { return false; }
  constexpr FrameEnd Finish(FrameRoom& room, bool, EncodedFrame& about) const {
    const auto header = Vp8FrameHeader::Parse(room.bytes());
    if (!header || !header->FitsIn(room.size())) return FrameEnd::kIncomplete;
    about.key_frame = header->key_frame;
    about.width = header->width;
    about.height = header->height;
    about.discardable = non_reference_;
    about.temporal_id = temporal_id_;
    return FrameEnd::kWhole;
  }

 private:
  bool begun_ = false;
  bool non_reference_ = false;
  std::uint8_t temporal_id_ = 0;
  int picture_id_ = -1;  // -1: the packets have none
};

// Puts the frames of a VP8 stream together again (RFC 7741); see FrameDepacketizer.
//
// A frame begins with the packet that has the start of partition 0 (S = 1, PID = 0).
// After a loss it is taken by that packet; a frame whose first partition is longer
// than all that came is no whole frame. Key frames tell their size.
class Vp8Depacketizer : public FrameDepacketizer<Vp8FrameFormat> {
 public:
  constexpr explicit Vp8Depacketizer(MutableBytes frame_storage) : FrameDepacketizer(frame_storage) {}
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP8_DEPACKETIZER_H_
