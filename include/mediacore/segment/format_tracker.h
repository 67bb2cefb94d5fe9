#ifndef MEDIACORE_SEGMENT_FORMAT_TRACKER_H_
#define MEDIACORE_SEGMENT_FORMAT_TRACKER_H_

#include <variant>

#include "mediacore/base/codec.h"
#include "mediacore/segment/av1_format.h"
#include "mediacore/segment/nal_format.h"
#include "mediacore/segment/video_format.h"
#include "mediacore/segment/vp9_format.h"

namespace mediacore::segment {

// Follows what a stream of pictures says of its own format, for any codec that
// segments are made of:
//
//   if (!tracker.Look(frame)) ...            // not a frame of this codec
//   if (frame.key_frame && tracker.complete() && tracker.generation() != known) {
//     tracker.Describe(format);              // it needs another init section
//   }
//   size = tracker.CopySample(frame.data, keeps_sets, to);
//
// Threads: one at a time. Memory: none beyond itself.
class FormatTracker {
 public:
  // For sound it has nothing to say.
  explicit FormatTracker(Codec codec) {
    if (codec == Codec::kH265) format_.emplace<H265Format>();
    if (codec == Codec::kVp9) format_.emplace<Vp9Format>();
    if (codec == Codec::kAv1) format_.emplace<Av1Format>();
  }

  // Parameter sets known beforehand, where the codec has any.
  void AddParameterSet(Bytes nal) {
    std::visit([&](auto& f) { f.AddParameterSet(nal); }, format_);
  }
  // False when that is no frame of the codec, or has no picture in it.
  [[nodiscard]] bool Look(const codec::EncodedFrame& frame) {
    return std::visit([&](auto& f) { return f.Look(frame); }, format_);
  }
  // What was looked at is enough for a decoder to begin with a key frame.
  bool complete() const {
    return std::visit([](const auto& f) { return f.complete(); }, format_);
  }
  // Rises whenever what Describe() says became another.
  std::uint32_t generation() const {
    return std::visit([](const auto& f) { return f.generation(); }, format_);
  }
  [[nodiscard]] bool Describe(VideoFormat& out) const {
    return std::visit([&](const auto& f) { return f.Describe(out); }, format_);
  }
  // What of a frame that was looked at goes into a container, at most its size;
  // returns how much. `keeps_sets`: the parameter sets in it too, since no
  // initialization section has them.
  std::size_t CopySample(Bytes frame, bool keeps_sets, std::uint8_t* to) const {
    return std::visit([&](const auto& f) { return f.CopySample(frame, keeps_sets, to); }, format_);
  }
  // Whether pictures may be shown in another order than they are decoded in.
  bool reorders() const {
    return std::visit([](const auto& f) { return f.kReorders; }, format_);
  }
  // Whether pictures that come after a key frame may be shown before it. They may
  // need what was before it, so decoding does not begin with them.
  bool has_leading() const {
    return std::visit([](const auto& f) { return f.kHasLeading; }, format_);
  }

 private:
  using AnyFormat = std::variant<H264Format, H265Format, Vp9Format, Av1Format>;

  AnyFormat format_;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_FORMAT_TRACKER_H_
