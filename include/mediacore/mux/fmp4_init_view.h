#ifndef MEDIACORE_MUX_FMP4_INIT_VIEW_H_
#define MEDIACORE_MUX_FMP4_INIT_VIEW_H_

#include <array>
#include <string_view>

#include "mediacore/mux/box_view.h"
#include "mediacore/mux/track.h"
#include "mediacore/mux/video_entry.h"

namespace mediacore::mux {

// Why bytes hold no initialization section, in the order looked at.
enum class InitError : std::uint8_t {
  kBadBox,         // something that is no box before the end of moov
  kNoMovie,        // no moov
  kTooManyTracks,  // more than InitView::kMaxTracks
  kBadTrack,       // tkhd, mdhd, hdlr or stsd missing, cut short, or a time scale of 0
  kNoTrack,        // no trak at all
};

constexpr std::string_view ToString(InitError error) {
  switch (error) {
    case InitError::kBadBox: return "fmp4 init: not a box";
    case InitError::kNoMovie: return "fmp4 init: no moov";
    case InitError::kTooManyTracks: return "fmp4 init: too many tracks";
    case InitError::kBadTrack: return "fmp4 init: bad track";
    case InitError::kNoTrack: return "fmp4 init: no track";
  }
  return "fmp4 init: unknown";
}

// What fragments of a track leave unsaid (trex; ISO/IEC 14496-12, 8.8.3).
struct TrackDefaults {
  std::uint32_t duration = 0;
  std::uint32_t size = 0;
  std::uint32_t flags = 0;
};

// The initialization section at the front of a fragmented MP4: its tracks as
// InitWriter takes them: video as video_entry.h has it, AAC and Opus. Other
// tracks have codec kUnknown. Points into the bytes it was made from; reads each of them a fixed
// number of times; nesting is followed along known paths only, never deeper.
class InitView {
 public:
  static constexpr std::size_t kMaxTracks = 8;

  static constexpr Expected<InitView, InitError> Parse(Bytes bytes) noexcept;

  constexpr std::span<const TrackConfig> tracks() const {
    return std::span(tracks_).first(count_);
  }
  constexpr const TrackDefaults& defaults(std::size_t track) const {
    return defaults_[track];
  }
  // Which of tracks() has that id; false when none has.
  [[nodiscard]] constexpr bool Find(std::uint32_t id, std::size_t& track) const {
    for (track = 0; track < count_; ++track) {
      if (tracks_[track].id == id) return true;
    }
    return false;
  }
  // Up to the end of moov: fragments may come right after.
  constexpr std::size_t size() const { return size_; }

 private:
  constexpr InitView() = default;
  static constexpr bool ParseTrack(Bytes trak, TrackConfig& track) noexcept;
  static constexpr void ParseEntry(const BoxView& entry, bool video,
                                   TrackConfig& track) noexcept;
  static constexpr bool FindAacConfig(Bytes esds, Bytes& config) noexcept;

  std::array<TrackConfig, kMaxTracks> tracks_;
  std::array<TrackDefaults, kMaxTracks> defaults_;
  std::size_t count_ = 0;
  std::size_t size_ = 0;
};

constexpr Expected<InitView, InitError> InitView::Parse(Bytes bytes) noexcept {
  InitView view;
  ByteReader top(bytes);
  Bytes movie;
  for (bool found = false; !found;) {
    if (top.empty()) return InitError::kNoMovie;
    const auto box = BoxView::TakeFrom(top);
    if (!box) return InitError::kBadBox;
    found = box->Is("moov");
    movie = box->body();
  }
  view.size_ = bytes.size() - top.remaining();

  ByteReader children(movie);
  Bytes extends;
  while (!children.empty()) {
    const auto box = BoxView::TakeFrom(children);
    if (!box) return InitError::kBadBox;
    if (box->Is("mvex")) extends = box->body();
    if (!box->Is("trak")) continue;
    if (view.count_ == kMaxTracks) return InitError::kTooManyTracks;
    if (!ParseTrack(box->body(), view.tracks_[view.count_])) {
      return InitError::kBadTrack;
    }
    ++view.count_;
  }
  if (view.count_ == 0) return InitError::kNoTrack;

  ByteReader boxes(extends);
  while (const auto box = BoxView::TakeFrom(boxes)) {
    const Bytes body = box->body();
    std::size_t track = 0;
    if (!box->Is("trex") || body.size() < 24) continue;
    if (!view.Find(LoadU32(body.data() + 4), track)) continue;
    view.defaults_[track] = {LoadU32(body.data() + 12), LoadU32(body.data() + 16),
                             LoadU32(body.data() + 20)};
  }
  return view;
}

constexpr bool InitView::ParseTrack(Bytes trak, TrackConfig& track) noexcept {
  Bytes tkhd, mdia, mdhd, hdlr, minf, stbl, stsd, edts, elst;
  if (!FindBox(trak, "tkhd", tkhd) || !FindBox(trak, "mdia", mdia) ||
      !FindBox(mdia, "mdhd", mdhd) || !FindBox(mdia, "hdlr", hdlr) ||
      !FindBox(mdia, "minf", minf) || !FindBox(minf, "stbl", stbl) ||
      !FindBox(stbl, "stsd", stsd)) {
    return false;
  }
  // Version 1 has creation and modification times of 64 bits.
  if (tkhd.size() < 24 || mdhd.size() < 24 || hdlr.size() < 12 || stsd.size() < 8) {
    return false;
  }
  track.id = LoadU32(tkhd.data() + (tkhd[0] == 1 ? 20 : 12));
  track.timescale = LoadU32(mdhd.data() + (mdhd[0] == 1 ? 20 : 12));
  if (track.id == 0 || track.timescale == 0) return false;
  const std::size_t language_at = mdhd[0] == 1 ? 32 : 20;
  if (mdhd.size() < language_at + 2) return false;
  const std::uint16_t language = LoadU16(mdhd.data() + language_at);
  for (std::size_t i = 0; i < 3; ++i) {
    track.language[i] = static_cast<char>(0x60 + (language >> (10 - 5 * i) & 31));
  }

  ByteReader entries(stsd.subspan(8));
  if (const auto entry = BoxView::TakeFrom(entries)) {
    ParseEntry(*entry, LoadU32(hdlr.data() + 8) == FourCc("vide"), track);
  }

  if (FindBox(trak, "edts", edts) && FindBox(edts, "elst", elst) && elst.size() >= 8) {
    const bool wide = elst[0] == 1;
    ByteReader reader(elst.subspan(8));
    Bytes edit;
    while (reader.ReadBytes(wide ? 20 : 12, edit)) {
      const std::uint64_t start =
          wide ? LoadU64(edit.data() + 8) : LoadU32(edit.data() + 4);
      if (start == (wide ? ~std::uint64_t{0} : 0xffffffffu)) continue;  // a pause
      if (start <= 0xffffffffu) track.priming = static_cast<std::uint32_t>(start);
      break;
    }
  }
  return true;
}

constexpr void InitView::ParseEntry(const BoxView& entry, bool video,
                                    TrackConfig& track) noexcept {
  const Bytes body = entry.body();
  std::size_t fixed = video ? 78 : 28;
  if (body.size() < fixed) return;
  Bytes box;
  if (video) {
    track.width = LoadU16(body.data() + 24);
    track.height = LoadU16(body.data() + 26);
  } else {
    track.channels = static_cast<std::uint8_t>(LoadU16(body.data() + 16));
    track.sample_rate = LoadU32(body.data() + 24) >> 16;
    const std::uint16_t version = LoadU16(body.data() + 8);  // QuickTime's
    if (version == 1) fixed += 16;
    if (version == 2) fixed += 36;
    if (body.size() < fixed) return;
  }
  const Bytes children = body.subspan(fixed);

  if (const VideoEntry* names = video ? FindVideoEntry(entry.type()) : nullptr) {
    if (FindBox(children, names->config, box) && (!names->full || (box.size() >= 4 && box[0] == 1))) {
      track.codec_config = names->full ? box.subspan(4) : box;
      track.codec = names->codec;
    }
  } else if (!video && entry.Is("mp4a")) {
    if (FindBox(children, "esds", box) && FindAacConfig(box, track.codec_config)) {
      track.codec = Codec::kAac;
    }
  } else if (!video && entry.Is("Opus")) {
    if (FindBox(children, "dOps", box) && box.size() >= 11) {
      track.codec = Codec::kOpus;
      track.channels = box[1];
      track.sample_rate = LoadU32(box.data() + 4);
      const std::uint64_t skip = LoadU16(box.data() + 2);
      track.priming = static_cast<std::uint32_t>(skip * track.timescale / 48'000);
    }
  }
  if (FindBox(children, "colr", box) && box.size() >= 11 &&
      LoadU32(box.data()) == FourCc("nclx")) {
    track.colour = {LoadU16(box.data() + 4), LoadU16(box.data() + 6),
                    LoadU16(box.data() + 8), (box[10] & 0x80) != 0};
  }
  if (FindBox(children, "pasp", box) && box.size() >= 8) {
    track.pixel_width = LoadU32(box.data());
    track.pixel_height = LoadU32(box.data() + 4);
  }
  if (FindBox(children, "btrt", box) && box.size() >= 12) {
    track.max_bitrate = LoadU32(box.data() + 4);
    track.average_bitrate = LoadU32(box.data() + 8);
  }
}

// ISO/IEC 14496-1, 7.2.6: ES_Descriptor, DecoderConfigDescriptor,
// DecoderSpecificInfo, one in the other.
constexpr bool InitView::FindAacConfig(Bytes esds, Bytes& config) noexcept {
  if (esds.size() < 4) return false;
  ByteReader reader(esds.subspan(4));
  const auto enter = [&reader](std::uint8_t tag) {
    std::uint8_t byte = 0;
    if (!reader.ReadU8(byte) || byte != tag) return false;
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) {
      if (!reader.ReadU8(byte)) return false;
      size = size << 7 | (byte & 0x7fu);
      if ((byte & 0x80) == 0) break;
    }
    if (size > reader.remaining()) return false;
    reader = ByteReader(reader.rest().first(size));
    return true;
  };
  std::uint8_t flags = 0;
  if (!enter(3) || !reader.Skip(2) || !reader.ReadU8(flags)) return false;
  if ((flags & 0x80) != 0 && !reader.Skip(2)) return false;
  if ((flags & 0x40) != 0) {
    std::uint8_t url = 0;
    if (!reader.ReadU8(url) || !reader.Skip(url)) return false;
  }
  if ((flags & 0x20) != 0 && !reader.Skip(2)) return false;
  std::uint8_t object_type = 0;
  if (!enter(4) || !reader.ReadU8(object_type) || object_type != 0x40) return false;
  if (!reader.Skip(12) || !enter(5) || reader.empty()) return false;
  config = reader.rest();
  return true;
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FMP4_INIT_VIEW_H_
