#include "mediacore/segment/segmenter.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "mediacore/segment/capacities.h"
#include "mediacore/segment/cutter.h"
#include "mediacore/segment/playlists.h"
#include "mediacore/segment/rendition_media.h"
#include "mediacore/segment/segment_taker.h"
#include "mediacore/segment/timeline.h"

namespace mediacore::segment {
namespace {

constexpr std::string_view kPlaylistType = "application/vnd.apple.mpegurl";

// What one segment makes come out: its files and playlists; live, in the worst
// case everything that is listed has to go.
std::size_t MaxSteps(const Config& config, std::size_t renditions) {
  const bool live = config.type == PlaylistType::kLive;
  return renditions * (3 + (live ? 2 * Playlists::Capacity(config) : 0)) + 1;
}

// One output to come.
struct Step {
  Output::Kind kind;
  std::size_t rendition;
  FileName name;
  Timestamp not_before = Timestamp::MinusInfinity();
};

}  // namespace

DataSize MaxMemory(const Config& config) {
  const Layout layout = MakeLayout(config);
  std::size_t bytes = 64 * 1024;
  for (const TrackConfig& track : config.tracks) {
    bytes += QueueBytes(config, track) + QueueSamples(config) * sizeof(QueuedSample) +
             sizeof(TimelineTrack) + 4096;
  }
  bytes += SegmentMaker::Memory(QueueSamples(config), TsBytes(config)) +
           QueueSamples(config) * sizeof(std::int64_t) +
           Playlists::Memory(config, layout.renditions.size()) +
           MaxSteps(config, layout.renditions.size()) * sizeof(Step);
  return DataSize::Bytes(static_cast<std::int64_t>(bytes));
}

// A segment goes through it like this: frames are stored (HandleFrame), the
// Cutter finds where the segment ends, the SegmentTaker takes it from all
// tracks, List() says what has to come out, step by step, and once all of it is
// out FinishSegment() lets the frames go.
class Segmenter::Impl {
 public:
  explicit Impl(const Config& config);

  void HandleFrame(Timestamp now, std::size_t track, const codec::EncodedFrame& frame);
  void HandleSenderReport(std::size_t track, NtpTime ntp, RtpTimestamp rtp);
  void HandleRestart(std::size_t track);
  void HandleEnd() { ending_ = true; }
  bool PollOutput(Timestamp now, Output& out);
  Timestamp NextTimeout() const;
  const Counters& counters() const { return counters_; }
  std::optional<TimeDelta> SyncError(std::size_t track) const;

 private:
  Intake Store(std::size_t index, const codec::EncodedFrame& frame);
  bool Advance(Timestamp now);
  void List(Timestamp now, const TakenSegment& taken);
  bool ListRendition(std::size_t rendition, const TakenSegment& taken);
  void AddPlaylistSteps();
  void AddDeleteSteps(Timestamp now);
  void FinishSegment();
  bool MakeOutput(const Step& step, Output& out);
  bool Text(std::string_view text, Output& out);

  Config config_;
  Layout layout_;
  Counters counters_;
  Playlists playlists_;
  Timeline timeline_;
  Cutter cutter_;
  SegmentTaker taker_;
  RenditionMedia media_;

  Timestamp now_ = Timestamp::MinusInfinity();
  std::optional<SegmentEnd> end_;  // of the segment that is next or on its way
  bool timeline_breaks_ = false;   // after it
  std::uint64_t next_number_ = 0;
  bool ending_ = false;
  bool done_ = false;

  std::vector<Step> steps_;
  std::size_t step_ = 0;
  bool emitting_ = false;  // a segment, or the end, is on its way out
  std::array<Bytes, 1> piece_;
  FileName name_;
};

Segmenter::Impl::Impl(const Config& config)
    : config_(config),
      layout_(MakeLayout(config)),
      playlists_(config_, layout_),
      timeline_(config_, layout_, counters_),
      cutter_(config_, timeline_, playlists_, counters_),
      taker_(config_, timeline_, cutter_, playlists_, counters_),
      media_(config_, layout_, timeline_, counters_) {
  steps_.reserve(MaxSteps(config, layout_.renditions.size()));
}

// ---------------------------------------------------------------- input

void Segmenter::Impl::HandleFrame(Timestamp now, std::size_t index,
                                  const codec::EncodedFrame& frame) {
  now_ = std::max(now_, now);
  ++counters_.frames_in;
  if (ending_) {
    ++counters_.dropped_ended;
  } else if (index >= config_.tracks.size() || frame.data.empty() ||
             frame.codec != config_.tracks[index].codec) {
    ++counters_.dropped_malformed;
  } else if (!timeline_.track(index).used) {
    ++counters_.dropped_outside;
  } else {
    switch (Store(index, frame)) {
      case Intake::kStored: ++counters_.frames_waiting; break;
      case Intake::kBeforeKeyFrame: ++counters_.dropped_before_key_frame; break;
      case Intake::kMalformed: ++counters_.dropped_malformed; break;
      case Intake::kLate: ++counters_.dropped_late; break;
      case Intake::kOverflow: ++counters_.dropped_overflow; break;
    }
  }
}

Intake Segmenter::Impl::Store(std::size_t index, const codec::EncodedFrame& frame) {
  TimelineTrack& track = timeline_.track(index);
  cutter_.HandleFirstFrame(now_);
  // While nothing is decided yet the oldest make room, so that the beginning
  // is not what was long ago.
  if (!timeline_.has_leader() && !emitting_) {
    while (!track.queue().empty() &&
           track.input.queue().Reserve(frame.data.size()) == nullptr) {
      timeline_.DropFront(track, 1);
    }
  }
  const std::uint64_t jumps = track.input.time_jumps();
  const std::uint64_t given_up = track.input.given_up();
  const Intake intake = track.input.HandleFrame(now_, frame);
  counters_.time_jumps += track.input.time_jumps() - jumps;
  if (const std::uint64_t gone = track.input.given_up() - given_up; gone > 0) {
    counters_.dropped_outside += gone;
    counters_.frames_waiting -= gone;
    if (timeline_.leads(index) && !emitting_) {  // what was decided is void
      end_.reset();
      cutter_.Begin();
    }
  }
  return intake;
}

void Segmenter::Impl::HandleSenderReport(std::size_t track, NtpTime ntp,
                                         RtpTimestamp rtp) {
  if (track >= config_.tracks.size()) return;
  bool used = false;
  timeline_.track(track).input.HandleSenderReport(ntp, rtp, used);
  counters_.sender_reports += used;
}

void Segmenter::Impl::HandleRestart(std::size_t track) {
  if (track >= config_.tracks.size() || ending_) return;
  ++counters_.restarts;
  timeline_.track(track).input.HandleRestart();
}

std::optional<TimeDelta> Segmenter::Impl::SyncError(std::size_t index) const {
  if (index >= config_.tracks.size() || !timeline_.has_leader() ||
      timeline_.leads(index)) {
    return std::nullopt;
  }
  const TimelineTrack& track = timeline_.track(index);
  if (!track.mapped || !timeline_.leader().mapped) return std::nullopt;
  const auto error = timeline_.Error(track);
  if (!error) return std::nullopt;
  return TimeDelta::Zero() - *error;
}

Timestamp Segmenter::Impl::NextTimeout() const {
  return end_ && !emitting_ && !done_ ? cutter_.wait_until() : Timestamp::PlusInfinity();
}

// ---------------------------------------------------------------- listing

// Takes the next segment when it is there; false when there is nothing to do.
bool Segmenter::Impl::Advance(Timestamp now) {
  if (done_) return false;
  if (!end_) end_ = cutter_.Find(now, ending_);
  if (end_) {
    if (!cutter_.OthersAreReady(now, *end_) && !ending_) return false;
    List(now, taker_.Take(*end_));
    emitting_ = true;
    return true;
  }
  if (!ending_) return false;
  // The end came when no frame of the leader was left.
  timeline_.DropAll();
  AddPlaylistSteps();
  done_ = steps_.empty();
  emitting_ = !done_;
  return emitting_;
}

// Puts the segment into the playlists and says what has to come out.
void Segmenter::Impl::List(Timestamp now, const TakenSegment& taken) {
  timeline_breaks_ = taken.timeline_breaks;
  bool any = false;
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    any |= ListRendition(r, taken);
  }
  counters_.discontinuities += taken.discontinuity && next_number_ > 0;
  if (config_.type != PlaylistType::kLive && playlists_.full()) {
    ending_ = end_->last = true;  // no room for more
  }
  if (any) ++next_number_;
  const bool enough = next_number_ >= static_cast<std::uint64_t>(config_.start_segments);
  if ((config_.type != PlaylistType::kVod && enough) || end_->last) AddPlaylistSteps();
  AddDeleteSteps(now);
}

// False for a rendition that has not begun.
bool Segmenter::Impl::ListRendition(std::size_t r, const TakenSegment& taken) {
  using Kind = Output::Kind;
  const Layout::Rendition& rendition = layout_.renditions[r];
  const TimelineTrack& track = timeline_.track(RenditionMedia::TimeTrack(rendition));
  const bool media = track.count > 0;
  if (!playlists_.joined(r)) {
    if (!media) return false;
    playlists_.Join(r, next_number_);
  }
  const TimeDelta start = media ? track.ToTime(track.start) : taken.from;
  ListedSegment segment;
  segment.discontinuity = taken.discontinuity && next_number_ > 0;
  segment.gap = !media;
  segment.independent = media && track.queue().front().key && !(track.count > 1 && track.queue()[1].leading);
  segment.init = track.init;
  segment.duration = (media ? track.ToTime(track.end) : taken.cut) - start;
  if (const auto wall = timeline_.WallTime(start)) {
    segment.date_time = playlist::DateTime{wall->us()};
  }
  playlists_.Append(r, segment);
  if (!media) {
    ++counters_.gaps;
    playlists_.MeasureGap(r);
    return true;
  }
  for (const int carried : {rendition.video, rendition.audio}) {
    if (carried >= 0) timeline_.track(static_cast<std::size_t>(carried)).carried = true;
  }
  if (track.init_due) {
    playlists_.FactsChanged();
    if (config_.container == Container::kFmp4) {
      steps_.push_back({Kind::kInit, r, playlists_.list(r).InitName(track.init)});
      ++counters_.init_sections;
    }
  }
  if (segment.discontinuity) media_.Restart(r);
  steps_.push_back({Kind::kSegment, r, playlists_.list(r).SegmentName(next_number_)});
  ++counters_.segments;
  return true;
}

void Segmenter::Impl::AddPlaylistSteps() {
  if (!playlists_.any_joined()) return;
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    if (!playlists_.joined(r)) continue;
    steps_.push_back({Output::Kind::kPlaylist, r, playlists_.list(r).PlaylistName()});
  }
  steps_.push_back({Output::Kind::kMultivariant, 0, FileName("index", ".m3u8")});
}

// What has left the live playlists.
void Segmenter::Impl::AddDeleteSteps(Timestamp now) {
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    SegmentList::Removed gone;
    while (playlists_.RemoveFirst(r, gone)) {
      const Timestamp until = now + gone.stays;
      const SegmentList& list = playlists_.list(r);
      if (!gone.gap) {
        steps_.push_back({Output::Kind::kDelete, r, list.SegmentName(gone.number), until});
      }
      if (gone.init) {
        steps_.push_back({Output::Kind::kDelete, r, list.InitName(*gone.init), until});
      }
    }
  }
}

// All of a segment is out, or all there is.
void Segmenter::Impl::FinishSegment() {
  emitting_ = false;
  steps_.clear();
  step_ = 0;
  if (!end_) {  // these were the last playlists
    done_ = true;
    return;
  }
  for (TimelineTrack& track : timeline_.tracks()) {
    (track.carried ? counters_.frames_out : counters_.dropped_outside) += track.count;
    counters_.frames_waiting -= track.count;
    track.FinishSegment();
  }
  const SegmentEnd ended = *std::exchange(end_, std::nullopt);
  cutter_.Begin();
  if (ended.last) {
    timeline_.DropAll();
    done_ = true;
  } else if (ended.period_ends || timeline_breaks_) {
    timeline_.EndPeriod();
  } else {
    timeline_.leader().contiguous = true;
  }
}

// ---------------------------------------------------------------- output

bool Segmenter::Impl::PollOutput(Timestamp now, Output& out) {
  now_ = std::max(now_, now);
  while (true) {
    while (step_ < steps_.size()) {
      if (MakeOutput(steps_[step_++], out)) return true;
    }
    if (emitting_) FinishSegment();
    if (!Advance(now_)) return false;
  }
}

bool Segmenter::Impl::Text(std::string_view text, Output& out) {
  if (text.empty()) return false;
  piece_[0] = Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  out.pieces = piece_;
  out.size = text.size();
  out.mime_type = kPlaylistType;
  return true;
}

// False when there is nothing to say.
bool Segmenter::Impl::MakeOutput(const Step& step, Output& out) {
  const bool ended = ending_ && (!end_ || end_->last);
  name_ = step.name;
  out = Output();
  out.kind = step.kind;
  out.name = name_.view();
  switch (step.kind) {
    case Output::Kind::kDelete:
      out.not_before = step.not_before;
      return true;
    case Output::Kind::kPlaylist:
      if (config_.type == PlaylistType::kVod) playlists_.SetTargetToLongest();
      return Text(playlists_.MediaText(step.rendition, ended), out);
    case Output::Kind::kMultivariant:
      if (!playlists_.UpdateRates(ended, counters_.bandwidth_rewrites)) return false;
      return Text(playlists_.MultivariantText(media_.Facts()), out);
    case Output::Kind::kInit:
      out.pieces = media_.Init(step.rendition);
      break;
    case Output::Kind::kSegment:
      out.pieces = media_.Segment(step.rendition, next_number_);
      out.duration =
          timeline_.track(RenditionMedia::TimeTrack(layout_.renditions[step.rendition]))
              .SegmentDuration();
      break;
  }
  out.mime_type = media_.MimeType(step.rendition);
  for (const Bytes piece : out.pieces) out.size += piece.size();
  if (step.kind == Output::Kind::kSegment) playlists_.Measure(step.rendition, out.size);
  return true;
}

// ---------------------------------------------------------------- outside

absl::StatusOr<Segmenter> Segmenter::Create(const Config& config) {
  if (absl::Status status = Check(config); !status.ok()) return status;
  return Segmenter(std::make_unique<Impl>(config));
}

Segmenter::Segmenter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;
Segmenter::~Segmenter() = default;

void Segmenter::HandleFrame(Timestamp now, std::size_t track,
                            const codec::EncodedFrame& frame) {
  impl_->HandleFrame(now, track, frame);
}
void Segmenter::HandleSenderReport(Timestamp, std::size_t track, NtpTime ntp,
                                   RtpTimestamp rtp) {
  impl_->HandleSenderReport(track, ntp, rtp);
}
void Segmenter::HandleRestart(Timestamp, std::size_t track) {
  impl_->HandleRestart(track);
}
void Segmenter::HandleEnd(Timestamp) { impl_->HandleEnd(); }
bool Segmenter::PollOutput(Timestamp now, Output& out) {
  return impl_->PollOutput(now, out);
}
Timestamp Segmenter::NextTimeout() const { return impl_->NextTimeout(); }
const Counters& Segmenter::counters() const { return impl_->counters(); }
std::optional<TimeDelta> Segmenter::SyncError(std::size_t track) const {
  return impl_->SyncError(track);
}

}  // namespace mediacore::segment
