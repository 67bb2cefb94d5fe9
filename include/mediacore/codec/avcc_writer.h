#ifndef MEDIACORE_CODEC_AVCC_WRITER_H_
#define MEDIACORE_CODEC_AVCC_WRITER_H_

#include "mediacore/codec/h264.h"

namespace mediacore::codec {

// Writes AVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 5.3.3.1), the
// body of MP4's avcC box, from a stream's parameter sets, for frames whose
// lengths have four bytes:
//
//   1 | profile | constraints | level | 111111 length size - 1 |
//   111 SPS count | (u16 size, SPS)... | PPS count | (u16 size, PPS)... |
//   not Baseline, Main, Extended: chroma format, bit depths, SPS extensions
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

#endif  // MEDIACORE_CODEC_AVCC_WRITER_H_
