#ifndef MEDIACORE_CODEC_OPUS_DEPACKETIZER_H_
#define MEDIACORE_CODEC_OPUS_DEPACKETIZER_H_

#include <string_view>

#include "mediacore/codec/opus.h"
#include "mediacore/codec/whole_packet_depacketizer.h"

namespace mediacore::codec {

// What is wrong with one packet of Opus, in the order looked.
enum class OpusPayloadError : std::uint8_t {
  kNone,
  kBadPacket,  // no Opus packet: OpusPacketView::Parse() says why
  kTooLarge,   // more than the caller's storage holds
};
inline constexpr std::size_t kOpusPayloadErrors = 3;

constexpr std::string_view ToString(OpusPayloadError error) {
  switch (error) {
    case OpusPayloadError::kNone: return "opus payload: fine";
    case OpusPayloadError::kBadPacket: return "opus payload: no Opus packet";
    case OpusPayloadError::kTooLarge: return "opus payload: too large";
  }
  return "opus payload: unknown";
}

struct OpusPayloadFormat {
  using Error = OpusPayloadError;
  static constexpr std::size_t kErrors = kOpusPayloadErrors;
  constexpr Codec codec() const { return Codec::kOpus; }
  constexpr Error Check(Bytes payload) const {
    return OpusPacketView::Parse(payload) ? Error::kNone : Error::kBadPacket;
  }
};

// Gives out the packets of an Opus stream (RFC 7587: one in each RTP packet).
// While nothing is said (DTX) a sender sends nothing, or packets of a TOC byte
// alone: these are frames. Streams with redundancy (RFC 2198) go through
// redundant_opus_depacketizer.h.
using OpusDepacketizer = WholePacketDepacketizer<OpusPayloadFormat>;

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_OPUS_DEPACKETIZER_H_
