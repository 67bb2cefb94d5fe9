#ifndef MEDIACORE_CODEC_H265_NAL_H_
#define MEDIACORE_CODEC_H265_NAL_H_

#include <array>
#include <string_view>

#include "mediacore/codec/nal_units.h"

namespace mediacore::codec {

// nal_unit_type of ITU-T H.265, table 7-1. 48 to 63 are free there; RFC 7798
// uses some of them for packets (h265_depacketizer.h). Of the types below 16 the
// even ones (_N) are sub-layer non-reference pictures.
enum class H265NalType : std::uint8_t {
  kTrailN = 0,
  kTrailR = 1,
  kTsaN = 2,
  kTsaR = 3,
  kStsaN = 4,
  kStsaR = 5,
  kRadlN = 6,
  kRadlR = 7,
  kRaslN = 8,
  kRaslR = 9,
  kBlaWLp = 16,
  kBlaWRadl = 17,
  kBlaNLp = 18,
  kIdrWRadl = 19,
  kIdrNLp = 20,
  kCra = 21,
  kReservedIrap22 = 22,
  kReservedIrap23 = 23,
  kVps = 32,
  kSps = 33,
  kPps = 34,
  kAccessUnitDelimiter = 35,
  kEndOfSequence = 36,
  kEndOfBitstream = 37,
  kFillerData = 38,
  kPrefixSei = 39,
  kSuffixSei = 40,
};

constexpr std::string_view ToString(H265NalType type) {
  switch (type) {
    case H265NalType::kTrailN: return "TRAIL_N";
    case H265NalType::kTrailR: return "TRAIL_R";
    case H265NalType::kTsaN: return "TSA_N";
    case H265NalType::kTsaR: return "TSA_R";
    case H265NalType::kStsaN: return "STSA_N";
    case H265NalType::kStsaR: return "STSA_R";
    case H265NalType::kRadlN: return "RADL_N";
    case H265NalType::kRadlR: return "RADL_R";
    case H265NalType::kRaslN: return "RASL_N";
    case H265NalType::kRaslR: return "RASL_R";
    case H265NalType::kBlaWLp: return "BLA_W_LP";
    case H265NalType::kBlaWRadl: return "BLA_W_RADL";
    case H265NalType::kBlaNLp: return "BLA_N_LP";
    case H265NalType::kIdrWRadl: return "IDR_W_RADL";
    case H265NalType::kIdrNLp: return "IDR_N_LP";
    case H265NalType::kCra: return "CRA";
    case H265NalType::kReservedIrap22: return "RSV_IRAP_VCL22";
    case H265NalType::kReservedIrap23: return "RSV_IRAP_VCL23";
    case H265NalType::kVps: return "VPS";
    case H265NalType::kSps: return "SPS";
    case H265NalType::kPps: return "PPS";
    case H265NalType::kAccessUnitDelimiter: return "access unit delimiter";
    case H265NalType::kEndOfSequence: return "end of sequence";
    case H265NalType::kEndOfBitstream: return "end of bitstream";
    case H265NalType::kFillerData: return "filler data";
    case H265NalType::kPrefixSei: return "prefix SEI";
    case H265NalType::kSuffixSei: return "suffix SEI";
  }
  return "reserved";
}

// Whether the unit is a slice segment: a piece of a picture (or reserved for one).
constexpr bool IsSlice(H265NalType type) { return static_cast<int>(type) < 32; }
// An intra random access point: decoding can begin with this picture.
constexpr bool IsIrap(H265NalType type) { return type >= H265NalType::kBlaWLp && type <= H265NalType::kReservedIrap23; }
constexpr bool IsIdr(H265NalType type) { return type == H265NalType::kIdrWRadl || type == H265NalType::kIdrNLp; }
constexpr bool IsBla(H265NalType type) { return type >= H265NalType::kBlaWLp && type <= H265NalType::kBlaNLp; }
// Shown before the IRAP picture that it follows; RASL pictures may refer to
// what was before that, so they are of no use where decoding begins with it.
constexpr bool IsLeading(H265NalType type) { return type >= H265NalType::kRadlN && type <= H265NalType::kRaslR; }
constexpr bool IsRasl(H265NalType type) { return type == H265NalType::kRaslN || type == H265NalType::kRaslR; }
// No picture of the same or a lower sub-layer refers to this one; those of
// higher sub-layers may.
constexpr bool IsSubLayerNonReference(H265NalType type) {
  return static_cast<int>(type) < 16 && static_cast<int>(type) % 2 == 0;
}
constexpr bool IsParameterSet(H265NalType type) { return type >= H265NalType::kVps && type <= H265NalType::kPps; }

// The two bytes in front of each NAL unit (section 7.3.1.2), which are those of
// an RTP payload too (RFC 7798, section 1.1.4):
//
//   |F|  Type (6)  |  LayerId (6)  | TID (3) |
//
// Any two bytes are a header; IsValid() says whether H.265 allows it.
struct H265NalHeader {
  static constexpr std::size_t kSize = 2;
  // Types that RFC 7798 gives to packets; NAL units are below.
  static constexpr int kAggregation = 48;
  static constexpr int kFragmentation = 49;
  static constexpr int kPaci = 50;
  static constexpr int kFragmentTypeMask = 0x3f;  // of the FU header

  H265NalType type{};
  std::uint8_t layer_id = 0;
  std::uint8_t temporal_id_plus1 = 0;  // never 0
  bool forbidden_bit = false;

  // Of the first two bytes of `nal`; false when there are fewer.
  [[nodiscard]] static constexpr bool Read(Bytes nal, H265NalHeader& out) {
    if (nal.size() < kSize) return false;
    out = Of(nal[0], nal[1]);
    return true;
  }
  static constexpr H265NalHeader Of(std::uint8_t first, std::uint8_t second) {
    return {static_cast<H265NalType>(first >> 1 & 0x3f), static_cast<std::uint8_t>((first & 1) << 5 | second >> 3),
            static_cast<std::uint8_t>(second & 7), (first & 0x80) != 0};
  }
  constexpr bool IsValid() const { return !forbidden_bit && temporal_id_plus1 != 0; }
  // No part of EncodedFrame::data.
  constexpr bool IsLeftOut() const {
    return type == H265NalType::kAccessUnitDelimiter || type == H265NalType::kFillerData;
  }
  constexpr std::array<std::uint8_t, kSize> bytes() const {
    return {static_cast<std::uint8_t>((forbidden_bit ? 0x80 : 0) | static_cast<int>(type) << 1 | layer_id >> 5),
            static_cast<std::uint8_t>((layer_id & 0x1f) << 3 | temporal_id_plus1)};
  }
  constexpr bool operator==(const H265NalHeader&) const = default;
};

constexpr H265NalType H265NalTypeOf(std::uint8_t first_byte) {
  return static_cast<H265NalType>(first_byte >> 1 & 0x3f);
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H265_NAL_H_
