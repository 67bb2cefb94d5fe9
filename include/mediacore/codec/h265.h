#ifndef MEDIACORE_CODEC_H265_H_
#define MEDIACORE_CODEC_H265_H_

#include "mediacore/codec/h265_sps.h"

namespace mediacore::codec {

// Why bytes are not a video or picture parameter set or a slice segment, in the
// order looked.
enum class H265Error : std::uint8_t {
  kTooShort,   // no byte after the header
  kWrongType,  // another nal_unit_type
  kBadValue,   // a number outside its range
  kTruncated,  // a field lies past the end
};

constexpr std::string_view ToString(H265Error error) {
  switch (error) {
    case H265Error::kTooShort: return "h265: too short";
    case H265Error::kWrongType: return "h265: another NAL unit type";
    case H265Error::kBadValue: return "h265: number out of range";
    case H265Error::kTruncated: return "h265: truncated";
  }
  return "h265: unknown";
}

// The head of a video parameter set (ITU-T H.265, section 7.3.2.1), to the end
// of profile_tier_level().
struct H265Vps {
  std::uint8_t id = 0;
  std::uint8_t max_layers = 1;      // 1 to 63
  std::uint8_t max_sub_layers = 1;  // 1 to 7
  bool temporal_id_nesting = false;
  H265Profile profile;

  static constexpr Expected<H265Vps, H265Error> Parse(Bytes nal);
  constexpr bool operator==(const H265Vps&) const = default;
};

// The head of a picture parameter set (section 7.3.2.3.1): what it takes to read
// a slice segment header on.
struct H265Pps {
  std::uint8_t id = 0;      // 0 to 63
  std::uint8_t sps_id = 0;  // 0 to 15
  bool dependent_slice_segments = false;
  std::uint8_t num_extra_slice_header_bits = 0;

  static constexpr Expected<H265Pps, H265Error> Parse(Bytes nal);
  constexpr bool operator==(const H265Pps&) const = default;
};

// The head of a slice segment (section 7.3.6.1). slice_type is reached in the
// first segment of a picture, and with its PPS at hand.
struct H265SliceSegmentHeader {
  static constexpr std::uint8_t kB = 0;
  static constexpr std::uint8_t kP = 1;
  static constexpr std::uint8_t kI = 2;
  static constexpr std::uint8_t kUnknownType = 255;

  bool first_slice_segment_in_pic = false;
  std::uint8_t pps_id = 0;
  std::uint8_t slice_type = kUnknownType;

  // `pps` is the one of id `pps_id`, or null where it is not known.
  static constexpr Expected<H265SliceSegmentHeader, H265Error> Parse(Bytes nal, const H265Pps* pps = nullptr);
  constexpr bool operator==(const H265SliceSegmentHeader&) const = default;
};

constexpr Expected<H265Vps, H265Error> H265Vps::Parse(Bytes nal) {
  if (nal.size() < 3) return H265Error::kTooShort;
  if (H265NalTypeOf(nal[0]) != H265NalType::kVps) return H265Error::kWrongType;
  std::uint8_t rbsp[128];  // 4 bytes and at most 12 + 2 + 6 * 12
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(2), rbsp)));
  H265Vps out;
  out.id = static_cast<std::uint8_t>(bits.ReadBits(4));
  bits.Skip(2);  // vps_base_layer_internal_flag, vps_base_layer_available_flag
  const std::uint32_t layers = bits.ReadBits(6);
  const std::uint32_t sub_layers = bits.ReadBits(3);
  out.temporal_id_nesting = bits.ReadBit();
  bits.Skip(16);  // vps_reserved_0xffff_16bits
  if (layers > 62 || sub_layers > 6) return H265Error::kBadValue;
  out.max_layers = static_cast<std::uint8_t>(layers + 1);
  out.max_sub_layers = static_cast<std::uint8_t>(sub_layers + 1);
  if (!H265Profile::Read(bits, sub_layers, out.profile)) return H265Error::kTruncated;
  return out;
}

constexpr Expected<H265Pps, H265Error> H265Pps::Parse(Bytes nal) {
  if (nal.size() < 3) return H265Error::kTooShort;
  if (H265NalTypeOf(nal[0]) != H265NalType::kPps) return H265Error::kWrongType;
  std::uint8_t rbsp[8];
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(2), rbsp)));
  const std::uint32_t id = bits.ReadUe();
  const std::uint32_t sps_id = bits.ReadUe();
  const bool dependent = bits.ReadBit();
  bits.Skip(1);  // output_flag_present_flag
  const std::uint32_t extra_bits = bits.ReadBits(3);
  if (id > 63 || sps_id > 15) return H265Error::kBadValue;
  if (!bits.ok()) return H265Error::kTruncated;
  return H265Pps{static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(sps_id), dependent,
                 static_cast<std::uint8_t>(extra_bits)};
}

constexpr Expected<H265SliceSegmentHeader, H265Error> H265SliceSegmentHeader::Parse(Bytes nal, const H265Pps* pps) {
  if (nal.size() < 3) return H265Error::kTooShort;
  const H265NalType type = H265NalTypeOf(nal[0]);
  if (!IsSlice(type)) return H265Error::kWrongType;
  std::uint8_t rbsp[8];
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(2), rbsp)));
  H265SliceSegmentHeader out;
  out.first_slice_segment_in_pic = bits.ReadBit();
  if (IsIrap(type)) bits.Skip(1);  // no_output_of_prior_pics_flag
  const std::uint32_t pps_id = bits.ReadUe();
  if (pps_id > 63) return H265Error::kBadValue;
  out.pps_id = static_cast<std::uint8_t>(pps_id);
  if (out.first_slice_segment_in_pic && pps != nullptr) {
    bits.Skip(pps->num_extra_slice_header_bits);
    const std::uint32_t slice_type = bits.ReadUe();
    if (slice_type > 2) return H265Error::kBadValue;
    out.slice_type = static_cast<std::uint8_t>(slice_type);
  }
  if (!bits.ok()) return H265Error::kTruncated;
  return out;
}

// Whether a frame (lengths of four bytes) is an IRAP picture in its base layer:
// decoding can begin here. The pictures that follow a CRA or BLA and are shown
// before it (IsRasl()) may need what was before all the same.
constexpr bool IsH265KeyFrame(Bytes frame) {
  bool key = false;
  for (const Bytes nal : NalUnits(frame)) {
    H265NalHeader header;
    if (!H265NalHeader::Read(nal, header) || !IsSlice(header.type) || header.layer_id != 0) continue;
    if (!IsIrap(header.type)) return false;
    key = true;
  }
  return key;
}

// The parameter sets a stream stands under: the last VPS, the last SPS and the
// picture parameter sets that came with it, as NAL units of the base layer,
// copied. An SPS that differs from the last one takes the place of it and of all
// its PPS. About 5 kB, no heap; what does not fit (a VPS above 512 bytes, an SPS
// above 1024, a PPS above 384, a ninth PPS id) is refused and Store() says false.
class H265ParameterSets {
 public:
  static constexpr std::size_t kMaxVpsSize = 512;
  static constexpr std::size_t kMaxSpsSize = 1024;
  static constexpr std::size_t kMaxPpsSize = 384;
  static constexpr std::size_t kMaxPps = 8;

  // Takes a VPS, SPS or PPS that parses; false for anything else.
  constexpr bool Store(Bytes nal) {
    H265NalHeader header;
    if (!H265NalHeader::Read(nal, header) || !header.IsValid() || header.layer_id != 0) return false;
    switch (header.type) {
      case H265NalType::kVps: return StoreVps(nal);
      case H265NalType::kSps: return StoreSps(nal);
      case H265NalType::kPps: return StorePps(nal);
      default: return false;
    }
  }

  constexpr Bytes vps() const { return Bytes(vps_).first(vps_size_); }
  constexpr Bytes sps() const { return Bytes(sps_).first(sps_size_); }
  constexpr std::size_t pps_count() const { return pps_count_; }
  // `index` below pps_count(), in the order they came.
  constexpr Bytes pps(std::size_t index) const { return Bytes(pps_[index].bytes).first(pps_[index].size); }
  // What sps() says; null when there is none.
  constexpr const H265Sps* parsed_sps() const { return sps_size_ > 0 ? &parsed_sps_ : nullptr; }
  // Null when no PPS of this id is here.
  constexpr const H265Pps* FindPps(std::uint8_t id) const {
    for (std::size_t i = 0; i < pps_count_; ++i) {
      if (pps_[i].parsed.id == id) return &pps_[i].parsed;
    }
    return nullptr;
  }
  // A VPS, an SPS and at least one PPS.
  constexpr bool complete() const { return vps_size_ > 0 && sps_size_ > 0 && pps_count_ > 0; }
  // Rises whenever a set came that differs from what was here.
  constexpr std::uint32_t generation() const { return generation_; }

 private:
  struct Slot {
    H265Pps parsed;
    std::size_t size = 0;
    std::array<std::uint8_t, kMaxPpsSize> bytes{};
  };

  constexpr bool StoreVps(Bytes nal) {
    if (Same(nal, vps())) return true;
    if (nal.size() > kMaxVpsSize || !H265Vps::Parse(nal)) return false;
    vps_size_ = Copy(nal, vps_.data());
    ++generation_;
    return true;
  }
  constexpr bool StoreSps(Bytes nal) {
    if (Same(nal, sps())) return true;
    if (nal.size() > kMaxSpsSize) return false;
    const auto parsed = H265Sps::Parse(nal);
    if (!parsed) return false;
    parsed_sps_ = *parsed;
    sps_size_ = Copy(nal, sps_.data());
    pps_count_ = 0;
    ++generation_;
    return true;
  }
  constexpr bool StorePps(Bytes nal) {
    const auto parsed = H265Pps::Parse(nal);
    if (!parsed || nal.size() > kMaxPpsSize) return false;
    std::size_t at = 0;
    while (at < pps_count_ && pps_[at].parsed.id != parsed->id) ++at;
    if (at == kMaxPps) return false;
    if (at < pps_count_ && Same(nal, pps(at))) return true;
    pps_[at].parsed = *parsed;
    pps_[at].size = Copy(nal, pps_[at].bytes.data());
    if (at == pps_count_) ++pps_count_;
    ++generation_;
    return true;
  }
  static constexpr bool Same(Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }
  static constexpr std::size_t Copy(Bytes from, std::uint8_t* to) {
    std::copy(from.begin(), from.end(), to);
    return from.size();
  }

  std::array<std::uint8_t, kMaxVpsSize> vps_{};
  std::size_t vps_size_ = 0;
  std::array<std::uint8_t, kMaxSpsSize> sps_{};
  std::size_t sps_size_ = 0;
  H265Sps parsed_sps_;
  std::array<Slot, kMaxPps> pps_{};
  std::size_t pps_count_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H265_H_
