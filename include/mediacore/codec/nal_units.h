#ifndef MEDIACORE_CODEC_NAL_UNITS_H_
#define MEDIACORE_CODEC_NAL_UNITS_H_

#include <string_view>

#include "mediacore/base/annex_b.h"

namespace mediacore::codec {

// nal_unit_type of ITU-T H.264, table 7-1. 24 to 31 are free there; RFC 6184
// uses some of them for packets (h264_depacketizer.h).
enum class NalType : std::uint8_t {
  kUnspecified = 0,
  kSlice = 1,
  kPartitionA = 2,
  kPartitionB = 3,
  kPartitionC = 4,
  kIdrSlice = 5,
  kSei = 6,
  kSps = 7,
  kPps = 8,
  kAccessUnitDelimiter = 9,
  kEndOfSequence = 10,
  kEndOfStream = 11,
  kFillerData = 12,
  kSpsExtension = 13,
  kPrefix = 14,
  kSubsetSps = 15,
  kDepthParameterSet = 16,
  kAuxiliarySlice = 19,
  kSliceExtension = 20,
  kSliceExtensionDepth = 21,
};

constexpr NalType NalTypeOf(std::uint8_t header) {
  return static_cast<NalType>(header & 0x1f);
}
// nal_ref_idc: 0 when no other picture refers to this one.
constexpr int NalRefIdc(std::uint8_t header) { return header >> 5 & 3; }

// Whether the unit holds a piece of a primary picture.
constexpr bool IsSlice(NalType type) {
  return type >= NalType::kSlice && type <= NalType::kIdrSlice;
}
constexpr bool IsParameterSet(NalType type) {
  return type == NalType::kSps || type == NalType::kPps;
}

// The layers that a prefix unit says of the slice behind it, or a slice extension
// of itself (ITU-T H.264, section G.7.3.1.1):
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |1|I| priority  |N| dep | quality | tid |U|D|O|RR|
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct SvcLayers {
  std::uint8_t dependency_id = 0;  // the spatial layer
  std::uint8_t quality_id = 0;
  std::uint8_t temporal_id = 0;
  constexpr bool operator==(const SvcLayers&) const = default;
};
// False for other units, and for those of multiview coding.
[[nodiscard]] constexpr bool ReadSvcLayers(Bytes nal, SvcLayers& out) {
  if (nal.size() < 4 || (nal[1] & 0x80) == 0) return false;
  const NalType type = NalTypeOf(nal[0]);
  if (type != NalType::kPrefix && type != NalType::kSliceExtension) return false;
  out = {static_cast<std::uint8_t>(nal[2] >> 4 & 7), static_cast<std::uint8_t>(nal[2] & 15),
         static_cast<std::uint8_t>(nal[3] >> 5)};
  return true;
}

constexpr std::string_view ToString(NalType type) {
  switch (type) {
    case NalType::kUnspecified: return "unspecified";
    case NalType::kSlice: return "slice";
    case NalType::kPartitionA: return "partition A";
    case NalType::kPartitionB: return "partition B";
    case NalType::kPartitionC: return "partition C";
    case NalType::kIdrSlice: return "IDR slice";
    case NalType::kSei: return "SEI";
    case NalType::kSps: return "SPS";
    case NalType::kPps: return "PPS";
    case NalType::kAccessUnitDelimiter: return "access unit delimiter";
    case NalType::kEndOfSequence: return "end of sequence";
    case NalType::kEndOfStream: return "end of stream";
    case NalType::kFillerData: return "filler data";
    case NalType::kSpsExtension: return "SPS extension";
    case NalType::kPrefix: return "prefix";
    case NalType::kSubsetSps: return "subset SPS";
    case NalType::kDepthParameterSet: return "depth parameter set";
    case NalType::kAuxiliarySlice: return "auxiliary slice";
    case NalType::kSliceExtension: return "slice extension";
    case NalType::kSliceExtensionDepth: return "slice extension for depth";
  }
  return "reserved";
}

// The NAL units of EncodedFrame::data, each without its length:
//
//   for (const Bytes nal : NalUnits(frame.data)) {
//     if (NalTypeOf(nal[0]) == NalType::kSei) ...
//   }
//
// Every unit has at least one byte. A length that runs past the end ends the
// walk (AvccReader says so by ok()).
class NalUnits {
 public:
  class Iterator {
   public:
    constexpr explicit Iterator(AvccReader reader) : reader_(reader) { ++*this; }
    constexpr Bytes operator*() const { return nal_; }
    constexpr Iterator& operator++() {
      more_ = reader_.Next(nal_);
      return *this;
    }
    struct End {};
    constexpr bool operator==(End) const { return !more_; }

   private:
    AvccReader reader_;
    Bytes nal_;
    bool more_ = false;
  };

  constexpr explicit NalUnits(Bytes frame, int length_size = 4)
      : reader_(frame, length_size) {}
  constexpr Iterator begin() const { return Iterator(reader_); }
  constexpr Iterator::End end() const { return {}; }

 private:
  AvccReader reader_;
};

// Copies `nal` without its emulation prevention bytes (the 03 of 00 00 03;
// ITU-T H.264, section 7.4.1) until `out` is full; returns the bytes written.
// For headers: give it as many bytes of room as the header may have.
constexpr std::size_t RemoveEmulationPrevention(Bytes nal, MutableBytes out) {
  std::size_t written = 0;
  int zeros = 0;
  for (const std::uint8_t byte : nal) {
    if (written == out.size()) break;
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out[written++] = byte;
  }
  return written;
}

// The other way: puts 03 between 00 00 and a byte below 4, and after a last
// 00 00. False when `out` is too small; 3/2 of the size and one is enough.
[[nodiscard]] constexpr bool AddEmulationPrevention(Bytes rbsp, MutableBytes out,
                                                    std::size_t& written) {
  ByteWriter writer(out);
  int zeros = 0;
  for (const std::uint8_t byte : rbsp) {
    if (zeros >= 2 && byte <= 3) {
      writer.WriteU8(3);
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    writer.WriteU8(byte);
  }
  if (zeros >= 2) writer.WriteU8(3);
  written = writer.size();
  return writer.ok();
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_NAL_UNITS_H_
