#ifndef MEDIACORE_BASE_CODEC_H_
#define MEDIACORE_BASE_CODEC_H_

#include <cstdint>
#include <string_view>

namespace mediacore {

// What a stream of media is encoded with.
enum class Codec : std::uint8_t {
  kUnknown,
  kH264,
  kH265,
  kH266,
  kVp8,
  kVp9,
  kAv1,
  kAac,
  kOpus,
  kPcmu,  // G.711
  kPcma,  // G.711
  kG722,
};

constexpr bool IsVideo(Codec codec) {
  return codec >= Codec::kH264 && codec <= Codec::kAv1;
}
constexpr bool IsAudio(Codec codec) { return codec >= Codec::kAac; }

constexpr std::string_view ToString(Codec codec) {
  switch (codec) {
    case Codec::kUnknown: return "unknown";
    case Codec::kH264: return "H264";
    case Codec::kH265: return "H265";
    case Codec::kH266: return "H266";
    case Codec::kVp8: return "VP8";
    case Codec::kVp9: return "VP9";
    case Codec::kAv1: return "AV1";
    case Codec::kAac: return "AAC";
    case Codec::kOpus: return "opus";
    case Codec::kPcmu: return "PCMU";
    case Codec::kPcma: return "PCMA";
    case Codec::kG722: return "G722";
  }
  return "unknown";
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_CODEC_H_
