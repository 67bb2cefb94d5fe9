#ifndef MEDIACORE_MUX_FLV_VIDEO_H_
#define MEDIACORE_MUX_FLV_VIDEO_H_

#include "mediacore/base/expected.h"
#include "mediacore/mux/flv_enhanced.h"

namespace mediacore::mux {

enum class FlvFrameType : std::uint8_t {
  kReserved = 0,
  kKey = 1,
  kInter = 2,
  kDisposableInter = 3,
  kGeneratedKey = 4,
  kCommand = 5,  // no picture: FlvVideoView::command()
};

constexpr std::string_view ToString(FlvFrameType type) {
  switch (type) {
    case FlvFrameType::kKey: return "key";
    case FlvFrameType::kInter: return "inter";
    case FlvFrameType::kDisposableInter: return "disposable inter";
    case FlvFrameType::kGeneratedKey: return "generated key";
    case FlvFrameType::kCommand: return "command";
    case FlvFrameType::kReserved: break;
  }
  return "reserved";
}

// Of tags that name no FourCC; other numbers of 4 bits may come, too.
enum class FlvVideoCodecId : std::uint8_t {
  kSorensonH263 = 2,
  kScreen = 3,
  kVp6 = 4,
  kVp6Alpha = 5,
  kScreen2 = 6,
  kAvc = 7,
  kHevc = 12,  // before E-RTMP, and in no specification of Adobe's: laid out as kAvc
};

enum class FlvVideoPacketType : std::uint8_t {
  kSequenceStart = 0,  // the decoder's configuration: avcC, hvcC, av1C, vpcC
  kCodedFrames = 1,
  kSequenceEnd = 2,
  kCodedFramesX = 3,          // with a composition time of 0 that is not sent
  kMetadata = 4,              // AMF0: "colorInfo" and an object
  kMpeg2TsSequenceStart = 5,  // AV1VideoDescriptor
};

constexpr std::string_view ToString(FlvVideoPacketType type) {
  switch (type) {
    case FlvVideoPacketType::kSequenceStart: return "sequence start";
    case FlvVideoPacketType::kCodedFrames: return "coded frames";
    case FlvVideoPacketType::kSequenceEnd: return "sequence end";
    case FlvVideoPacketType::kCodedFramesX: return "coded frames x";
    case FlvVideoPacketType::kMetadata: return "metadata";
    case FlvVideoPacketType::kMpeg2TsSequenceStart: return "MPEG-2 TS sequence start";
  }
  return "reserved";
}

// The body of a video tag, which is also an RTMP message of type 9, seen in place
// (Adobe Flash Video File Format Specification 10.1, E.4.3; E-RTMP v2, "Enhanced
// Video").
//
//    0 1 2 3 4 5 6 7                            older: codec id in place of packet type;
//   +-+-----+-------+---------+-------------+   7 (AVC): packet type (8), composition
//   |1|frame|packet | FourCC  | [time 24]   |   time (24), data
//   +-+-----+-------+---------+-------------+
//
// Both forms read alike:
//
//   const auto video = FlvVideoView::Parse(tag.body);
//   if (!video) return Refuse(video.error());
//   FlvTrackReader tracks = video->tracks();
//   for (FlvTrack track; tracks.Next(track);) {
//     Handle(track.codec(), video->packet_type(), track.data);
//   }
//
// H.264 and H.265 are NAL units behind lengths, as in MP4. Good for as long as the
// bytes behind it are; linear in them.
class FlvVideoView {
 public:
  static constexpr Expected<FlvVideoView, FlvBodyError> Parse(Bytes body) noexcept;

  constexpr FlvFrameType frame_type() const { return static_cast<FlvFrameType>(first_ >> 4 & 7); }
  // Decoding can begin at the pictures in here.
  constexpr bool is_key_frame() const {
    return frame_type() == FlvFrameType::kKey &&
           (packet_type() == FlvVideoPacketType::kCodedFrames || packet_type() == FlvVideoPacketType::kCodedFramesX);
  }
  constexpr bool enhanced() const { return (first_ & 0x80) != 0; }
  // Of a tag that is not enhanced().
  constexpr FlvVideoCodecId codec_id() const { return static_cast<FlvVideoCodecId>(first_ & 0xf); }
  constexpr bool is_command() const { return is_command_; }
  constexpr std::uint8_t command() const { return command_; }  // 0 and 1: seeking begins, ends
  constexpr FlvVideoPacketType packet_type() const { return static_cast<FlvVideoPacketType>(header_.packet_type); }
  constexpr FlvMultitrack multitrack() const { return header_.multitrack; }
  // To be added to the tag's time; it has milliseconds.
  constexpr std::uint32_t nanosecond_offset() const { return header_.nanosecond_offset; }

  // At least one; none of a command.
  constexpr FlvTrackReader tracks() const { return {tracks_, header_, times_}; }
  constexpr const FlvTrack& first_track() const { return track_; }

 private:
  constexpr FlvVideoView() = default;

  std::uint8_t first_ = 0;
  std::uint8_t command_ = 0;
  bool is_command_ = false;
  internal::FlvTimes times_ = internal::FlvTimes::kNone;
  internal::FlvHeader header_;
  Bytes tracks_;
  FlvTrack track_;
};

namespace internal {

inline constexpr std::uint8_t kFlvVideoMultitrack = 6;
inline constexpr std::uint8_t kFlvVideoMetadata = 4;

constexpr std::uint32_t FlvFourCc(FlvVideoCodecId id) {
  if (id == FlvVideoCodecId::kAvc) return FourCc("avc1");
  return id == FlvVideoCodecId::kHevc ? FourCc("hvc1") : 0;
}

}  // namespace internal

constexpr Expected<FlvVideoView, FlvBodyError> FlvVideoView::Parse(Bytes body) noexcept {
  FlvVideoView view;
  ByteReader reader(body);
  if (!reader.ReadU8(view.first_)) return FlvBodyError::kTooShort;
  const bool command = view.frame_type() == FlvFrameType::kCommand;
  if (view.enhanced()) {
    view.header_.packet_type = view.first_ & 0xf;
    if (!internal::TakeFlvModifiers(reader, view.header_)) return FlvBodyError::kModExTruncated;
    view.is_command_ = command && view.header_.packet_type != internal::kFlvVideoMetadata;
  } else {
    view.is_command_ = command;
    view.header_.four_cc = internal::FlvFourCc(view.codec_id());
  }
  if (view.is_command_) {
    if (!reader.ReadU8(view.command_)) return FlvBodyError::kTooShort;
    return view;
  }
  if (view.enhanced()) {
    FlvBodyError error{};
    if (!internal::TakeFlvCodec(reader, internal::kFlvVideoMultitrack, 0b111111, view.header_, error)) return error;
    if (view.packet_type() == FlvVideoPacketType::kCodedFrames) view.times_ = internal::FlvTimes::kByCodec;
  } else if (view.header_.four_cc != 0) {
    if (!reader.ReadU8(view.header_.packet_type)) return FlvBodyError::kTooShort;
    if (view.header_.packet_type > 2) return FlvBodyError::kBadPacketType;
    view.times_ = internal::FlvTimes::kAll;
  }
  view.tracks_ = reader.rest();
  if (!internal::CheckFlvTracks(view.tracks(), view.track_)) return FlvBodyError::kTrackTruncated;
  return view;
}

// Writes the body of a video tag. With one track its media may stay where it is:
// WriteHeader() writes what goes in front.
//
//   const FlvTrack track = {.composition_time = 40, .data = nal_units};
//   const FlvVideoWriter video = {.frame_type = FlvFrameType::kKey, .tracks = {&track, 1}};
//   body.resize(video.WireSize());
//   if (!video.Write(body)) ...
//
// Cannot be written: a time of more than 24 bits, or one in a packet that has no room
// for it; tracks of different codecs that are said to have one; none, or too many for
// their kind; in the older form, what only the enhanced has.
struct FlvVideoWriter {
  FlvFrameType frame_type = FlvFrameType::kInter;
  bool enhanced = false;
  FlvVideoCodecId codec_id = FlvVideoCodecId::kAvc;  // when not enhanced; else the tracks say it
  FlvVideoPacketType packet_type = FlvVideoPacketType::kCodedFrames;
  std::uint32_t nanosecond_offset = 0;  // under 2^24
  FlvMultitrack multitrack = FlvMultitrack::kNone;
  std::uint8_t command = 0;  // of FlvFrameType::kCommand, which has no tracks
  std::span<const FlvTrack> tracks = {};

  // 0 when it cannot be written.
  constexpr std::size_t WireSize() const noexcept;
  // False, and nothing written, when it cannot be or `out` is shorter.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept;
  // Without the media of the one track; 0 and false when there are several.
  constexpr std::size_t HeaderSize() const noexcept {
    return tracks.size() > 1 || WireSize() == 0 ? 0 : WireSize() - (tracks.empty() ? 0 : tracks[0].data.size());
  }
  [[nodiscard]] constexpr bool WriteHeader(MutableBytes out) const noexcept {
    if (HeaderSize() == 0 || out.size() < HeaderSize()) return false;
    ByteWriter writer(out);
    WriteTo(writer, false);
    return true;
  }

 private:
  constexpr bool has_avc_packet() const { return internal::FlvFourCc(codec_id) != 0; }
  constexpr bool is_command() const {
    return frame_type == FlvFrameType::kCommand && !(enhanced && packet_type == FlvVideoPacketType::kMetadata);
  }
  constexpr internal::FlvTimes times() const {
    if (!enhanced) return has_avc_packet() ? internal::FlvTimes::kAll : internal::FlvTimes::kNone;
    return packet_type == FlvVideoPacketType::kCodedFrames ? internal::FlvTimes::kByCodec : internal::FlvTimes::kNone;
  }
  constexpr internal::FlvHeader header() const {
    return {static_cast<std::uint8_t>(packet_type), multitrack, tracks.empty() ? 0 : tracks[0].four_cc,
            nanosecond_offset};
  }
  constexpr void WriteTo(ByteWriter& out, bool media) const noexcept;
};

constexpr std::size_t FlvVideoWriter::WireSize() const noexcept {
  const auto number = static_cast<unsigned>(packet_type);
  if (static_cast<unsigned>(frame_type) > 7 || static_cast<unsigned>(codec_id) > 15 || nanosecond_offset > 0xffffff) {
    return 0;
  }
  if (!enhanced && (nanosecond_offset != 0 || multitrack != FlvMultitrack::kNone)) return 0;
  // Several tracks are another packet type than metadata: they would read as a command.
  if (frame_type == FlvFrameType::kCommand && multitrack != FlvMultitrack::kNone) return 0;
  if (is_command()) {
    if (!tracks.empty() || number > 15 || number == internal::kFlvModEx) return 0;
    return nanosecond_offset != 0 ? 7 : 2;
  }
  std::size_t size = 1;
  if (enhanced) {
    if (number > 5) return 0;
    size += internal::FlvHeaderSize(header());
  } else if (has_avc_packet()) {
    if (number > 2) return 0;
    size += 1;
  } else if (packet_type != FlvVideoPacketType::kCodedFrames) {
    return 0;
  }
  if (!internal::CanWriteFlvTracks(tracks, multitrack, times())) return 0;
  for (const FlvTrack& track : tracks) {
    size += internal::FlvTrackHeaderSize(track, multitrack, times()) + track.data.size();
  }
  return size;
}

constexpr void FlvVideoWriter::WriteTo(ByteWriter& out, bool media) const noexcept {
  const auto type = static_cast<unsigned>(frame_type) << 4;
  if (enhanced) {
    out.WriteU8(
        static_cast<std::uint8_t>(0x80 | type | internal::FirstFlvPacketType(header(), internal::kFlvVideoMultitrack)));
  } else {
    out.WriteU8(static_cast<std::uint8_t>(type | static_cast<unsigned>(codec_id)));
  }
  if (is_command()) {
    internal::WriteFlvModifier(header(), internal::kFlvVideoMultitrack, out);
    out.WriteU8(command);
    return;
  }
  if (enhanced) {
    internal::WriteFlvHeader(header(), internal::kFlvVideoMultitrack, out);
  } else if (has_avc_packet()) {
    out.WriteU8(static_cast<std::uint8_t>(packet_type));
  }
  for (const FlvTrack& track : tracks) {
    internal::WriteFlvTrackHeader(track, multitrack, times(), out);
    if (media) out.WriteBytes(track.data);
  }
}

constexpr bool FlvVideoWriter::Write(MutableBytes out) const noexcept {
  if (WireSize() == 0 || out.size() < WireSize()) return false;
  ByteWriter writer(out);
  WriteTo(writer, true);
  return true;
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FLV_VIDEO_H_
