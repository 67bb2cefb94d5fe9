#ifndef MEDIACORE_SEGMENT_RENDITION_MEDIA_H_
#define MEDIACORE_SEGMENT_RENDITION_MEDIA_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "mediacore/base/bytes.h"
#include "mediacore/mux/track.h"
#include "mediacore/mux/ts_writer.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/counters.h"
#include "mediacore/segment/decode_times.h"
#include "mediacore/segment/playlists.h"
#include "mediacore/segment/segment_maker.h"
#include "mediacore/segment/timeline.h"

namespace mediacore::segment {

// What the files of each rendition hold, and what is to be said of them: from
// the segment that the tracks have taken to bytes.
//
// What it returns is good until its next call. Memory: taken by the
// constructor. Threads: one at a time. What it is made with must outlive it.
class RenditionMedia {
 public:
  RenditionMedia(const Config& config, const Layout& layout, const Timeline& timeline,
                 Counters& counters)
      : fmp4_(config.container == Container::kFmp4),
        layout_(layout),
        timeline_(timeline),
        counters_(counters),
        maker_(QueueSamples(config), TsBytes(config)),
        transports_(layout.renditions.size()),
        facts_(layout.renditions.size()),
        codec_strings_(layout.renditions.size()) {}

  // The track whose times are those of the playlist.
  static std::size_t TimeTrack(const Layout::Rendition& rendition) {
    return static_cast<std::size_t>(rendition.video >= 0 ? rendition.video
                                                         : rendition.audio);
  }
  std::string_view MimeType(std::size_t rendition) const {
    if (!fmp4_) return "video/mp2t";
    return layout_.renditions[rendition].video >= 0 ? "video/mp4" : "audio/mp4";
  }

  // fMP4: the initialization section.
  std::span<const Bytes> Init(std::size_t rendition);
  std::span<const Bytes> Segment(std::size_t rendition, std::uint64_t number);
  // The next segment of a rendition does not follow on the last.
  void Restart(std::size_t rendition) { transports_[rendition].delayed.Restart(); }
  // Codec names and so on, as they are now, of all renditions.
  const std::vector<RenditionFacts>& Facts();

 private:
  struct Transport {
    std::optional<mux::TsWriter> writer;
    DelayedDecodeTimes delayed;
    std::uint32_t init = 0;  // format that `writer` was made for
  };
  struct CodecStrings {
    codec::CodecString video{""};
    codec::CodecString audio{""};
  };

  std::span<const Bytes> TransportSegment(std::size_t rendition);
  static mux::TrackConfig Describe(const TimelineTrack& track);
  static TrackSpan SpanOf(const TimelineTrack& track);
  static void FillVideo(const TimelineTrack& track, CodecStrings& names,
                        RenditionFacts& facts);
  static void FillAudio(const TimelineTrack& track, CodecStrings& names,
                        RenditionFacts& facts);

  bool fmp4_;
  const Layout& layout_;
  const Timeline& timeline_;
  Counters& counters_;
  SegmentMaker maker_;
  std::vector<Transport> transports_;
  std::vector<RenditionFacts> facts_;
  std::vector<CodecStrings> codec_strings_;  // what `facts_` points to
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_RENDITION_MEDIA_H_
