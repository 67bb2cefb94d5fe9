#ifndef MEDIACORE_CODEC_VP9_H_
#define MEDIACORE_CODEC_VP9_H_

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes are no VP9 payload descriptor, in the order looked.
enum class Vp9DescriptorError : std::uint8_t {
  kEmpty,              // no descriptor at all
  kTruncated,          // it runs past the end
  kTooManyReferences,  // a fourth P_DIFF
};

constexpr std::string_view ToString(Vp9DescriptorError error) {
  switch (error) {
    case Vp9DescriptorError::kEmpty: return "vp9: empty";
    case Vp9DescriptorError::kTruncated: return "vp9: truncated";
    case Vp9DescriptorError::kTooManyReferences: return "vp9: too many references";
  }
  return "vp9: unknown";
}

// The number of a spatial or temporal layer. It is below kCount whatever bytes it
// came from, so it may index an array of that size.
class Vp9LayerId {
 public:
  static constexpr std::size_t kCount = 8;

  constexpr Vp9LayerId() = default;
  // Of more than three bits the low three count.
  constexpr explicit Vp9LayerId(int value) : value_(value & 7) {}

  constexpr std::uint8_t value() const { return value_; }
  constexpr auto operator<=>(const Vp9LayerId&) const = default;

 private:
  std::uint8_t value_ = 0;
};

// One picture of a picture group, and how far back the pictures lie that it
// refers to.
struct Vp9GroupPicture {
  Vp9LayerId temporal_id = {};
  bool switching_up = false;         // U
  std::uint8_t reference_count = 0;  // R, 0 to 3
  std::array<std::uint8_t, 3> p_diffs{};

  constexpr bool operator==(const Vp9GroupPicture&) const = default;
};

struct Vp9LayerSize {
  std::uint16_t width = 0;
  std::uint16_t height = 0;

  constexpr bool operator==(const Vp9LayerSize&) const = default;
};

// The layers of a stream and how its pictures refer to each other (RFC 9628,
// section 4.2.1).
//
//  +-+-+-+-+-+-+-+-+
//  | N_S |Y|G|-|-|-|  spatial layers, less one
//  +-+-+-+-+-+-+-+-+
//  |width  16 bits |  Y: of each spatial layer
//  |height 16 bits |
//  +-+-+-+-+-+-+-+-+
//  |      N_G      |  G: pictures in a group
//  +-+-+-+-+-+-+-+-+
//  | TID |U| R |-|-|  of each picture,
//  |    P_DIFF     |  with R references
//  +-+-+-+-+-+-+-+-+
//
//   if (const auto structure = descriptor->scalability_structure()) {
//     auto pictures = structure->pictures();
//     for (Vp9GroupPicture picture; pictures.Next(picture);) Expect(picture);
//   }
class Vp9ScalabilityStructureView {
 public:
  class PictureReader {
   public:
    [[nodiscard]] constexpr bool Next(Vp9GroupPicture& out) {
      if (rest_.empty()) return false;
      out = {};
      out.temporal_id = Vp9LayerId(rest_[0] >> 5);
      out.switching_up = (rest_[0] & 0x10) != 0;
      out.reference_count = rest_[0] >> 2 & 3;
      std::copy_n(rest_.data() + 1, out.reference_count, out.p_diffs.data());
      rest_ = rest_.subspan(std::size_t{1} + out.reference_count);
      return true;
    }

   private:
    friend class Vp9ScalabilityStructureView;
    constexpr explicit PictureReader(Bytes proved) : rest_(proved) {}
    Bytes rest_;
  };

  // Takes a structure off the front of `reader`. On error `reader` is unchanged.
  static constexpr Expected<Vp9ScalabilityStructureView, Vp9DescriptorError> TakeFrom(ByteReader& reader) noexcept {
    const Bytes bytes = reader.rest();
    if (bytes.empty()) return Vp9DescriptorError::kEmpty;
    std::size_t size = PicturesAt(bytes[0]);
    if ((bytes[0] & 8) != 0) {
      if (bytes.size() < size) return Vp9DescriptorError::kTruncated;
      for (int pictures = bytes[size - 1]; pictures > 0; --pictures) {
        if (bytes.size() <= size) return Vp9DescriptorError::kTruncated;
        size += 1u + (bytes[size] >> 2 & 3u);
      }
    }
    if (bytes.size() < size) return Vp9DescriptorError::kTruncated;
    reader = ByteReader(bytes.subspan(size));
    return Vp9ScalabilityStructureView(bytes.first(size));
  }

  constexpr Bytes bytes() const { return bytes_; }
  constexpr int spatial_layers() const { return (bytes_[0] >> 5) + 1; }  // 1 to 8
  constexpr bool has_sizes() const { return (bytes_[0] & 0x10) != 0; }
  // 0 by 0 where there are no sizes, or is no such layer.
  constexpr Vp9LayerSize size(Vp9LayerId layer) const {
    if (!has_sizes() || layer.value() >= spatial_layers()) return {};
    const std::uint8_t* at = bytes_.data() + 1 + std::size_t{4} * layer.value();
    return {LoadU16(at), LoadU16(at + 2)};
  }
  constexpr bool has_pictures() const { return (bytes_[0] & 8) != 0; }
  constexpr int picture_count() const { return has_pictures() ? bytes_[PicturesAt(bytes_[0]) - 1] : 0; }
  constexpr PictureReader pictures() const { return PictureReader(bytes_.subspan(PicturesAt(bytes_[0]))); }

 private:
  constexpr explicit Vp9ScalabilityStructureView(Bytes bytes) : bytes_(bytes) {}
  // Where the first picture would be.
  static constexpr std::size_t PicturesAt(std::uint8_t first) {
    return 1 + ((first & 0x10) != 0 ? std::size_t{4} * ((first >> 5) + 1u) : 0) + ((first & 8) != 0 ? 1 : 0);
  }

  Bytes bytes_;
};

struct Vp9ScalabilityStructureWriter {
  int spatial_layers = 1;                    // 1 to 8
  std::span<const Vp9LayerSize> sizes = {};  // of each of them, or none
  bool has_pictures = false;
  std::span<const Vp9GroupPicture> pictures = {};  // up to 255, where has_pictures

  // 0 when a number is out of its range.
  constexpr std::size_t WireSize() const {
    if (spatial_layers < 1 || spatial_layers > 8 || pictures.size() > (has_pictures ? 255u : 0u)) return 0;
    if (!sizes.empty() && sizes.size() != static_cast<std::size_t>(spatial_layers)) return 0;
    std::size_t size = 1 + 4 * sizes.size() + (has_pictures ? 1 : 0);
    for (const Vp9GroupPicture& picture : pictures) {
      if (picture.reference_count > 3) return 0;
      size += std::size_t{1} + picture.reference_count;
    }
    return size;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    writer.WriteU8(
        static_cast<std::uint8_t>((spatial_layers - 1) << 5 | (sizes.empty() ? 0 : 0x10) | (has_pictures ? 8 : 0)));
    for (const Vp9LayerSize& layer : sizes) {
      writer.WriteU16(layer.width);
      writer.WriteU16(layer.height);
    }
    if (has_pictures) writer.WriteU8(static_cast<std::uint8_t>(pictures.size()));
    for (const Vp9GroupPicture& picture : pictures) {
      writer.WriteU8(static_cast<std::uint8_t>(picture.temporal_id.value() << 5 | (picture.switching_up ? 0x10 : 0) |
                                               picture.reference_count << 2));
      writer.WriteBytes(Bytes(picture.p_diffs).first(picture.reference_count));
    }
    return writer.ok();
  }
};

// What stands before the VP9 bytes in each RTP payload (RFC 9628, section 4.2).
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |I|P|L|F|B|E|V|Z|
//  +-+-+-+-+-+-+-+-+
//  |M|  PictureID  |  I; with M one byte more and 15 bits
//  +-+-+-+-+-+-+-+-+
//  | TID |U| SID |D|  L
//  +-+-+-+-+-+-+-+-+
//  |   TL0PICIDX   |  L, unless F
//  +-+-+-+-+-+-+-+-+
//  |   P_DIFF    |N|  P and F, one to three; N: another follows
//  +-+-+-+-+-+-+-+-+
//  :   structure   :  V: Vp9ScalabilityStructureView
//  +-+-+-+-+-+-+-+-+
//
// F without I is ignored, as the section says. This is what is said, to be written;
// Vp9DescriptorView reads.
struct Vp9Descriptor {
  static constexpr std::size_t kMaxSize = 7;  // without a structure
  struct Layers {
    Vp9LayerId temporal_id = {};
    bool switching_up = false;  // U: from here on higher temporal layers can be shown
    Vp9LayerId spatial_id = {};
    bool inter_layer = false;    // D: refers to the spatial layer below
    std::uint8_t tl0picidx = 0;  // of the last picture of temporal layer 0; not in flexible mode
    constexpr bool operator==(const Layers&) const = default;
  };

  bool inter_picture = false;            // P: refers to pictures before
  bool flexible = false;                 // F: names them itself
  bool start_of_frame = false;           // B: of a layer frame, as is the end
  bool end_of_frame = false;             // E
  bool not_reference_for_above = false;  // Z: no higher spatial layer refers to it
  bool long_picture_id = true;           // M: 15 bits, not 7; true where there is none
  std::optional<std::uint16_t> picture_id = std::nullopt;
  std::optional<Layers> layers = std::nullopt;
  std::uint8_t reference_count = 0;       // 1 to 3 with P and F, else 0
  std::array<std::uint8_t, 3> p_diffs{};  // so many picture ids before this one, up to 127
  Bytes scalability_structure = {};       // as Vp9ScalabilityStructureWriter has written it

  // 0 when the parts do not go together, or a number is out of its range.
  constexpr std::size_t WireSize() const;
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const;

  friend constexpr bool operator==(const Vp9Descriptor& a, const Vp9Descriptor& b) {
    return a.inter_picture == b.inter_picture && a.flexible == b.flexible && a.start_of_frame == b.start_of_frame &&
           a.end_of_frame == b.end_of_frame && a.not_reference_for_above == b.not_reference_for_above &&
           a.long_picture_id == b.long_picture_id && a.picture_id == b.picture_id && a.layers == b.layers &&
           a.reference_count == b.reference_count && a.p_diffs == b.p_diffs &&
           std::ranges::equal(a.scalability_structure, b.scalability_structure);
  }
};

// A descriptor in its payload.
//
//   ByteReader reader(packet->payload());
//   const auto descriptor = Vp9DescriptorView::TakeFrom(reader);
//   if (descriptor && descriptor->start_of_frame()) Start(descriptor->spatial_id(), reader.rest());
//
// What is not there is told as 0. Time: 3 ns, and 1 ns for each picture of a group.
class Vp9DescriptorView {
 public:
  // Takes a descriptor off the front of `payload`. On error `payload` is unchanged.
  static constexpr Expected<Vp9DescriptorView, Vp9DescriptorError> TakeFrom(ByteReader& payload) noexcept {
    const Bytes bytes = payload.rest();
    if (bytes.empty()) return Vp9DescriptorError::kEmpty;
    const std::uint8_t flags = bytes[0];
    if ((flags & kI) != 0 && bytes.size() < 2) return Vp9DescriptorError::kTruncated;
    std::size_t size = ReferencesAt(bytes);
    if (bytes.size() < size) return Vp9DescriptorError::kTruncated;
    std::uint8_t references = 0;
    if ((flags & (kI | kP | kF)) == (kI | kP | kF)) {
      for (bool more = true; more; ++references) {
        if (references == 3) return Vp9DescriptorError::kTooManyReferences;
        if (bytes.size() == size) return Vp9DescriptorError::kTruncated;
        more = (bytes[size++] & 1) != 0;
      }
    }
    if ((flags & kV) != 0) {
      ByteReader reader(bytes.subspan(size));
      const auto structure = Vp9ScalabilityStructureView::TakeFrom(reader);
      if (!structure) return Vp9DescriptorError::kTruncated;
      size += structure->bytes().size();
    }
    payload = ByteReader(bytes.subspan(size));
    return Vp9DescriptorView(bytes.first(size), references);
  }

  constexpr std::size_t size() const { return bytes_.size(); }
  constexpr bool inter_picture() const { return (bytes_[0] & kP) != 0; }
  constexpr bool flexible() const { return (bytes_[0] & (kI | kF)) == (kI | kF); }
  constexpr bool start_of_frame() const { return (bytes_[0] & kB) != 0; }
  constexpr bool end_of_frame() const { return (bytes_[0] & kE) != 0; }
  constexpr bool not_reference_for_above() const { return (bytes_[0] & kZ) != 0; }

  constexpr bool has_picture_id() const { return (bytes_[0] & kI) != 0; }
  constexpr bool has_long_picture_id() const { return has_picture_id() && (bytes_[1] & 0x80) != 0; }
  constexpr int picture_id() const {
    if (!has_picture_id()) return 0;
    return has_long_picture_id() ? LoadU16(bytes_.data() + 1) & 0x7fff : bytes_[1];
  }

  constexpr bool has_layers() const { return (bytes_[0] & kL) != 0; }
  constexpr Vp9LayerId temporal_id() const { return Vp9LayerId(layer_byte() >> 5); }
  constexpr bool switching_up() const { return (layer_byte() & 0x10) != 0; }
  constexpr Vp9LayerId spatial_id() const { return Vp9LayerId(layer_byte() >> 1); }
  constexpr bool inter_layer() const { return (layer_byte() & 1) != 0; }
  constexpr bool has_tl0picidx() const { return has_layers() && !flexible(); }
  constexpr int tl0picidx() const { return has_tl0picidx() ? bytes_[LayersAt(bytes_) + 1] : 0; }

  constexpr int reference_count() const { return references_; }  // 0 to 3
  constexpr int p_diff(int reference) const {
    return reference >= 0 && reference < references_
               ? bytes_[ReferencesAt(bytes_) + static_cast<std::size_t>(reference)] >> 1
               : 0;
  }

  constexpr std::optional<Vp9ScalabilityStructureView> scalability_structure() const {
    if ((bytes_[0] & kV) == 0) return std::nullopt;
    ByteReader reader(bytes_.subspan(ReferencesAt(bytes_) + references_));
    return *Vp9ScalabilityStructureView::TakeFrom(reader);
  }

  // The key frame of its picture, as far as the descriptor tells: nothing before
  // it and nothing below it is needed.
  constexpr bool begins_key_picture() const {
    return start_of_frame() && !inter_picture() && spatial_id().value() == 0;
  }

  // All of it, to be changed and written again. Reserved bits of the structure stay.
  constexpr Vp9Descriptor values() const;

 private:
  static constexpr std::uint8_t kI = 0x80, kP = 0x40, kL = 0x20, kF = 0x10, kB = 8, kE = 4, kV = 2, kZ = 1;

  constexpr Vp9DescriptorView(Bytes bytes, std::uint8_t references) : bytes_(bytes), references_(references) {}
  // Two bytes are there when the flags have I.
  static constexpr std::size_t LayersAt(Bytes bytes) {
    return (bytes[0] & kI) == 0 ? 1 : (bytes[1] & 0x80) != 0 ? 3 : 2;
  }
  static constexpr std::size_t ReferencesAt(Bytes bytes) {
    const std::size_t at = LayersAt(bytes);
    if ((bytes[0] & kL) == 0) return at;
    return (bytes[0] & (kI | kF)) == (kI | kF) ? at + 1 : at + 2;
  }
  constexpr int layer_byte() const { return has_layers() ? bytes_[LayersAt(bytes_)] : 0; }

  Bytes bytes_;
  std::uint8_t references_;
};

constexpr Vp9Descriptor Vp9DescriptorView::values() const {
  Vp9Descriptor out;
  out.inter_picture = inter_picture();
  out.flexible = flexible();
  out.start_of_frame = start_of_frame();
  out.end_of_frame = end_of_frame();
  out.not_reference_for_above = not_reference_for_above();
  out.long_picture_id = !has_picture_id() || has_long_picture_id();
  if (has_picture_id()) out.picture_id = static_cast<std::uint16_t>(picture_id());
  if (has_layers()) {
    out.layers = {temporal_id(), switching_up(), spatial_id(), inter_layer(), static_cast<std::uint8_t>(tl0picidx())};
  }
  out.reference_count = references_;
  for (int i = 0; i < references_; ++i) {
    out.p_diffs[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(p_diff(i));
  }
  if (const auto structure = scalability_structure()) out.scalability_structure = structure->bytes();
  return out;
}

constexpr std::size_t Vp9Descriptor::WireSize() const {
  if (picture_id.value_or(0) > (long_picture_id ? 0x7fff : 0x7f)) return 0;
  if (flexible && (!picture_id || (layers && layers->tl0picidx != 0))) return 0;
  if (flexible && inter_picture ? reference_count < 1 || reference_count > 3 : reference_count != 0) return 0;
  if (!scalability_structure.empty()) {
    ByteReader reader(scalability_structure);
    if (!Vp9ScalabilityStructureView::TakeFrom(reader) || !reader.empty()) return 0;
  }
  std::size_t size = 1 + scalability_structure.size();
  if (picture_id) size += long_picture_id ? 2 : 1;
  if (layers) size += flexible ? 1 : 2;
  for (int i = 0; i < reference_count; ++i) {
    if (p_diffs[static_cast<std::size_t>(i)] > 0x7f) return 0;
  }
  return size + reference_count;
}

constexpr bool Vp9Descriptor::Write(MutableBytes out) const {
  const std::size_t size = WireSize();
  if (size == 0 || out.size() < size) return false;
  ByteWriter writer(out.first(size));
  writer.WriteU8(static_cast<std::uint8_t>((picture_id ? 0x80 : 0) | (inter_picture ? 0x40 : 0) | (layers ? 0x20 : 0) |
                                           (flexible ? 0x10 : 0) | (start_of_frame ? 8 : 0) | (end_of_frame ? 4 : 0) |
                                           (scalability_structure.empty() ? 0 : 2) |
                                           (not_reference_for_above ? 1 : 0)));
  if (picture_id && long_picture_id) writer.WriteU16(static_cast<std::uint16_t>(0x8000 | *picture_id));
  if (picture_id && !long_picture_id) writer.WriteU8(static_cast<std::uint8_t>(*picture_id));
  if (layers) {
    writer.WriteU8(static_cast<std::uint8_t>(layers->temporal_id.value() << 5 | (layers->switching_up ? 0x10 : 0) |
                                             layers->spatial_id.value() << 1 | (layers->inter_layer ? 1 : 0)));
    if (!flexible) writer.WriteU8(layers->tl0picidx);
  }
  for (int i = 0; i < reference_count; ++i) {
    writer.WriteU8(
        static_cast<std::uint8_t>(p_diffs[static_cast<std::size_t>(i)] << 1 | (i + 1 < reference_count ? 1 : 0)));
  }
  writer.WriteBytes(scalability_structure);
  return writer.ok();
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP9_H_
