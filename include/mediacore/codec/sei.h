#ifndef MEDIACORE_CODEC_SEI_H_
#define MEDIACORE_CODEC_SEI_H_

#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes are not an SEI message, in the order looked.
enum class SeiError : std::uint8_t {
  kEnd,        // nothing but the trailing bits is left
  kTruncated,  // type, size or payload lie past the end
};

constexpr std::string_view ToString(SeiError error) {
  switch (error) {
    case SeiError::kEnd: return "sei: end";
    case SeiError::kTruncated: return "sei: truncated";
  }
  return "sei: unknown";
}

// payloadType of ITU-T H.264, annex D, those that H.265 and H.266 share.
enum class SeiType : std::uint32_t {
  kBufferingPeriod = 0,
  kPictureTiming = 1,
  kFillerPayload = 3,
  kUserDataRegistered = 4,    // captions: ITU-T T.35
  kUserDataUnregistered = 5,  // a UUID and anything
  kRecoveryPoint = 6,
  kFramePacking = 45,
  kDisplayOrientation = 47,
  kActiveParameterSets = 129,
  kTimeCode = 136,
  kMasteringDisplay = 137,
  kContentLight = 144,
  kAlternativeTransfer = 147,
};

constexpr std::string_view ToString(SeiType type) {
  switch (type) {
    case SeiType::kBufferingPeriod: return "buffering period";
    case SeiType::kPictureTiming: return "picture timing";
    case SeiType::kFillerPayload: return "filler payload";
    case SeiType::kUserDataRegistered: return "registered user data";
    case SeiType::kUserDataUnregistered: return "unregistered user data";
    case SeiType::kRecoveryPoint: return "recovery point";
    case SeiType::kFramePacking: return "frame packing";
    case SeiType::kDisplayOrientation: return "display orientation";
    case SeiType::kActiveParameterSets: return "active parameter sets";
    case SeiType::kTimeCode: return "time code";
    case SeiType::kMasteringDisplay: return "mastering display";
    case SeiType::kContentLight: return "content light level";
    case SeiType::kAlternativeTransfer: return "alternative transfer characteristics";
  }
  return "other";
}

// One SEI message of a NAL unit (ITU-T H.264, section 7.3.2.3.1; H.265, 7.3.5):
//
//   type: (0xff)... last byte | size: (0xff)... last byte | payload
//
// Several lie in a row behind the unit's header; a byte 0x80 ends them. The reader
// is over that row without its emulation prevention bytes:
//
//   std::uint8_t rbsp[1024];
//   ByteReader reader(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(1), rbsp)));
//   while (const auto message = SeiMessage::TakeFrom(reader)) Use(*message);
struct SeiMessage {
  SeiType type{};
  Bytes payload;

  // On error `reader` is unchanged; on success it has moved by 2 bytes at least.
  static constexpr Expected<SeiMessage, SeiError> TakeFrom(ByteReader& reader) noexcept {
    const Bytes rest = reader.rest();
    // No message of type 128 is empty: these are the trailing bits and, behind
    // them, zeros that make a picture's size come out.
    if (rest.empty() || (rest[0] == 0x80 && (rest.size() == 1 || rest[1] == 0))) return SeiError::kEnd;
    ByteReader ahead = reader;
    std::uint32_t type = 0;
    std::uint32_t size = 0;
    SeiMessage message;
    if (!ReadNumber(ahead, type) || !ReadNumber(ahead, size) || !ahead.ReadBytes(size, message.payload)) {
      return SeiError::kTruncated;
    }
    message.type = static_cast<SeiType>(type);
    reader = ahead;
    return message;
  }

  constexpr std::size_t WireSize() const {
    return static_cast<std::uint32_t>(type) / 255 + payload.size() / 255 + 2 + payload.size();
  }
  // Without emulation prevention, and without the trailing byte 0x80 that the last
  // message needs. False when `out` is smaller than WireSize().
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < WireSize()) return false;
    ByteWriter writer(out);
    WriteNumber(writer, static_cast<std::uint32_t>(type));
    WriteNumber(writer, static_cast<std::uint32_t>(payload.size()));
    writer.WriteBytes(payload);
    return writer.ok();
  }

 private:
  static constexpr bool ReadNumber(ByteReader& reader, std::uint32_t& number) {
    std::uint8_t byte = 255;
    while (byte == 255) {  // 2^24 of them would not fit into a NAL unit
      if (!reader.ReadU8(byte) || number > 0xffffffffu - 255) return false;
      number += byte;
    }
    return true;
  }
  static constexpr void WriteNumber(ByteWriter& writer, std::uint32_t number) {
    writer.Fill(number / 255, 0xff);
    writer.WriteU8(static_cast<std::uint8_t>(number % 255));
  }
};

// The payload of a recovery point message of H.264 (section D.1.8): pictures are
// right after so many frames; they may need what was before them. False when it is
// none.
[[nodiscard]] constexpr bool ReadRecoveryPoint(Bytes payload, std::uint32_t& recovery_frame_cnt) {
  BitReader bits(payload);
  const std::uint32_t count = bits.ReadUe();
  if (!bits.ok() || count > 65535) return false;
  recovery_frame_cnt = count;
  return true;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_SEI_H_
