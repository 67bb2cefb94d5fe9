#ifndef MEDIACORE_CODEC_AVCC_H_
#define MEDIACORE_CODEC_AVCC_H_

#include "mediacore/codec/h264.h"

namespace mediacore::codec {

// Why bytes are not an avcC record, in the order the parser looks.
enum class AvccError : std::uint8_t {
  kTooShort,       // fewer than 7 bytes
  kBadVersion,     // configurationVersion is not 1
  kBadLengthSize,  // lengths of three bytes
  kTruncated,      // a parameter set runs past the end
};

constexpr std::string_view ToString(AvccError error) {
  switch (error) {
    case AvccError::kTooShort: return "avcC: too short";
    case AvccError::kBadVersion: return "avcC: bad version";
    case AvccError::kBadLengthSize: return "avcC: bad length size";
    case AvccError::kTruncated: return "avcC: truncated";
  }
  return "avcC: unknown";
}

// AVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 5.3.3.1), the body of
// MP4's avcC box, seen in place:
//
//   1 | profile | constraints | level | 111111 length size - 1 |
//   111 SPS count | (u16 size, SPS)... | PPS count | (u16 size, PPS)... |
//   not Baseline, Main, Extended: chroma format, bit depths, SPS extensions
//   (written; not needed for reading, the SPS says the same)
class AvccView {
 public:
  static constexpr Expected<AvccView, AvccError> Parse(Bytes record);

  constexpr std::uint8_t profile_idc() const { return record_[1]; }
  constexpr std::uint8_t constraint_flags() const { return record_[2]; }
  constexpr std::uint8_t level_idc() const { return record_[3]; }
  constexpr int length_size() const { return (record_[4] & 3) + 1; }
  constexpr CodecString codec_string() const {
    return H264CodecString(profile_idc(), constraint_flags(), level_idc());
  }
  // The parameter sets, each behind its size in two bytes: AvccReader(x, 2)
  // and NalUnits(x, 2) walk over them.
  constexpr Bytes sps_list() const { return sps_; }
  constexpr Bytes pps_list() const { return pps_; }

 private:
  constexpr AvccView(Bytes record, Bytes sps, Bytes pps)
      : record_(record), sps_(sps), pps_(pps) {}
  static constexpr bool TakeList(ByteReader& reader, int count, Bytes& list) {
    const Bytes from = reader.rest();
    for (int i = 0; i < count; ++i) {
      std::uint16_t size = 0;
      if (!reader.ReadU16(size) || !reader.Skip(size)) return false;
    }
    list = from.first(from.size() - reader.remaining());
    return true;
  }

  Bytes record_;
  Bytes sps_;
  Bytes pps_;
};

constexpr Expected<AvccView, AvccError> AvccView::Parse(Bytes record) {
  if (record.size() < 7) return AvccError::kTooShort;
  if (record[0] != 1) return AvccError::kBadVersion;
  if ((record[4] & 3) == 2) return AvccError::kBadLengthSize;
  ByteReader reader(record.subspan(6));
  Bytes sps;
  Bytes pps;
  std::uint8_t pps_count = 0;
  if (!TakeList(reader, record[5] & 0x1f, sps) || !reader.ReadU8(pps_count) ||
      !TakeList(reader, pps_count, pps)) {
    return AvccError::kTruncated;
  }
  return AvccView(record, sps, pps);
}

// Writes the record of a stream's parameter sets, for frames whose lengths have
// four bytes.
//
//   std::uint8_t room[AvccWriter::kMaxSize];
//   std::size_t size = 0;
//   if (AvccWriter(depacketizer.parameter_sets()).Write(room, size)) ...
class AvccWriter {
 public:
  static constexpr std::size_t kMaxSize =
      11 + 2 + ParameterSets::kMaxSpsSize +
      ParameterSets::kMaxPps * (2 + ParameterSets::kMaxPpsSize);

  // `sets` is to outlive the writer.
  constexpr explicit AvccWriter(const ParameterSets& sets) : sets_(sets) {}

  // 0 when the sets are not complete.
  constexpr std::size_t WireSize() const {
    if (!sets_.complete()) return 0;
    std::size_t size = 7 + 2 + sets_.sps().size();
    for (std::size_t i = 0; i < sets_.pps_count(); ++i) {
      size += 2 + sets_.pps(i).size();
    }
    return size + (IsHigh() ? 4 : 0);
  }
  // False when the sets are not complete or `out` is smaller than WireSize().
  [[nodiscard]] constexpr bool Write(MutableBytes out, std::size_t& written) const {
    if (!sets_.complete()) return false;
    const Bytes sps = sets_.sps();
    ByteWriter writer(out);
    writer.WriteU8(1);
    writer.WriteBytes(sps.subspan(1, 3));
    writer.WriteU8(0xff);
    writer.WriteU8(0xe1);
    writer.WriteU16(static_cast<std::uint16_t>(sps.size()));
    writer.WriteBytes(sps);
    writer.WriteU8(static_cast<std::uint8_t>(sets_.pps_count()));
    for (std::size_t i = 0; i < sets_.pps_count(); ++i) {
      writer.WriteU16(static_cast<std::uint16_t>(sets_.pps(i).size()));
      writer.WriteBytes(sets_.pps(i));
    }
    if (IsHigh()) {
      const auto parsed = Sps::Parse(sps);
      if (!parsed) return false;
      writer.WriteU8(static_cast<std::uint8_t>(0xfc | parsed->chroma_format_idc));
      writer.WriteU8(static_cast<std::uint8_t>(0xf8 | (parsed->bit_depth_luma - 8)));
      writer.WriteU8(static_cast<std::uint8_t>(0xf8 | (parsed->bit_depth_chroma - 8)));
      writer.WriteU8(0);  // numOfSequenceParameterSetExt
    }
    written = writer.size();
    return writer.ok();
  }

 private:
  // Not Baseline, Main, Extended: the record ends with chroma and bit depths.
  constexpr bool IsHigh() const {
    const std::uint8_t profile = sets_.sps()[1];
    return profile != 66 && profile != 77 && profile != 88;
  }

  const ParameterSets& sets_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AVCC_H_
