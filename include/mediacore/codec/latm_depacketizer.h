#ifndef MEDIACORE_CODEC_LATM_DEPACKETIZER_H_
#define MEDIACORE_CODEC_LATM_DEPACKETIZER_H_

#include <cstring>
#include <optional>

#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/latm.h"

namespace mediacore::codec {

// What is wrong with a packet of LATM, or with the element that it completes, in
// the order looked.
enum class LatmPayloadError : std::uint8_t {
  kNone,
  kBadContinuation,  // the element before this timestamp never came to its end
  kTooLarge,         // more than the caller's storage holds
  kBadConfig,        // a StreamMuxConfig that cannot be used: its Parse() says why
  kNoConfig,         // none has come, nor is one in the SDP
  kEmptyUnit,        // an access unit of no bytes
  kBadUnitSize,      // the sizes run past the end
  kTrailingBytes,    // bytes behind the element
};
inline constexpr std::size_t kLatmPayloadErrors = 8;

constexpr std::string_view ToString(LatmPayloadError error) {
  switch (error) {
    case LatmPayloadError::kNone: return "latm payload: fine";
    case LatmPayloadError::kBadContinuation: return "latm payload: bad continuation";
    case LatmPayloadError::kTooLarge: return "latm payload: element too large";
    case LatmPayloadError::kBadConfig: return "latm payload: bad StreamMuxConfig";
    case LatmPayloadError::kNoConfig: return "latm payload: no StreamMuxConfig so far";
    case LatmPayloadError::kEmptyUnit: return "latm payload: empty access unit";
    case LatmPayloadError::kBadUnitSize: return "latm payload: sizes past the end";
    case LatmPayloadError::kTrailingBytes: return "latm payload: bytes behind the element";
  }
  return "latm payload: unknown";
}

// What the SDP says of MP4A-LATM (RFC 6416, section 7.3).
struct LatmFormat {
  bool config_present = true;             // cpresent: elements may bring a StreamMuxConfig
  std::optional<StreamMuxConfig> config;  // config=
  std::uint32_t clock_rate = 0;           // of rtpmap; 0: the sampling frequency
};

// The access units of one audioMuxElement (ISO/IEC 14496-3, section 1.7.3), sizes
// proved:
//
//   | useSameStreamMux | StreamMuxConfig |  with config_present alone
//   | PayloadLengthInfo, unit | ... | other data | to a whole byte
class LatmElementReader {
 public:
  // `config` is what holds so far; one inside the element takes its place.
  static constexpr LatmPayloadError Open(Bytes element, bool config_present, std::optional<StreamMuxConfig>& config,
                                         LatmElementReader& out) {
    using enum LatmPayloadError;
    BitReader bits(element);
    if (config_present && !bits.ReadBit()) {
      const auto found = StreamMuxConfig::TakeFrom(bits);
      config.reset();
      if (!found) return kBadConfig;
      config = *found;
    }
    if (!config) return kNoConfig;
    out = LatmElementReader(bits, config->frame_count, config->frame_length);
    LatmElementReader ahead = out;
    for (std::size_t at = 0, size = 0; ahead.Next(at, size);) {
      if (size == 0 && ahead.bits_.ok()) return kEmptyUnit;
    }
    ahead.bits_.Skip(config->other_data_bits);
    if (!ahead.bits_.ok()) return kBadUnitSize;
    return ahead.bits_.remaining() < 8 ? kNone : kTrailingBytes;
  }

  constexpr LatmElementReader() : LatmElementReader(BitReader({}), 0, 0) {}

  constexpr std::size_t left() const { return left_; }
  // The next unit: its first bit, its bytes. False when none is left.
  [[nodiscard]] constexpr bool Next(std::size_t& bit, std::size_t& size) {
    if (left_ == 0 || !bits_.ok()) return false;
    --left_;
    size = frame_length_;
    if (frame_length_ == 0) {
      std::uint32_t byte = 255;
      while (byte == 255) {
        byte = bits_.ReadBits(8);
        size += byte;
      }
    }
    bit = bits_.position();
    bits_.Skip(8 * size);
    return true;
  }

 private:
  constexpr LatmElementReader(const BitReader& bits, std::size_t count, std::size_t frame_length)
      : bits_(bits), left_(count), frame_length_(frame_length) {}

  BitReader bits_;
  std::size_t left_;
  std::size_t frame_length_;
};

// Gives out the access units of AAC sent as LATM (RFC 6416): one audioMuxElement
// in a packet, or over several up to the marker.
//
//   LatmDepacketizer depacketizer(frame_storage, {.config_present = false, .config = config});
//   if (auto error = depacketizer.HandlePacket(packet); error != kNone) Count(error);
//   EncodedFrame frame;
//   while (depacketizer.PollFrame(frame)) Use(frame);
//
// Packets come in the order of their sequence numbers, each once. Frames are good
// until the next HandlePacket() or Flush(); the second unit of an element is later
// by the samples of one.
//
// Nothing in a fragment says whether it is the first. So after a loss a stream that
// has shown fragments is taken up again behind the next marker; one that has not, at
// once, when the sizes in the packet account for all of it.
//
// Memory: itself and the caller's storage; a larger element is dropped and counted.
// No heap.
class LatmDepacketizer {
 public:
  using Error = LatmPayloadError;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t frames = 0;
    std::uint64_t dropped_incomplete = 0;  // elements, or what may be the end of one
    std::uint64_t dropped_too_large = 0;
    std::uint64_t not_polled = 0;                            // of `frames`: nobody asked in time
    std::array<std::uint64_t, kLatmPayloadErrors> errors{};  // [0]: fine
  };

  explicit LatmDepacketizer(MutableBytes frame_storage, const LatmFormat& format = {})
      : storage_(frame_storage), format_(format) {}

  Error HandlePacket(const RtpPayload& packet) {
    ForgetPolled();
    ++counters_.packets;
    if (packet.lost_before) {
      DropOpen();
      lost_ = after_loss_ = true;
      dropping_ = false;
    }
    const Error error = packet.payload.empty() ? Error::kNone : Handle(packet);
    lost_ = lost_ || error != Error::kNone;
    ++counters_.errors[static_cast<std::size_t>(error)];
    return error;
  }

  [[nodiscard]] bool PollFrame(EncodedFrame& out) {
    std::size_t bit = 0;
    std::size_t size = 0;
    if (!units_.Next(bit, size)) return false;
    const StreamMuxConfig& config = *format_.config;
    const std::uint64_t rate = format_.clock_rate != 0 ? format_.clock_rate : config.audio.sampling_frequency;
    const std::uint64_t ticks = unit_++ * config.audio.samples_per_frame() * rate / config.audio.sampling_frequency;
    out = EncodedFrame{.codec = Codec::kAac,
                       .rtp_timestamp = timestamp_ + static_cast<std::int64_t>(ticks),
                       .key_frame = true,
                       .data = Align(bit, size),
                       .lost_before = lost_};
    lost_ = false;
    return true;
  }

  // The stream ends here: what is incomplete is dropped.
  void Flush() {
    ForgetPolled();
    DropOpen();
    after_loss_ = dropping_ = false;
  }

  // What holds now: the one of the SDP until an element brings another.
  const std::optional<StreamMuxConfig>& config() const { return format_.config; }
  const Counters& counters() const { return counters_; }

 private:
  Error Handle(const RtpPayload& packet) {
    fragments_seen_ = fragments_seen_ || !packet.marker;
    if (open_ && packet.rtp_timestamp != timestamp_) {
      // Its marker was lost and nobody said so; who knows what else was.
      DropOpen();
      dropping_ = !packet.marker;
      return Error::kBadContinuation;
    }
    const bool trusted = !after_loss_;
    if (after_loss_) {
      after_loss_ = false;
      dropping_ = fragments_seen_;
      counters_.dropped_incomplete += dropping_ && packet.rtp_timestamp != timestamp_ ? 1 : 0;
    }
    if (dropping_) {
      dropping_ = !packet.marker;
      return Error::kNone;
    }
    if (!open_) size_ = 0;
    timestamp_ = packet.rtp_timestamp;
    const Bytes payload = packet.payload;
    if (payload.size() > storage_.size() - size_) {
      ++counters_.dropped_too_large;
      open_ = false;
      dropping_ = !packet.marker;
      return Error::kTooLarge;
    }
    std::memcpy(storage_.data() + size_, payload.data(), payload.size());
    size_ += payload.size();
    open_ = !packet.marker;
    if (open_) return Error::kNone;
    std::optional<StreamMuxConfig> config = format_.config;
    const Error error = LatmElementReader::Open(Bytes(storage_).first(size_), format_.config_present, config, units_);
    if (error == Error::kNone || (error == Error::kBadConfig && trusted)) format_.config = config;
    if (error != Error::kNone) {
      units_ = {};
      return error;
    }
    unit_ = 0;
    counters_.frames += units_.left();
    return Error::kNone;
  }

  // Moves a unit to the byte that its first bit is in. Bits before it were read,
  // bits behind it stay.
  Bytes Align(std::size_t bit, std::size_t size) {
    std::uint8_t* const to = storage_.data() + bit / 8;
    const std::size_t shift = bit % 8;
    std::size_t i = 0;
    for (; shift != 0 && i + 8 <= size; i += 8) {
      StoreU64(to + i, LoadU64(to + i) << shift | std::uint64_t{to[i + 8]} >> (8 - shift));
    }
    for (; shift != 0 && i < size; ++i) {
      to[i] = static_cast<std::uint8_t>(to[i] << shift | to[i + 1] >> (8 - shift));
    }
    return {to, size};
  }
  void ForgetPolled() {
    counters_.not_polled += units_.left();
    units_ = {};
  }
  // The element in fragments will not be whole any more.
  void DropOpen() {
    if (!open_) return;
    ++counters_.dropped_incomplete;
    open_ = false;
    lost_ = true;
  }

  MutableBytes storage_;
  LatmFormat format_;

  bool open_ = false;            // `size_` bytes of an element are here, its marker is not
  bool after_loss_ = false;      // what comes next may be the end of something
  bool dropping_ = false;        // up to the next marker
  bool fragments_seen_ = false;  // ever
  bool lost_ = false;            // something, and no unit has told it yet
  std::size_t size_ = 0;
  RtpTimestamp timestamp_;

  LatmElementReader units_;  // still to be polled
  std::uint64_t unit_ = 0;   // the number of the next
  Counters counters_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_LATM_DEPACKETIZER_H_
