#ifndef MEDIACORE_CODEC_H266_H_
#define MEDIACORE_CODEC_H266_H_

#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/expected.h"
#include "mediacore/codec/h266_nal.h"

namespace mediacore::codec {

// Why bytes are not a parameter set or a picture header, in the order looked.
enum class H266Error : std::uint8_t {
  kTooShort,         // no byte after the header
  kWrongType,        // another nal_unit_type
  kNoPictureHeader,  // a slice whose picture header lies in a unit of its own
  kBadValue,         // a number outside its range
  kTruncated,        // a field lies past the end
};

constexpr std::string_view ToString(H266Error error) {
  switch (error) {
    case H266Error::kTooShort: return "h266: too short";
    case H266Error::kWrongType: return "h266: another NAL unit type";
    case H266Error::kNoPictureHeader: return "h266: slice without picture header";
    case H266Error::kBadValue: return "h266: number out of range";
    case H266Error::kTruncated: return "h266: truncated";
  }
  return "h266: unknown";
}

// A picture's size in luma samples and the window of it that is shown, in units
// of chroma samples.
struct H266PictureSize {
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  bool has_window = false;
  std::array<std::uint32_t, 4> window{};  // left, right, top, bottom

  // pic_width, pic_height, conformance_window_flag and its offsets, as SPS and PPS
  // have them. False for no pixel and more than 65535 in a direction.
  [[nodiscard]] static constexpr bool Read(BitReader& bits, H266PictureSize& out) {
    const std::uint32_t width = bits.ReadUe();
    const std::uint32_t height = bits.ReadUe();
    if (width == 0 || width > 65535 || height == 0 || height > 65535) return false;
    out.width = static_cast<std::uint16_t>(width);
    out.height = static_cast<std::uint16_t>(height);
    out.has_window = bits.ReadBit();
    if (!out.has_window) return true;
    for (std::uint32_t& edge : out.window) edge = bits.ReadUe();
    return true;
  }
  // What the window leaves; false when that is nothing.
  [[nodiscard]] constexpr bool Crop(int chroma_format_idc, std::uint16_t& shown_width,
                                    std::uint16_t& shown_height) const {
    const std::uint64_t unit_x = chroma_format_idc == 1 || chroma_format_idc == 2 ? 2 : 1;
    const std::uint64_t unit_y = chroma_format_idc == 1 ? 2 : 1;
    const std::uint64_t crop_x = (std::uint64_t{window[0]} + window[1]) * unit_x;
    const std::uint64_t crop_y = (std::uint64_t{window[2]} + window[3]) * unit_y;
    if (crop_x >= width || crop_y >= height) return false;
    shown_width = static_cast<std::uint16_t>(width - crop_x);
    shown_height = static_cast<std::uint16_t>(height - crop_y);
    return true;
  }
  constexpr bool operator==(const H266PictureSize&) const = default;
};

// The head of a sequence parameter set (ITU-T H.266, section 7.3.2.4), to the
// size of its pictures.
struct H266Sps {
  std::uint8_t id = 0;              // 0 to 15
  std::uint8_t vps_id = 0;          // 0: none
  std::uint8_t max_sub_layers = 1;  // 1 to 7
  std::uint8_t chroma_format_idc = 1;
  bool has_profile = false;
  std::uint8_t profile_idc = 0;
  bool high_tier = false;
  std::uint8_t level_idc = 0;
  bool gradual_refresh = false;  // GDR pictures may occur
  bool resampling = false;       // pictures may be smaller: each PPS has their size
  H266PictureSize size;          // of the largest pictures
  std::uint16_t width = 0;       // of the window shown
  std::uint16_t height = 0;

  static constexpr Expected<H266Sps, H266Error> Parse(Bytes nal);
  constexpr bool operator==(const H266Sps&) const = default;

 private:
  // profile_tier_level(1, max_sub_layers - 1) of section 7.3.3.1.
  constexpr bool ReadProfile(BitReader& bits);
};

// The head of a picture parameter set (section 7.3.2.5).
struct H266Pps {
  std::uint8_t id = 0;      // 0 to 63
  std::uint8_t sps_id = 0;  // 0 to 15
  bool mixed_nal_types = false;
  H266PictureSize size;

  static constexpr Expected<H266Pps, H266Error> Parse(Bytes nal);
  // Of the pictures that refer to this set, cropped; false when nothing is left.
  [[nodiscard]] constexpr bool ShownSize(const H266Sps& sps, std::uint16_t& width, std::uint16_t& height) const {
    // Section 7.4.3.5: pictures of full size have the window of the SPS.
    const bool full = size.width == sps.size.width && size.height == sps.size.height;
    return (full && !size.has_window ? sps.size : size).Crop(sps.chroma_format_idc, width, height);
  }
  constexpr bool operator==(const H266Pps&) const = default;
};

// The head of picture_header_structure() (section 7.3.2.8), in a unit of its own
// or in the only slice of a picture.
struct H266PictureHeader {
  bool gdr_or_irap = false;
  bool non_reference = false;  // no other picture refers to this one
  bool gdr = false;
  bool inter_slices = false;
  bool intra_slices = true;
  std::uint8_t pps_id = 0;

  static constexpr Expected<H266PictureHeader, H266Error> Parse(Bytes nal);
  constexpr bool operator==(const H266PictureHeader&) const = default;
};

// Whether a slice has its picture header inside: then it is all of its picture.
constexpr bool HasPictureHeader(Bytes slice) { return slice.size() > 2 && (slice[2] & 0x80) != 0; }

constexpr bool H266Sps::ReadProfile(BitReader& bits) {
  has_profile = true;
  profile_idc = static_cast<std::uint8_t>(bits.ReadBits(7));
  high_tier = bits.ReadBit();
  level_idc = static_cast<std::uint8_t>(bits.ReadBits(8));
  bits.Skip(2);          // ptl_frame_only_constraint_flag, ptl_multilayer_enabled_flag
  if (bits.ReadBit()) {  // gci_present_flag
    bits.Skip(71);       // the flags and numbers of section 7.3.3.2
    bits.Skip(bits.ReadBits(8));
  }
  const auto align = [&] { bits.Skip((8 - bits.position() % 8) % 8); };
  align();
  int levels = 0;
  for (int i = 1; i < max_sub_layers; ++i) levels += bits.ReadBit() ? 1 : 0;
  align();
  bits.Skip(static_cast<std::size_t>(levels) * 8);
  bits.Skip(std::size_t{32} * bits.ReadBits(8));  // general_sub_profile_idc
  return bits.ok();
}

constexpr Expected<H266Sps, H266Error> H266Sps::Parse(Bytes nal) {
  H266NalHeader header;
  if (nal.size() < 3 || !H266NalHeader::Read(nal, header)) return H266Error::kTooShort;
  if (header.type != H266NalType::kSps) return H266Error::kWrongType;
  std::uint8_t rbsp[1280];  // 255 sub-profiles and the rest
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(2), rbsp)));
  H266Sps out;
  out.id = static_cast<std::uint8_t>(bits.ReadBits(4));
  out.vps_id = static_cast<std::uint8_t>(bits.ReadBits(4));
  const std::uint32_t sub_layers = bits.ReadBits(3);
  out.chroma_format_idc = static_cast<std::uint8_t>(bits.ReadBits(2));
  const std::uint32_t log2_ctu = bits.ReadBits(2);
  if (sub_layers > 6 || log2_ctu > 2) return H266Error::kBadValue;
  out.max_sub_layers = static_cast<std::uint8_t>(sub_layers + 1);
  if (bits.ReadBit() && !out.ReadProfile(bits)) return H266Error::kTruncated;
  out.gradual_refresh = bits.ReadBit();
  out.resampling = bits.ReadBit();
  if (out.resampling) bits.Skip(1);  // sps_res_change_in_clvs_allowed_flag
  const bool fine = H266PictureSize::Read(bits, out.size) &&
                    (!bits.ok() || out.size.Crop(out.chroma_format_idc, out.width, out.height));
  if (!bits.ok()) return H266Error::kTruncated;
  if (!fine) return H266Error::kBadValue;
  return out;
}

constexpr Expected<H266Pps, H266Error> H266Pps::Parse(Bytes nal) {
  H266NalHeader header;
  if (nal.size() < 3 || !H266NalHeader::Read(nal, header)) return H266Error::kTooShort;
  if (header.type != H266NalType::kPps) return H266Error::kWrongType;
  std::uint8_t rbsp[64];
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(2), rbsp)));
  H266Pps out;
  out.id = static_cast<std::uint8_t>(bits.ReadBits(6));
  out.sps_id = static_cast<std::uint8_t>(bits.ReadBits(4));
  out.mixed_nal_types = bits.ReadBit();
  const bool fine = H266PictureSize::Read(bits, out.size);
  if (!bits.ok()) return H266Error::kTruncated;
  if (!fine) return H266Error::kBadValue;
  return out;
}

constexpr Expected<H266PictureHeader, H266Error> H266PictureHeader::Parse(Bytes nal) {
  H266NalHeader header;
  if (nal.size() < 3 || !H266NalHeader::Read(nal, header)) return H266Error::kTooShort;
  const bool slice = IsSlice(header.type);
  if (!slice && header.type != H266NalType::kPictureHeader) return H266Error::kWrongType;
  std::uint8_t rbsp[8];
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(2), rbsp)));
  if (slice && !bits.ReadBit()) return H266Error::kNoPictureHeader;
  H266PictureHeader out;
  out.gdr_or_irap = bits.ReadBit();
  out.non_reference = bits.ReadBit();
  if (out.gdr_or_irap) out.gdr = bits.ReadBit();
  out.inter_slices = bits.ReadBit();
  if (out.inter_slices) out.intra_slices = bits.ReadBit();
  const std::uint32_t pps_id = bits.ReadUe();
  if (pps_id > 63) return H266Error::kBadValue;
  if (!bits.ok()) return H266Error::kTruncated;
  out.pps_id = static_cast<std::uint8_t>(pps_id);
  return out;
}

// Whether a frame (lengths of four bytes) is an IRAP picture in its lowest layer:
// decoding can begin here.
constexpr bool IsH266KeyFrame(Bytes frame) {
  bool key = false;
  std::uint8_t layer_id = 0;
  for (const Bytes nal : NalUnits(frame)) {
    H266NalHeader header;
    if (!H266NalHeader::Read(nal, header) || !IsSlice(header.type)) continue;
    if (!key) layer_id = header.layer_id;
    if (header.layer_id != layer_id) continue;
    if (!IsIrap(header.type)) return false;
    key = true;
  }
  return key;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H266_H_
