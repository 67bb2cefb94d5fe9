#ifndef MEDIACORE_SEGMENT_NAL_FORMAT_H_
#define MEDIACORE_SEGMENT_NAL_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "mediacore/base/annex_b.h"
#include "mediacore/codec/avcc_writer.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/h264.h"
#include "mediacore/codec/h265.h"
#include "mediacore/codec/hvcc.h"
#include "mediacore/segment/video_format.h"

namespace mediacore::segment {

// The format of a stream of NAL units (see FormatTracker): its parameter sets.
// They and delimiters leave the samples, since a container has its own places for
// them. `Nals` is what differs from codec to codec.
template <typename Nals>
class NalFormat {
 public:
  // Pictures may be shown in another order than they are decoded in.
  static constexpr bool kReorders = true;
  static constexpr bool kHasLeading = Nals::kHasLeading;

  void AddParameterSet(Bytes nal) { static_cast<void>(sets_.Store(nal)); }

  // Takes the parameter sets; false when the lengths lie or there is no slice.
  bool Look(const codec::EncodedFrame& frame) {
    AvccReader reader(frame.data);
    Bytes nal;
    bool slice = false;
    while (reader.Next(nal)) {
      slice |= Nals::IsSlice(nal[0]);
      if (Nals::IsParameterSet(nal[0])) static_cast<void>(sets_.Store(nal));
    }
    return reader.ok() && slice;
  }

  bool complete() const { return sets_.complete(); }
  std::uint32_t generation() const { return sets_.generation(); }
  bool Describe(VideoFormat& out) const {
    const auto* sps = sets_.parsed_sps();
    if (sps == nullptr) return false;
    out.codec_string = sps->codec_string();
    out.width = sps->width;
    out.height = sps->height;
    out.pixel_width = sps->sar_width;
    out.pixel_height = sps->sar_height;
    out.colour = {sps->colour_primaries, sps->transfer_characteristics, sps->matrix_coefficients, sps->full_range};
    out.frame_rate = sps->frame_rate();
    return typename Nals::ConfigWriter(sets_).Write(out.config_bytes, out.config_size);
  }

  std::size_t CopySample(Bytes frame, bool keeps_sets, std::uint8_t* to) const {
    const std::uint8_t* const begin = frame.data();
    std::uint8_t* out = to;
    std::size_t run = 0;                            // what is kept and not yet copied begins here
    for (std::size_t at = 0; at < frame.size();) {  // lengths are proved
      const std::size_t length = LoadU32(begin + at);
      const std::size_t next = at + 4 + length;
      if (length == 0 || Nals::IsDelimiter(begin[at + 4]) || (!keeps_sets && Nals::IsParameterSet(begin[at + 4]))) {
        if (at > run) std::memcpy(out, begin + run, at - run);
        out += at - run;
        run = next;
      }
      at = next;
    }
    if (frame.size() > run) std::memcpy(out, begin + run, frame.size() - run);
    out += frame.size() - run;
    return static_cast<std::size_t>(out - to);
  }

 private:
  typename Nals::Sets sets_;
};

struct H264Nals {
  using Sets = codec::ParameterSets;
  using ConfigWriter = codec::AvccWriter;
  static constexpr bool kHasLeading = false;  // a key frame is an IDR picture

  static bool IsSlice(std::uint8_t first) { return codec::IsSlice(codec::NalTypeOf(first)); }
  static bool IsParameterSet(std::uint8_t first) { return codec::IsParameterSet(codec::NalTypeOf(first)); }
  static bool IsDelimiter(std::uint8_t first) {
    return codec::NalTypeOf(first) == codec::NalType::kAccessUnitDelimiter;
  }
};
using H264Format = NalFormat<H264Nals>;

struct H265Nals {
  using Sets = codec::H265ParameterSets;
  using ConfigWriter = codec::HvccWriter;
  static constexpr bool kHasLeading = true;  // a key frame may be CRA, with pictures that lead it

  static bool IsSlice(std::uint8_t first) { return codec::IsSlice(codec::H265NalTypeOf(first)); }
  static bool IsParameterSet(std::uint8_t first) { return codec::IsParameterSet(codec::H265NalTypeOf(first)); }
  static bool IsDelimiter(std::uint8_t first) {
    return codec::H265NalTypeOf(first) == codec::H265NalType::kAccessUnitDelimiter;
  }
};
using H265Format = NalFormat<H265Nals>;

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_NAL_FORMAT_H_
