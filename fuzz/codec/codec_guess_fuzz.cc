#include "mediacore/codec/codec_guess.h"

#include <algorithm>
#include <array>

#include "../support/input.h"

// The answer is one of those that are recognised, never before kMinPackets, and the
// same payloads give the same answer; a stream with every forbidden bit set is no
// H.264, and one without the start code of a key frame no VP8.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  CodecGuess guess;
  CodecGuess again;
  bool forbidden = true;
  bool vp8_code = false;
  fuzz::Input input(data, size);
  std::size_t at = 0;
  while (!input.empty()) {
    const std::uint8_t step = input.U8();
    const std::size_t length = input.U8() % 64;
    at += 2;
    if (at >= size) break;
    const Bytes payload = Bytes(data, size).subspan(at, std::min(length, size - at));
    for (std::size_t i = 0; i < payload.size(); ++i) (void)input.U8();
    at += payload.size();
    const RtpPayload packet{RtpTimestamp(step * 120u), false, (step & 1) != 0, payload};
    guess.HandlePacket(packet);
    again.HandlePacket(packet);
    forbidden = forbidden && (payload.empty() || (payload[0] & 0x80) != 0);
    const Codec codec = guess.codec();
    FUZZ_CHECK(codec == Codec::kUnknown || codec == Codec::kH264 || codec == Codec::kAac || codec == Codec::kOpus ||
               codec == Codec::kH265 || codec == Codec::kVp8 || codec == Codec::kVp9 || codec == Codec::kAv1);
    constexpr std::array<std::uint8_t, 3> kVp8Code = {0x9d, 0x01, 0x2a};
    vp8_code = vp8_code || !std::ranges::search(payload, kVp8Code).empty();
    FUZZ_CHECK(vp8_code || codec != Codec::kVp8);
    FUZZ_CHECK(codec == Codec::kUnknown || guess.packets() >= CodecGuess::kMinPackets);
    FUZZ_CHECK(!forbidden || codec != Codec::kH264);
    FUZZ_CHECK(again.codec() == codec);
    FUZZ_CHECK(guess.packets() <= CodecGuess::kMaxPackets);
  }
  return 0;
}
