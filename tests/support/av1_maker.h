#ifndef MEDIACORE_TESTS_SUPPORT_AV1_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_AV1_MAKER_H_

#include <algorithm>
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

// A temporal unit as an encoder gives it, and what of it goes through RTP: OBUs with
// their sizes in the fewest bytes, but for temporal delimiters, tile lists and padding.
struct Av1Unit {
  std::vector<std::uint8_t> given;
  std::vector<std::uint8_t> kept;
  std::vector<std::size_t> ends;  // in `kept`, of each OBU
  bool discardable = false;
  Av1Layer layer;
};

struct Av1UnitSpec {
  bool key = false;
  std::uint32_t number = 0;  // stands in the bytes over and over
  int temporal_id = -1;      // no extensions
  int spatial_layers = 1;
  int frames = 1;  // of each layer; all but the last are hidden
  std::size_t max_size = 3000;
};

inline Av1Unit MakeAv1Unit(Dice& dice, const Av1UnitSpec& spec) {
  using codec::Av1ObuType;
  Av1Unit unit;
  unit.discardable = !spec.key && dice.Chance(30);
  unit.layer = {spec.temporal_id, spec.spatial_layers - 1};
  const auto add = [&](Av1ObuType type, const std::vector<std::uint8_t>& payload, Av1Layer layer, bool last = false) {
    Append(unit.given, MakeObu(type, payload, layer, !last || dice.Chance(50)));
    if (codec::IsLeftOutOfAv1Frames(type)) return;
    Append(unit.kept, MakeObu(type, payload, layer));
    unit.ends.push_back(unit.kept.size());
  };
  const auto bytes = [&](std::size_t size) {
    std::vector<std::uint8_t> out(size);
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = static_cast<std::uint8_t>((spec.number >> (i % 4 * 8)) ^ (i % 8 < 4 ? 0 : i / 8));
    }
    return out;
  };
  if (dice.Chance(50)) add(Av1ObuType::kTemporalDelimiter, {}, {});
  if (spec.key) add(Av1ObuType::kSequenceHeader, Av1SequencePayload(MakeAv1Sequence()), {});
  if (dice.Chance(20)) add(Av1ObuType::kMetadata, bytes(1 + dice.Below(50)), {});
  for (int spatial = 0; spatial < spec.spatial_layers; ++spatial) {
    const Av1Layer layer{spec.temporal_id, spatial};
    if (spec.temporal_id >= 0 && dice.Chance(20)) add(Av1ObuType::kMetadata, bytes(1 + dice.Below(300)), layer);
    for (int i = 0; i < spec.frames; ++i) {
      const bool key = spec.key && spatial == 0 && i == 0;
      const bool show = key || i + 1 == spec.frames;
      const Av1FrameSpec about{key ? codec::Av1FrameType::kKey : codec::Av1FrameType::kInter, show,
                               static_cast<std::uint8_t>(unit.discardable ? 0 : 4),
                               static_cast<std::uint8_t>(spec.number)};
      const bool last = i + 1 == spec.frames && spatial + 1 == spec.spatial_layers;
      const std::size_t size = 8 + dice.Below(spec.max_size);
      std::vector<std::uint8_t> frame = bytes(size);
      const std::vector<std::uint8_t> head = MakeAv1Frame(dice, about, 8);
      std::copy(head.begin(), head.begin() + 4, frame.begin());
      if (dice.Chance(60)) {
        add(Av1ObuType::kFrame, frame, layer, last);
      } else {  // a frame header, tile groups, padding
        frame.resize(8);
        add(Av1ObuType::kFrameHeader, frame, layer);
        const std::size_t groups = 1 + dice.Below(dice.Chance(90) ? 4 : 300);
        for (std::size_t group = 0; group < groups; ++group) {
          const std::size_t share = 1 + dice.Below(2 * size / groups + 1);
          add(Av1ObuType::kTileGroup, bytes(share), layer, last && group + 1 == groups);
        }
      }
    }
  }
  return unit;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_AV1_MAKER_H_
