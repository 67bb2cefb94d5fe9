#ifndef MEDIACORE_SEGMENT_AV1_FORMAT_H_
#define MEDIACORE_SEGMENT_AV1_FORMAT_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "mediacore/codec/av1c.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/segment/video_format.h"

namespace mediacore::segment {

// The format of a stream of AV1 (see FormatTracker): the sequence header of its key
// frames. It stays in the samples: a sync sample has one (AV1-ISOBMFF, section
// 2.4). Temporal delimiters and padding leave them.
class Av1Format {
 public:
  static constexpr bool kReorders = false;  // a temporal unit shows one frame
  static constexpr bool kHasLeading = false;

  void AddParameterSet(Bytes) {}

  // False when the bytes are no row of OBUs or there is no frame.
  bool Look(const codec::EncodedFrame& frame) {
    ByteReader reader(frame.data);
    bool picture = false;
    while (!reader.empty()) {
      const auto obu = codec::Av1ObuView::TakeFrom(reader);
      if (!obu) return false;
      picture |= codec::BeginsAv1Frame(obu->type());
      if (frame.key_frame && obu->type() == codec::Av1ObuType::kSequenceHeader) Keep(*obu);
    }
    return picture;
  }

  bool complete() const { return size_ > 0; }
  std::uint32_t generation() const { return generation_; }
  bool Describe(VideoFormat& out) const {
    out.codec_string = sequence_.codec_string();
    out.width = static_cast<std::uint16_t>(std::min(sequence_.width(), 65'535));
    out.height = static_cast<std::uint16_t>(std::min(sequence_.height(), 65'535));
    out.pixel_width = out.pixel_height = 0;
    out.colour = {sequence_.color_primaries, sequence_.transfer_characteristics, sequence_.matrix_coefficients,
                  sequence_.full_range};
    out.frame_rate = sequence_.frame_rate();
    std::copy_n(record_.begin(), size_, out.config_bytes.begin());
    out.config_size = size_;
    return complete();
  }

  std::size_t CopySample(Bytes frame, bool, std::uint8_t* to) const {
    std::uint8_t* out = to;
    ByteReader reader(frame);
    while (const auto obu = codec::Av1ObuView::TakeFrom(reader)) {
      if (obu->type() == codec::Av1ObuType::kTemporalDelimiter || obu->type() == codec::Av1ObuType::kPadding) continue;
      std::memcpy(out, obu->bytes().data(), obu->bytes().size());
      out += obu->bytes().size();
    }
    return static_cast<std::size_t>(out - to);
  }

 private:
  // A header that is no header, or larger than any, is left to the decoder.
  void Keep(const codec::Av1ObuView& obu) {
    const codec::Av1ConfigWriter writer(obu.bytes());
    std::array<std::uint8_t, kMaxRecord> record;
    const std::size_t size = writer.WireSize();
    if (size == 0 || size > record.size() || !writer.Write(record)) return;
    if (size == size_ && std::memcmp(record.data(), record_.data(), size) == 0) return;
    sequence_ = *codec::Av1SequenceHeader::Parse(obu);  // the writer has read it
    record_ = record;
    size_ = size;
    ++generation_;
  }

  // Four bytes, then an OBU with its header and size.
  static constexpr std::size_t kMaxRecord = 4 + 4 + codec::Av1SequenceHeader::kMaxSize;
  static_assert(kMaxRecord <= VideoFormat::kMaxConfigSize);

  codec::Av1SequenceHeader sequence_;
  std::array<std::uint8_t, kMaxRecord> record_{};  // av1C
  std::size_t size_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_AV1_FORMAT_H_
