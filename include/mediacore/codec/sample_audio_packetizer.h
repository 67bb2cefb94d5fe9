#ifndef MEDIACORE_CODEC_SAMPLE_AUDIO_PACKETIZER_H_
#define MEDIACORE_CODEC_SAMPLE_AUDIO_PACKETIZER_H_

#include "mediacore/base/byte_writer.h"
#include "mediacore/codec/sample_audio.h"

namespace mediacore::codec {

// Why samples cannot be sent.
enum class SampleAudioPacketizeError : std::uint8_t {
  kNone,
  kPartialSample,  // the bytes do not divide by the channels
  kTooLarge,       // a tick of all channels is above the payload size
};

constexpr std::string_view ToString(SampleAudioPacketizeError error) {
  switch (error) {
    case SampleAudioPacketizeError::kNone: return "sample audio packetize: fine";
    case SampleAudioPacketizeError::kPartialSample:
      return "sample audio packetize: samples of some channels are missing";
    case SampleAudioPacketizeError::kTooLarge: return "sample audio packetize: too large";
  }
  return "sample audio packetize: unknown";
}

// One payload: a stretch of the samples. Good as long as they are.
struct SampleAudioPacket {
  Bytes body;
  std::size_t first_tick = 0;  // of the samples given: its timestamp is that much later
  bool marker = false;         // the first after silence
  std::size_t size = 0;

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    writer.WriteBytes(body);
    return writer.ok();
  }
};

// Cuts samples of PCMU, PCMA or G722 into payloads of packet_time (ptime of SDP):
// as many as come out, the last one shorter when they do not come out even.
//
//   SampleAudioPacketizer packetizer({.format = {Codec::kPcma}});
//   if (packetizer.SetFrame(samples) == SampleAudioPacketizeError::kNone) {
//     SampleAudioPacket packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
//
// Copies nothing and keeps nothing over from one SetFrame() to the next.
class SampleAudioPacketizer {
 public:
  using Packet = SampleAudioPacket;
  struct Config {
    SampleAudioFormat format;
    std::size_t max_payload_size = 1200;            // taken as 1 to 65535
    TimeDelta packet_time = TimeDelta::Millis(20);  // taken as one tick to what fits
  };

  constexpr explicit SampleAudioPacketizer(const Config& config) : format_(config.format) {
    const std::size_t tick = format_.bytes_per_tick();
    const std::size_t most = std::clamp<std::size_t>(config.max_payload_size, 1, 65'535) / tick;
    if (most == 0) return;
    const std::int64_t ticks = config.packet_time.ToTicks(SampleAudioFormat::kClockRate);
    piece_ = static_cast<std::size_t>(std::clamp<std::int64_t>(ticks, 1, static_cast<std::int64_t>(most))) * tick;
  }

  // `after_silence`: the first samples, or the first after a pause.
  constexpr SampleAudioPacketizeError SetFrame(Bytes samples, bool after_silence = false) {
    rest_ = {};
    if (format_.Check(samples) != SampleAudioError::kNone) return SampleAudioPacketizeError::kPartialSample;
    if (piece_ == 0 && !samples.empty()) return SampleAudioPacketizeError::kTooLarge;
    rest_ = samples;
    first_tick_ = 0;
    marker_ = after_silence;
    return SampleAudioPacketizeError::kNone;
  }
  [[nodiscard]] constexpr bool Next(SampleAudioPacket& out) {
    if (rest_.empty()) return false;
    const std::size_t size = std::min(rest_.size(), piece_);
    out = SampleAudioPacket{rest_.first(size), first_tick_, marker_, size};
    rest_ = rest_.subspan(size);
    first_tick_ += size / format_.bytes_per_tick();
    marker_ = false;
    return true;
  }

 private:
  SampleAudioFormat format_;
  std::size_t piece_ = 0;  // bytes of a payload; 0: none fits
  Bytes rest_;
  std::size_t first_tick_ = 0;
  bool marker_ = false;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_SAMPLE_AUDIO_PACKETIZER_H_
