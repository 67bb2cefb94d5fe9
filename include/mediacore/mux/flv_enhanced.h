#ifndef MEDIACORE_MUX_FLV_ENHANCED_H_
#define MEDIACORE_MUX_FLV_ENHANCED_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/codec.h"
#include "mediacore/mux/box_writer.h"

namespace mediacore::mux {

// What the bodies of audio and video tags have in common since E-RTMP v2: codecs
// by FourCC, modifiers in front (ModEx), and several tracks in one tag.

// Why bytes are not the body of an audio or video tag, in the order looked at.
enum class FlvBodyError : std::uint8_t {
  kTooShort,           // the header of the body ends early
  kBadPacketType,      // reserved, or tracks inside of tracks
  kModExTruncated,     // a modifier runs past the end
  kBadMultitrackType,  // reserved
  kTrackTruncated,     // a track runs past the end
  kBadChannelConfig,   // shorter than its channels, or of a reserved order
};

constexpr std::string_view ToString(FlvBodyError error) {
  switch (error) {
    case FlvBodyError::kTooShort: return "flv body: too short";
    case FlvBodyError::kBadPacketType: return "flv body: bad packet type";
    case FlvBodyError::kModExTruncated: return "flv body: modifier truncated";
    case FlvBodyError::kBadMultitrackType: return "flv body: bad multitrack type";
    case FlvBodyError::kTrackTruncated: return "flv body: track truncated";
    case FlvBodyError::kBadChannelConfig: return "flv body: bad channel config";
  }
  return "flv body: unknown";
}

enum class FlvMultitrack : std::uint8_t {
  kOneTrack = 0,    // one, with an id of its own
  kManyTracks = 1,  // of one codec
  kManyTracksManyCodecs = 2,
  kNone = 0xff,  // not a multitrack tag: one track, whose id is 0
};

constexpr std::string_view ToString(FlvMultitrack type) {
  switch (type) {
    case FlvMultitrack::kOneTrack: return "one track";
    case FlvMultitrack::kManyTracks: return "many tracks";
    case FlvMultitrack::kManyTracksManyCodecs: return "many tracks, many codecs";
    case FlvMultitrack::kNone: break;
  }
  return "none";
}

// kUnknown for those that Codec has no name for.
constexpr Codec FlvCodec(std::uint32_t four_cc) {
  switch (four_cc) {
    case FourCc("avc1"): return Codec::kH264;
    case FourCc("hvc1"): return Codec::kH265;
    case FourCc("vvc1"): return Codec::kH266;
    case FourCc("vp08"): return Codec::kVp8;
    case FourCc("vp09"): return Codec::kVp9;
    case FourCc("av01"): return Codec::kAv1;
    case FourCc("mp4a"): return Codec::kAac;
    case FourCc("Opus"): return Codec::kOpus;
    default: return Codec::kUnknown;
  }
}

// What a tag carries of one track.
struct FlvTrack {
  std::uint8_t id = 0;
  // Tags of the older form have one, too, where there is one: "avc1", "mp4a".
  std::uint32_t four_cc = 0;
  std::int32_t composition_time = 0;  // video: pts - dts, milliseconds, 24 bits
  Bytes data = {};

  constexpr Codec codec() const { return FlvCodec(four_cc); }
};

namespace internal {

// What stands between the first byte of a body and its tracks.
struct FlvHeader {
  std::uint8_t packet_type = 1;  // kCodedFrames of both
  FlvMultitrack multitrack = FlvMultitrack::kNone;
  std::uint32_t four_cc = 0;  // 0: each track has its own
  std::uint32_t nanosecond_offset = 0;
};

// Which tracks begin with a composition time.
enum class FlvTimes : std::uint8_t { kNone, kByCodec, kAll };

inline constexpr std::uint8_t kFlvModEx = 7;

// The modifiers: each a size (UI8, or UI16 behind a 255) less one, as many bytes,
// its type and the packet type that follows. Unknown ones are passed over.
[[nodiscard]] constexpr bool TakeFlvModifiers(ByteReader& reader, FlvHeader& header) noexcept {
  while (header.packet_type == kFlvModEx) {
    std::uint8_t small = 0;
    std::uint8_t types = 0;
    Bytes data;
    if (!reader.ReadU8(small)) return false;
    std::size_t size = small + 1u;
    if (size == 256) {
      std::uint16_t large = 0;
      if (!reader.ReadU16(large)) return false;
      size = large + 1u;
    }
    if (!reader.ReadBytes(size, data) || !reader.ReadU8(types)) return false;
    // TimestampOffsetNano
    if (types >> 4 == 0 && size >= 3) header.nanosecond_offset = LoadU24(data.data());
    header.packet_type = types & 0xf;
  }
  return true;
}

// Whether several tracks follow, and the codec that all of them have. `several` is the
// packet type that says so; bit n of `known` says that packet type n is none of the reserved.
[[nodiscard]] constexpr bool TakeFlvCodec(ByteReader& reader, std::uint8_t several, unsigned known, FlvHeader& header,
                                          FlvBodyError& error) noexcept {
  std::uint8_t kind = 0;
  const bool multitrack = header.packet_type == several;
  if (multitrack) {
    error = FlvBodyError::kTooShort;
    if (!reader.ReadU8(kind)) return false;
    header.packet_type = kind & 0xf;
    kind >>= 4;
  }
  error = FlvBodyError::kBadPacketType;
  if ((known >> header.packet_type & 1) == 0) return false;
  error = FlvBodyError::kBadMultitrackType;
  if (kind > 2) return false;
  if (multitrack) header.multitrack = static_cast<FlvMultitrack>(kind);
  error = FlvBodyError::kTooShort;
  return header.multitrack == FlvMultitrack::kManyTracksManyCodecs || reader.ReadU32(header.four_cc);
}

constexpr bool HasFlvSizes(FlvMultitrack type) {
  return type == FlvMultitrack::kManyTracks || type == FlvMultitrack::kManyTracksManyCodecs;
}
constexpr bool HasFlvTime(std::uint32_t four_cc, FlvTimes times) {
  if (times != FlvTimes::kByCodec) return times == FlvTimes::kAll;
  return four_cc == FourCc("avc1") || four_cc == FourCc("hvc1") || four_cc == FourCc("vvc1");
}

}  // namespace internal

// Walks over the tracks of a tag that a view has proved.
class FlvTrackReader {
 public:
  constexpr FlvTrackReader(Bytes tracks, const internal::FlvHeader& header, internal::FlvTimes times)
      : reader_(tracks), multitrack_(header.multitrack), four_cc_(header.four_cc), times_(times) {}

  [[nodiscard]] constexpr bool Next(FlvTrack& out) noexcept {
    if (done_ || !Take(out)) return false;
    done_ = !internal::HasFlvSizes(multitrack_) || reader_.empty();
    return true;
  }
  // After Next() said false: whether there was at least one, and no byte is left.
  constexpr bool complete() const { return done_; }

 private:
  constexpr bool Take(FlvTrack& out) noexcept {
    ByteReader reader = reader_;
    FlvTrack track;
    track.four_cc = four_cc_;
    if (multitrack_ == FlvMultitrack::kManyTracksManyCodecs && !reader.ReadU32(track.four_cc)) return false;
    if (multitrack_ != FlvMultitrack::kNone && !reader.ReadU8(track.id)) return false;
    std::uint32_t size = static_cast<std::uint32_t>(reader.remaining());
    if (internal::HasFlvSizes(multitrack_) && !reader.ReadU24(size)) return false;
    if (!reader.ReadBytes(size, track.data)) return false;
    if (internal::HasFlvTime(track.four_cc, times_)) {
      if (track.data.size() < 3) return false;
      const std::uint32_t time = LoadU24(track.data.data());
      track.composition_time = static_cast<std::int32_t>(time) - (time >= 0x800000 ? 0x1000000 : 0);
      track.data = track.data.subspan(3);
    }
    reader_ = reader;
    out = track;
    return true;
  }

  ByteReader reader_;
  FlvMultitrack multitrack_;
  std::uint32_t four_cc_;
  internal::FlvTimes times_;
  bool done_ = false;
};

namespace internal {

// Reads to the end of the tracks; false when one does not fit, or there is none.
[[nodiscard]] constexpr bool CheckFlvTracks(FlvTrackReader reader, FlvTrack& first) noexcept {
  if (!reader.Next(first)) return false;
  for (FlvTrack track; reader.Next(track);) continue;
  return reader.complete();
}

// What the writers of bodies have in common.
constexpr std::uint8_t FirstFlvPacketType(const FlvHeader& header, std::uint8_t several) {
  if (header.nanosecond_offset != 0) return kFlvModEx;
  return header.multitrack == FlvMultitrack::kNone ? header.packet_type : several;
}
// All but the first byte, up to the tracks.
constexpr std::size_t FlvHeaderSize(const FlvHeader& header) {
  return (header.nanosecond_offset != 0 ? 5u : 0u) + (header.multitrack == FlvMultitrack::kNone ? 0u : 1u) +
         (header.multitrack == FlvMultitrack::kManyTracksManyCodecs ? 0u : 4u);
}
constexpr void WriteFlvModifier(FlvHeader header, std::uint8_t several, ByteWriter& out) noexcept {
  if (header.nanosecond_offset == 0) return;
  out.WriteU8(2);  // three bytes
  out.WriteU24(header.nanosecond_offset);
  header.nanosecond_offset = 0;
  out.WriteU8(FirstFlvPacketType(header, several));  // in the upper bits TimestampOffsetNano, 0
}
constexpr void WriteFlvHeader(const FlvHeader& header, std::uint8_t several, ByteWriter& out) noexcept {
  WriteFlvModifier(header, several, out);
  if (header.multitrack != FlvMultitrack::kNone) {
    out.WriteU8(static_cast<std::uint8_t>(static_cast<unsigned>(header.multitrack) << 4 | header.packet_type));
  }
  if (header.multitrack != FlvMultitrack::kManyTracksManyCodecs) out.WriteU32(header.four_cc);
}
// Of a tag whose tracks are to have one codec, unless each has its own.
constexpr bool CanWriteFlvTracks(std::span<const FlvTrack> tracks, FlvMultitrack type, FlvTimes times) {
  if (tracks.empty() || (!HasFlvSizes(type) && tracks.size() != 1)) return false;
  for (const FlvTrack& track : tracks) {
    const bool timed = HasFlvTime(track.four_cc, times);
    const std::int32_t time = track.composition_time;
    if (type != FlvMultitrack::kManyTracksManyCodecs && track.four_cc != tracks[0].four_cc) return false;
    if (timed ? time < -0x800000 || time > 0x7fffff : time != 0) return false;
    if (track.data.size() > (timed ? 0xfffffcu : 0xffffffu)) return false;
  }
  return true;
}
// Without its media.
constexpr std::size_t FlvTrackHeaderSize(const FlvTrack& track, FlvMultitrack type, FlvTimes times) {
  return (type == FlvMultitrack::kManyTracksManyCodecs ? 4u : 0u) + (type == FlvMultitrack::kNone ? 0u : 1u) +
         (HasFlvSizes(type) ? 3u : 0u) + (HasFlvTime(track.four_cc, times) ? 3u : 0u);
}
constexpr void WriteFlvTrackHeader(const FlvTrack& track, FlvMultitrack type, FlvTimes times,
                                   ByteWriter& out) noexcept {
  const bool timed = HasFlvTime(track.four_cc, times);
  if (type == FlvMultitrack::kManyTracksManyCodecs) out.WriteU32(track.four_cc);
  if (type != FlvMultitrack::kNone) out.WriteU8(track.id);
  if (HasFlvSizes(type)) out.WriteU24(static_cast<std::uint32_t>(track.data.size() + (timed ? 3u : 0u)));
  if (timed) out.WriteU24(static_cast<std::uint32_t>(track.composition_time) & 0xffffff);
}

}  // namespace internal
}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FLV_ENHANCED_H_
