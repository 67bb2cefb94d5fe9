#ifndef MEDIACORE_CODEC_WHOLE_PACKET_DEPACKETIZER_H_
#define MEDIACORE_CODEC_WHOLE_PACKET_DEPACKETIZER_H_

#include <array>
#include <cstring>

#include "mediacore/codec/encoded_frame.h"

namespace mediacore::codec {

// Gives out frames of payload formats that put one whole frame into each packet:
// what OpusDepacketizer and SampleAudioDepacketizer are, with the same members as
// the other depacketisers.
//
//   OpusDepacketizer depacketizer(frame_storage);
//   if (auto error = depacketizer.HandlePacket(packet); error != kNone) Count(error);
//   EncodedFrame frame;
//   while (depacketizer.PollFrame(frame)) Use(frame);
//
// Format has an enum Error (kNone, kTooLarge among its causes) with kErrors of
// them, a codec() and Check(payload), which says what is wrong with a payload that
// is not empty. An empty one (padding) is no frame.
//
// The payload is checked and copied once; the frame is good until the next
// HandlePacket() or Flush(). Packets stand alone: in whatever order they come,
// each gives its frame. A loss, or a packet that was refused, shows as
// lost_before of the next frame.
//
// Memory: itself and the caller's storage. No heap.
template <typename Format>
class WholePacketDepacketizer {
 public:
  using Error = typename Format::Error;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t frames = 0;
    std::uint64_t dropped_too_large = 0;
    std::uint64_t not_polled = 0;                         // of `frames`: nobody asked in time
    std::array<std::uint64_t, Format::kErrors> errors{};  // [0]: fine
  };

  explicit WholePacketDepacketizer(MutableBytes frame_storage, const Format& format = {})
      : storage_(frame_storage), format_(format) {}

  Error HandlePacket(const RtpPayload& packet) {
    Flush();
    ++counters_.packets;
    lost_ = lost_ || packet.lost_before;
    const Error error = packet.payload.empty() ? Error::kNone : Handle(packet);
    lost_ = lost_ || error != Error::kNone;
    ++counters_.errors[static_cast<std::size_t>(error)];
    return error;
  }

  [[nodiscard]] bool PollFrame(EncodedFrame& out) {
    if (!ready_) return false;
    ready_ = false;
    out = frame_;
    out.lost_before = lost_;
    lost_ = false;
    return true;
  }

  // Nothing is ever incomplete; what was not polled is gone.
  void Flush() {
    counters_.not_polled += ready_ ? 1 : 0;
    ready_ = false;
  }

  const Counters& counters() const { return counters_; }

 private:
  Error Handle(const RtpPayload& packet) {
    const Bytes payload = packet.payload;
    if (const Error error = format_.Check(payload); error != Error::kNone) return error;
    if (payload.size() > storage_.size()) {
      ++counters_.dropped_too_large;
      return Error::kTooLarge;
    }
    std::memcpy(storage_.data(), payload.data(), payload.size());
    frame_ = EncodedFrame{.codec = format_.codec(),
                          .rtp_timestamp = packet.rtp_timestamp,
                          .key_frame = true,
                          .data = Bytes(storage_).first(payload.size())};
    ready_ = true;
    ++counters_.frames;
    return Error::kNone;
  }

  MutableBytes storage_;
  Format format_;
  EncodedFrame frame_;
  bool ready_ = false;
  bool lost_ = false;  // not told yet
  Counters counters_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_WHOLE_PACKET_DEPACKETIZER_H_
