#ifndef MEDIACORE_MUX_WEBM_TRACK_H_
#define MEDIACORE_MUX_WEBM_TRACK_H_

#include <numeric>

#include "mediacore/mux/ebml.h"
#include "mediacore/mux/track.h"
#include "mediacore/mux/webm_id.h"

namespace mediacore::mux {

// Names of codecs in Matroska (RFC 9559 and the codec mappings beside it). The first of a codec is
// what is written.
struct WebmCodec {
  std::string_view id;
  Codec codec;
  bool in_webm;            // or in Matroska only
  bool private_is_config;  // CodecPrivate is TrackConfig::codec_config
  bool needs_private;
};
inline constexpr std::array<WebmCodec, 12> kWebmCodecs = {{
    {"V_VP8", Codec::kVp8, true, false, false},
    {"V_VP9", Codec::kVp9, true, false, false},
    {"V_AV1", Codec::kAv1, true, true, true},
    {"A_OPUS", Codec::kOpus, true, false, true},
    {"V_MPEG4/ISO/AVC", Codec::kH264, false, true, true},
    {"V_MPEGH/ISO/HEVC", Codec::kH265, false, true, true},
    {"A_AAC", Codec::kAac, false, true, true},
    {"A_AAC/MPEG4/LC", Codec::kAac, false, true, true},
    {"A_AAC/MPEG4/LC/SBR", Codec::kAac, false, true, true},
    {"A_AAC/MPEG2/LC", Codec::kAac, false, true, true},
    {"V_MPEGI/ISO/VVC", Codec::kH266, false, true, true},
    {"A_VORBIS", Codec::kUnknown, true, false, true},
}};
// Null for another.
constexpr const WebmCodec* FindWebmCodec(Codec codec) {
  for (const WebmCodec& known : kWebmCodecs) {
    if (known.codec == codec && codec != Codec::kUnknown) return &known;
  }
  return nullptr;
}
constexpr const WebmCodec* FindWebmCodec(Bytes id) {
  for (const WebmCodec& known : kWebmCodecs) {
    if (std::equal(known.id.begin(), known.id.end(), id.begin(), id.end())) return &known;
  }
  return nullptr;
}

// Why a TrackEntry is none, in the order looked at.
enum class WebmTrackError : std::uint8_t {
  kBadElement,  // something in it is malformed or runs past its end
  kBadValue,    // a number with more than 8 bytes, or a float with other than 4 or 8
  kBadNumber,   // no track number, 0, or above 2^32 - 1
};

constexpr std::string_view ToString(WebmTrackError error) {
  switch (error) {
    case WebmTrackError::kBadElement: return "webm track: bad element";
    case WebmTrackError::kBadValue: return "webm track: bad value";
    case WebmTrackError::kBadNumber: return "webm track: bad number";
  }
  return "webm track: unknown";
}

// What Tracks says of one track (RFC 9559, section 5.1.4). Bytes lie where it was read from.
struct WebmTrack {
  enum class Kind : std::uint8_t { kOther, kVideo, kAudio };

  Kind kind = Kind::kOther;
  // `id` is the track number; `codec` kUnknown for one that kWebmCodecs does not have; `codec_config`
  // as TrackConfig wants it; `timescale` 1000, that of nearly all files: the reader puts
  // in what its segment has.
  TrackConfig config;
  Bytes codec_id;       // "V_VP9"
  Bytes codec_private;  // of Opus the OpusHead, of Vorbis its headers
  Bytes name;
  std::uint64_t uid = 0;
  std::uint64_t default_duration_ns = 0;  // of a frame; 0: not said
  std::uint64_t codec_delay_ns = 0;       // what is heard or shown is that much earlier than its frames say
  std::uint64_t seek_pre_roll_ns = 0;     // to decode, not show, after a seek
  std::uint64_t bit_depth = 0;
  bool encoded = false;  // frames are compressed or encrypted (ContentEncodings); they come out as they are

  // Of the body of a TrackEntry.
  static constexpr Expected<WebmTrack, WebmTrackError> Parse(Bytes entry) noexcept {
    WebmTrack track;
    track.config.timescale = 1000;
    track.config.language = {'e', 'n', 'g'};
    std::uint64_t number = 0;
    std::uint64_t type = 0;
    Picture picture;
    ByteReader reader(entry);
    while (!reader.empty()) {
      const auto element = EbmlElement::TakeFrom(reader);
      if (!element) return WebmTrackError::kBadElement;
      bool good = true;
      switch (element->id()) {
        case webm_id::kTrackNumber: good = element->ReadUnsigned(number); break;
        case webm_id::kTrackUid: good = element->ReadUnsigned(track.uid); break;
        case webm_id::kTrackType: good = element->ReadUnsigned(type); break;
        case webm_id::kDefaultDuration: good = element->ReadUnsigned(track.default_duration_ns); break;
        case webm_id::kCodecDelay: good = element->ReadUnsigned(track.codec_delay_ns); break;
        case webm_id::kSeekPreRoll: good = element->ReadUnsigned(track.seek_pre_roll_ns); break;
        case webm_id::kCodecId: track.codec_id = element->text(); break;
        case webm_id::kCodecPrivate: track.codec_private = element->body(); break;
        case webm_id::kName: track.name = element->text(); break;
        case webm_id::kLanguage: track.SetLanguage(element->text()); break;
        case webm_id::kContentEncodings: track.encoded = true; break;
        case webm_id::kVideo:
        case webm_id::kAudio:
          if (const auto error = track.ReadInner(element->body(), picture); error != Inner::kGood) {
            return error == Inner::kBadElement ? WebmTrackError::kBadElement : WebmTrackError::kBadValue;
          }
          break;
        default: break;
      }
      if (!good) return WebmTrackError::kBadValue;
    }
    if (number == 0 || number > 0xffffffff) return WebmTrackError::kBadNumber;
    track.kind = type == 1 ? Kind::kVideo : type == 2 ? Kind::kAudio : Kind::kOther;
    track.config.id = static_cast<std::uint32_t>(number);
    track.SetPicture(picture);
    if (const WebmCodec* const known = FindWebmCodec(track.codec_id)) {
      track.config.codec = known->codec;
      if (known->private_is_config) track.config.codec_config = track.codec_private;
    }
    return track;
  }

 private:
  enum class Inner : std::uint8_t { kGood, kBadElement, kBadValue };
  struct Picture {
    std::uint64_t width = 0;
    std::uint64_t height = 0;
    std::uint64_t display_width = 0;
    std::uint64_t display_height = 0;
    std::uint64_t display_unit = 0;
  };

  // Of Video or Audio, and of Colour within.
  constexpr Inner ReadInner(Bytes body, Picture& picture) noexcept {
    ByteReader outer(body);
    ByteReader colour{Bytes()};
    while (!outer.empty() || !colour.empty()) {
      ByteReader& reader = colour.empty() ? outer : colour;
      const auto element = EbmlElement::TakeFrom(reader);
      if (!element) return Inner::kBadElement;
      std::uint64_t number = 0;
      double real = 0;
      bool good = true;
      switch (element->id()) {
        case webm_id::kPixelWidth: good = element->ReadUnsigned(picture.width); break;
        case webm_id::kPixelHeight: good = element->ReadUnsigned(picture.height); break;
        case webm_id::kDisplayWidth: good = element->ReadUnsigned(picture.display_width); break;
        case webm_id::kDisplayHeight: good = element->ReadUnsigned(picture.display_height); break;
        case webm_id::kDisplayUnit: good = element->ReadUnsigned(picture.display_unit); break;
        case webm_id::kSamplingFrequency:
          good = element->ReadFloat(real);
          config.sample_rate = real >= 0 && real < 4e9 ? static_cast<std::uint32_t>(real + 0.5) : 0;
          break;
        case webm_id::kChannels:
          good = element->ReadUnsigned(number);
          config.channels = static_cast<std::uint8_t>(std::min<std::uint64_t>(number, 255));
          break;
        case webm_id::kBitDepth: good = element->ReadUnsigned(bit_depth); break;
        case webm_id::kColour:
          if (colour.empty()) colour = ByteReader(element->body());
          break;
        case webm_id::kPrimaries: good = ReadU16(*element, config.colour.primaries); break;
        case webm_id::kTransferCharacteristics: good = ReadU16(*element, config.colour.transfer); break;
        case webm_id::kMatrixCoefficients: good = ReadU16(*element, config.colour.matrix); break;
        case webm_id::kRange:
          good = element->ReadUnsigned(number);
          config.colour.full_range = number == 2;
          break;
        default: break;
      }
      if (!good) return Inner::kBadValue;
    }
    return Inner::kGood;
  }
  static constexpr bool ReadU16(const EbmlElement& element, std::uint16_t& out) noexcept {
    std::uint64_t number = 0;
    const bool good = element.ReadUnsigned(number);
    out = static_cast<std::uint16_t>(std::min<std::uint64_t>(number, 0xffff));
    return good;
  }
  constexpr void SetLanguage(Bytes text) noexcept {
    if (text.size() != 3) return;
    for (std::size_t i = 0; i < 3; ++i) config.language[i] = static_cast<char>(text[i]);
  }
  constexpr void SetPicture(const Picture& picture) noexcept {
    config.width = static_cast<std::uint16_t>(std::min<std::uint64_t>(picture.width, 0xffff));
    config.height = static_cast<std::uint16_t>(std::min<std::uint64_t>(picture.height, 0xffff));
    // Pixels or an aspect ratio; centimetres and inches tell nobody anything.
    if (picture.display_unit != 0 && picture.display_unit != 3) return;
    if (picture.display_width == 0 || picture.display_height == 0 || picture.display_width > 0xffff ||
        picture.display_height > 0xffff || config.width == 0 || config.height == 0) {
      return;
    }
    const std::uint64_t across = picture.display_width * config.height;
    const std::uint64_t down = picture.display_height * config.width;
    if (across == down) return;
    const std::uint64_t divisor = std::gcd(across, down);
    config.pixel_width = static_cast<std::uint32_t>(across / divisor);
    config.pixel_height = static_cast<std::uint32_t>(down / divisor);
  }
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_WEBM_TRACK_H_
