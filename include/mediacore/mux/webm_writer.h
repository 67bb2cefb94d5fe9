#ifndef MEDIACORE_MUX_WEBM_WRITER_H_
#define MEDIACORE_MUX_WEBM_WRITER_H_

#include "mediacore/base/saturating.h"
#include "mediacore/mux/file_patch.h"
#include "mediacore/mux/sample.h"
#include "mediacore/mux/webm_block.h"
#include "mediacore/mux/webm_track.h"

namespace mediacore::mux {

// What WebmWriter::Create() has against a Config, in the order looked at.
enum class WebmWriterError : std::uint8_t {
  kNoTrack,
  kTooManyTracks,     // more than 16
  kBadTrackId,        // 0, or that of another track
  kBadTimescale,      // 0
  kUnsupportedCodec,  // neither a codec of kWebmCodecs nor a codec_id of the caller's
  kNotInWebm,         // a codec that only Matroska has
  kNoCodecPrivate,    // a codec that cannot be decoded without, and none given
};

constexpr std::string_view ToString(WebmWriterError error) {
  switch (error) {
    case WebmWriterError::kNoTrack: return "webm writer: no track";
    case WebmWriterError::kTooManyTracks: return "webm writer: too many tracks";
    case WebmWriterError::kBadTrackId: return "webm writer: bad track id";
    case WebmWriterError::kBadTimescale: return "webm writer: bad time scale";
    case WebmWriterError::kUnsupportedCodec: return "webm writer: unsupported codec";
    case WebmWriterError::kNotInWebm: return "webm writer: codec is not in WebM";
    case WebmWriterError::kNoCodecPrivate: return "webm writer: no codec private data";
  }
  return "webm writer: unknown";
}

// A point to seek to, in memory of the caller.
struct WebmCue {
  std::uint64_t time = 0;      // milliseconds
  std::uint64_t position = 0;  // of the cluster, in the segment
  std::uint32_t track = 0;
};

// Writes WebM or Matroska as it comes, one frame after the other (RFC 9559), with times in
// milliseconds.
//
//   const auto created = WebmWriter::Create({.tracks = tracks});
//   WebmWriter writer = *created;
//   Append(out.first(writer.WriteHeader(out)));
//   Append(out.first(writer.WriteFrame(1, sample, out)));  // each, in the order of decoding
//   Append(out.first(writer.WriteTail(out)));
//
// What is written plays while it is written and when it was cut off: segment and clusters are of
// unknown size. Who can seek sets `seekable`, asks for patches with TakePatch() after each frame and
// after the tail, and writes them into the file: then it has sizes, a duration and, with `cues` given, cues.
// The media may stay where it is: WriteFrameHeader() writes what goes before it.
// A writer keeps no memory but `cues`; what `tracks` points to lives as long.
class WebmWriter {
 public:
  static constexpr std::size_t kMaxTracks = 16;
  // What goes before the bytes of a frame, at most.
  static constexpr std::size_t kMaxFrameHeaderSize = 80;

  struct Track {
    // `id` is the track number, `timescale` that of the samples. `codec_config` of H.264, H.265, AV1 and
    // AAC is written as CodecPrivate.
    TrackConfig config;
    Bytes codec_private = {};               // other codecs: of Opus the OpusHead (RFC 7845, section 5.1)
    std::string_view codec_id = {};         // for codecs that TrackConfig has no word for: "A_VORBIS"
    std::uint64_t default_duration_ns = 0;  // of a frame; 0: not said
  };
  struct Config {
    bool webm = true;  // else Matroska
    std::span<const Track> tracks = {};
    // A cluster ends when it has so much, and before each key frame of the first video track.
    std::int64_t max_cluster_ms = 5000;
    bool cut_at_key_frames = true;
    bool seekable = false;
    // For clusters that begin with a key frame, or any without video. When it is full, every other is
    // given up, and from then on of those that come.
    std::span<WebmCue> cues = {};
    std::string_view application = "mediacore";
  };

  static constexpr Expected<WebmWriter, WebmWriterError> Create(const Config& config) noexcept {
    if (config.tracks.empty()) return WebmWriterError::kNoTrack;
    if (config.tracks.size() > kMaxTracks) return WebmWriterError::kTooManyTracks;
    WebmWriter writer(config);
    for (std::size_t i = 0; i < config.tracks.size(); ++i) {
      const Track& track = config.tracks[i];
      if (track.config.id == 0 || writer.IndexOf(track.config.id) != i) return WebmWriterError::kBadTrackId;
      if (track.config.timescale == 0) return WebmWriterError::kBadTimescale;
      const WebmCodec* const known = KnownCodec(track);
      if (known == nullptr && track.codec_id.empty()) return WebmWriterError::kUnsupportedCodec;
      if (config.webm && (known == nullptr || !known->in_webm)) return WebmWriterError::kNotInWebm;
      if (known != nullptr && known->needs_private && PrivateOf(track).empty()) return WebmWriterError::kNoCodecPrivate;
      if (known != nullptr && known->codec == Codec::kOpus && track.codec_private.size() < kOpusHeadSize) {
        return WebmWriterError::kNoCodecPrivate;
      }
      if (writer.cut_track_ == kMaxTracks && IsVideoTrack(track)) writer.cut_track_ = i;
    }
    return writer;
  }

  constexpr std::size_t HeaderSize() const noexcept {
    EbmlWriter counter({});
    WebmWriter copy = *this;
    copy.EmitHeader(counter);
    return counter.size();
  }
  // What it wrote: HeaderSize(), or 0 when it does not fit. Once, before all frames.
  constexpr std::size_t WriteHeader(MutableBytes out) noexcept {
    if (out.size() < HeaderSize()) return 0;
    EbmlWriter writer(out);
    EmitHeader(writer);
    position_ = writer.size();
    return writer.size();
  }

  // In front of the bytes of `sample`: a new cluster where one begins, and the head of the block. What it
  // wrote, at most kMaxFrameHeaderSize; 0, and nothing changed: it does not fit, there is no such track, or the
  // time is 32 s before 0 or 2^62 ms after. sample.data goes right behind it.
  // `discard_padding_ns` at the end of the frame are not to be heard: the trimmed end of Opus.
  constexpr std::size_t WriteFrameHeader(std::uint32_t track, const Sample& sample, MutableBytes out,
                                         std::int64_t discard_padding_ns = 0) noexcept {
    Plan plan;
    if (!MakePlan(track, sample, plan)) return 0;
    std::array<std::uint8_t, kMaxFrameHeaderSize> bytes{};
    EbmlWriter writer(bytes);
    if (plan.new_cluster) {
      writer.BeginUnknown(webm_id::kCluster);
      writer.Unsigned(webm_id::kTimestamp, static_cast<std::uint64_t>(plan.cluster_time));
    }
    EmitBlockHeader(writer, track, sample, plan, discard_padding_ns);
    if (!writer.ok() || out.size() < writer.size()) return 0;
    std::copy_n(bytes.data(), writer.size(), out.data());
    if (plan.new_cluster) BeginCluster(plan, sample);
    position_ += writer.size() + sample.data.size();
    const auto end = SaturatingAdd(plan.time, ToMs(sample.duration, config_.tracks[plan.track].config.timescale));
    end_ms_ = std::max(end_ms_, end);
    last_time_ = plan.time;
    return writer.size();
  }
  // The same with the bytes of the frame.
  constexpr std::size_t WriteFrame(std::uint32_t track, const Sample& sample, MutableBytes out,
                                   std::int64_t discard_padding_ns = 0) noexcept {
    if (out.size() < sample.data.size()) return 0;
    // First: then the header, which changes the writer, is the last that can fail.
    const MutableBytes header = out.first(out.size() - sample.data.size());
    const std::size_t size = WriteFrameHeader(track, sample, header, discard_padding_ns);
    if (size > 0) std::copy_n(sample.data.data(), sample.data.size(), out.data() + size);
    return size == 0 ? 0 : size + sample.data.size();
  }

  // The cues, if there are some: once, after all frames. What it wrote: TailSize(), or 0 when
  // it does not fit.
  constexpr std::size_t TailSize() const noexcept {
    EbmlWriter counter({});
    EmitCues(counter);
    return counter.size();
  }
  constexpr std::size_t WriteTail(MutableBytes out) noexcept {
    if (out.size() < TailSize()) return 0;
    EbmlWriter writer(out);
    EmitCues(writer);
    cues_at_ = position_;
    EndCluster();
    position_ += writer.size();
    if (config_.seekable) finished_ = kSegmentSize;
    return writer.size();
  }

  // The next bytes for a place before, until false. Those of a cluster go when the next one ends.
  [[nodiscard]] constexpr bool TakePatch(FilePatch& patch) noexcept {
    if (has_cluster_patch_) {
      has_cluster_patch_ = false;
      patch = cluster_patch_;
      return true;
    }
    switch (finished_) {
      case kSegmentSize:
        finished_ = kDuration;
        patch = SizePatch(segment_at_ - 8, position_ - segment_at_);
        return true;
      case kDuration:
        finished_ = kSeekHead;
        patch = DurationPatch();
        return true;
      case kSeekHead:
        finished_ = kNothing;
        patch = SeekHeadPatch();
        return true;
      default: return false;
    }
  }

  // Of all that was written.
  constexpr std::uint64_t size() const { return position_; }
  constexpr std::size_t cue_count() const { return cue_count_; }

 private:
  static constexpr std::size_t kOpusHeadSize = 19;
  static constexpr std::size_t kSeekHeadSize = 68;  // with three entries
  static constexpr std::size_t kDurationSize = 11;
  enum Finished : std::uint8_t { kNothing, kSegmentSize, kDuration, kSeekHead };
  struct Plan {
    std::size_t track = 0;
    std::int64_t time = 0;  // ms
    std::int64_t cluster_time = 0;
    std::int16_t relative = 0;
    bool new_cluster = false;
  };

  constexpr explicit WebmWriter(const Config& config) : config_(config) {}

  static constexpr Bytes AsBytes(std::string_view text, std::span<std::uint8_t, 64> storage) noexcept {
    const std::size_t size = std::min(text.size(), storage.size());
    for (std::size_t i = 0; i < size; ++i) storage[i] = static_cast<std::uint8_t>(text[i]);
    return storage.first(size);
  }
  static constexpr const WebmCodec* KnownCodec(const Track& track) noexcept {
    if (track.codec_id.empty()) return FindWebmCodec(track.config.codec);
    std::array<std::uint8_t, 64> storage{};
    return FindWebmCodec(AsBytes(track.codec_id, storage));
  }
  static constexpr std::string_view IdOf(const Track& track) noexcept {
    return track.codec_id.empty() ? FindWebmCodec(track.config.codec)->id : track.codec_id;
  }
  static constexpr bool IsVideoTrack(const Track& track) noexcept { return IdOf(track)[0] == 'V'; }
  static constexpr Bytes PrivateOf(const Track& track) noexcept {
    const WebmCodec* const known = KnownCodec(track);
    const bool is_config = known != nullptr && known->private_is_config && track.codec_private.empty();
    return is_config ? track.config.codec_config : track.codec_private;
  }
  constexpr std::size_t IndexOf(std::uint32_t id) const noexcept {
    std::size_t i = 0;
    while (i < config_.tracks.size() && config_.tracks[i].config.id != id) ++i;
    return i;
  }
  static constexpr std::int64_t ToMs(std::int64_t ticks, std::uint32_t timescale) noexcept {
    return SaturatingMulDivNearest(ticks, 1000, timescale);
  }

  constexpr void EmitHeader(EbmlWriter& writer) noexcept {
    const std::size_t ebml = writer.Begin(webm_id::kEbml);
    writer.Unsigned(webm_id::kEbmlVersion, 1);
    writer.Unsigned(webm_id::kEbmlReadVersion, 1);
    writer.Unsigned(webm_id::kEbmlMaxIdLength, 4);
    writer.Unsigned(webm_id::kEbmlMaxSizeLength, 8);
    writer.Text(webm_id::kDocType, config_.webm ? "webm" : "matroska");
    writer.Unsigned(webm_id::kDocTypeVersion, 4);
    writer.Unsigned(webm_id::kDocTypeReadVersion, 2);  // SimpleBlock
    writer.End(ebml);
    writer.BeginUnknown(webm_id::kSegment);
    segment_at_ = writer.size();
    if (config_.seekable) EmitVoid(writer, kSeekHeadSize);
    info_at_ = writer.size();
    const std::size_t info = writer.Begin(webm_id::kInfo);
    writer.Unsigned(webm_id::kTimestampScale, 1'000'000);
    writer.Text(webm_id::kMuxingApp, "mediacore");
    writer.Text(webm_id::kWritingApp, config_.application);
    duration_at_ = writer.size();
    if (config_.seekable) EmitVoid(writer, kDurationSize);
    writer.End(info);
    tracks_at_ = writer.size();
    const std::size_t tracks = writer.Begin(webm_id::kTracks);
    for (const Track& track : config_.tracks) EmitTrack(writer, track);
    writer.End(tracks);
  }
  // `size` bytes in all, 2 to 128.
  static constexpr void EmitVoid(EbmlWriter& writer, std::size_t size) noexcept {
    constexpr std::array<std::uint8_t, 126> kZeros{};
    writer.Binary(webm_id::kVoid, Bytes(kZeros).first(size - 2));
  }

  static constexpr void EmitTrack(EbmlWriter& writer, const Track& track) noexcept {
    const TrackConfig& config = track.config;
    const bool video = IsVideoTrack(track);
    const std::size_t entry = writer.Begin(webm_id::kTrackEntry);
    writer.Unsigned(webm_id::kTrackNumber, config.id);
    writer.Unsigned(webm_id::kTrackUid, config.id);
    writer.Unsigned(webm_id::kTrackType, video ? 1 : IdOf(track)[0] == 'A' ? 2 : 17);
    writer.Unsigned(webm_id::kFlagLacing, 0);
    writer.Text(webm_id::kLanguage, {config.language.data(), config.language.size()});
    writer.Text(webm_id::kCodecId, IdOf(track));
    const Bytes codec_private = PrivateOf(track);
    if (!codec_private.empty()) writer.Binary(webm_id::kCodecPrivate, codec_private);
    if (track.default_duration_ns != 0) writer.Unsigned(webm_id::kDefaultDuration, track.default_duration_ns);
    EmitDelay(writer, track);
    if (video) {
      EmitVideo(writer, config);
    } else if (IdOf(track)[0] == 'A') {
      const std::size_t audio = writer.Begin(webm_id::kAudio);
      if (config.sample_rate != 0) writer.Float(webm_id::kSamplingFrequency, config.sample_rate);
      if (config.channels != 0) writer.Unsigned(webm_id::kChannels, config.channels);
      writer.End(audio);
    }
    writer.End(entry);
  }
  // Of Opus what its head says at byte 10, and 80 ms to decode before what is heard after a seek
  // (RFC 7845, section 4.6).
  static constexpr void EmitDelay(EbmlWriter& writer, const Track& track) noexcept {
    const WebmCodec* const known = KnownCodec(track);
    const bool opus = known != nullptr && known->codec == Codec::kOpus;
    const std::int64_t delay =
        opus ? SaturatingMulDivNearest(LoadLittleU16(track.codec_private.data() + 10), 1'000'000'000, 48'000)
             : SaturatingMulDivNearest(track.config.priming, 1'000'000'000, track.config.timescale);
    if (delay != 0) writer.Unsigned(webm_id::kCodecDelay, static_cast<std::uint64_t>(delay));
    if (opus) writer.Unsigned(webm_id::kSeekPreRoll, 80'000'000);
  }
  static constexpr void EmitVideo(EbmlWriter& writer, const TrackConfig& config) noexcept {
    const std::size_t video = writer.Begin(webm_id::kVideo);
    writer.Unsigned(webm_id::kPixelWidth, config.width);
    writer.Unsigned(webm_id::kPixelHeight, config.height);
    if (config.pixel_width != 0 && config.pixel_height != 0) {
      const auto width = SaturatingMulDivNearest(config.width, config.pixel_width, config.pixel_height);
      writer.Unsigned(webm_id::kDisplayWidth, static_cast<std::uint64_t>(std::max<std::int64_t>(width, 1)));
      writer.Unsigned(webm_id::kDisplayHeight, config.height);
    }
    if (config.colour.primaries != 0) {
      const std::size_t colour = writer.Begin(webm_id::kColour);
      writer.Unsigned(webm_id::kMatrixCoefficients, config.colour.matrix);
      writer.Unsigned(webm_id::kRange, config.colour.full_range ? 2 : 1);
      writer.Unsigned(webm_id::kTransferCharacteristics, config.colour.transfer);
      writer.Unsigned(webm_id::kPrimaries, config.colour.primaries);
      writer.End(colour);
    }
    writer.End(video);
  }

  [[nodiscard]] constexpr bool MakePlan(std::uint32_t id, const Sample& sample, Plan& plan) const noexcept {
    plan.track = IndexOf(id);
    if (plan.track == config_.tracks.size()) return false;
    plan.time = ToMs(sample.pts, config_.tracks[plan.track].config.timescale);
    constexpr std::int64_t kMost = std::int64_t{1} << 62;
    if (plan.time < -0x8000 || plan.time > kMost) return false;
    const std::int64_t since = plan.time - cluster_time_;
    const bool key = plan.track == cut_track_ && sample.sync && config_.cut_at_key_frames;
    plan.new_cluster = !has_cluster_ || since < -0x8000 || since > 0x7fff || since >= config_.max_cluster_ms || key;
    plan.cluster_time = plan.new_cluster ? std::max<std::int64_t>(plan.time, 0) : cluster_time_;
    plan.relative = static_cast<std::int16_t>(plan.time - plan.cluster_time);
    return true;
  }

  // The block is the last in its group, so that its bytes come last.
  constexpr void EmitBlockHeader(EbmlWriter& writer, std::uint32_t track, const Sample& sample, const Plan& plan,
                                 std::int64_t discard_padding_ns) const noexcept {
    const bool simple = discard_padding_ns == 0;
    const WebmBlockHeader header{.track = track, .time = plan.relative, .key_frame = simple && sample.sync};
    std::array<std::uint8_t, 16> block{};
    const std::size_t block_size = header.Write(block);
    const std::uint64_t size = block_size + sample.data.size();
    if (!simple) {
      std::array<std::uint8_t, 40> others{};
      EbmlWriter inner(others);
      inner.Signed(webm_id::kDiscardPadding, discard_padding_ns);
      if (!sample.sync) inner.Signed(webm_id::kReferenceBlock, SaturatingSubtract(last_time_, plan.time));
      writer.Head(webm_id::kBlockGroup, inner.size() + 1 + EbmlVint::SizeOf(size) + size);
      writer.Raw(Bytes(others).first(inner.size()));
    }
    writer.Head(simple ? webm_id::kSimpleBlock : webm_id::kBlock, size);
    writer.Raw(Bytes(block).first(block_size));
  }

  constexpr void BeginCluster(const Plan& plan, const Sample& sample) noexcept {
    EndCluster();
    has_cluster_ = true;
    cluster_at_ = position_;
    cluster_time_ = plan.cluster_time;
    const bool seek = cut_track_ == kMaxTracks || (plan.track == cut_track_ && sample.sync);
    if (seek && !config_.cues.empty()) AddCue(plan);
  }
  constexpr void EndCluster() noexcept {
    if (!has_cluster_ || !config_.seekable) return;
    cluster_patch_ = SizePatch(cluster_at_ + 4, position_ - cluster_at_ - 12);
    has_cluster_patch_ = true;
  }

  constexpr void AddCue(const Plan& plan) noexcept {
    if (cues_seen_++ % cue_step_ != 0) return;
    if (cue_count_ == config_.cues.size()) {
      std::size_t kept = 0;
      for (std::size_t i = 0; i < cue_count_; i += 2) config_.cues[kept++] = config_.cues[i];
      const bool odd = cue_count_ % 2 != 0;
      cue_count_ = kept;
      cue_step_ *= 2;
      if (odd || cue_count_ == config_.cues.size()) return;
    }
    config_.cues[cue_count_++] = {static_cast<std::uint64_t>(plan.cluster_time), position_ - segment_at_,
                                  config_.tracks[plan.track].config.id};
  }
  constexpr void EmitCues(EbmlWriter& writer) const noexcept {
    if (cue_count_ == 0) return;
    // Sized beforehand: of many they take more than Begin() has room for.
    EbmlWriter counter({});
    for (const WebmCue& cue : config_.cues.first(cue_count_)) EmitCue(counter, cue);
    writer.Head(webm_id::kCues, counter.size());
    for (const WebmCue& cue : config_.cues.first(cue_count_)) EmitCue(writer, cue);
  }
  static constexpr void EmitCue(EbmlWriter& writer, const WebmCue& cue) noexcept {
    const std::size_t point = writer.Begin(webm_id::kCuePoint);
    writer.Unsigned(webm_id::kCueTime, cue.time);
    const std::size_t positions = writer.Begin(webm_id::kCueTrackPositions);
    writer.Unsigned(webm_id::kCueTrack, cue.track);
    writer.Unsigned(webm_id::kCueClusterPosition, cue.position);
    writer.End(positions);
    writer.End(point);
  }

  static constexpr FilePatch SizePatch(std::uint64_t offset, std::uint64_t size) noexcept {
    FilePatch patch{.offset = offset, .size = 8};
    EbmlVint::Write(size, 8, patch.storage.data());
    return patch;
  }
  constexpr FilePatch DurationPatch() const noexcept {
    FilePatch patch{.offset = duration_at_, .size = kDurationSize};
    EbmlWriter writer(patch.storage);
    writer.Float(webm_id::kDuration, static_cast<double>(end_ms_));
    return patch;
  }
  constexpr FilePatch SeekHeadPatch() const noexcept {
    FilePatch patch{.offset = segment_at_, .size = kSeekHeadSize};
    EbmlWriter writer(patch.storage);
    const std::size_t entries = cue_count_ > 0 ? 3 : 2;
    constexpr std::size_t kEntrySize = 21;
    writer.Head(webm_id::kSeekHead, entries * kEntrySize);
    EmitSeek(writer, webm_id::kInfo, info_at_);
    EmitSeek(writer, webm_id::kTracks, tracks_at_);
    if (entries == 3) EmitSeek(writer, webm_id::kCues, cues_at_);
    if (writer.size() < kSeekHeadSize) EmitVoid(writer, kSeekHeadSize - writer.size());
    return patch;
  }
  constexpr void EmitSeek(EbmlWriter& writer, std::uint32_t id, std::uint64_t at) const noexcept {
    std::array<std::uint8_t, 8> bytes{};
    writer.Head(webm_id::kSeek, 18);
    StoreU32(bytes.data(), id);
    writer.Binary(webm_id::kSeekId, Bytes(bytes).first(4));
    StoreU64(bytes.data(), at - segment_at_);
    writer.Binary(webm_id::kSeekPosition, bytes);
  }

  Config config_;
  std::size_t cut_track_ = kMaxTracks;  // the first of video
  std::uint64_t position_ = 0;          // in the file, of what comes next
  std::uint64_t segment_at_ = 0;        // of the first byte in it
  std::uint64_t info_at_ = 0;
  std::uint64_t duration_at_ = 0;
  std::uint64_t tracks_at_ = 0;
  std::uint64_t cues_at_ = 0;
  std::uint64_t cluster_at_ = 0;
  std::int64_t cluster_time_ = 0;
  std::int64_t last_time_ = 0;
  std::int64_t end_ms_ = 0;
  std::size_t cue_count_ = 0;
  std::uint64_t cues_seen_ = 0;
  std::uint64_t cue_step_ = 1;
  FilePatch cluster_patch_;
  bool has_cluster_ = false;
  bool has_cluster_patch_ = false;
  Finished finished_ = kNothing;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_WEBM_WRITER_H_
