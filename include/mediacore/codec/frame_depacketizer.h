#ifndef MEDIACORE_CODEC_FRAME_DEPACKETIZER_H_
#define MEDIACORE_CODEC_FRAME_DEPACKETIZER_H_

#include <algorithm>
#include <array>
#include <concepts>

#include "mediacore/codec/encoded_frame.h"

namespace mediacore::codec {

// Where a format puts the bytes of the frame that is open. What does not fit is
// not put there and makes full() true: the frame is then dropped.
class FrameRoom {
 public:
  constexpr explicit FrameRoom(MutableBytes storage) : storage_(storage) {}

  // Of the open frame. Offsets into it stay good while it is open.
  constexpr std::size_t size() const { return end_ - begin_; }
  constexpr MutableBytes bytes() const { return storage_.subspan(begin_, size()); }
  constexpr bool full() const { return full_; }

  [[nodiscard]] constexpr bool Append(Bytes piece) {
    if (!Grow(piece.size())) return false;
    std::copy_n(piece.data(), piece.size(), storage_.data() + end_ - piece.size());
    return true;
  }
  // `size` more bytes, for the caller to fill through bytes().
  [[nodiscard]] constexpr bool Grow(std::size_t size) {
    if (size > storage_.size() - end_) {
      full_ = true;
      return false;
    }
    end_ += size;
    return true;
  }
  // `size` is at most size().
  constexpr void Truncate(std::size_t size) { end_ = begin_ + size; }

 private:
  template <typename Format>
  friend class FrameDepacketizer;

  // The next frame lies behind this one.
  constexpr void Begin() {
    begin_ = end_;
    full_ = false;
  }
  // Nothing before the open frame is needed any more.
  constexpr void MoveToFront() {
    if (begin_ == 0) return;
    std::copy(storage_.begin() + static_cast<std::ptrdiff_t>(begin_),
              storage_.begin() + static_cast<std::ptrdiff_t>(end_), storage_.begin());
    end_ -= begin_;
    begin_ = 0;
  }

  MutableBytes storage_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool full_ = false;
};

// What a format says of a frame that has ended.
enum class FrameEnd : std::uint8_t {
  kWhole,
  kIncomplete,  // a piece is missing
  kNoPicture,   // parameter sets alone, say: no frame
};

// What one format of video adds to FrameDepacketizer. Check() looks at a payload
// that is not empty, by itself; all others are called with payloads that passed.
template <typename T>
concept FrameFormat = requires(T t, const T& c, Bytes payload, FrameRoom& room, EncodedFrame& about, bool after_gap) {
  { T::kCodec } -> std::convertible_to<Codec>;
  { T::kErrors } -> std::convertible_to<std::size_t>;  // of Error, kNone among them
  { c.Check(payload) } -> std::same_as<typename T::Error>;
  // Whether nothing of a frame need be missing that begins with this payload:
  // asked when packets are missing before it.
  { c.CanBeHead(payload) } -> std::same_as<bool>;
  // A frame opens, with the payload that comes next.
  { t.Begin() } -> std::same_as<void>;
  // Puts what the payload brings into `room`. An error drops the frame, and so
  // does a room that is full.
  { t.Append(payload, room) } -> std::same_as<typename T::Error>;
  // Whether the open frame is known to be whole, though no marker came.
  { c.IsClosed() } -> std::same_as<bool>;
  // The frame has ended: fills in what it is, and may still change its bytes.
  { t.Finish(room, after_gap, about) } -> std::same_as<FrameEnd>;
};

// Puts the frames of a video stream together from RTP payloads. How a frame begins
// and ends is the same for all formats and written here; what the bytes mean is
// the format's: H264Depacketizer, Vp8Depacketizer, … are this.
//
//   H264Depacketizer depacketizer(frame_storage);
//   if (auto error = depacketizer.HandlePacket(packet); error != kNone) Count(error);
//   EncodedFrame frame;
//   while (depacketizer.PollFrame(frame)) Use(frame);
//
// Packets come in the order of their sequence numbers, each once; `lost_before`
// says where one is missing (`jitter::ReorderBuffer` sees to both). The
// bytes of a payload are copied once, to where the frame is built; a frame is good
// until the next HandlePacket() or Flush(). At most two frames end with one packet:
// the one before, that had no marker, and its own.
//
// A frame ends with the marker or where the timestamp changes. It is given out
// only when it is whole:
//   * a loss while it is open, an error in one of its packets, or what the format
//     knows to be missing at its end drop it, once, whatever else is wrong with it;
//   * after a loss (and at the start) nobody knows whether the missing packet was
//     the head of the frame that comes next. It is taken when the format says that
//     its first payload can be the head of a frame.
// The first frame polled after a loss says so (`lost_before`): one event for each
// loss, however many packets and frames it took.
//
// Memory: itself and the caller's storage, which bounds the frame; a larger one is
// dropped and counted. One packet more than the largest frame is enough for
// streams whose markers get lost or are never sent. No heap.
template <typename Format>
class FrameDepacketizer {
 public:
  static_assert(FrameFormat<Format>);
  using Error = typename Format::Error;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t frames = 0;      // given out
    std::uint64_t key_frames = 0;  // of these
    std::uint64_t dropped_incomplete = 0;
    std::uint64_t dropped_too_large = 0;
    std::uint64_t without_picture = 0;  // parameter sets or the like alone
    std::uint64_t not_polled = 0;       // of `frames`: nobody asked in time
    std::array<std::uint64_t, Format::kErrors> errors{};  // [0]: fine
  };

  constexpr explicit FrameDepacketizer(MutableBytes frame_storage, const Format& format = Format())
      : format_(format), room_(frame_storage) {}

  // kNone: the packet is fine (its frame may be dropped all the same). The
  // frames of the last call that were not polled are gone.
  constexpr Error HandlePacket(const RtpPayload& packet) {
    ForgetPolled();
    ++counters_.packets;
    if (packet.lost_before) {
      gap_ = loss_ = true;
      if (state_ == State::kOpen) Drop(counters_.dropped_incomplete);
    }
    auto error = Error::kNone;
    if (!packet.payload.empty()) {
      error = format_.Check(packet.payload);
      if (state_ != State::kIdle && packet.rtp_timestamp != timestamp_) Finish();
      if (state_ == State::kIdle) Open(packet, error == Error::kNone);
      gap_ = false;
      if (state_ == State::kOpen) {
        if (error == Error::kNone) error = format_.Append(packet.payload, room_);
        if (room_.full()) {
          Drop(counters_.dropped_too_large);
        } else if (error != Error::kNone) {
          Drop(counters_.dropped_incomplete);
        }
      }
    }
    if (packet.marker && packet.rtp_timestamp == timestamp_) Finish();
    ++counters_.errors[static_cast<std::size_t>(error)];
    return error;
  }

  [[nodiscard]] constexpr bool PollFrame(EncodedFrame& out) {
    if (polled_ == ready_) return false;
    out = frames_[polled_++];
    return true;
  }

  // The stream ends here (or is another one from here on: the next packet is
  // taken as after a loss). Of a frame without its marker nobody knows that it
  // is whole, so it is dropped, unless the format knows.
  constexpr void Flush() {
    ForgetPolled();
    if (state_ == State::kOpen && !format_.IsClosed()) Drop(counters_.dropped_incomplete);
    Finish();
    gap_ = true;
  }

  constexpr const Counters& counters() const { return counters_; }
  constexpr const Format& format() const { return format_; }
  constexpr Format& format() { return format_; }

 private:
  enum class State : std::uint8_t { kIdle, kOpen, kDropping };

  constexpr void Open(const RtpPayload& packet, bool fine) {
    state_ = State::kOpen;
    timestamp_ = packet.rtp_timestamp;
    after_gap_ = gap_;
    room_.Begin();
    format_.Begin();
    if (gap_ && fine && !format_.CanBeHead(packet.payload)) Drop(counters_.dropped_incomplete);
  }

  constexpr void Drop(std::uint64_t& counter) {
    ++counter;
    loss_ = true;
    state_ = State::kDropping;
    room_.Truncate(0);
  }

  constexpr void Finish() {
    if (state_ == State::kOpen) {
      EncodedFrame frame;
      switch (format_.Finish(room_, after_gap_, frame)) {
        case FrameEnd::kWhole:
          if (room_.full()) {  // what the format put behind it
            Drop(counters_.dropped_too_large);
            break;
          }
          frame.codec = Format::kCodec;
          frame.rtp_timestamp = timestamp_;
          frame.lost_before = loss_;
          frame.data = room_.bytes();
          loss_ = false;
          ++counters_.frames;
          counters_.key_frames += frame.key_frame ? 1 : 0;
          frames_[ready_++] = frame;
          break;
        case FrameEnd::kIncomplete: Drop(counters_.dropped_incomplete); break;
        case FrameEnd::kNoPicture:
          ++counters_.without_picture;
          room_.Truncate(0);
          break;
      }
    }
    state_ = State::kIdle;
  }

  constexpr void ForgetPolled() {
    for (; polled_ < ready_; ++polled_) {
      ++counters_.not_polled;
      loss_ = loss_ || frames_[polled_].lost_before;
    }
    ready_ = polled_ = 0;
    if (state_ != State::kOpen) room_.Begin();
    room_.MoveToFront();
  }

  Format format_;
  FrameRoom room_;  // the open frame; before it, those that ended in this call
  RtpTimestamp timestamp_;
  State state_ = State::kIdle;
  bool gap_ = true;         // packets are missing before the next one
  bool after_gap_ = false;  // the open frame came after a gap
  bool loss_ = false;       // the next frame given out tells it
  std::array<EncodedFrame, 2> frames_{};
  std::size_t ready_ = 0;
  std::size_t polled_ = 0;
  Counters counters_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_FRAME_DEPACKETIZER_H_
