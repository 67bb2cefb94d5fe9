#ifndef MEDIACORE_MUX_FLV_AUDIO_H_
#define MEDIACORE_MUX_FLV_AUDIO_H_

#include <array>

#include "mediacore/base/expected.h"
#include "mediacore/mux/flv_enhanced.h"

namespace mediacore::mux {

// Other numbers of 4 bits may come, too.
enum class FlvSoundFormat : std::uint8_t {
  kPcmPlatformEndian = 0,
  kAdpcm = 1,
  kMp3 = 2,
  kPcmLittleEndian = 3,
  kNellymoser16kMono = 4,
  kNellymoser8kMono = 5,
  kNellymoser = 6,
  kG711ALaw = 7,
  kG711MuLaw = 8,
  kExHeader = 9,  // E-RTMP: a FourCC says it
  kAac = 10,
  kSpeex = 11,
  kMp3At8k = 14,
  kDeviceSpecific = 15,
};

enum class FlvAudioPacketType : std::uint8_t {
  kSequenceStart = 0,  // AudioSpecificConfig, OpusHead, the FLAC stream header
  kCodedFrames = 1,
  kSequenceEnd = 2,
  kMultichannelConfig = 4,  // FlvChannelConfig
};

constexpr std::string_view ToString(FlvAudioPacketType type) {
  switch (type) {
    case FlvAudioPacketType::kSequenceStart: return "sequence start";
    case FlvAudioPacketType::kCodedFrames: return "coded frames";
    case FlvAudioPacketType::kSequenceEnd: return "sequence end";
    case FlvAudioPacketType::kMultichannelConfig: return "multichannel config";
  }
  return "reserved";
}

// Where the channels of a track belong (E-RTMP v2, "ExAudioTagBody"): data of tracks
// in a packet of type kMultichannelConfig.
struct FlvChannelConfig {
  enum class Order : std::uint8_t { kUnspecified = 0, kNative = 1, kCustom = 2 };

  Order order = Order::kUnspecified;
  std::uint8_t channel_count = 0;
  std::uint32_t flags = 0;  // kNative: bit n says that channel n of the list is there
  Bytes mapping = {};       // kCustom: a place for each channel

  [[nodiscard]] static constexpr bool Read(Bytes data, FlvChannelConfig& out) noexcept {
    FlvChannelConfig config;
    ByteReader reader(data);
    std::uint8_t order = 0;
    if (!reader.ReadU8(order) || !reader.ReadU8(config.channel_count) || order > 2) return false;
    config.order = static_cast<Order>(order);
    if (config.order == Order::kNative && !reader.ReadU32(config.flags)) return false;
    if (config.order == Order::kCustom && !reader.ReadBytes(config.channel_count, config.mapping)) return false;
    out = config;
    return true;
  }
  // 0 when it cannot be written: a mapping that is not of all channels.
  constexpr std::size_t WireSize() const noexcept {
    if (order == Order::kCustom) return mapping.size() == channel_count ? 2u + channel_count : 0u;
    return order == Order::kNative ? 6 : 2;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    ByteWriter writer(out);
    writer.WriteU8(static_cast<std::uint8_t>(order));
    writer.WriteU8(channel_count);
    if (order == Order::kNative) writer.WriteU32(flags);
    if (order == Order::kCustom) writer.WriteBytes(mapping);
    return true;
  }
};

// The body of an audio tag, which is also an RTMP message of type 8, seen in place
// (Adobe Flash Video File Format Specification 10.1, E.4.2; E-RTMP v2, "Enhanced
// Audio").
//
//    0 1 2 3 4 5 6 7
//   +-------+-------+---------+------+   older: sound format (4), rate (2), size (1),
//   | 9     |packet | FourCC  | data |   type (1); 10 (AAC): packet type (8), data
//   +-------+-------+---------+------+
//
// Both forms read alike, as with FlvVideoView. AAC is raw, without ADTS. Good for as
// long as the bytes behind it are; linear in them.
class FlvAudioView {
 public:
  static constexpr Expected<FlvAudioView, FlvBodyError> Parse(Bytes body) noexcept;

  constexpr FlvSoundFormat format() const { return static_cast<FlvSoundFormat>(first_ >> 4); }
  constexpr bool enhanced() const { return format() == FlvSoundFormat::kExHeader; }
  // Of a tag that is not enhanced(). AAC says 44.1 kHz, 16 bits and stereo whatever it
  // is: its configuration knows.
  constexpr std::uint32_t sample_rate() const {
    constexpr std::array<std::uint32_t, 4> kRates = {5'512, 11'025, 22'050, 44'100};
    return kRates[first_ >> 2 & 3];
  }
  constexpr int bits_per_sample() const { return (first_ & 2) != 0 ? 16 : 8; }
  constexpr int channels() const { return (first_ & 1) + 1; }

  constexpr FlvAudioPacketType packet_type() const { return static_cast<FlvAudioPacketType>(header_.packet_type); }
  constexpr FlvMultitrack multitrack() const { return header_.multitrack; }
  // To be added to the tag's time; it has milliseconds.
  constexpr std::uint32_t nanosecond_offset() const { return header_.nanosecond_offset; }

  // At least one.
  constexpr FlvTrackReader tracks() const { return {tracks_, header_, internal::FlvTimes::kNone}; }
  constexpr const FlvTrack& first_track() const { return track_; }

 private:
  constexpr FlvAudioView() = default;

  std::uint8_t first_ = 0;
  internal::FlvHeader header_;
  Bytes tracks_;
  FlvTrack track_;
};

namespace internal {

inline constexpr std::uint8_t kFlvAudioMultitrack = 5;

constexpr std::uint32_t FlvFourCc(FlvSoundFormat format) {
  if (format == FlvSoundFormat::kAac) return FourCc("mp4a");
  return format == FlvSoundFormat::kMp3 || format == FlvSoundFormat::kMp3At8k ? FourCc(".mp3") : 0;
}

}  // namespace internal

constexpr Expected<FlvAudioView, FlvBodyError> FlvAudioView::Parse(Bytes body) noexcept {
  FlvAudioView view;
  ByteReader reader(body);
  if (!reader.ReadU8(view.first_)) return FlvBodyError::kTooShort;
  if (view.enhanced()) {
    view.header_.packet_type = view.first_ & 0xf;
    if (!internal::TakeFlvModifiers(reader, view.header_)) return FlvBodyError::kModExTruncated;
    FlvBodyError error{};
    if (!internal::TakeFlvCodec(reader, internal::kFlvAudioMultitrack, 0b10111, view.header_, error)) return error;
  } else {
    view.header_.four_cc = internal::FlvFourCc(view.format());
    if (view.format() == FlvSoundFormat::kAac) {
      if (!reader.ReadU8(view.header_.packet_type)) return FlvBodyError::kTooShort;
      if (view.header_.packet_type > 1) return FlvBodyError::kBadPacketType;
    }
  }
  view.tracks_ = reader.rest();
  if (!internal::CheckFlvTracks(view.tracks(), view.track_)) return FlvBodyError::kTrackTruncated;
  if (view.packet_type() == FlvAudioPacketType::kMultichannelConfig) {
    FlvTrackReader tracks = view.tracks();
    FlvChannelConfig config;
    for (FlvTrack track; tracks.Next(track);) {
      if (!FlvChannelConfig::Read(track.data, config)) return FlvBodyError::kBadChannelConfig;
    }
  }
  return view;
}

// Writes the body of an audio tag. With one track its media may stay where it is:
// WriteHeader() writes what goes in front.
//
//   const FlvTrack track = {.data = access_unit};
//   const FlvAudioWriter audio = {.tracks = {&track, 1}};  // AAC
//
// Cannot be written: tracks of different codecs that are said to have one; none, or too
// many for their kind; a composition time; in the older form, what only the enhanced has.
struct FlvAudioWriter {
  FlvSoundFormat format = FlvSoundFormat::kAac;  // kExHeader: the tracks say it
  std::uint8_t rate_index = 3;                   // 5.5, 11, 22, 44.1 kHz
  bool sixteen_bits = true;
  bool stereo = true;
  FlvAudioPacketType packet_type = FlvAudioPacketType::kCodedFrames;
  std::uint32_t nanosecond_offset = 0;  // under 2^24
  FlvMultitrack multitrack = FlvMultitrack::kNone;
  std::span<const FlvTrack> tracks = {};

  // 0 when it cannot be written.
  constexpr std::size_t WireSize() const noexcept;
  // False, and nothing written, when it cannot be or `out` is shorter.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    ByteWriter writer(out);
    WriteTo(writer, true);
    return true;
  }
  // Without the media of the one track; 0 and false when there are several.
  constexpr std::size_t HeaderSize() const noexcept {
    return tracks.size() > 1 || WireSize() == 0 ? 0 : WireSize() - tracks[0].data.size();
  }
  [[nodiscard]] constexpr bool WriteHeader(MutableBytes out) const noexcept {
    if (HeaderSize() == 0 || out.size() < HeaderSize()) return false;
    ByteWriter writer(out);
    WriteTo(writer, false);
    return true;
  }

 private:
  constexpr bool enhanced() const { return format == FlvSoundFormat::kExHeader; }
  constexpr internal::FlvHeader header() const {
    return {static_cast<std::uint8_t>(packet_type), multitrack, tracks.empty() ? 0 : tracks[0].four_cc,
            nanosecond_offset};
  }
  constexpr void WriteTo(ByteWriter& out, bool media) const noexcept;
};

constexpr std::size_t FlvAudioWriter::WireSize() const noexcept {
  const auto number = static_cast<unsigned>(packet_type);
  if (static_cast<unsigned>(format) > 15 || rate_index > 3 || nanosecond_offset > 0xffffff) return 0;
  std::size_t size = 1;
  if (enhanced()) {
    if (number > 4 || number == 3) return 0;
    size += internal::FlvHeaderSize(header());
  } else {
    if (nanosecond_offset != 0 || multitrack != FlvMultitrack::kNone) return 0;
    if (format == FlvSoundFormat::kAac ? number > 1 : packet_type != FlvAudioPacketType::kCodedFrames) return 0;
    if (format == FlvSoundFormat::kAac) size += 1;
  }
  if (!internal::CanWriteFlvTracks(tracks, multitrack, internal::FlvTimes::kNone)) return 0;
  for (const FlvTrack& track : tracks) {
    size += internal::FlvTrackHeaderSize(track, multitrack, internal::FlvTimes::kNone) + track.data.size();
  }
  return size;
}

constexpr void FlvAudioWriter::WriteTo(ByteWriter& out, bool media) const noexcept {
  const auto type = static_cast<unsigned>(format) << 4;
  if (enhanced()) {
    out.WriteU8(
        static_cast<std::uint8_t>(type | internal::FirstFlvPacketType(header(), internal::kFlvAudioMultitrack)));
    internal::WriteFlvHeader(header(), internal::kFlvAudioMultitrack, out);
  } else {
    out.WriteU8(
        static_cast<std::uint8_t>(type | unsigned{rate_index} << 2 | (sixteen_bits ? 2u : 0u) | (stereo ? 1u : 0u)));
    if (format == FlvSoundFormat::kAac) out.WriteU8(static_cast<std::uint8_t>(packet_type));
  }
  for (const FlvTrack& track : tracks) {
    internal::WriteFlvTrackHeader(track, multitrack, internal::FlvTimes::kNone, out);
    if (media) out.WriteBytes(track.data);
  }
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FLV_AUDIO_H_
