#ifndef MEDIACORE_MUX_WEBM_READER_H_
#define MEDIACORE_MUX_WEBM_READER_H_

#include "mediacore/base/saturating.h"
#include "mediacore/mux/gatherer.h"
#include "mediacore/mux/webm_block.h"
#include "mediacore/mux/webm_track.h"

namespace mediacore::mux {

// Why a file is no WebM or Matroska, or cannot be read further.
enum class WebmError : std::uint8_t {
  kNone,            // nothing is wrong so far
  kNotEbml,         // does not begin with an EBML header
  kBadElement,      // an ID or size that is none, or an unknown size where none may be
  kPastParent,      // an element that runs past the end of the one it is in
  kBadValue,        // a number with more than 8 bytes, or a float with other than 4 or 8
  kBadDocType,      // neither webm nor matroska, or of a version that cannot be read
  kTracksTooLarge,  // Tracks does not fit in the storage
  kBadTracks,       // see WebmTrackError
  kTruncated,       // the file ends inside an element, or before its segment
};

constexpr std::string_view ToString(WebmError error) {
  switch (error) {
    case WebmError::kNone: return "webm: no error";
    case WebmError::kNotEbml: return "webm: no EBML header";
    case WebmError::kBadElement: return "webm: bad element";
    case WebmError::kPastParent: return "webm: element past the end of its parent";
    case WebmError::kBadValue: return "webm: bad value";
    case WebmError::kBadDocType: return "webm: bad document type";
    case WebmError::kTracksTooLarge: return "webm: tracks too large";
    case WebmError::kBadTracks: return "webm: bad tracks";
    case WebmError::kTruncated: return "webm: truncated";
  }
  return "webm: unknown";
}

// One frame out of WebM or Matroska.
struct WebmFrame {
  const WebmTrack* track = nullptr;  // good as long as the reader
  std::int64_t timestamp = 0;        // ticks of WebmReader::timestamp_scale(), with the codec delay
  std::uint64_t duration = 0;        // ticks; 0: not said
  bool key_frame = false;
  bool invisible = false;
  bool discardable = false;
  std::int64_t discard_padding_ns = 0;  // to be cut off at the end; below 0: at the begin
  std::uint64_t offset = 0;             // of its block in the file
  std::uint64_t cluster_offset = 0;     // of the cluster that it is in
  Bytes data;                           // good during the call
};

// Takes a WebM or Matroska file apart as it comes (RFC 9559): tracks, clusters, simple blocks and block
// groups with laces of every kind; files of unknown size, as they are streamed, and several in a row.
//
//   std::vector<std::uint8_t> tracks(64 << 10), block(4 << 20);
//   WebmReader reader(tracks, block);
//   while (ReadSome(bytes)) {
//     reader.Read(bytes, [&](const WebmFrame& frame) { Play(frame.track->config, frame.data); });
//   }
//   if (reader.Finish() != WebmError::kNone) ...  // reader.offset() says where
//
// It takes all that it is given; cut anywhere, a file gives the same frames, counts and error. Tracks
// is kept in the one storage; a block that does not lie whole in the bytes given is put together
// in the other. A larger block is dropped and counted, as is a malformed one; an
// error in the elements around is final, frames before it were given. Seek heads, cues, tags,
// chapters and attachments are passed over. Memory: the two, and 3 kB itself.
class WebmReader {
 public:
  static constexpr std::size_t kMaxTracks = 16;

  struct Stats {
    std::uint64_t frames = 0;  // given out
    std::uint64_t clusters = 0;
    std::uint64_t segments = 0;
    std::uint64_t bad_blocks = 0;        // see WebmBlockError, and block groups that are malformed
    std::uint64_t oversized_blocks = 0;  // larger than the storage
    std::uint64_t stray_blocks = 0;      // of tracks that are not there
    std::uint64_t ignored_tracks = 0;    // past kMaxTracks, or with the number of another
  };

  WebmReader(MutableBytes tracks, MutableBytes block) noexcept : tracks_storage_(tracks), block_storage_(block) {}

  template <typename Sink>
  void Read(Bytes bytes, Sink&& sink) noexcept {
    while (error_ == WebmError::kNone && Step(bytes, sink)) {
    }
  }
  // At the end of the file: error(), now also kTruncated.
  WebmError Finish() noexcept {
    if (error_ != WebmError::kNone) return error_;
    LeaveEnded();
    if (error_ != WebmError::kNone) return error_;
    const bool open = state_ != State::kHead || head_held_ > 0 || (depth_ > 0 && levels_[depth_ - 1].end != kNoEnd);
    if (open || stats_.segments == 0) error_ = position_ == 0 ? WebmError::kNotEbml : WebmError::kTruncated;
    return error_;
  }

  // In the order of the file; empty before Tracks, which comes before the first frame.
  std::span<const WebmTrack> tracks() const { return std::span(tracks_).first(track_count_); }
  bool has_tracks() const { return has_tracks_; }
  // Nanoseconds in a tick.
  std::uint64_t timestamp_scale() const { return timestamp_scale_; }
  // Ticks; 0: not said, as in files streamed.
  double duration() const { return duration_; }
  bool is_webm() const { return is_webm_; }  // or other Matroska
  WebmError error() const { return error_; }
  // Where in the file the element begins that comes next, or is refused.
  std::uint64_t offset() const { return offset_; }
  // Where the first block began that was dropped; the largest number: none was.
  std::uint64_t first_bad_block() const { return first_bad_block_; }
  const Stats& stats() const { return stats_; }

 private:
  enum class State : std::uint8_t { kHead, kSkip, kValue, kTracks, kBlock };
  enum class Level : std::uint8_t { kEbml, kSegment, kInfo, kCluster };
  static constexpr std::uint64_t kNoEnd = ~std::uint64_t{0};
  static constexpr std::size_t kMaxValue = 16;
  struct Open {
    Level level = Level::kEbml;
    bool unknown = false;        // its own size
    std::uint64_t end = kNoEnd;  // its own, or of the one around it
  };

  // False: `bytes` are used up, or there is an error.
  template <typename Sink>
  bool Step(Bytes& bytes, Sink& sink) noexcept {
    const std::size_t before = bytes.size();
    Bytes taken;
    switch (state_) {
      case State::kHead: {
        LeaveEnded();
        EbmlHead head;
        if (error_ != WebmError::kNone || !TakeHead(bytes, head)) return false;
        return HandleHead(head);
      }
      case State::kSkip: {
        const std::uint64_t skipped = std::min<std::uint64_t>(bytes.size(), left_);
        bytes = bytes.subspan(static_cast<std::size_t>(skipped));
        position_ += skipped;
        left_ -= skipped;
        if (left_ > 0) return false;
        break;
      }
      case State::kValue: {
        const bool whole = gatherer_.Take(bytes, static_cast<std::size_t>(left_), value_, taken);
        position_ += before - bytes.size();
        if (!whole) return false;
        HandleValue(EbmlElement(id_, taken));
        break;
      }
      case State::kTracks: {
        const bool whole = gatherer_.Take(bytes, static_cast<std::size_t>(left_), tracks_storage_, taken);
        position_ += before - bytes.size();
        if (!whole) return false;
        if (taken.data() != tracks_storage_.data()) std::copy_n(taken.data(), taken.size(), tracks_storage_.data());
        HandleTracks(tracks_storage_.first(taken.size()));
        break;
      }
      case State::kBlock: {
        const bool whole = gatherer_.Take(bytes, static_cast<std::size_t>(left_), block_storage_, taken);
        position_ += before - bytes.size();
        if (!whole) return false;
        if (id_ == webm_id::kSimpleBlock) {
          HandleBlock(taken, {}, true, sink);
        } else {
          HandleGroup(taken, sink);
        }
        break;
      }
    }
    state_ = State::kHead;
    return error_ == WebmError::kNone;
  }

  bool TakeHead(Bytes& bytes, EbmlHead& out) noexcept {
    offset_ = position_ - head_held_;
    if (head_held_ == 0 && bytes.size() > 1) {
      const auto head = EbmlHead::Parse(bytes);
      if (head) {
        bytes = bytes.subspan(head->head_size);
        position_ += head->head_size;
        out = *head;
        return true;
      }
      if (head.error() != EbmlError::kTooShort) return Fail(WebmError::kBadElement);
    }
    while (!bytes.empty()) {
      head_[head_held_++] = bytes[0];
      bytes = bytes.subspan(1);
      ++position_;
      const auto head = EbmlHead::Parse(Bytes(head_).first(head_held_));
      if (!head && head.error() == EbmlError::kTooShort) continue;
      if (!head) return Fail(WebmError::kBadElement);
      head_held_ = 0;
      out = *head;
      return true;
    }
    return false;
  }

  bool Fail(WebmError error) noexcept {
    error_ = error;
    return false;
  }

  // Leaves what ends here.
  void LeaveEnded() noexcept {
    while (depth_ > 0 && head_held_ == 0 && position_ == levels_[depth_ - 1].end) {
      if (levels_[depth_ - 1].level == Level::kEbml) CheckDocument();
      --depth_;
    }
  }

  bool HandleHead(const EbmlHead& head) noexcept {
    // What cannot be in one of unknown size ends it.
    while (depth_ > 0 && levels_[depth_ - 1].unknown &&
           (levels_[depth_ - 1].level == Level::kCluster ? webm_id::EndsCluster(head.id)
                                                         : webm_id::EndsSegment(head.id))) {
      --depth_;
    }
    const std::uint64_t end = depth_ > 0 ? levels_[depth_ - 1].end : kNoEnd;
    const bool unknown = head.size == kEbmlUnknownSize;
    if (end != kNoEnd && (position_ > end || (!unknown && head.size > end - position_))) {
      return Fail(WebmError::kPastParent);
    }
    id_ = head.id;
    left_ = head.size;
    if (depth_ == 0) return HandleTop(unknown);
    if (unknown && !(levels_[depth_ - 1].level == Level::kSegment && id_ == webm_id::kCluster)) {
      return Fail(WebmError::kBadElement);
    }
    switch (levels_[depth_ - 1].level) {
      case Level::kEbml: return TakeValue(IsEbmlValue(id_));
      case Level::kInfo: return TakeValue(id_ == webm_id::kTimestampScale || id_ == webm_id::kDuration);
      case Level::kSegment:
        if (id_ == webm_id::kInfo) return Enter(Level::kInfo, false);
        if (id_ == webm_id::kTracks && !has_tracks_) {
          if (left_ > tracks_storage_.size()) return Fail(WebmError::kTracksTooLarge);
          state_ = State::kTracks;
          return true;
        }
        if (id_ == webm_id::kCluster) {
          ++stats_.clusters;
          cluster_offset_ = offset_;
          cluster_time_ = 0;
          return Enter(Level::kCluster, unknown);
        }
        break;
      case Level::kCluster:
        if (id_ == webm_id::kTimestamp) return TakeValue(true);
        if (id_ == webm_id::kSimpleBlock || id_ == webm_id::kBlockGroup) {
          if (left_ <= block_storage_.size()) {
            state_ = State::kBlock;
            return true;
          }
          ++stats_.oversized_blocks;
          first_bad_block_ = std::min(first_bad_block_, offset_);
        }
        break;
    }
    state_ = State::kSkip;
    return true;
  }

  bool HandleTop(bool unknown) noexcept {
    if (id_ == webm_id::kEbml && !unknown) {
      has_header_ = true;
      is_webm_ = false;
      doc_type_known_ = false;
      return Enter(Level::kEbml, false);
    }
    if (!has_header_) return Fail(WebmError::kNotEbml);
    if (id_ == webm_id::kSegment) {
      ++stats_.segments;
      has_tracks_ = false;
      track_count_ = 0;
      timestamp_scale_ = 1'000'000;
      duration_ = 0;
      return Enter(Level::kSegment, unknown);
    }
    if (unknown) return Fail(WebmError::kBadElement);
    state_ = State::kSkip;
    return true;
  }

  // At most two deep: Segment and what is in it.
  bool Enter(Level level, bool unknown) noexcept {
    const std::uint64_t around = depth_ > 0 ? levels_[depth_ - 1].end : kNoEnd;
    levels_[depth_++] = {level, unknown, unknown ? around : position_ + left_};
    return true;
  }

  bool TakeValue(bool wanted) noexcept {
    if (!wanted) {
      state_ = State::kSkip;
      return true;
    }
    if (left_ > (id_ == webm_id::kDocType ? kMaxValue : 8)) {
      return Fail(id_ == webm_id::kDocType ? WebmError::kBadDocType : WebmError::kBadValue);
    }
    state_ = State::kValue;
    return true;
  }
  static bool IsEbmlValue(std::uint32_t id) noexcept {
    return id == webm_id::kDocType || id == webm_id::kDocTypeReadVersion || id == webm_id::kEbmlReadVersion ||
           id == webm_id::kEbmlMaxIdLength || id == webm_id::kEbmlMaxSizeLength;
  }

  void HandleValue(const EbmlElement& element) noexcept {
    std::uint64_t number = 0;
    if (id_ == webm_id::kDocType) {
      const Bytes text = element.text();
      is_webm_ = Is(text, "webm");
      doc_type_known_ = is_webm_ || Is(text, "matroska");
    } else if (id_ == webm_id::kDuration) {
      if (!element.ReadFloat(duration_)) error_ = WebmError::kBadValue;
    } else if (!element.ReadUnsigned(number)) {
      error_ = WebmError::kBadValue;
    } else if (id_ == webm_id::kTimestampScale) {
      timestamp_scale_ = number == 0 ? 1'000'000 : number;
      SetTimescales();
    } else if (id_ == webm_id::kTimestamp) {
      cluster_time_ = static_cast<std::int64_t>(std::min<std::uint64_t>(number, kInt64Max));
    } else if (number > MostOf(id_)) {
      error_ = WebmError::kBadDocType;
    }
  }
  static bool Is(Bytes text, std::string_view name) noexcept {
    return std::equal(text.begin(), text.end(), name.begin(), name.end());
  }
  // What can be read: EBML 1, Matroska 4, IDs of 4 bytes and sizes of 8.
  static std::uint64_t MostOf(std::uint32_t id) noexcept {
    return id == webm_id::kEbmlReadVersion ? 1 : id == webm_id::kEbmlMaxSizeLength ? 8 : 4;
  }
  void CheckDocument() noexcept {
    if (doc_type_known_) return;
    error_ = WebmError::kBadDocType;
    offset_ = position_;
  }

  void HandleTracks(Bytes body) noexcept {
    has_tracks_ = true;
    ByteReader reader(body);
    while (!reader.empty()) {
      const auto entry = EbmlElement::TakeFrom(reader);
      if (!entry) {
        error_ = WebmError::kBadTracks;
        return;
      }
      if (entry->id() != webm_id::kTrackEntry) continue;
      const auto track = WebmTrack::Parse(entry->body());
      if (!track) {
        error_ = WebmError::kBadTracks;
        return;
      }
      if (track_count_ == kMaxTracks || FindTrack(track->config.id) != nullptr) {
        ++stats_.ignored_tracks;
        continue;
      }
      tracks_[track_count_++] = *track;
    }
    SetTimescales();
  }
  void SetTimescales() noexcept {
    const std::uint64_t ticks = std::max<std::uint64_t>(1'000'000'000 / timestamp_scale_, 1);
    for (WebmTrack& track : std::span(tracks_).first(track_count_)) {
      track.config.timescale = static_cast<std::uint32_t>(ticks);
      const std::int64_t delay = static_cast<std::int64_t>(std::min<std::uint64_t>(track.codec_delay_ns, kInt64Max));
      const std::int64_t priming = SaturatingMulDivNearest(delay, track.config.timescale, 1'000'000'000);
      track.config.priming = static_cast<std::uint32_t>(std::min<std::int64_t>(priming, 0xffffffff));
    }
  }
  const WebmTrack* FindTrack(std::uint32_t number) const noexcept {
    for (const WebmTrack& track : tracks()) {
      if (track.config.id == number) return &track;
    }
    return nullptr;
  }

  // What a block group says beside its block.
  struct Group {
    bool reference = false;
    std::uint64_t duration = 0;
    std::int64_t discard_padding_ns = 0;
  };

  template <typename Sink>
  void HandleGroup(Bytes body, Sink& sink) noexcept {
    Group group;
    Bytes block;
    bool has_block = false;
    bool good = true;
    ByteReader reader(body);
    while (good && !reader.empty()) {
      const auto element = EbmlElement::TakeFrom(reader);
      if (!element) {
        good = false;
        break;
      }
      switch (element->id()) {
        case webm_id::kBlock:
          block = element->body();
          has_block = true;
          break;
        case webm_id::kBlockDuration: good = element->ReadUnsigned(group.duration); break;
        case webm_id::kReferenceBlock: group.reference = true; break;
        case webm_id::kDiscardPadding: good = element->ReadSigned(group.discard_padding_ns); break;
        default: break;
      }
    }
    if (!good || !has_block) return DropBlock();
    HandleBlock(block, group, false, sink);
  }
  void DropBlock() noexcept {
    ++stats_.bad_blocks;
    first_bad_block_ = std::min(first_bad_block_, offset_);
  }

  template <typename Sink>
  void HandleBlock(Bytes bytes, const Group& group, bool simple, Sink& sink) noexcept {
    const auto block = WebmBlockView::Parse(bytes);
    if (!block) return DropBlock();
    const WebmTrack* const track = FindTrack(block->track());
    if (track == nullptr) {
      ++stats_.stray_blocks;
      return;
    }
    WebmFrame frame{.track = track,
                    .timestamp = SaturatingAdd(cluster_time_, block->time()),
                    .duration = group.duration,
                    .key_frame = simple ? block->key_frame() : !group.reference,
                    .invisible = block->invisible(),
                    .discardable = simple && block->discardable(),
                    .discard_padding_ns = group.discard_padding_ns,
                    .offset = offset_,
                    .cluster_offset = cluster_offset_,
                    .data = {}};
    const std::uint64_t count = block->frame_count();
    std::int64_t lace_ns = 0;  // of one frame
    if (count > 1) {
      lace_ns = static_cast<std::int64_t>(std::min<std::uint64_t>(track->default_duration_ns, kInt64Max));
      frame.duration /= count;
    }
    const std::int64_t first = frame.timestamp;
    std::int64_t index = 0;
    WebmBlockView::Frames frames = block->frames();
    while (frames.Next(frame.data)) {
      if (index > 0) frame.timestamp = SaturatingAdd(first, LaceTime(lace_ns, frame.duration, index));
      ++index;
      ++stats_.frames;
      sink(static_cast<const WebmFrame&>(frame));
    }
  }
  // How much later the frame of that number is than the first of its block: by what frames of the track
  // or the block have; else nobody knows, and they have one time.
  std::int64_t LaceTime(std::int64_t lace_ns, std::uint64_t duration, std::int64_t index) const noexcept {
    if (lace_ns == 0) {
      return SaturatingMultiply(static_cast<std::int64_t>(std::min<std::uint64_t>(duration, kInt64Max)), index);
    }
    const auto scale = static_cast<std::int64_t>(std::min<std::uint64_t>(timestamp_scale_, kInt64Max));
    return SaturatingMultiply(lace_ns, index) / scale;
  }

  MutableBytes tracks_storage_;
  MutableBytes block_storage_;
  Gatherer gatherer_;
  std::array<std::uint8_t, kEbmlMaxHeadSize> head_{};
  std::array<std::uint8_t, kMaxValue> value_{};
  std::array<WebmTrack, kMaxTracks> tracks_;
  std::size_t track_count_ = 0;
  std::size_t head_held_ = 0;
  State state_ = State::kHead;
  WebmError error_ = WebmError::kNone;
  std::uint32_t id_ = 0;    // of the element under way
  std::uint64_t left_ = 0;  // its size, or what of it is to be skipped
  std::uint64_t position_ = 0;
  std::uint64_t offset_ = 0;
  std::array<Open, 2> levels_;
  std::size_t depth_ = 0;
  bool has_header_ = false;
  bool doc_type_known_ = false;
  bool is_webm_ = false;
  bool has_tracks_ = false;
  std::uint64_t timestamp_scale_ = 1'000'000;
  double duration_ = 0;
  std::int64_t cluster_time_ = 0;
  std::uint64_t cluster_offset_ = 0;
  std::uint64_t first_bad_block_ = kNoEnd;
  Stats stats_;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_WEBM_READER_H_
