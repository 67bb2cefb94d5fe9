#ifndef MEDIACORE_SEGMENT_SEGMENT_MAKER_H_
#define MEDIACORE_SEGMENT_SEGMENT_MAKER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mediacore/base/time.h"
#include "mediacore/mux/fmp4_fragment_writer.h"
#include "mediacore/mux/fmp4_init_writer.h"
#include "mediacore/mux/ts_writer.h"
#include "mediacore/segment/decode_times.h"
#include "mediacore/segment/sample_queue.h"

namespace mediacore::segment {

// The part of a track's queue that one segment takes, on the output's timeline.
struct TrackSpan {
  const SampleQueue* queue = nullptr;
  std::size_t count = 0;         // the first so many frames
  std::int64_t offset = 0;       // timeline = ticks of the queue + offset
  std::int64_t start = 0;        // decode time of the first frame
  std::int64_t end = 0;          // of the first frame after it
  std::int64_t frame_ticks = 0;  // how long a frame usually lasts
  int rate = 90'000;             // ticks per second of all of these
  bool reorders = false;         // video: shown in another order than decoded
};

// The bytes of segments. fMP4 is a header and the frames where they lie:
// nothing is copied. MPEG-TS is written into a buffer.
//
// What it returns is good until its next call. Memory: taken by the
// constructor. Threads: one at a time.
class SegmentMaker {
 public:
  // `ts_bytes`: the size of the buffer for MPEG-TS, 0 for fMP4.
  SegmentMaker(std::size_t max_samples, std::size_t ts_bytes)
      : times_(std::make_unique_for_overwrite<std::int64_t[]>(max_samples)),
        decode_times_(std::make_unique_for_overwrite<std::int64_t[]>(max_samples)),
        header_bytes_(kHeaderBytes + (ts_bytes > 0 ? 0 : 16 * max_samples)),
        header_(std::make_unique_for_overwrite<std::uint8_t[]>(header_bytes_)),
        ts_bytes_(ts_bytes),
        ts_(ts_bytes > 0 ? std::make_unique_for_overwrite<std::uint8_t[]>(ts_bytes)
                         : nullptr) {
    samples_.reserve(ts_bytes > 0 ? 0 : max_samples);
  }

  static std::size_t Memory(std::size_t max_samples, std::size_t ts_bytes) {
    return max_samples * (16 + (ts_bytes > 0 ? 0 : 16 + sizeof(mux::FragmentSample))) +
           kHeaderBytes + ts_bytes;
  }
  // What a segment of MPEG-TS may need for so much media.
  static std::size_t TsBytes(std::size_t media_bytes, std::size_t samples) {
    return media_bytes + media_bytes / 40 + samples * 2 * mux::kTsPacketSize +
           4096 * mux::kTsPacketSize;
  }

  std::span<const Bytes> Init(const mux::TrackConfig& track) {
    const mux::InitWriter init(std::span(&track, 1));
    pieces_[0] = Bytes(header_.get(), init.Write({header_.get(), header_bytes_}));
    return Used(1);
  }

  std::span<const Bytes> Fragment(const TrackSpan& span,
                                  std::uint32_t sequence_number);

  // `video` or `audio` may have no frames. `left_out` counts frames that found
  // no room.
  std::span<const Bytes> Transport(mux::TsWriter& writer,
                                   DelayedDecodeTimes& delayed,
                                   const TrackSpan& video,
                                   const TrackSpan& audio,
                                   std::uint64_t& left_out);

 private:
  static constexpr std::size_t kHeaderBytes = 8192;
  // Access units of sound in one PES packet, about 85 ms of AAC.
  static constexpr std::size_t kAudioGroup = 4;

  std::span<const Bytes> Used(std::size_t count) const {
    return std::span(pieces_).first(count);
  }

  std::unique_ptr<std::int64_t[]> times_;
  std::unique_ptr<std::int64_t[]> decode_times_;
  std::vector<mux::FragmentSample> samples_;
  std::size_t header_bytes_;
  std::unique_ptr<std::uint8_t[]> header_;
  std::size_t ts_bytes_;
  std::unique_ptr<std::uint8_t[]> ts_;
  std::array<Bytes, 3> pieces_;
};

inline std::span<const Bytes> SegmentMaker::Fragment(
    const TrackSpan& span, std::uint32_t sequence_number) {
  const std::size_t n = span.count;
  const auto times = std::span(times_.get(), n);
  for (std::size_t i = 0; i < n; ++i) {
    times[i] = (*span.queue)[i].ticks + span.offset;
  }
  SortIntoDecodeTimes(times, span.start);
  samples_.clear();
  for (std::size_t i = 0; i < n; ++i) {
    const QueuedSample& sample = (*span.queue)[i];
    const std::int64_t next = i + 1 < n ? times[i + 1] : span.end;
    const std::int64_t shown = span.reorders ? sample.ticks + span.offset : times[i];
    samples_.push_back(
        {.duration = static_cast<std::uint32_t>(std::max<std::int64_t>(1, next - times[i])),
         .size = sample.size,
         .composition_offset = static_cast<std::int32_t>(shown - times[i]),
         .sync = sample.key});
  }
  mux::Fragment about;
  about.sequence_number = sequence_number;
  about.base_decode_time = static_cast<std::uint64_t>(span.start);
  const mux::FragmentWriter<mux::FragmentSample> writer(about, samples_);
  pieces_[0] = Bytes(header_.get(), writer.WriteHeader({header_.get(), header_bytes_}));
  const std::array<Bytes, 2> media = span.queue->Pieces(n);
  pieces_[1] = media[0];
  pieces_[2] = media[1];
  return Used(media[1].empty() ? 2 : 3);
}

inline std::span<const Bytes> SegmentMaker::Transport(
    mux::TsWriter& writer, DelayedDecodeTimes& delayed, const TrackSpan& video,
    const TrackSpan& audio, std::uint64_t& left_out) {
  MutableBytes room(ts_.get(), ts_bytes_);
  room = room.subspan(writer.WriteTables(room));
  const auto pts = std::span(times_.get(), video.count);
  const auto dts = std::span(decode_times_.get(), video.count);
  for (std::size_t i = 0; i < video.count; ++i) {
    pts[i] = (*video.queue)[i].ticks + video.offset;
  }
  delayed.Assign(pts, video.frame_ticks, dts);

  std::size_t v = 0;
  std::size_t a = 0;
  // The sound goes before the picture that is decoded at its time or later.
  const auto audio_is_next = [&] {
    if (a == audio.count) return false;
    if (v == video.count) return true;
    return TimeDelta::Ticks((*audio.queue)[a].ticks + audio.offset, audio.rate) <=
           TimeDelta::Ticks(dts[v], video.rate);
  };
  while (v < video.count || a < audio.count) {
    if (audio_is_next()) {
      std::array<mux::Sample, kAudioGroup> group;
      std::size_t n = 0;
      for (; n < kAudioGroup && a + n < audio.count; ++n) {
        const QueuedSample& sample = (*audio.queue)[a + n];
        const std::int64_t at = sample.ticks + audio.offset;
        // Frames that do not follow on each other need times of their own.
        if (n > 0 && at - group[n - 1].pts > audio.frame_ticks * 3 / 2) break;
        group[n] = {.dts = at, .pts = at, .sync = true, .data = audio.queue->data(a + n)};
      }
      const std::size_t size = writer.WriteAudio(std::span(group).first(n), room);
      if (size == 0) left_out += n;
      room = room.subspan(size);
      a += n;
    } else {
      const QueuedSample& sample = (*video.queue)[v];
      const mux::Sample out = {.dts = dts[v],
                               .pts = pts[v],
                               .sync = sample.key,
                               .data = video.queue->data(v)};
      const std::size_t size = writer.WriteVideo(out, room);
      if (size == 0) ++left_out;
      room = room.subspan(size);
      ++v;
    }
  }
  pieces_[0] = Bytes(ts_.get(), ts_bytes_ - room.size());
  return Used(1);
}

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_SEGMENT_MAKER_H_
