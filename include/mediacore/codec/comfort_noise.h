#ifndef MEDIACORE_CODEC_COMFORT_NOISE_H_
#define MEDIACORE_CODEC_COMFORT_NOISE_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes are no comfort noise, in the order the parser looks.
enum class ComfortNoiseError : std::uint8_t {
  kEmpty,     // not even the noise level
  kBadLevel,  // the bit in front of the level is not 0
};

constexpr std::string_view ToString(ComfortNoiseError error) {
  switch (error) {
    case ComfortNoiseError::kEmpty: return "comfort noise: empty";
    case ComfortNoiseError::kBadLevel: return "comfort noise: bad level";
  }
  return "comfort noise: unknown";
}

// A reflection coefficient from -1 to 1, times 32768, and the byte for it (RFC
// 3389, section 3.2): 258 (N - 127), of which 255 is reserved and taken as 1.
constexpr std::int16_t DequantizeReflection(std::uint8_t n) {
  return n == 255 ? std::int16_t{32767} : static_cast<std::int16_t>(258 * (n - 127));
}
// The nearest one that there is, 0 to 254.
constexpr std::uint8_t QuantizeReflection(std::int16_t k) {
  return static_cast<std::uint8_t>((k + 127 * 258 + 129) / 258);
}

// One payload of CN, seen in place (RFC 3389, section 3): how loud the background
// is while nothing is sent, and the sound of it as an all-pole model.
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
//  |0|    level    |      N1       | ...
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
//
// A receiver that takes fewer coefficients than there are leaves out the last.
class ComfortNoiseView {
 public:
  static constexpr Expected<ComfortNoiseView, ComfortNoiseError> Parse(Bytes payload) {
    if (payload.empty()) return ComfortNoiseError::kEmpty;
    if ((payload[0] & 0x80) != 0) return ComfortNoiseError::kBadLevel;
    return ComfortNoiseView(payload);
  }

  // In dB below the loudest that can be said (-dBov), 0 to 127.
  constexpr std::uint8_t level() const { return payload_[0]; }
  // How many coefficients there are: the order of the model; 0: white noise.
  constexpr std::size_t order() const { return payload_.size() - 1; }
  // As they are on the wire.
  constexpr Bytes reflections() const { return payload_.subspan(1); }
  // `i` below order(), counted from 0.
  constexpr std::int16_t reflection(std::size_t i) const { return DequantizeReflection(payload_[1 + i]); }

 private:
  constexpr explicit ComfortNoiseView(Bytes payload) : payload_(payload) {}
  Bytes payload_;
};

struct ComfortNoiseWriter {
  std::uint8_t level = 0;  // -dBov; above 127 it is taken as 127
  Bytes reflections;       // from QuantizeReflection()

  constexpr std::size_t WireSize() const { return 1 + reflections.size(); }
  // False when `out` is smaller than WireSize().
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    writer.WriteU8(std::min<std::uint8_t>(level, 127));
    writer.WriteBytes(reflections);
    return writer.ok();
  }
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_COMFORT_NOISE_H_
