#include "mediacore/segment/segmenter.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "mediacore/codec/aac.h"
#include "mediacore/segment/cut_policy.h"
#include "mediacore/segment/decode_times.h"
#include "mediacore/segment/playlists.h"
#include "mediacore/segment/segment_maker.h"
#include "mediacore/segment/track_input.h"

namespace mediacore::segment {
namespace {

// Where the output's timeline begins: what is decoded before the first picture
// is shown still has a time that is not negative.
constexpr TimeDelta kTimelineStart = TimeDelta::Seconds(10);
// A segment may last this much longer than the target duration: less than the
// half second of RFC 8216bis, section 4.4.3.1, so that the sound and the other
// rungs, whose frames do not end where the leader's do, stay below it too.
constexpr TimeDelta kBoundSlack = TimeDelta::Millis(250);
// How far from the leader's cut the cuts of other tracks may be.
constexpr TimeDelta kNear = TimeDelta::Millis(100);
// A track that is further off than this is not slewed: the timeline breaks.
constexpr TimeDelta kMaxSlewed = TimeDelta::Millis(500);
constexpr TimeDelta kMaxJump = TimeDelta::Seconds(5);
constexpr std::size_t kMaxAudioBytes = 4 << 20;

constexpr std::string_view kPlaylistType = "application/vnd.apple.mpegurl";

std::size_t QueueSamples(const Config& config) {
  return 2 * static_cast<std::size_t>(config.max_segment_samples);
}
std::size_t SegmentBytes(const Config& config, const TrackConfig& track) {
  return IsVideo(track.codec) ? config.max_segment_bytes
                              : std::min(config.max_segment_bytes, kMaxAudioBytes);
}
std::size_t MaxFrameBytes(const Config& config, const TrackConfig& track) {
  // What ADTS can say; AAC has at most 768 bytes for each channel.
  if (track.codec == Codec::kAac) return mux::kAdtsMaxAccessUnit;
  return SegmentBytes(config, track);
}
std::size_t TsBytes(const Config& config) {
  if (config.container != Container::kTs) return 0;
  const std::size_t media = 2 * (config.max_segment_bytes + kMaxAudioBytes);
  return SegmentMaker::TsBytes(media, 2 * QueueSamples(config));
}

// What one segment makes come out: its files and playlists; live, in the worst
// case everything that is listed has to go.
std::size_t MaxSteps(const Config& config, std::size_t renditions) {
  const bool live = config.type == PlaylistType::kLive;
  return renditions * (3 + (live ? 2 * Playlists::Capacity(config) : 0)) + 1;
}

// How long a frame lasts until its stream has said so itself.
std::int64_t UsualTicks(const TrackConfig& track) {
  if (track.codec == Codec::kOpus) return track.clock_rate / 50;
  if (track.codec != Codec::kAac) return track.clock_rate / 30;
  const auto aac = codec::AacConfig::Parse(track.audio_config);
  if (!aac || aac->sampling_frequency == 0) return track.clock_rate / 50;
  return std::max<std::int64_t>(1, std::int64_t{aac->samples_per_frame()} *
                                       track.clock_rate / aac->sampling_frequency);
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
    bytes += 2 * SegmentBytes(config, track) +
             QueueSamples(config) * sizeof(QueuedSample) + sizeof(TrackInput) + 4096;
  }
  bytes += SegmentMaker::Memory(QueueSamples(config), TsBytes(config)) +
           QueueSamples(config) * sizeof(std::int64_t) +
           Playlists::Memory(config, layout.renditions.size()) +
           MaxSteps(config, layout.renditions.size()) * sizeof(Step);
  return DataSize::Bytes(static_cast<std::int64_t>(bytes));
}

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
  struct Track {
    Track(const TrackConfig& about, const TrackInput::Config& input_config)
        : config(about),
          video(IsVideo(about.codec)),
          input(input_config),
          picture_ticks(input_config.frame_ticks) {}

    TrackConfig config;
    bool video;
    bool used = false;
    TrackInput input;
    std::uint64_t jumps_seen = 0;

    // On the output's timeline, in the track's ticks.
    bool mapped = false;
    std::int64_t offset = 0;   // timeline = ticks + offset
    bool contiguous = false;   // the next segment begins where the last ended
    std::int64_t end = 0;      // of the last segment
    // The segment that is on its way out.
    std::size_t count = 0;
    std::int64_t start = 0;
    std::int64_t segment_offset = 0;  // `offset` may be corrected for the next
    bool new_format = false;          // it begins with another format
    bool carried = false;             // a file has it

    std::uint32_t init = 0;  // number of the initialization section
    bool init_due = false;
    std::int64_t picture_ticks;  // how long a picture lasted, on average, last
    std::uint64_t frames = 0;  // shown so far, and for how long
    TimeDelta time = TimeDelta::Zero();

    const SampleQueue& queue() const { return input.queue(); }
    int rate() const { return config.clock_rate; }
    TimeDelta ToTime(std::int64_t ticks) const {
      return TimeDelta::Ticks(ticks, config.clock_rate);
    }
    // When frame `i` is shown.
    TimeDelta At(std::size_t i) const { return ToTime(queue()[i].ticks + offset); }
  };
  struct TsState {
    std::optional<mux::TsWriter> writer;
    DelayedDecodeTimes delayed;
    std::uint32_t init = 0;  // format that `writer` was made for
  };
  // The segment of the leader that ends.
  struct Ending {
    std::size_t index;       // its frames
    std::int64_t end_ticks;  // of the leader
    bool period_ends;        // what follows is on another time base
    bool last;               // nothing follows
    Timestamp decided_at;
  };

  // The leader's frames that come before another track leads.
  struct Handover {
    std::size_t frames;
    std::int64_t end_ticks;
  };

  Track& leader() { return tracks_[*leader_]; }
  const Track& leader() const { return tracks_[*leader_]; }
  bool Emitting() const { return taken_; }
  bool Advance(Timestamp now);
  bool ChooseLeader(Timestamp now);
  bool FindCut(Timestamp now);
  std::optional<Handover> FindHandover(Timestamp now);
  Ending ForcedCut(const Cut& cut);
  std::int64_t EndOfFirst(const Track& track, std::size_t count) const;
  CutPolicy::Limits Limits() const;
  bool Map(Track& track) const;
  bool OthersAreReady(Timestamp now);
  void TakeSegment(Timestamp now);
  std::int64_t LastDecodeTime(const Track& track);
  void TakeLeader();
  void TakeFormat(Track& track);
  void Align(Track& track, TimeDelta from);
  void TakeOther(Track& track, TimeDelta from, TimeDelta cut);
  void Trim(Track& track, TimeDelta from);
  void DropFront(Track& track, std::size_t count, std::uint64_t& counter);
  std::size_t CountBefore(const Track& track, TimeDelta cut);
  void Correct(Track& track);
  void List(Timestamp now, TimeDelta from, TimeDelta cut, bool discontinuity);
  void AddPlaylistSteps();
  void EndPeriod();
  void FinishSegment();
  void FinishAll();
  bool MakeOutput(const Step& step, Output& out);
  std::span<const Bytes> MakeTransport(std::size_t rendition);
  bool Text(std::string_view text, Output& out);
  mux::TrackConfig Describe(const Track& track) const;
  TrackSpan SpanOf(const Track& track) const;
  void FillFacts();
  static std::size_t TimeTrack(const Layout::Rendition& rendition);

  Config config_;
  Layout layout_;
  Playlists playlists_;
  SegmentMaker maker_;
  std::vector<Track> tracks_;
  std::vector<TsState> ts_;
  std::vector<RenditionFacts> facts_;
  std::vector<std::pair<codec::CodecString, codec::CodecString>> codec_strings_;
  std::vector<std::int64_t> scratch_;
  Counters counters_;

  Timestamp now_ = Timestamp::MinusInfinity();
  Timestamp leader_grace_ = Timestamp::PlusInfinity();
  std::optional<std::size_t> leader_;
  CutPolicy policy_;
  std::optional<Ending> ending_segment_;
  Timestamp wait_until_ = Timestamp::PlusInfinity();
  TimeDelta period_start_ = kTimelineStart;
  std::optional<TimeDelta> wall_zero_;  // unix time of the timeline's zero
  bool discontinuity_next_ = false;
  bool resync_ = false;
  bool target_announced_ = false;
  std::uint64_t next_number_ = 0;
  bool ending_ = false;
  bool done_ = false;

  std::vector<Step> steps_;
  std::size_t step_ = 0;
  bool taken_ = false;  // a segment, or the end, is on its way out
  std::array<Bytes, 1> piece_;
  FileName name_;
};

Segmenter::Impl::Impl(const Config& config)
    : config_(config),
      layout_(MakeLayout(config)),
      playlists_(config, layout_),
      maker_(QueueSamples(config), TsBytes(config)) {
  tracks_.reserve(config.tracks.size());
  for (std::size_t i = 0; i < config.tracks.size(); ++i) {
    const TrackConfig& about = config.tracks[i];
    const bool video = IsVideo(about.codec);
    Track& track = tracks_.emplace_back(
        about, TrackInput::Config{.codec = about.codec,
                                  .clock_rate = about.clock_rate,
                                  .max_jump = kMaxJump,
                                  .max_gap = config.target_duration,
                                  .max_frame_bytes = MaxFrameBytes(config, about),
                                  .max_bytes = 2 * SegmentBytes(config, about),
                                  .max_samples = QueueSamples(config),
                                  .frame_ticks = UsualTicks(about)});
    track.used = video || static_cast<int>(i) == layout_.audio;
    if (!video) track.init = 1;
    track.init_due = !video;
    for (const auto& nal : about.parameter_sets) track.input.AddParameterSet(nal);
  }
  const std::size_t renditions = layout_.renditions.size();
  ts_.resize(renditions);
  facts_.resize(renditions);
  codec_strings_.resize(renditions,
                        {codec::CodecString(""), codec::CodecString("")});
  scratch_.resize(QueueSamples(config) + 1);
  steps_.reserve(MaxSteps(config, renditions));
}

void Segmenter::Impl::HandleFrame(Timestamp now, std::size_t index,
                                  const codec::EncodedFrame& frame) {
  now_ = std::max(now_, now);
  ++counters_.frames_in;
  if (ending_) {
    ++counters_.dropped_ended;
    return;
  }
  if (index >= tracks_.size() || frame.codec != tracks_[index].config.codec ||
      frame.data.empty()) {
    ++counters_.dropped_malformed;
    return;
  }
  Track& track = tracks_[index];
  if (!track.used) {
    ++counters_.dropped_outside;
    return;
  }
  if (!leader_grace_.IsFinite()) leader_grace_ = now_ + config_.max_target_duration;
  // While nothing is decided yet the oldest make room, so that the beginning
  // is not what was long ago.
  if (!leader_ && !Emitting()) {
    while (!track.queue().empty() &&
           track.input.queue().Reserve(frame.data.size()) == nullptr) {
      DropFront(track, 1, counters_.dropped_outside);
    }
  }
  const std::uint64_t given_up = track.input.given_up();
  const Intake intake = track.input.HandleFrame(now_, frame);
  counters_.time_jumps += track.input.time_jumps() - std::exchange(track.jumps_seen, track.input.time_jumps());
  if (track.input.given_up() != given_up) {
    const std::uint64_t count = track.input.given_up() - given_up;
    counters_.dropped_outside += count;
    counters_.frames_waiting -= count;
    if (leader_ == index && !Emitting()) {  // what was decided is void
      ending_segment_.reset();
      policy_.Begin();
    }
  }
  switch (intake) {
    case Intake::kStored: ++counters_.frames_waiting; break;
    case Intake::kBeforeKeyFrame: ++counters_.dropped_before_key_frame; break;
    case Intake::kMalformed: ++counters_.dropped_malformed; break;
    case Intake::kLate: ++counters_.dropped_late; break;
    case Intake::kOverflow: ++counters_.dropped_overflow; break;
  }
}

void Segmenter::Impl::HandleSenderReport(std::size_t track, NtpTime ntp,
                                         RtpTimestamp rtp) {
  if (track >= tracks_.size()) return;
  bool used = false;
  tracks_[track].input.HandleSenderReport(ntp, rtp, used);
  counters_.sender_reports += used;
}

void Segmenter::Impl::HandleRestart(std::size_t track) {
  if (track >= tracks_.size() || ending_) return;
  ++counters_.restarts;
  tracks_[track].input.HandleRestart();
}

std::optional<TimeDelta> Segmenter::Impl::SyncError(std::size_t index) const {
  if (index >= tracks_.size() || !leader_ || *leader_ == index) return std::nullopt;
  const Track& track = tracks_[index];
  if (!track.mapped || !leader().mapped) return std::nullopt;
  const auto align = segment::Align(leader().input.clock(), track.input.clock());
  if (!align || !align->from_reports) return std::nullopt;
  const TimeDelta wanted = leader().ToTime(leader().offset) + align->offset;
  return track.ToTime(track.offset) - wanted;
}

Timestamp Segmenter::Impl::NextTimeout() const {
  if (done_) return Timestamp::PlusInfinity();
  if (ending_segment_ && !Emitting()) return wait_until_;
  return Timestamp::PlusInfinity();
}

// ---------------------------------------------------------------- deciding

// The sound waits for a picture for a while; then it leads.
bool Segmenter::Impl::ChooseLeader(Timestamp now) {
  const bool waits = now < leader_grace_ && !ending_;
  for (const bool video : {true, false}) {
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
      Track& track = tracks_[i];
      if (!track.used || track.video != video) continue;
      while (!track.queue().empty() && !track.queue().front().key) {
        DropFront(track, 1, counters_.dropped_outside);
      }
      if (!track.queue().empty()) {
        leader_ = i;
        policy_.Begin();
        if (!track.mapped) {
          track.offset = period_start_.ToTicks(track.rate()) - track.queue().front().ticks;
          track.mapped = true;
        }
        return true;
      }
      if (waits && video) break;  // the first one leads if it comes at all
    }
    if (waits && std::any_of(tracks_.begin(), tracks_.end(),
                             [](const Track& t) { return t.used && t.video; })) {
      return false;
    }
  }
  return false;
}

CutPolicy::Limits Segmenter::Impl::Limits() const {
  CutPolicy::Limits limits;
  limits.target = config_.target_duration;
  limits.bound = TimeDelta::Seconds(playlists_.target_seconds()) + kBoundSlack;
  limits.patience = limits.bound;
  if (!target_announced_) {
    limits.patience =
        std::max(limits.bound, config_.max_target_duration + kBoundSlack);
  }
  limits.max_bytes = SegmentBytes(config_, leader().config);
  limits.max_samples = static_cast<std::size_t>(config_.max_segment_samples);
  return limits;
}

// Just after the last of the first `count` frames, in ticks of the queue.
std::int64_t Segmenter::Impl::EndOfFirst(const Track& track,
                                         std::size_t count) const {
  const SampleQueue& queue = track.queue();
  std::int64_t first = queue[0].ticks;
  std::int64_t last = first;
  for (std::size_t i = 1; i < count; ++i) {
    first = std::min(first, queue[i].ticks);
    last = std::max(last, queue[i].ticks);
  }
  if (!track.video) return last + track.input.frame_ticks();
  // A picture lasts as long as they do on average.
  return last + (count > 1 ? std::max<std::int64_t>(
                                 1, (last - first) / static_cast<std::int64_t>(count - 1))
                           : track.picture_ticks);
}

// The latest place before `cut.index` that no picture is shown across, and that
// is within the bound.
Segmenter::Impl::Ending Segmenter::Impl::ForcedCut(const Cut& cut) {
  const Track& track = leader();
  const SampleQueue& queue = track.queue();
  const std::int64_t from =
      track.contiguous ? track.end - track.offset : queue.front().ticks;
  const std::int64_t bound = from + Limits().bound.ToTicks(track.rate());
  std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
  const auto latest = std::span(scratch_);  // of the frames before i
  latest[0] = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < queue.size(); ++i) {
    latest[i + 1] = std::max(latest[i], queue[i].ticks);
  }
  for (std::size_t i = queue.size(); i-- > 1;) {
    earliest = std::min(earliest, queue[i].ticks);
    if (i <= cut.index && latest[i] < earliest && earliest <= bound) {
      return {i, earliest, false, false, now_};
    }
  }
  return {cut.index, std::clamp(queue[cut.index].ticks, from + 1, bound), false,
          false, now_};
}

bool Segmenter::Impl::FindCut(Timestamp now) {
  if (!leader_ && !ChooseLeader(now)) return false;
  const Track& track = leader();
  const SampleQueue& queue = track.queue();
  const std::optional<Handover> handover = FindHandover(now);
  const std::size_t frames = handover ? handover->frames : queue.size();
  if (frames > 0) {
    const std::int64_t from =
        track.contiguous ? track.end - track.offset : queue.front().ticks;
    const CutPolicy::Limits limits = Limits();
    while (policy_.next() < frames) {
      const std::size_t i = policy_.next();
      const QueuedSample& sample = queue[i];
      if (i > 0 && sample.boundary) {
        ending_segment_ = {i, EndOfFirst(track, i), true, false, now};
        return true;
      }
      if (i > 0 && sample.new_format) {
        ending_segment_ = {i, sample.ticks, false, false, now};
        return true;
      }
      const auto cut = policy_.Add(limits, track.ToTime(sample.ticks - from),
                                   sample.key, sample.size);
      if (!cut) continue;
      if (cut->forced) {
        ++counters_.forced_cuts;
        ending_segment_ = ForcedCut(*cut);
      } else {
        ending_segment_ = {cut->index, queue[cut->index].ticks, false, false, now};
      }
      return true;
    }
    if (ending_) {
      ending_segment_ = {queue.size(), EndOfFirst(track, queue.size()), true, true, now};
      return true;
    }
  }
  if (!handover) return false;
  ++counters_.leader_changes;
  leader_grace_ = now;
  if (frames > 0) {
    ending_segment_ = {frames, handover->end_ticks, true, false, now};
    return true;
  }
  EndPeriod();  // nothing to close
  return ChooseLeader(now) && FindCut(now);
}

// Another track takes the lead: a picture that comes (back) while the sound
// leads, or one that still comes when the leader does not.
std::optional<Segmenter::Impl::Handover> Segmenter::Impl::FindHandover(
    Timestamp now) {
  const Track& current = leader();
  const SampleQueue& queue = current.queue();
  const TimeDelta silence = std::max(config_.target_duration, TimeDelta::Seconds(2));
  const bool silent = now - current.input.last_arrival() > silence;
  if (ending_ || (!silent && current.video)) return std::nullopt;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    Track& track = tracks_[i];
    if (i == *leader_ || !track.used || track.queue().empty()) continue;
    const bool better = track.video && !current.video;
    const bool alive = now - track.input.last_arrival() <= silence;
    if (!alive || !(better || silent)) continue;
    std::size_t count = queue.size();
    std::int64_t end = count > 0 ? EndOfFirst(current, count) : 0;
    if (better && !silent && (track.mapped || Map(track))) {
      // Up to where the picture begins.
      const TimeDelta at = track.At(0);
      count = 0;
      while (count < queue.size() && current.At(count) < at) ++count;
      if (count > 0) {
        end = std::min(EndOfFirst(current, count),
                       at.ToTicks(current.rate()) - current.offset);
      }
    }
    return Handover{count, end};
  }
  return std::nullopt;
}

// ---------------------------------------------------------------- timeline

// Puts the track on the timeline, where the leader is already.
bool Segmenter::Impl::Map(Track& track) const {
  const auto align = segment::Align(leader().input.clock(), track.input.clock());
  if (!align) return false;
  const TimeDelta zero = leader().ToTime(leader().offset) + align->offset;
  track.offset = zero.ToTicks(track.rate());
  track.mapped = true;
  return true;
}

bool Segmenter::Impl::OthersAreReady(Timestamp now) {
  const Track& first = leader();
  const TimeDelta cut = first.ToTime(ending_segment_->end_ticks + first.offset);
  wait_until_ = Timestamp::MinusInfinity();
  bool ready = true;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    Track& track = tracks_[i];
    if (i == *leader_ || !track.used) continue;
    bool reached = track.input.format_waits() && track.contiguous;
    if (!reached && !track.queue().empty() && (track.mapped || Map(track))) {
      const TimeDelta last = track.At(track.queue().size() - 1);
      reached = last >= cut + (track.video ? kNear : TimeDelta::Zero());
    }
    if (reached) continue;
    const Timestamp until =
        std::min(ending_segment_->decided_at, track.input.last_arrival()) +
        config_.max_wait;
    wait_until_ = std::max(wait_until_, until);
    ready &= now >= until;
  }
  return ready;
}

// A format of the track's first frame becomes the one that is written.
void Segmenter::Impl::TakeFormat(Track& track) {
  if (track.queue().empty() || !track.queue().front().new_format) return;
  track.input.queue().ClearNewFormat();
  track.input.ActivateFormat();
  ++track.init;
  track.init_due = true;
  track.new_format = true;
}

void Segmenter::Impl::DropFront(Track& track, std::size_t count,
                                std::uint64_t& counter) {
  for (std::size_t i = 0; i < count; ++i) {
    TakeFormat(track);
    track.input.queue().PopFront(1);
  }
  counter += count;
  counters_.frames_waiting -= count;
}

// What lies before the segment's start goes.
void Segmenter::Impl::Trim(Track& track, TimeDelta from) {
  const SampleQueue& queue = track.queue();
  std::size_t drop = 0;
  const TimeDelta half = track.ToTime(track.input.frame_ticks() / 2);  // of sound
  while (drop < queue.size()) {
    const bool too_early =
        track.At(drop) < from - (track.video ? kNear : half);
    if (!too_early && (queue[drop].key || track.contiguous)) break;
    ++drop;
  }
  DropFront(track, drop, counters_.dropped_outside);
}

// How many frames of a track that does not lead lie before the cut.
std::size_t Segmenter::Impl::CountBefore(const Track& track, TimeDelta cut) {
  const SampleQueue& queue = track.queue();
  std::size_t i = 0;
  std::size_t first_after = queue.size();
  for (; i < queue.size(); ++i) {
    if (i > 0 && queue[i].new_format) {
      first_after = std::min(first_after, i);
      break;
    }
    const TimeDelta at = track.At(i);
    if (!track.video) {
      if (at >= cut) return i;
      continue;
    }
    if (i > 0 && queue[i].key && (at - cut).Abs() <= kNear) return i;
    if (at >= cut) first_after = std::min(first_after, i);
    if (at > cut + kNear) break;
  }
  return first_after;
}

// Brings the track towards where the sender reports say, from the end of this
// segment on.
void Segmenter::Impl::Correct(Track& track) {
  const auto align = segment::Align(leader().input.clock(), track.input.clock());
  if (!align || !align->from_reports) return;
  const TimeDelta wanted = leader().ToTime(leader().offset) + align->offset;
  const TimeDelta error = wanted - track.ToTime(track.offset);
  if (error.Abs() <= config_.sync_tolerance) return;
  if (error.Abs() > kMaxSlewed) {
    resync_ = true;
    return;
  }
  const std::int64_t most = track.input.frame_ticks() / 2;
  track.offset += std::clamp(error.ToTicks(track.rate()), -most, most);
  ++counters_.slews;
}

// Of the segment that is being taken.
std::int64_t Segmenter::Impl::LastDecodeTime(const Track& track) {
  const auto times = std::span(scratch_).first(track.count);
  for (std::size_t i = 0; i < track.count; ++i) {
    times[i] = track.queue()[i].ticks + track.segment_offset;
  }
  return SortIntoDecodeTimes(times, track.start);
}

void Segmenter::Impl::TakeLeader() {
  Track& track = leader();
  const SampleQueue& queue = track.queue();
  TakeFormat(track);
  track.count = ending_segment_->index;
  track.start = track.contiguous ? track.end : queue.front().ticks + track.offset;
  // What ends with its last frame: that frame is not stretched past the bound.
  const TimeDelta bound = track.ToTime(track.start) + Limits().patience;
  track.end = std::min(ending_segment_->end_ticks + track.offset,
                       bound.ToTicks(track.rate()));
  track.segment_offset = track.offset;
  track.end = std::max(track.end, LastDecodeTime(track) + 1);
}

// Brings the front of another track to where the segment starts.
void Segmenter::Impl::Align(Track& track, TimeDelta from) {
  track.count = 0;
  if (track.queue().empty() || (!track.mapped && !Map(track))) {
    track.contiguous = false;
    return;
  }
  if (track.queue().front().new_format) track.contiguous = false;
  Trim(track, track.contiguous ? track.ToTime(track.end) : from);
  if (track.queue().empty()) return;
  TakeFormat(track);
}

void Segmenter::Impl::TakeOther(Track& track, TimeDelta from, TimeDelta cut) {
  const SampleQueue& queue = track.queue();
  const TimeDelta until =
      ending_segment_->last
          ? std::max(cut, from + TimeDelta::Seconds(playlists_.target_seconds()) +
                              kBoundSlack)
          : cut;
  track.count = !queue.empty() && track.mapped ? CountBefore(track, until) : 0;
  if (track.count == 0) {
    track.contiguous = false;
    return;
  }
  track.segment_offset = track.offset;
  if (track.contiguous && !track.new_format) {
    track.start = track.end;
  } else {
    // What begins late is there from the beginning of the segment, so that
    // segments of one number begin together.
    track.start = queue.front().ticks + track.offset;
    if (track.ToTime(track.start) > from + kNear) track.start = from.ToTicks(track.rate());
  }
  std::int64_t after = EndOfFirst(track, track.count);
  if (!ending_segment_->period_ends) {
    Correct(track);
    const bool follows = track.count < queue.size() && !queue[track.count].new_format;
    if (follows) after = queue[track.count].ticks;
    if (follows && !queue[track.count].key) ++counters_.unaligned_cuts;
  }
  std::int64_t end = after + track.offset;
  if (!ending_segment_->period_ends) {
    // A hole across the cut is filled up to it; the rest of it is the next
    // segment's.
    if (track.ToTime(end) < cut - kNear) end = cut.ToTicks(track.rate());
  }
  end = std::min(end, (until + kNear).ToTicks(track.rate()));
  track.end = std::max(end, LastDecodeTime(track) + 1);
  track.contiguous = true;
}

void Segmenter::Impl::TakeSegment(Timestamp now) {
  TakeLeader();
  const Track& first = leader();
  const TimeDelta from = first.ToTime(first.start);
  const TimeDelta cut = first.ToTime(first.end);
  if (!target_announced_ && config_.type != PlaylistType::kVod) {
    const std::int64_t needed =
        ((cut - from) - kBoundSlack + TimeDelta::Micros(999'999)).us() / 1'000'000;
    playlists_.SetTarget(std::max(playlists_.target_seconds(), needed));
    target_announced_ = true;
  }
  if (!wall_zero_ && config_.wall_clock) {
    const TimeDelta shown = *first.input.clock().ZeroByArrival() +
                            first.ToTime(first.queue().front().ticks) -
                            (config_.wall_clock_at - Timestamp::Micros(0));
    wall_zero_ = TimeDelta::Micros(config_.wall_clock->ToUnixMicros()) + shown - from;
  }
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (i != *leader_ && tracks_[i].used) Align(tracks_[i], from);
  }
  bool discontinuity = discontinuity_next_;
  for (const Track& track : tracks_) {
    discontinuity |= track.new_format && track.init > 1;
  }
  discontinuity &= next_number_ > 0;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (i != *leader_ && tracks_[i].used) TakeOther(tracks_[i], from, cut);
  }
  if (ending_segment_->period_ends) leader().contiguous = false;
  List(now, from, cut, discontinuity);
  discontinuity_next_ = false;
  if (playlists_.any_joined()) ++next_number_;
}

// ---------------------------------------------------------------- listing

// The track whose times are those of the playlist.
std::size_t Segmenter::Impl::TimeTrack(const Layout::Rendition& rendition) {
  return static_cast<std::size_t>(rendition.video >= 0 ? rendition.video
                                                       : rendition.audio);
}

void Segmenter::Impl::List(Timestamp now, TimeDelta from, TimeDelta cut,
                           bool discontinuity) {
  using Kind = Output::Kind;
  const bool vod = config_.type == PlaylistType::kVod;
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    Track& track = tracks_[TimeTrack(layout_.renditions[r])];
    const bool media = track.count > 0;
    if (!playlists_.joined(r)) {
      if (!media) continue;
      playlists_.Join(r, next_number_);
    }
    ListedSegment segment;
    segment.discontinuity = discontinuity;
    segment.gap = !media;
    segment.independent = media && track.queue().front().key;
    segment.init = track.init;
    const TimeDelta start = media ? track.ToTime(track.start) : from;
    segment.duration = (media ? track.ToTime(track.end) : cut) - start;
    if (wall_zero_) segment.date_time = playlist::DateTime{(*wall_zero_ + start).us()};
    playlists_.Append(r, segment);
    if (!media) {
      ++counters_.gaps;
      playlists_.MeasureGap(r);
      continue;
    }
    for (const int carried : {layout_.renditions[r].video, layout_.renditions[r].audio}) {
      if (carried >= 0) tracks_[static_cast<std::size_t>(carried)].carried = true;
    }
    if (track.init_due && config_.container == Container::kFmp4) {
      steps_.push_back({Kind::kInit, r, playlists_.list(r).InitName(track.init)});
      ++counters_.init_sections;
    }
    if (track.init_due) playlists_.FactsChanged();
    if (discontinuity) ts_[r].delayed.Restart();
    steps_.push_back({Kind::kSegment, r, playlists_.list(r).SegmentName(next_number_)});
    ++counters_.segments;
  }
  counters_.discontinuities += discontinuity;
  if (config_.type != PlaylistType::kLive && playlists_.full()) {
    ending_ = ending_segment_->last = true;  // no room for more
  }
  if (!vod || ending_segment_->last) AddPlaylistSteps();
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    SegmentList::Removed gone;
    while (playlists_.RemoveFirst(r, gone)) {
      const Timestamp until = now + gone.stays;
      const SegmentList& list = playlists_.list(r);
      if (!gone.gap) {
        steps_.push_back({Kind::kDelete, r, list.SegmentName(gone.number), until});
      }
      if (gone.init) {
        steps_.push_back({Kind::kDelete, r, list.InitName(*gone.init), until});
      }
    }
  }
}

void Segmenter::Impl::AddPlaylistSteps() {
  if (!playlists_.any_joined()) return;
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    if (!playlists_.joined(r)) continue;
    steps_.push_back({Output::Kind::kPlaylist, r, playlists_.list(r).PlaylistName()});
  }
  steps_.push_back({Output::Kind::kMultivariant, 0, FileName("index", ".m3u8")});
}

// What comes now is on another time base.
void Segmenter::Impl::EndPeriod() {
  for (Track& track : tracks_) {
    if (track.mapped && track.end > 0) {
      period_start_ = std::max(period_start_, track.ToTime(track.end));
    }
    track.mapped = false;
    track.contiguous = false;
  }
  leader_.reset();
  wall_zero_.reset();
  discontinuity_next_ = true;
}

// All of a segment is out.
void Segmenter::Impl::FinishSegment() {
  taken_ = false;
  steps_.clear();
  step_ = 0;
  if (!ending_segment_) {  // these were the last playlists
    done_ = true;
    return;
  }
  for (Track& track : tracks_) {
    if (track.count > 0) {
      track.input.queue().PopFront(track.count);
      (track.carried ? counters_.frames_out : counters_.dropped_outside) += track.count;
      track.carried = false;
      counters_.frames_waiting -= track.count;
      track.picture_ticks = std::max<std::int64_t>(
          1, (track.end - track.start) / static_cast<std::int64_t>(track.count));
      track.frames += track.count;
      track.time += track.ToTime(track.end) - track.ToTime(track.start);
      track.count = 0;
      track.init_due = false;
    }
    track.new_format = false;
  }
  const Ending ended = *std::exchange(ending_segment_, std::nullopt);
  policy_.Begin();
  if (ended.last) {
    for (Track& track : tracks_) {
      DropFront(track, track.queue().size(), counters_.dropped_outside);
    }
    done_ = true;
  } else if (ended.period_ends || resync_) {
    EndPeriod();
  } else {
    leader().contiguous = true;
  }
  resync_ = false;
}

// The end came when no frame of the leader was left.
void Segmenter::Impl::FinishAll() {
  for (Track& track : tracks_) {
    DropFront(track, track.queue().size(), counters_.dropped_outside);
  }
  if (next_number_ == 0) {
    done_ = true;
    return;
  }
  AddPlaylistSteps();
}

bool Segmenter::Impl::Advance(Timestamp now) {
  if (done_) return false;
  if (!ending_segment_ && !FindCut(now)) {
    if (!ending_) return false;
    FinishAll();
    taken_ = !done_;
    return taken_;
  }
  if (!OthersAreReady(now) && !ending_) return false;
  TakeSegment(now);
  taken_ = true;
  return true;
}

// ---------------------------------------------------------------- output

bool Segmenter::Impl::PollOutput(Timestamp now, Output& out) {
  now_ = std::max(now_, now);
  while (true) {
    while (step_ < steps_.size()) {
      if (MakeOutput(steps_[step_++], out)) return true;
    }
    if (taken_) FinishSegment();
    if (!Advance(now_)) return false;
  }
}

mux::TrackConfig Segmenter::Impl::Describe(const Track& track) const {
  mux::TrackConfig about;
  about.codec = track.config.codec;
  about.timescale = static_cast<std::uint32_t>(track.rate());
  if (track.video) {
    const codec::Sps& sps = track.input.format().sps;
    about.codec_config = track.input.format().config();
    about.width = sps.width;
    about.height = sps.height;
    about.pixel_width = sps.sar_width;
    about.pixel_height = sps.sar_height;
    about.colour = {sps.colour_primaries, sps.transfer_characteristics,
                    sps.matrix_coefficients, sps.full_range};
    if (sps.colour_primaries == 2) about.colour = {};
    return about;
  }
  about.codec_config = track.config.audio_config;
  about.channels = static_cast<std::uint8_t>(track.config.channels);
  about.sample_rate = static_cast<std::uint32_t>(track.rate());
  if (track.config.codec == Codec::kAac) {
    const auto aac = codec::AacConfig::Parse(track.config.audio_config);
    if (aac) about.sample_rate = aac->sampling_frequency;
    if (aac && aac->channels > 0) about.channels = aac->channels;
  }
  return about;
}

TrackSpan Segmenter::Impl::SpanOf(const Track& track) const {
  return {.queue = &track.queue(),
          .count = track.count,
          .offset = track.segment_offset,
          .start = track.start,
          .end = track.end,
          .frame_ticks = track.video ? track.picture_ticks : track.input.frame_ticks(),
          .rate = track.rate(),
          .reorders = track.video};
}

std::span<const Bytes> Segmenter::Impl::MakeTransport(std::size_t r) {
  const Layout::Rendition& rendition = layout_.renditions[r];
  TsState& state = ts_[r];
  mux::TsWriter::Config config;
  config.timestamp_offset = 0;
  TrackSpan video;
  TrackSpan audio;
  std::uint32_t init = 1;
  if (rendition.video >= 0) {
    const Track& track = tracks_[static_cast<std::size_t>(rendition.video)];
    config.video = Describe(track);
    video = SpanOf(track);
    init = track.init;
  }
  if (rendition.audio >= 0) {
    const Track& track = tracks_[static_cast<std::size_t>(rendition.audio)];
    config.audio = Describe(track);
    audio = SpanOf(track);
  }
  if (!state.writer || state.init != init) {
    const auto writer = mux::TsWriter::Create(config);
    if (!writer) return {};
    mux::TsWriter next = *writer;
    if (state.writer) next.Continue(*state.writer);
    state.writer = next;
    state.init = init;
  }
  std::uint64_t left_out = 0;
  const auto pieces =
      maker_.Transport(*state.writer, state.delayed, video, audio, left_out);
  counters_.left_out += left_out;
  return pieces;
}

// Codec names and so on, as they are now.
void Segmenter::Impl::FillFacts() {
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    const Layout::Rendition& rendition = layout_.renditions[r];
    RenditionFacts& facts = facts_[r];
    auto& [video_string, audio_string] = codec_strings_[r];
    facts = RenditionFacts();
    if (rendition.video >= 0) {
      const Track& track = tracks_[static_cast<std::size_t>(rendition.video)];
      const codec::Sps& sps = track.input.format().sps;
      video_string = sps.codec_string();
      facts.video_codec = video_string.view();
      facts.width = sps.width;
      facts.height = sps.height;
      facts.transfer = sps.transfer_characteristics;
      const std::int64_t frames = static_cast<std::int64_t>(track.frames + track.count);
      const TimeDelta time =
          track.time + (track.count > 0 ? track.ToTime(track.end - track.start)
                                        : TimeDelta::Zero());
      facts.frame_rate = time > TimeDelta::Zero()
          ? Frequency::MilliHertz(
                (SaturatingMulDiv(frames, 2'000'000'000, time.us()) + 1) / 2)
          : sps.frame_rate();
    }
    if (rendition.audio >= 0) {
      const Track& track = tracks_[static_cast<std::size_t>(rendition.audio)];
      if (track.config.codec == Codec::kOpus) {
        audio_string = codec::CodecString("opus");
      } else if (const auto aac = codec::AacConfig::Parse(track.config.audio_config)) {
        audio_string = aac->codec_string();
      }
      facts.audio_codec = audio_string.view();
      facts.channels = Describe(track).channels;
    }
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
  const bool ended = ending_ && (!ending_segment_ || ending_segment_->last);
  const bool fmp4 = config_.container == Container::kFmp4;
  name_ = step.name;
  out = Output();
  out.kind = step.kind;
  out.name = name_.view();
  const Track& track = tracks_[TimeTrack(layout_.renditions[step.rendition])];
  switch (step.kind) {
    case Output::Kind::kDelete:
      out.not_before = step.not_before;
      return true;
    case Output::Kind::kPlaylist:
      if (config_.type == PlaylistType::kVod) playlists_.SetTargetToLongest();
      return Text(playlists_.MediaText(step.rendition, ended), out);
    case Output::Kind::kMultivariant:
      if (!playlists_.UpdateRates(ended, counters_.bandwidth_rewrites)) return false;
      FillFacts();
      return Text(playlists_.MultivariantText(facts_), out);
    case Output::Kind::kInit:
      out.mime_type = track.video ? "video/mp4" : "audio/mp4";
      out.pieces = maker_.Init(Describe(track));
      break;
    case Output::Kind::kSegment:
      out.mime_type = !fmp4 ? "video/mp2t" : track.video ? "video/mp4" : "audio/mp4";
      out.duration = track.ToTime(track.end) - track.ToTime(track.start);
      out.pieces = fmp4 ? maker_.Fragment(SpanOf(track),
                                          static_cast<std::uint32_t>(next_number_))
                        : MakeTransport(step.rendition);
      break;
  }
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
