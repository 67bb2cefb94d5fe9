#ifndef MEDIACORE_CODEC_REDUNDANT_OPUS_DEPACKETIZER_H_
#define MEDIACORE_CODEC_REDUNDANT_OPUS_DEPACKETIZER_H_

#include <algorithm>
#include <array>
#include <cstring>

#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/opus_depacketizer.h"

namespace mediacore::codec {

struct RedundantOpusConfig {
  // How long, in ticks of 48 kHz, a frame waits for those before it to come. 0 where
  // packets come in the order of their sequence numbers: then no frame waits.
  std::uint32_t window = 0;
  // How many frames may wait, 1 to 32; values outside are clamped.
  std::size_t slots = 16;
};

// Gives out the frames of an Opus stream that is sent with redundancy, as Chromium
// does in audio/red (RFC 2198): each frame once, in the order of their timestamps,
// whether it came in its own packet or, its own being lost, in a later one.
//
//   RedundantOpusDepacketizer depacketizer(storage);
//   for (const rtp::RedBlock& block : red) {  // all of a packet, in their order
//     depacketizer.HandlePacket({packet.timestamp() - block.timestamp_offset, packet.marker(),
//                                lost_before, block.payload});
//     for (EncodedFrame frame; depacketizer.PollFrame(frame);) Use(frame);
//   }
//
// Any depth of redundancy, and none, will do. Packets in any order, too: a frame
// that does not follow the last one given out waits until the gap is filled, until
// a frame a window newer has come, until all slots are taken, or until Flush(),
// which the caller's timer calls when nothing came for that long. What is older
// than the last one given out is a repetition, or too late.
//
// `lost_before` of a frame given out is that of its packet, where a gap in time is
// left: not after a loss that redundancy made good, nor after mere silence.
//
// Memory: itself, 1 kB, and the caller's storage, in `slots` equal parts; a frame
// above such a part is dropped and counted. A frame given out is good until the next
// HandlePacket(). No heap.
class RedundantOpusDepacketizer {
 public:
  using Error = OpusPayloadError;
  static constexpr std::size_t kMaxSlots = 32;
  // Older than this before the last is a clock that was set back: the largest offset
  // of RED, twice, and the window.
  static constexpr std::int64_t kOldest = 2 * 0x3fff;
  // Farther than this, three hours, is a clock that was set: what wraps has an order
  // among neighbours alone.
  static constexpr std::int64_t kFarthest = 1 << 29;

  struct Counters {
    std::uint64_t packets = 0;   // blocks
    std::uint64_t frames = 0;    // taken, each once
    std::uint64_t repeated = 0;  // or too late
    std::uint64_t restarts = 0;  // the clock was set: what waited is dropped
    std::uint64_t dropped_too_large = 0;
    std::uint64_t not_polled = 0;  // of `frames`: dropped when room was needed, or at a restart
    std::array<std::uint64_t, kOpusPayloadErrors> errors{};  // [0]: fine
  };

  explicit RedundantOpusDepacketizer(MutableBytes frame_storage, const RedundantOpusConfig& config = {})
      : slots_(std::clamp<std::size_t>(config.slots, 1, kMaxSlots)),
        slot_size_(frame_storage.size() / slots_),
        window_(std::min<std::uint32_t>(config.window, 0x3fffffff)),
        storage_(frame_storage) {
    for (std::size_t i = 0; i < slots_; ++i) places_[i] = static_cast<std::uint8_t>(i);
  }

  Error HandlePacket(const RtpPayload& block) {
    ++counters_.packets;
    flushing_ = false;
    const Error error = block.payload.empty() ? Error::kNone : Handle(block);
    if (error != Error::kNone) {
      lost_ = true;
      lost_at_ = block.rtp_timestamp;
    }
    ++counters_.errors[static_cast<std::size_t>(error)];
    return error;
  }

  [[nodiscard]] bool PollFrame(EncodedFrame& out) {
    if (held_ == 0 || !MayGo()) return false;
    const Frame& frame = frames_[0];
    out = EncodedFrame{.codec = Codec::kOpus,
                       .rtp_timestamp = frame.timestamp,
                       .key_frame = true,
                       .data = Bytes(storage_).subspan(places_[0] * slot_size_, frame.size),
                       .lost_before = TellsLoss(frame)};
    untold_ = false;
    if (lost_ && frame.timestamp.IsNewerThan(lost_at_)) lost_ = false;
    Release();
    return true;
  }

  // Nothing more is waited for: PollFrame() gives all there is.
  void Flush() { flushing_ = true; }

  const Counters& counters() const { return counters_; }

 private:
  struct Frame {
    RtpTimestamp timestamp;
    std::uint32_t samples = 0;
    std::size_t size = 0;
    bool lost_before = false;
  };

  Error Handle(const RtpPayload& block) {
    const RtpTimestamp timestamp = block.rtp_timestamp;
    const auto view = OpusPacketView::Parse(block.payload);
    if (!view) return Error::kBadPacket;
    if (IsElsewhere(timestamp)) {
      ++counters_.restarts;
      while (held_ > 0) Forget();
      started_ = false;
    }
    if (started_ && !timestamp.IsNewerThan(last_.timestamp)) {
      ++counters_.repeated;
      return Error::kNone;
    }
    std::size_t at = held_;
    while (at > 0 && !timestamp.IsNewerThan(frames_[at - 1].timestamp)) --at;
    if (at < held_ && frames_[at].timestamp == timestamp) {
      ++counters_.repeated;
      return Error::kNone;
    }
    if (block.payload.size() > slot_size_) {
      ++counters_.dropped_too_large;
      return Error::kTooLarge;
    }
    if (held_ == slots_) {  // nobody asked
      Forget();
      at -= at > 0 ? 1 : 0;
    }
    const std::uint8_t place = places_[held_];
    for (std::size_t i = held_; i > at; --i) {
      frames_[i] = frames_[i - 1];
      places_[i] = places_[i - 1];
    }
    frames_[at] = {timestamp, view->samples(), block.payload.size(), block.lost_before};
    places_[at] = place;
    std::memcpy(storage_.data() + place * slot_size_, block.payload.data(), block.payload.size());
    ++held_;
    ++counters_.frames;
    return Error::kNone;
  }

  // Whether a timestamp belongs to another stretch of time than all that is known.
  bool IsElsewhere(RtpTimestamp timestamp) const {
    const auto is_far = [timestamp](RtpTimestamp other) {
      const std::int64_t step = timestamp - other;  // half the circle is -2^31 either way
      return step > kFarthest || step < -kFarthest;
    };
    if (started_ && (last_.timestamp - timestamp > kOldest + window_ || is_far(last_.timestamp))) return true;
    return held_ > 0 && (is_far(frames_[0].timestamp) || is_far(frames_[held_ - 1].timestamp));
  }
  // Whether nothing can be missing between the last one given out and this.
  bool Follows(const Frame& frame) const { return started_ && frame.timestamp - last_.timestamp <= last_.samples; }
  bool TellsLoss(const Frame& frame) const {
    return untold_ || (started_ && !Follows(frame) && (lost_ || frame.lost_before));
  }
  bool MayGo() const {
    const Frame& first = frames_[0];
    return window_ == 0 || flushing_ || held_ == slots_ || Follows(first) ||
           frames_[held_ - 1].timestamp - first.timestamp >= window_;
  }
  // The first frame goes; its place becomes the last of the free ones.
  void Release() {
    last_ = frames_[0];
    started_ = true;
    --held_;
    const std::uint8_t place = places_[0];
    for (std::size_t i = 0; i < held_; ++i) {
      frames_[i] = frames_[i + 1];
      places_[i] = places_[i + 1];
    }
    places_[held_] = place;
  }
  void Forget() {
    ++counters_.not_polled;
    untold_ = TellsLoss(frames_[0]);
    Release();
  }

  std::size_t slots_;
  std::size_t slot_size_;
  std::int64_t window_;
  MutableBytes storage_;

  std::array<Frame, kMaxSlots> frames_{};         // that wait, oldest first
  std::array<std::uint8_t, kMaxSlots> places_{};  // where each lies; then those that are free
  std::size_t held_ = 0;
  bool started_ = false;
  Frame last_;         // given out
  bool lost_ = false;  // a block was refused
  RtpTimestamp lost_at_;
  bool untold_ = false;  // a frame that nobody polled told a loss
  bool flushing_ = false;
  Counters counters_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_REDUNDANT_OPUS_DEPACKETIZER_H_
