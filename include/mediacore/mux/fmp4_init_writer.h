#ifndef MEDIACORE_MUX_FMP4_INIT_WRITER_H_
#define MEDIACORE_MUX_FMP4_INIT_WRITER_H_

#include "mediacore/mux/box_writer.h"
#include "mediacore/mux/track.h"
#include "mediacore/mux/video_entry.h"

namespace mediacore::mux {

// The initialization section of fragmented MP4 (ISO/IEC 14496-12, 8.1 and 8.8;
// CMAF, ISO/IEC 23000-19, 7.3.1): ftyp and a moov that describes the tracks and
// holds no samples. With one track it carries the CMAF brand `cmfc`, with AV1 `av01`.
//
//   const TrackConfig track = {.codec = Codec::kH264, ..., .codec_config = avcc};
//   const InitWriter init(std::span(&track, 1));
//   std::vector<std::uint8_t> bytes(init.WireSize());
//   init.Write(bytes);
//
// Writes video as video_entry.h has it (`avc1`, `hvc1`, `vp08`, `vp09`, `av01`),
// AAC as `mp4a` (14496-14) and Opus with one or two channels as `Opus`
// (Encapsulation of Opus in ISOBMFF). A track with priming gets an edit list that
// skips it, so that players and the Opus header agree on where the sound begins.
// Borrows the tracks; no memory of its own.
class InitWriter {
 public:
  constexpr explicit InitWriter(std::span<const TrackConfig> tracks) noexcept
      : tracks_(tracks) {}

  // Whether this writes such a track: codec known, its configuration there.
  static constexpr bool Supports(const TrackConfig& track) noexcept {
    if (track.id == 0 || track.timescale == 0) return false;
    if (track.codec == Codec::kAac || FindVideoEntry(track.codec) != nullptr) {
      return !track.codec_config.empty();
    }
    return track.codec == Codec::kOpus && track.channels >= 1 &&
           track.channels <= 2 && OpusPreSkip(track) <= 0xffff;
  }

  // Exact. 0 when there is no track, or one that is not supported.
  constexpr std::size_t WireSize() const noexcept {
    BoxWriter counter({});
    return Emit(counter) ? counter.size() : 0;
  }

  // Returns WireSize(), or 0 when `out` is shorter than that.
  constexpr std::size_t Write(MutableBytes out) const noexcept {
    BoxWriter writer(out);
    return Emit(writer) && writer.ok() ? writer.size() : 0;
  }

 private:
  static constexpr std::uint64_t OpusPreSkip(const TrackConfig& track) noexcept {
    return std::uint64_t{track.priming} * 48'000 / track.timescale;
  }

  constexpr bool Emit(BoxWriter& w) const noexcept {
    if (tracks_.empty()) return false;
    for (const TrackConfig& track : tracks_) {
      if (!Supports(track)) return false;
    }
    const std::size_t ftyp = w.Begin("ftyp");
    w.Type("iso6");
    w.U32(0);
    w.Type("iso6");
    w.Type("mp41");
    if (tracks_.size() == 1) w.Type("cmfc");
    // AV1 Codec ISO Media File Format Binding, 2.1: shall be named.
    if (std::any_of(tracks_.begin(), tracks_.end(), IsAv1)) w.Type("av01");
    w.End(ftyp);

    const std::size_t moov = w.Begin("moov");
    EmitMovieHeader(w);
    for (const TrackConfig& track : tracks_) EmitTrack(w, track);
    const std::size_t mvex = w.Begin("mvex");
    for (const TrackConfig& track : tracks_) {
      const std::size_t trex = w.BeginFull("trex", 0, 0);
      w.U32(track.id);
      w.U32(1);  // first and only sample description
      w.Zeros(12);  // duration, size, flags: every fragment says them
      w.End(trex);
    }
    w.End(mvex);
    w.End(moov);
    return true;
  }

  static constexpr bool IsAv1(const TrackConfig& track) noexcept { return track.codec == Codec::kAv1; }

  static constexpr void EmitMatrix(BoxWriter& w) noexcept {
    for (const std::uint32_t v :
         {0x10000u, 0u, 0u, 0u, 0x10000u, 0u, 0u, 0u, 0x40000000u}) {
      w.U32(v);
    }
  }

  constexpr void EmitMovieHeader(BoxWriter& w) const noexcept {
    std::uint32_t next_id = 0;
    for (const TrackConfig& track : tracks_) {
      next_id = std::max(next_id, track.id);
    }
    const std::size_t mvhd = w.BeginFull("mvhd", 0, 0);
    w.Zeros(8);  // creation, modification
    w.U32(tracks_[0].timescale);
    w.U32(0);        // duration: that of the fragments
    w.U32(0x10000);  // rate 1.0
    w.U16(0x0100);   // volume 1.0
    w.Zeros(10);
    EmitMatrix(w);
    w.Zeros(24);
    w.U32(next_id == 0xffffffffu ? next_id : next_id + 1);
    w.End(mvhd);
  }

  static constexpr void EmitTrack(BoxWriter& w,
                                  const TrackConfig& track) noexcept {
    const bool video = IsVideo(track.codec);
    const std::size_t trak = w.Begin("trak");
    const std::size_t tkhd = w.BeginFull("tkhd", 0, 3);  // enabled, in movie
    w.Zeros(8);
    w.U32(track.id);
    w.Zeros(4 + 4 + 8);  // reserved, duration, reserved
    w.U32(0);            // layer, alternate group
    w.U16(video ? 0 : 0x0100);
    w.U16(0);
    EmitMatrix(w);
    w.U32(DisplayWidth(track) << 16);
    w.U32(std::uint32_t{track.height} << 16);
    w.End(tkhd);

    if (track.priming > 0) {
      const std::size_t edts = w.Begin("edts");
      const std::size_t elst = w.BeginFull("elst", 0, 0);
      w.U32(1);
      w.U32(0);  // to the end of the track
      w.U32(track.priming);
      w.U32(0x10000);
      w.End(elst);
      w.End(edts);
    }

    const std::size_t mdia = w.Begin("mdia");
    const std::size_t mdhd = w.BeginFull("mdhd", 0, 0);
    w.Zeros(8);
    w.U32(track.timescale);
    w.U32(0);
    std::uint32_t language = 0;
    for (const char c : track.language) {
      language = language << 5 | ((static_cast<std::uint8_t>(c) - 0x60u) & 31u);
    }
    w.U16(language);
    w.U16(0);
    w.End(mdhd);

    const std::size_t hdlr = w.BeginFull("hdlr", 0, 0);
    w.U32(0);
    w.U32(video ? FourCc("vide") : FourCc("soun"));
    w.Zeros(12);
    if (video) {
      w.Text("Video");
    } else {
      w.Text("Audio");
    }
    w.End(hdlr);

    const std::size_t minf = w.Begin("minf");
    const std::size_t media_header =
        video ? w.BeginFull("vmhd", 0, 1) : w.BeginFull("smhd", 0, 0);
    w.Zeros(video ? 8 : 4);
    w.End(media_header);
    const std::size_t dinf = w.Begin("dinf");
    const std::size_t dref = w.BeginFull("dref", 0, 0);
    w.U32(1);
    w.End(w.BeginFull("url ", 0, 1));  // the media is in this file
    w.End(dref);
    w.End(dinf);
    EmitSampleTable(w, track);
    w.End(minf);
    w.End(mdia);
    w.End(trak);
  }

  // The width at which square pixels show the picture undistorted.
  static constexpr std::uint32_t DisplayWidth(const TrackConfig& t) noexcept {
    if (t.pixel_width == 0 || t.pixel_height == 0) return t.width;
    const std::uint64_t width =
        std::uint64_t{t.width} * t.pixel_width / t.pixel_height;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(width, 0xffff));
  }

  static constexpr void EmitSampleTable(BoxWriter& w,
                                        const TrackConfig& track) noexcept {
    const std::size_t stbl = w.Begin("stbl");
    const std::size_t stsd = w.BeginFull("stsd", 0, 0);
    w.U32(1);
    if (const VideoEntry* entry = FindVideoEntry(track.codec)) {
      EmitVideo(w, *entry, track);
    } else {
      EmitAudio(w, track);
    }
    w.End(stsd);
    const std::size_t stts = w.BeginFull("stts", 0, 0);
    w.U32(0);
    w.End(stts);
    const std::size_t stsc = w.BeginFull("stsc", 0, 0);
    w.U32(0);
    w.End(stsc);
    const std::size_t stsz = w.BeginFull("stsz", 0, 0);
    w.Zeros(8);
    w.End(stsz);
    const std::size_t stco = w.BeginFull("stco", 0, 0);
    w.U32(0);
    w.End(stco);
    w.End(stbl);
  }

  static constexpr void EmitVideo(BoxWriter& w, const VideoEntry& names, const TrackConfig& track) noexcept {
    const std::size_t entry = w.Begin(names.type);
    w.Zeros(6);
    w.U16(1);  // data reference
    w.Zeros(16);
    w.U16(track.width);
    w.U16(track.height);
    w.U32(0x480000);  // 72 dpi
    w.U32(0x480000);
    w.U32(0);
    w.U16(1);  // one frame per sample
    w.Zeros(32);
    w.U16(0x18);
    w.U16(0xffff);
    const std::size_t config = names.full ? w.BeginFull(names.config, 1, 0) : w.Begin(names.config);
    w.Raw(track.codec_config);
    w.End(config);
    if (track.colour.primaries != 0) {
      const std::size_t colr = w.Begin("colr");
      w.Type("nclx");
      w.U16(track.colour.primaries);
      w.U16(track.colour.transfer);
      w.U16(track.colour.matrix);
      w.U8(track.colour.full_range ? 0x80 : 0);
      w.End(colr);
    }
    if (track.pixel_width != 0 && track.pixel_height != 0) {
      const std::size_t pasp = w.Begin("pasp");
      w.U32(track.pixel_width);
      w.U32(track.pixel_height);
      w.End(pasp);
    }
    EmitBitrate(w, track);
    w.End(entry);
  }

  static constexpr void EmitAudio(BoxWriter& w,
                                  const TrackConfig& track) noexcept {
    const bool opus = track.codec == Codec::kOpus;
    const std::size_t entry = opus ? w.Begin("Opus") : w.Begin("mp4a");
    w.Zeros(6);
    w.U16(1);
    w.Zeros(8);
    w.U16(track.channels);
    w.U16(16);
    w.U32(0);
    const std::uint32_t rate = opus ? 48'000 : track.sample_rate;
    w.U32(rate <= 0xffff ? rate << 16 : 0);
    if (opus) {
      const std::size_t dops = w.Begin("dOps");
      w.U8(0);
      w.U8(track.channels);
      w.U16(static_cast<std::uint32_t>(OpusPreSkip(track)));
      w.U32(track.sample_rate);
      w.U16(0);  // gain
      w.U8(0);   // mapping family 0: mono or stereo
      w.End(dops);
    } else {
      EmitEsds(w, track);
    }
    EmitBitrate(w, track);
    w.End(entry);
  }

  // ISO/IEC 14496-1, 7.2.6: descriptors with lengths in four times seven bits.
  static constexpr void EmitEsds(BoxWriter& w, const TrackConfig& track) noexcept {
    const std::size_t config = track.codec_config.size();
    const auto descriptor = [&w](std::uint8_t tag, std::size_t size) {
      w.U8(tag);
      for (int shift = 21; shift >= 0; shift -= 7) {
        w.U8(static_cast<std::uint32_t>(size >> shift & 0x7f) |
             (shift > 0 ? 0x80u : 0u));
      }
    };
    const std::size_t esds = w.BeginFull("esds", 0, 0);
    descriptor(0x03, 3 + (5 + 13) + (5 + config) + (5 + 1));
    w.U16(0);  // ES_ID: the track's own
    w.U8(0);
    descriptor(0x04, 13 + 5 + config);
    w.U8(0x40);   // MPEG-4 audio
    w.U8(0x15);   // audio stream
    w.Zeros(11);  // buffer size and rates: see btrt
    descriptor(0x05, config);
    w.Raw(track.codec_config);
    descriptor(0x06, 1);
    w.U8(2);
    w.End(esds);
  }

  static constexpr void EmitBitrate(BoxWriter& w,
                                    const TrackConfig& track) noexcept {
    if (track.max_bitrate == 0) return;
    const std::size_t btrt = w.Begin("btrt");
    w.U32(0);
    w.U32(track.max_bitrate);
    w.U32(track.average_bitrate);
    w.End(btrt);
  }

  std::span<const TrackConfig> tracks_;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FMP4_INIT_WRITER_H_
