#ifndef MEDIACORE_TESTS_SUPPORT_AV1_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_AV1_MAKER_H_

#include <vector>

#include "h264_maker.h"
#include "mediacore/codec/av1_frame_header.h"

namespace mediacore::testing {

// What an encoder for calls says: Main, 640x360, frames that say themselves.
inline codec::Av1SequenceHeader MakeAv1Sequence(int width = 640, int height = 360) {
  codec::Av1SequenceHeader sequence;
  sequence.operating_points[0].level = 4;
  sequence.max_frame_width_minus_1 = static_cast<std::uint16_t>(width - 1);
  sequence.max_frame_height_minus_1 = static_cast<std::uint16_t>(height - 1);
  sequence.enable_order_hint = true;
  sequence.order_hint_bits = 7;
  sequence.enable_cdef = true;
  return sequence;
}

inline std::vector<std::uint8_t> Av1SequencePayload(const codec::Av1SequenceHeader& sequence) {
  std::vector<std::uint8_t> out(codec::Av1SequenceHeader::kMaxSize);
  std::size_t size = 0;
  out.resize(sequence.Write(out, size) ? size : 0);
  return out;
}

// The layer of an OBU: -1 where it has no extension.
struct Av1Layer {
  int temporal_id = -1;
  int spatial_id = 0;
};

inline std::vector<std::uint8_t> MakeObu(codec::Av1ObuType type, Bytes payload, Av1Layer layer = {},
                                         bool has_size = true) {
  codec::Av1ObuWriter writer{.type = type, .has_size_field = has_size, .payload = payload};
  writer.has_extension = layer.temporal_id >= 0;
  if (writer.has_extension) {
    writer.temporal_id = static_cast<std::uint8_t>(layer.temporal_id);
    writer.spatial_id = static_cast<std::uint8_t>(layer.spatial_id);
  }
  std::vector<std::uint8_t> out(writer.WireSize());
  if (!writer.Write(out)) out.clear();
  return out;
}

// The front of a frame under MakeAv1Sequence(), written after section 5.9.2, and
// bytes behind it up to `size`.
struct Av1FrameSpec {
  codec::Av1FrameType type = codec::Av1FrameType::kInter;
  bool show = true;
  std::uint8_t refresh = 1;
  std::uint8_t order_hint = 0;
};
inline std::vector<std::uint8_t> MakeAv1Frame(Dice& dice, const Av1FrameSpec& spec, std::size_t size = 60) {
  std::vector<std::uint8_t> out = dice.Block(std::max<std::size_t>(size, 8));
  BitWriter bits(out);
  const bool key = spec.type == codec::Av1FrameType::kKey;
  bits.WriteBits(0, 1);  // show_existing_frame
  bits.WriteBits(static_cast<unsigned>(spec.type), 2);
  bits.WriteBits(spec.show, 1);
  if (!spec.show) bits.WriteBits(1, 1);           // showable_frame
  if (!(key && spec.show)) bits.WriteBits(0, 1);  // error_resilient_mode
  bits.WriteBits(0, 1);                           // disable_cdf_update
  bits.WriteBits(0, 1);                           // allow_screen_content_tools
  bits.WriteBits(0, 1);                           // frame_size_override_flag
  bits.WriteBits(spec.order_hint & 0x7fu, 7);
  if (!key && spec.type != codec::Av1FrameType::kIntraOnly) bits.WriteBits(0, 3);  // primary_ref_frame
  if (!(key && spec.show)) bits.WriteBits(spec.refresh, 8);
  return out;
}

inline void Append(std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_AV1_MAKER_H_
