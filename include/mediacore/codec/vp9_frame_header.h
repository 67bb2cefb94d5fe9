#ifndef MEDIACORE_CODEC_VP9_FRAME_HEADER_H_
#define MEDIACORE_CODEC_VP9_FRAME_HEADER_H_

#include <array>
#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes do not begin a VP9 frame, in the order looked.
enum class Vp9FrameHeaderError : std::uint8_t {
  kTruncated,    // the header runs past the end
  kBadMarker,    // the first two bits are not 10
  kReservedBit,  // a bit that must be 0 is set
  kBadSyncCode,  // an intra frame without 49 83 42
  kBadColor,     // RGB in profile 0 or 2, or 4:2:0 in profile 1 or 3
};

constexpr std::string_view ToString(Vp9FrameHeaderError error) {
  switch (error) {
    case Vp9FrameHeaderError::kTruncated: return "vp9 frame: truncated";
    case Vp9FrameHeaderError::kBadMarker: return "vp9 frame: bad frame marker";
    case Vp9FrameHeaderError::kReservedBit: return "vp9 frame: reserved bit set";
    case Vp9FrameHeaderError::kBadSyncCode: return "vp9 frame: bad sync code";
    case Vp9FrameHeaderError::kBadColor: return "vp9 frame: colour not of its profile";
  }
  return "vp9 frame: unknown";
}

// color_space of the VP9 bitstream specification, section 7.2.2.
enum class Vp9ColorSpace : std::uint8_t {
  kUnknown,
  kBt601,
  kBt709,
  kSmpte170,
  kSmpte240,
  kBt2020,
  kReserved,
  kRgb,
};

// How a VP9 frame begins: its uncompressed header as far as the frame's size (VP9
// bitstream specification, section 6.2). At most 15 bytes are looked at.
//
//   if (const auto header = Vp9FrameHeader::Parse(frame)) Use(header->key_frame, header->width);
//
// Time: 20 ns.
struct Vp9FrameHeader {
  static constexpr std::size_t kMaxSize = 15;
  // An intra-only frame of profile 0 is 8 bits 4:2:0 of BT.601; what inter frames
  // are, the frames say that they refer to: then this is as of that profile.
  struct Color {
    std::uint8_t bit_depth = 8;  // 8, 10 or 12
    Vp9ColorSpace color_space = Vp9ColorSpace::kUnknown;
    bool full_range = false;
    bool subsampling_x = true;  // both: 4:2:0
    bool subsampling_y = true;
    constexpr bool operator==(const Color&) const = default;
  };

  std::uint8_t profile = 0;          // 0 to 3
  bool show_existing_frame = false;  // nothing but a frame to show again; what follows is unset
  std::uint8_t frame_to_show = 0;    // 0 to 7
  bool key_frame = false;
  bool show_frame = false;
  bool error_resilient = false;
  bool intra_only = false;                   // no key frame, but refers to none before it
  std::uint8_t refresh_frame_flags = 0;      // bit i: the frame takes the place of reference i
  std::array<std::uint8_t, 3> references{};  // of inter frames, 0 to 7
  Color color;                               // of intra frames
  // 1 to 65536 where the header says them, else 0: an inter frame may have the
  // size of the reference references[size_of_reference].
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::int8_t size_of_reference = -1;
  std::uint32_t render_width = 0;  // for display
  std::uint32_t render_height = 0;

  constexpr bool is_intra() const { return key_frame || intra_only; }

  // Reads the first bytes of a frame.
  static constexpr Expected<Vp9FrameHeader, Vp9FrameHeaderError> Parse(Bytes frame) noexcept;

  constexpr bool operator==(const Vp9FrameHeader&) const = default;

 private:
  static constexpr std::uint32_t kSyncCode = 0x498342;

  // False with `error` set. What runs past the end is told by reader.ok().
  [[nodiscard]] constexpr bool ReadColor(BitReader& reader, Vp9FrameHeaderError& error);
  constexpr void ReadSize(BitReader& reader) {
    width = reader.ReadBits(16) + 1;
    height = reader.ReadBits(16) + 1;
  }
  constexpr void ReadRenderSize(BitReader& reader) {
    render_width = width;
    render_height = height;
    if (!reader.ReadBit()) return;
    render_width = reader.ReadBits(16) + 1;
    render_height = reader.ReadBits(16) + 1;
  }
};

constexpr bool Vp9FrameHeader::ReadColor(BitReader& reader, Vp9FrameHeaderError& error) {
  const bool odd_profile = (profile & 1) != 0;
  if (profile >= 2) color.bit_depth = reader.ReadBit() ? 12 : 10;
  color.color_space = static_cast<Vp9ColorSpace>(reader.ReadBits(3));
  if (color.color_space == Vp9ColorSpace::kRgb) {
    color.full_range = true;
    color.subsampling_x = color.subsampling_y = false;
    error = Vp9FrameHeaderError::kBadColor;
    if (!odd_profile) return false;
  } else {
    color.full_range = reader.ReadBit();
    if (!odd_profile) return true;
    color.subsampling_x = reader.ReadBit();
    color.subsampling_y = reader.ReadBit();
    error = Vp9FrameHeaderError::kBadColor;
    if (color.subsampling_x && color.subsampling_y) return false;
  }
  error = Vp9FrameHeaderError::kReservedBit;
  return !reader.ReadBit();
}

constexpr Expected<Vp9FrameHeader, Vp9FrameHeaderError> Vp9FrameHeader::Parse(Bytes frame) noexcept {
  using enum Vp9FrameHeaderError;
  BitReader reader(frame);
  Vp9FrameHeader out;
  const std::uint32_t marker = reader.ReadBits(2);
  const std::uint32_t profile_bits = reader.ReadBits(2);
  if (!reader.ok()) return kTruncated;
  if (marker != 2) return kBadMarker;
  out.profile = static_cast<std::uint8_t>(profile_bits >> 1 | (profile_bits & 1) << 1);  // low bit first
  if (out.profile == 3 && reader.ReadBit()) return kReservedBit;
  out.show_existing_frame = reader.ReadBit();
  if (out.show_existing_frame) {
    out.frame_to_show = static_cast<std::uint8_t>(reader.ReadBits(3));
    if (!reader.ok()) return kTruncated;
    return out;
  }
  out.key_frame = !reader.ReadBit();
  out.show_frame = reader.ReadBit();
  out.error_resilient = reader.ReadBit();
  if (!out.key_frame) {
    out.intra_only = !out.show_frame && reader.ReadBit();
    if (!out.error_resilient) reader.Skip(2);  // reset_frame_context
  }
  if (out.is_intra()) {
    const std::uint32_t sync_code = reader.ReadBits(24);
    if (!reader.ok()) return kTruncated;
    if (sync_code != kSyncCode) return kBadSyncCode;
    Vp9FrameHeaderError error{};
    if (out.key_frame || out.profile > 0) {
      const bool fine = out.ReadColor(reader, error);
      if (!reader.ok()) return kTruncated;
      if (!fine) return error;
    } else {
      out.color.color_space = Vp9ColorSpace::kBt601;
    }
    out.refresh_frame_flags = static_cast<std::uint8_t>(out.key_frame ? 0xff : reader.ReadBits(8));
    out.ReadSize(reader);
    out.ReadRenderSize(reader);
    if (!reader.ok()) return kTruncated;
    return out;
  }
  out.refresh_frame_flags = static_cast<std::uint8_t>(reader.ReadBits(8));
  for (std::uint8_t& reference : out.references) {
    reference = static_cast<std::uint8_t>(reader.ReadBits(3));
    reader.Skip(1);  // ref_frame_sign_bias
  }
  for (std::int8_t i = 0; i < 3 && out.size_of_reference < 0; ++i) {
    if (reader.ReadBit()) out.size_of_reference = i;
  }
  if (out.size_of_reference < 0) out.ReadSize(reader);
  out.ReadRenderSize(reader);
  if (!reader.ok()) return kTruncated;
  return out;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP9_FRAME_HEADER_H_
