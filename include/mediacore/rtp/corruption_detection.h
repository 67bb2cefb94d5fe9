#ifndef MEDIACORE_RTP_CORRUPTION_DETECTION_H_
#define MEDIACORE_RTP_CORRUPTION_DETECTION_H_

#include <algorithm>

#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// A few smoothed samples of a frame as it went into the encoder, for the
// receiver to compare with what comes out of its decoder
// (http://www.webrtc.org/experiments/rtp-hdrext/corruption-detection).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |B|  seq index  |    std dev    | Y err | UV err|  1 to 13 samples
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// One byte alone is a synchronization message: it tells the index, no samples.
// Samples lie in the clear where header extensions do.
//
//   rtp::CorruptionDetection check;
//   if (rtp::ReadExtension(*packet, ids, check)) Compare(check.samples);
//
// Errors: kWrongSize: not 1 or 4 to 16 bytes. Time: 2 ns. Borrows the samples.
struct CorruptionDetection {
  static constexpr ExtensionKind kKind = ExtensionKind::kCorruptionDetection;
  static constexpr std::size_t kMaxSamples = 13;

  bool high_bits = false;           // B: the index below is the high 7 bits of 14, the low ones are 0
  std::uint8_t sequence_index = 0;  // 7 bits of the place in the Halton sequence of the first sample
  std::uint8_t standard_deviation = 0;  // of the filter, in steps of 40/255 pixel; 0: no filter
  std::uint8_t luma_threshold = 0;      // 0 to 15: the error that is allowed
  std::uint8_t chroma_threshold = 0;    // 0 to 15
  Bytes samples;                        // empty: synchronization, and the three above are 0

  static constexpr Expected<CorruptionDetection, ExtensionError> Parse(Bytes value) noexcept {
    if (value.empty() || (value.size() > 1 && value.size() < 4) || value.size() > 3 + kMaxSamples) {
      return ExtensionError::kWrongSize;
    }
    CorruptionDetection out;
    out.high_bits = (value[0] & 0x80) != 0;
    out.sequence_index = value[0] & 0x7f;
    if (value.size() == 1) return out;
    out.standard_deviation = value[1];
    out.luma_threshold = value[2] >> 4;
    out.chroma_threshold = value[2] & 0x0f;
    out.samples = value.subspan(3);
    return out;
  }

  // 0 when a limit above is passed.
  constexpr std::size_t WireSize() const {
    if (sequence_index > 0x7f || luma_threshold > 15 || chroma_threshold > 15 || samples.size() > kMaxSamples) {
      return 0;
    }
    return samples.empty() ? 1 : 3 + samples.size();
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    writer.WriteU8(static_cast<std::uint8_t>((high_bits ? 0x80 : 0) | sequence_index));
    if (samples.empty()) return writer.ok();
    writer.WriteU8(standard_deviation);
    writer.WriteU8(static_cast<std::uint8_t>(luma_threshold << 4 | chroma_threshold));
    writer.WriteBytes(samples);
    return writer.ok();
  }
  // The samples by their values.
  friend constexpr bool operator==(const CorruptionDetection& a, const CorruptionDetection& b) {
    return a.high_bits == b.high_bits && a.sequence_index == b.sequence_index &&
           a.standard_deviation == b.standard_deviation && a.luma_threshold == b.luma_threshold &&
           a.chroma_threshold == b.chroma_threshold && std::ranges::equal(a.samples, b.samples);
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_CORRUPTION_DETECTION_H_
