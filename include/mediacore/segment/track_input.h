#ifndef MEDIACORE_SEGMENT_TRACK_INPUT_H_
#define MEDIACORE_SEGMENT_TRACK_INPUT_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "mediacore/base/codec.h"
#include "mediacore/base/time.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/opus.h"
#include "mediacore/segment/format_tracker.h"
#include "mediacore/segment/media_clock.h"
#include "mediacore/segment/sample_queue.h"

namespace mediacore::segment {

// What became of a frame.
enum class Intake : std::uint8_t {
  kStored,
  kBeforeKeyFrame,  // decoding cannot begin yet, or parameter sets are missing
  kMalformed,       // lengths that lie, or no picture or sound in it
  kLate,            // shown no later than what is there already
  kOverflow,        // no room
};

// Where the frames of one RTP stream come in: puts times on them, keeps out
// what cannot be decoded, leaves out what has another place in a container
// (parameter sets, delimiters), and queues the rest. What the codec has to do
// with it, FormatTracker knows.
//
// A format that differs from the last begins at a key frame; that sample is
// marked `new_format`. Whoever takes it off the queue calls ActivateFormat().
// At most one format waits in the queue: when a second one comes, the frames of
// the first are given up (`given_up`).
//
// Memory: the queue and about 15 kB. Threads: one at a time.
class TrackInput {
 public:
  struct Config {
    Codec codec = Codec::kH264;
    int clock_rate = 90'000;
    TimeDelta max_jump = TimeDelta::Seconds(5);
    TimeDelta max_gap = TimeDelta::Seconds(4);  // longer: another time base
    std::size_t max_frame_bytes = 0;
    std::size_t max_bytes = 0;  // of the queue
    std::size_t max_samples = 0;
    std::int64_t frame_ticks = 0;  // how long a frame usually lasts
  };

  explicit TrackInput(const Config& config)
      : config_(config),
        clock_(config.clock_rate, config.max_jump),
        queue_(config.max_bytes, config.max_samples),
        frame_ticks_(config.frame_ticks),
        waits_for_key_(IsVideo(config.codec)),
        tracker_(config.codec) {}

  // A parameter set known beforehand.
  void AddParameterSet(Bytes nal) { tracker_.AddParameterSet(nal); }

  Intake HandleFrame(Timestamp now, const codec::EncodedFrame& frame);
  void HandleSenderReport(NtpTime ntp, RtpTimestamp rtp, bool& used) {
    used = clock_.OnSenderReport(ntp, rtp);
  }
  void HandleRestart() {
    clock_.Restart();
    restarted_ = true;
  }

  const MediaClock& clock() const { return clock_; }
  const SampleQueue& queue() const { return queue_; }
  SampleQueue& queue() { return queue_; }
  bool started() const { return started_; }
  Timestamp last_arrival() const { return last_arrival_; }
  // How long a frame of sound lasts.
  std::int64_t frame_ticks() const { return frame_ticks_; }
  // Jumps of the time base that no restart explained; frames given up.
  std::uint64_t time_jumps() const { return time_jumps_; }
  std::uint64_t given_up() const { return given_up_; }
  bool format_waits() const { return format_waits_; }
  // So many frames at the end of the queue, a key frame first, of which nobody
  // knows yet whether more of them will be shown before it.
  std::size_t unsettled() const { return std::min(unsettled_, queue_.size()); }

  void ActivateFormat() {
    active_ = 1 - active_;
    format_waits_ = false;
  }
  const VideoFormat& format() const { return formats_[active_]; }

 private:
  bool IsLate(const codec::EncodedFrame& frame, std::int64_t ticks) const;
  bool PrepareFormat(bool& is_new);

  Config config_;
  MediaClock clock_;
  SampleQueue queue_;
  Timestamp last_arrival_ = Timestamp::MinusInfinity();
  bool started_ = false;
  bool restarted_ = false;
  std::int64_t last_ticks_ = 0;
  std::int64_t highest_ticks_ = 0;
  std::int64_t key_ticks_ = 0;
  std::int64_t floor_ticks_ = 0;  // what comes is shown after this
  bool skips_leading_ = false;    // decoding began with the last key frame
  std::size_t unsettled_ = 0;
  std::int64_t frame_ticks_;
  bool waits_for_key_;
  bool at_boundary_ = false;
  FormatTracker tracker_;
  std::uint32_t format_generation_ = 0;  // of what `formats_` has last
  std::array<VideoFormat, 2> formats_;   // the active one and the next
  std::size_t active_ = 0;
  bool format_waits_ = false;
  std::uint64_t pushed_ = 0;
  std::uint64_t format_at_ = 0;  // in `pushed_`
  std::uint64_t time_jumps_ = 0;
  std::uint64_t given_up_ = 0;
};

inline Intake TrackInput::HandleFrame(Timestamp now,
                                      const codec::EncodedFrame& frame) {
  const bool video = IsVideo(config_.codec);
  const MediaClock::Update update = clock_.OnFrame(now, frame.rtp_timestamp);
  last_arrival_ = std::max(last_arrival_, now);
  const std::int64_t ticks = update.ticks;
  const bool gap =
      started_ && TimeDelta::Ticks(ticks - highest_ticks_, config_.clock_rate) >
                      config_.max_gap;
  if (update.jumped || gap) {
    if (update.jumped && !restarted_) ++time_jumps_;
    restarted_ = false;
    at_boundary_ = true;
    waits_for_key_ = video;
  } else if (started_ && IsLate(frame, ticks)) {
    if (video && frame.key_frame) waits_for_key_ = true;
    return Intake::kLate;
  }
  if (frame.data.size() > config_.max_frame_bytes) {
    waits_for_key_ = video;
    return Intake::kOverflow;
  }

  bool new_format = false;
  const bool leading = video && started_ && !frame.key_frame && !at_boundary_ && ticks < key_ticks_;
  const bool begins = waits_for_key_;
  if (video) {
    if (!tracker_.Look(frame)) return Intake::kMalformed;
    if (leading && skips_leading_) return Intake::kBeforeKeyFrame;
    if (frame.key_frame && !PrepareFormat(new_format)) waits_for_key_ = true;
    else if (frame.key_frame) waits_for_key_ = false;
    if (waits_for_key_) return Intake::kBeforeKeyFrame;
  }
  std::uint8_t* to = queue_.Reserve(frame.data.size());
  if (to == nullptr) {
    waits_for_key_ = video;
    if (new_format) --format_generation_;  // not taken
    return Intake::kOverflow;
  }
  std::size_t size = frame.data.size();
  if (video) {
    const bool keeps_sets = !frame.key_frame && format_generation_ != tracker_.generation();
    size = tracker_.CopySample(frame.data, keeps_sets, to);
  } else {
    std::memcpy(to, frame.data.data(), size);
    if (config_.codec == Codec::kOpus) {
      const auto packet = codec::OpusPacketView::Parse(frame.data);
      if (!packet) return Intake::kMalformed;
      frame_ticks_ = packet->samples();
    }
  }
  queue_.Push({.ticks = ticks,
               .size = static_cast<std::uint32_t>(size),
               .key = !video || frame.key_frame,
               .boundary = at_boundary_,
               .new_format = new_format,
               .leading = leading});
  if (new_format) {
    format_waits_ = true;
    format_at_ = pushed_;
  }
  ++pushed_;
  at_boundary_ = false;
  const bool may_lead = video && tracker_.has_leading();
  if (frame.key_frame) {
    floor_ticks_ = may_lead && !begins ? highest_ticks_ : ticks;
    key_ticks_ = ticks;
    skips_leading_ = begins;
    unsettled_ = may_lead ? 1 : 0;
  } else {
    unsettled_ = leading && unsettled_ > 0 ? unsettled_ + 1 : 0;
  }
  highest_ticks_ = started_ ? std::max(highest_ticks_, ticks) : ticks;
  last_ticks_ = ticks;
  started_ = true;
  return Intake::kStored;
}

inline bool TrackInput::IsLate(const codec::EncodedFrame& frame,
                               std::int64_t ticks) const {
  if (!IsVideo(config_.codec) || !tracker_.reorders()) return ticks <= last_ticks_;
  if (frame.key_frame) return ticks <= highest_ticks_;
  return ticks == last_ticks_ || ticks == key_ticks_ ||
         (ticks <= floor_ticks_ && !(skips_leading_ && tracker_.has_leading()));
}

// Before a key frame: makes a format of what the stream says, if that changed.
// False when it has not said enough.
inline bool TrackInput::PrepareFormat(bool& is_new) {
  if (!tracker_.complete()) return false;
  if (format_generation_ == tracker_.generation()) return true;
  if (format_waits_) {  // the one before was never used
    const std::uint64_t drop = pushed_ - format_at_;
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(drop, queue_.size()));
    queue_.PopBack(count);
    given_up_ += count;
    format_waits_ = false;
    at_boundary_ = true;
  }
  if (!tracker_.Describe(formats_[1 - active_])) return false;
  format_generation_ = tracker_.generation();
  is_new = true;
  return true;
}

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_TRACK_INPUT_H_
