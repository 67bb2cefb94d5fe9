#ifndef MEDIACORE_SEGMENT_CAPACITIES_H_
#define MEDIACORE_SEGMENT_CAPACITIES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "mediacore/codec/aac.h"
#include "mediacore/mux/adts.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/segment_maker.h"

namespace mediacore::segment {

// How much of what the parts of a Segmenter hold, from its Config.

inline constexpr std::size_t kMaxAudioBytes = 4 << 20;  // of a segment

// Each queue holds two segments: the one that goes out and the one that comes.
inline std::size_t QueueSamples(const Config& config) {
  return 2 * static_cast<std::size_t>(config.max_segment_samples);
}
inline std::size_t SegmentBytes(const Config& config, const TrackConfig& track) {
  return IsVideo(track.codec) ? config.max_segment_bytes
                              : std::min(config.max_segment_bytes, kMaxAudioBytes);
}
inline std::size_t QueueBytes(const Config& config, const TrackConfig& track) {
  return 2 * SegmentBytes(config, track);
}
inline std::size_t MaxFrameBytes(const Config& config, const TrackConfig& track) {
  // What ADTS can say; AAC has at most 768 bytes for each channel.
  if (track.codec == Codec::kAac) return mux::kAdtsMaxAccessUnit;
  return SegmentBytes(config, track);
}
// The buffer for a segment of MPEG-TS; 0 for fMP4.
inline std::size_t TsBytes(const Config& config) {
  if (config.container != Container::kTs) return 0;
  const std::size_t media = 2 * (config.max_segment_bytes + kMaxAudioBytes);
  return SegmentMaker::TsBytes(media, 2 * QueueSamples(config));
}

// How long a frame lasts until its stream has said so itself.
inline std::int64_t UsualTicks(const TrackConfig& track) {
  if (track.codec == Codec::kOpus) return track.clock_rate / 50;
  if (track.codec != Codec::kAac) return track.clock_rate / 30;
  const auto aac = codec::AacConfig::Parse(track.audio_config);
  if (!aac || aac->sampling_frequency == 0) return track.clock_rate / 50;
  return std::max<std::int64_t>(1, std::int64_t{aac->samples_per_frame()} *
                                       track.clock_rate / aac->sampling_frequency);
}

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_CAPACITIES_H_
