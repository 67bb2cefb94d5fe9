#ifndef MEDIACORE_CODEC_OPUS_DEPACKETIZER_H_
#define MEDIACORE_CODEC_OPUS_DEPACKETIZER_H_

#include <array>
#include <cstring>
#include <string_view>

#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/opus.h"

namespace mediacore::codec {

// What is wrong with one packet of Opus, in the order looked.
enum class OpusPayloadError : std::uint8_t {
  kNone,
  kBadPacket,  // no Opus packet: OpusPacketView::Parse() says why
  kTooLarge,   // more than the caller's storage holds
};
inline constexpr std::size_t kOpusPayloadErrors = 3;

constexpr std::string_view ToString(OpusPayloadError error) {
  switch (error) {
    case OpusPayloadError::kNone: return "opus payload: fine";
    case OpusPayloadError::kBadPacket: return "opus payload: no Opus packet";
    case OpusPayloadError::kTooLarge: return "opus payload: too large";
  }
  return "opus payload: unknown";
}

// Gives out the packets of an Opus stream (RFC 7587: one in each RTP packet),
// with the same members as the other depacketisers.
//
//   OpusDepacketizer depacketizer(frame_storage);
//   if (auto error = depacketizer.HandlePacket(packet); error != kNone) Count(error);
//   EncodedFrame frame;
//   while (depacketizer.PollFrame(frame)) Use(frame);
//
// The payload is checked and copied once; the frame is good until the next
// HandlePacket() or Flush(). While nothing is said (DTX) a sender sends
// nothing, or packets of a TOC byte alone: these are frames. An empty payload
// (padding) is none. Losses do not matter here: packets stand alone.
//
// Memory: itself and the caller's storage. No heap.
class OpusDepacketizer {
 public:
  using Error = OpusPayloadError;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t frames = 0;
    std::uint64_t dropped_too_large = 0;
    std::uint64_t not_polled = 0;  // of `frames`: nobody asked in time
    std::array<std::uint64_t, kOpusPayloadErrors> errors{};  // [0]: fine
  };

  explicit OpusDepacketizer(MutableBytes frame_storage)
      : storage_(frame_storage) {}

  Error HandlePacket(const RtpPayload& packet) {
    Flush();
    ++counters_.packets;
    const Error error = Handle(packet);
    ++counters_.errors[static_cast<std::size_t>(error)];
    return error;
  }

  [[nodiscard]] bool PollFrame(EncodedFrame& out) {
    if (!ready_) return false;
    ready_ = false;
    out = frame_;
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
    if (payload.empty()) return Error::kNone;
    if (!OpusPacketView::Parse(payload)) return Error::kBadPacket;
    if (payload.size() > storage_.size()) {
      ++counters_.dropped_too_large;
      return Error::kTooLarge;
    }
    std::memcpy(storage_.data(), payload.data(), payload.size());
    frame_ = EncodedFrame{Codec::kOpus, packet.rtp_timestamp, true, false,
                          Bytes(storage_).first(payload.size())};
    ready_ = true;
    ++counters_.frames;
    return Error::kNone;
  }

  MutableBytes storage_;
  EncodedFrame frame_;
  bool ready_ = false;
  Counters counters_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_OPUS_DEPACKETIZER_H_
