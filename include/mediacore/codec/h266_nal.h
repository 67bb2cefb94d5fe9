#ifndef MEDIACORE_CODEC_H266_NAL_H_
#define MEDIACORE_CODEC_H266_NAL_H_

#include <array>
#include <string_view>

#include "mediacore/codec/nal_units.h"

namespace mediacore::codec {

// nal_unit_type of ITU-T H.266, table 5. 28 to 31 are free there; RFC 9328 uses
// two of them for packets (h266_depacketizer.h).
enum class H266NalType : std::uint8_t {
  kTrail = 0,
  kStsa = 1,
  kRadl = 2,
  kRasl = 3,
  kIdrWRadl = 7,
  kIdrNLp = 8,
  kCra = 9,
  kGdr = 10,
  kReservedIrap = 11,
  kOperatingPoint = 12,
  kDecodingCapability = 13,
  kVps = 14,
  kSps = 15,
  kPps = 16,
  kPrefixAps = 17,
  kSuffixAps = 18,
  kPictureHeader = 19,
  kAccessUnitDelimiter = 20,
  kEndOfSequence = 21,
  kEndOfBitstream = 22,
  kPrefixSei = 23,
  kSuffixSei = 24,
  kFillerData = 25,
};

constexpr std::string_view ToString(H266NalType type) {
  switch (type) {
    case H266NalType::kTrail: return "TRAIL";
    case H266NalType::kStsa: return "STSA";
    case H266NalType::kRadl: return "RADL";
    case H266NalType::kRasl: return "RASL";
    case H266NalType::kIdrWRadl: return "IDR_W_RADL";
    case H266NalType::kIdrNLp: return "IDR_N_LP";
    case H266NalType::kCra: return "CRA";
    case H266NalType::kGdr: return "GDR";
    case H266NalType::kReservedIrap: return "RSV_IRAP_11";
    case H266NalType::kOperatingPoint: return "OPI";
    case H266NalType::kDecodingCapability: return "DCI";
    case H266NalType::kVps: return "VPS";
    case H266NalType::kSps: return "SPS";
    case H266NalType::kPps: return "PPS";
    case H266NalType::kPrefixAps: return "prefix APS";
    case H266NalType::kSuffixAps: return "suffix APS";
    case H266NalType::kPictureHeader: return "picture header";
    case H266NalType::kAccessUnitDelimiter: return "access unit delimiter";
    case H266NalType::kEndOfSequence: return "end of sequence";
    case H266NalType::kEndOfBitstream: return "end of bitstream";
    case H266NalType::kPrefixSei: return "prefix SEI";
    case H266NalType::kSuffixSei: return "suffix SEI";
    case H266NalType::kFillerData: return "filler data";
  }
  return "reserved";
}

// Whether the unit is a slice (or reserved for one).
constexpr bool IsSlice(H266NalType type) { return type <= H266NalType::kReservedIrap; }
// An intra random access point: decoding can begin with this picture. Gradual
// refresh (GDR) is none: pictures are right only some time after it.
constexpr bool IsIrap(H266NalType type) {
  return type >= H266NalType::kIdrWRadl && type <= H266NalType::kReservedIrap && type != H266NalType::kGdr;
}

// The two bytes in front of each NAL unit (section 7.3.1.2), which are those of an
// RTP payload too (RFC 9328, section 1.1.4). Not those of H.265:
//
//   |F|Z|  LayerId (6)  |  Type (5)  | TID (3) |
//
// Any two bytes are a header; IsValid() says whether H.266 allows it.
struct H266NalHeader {
  static constexpr std::size_t kSize = 2;
  // Types that RFC 9328 gives to packets; NAL units are below.
  static constexpr int kAggregation = 28;
  static constexpr int kFragmentation = 29;
  static constexpr int kFragmentTypeMask = 0x1f;  // of the FU header

  H266NalType type{};
  std::uint8_t layer_id = 0;
  std::uint8_t temporal_id_plus1 = 0;  // never 0
  bool forbidden_bit = false;
  bool reserved_bit = false;  // nuh_reserved_zero_bit

  // Of the first two bytes of `nal`; false when there are fewer.
  [[nodiscard]] static constexpr bool Read(Bytes nal, H266NalHeader& out) {
    if (nal.size() < kSize) return false;
    out.type = static_cast<H266NalType>(nal[1] >> 3);
    out.layer_id = nal[0] & 0x3f;
    out.temporal_id_plus1 = nal[1] & 7;
    out.forbidden_bit = (nal[0] & 0x80) != 0;
    out.reserved_bit = (nal[0] & 0x40) != 0;
    return true;
  }
  constexpr bool IsValid() const { return !forbidden_bit && temporal_id_plus1 != 0; }
  // No part of EncodedFrame::data: decoders are to pass over units with the
  // reserved bit, too.
  constexpr bool IsLeftOut() const {
    return type == H266NalType::kAccessUnitDelimiter || type == H266NalType::kFillerData || reserved_bit;
  }
  constexpr std::array<std::uint8_t, kSize> bytes() const {
    return {static_cast<std::uint8_t>((forbidden_bit ? 0x80 : 0) | (reserved_bit ? 0x40 : 0) | layer_id),
            static_cast<std::uint8_t>(static_cast<int>(type) << 3 | temporal_id_plus1)};
  }
  constexpr bool operator==(const H266NalHeader&) const = default;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H266_NAL_H_
