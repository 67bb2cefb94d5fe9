#ifndef MEDIACORE_CODEC_HVCC_H_
#define MEDIACORE_CODEC_HVCC_H_

#include "mediacore/codec/h265.h"

namespace mediacore::codec {

// Why bytes are no HEVCDecoderConfigurationRecord, in the order looked at.
enum class HvccError : std::uint8_t {
  kTooShort,       // fewer than the 23 bytes of the smallest one
  kBadVersion,     // configurationVersion is not 1
  kBadLengthSize,  // NAL lengths of 3 bytes
  kTruncated,      // an array or a NAL unit runs past the end
  kBadUnit,        // a NAL unit shorter than its header, or of another type than its array
};

constexpr std::string_view ToString(HvccError error) {
  switch (error) {
    case HvccError::kTooShort: return "hvcC: too short";
    case HvccError::kBadVersion: return "hvcC: bad version";
    case HvccError::kBadLengthSize: return "hvcC: bad NAL length size";
    case HvccError::kTruncated: return "hvcC: truncated";
    case HvccError::kBadUnit: return "hvcC: bad NAL unit";
  }
  return "hvcC: unknown";
}

// The body of MP4's hvcC box (HEVCDecoderConfigurationRecord, ISO/IEC 14496-15,
// section 8.3.3.1), seen in place:
//
//   1 | 12 bytes of profile, tier, level | 1111 min_spatial_segmentation_idc (12) |
//   111111 parallelismType (2) | 111111 chroma_format_idc (2) |
//   11111 bit depth luma - 8 (3) | 11111 bit depth chroma - 8 (3) |
//   avgFrameRate (16) | constantFrameRate (2) numTemporalLayers (3)
//   temporalIdNested (1) length size - 1 (2) | count of arrays (8) |
//   arrays: completeness (1) 0 type (6) | u16 count | (u16 size, NAL unit)...
//
//   HvccView::Units units = view->units();
//   Bytes nal;
//   while (units.Next(nal)) sets.Store(nal);
class HvccView {
 public:
  static constexpr std::size_t kHeadSize = 23;

  static constexpr Expected<HvccView, HvccError> Parse(Bytes record) noexcept;

  constexpr H265Profile profile() const {
    H265Profile out;
    BitReader bits(record_.subspan(1, 12));
    (void)H265Profile::Read(bits, 0, out);  // has all its bytes
    return out;
  }
  constexpr int min_spatial_segmentation_idc() const { return LoadU16(&record_[13]) & 0xfff; }
  constexpr int parallelism_type() const { return record_[15] & 3; }
  constexpr int chroma_format_idc() const { return record_[16] & 3; }
  constexpr int bit_depth_luma() const { return 8 + (record_[17] & 7); }
  constexpr int bit_depth_chroma() const { return 8 + (record_[18] & 7); }
  // Frames in 256 seconds; 0: unspecified.
  constexpr int avg_frame_rate() const { return LoadU16(&record_[19]); }
  constexpr int constant_frame_rate() const { return record_[21] >> 6; }
  constexpr int num_temporal_layers() const { return record_[21] >> 3 & 7; }  // 0: unknown
  constexpr bool temporal_id_nested() const { return (record_[21] & 4) != 0; }
  // Bytes in front of each NAL unit of a sample: 1, 2 or 4.
  constexpr int nal_length_size() const { return (record_[21] & 3) + 1; }
  constexpr int array_count() const { return record_[22]; }

  // All NAL units, in the order they lie.
  class Units {
   public:
    // False at the end.
    [[nodiscard]] constexpr bool Next(Bytes& nal) noexcept {
      while (left_ == 0) {
        std::uint8_t type = 0;
        if (arrays_ == 0 || !reader_.ReadU8(type) || !reader_.ReadU16(left_)) return false;
        --arrays_;
        type_ = static_cast<H265NalType>(type & 0x3f);
        complete_ = (type & 0x80) != 0;
      }
      --left_;
      std::uint16_t size = 0;
      return reader_.ReadU16(size) && reader_.ReadBytes(size, nal);
    }
    // Of the array that the last unit lies in; complete: the samples bring no others.
    constexpr H265NalType type() const { return type_; }
    constexpr bool array_complete() const { return complete_; }

   private:
    friend class HvccView;
    constexpr Units(Bytes arrays, int count) : reader_(arrays), arrays_(count) {}
    ByteReader reader_;
    int arrays_;
    std::uint16_t left_ = 0;
    H265NalType type_{};
    bool complete_ = false;
  };
  constexpr Units units() const { return Units(record_.subspan(kHeadSize), array_count()); }

 private:
  constexpr explicit HvccView(Bytes record) : record_(record) {}
  Bytes record_;
};

constexpr Expected<HvccView, HvccError> HvccView::Parse(Bytes record) noexcept {
  if (record.size() < kHeadSize) return HvccError::kTooShort;
  if (record[0] != 1) return HvccError::kBadVersion;
  if ((record[21] & 3) == 2) return HvccError::kBadLengthSize;
  ByteReader reader(record.subspan(kHeadSize));
  for (int arrays = record[22]; arrays > 0; --arrays) {
    std::uint8_t type = 0;
    std::uint16_t count = 0;
    if (!reader.ReadU8(type) || !reader.ReadU16(count)) return HvccError::kTruncated;
    for (; count > 0; --count) {
      std::uint16_t size = 0;
      Bytes nal;
      if (!reader.ReadU16(size) || !reader.ReadBytes(size, nal)) return HvccError::kTruncated;
      if (size < H265NalHeader::kSize || static_cast<int>(H265NalTypeOf(nal[0])) != (type & 0x3f)) {
        return HvccError::kBadUnit;
      }
    }
  }
  return HvccView(record);
}

// Writes the same from a stream's parameter sets, for frames whose lengths have
// four bytes.
//
//   std::uint8_t room[HvccWriter::kMaxSize];
//   std::size_t size = 0;
//   if (HvccWriter(depacketizer.parameter_sets()).Write(room, size)) ...
class HvccWriter {
 public:
  static constexpr std::size_t kMaxSize = HvccView::kHeadSize + 3 * 3 + 2 + H265ParameterSets::kMaxVpsSize + 2 +
                                          H265ParameterSets::kMaxSpsSize +
                                          H265ParameterSets::kMaxPps * (2 + H265ParameterSets::kMaxPpsSize);

  // `sets` is to outlive the writer. `complete` says that all parameter sets are
  // here, as "hvc1" wants it; with "hev1" the samples may bring others.
  constexpr explicit HvccWriter(const H265ParameterSets& sets, bool complete = true)
      : sets_(sets), complete_(complete) {}

  // 0 when the sets are not complete, or have more than the 15 bits per sample
  // that the record has room for.
  constexpr std::size_t WireSize() const {
    if (!sets_.complete()) return 0;
    const H265Sps& sps = *sets_.parsed_sps();
    if (sps.bit_depth_luma > 15 || sps.bit_depth_chroma > 15) return 0;
    std::size_t size = HvccView::kHeadSize + 3 * 3 + 2 + sets_.vps().size() + 2 + sets_.sps().size();
    for (std::size_t i = 0; i < sets_.pps_count(); ++i) size += 2 + sets_.pps(i).size();
    return size;
  }
  // False when WireSize() is 0 or `out` is smaller.
  [[nodiscard]] constexpr bool Write(MutableBytes out, std::size_t& written) const {
    if (WireSize() == 0) return false;
    const H265Sps& sps = *sets_.parsed_sps();
    ByteWriter writer(out);
    writer.WriteU8(1);
    writer.WriteU8(static_cast<std::uint8_t>(sps.profile.profile_space << 6 | (sps.profile.high_tier ? 0x20 : 0) |
                                             sps.profile.profile_idc));
    writer.WriteU32(sps.profile.compatibility_flags);
    writer.WriteBytes(sps.profile.constraints);
    writer.WriteU8(sps.profile.level_idc);
    writer.WriteU16(static_cast<std::uint16_t>(0xf000 | sps.min_spatial_segmentation_idc));
    writer.WriteU8(0xfc);  // parallelismType 0: unknown
    writer.WriteU8(static_cast<std::uint8_t>(0xfc | sps.chroma_format_idc));
    writer.WriteU8(static_cast<std::uint8_t>(0xf8 | (sps.bit_depth_luma - 8)));
    writer.WriteU8(static_cast<std::uint8_t>(0xf8 | (sps.bit_depth_chroma - 8)));
    writer.WriteU16(0);  // avgFrameRate 0: unspecified
    writer.WriteU8(static_cast<std::uint8_t>(sps.max_sub_layers << 3 | (sps.temporal_id_nesting ? 4 : 0) | 3));
    writer.WriteU8(3);
    WriteArrayHead(writer, H265NalType::kVps, 1);
    WriteUnit(writer, sets_.vps());
    WriteArrayHead(writer, H265NalType::kSps, 1);
    WriteUnit(writer, sets_.sps());
    WriteArrayHead(writer, H265NalType::kPps, sets_.pps_count());
    for (std::size_t i = 0; i < sets_.pps_count(); ++i) WriteUnit(writer, sets_.pps(i));
    written = writer.size();
    return writer.ok();
  }

 private:
  constexpr void WriteArrayHead(ByteWriter& writer, H265NalType type, std::size_t count) const {
    writer.WriteU8(static_cast<std::uint8_t>((complete_ ? 0x80 : 0) | static_cast<int>(type)));
    writer.WriteU16(static_cast<std::uint16_t>(count));
  }
  static constexpr void WriteUnit(ByteWriter& writer, Bytes nal) {
    writer.WriteU16(static_cast<std::uint16_t>(nal.size()));
    writer.WriteBytes(nal);
  }

  const H265ParameterSets& sets_;
  bool complete_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_HVCC_H_
