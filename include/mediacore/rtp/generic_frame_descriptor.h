#ifndef MEDIACORE_RTP_GENERIC_FRAME_DESCRIPTOR_H_
#define MEDIACORE_RTP_GENERIC_FRAME_DESCRIPTOR_H_

#include "mediacore/rtp/dependency_structure.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// What came before the dependency descriptor: which frame a packet belongs to,
// of which layers, and the frames it refers to
// (http://www.webrtc.org/experiments/rtp-hdrext/generic-frame-descriptor-00).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |B|E|F|L|D|  T  |       S       |  frame id, low byte first     |   B = 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |             width             |            height             |   D = 0, optional
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | diff low 6|X|M|  diff high 8  | ...                               D = 1; X: high byte follows
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                                   M: another one follows
//
// A packet that does not begin its frame has the first byte alone.
//
//   rtp::GenericFrameDescriptor frame;
//   if (rtp::ReadExtension(*packet, ids, frame) && frame.first_packet) Start(frame.frame_id);
//
// Errors: kWrongSize; kBadValue: more than 8 diffs, or one of 0. Time: 20 ns.
struct GenericFrameDescriptor {
  static constexpr ExtensionKind kKind = ExtensionKind::kGenericFrameDescriptor;
  static constexpr int kMaxFrameDiffs = 8;
  static constexpr int kMaxFrameDiff = 0x3fff;

  bool first_packet = true;  // B: of the frame; the rest below is in that one
  bool last_packet = true;   // E
  // F and L: always set by senders.
  bool first_sub_frame = true;
  bool last_sub_frame = true;
  std::uint8_t temporal_layer = 0;  // 0 to 7
  std::uint8_t spatial_layers = 0;  // bit i: the frame is of layer i
  FrameNumber frame_id;
  bool has_resolution = false;  // only without diffs
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  FrameDiffs frame_diffs;  // up to 8, 1 to 16383

  static constexpr Expected<GenericFrameDescriptor, ExtensionError> Parse(Bytes value) noexcept {
    std::uint8_t head = 0;
    ByteReader reader(value);
    if (!reader.ReadU8(head)) return ExtensionError::kWrongSize;
    GenericFrameDescriptor out;
    out.first_packet = (head & 0x80) != 0;
    out.last_packet = (head & 0x40) != 0;
    out.first_sub_frame = (head & 0x20) != 0;
    out.last_sub_frame = (head & 0x10) != 0;
    if (out.first_packet) {
      out.temporal_layer = head & 0x07;
      std::uint16_t id = 0;
      if (!reader.ReadU8(out.spatial_layers) || !reader.ReadU16(id)) return ExtensionError::kWrongSize;
      out.frame_id = FrameNumber(static_cast<std::uint16_t>(id << 8 | id >> 8));
      if ((head & 0x08) != 0) {
        ExtensionError error{};
        if (!ReadDiffs(reader, out.frame_diffs, error)) return error;
      } else if (!reader.empty()) {
        out.has_resolution = true;
        if (!reader.ReadU16(out.width) || !reader.ReadU16(out.height)) return ExtensionError::kWrongSize;
      }
    }
    if (!reader.empty()) return ExtensionError::kWrongSize;
    return out;
  }

  // 0 when a limit above is passed.
  constexpr std::size_t WireSize() const {
    if (!first_packet) return 1;
    if (temporal_layer > 7 || frame_diffs.size() > kMaxFrameDiffs || (has_resolution && !frame_diffs.empty())) {
      return 0;
    }
    std::size_t size = has_resolution ? 8 : 4;
    for (const std::uint16_t diff : frame_diffs) {
      if (diff < 1 || diff > kMaxFrameDiff) return 0;
      size += diff > 0x3f ? 2 : 1;
    }
    return size;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    const int flags = (first_packet ? 0x80 : 0) | (last_packet ? 0x40 : 0) | (first_sub_frame ? 0x20 : 0) |
                      (last_sub_frame ? 0x10 : 0);
    if (!first_packet) {
      writer.WriteU8(static_cast<std::uint8_t>(flags));
      return writer.ok();
    }
    writer.WriteU8(static_cast<std::uint8_t>(flags | (frame_diffs.empty() ? 0 : 0x08) | temporal_layer));
    writer.WriteU8(spatial_layers);
    writer.WriteU8(static_cast<std::uint8_t>(frame_id.value()));
    writer.WriteU8(static_cast<std::uint8_t>(frame_id.value() >> 8));
    if (has_resolution) {
      writer.WriteU16(width);
      writer.WriteU16(height);
    }
    for (const std::uint16_t& diff : frame_diffs) {
      const bool more = &diff + 1 != frame_diffs.end();
      const bool wide = diff > 0x3f;
      writer.WriteU8(static_cast<std::uint8_t>((diff & 0x3f) << 2 | (wide ? 2 : 0) | (more ? 1 : 0)));
      if (wide) writer.WriteU8(static_cast<std::uint8_t>(diff >> 6));
    }
    return writer.ok();
  }
  constexpr bool operator==(const GenericFrameDescriptor&) const = default;

 private:
  [[nodiscard]] static constexpr bool ReadDiffs(ByteReader& reader, FrameDiffs& out, ExtensionError& error) {
    for (bool more = true; more;) {
      std::uint8_t low = 0;
      std::uint8_t high = 0;
      error = ExtensionError::kWrongSize;
      if (!reader.ReadU8(low) || ((low & 2) != 0 && !reader.ReadU8(high))) return false;
      const int diff = low >> 2 | high << 6;
      error = ExtensionError::kBadValue;
      if (diff == 0 || out.size() == kMaxFrameDiffs || !out.Add(static_cast<std::uint16_t>(diff))) return false;
      more = (low & 1) != 0;
    }
    return true;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_GENERIC_FRAME_DESCRIPTOR_H_
