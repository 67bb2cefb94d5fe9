#ifndef MEDIACORE_CODEC_AV1_OBU_H_
#define MEDIACORE_CODEC_AV1_OBU_H_

#include <array>
#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// obu_type of the AV1 bitstream specification, section 6.2.2; the others are
// reserved, and decoders skip them.
enum class Av1ObuType : std::uint8_t {
  kSequenceHeader = 1,
  kTemporalDelimiter = 2,
  kFrameHeader = 3,
  kTileGroup = 4,
  kMetadata = 5,
  kFrame = 6,  // a frame header and a tile group
  kRedundantFrameHeader = 7,
  kTileList = 8,
  kPadding = 15,
};

constexpr std::string_view ToString(Av1ObuType type) {
  switch (type) {
    case Av1ObuType::kSequenceHeader: return "sequence header";
    case Av1ObuType::kTemporalDelimiter: return "temporal delimiter";
    case Av1ObuType::kFrameHeader: return "frame header";
    case Av1ObuType::kTileGroup: return "tile group";
    case Av1ObuType::kMetadata: return "metadata";
    case Av1ObuType::kFrame: return "frame";
    case Av1ObuType::kRedundantFrameHeader: return "redundant frame header";
    case Av1ObuType::kTileList: return "tile list";
    case Av1ObuType::kPadding: return "padding";
  }
  return "reserved";
}

// Whether a frame begins with it.
constexpr bool BeginsAv1Frame(Av1ObuType type) {
  return type == Av1ObuType::kFrame || type == Av1ObuType::kFrameHeader;
}

// What RTP and MP4 have no use for: receivers must ignore it, or decoders do. Not sent by
// Av1Packetizer, not kept by Av1Depacketizer.
constexpr bool IsLeftOutOfAv1Frames(Av1ObuType type) {
  return type == Av1ObuType::kTemporalDelimiter || type == Av1ObuType::kTileList || type == Av1ObuType::kPadding;
}

// What each temporal unit begins with in a file of OBUs and in IVF, and with
// what it must not begin in MP4, WebM and RTP.
inline constexpr std::array<std::uint8_t, 2> kAv1TemporalDelimiter = {0x12, 0x00};

// Why bytes are not an OBU, in the order the parser looks.
enum class Av1ObuError : std::uint8_t {
  kTooShort,      // no byte at all
  kForbiddenBit,  // obu_forbidden_bit is set
  kNoExtension,   // obu_extension_flag is set and nothing follows
  kBadSize,       // obu_size is no leb128 of at most 8 bytes and 32 bits
  kTruncated,     // obu_size runs past the end
  kTrailing,      // obu_size ends before the bytes do (Parse() alone)
};

constexpr std::string_view ToString(Av1ObuError error) {
  switch (error) {
    case Av1ObuError::kTooShort: return "av1 obu: too short";
    case Av1ObuError::kForbiddenBit: return "av1 obu: forbidden bit set";
    case Av1ObuError::kNoExtension: return "av1 obu: no extension";
    case Av1ObuError::kBadSize: return "av1 obu: bad size";
    case Av1ObuError::kTruncated: return "av1 obu: truncated";
    case Av1ObuError::kTrailing: return "av1 obu: bytes behind it";
  }
  return "av1 obu: unknown";
}

// One open bitstream unit, seen in place (AV1 specification, sections 5.3.1 to
// 5.3.3).
//
//   0 1 2 3 4 5 6 7   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +- - - - - - +- - - - -
//  |F| type  |X|S|-| | TID |SID|-|-|-| |   obu_size  | payload
//  +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +- - - - - - +- - - - -
//                     where X is set    leb128 where S is set
//
// TakeFrom() walks a row of them (the low-overhead format of section 5.2, a
// sample of MP4, EncodedFrame::data):
//
//   ByteReader reader(frame.data);
//   while (const auto obu = Av1ObuView::TakeFrom(reader)) Use(obu->type());
//
// Good for as long as the bytes behind it are.
class Av1ObuView {
 public:
  // The first OBU of `reader`; one without a size is all of it. On error `reader` is
  // unchanged; on success it has moved by at least one byte, so a loop ends.
  static constexpr Expected<Av1ObuView, Av1ObuError> TakeFrom(ByteReader& reader) noexcept;
  // All of `bytes` as one OBU.
  static constexpr Expected<Av1ObuView, Av1ObuError> Parse(Bytes bytes) noexcept;

  constexpr Av1ObuType type() const { return static_cast<Av1ObuType>(bytes_[0] >> 3 & 15); }
  constexpr bool has_extension() const { return (bytes_[0] & 4) != 0; }
  constexpr bool has_size_field() const { return (bytes_[0] & 2) != 0; }
  // 0 without an extension, as the specification has it.
  constexpr int temporal_id() const { return has_extension() ? bytes_[1] >> 5 : 0; }
  constexpr int spatial_id() const { return has_extension() ? bytes_[1] >> 3 & 3 : 0; }
  // The one or two bytes before the size.
  constexpr Bytes header() const { return bytes_.first(has_extension() ? 2 : 1); }
  constexpr Bytes payload() const { return bytes_.subspan(payload_at_); }
  constexpr Bytes bytes() const { return bytes_; }

 private:
  constexpr Av1ObuView(Bytes bytes, std::size_t payload_at) : bytes_(bytes), payload_at_(payload_at) {}

  Bytes bytes_;
  std::size_t payload_at_;
};

constexpr Expected<Av1ObuView, Av1ObuError> Av1ObuView::TakeFrom(ByteReader& reader) noexcept {
  const Bytes rest = reader.rest();
  if (rest.empty()) return Av1ObuError::kTooShort;
  if ((rest[0] & 0x80) != 0) return Av1ObuError::kForbiddenBit;
  const std::size_t header_size = (rest[0] & 4) != 0 ? 2 : 1;
  if (rest.size() < header_size) return Av1ObuError::kNoExtension;
  ByteReader ahead(rest.subspan(header_size));
  std::size_t size = ahead.remaining();
  if ((rest[0] & 2) != 0) {
    std::uint32_t obu_size = 0;
    if (!ahead.ReadLeb128(obu_size)) return Av1ObuError::kBadSize;
    if (obu_size > ahead.remaining()) return Av1ObuError::kTruncated;
    size = obu_size;
  }
  const std::size_t payload_at = rest.size() - ahead.remaining();
  reader = ByteReader(rest.subspan(payload_at + size));
  return Av1ObuView(rest.first(payload_at + size), payload_at);
}

constexpr Expected<Av1ObuView, Av1ObuError> Av1ObuView::Parse(Bytes bytes) noexcept {
  ByteReader reader(bytes);
  const auto obu = TakeFrom(reader);
  if (obu && !reader.empty()) return Av1ObuError::kTrailing;
  return obu;
}

// The first OBU of a type in a row of OBUs, with its header; empty where there is
// none. FindAv1Obu(frame.data, Av1ObuType::kSequenceHeader) is what av1C is made of.
constexpr Bytes FindAv1Obu(Bytes obus, Av1ObuType type) noexcept {
  ByteReader reader(obus);
  while (const auto obu = Av1ObuView::TakeFrom(reader)) {
    if (obu->type() == type) return obu->bytes();
  }
  return {};
}

// Writes an OBU; Av1ObuView::Parse() reads it back the same.
struct Av1ObuWriter {
  Av1ObuType type = Av1ObuType::kFrame;
  bool has_extension = false;
  std::uint8_t temporal_id = 0;  // up to 7
  std::uint8_t spatial_id = 0;   // up to 3
  bool has_size_field = true;
  Bytes payload{};  // less than 4 GiB

  constexpr std::size_t WireSize() const {
    return 1 + (has_extension ? 1u : 0u) + payload.size() +
           (has_size_field ? Leb128Size(static_cast<std::uint32_t>(payload.size())) : 0);
  }
  // False when `out` is too small or a field above its range.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const auto number = static_cast<unsigned>(type);
    if (number > 15 || temporal_id > 7 || spatial_id > 3 || payload.size() > 0xffffffffu) return false;
    ByteWriter writer(out);
    writer.WriteU8(static_cast<std::uint8_t>(number << 3 | (has_extension ? 4u : 0u) | (has_size_field ? 2u : 0u)));
    if (has_extension) writer.WriteU8(static_cast<std::uint8_t>(temporal_id << 5 | spatial_id << 3));
    if (has_size_field) writer.WriteLeb128(static_cast<std::uint32_t>(payload.size()));
    writer.WriteBytes(payload);
    return writer.ok();
  }
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AV1_OBU_H_
