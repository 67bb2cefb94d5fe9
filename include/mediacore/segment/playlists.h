#ifndef MEDIACORE_SEGMENT_PLAYLISTS_H_
#define MEDIACORE_SEGMENT_PLAYLISTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mediacore/base/bytes.h"
#include "mediacore/base/units.h"
#include "mediacore/playlist/multivariant_playlist.h"
#include "mediacore/playlist/playlist_writer.h"
#include "mediacore/segment/bandwidth_meter.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/segment_list.h"

namespace mediacore::segment {

// What the multivariant playlist says of a rendition, beside its rates.
struct RenditionFacts {
  std::string_view video_codec;  // empty: no video, or not known yet
  std::string_view audio_codec;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  Frequency frame_rate = Frequency::Zero();
  std::uint8_t transfer = 2;  // of ISO/IEC 23091-2
  int channels = 0;
};

// All playlists of an output: one list for each rendition, and the multivariant
// playlist with its rates.
//
// Text is good until the next call. Memory: taken by the constructor.
// Threads: one at a time.
class Playlists {
 public:
  Playlists(const Config& config, const Layout& layout)
      : type_(config.type),
        fmp4_(config.container == Container::kFmp4),
        window_(static_cast<std::size_t>(config.window_segments)),
        target_((config.target_duration + TimeDelta::Millis(500)).us() / 1'000'000),
        max_bitrate_(config.max_bitrate),
        capacity_(Capacity(config)) {
    for (const Layout::Rendition& rendition : layout.renditions) {
      renditions_.push_back({SegmentList(rendition.stem, fmp4_ ? ".m4s" : ".ts",
                                         fmp4_, capacity_),
                             rendition.video >= 0, false, BandwidthMeter()});
    }
    names_.reserve(capacity_);
    init_names_.reserve(capacity_);
    model_.segments.reserve(capacity_);
    text_bytes_ = TextBytes(capacity_, renditions_.size());
    text_ = std::make_unique_for_overwrite<char[]>(text_bytes_);
    master_.variants.reserve(renditions_.size());
    codecs_.reserve(renditions_.size());
  }

  // The most segments that a list holds. Live lists hold three target durations
  // of them, however short they are, up to this.
  static std::size_t Capacity(const Config& config) {
    return config.type == PlaylistType::kLive
               ? std::max<std::size_t>(
                     256, 2 * static_cast<std::size_t>(config.window_segments))
               : static_cast<std::size_t>(config.max_segments);
  }
  static std::size_t Memory(const Config& config, std::size_t renditions) {
    const std::size_t capacity = Capacity(config);
    return renditions * (sizeof(Rendition) + capacity * sizeof(ListedSegment)) +
           capacity * (2 * sizeof(FileName) + sizeof(playlist::Segment)) +
           TextBytes(capacity, renditions) + 8192;
  }

  // Whole seconds; what EXTINF, rounded, never exceeds.
  std::int64_t target_seconds() const { return target_; }
  // Live, event: said to players; it does not change any more.
  bool target_announced() const { return target_announced_; }
  // The first segment lasts `longest`, give or take half a second.
  void AnnounceTarget(TimeDelta longest) {
    target_ = std::max(target_, (longest + TimeDelta::Micros(999'999)).us() / 1'000'000);
    target_announced_ = true;
  }

  SegmentList& list(std::size_t rendition) { return renditions_[rendition].list; }
  bool joined(std::size_t rendition) const { return renditions_[rendition].joined; }
  bool any_joined() const {
    return std::any_of(renditions_.begin(), renditions_.end(),
                       [](const Rendition& r) { return r.joined; });
  }
  // From segment `number` on there is something to list; before it, as far as
  // the other lists go back, are gaps.
  void Join(std::size_t rendition, std::uint64_t number) {
    Rendition& r = renditions_[rendition];
    for (const Rendition& other : renditions_) {
      if (!other.joined) continue;
      r.list.StartLike(other.list);
      for (std::size_t i = 0; other.list.first_number() + i < number; ++i) {
        ListedSegment gap = other.list[i];
        gap.gap = true;
        gap.independent = false;
        gap.bytes = 0;
        r.list.Append(gap);
      }
      break;
    }
    r.joined = true;
    stale_ = true;
  }
  void Append(std::size_t rendition, const ListedSegment& segment) {
    renditions_[rendition].list.Append(segment);
  }
  bool full() const {
    return std::any_of(renditions_.begin(), renditions_.end(),
                       [](const Rendition& r) { return r.list.full(); });
  }
  // Live: takes off what is no longer to be listed.
  [[nodiscard]] bool RemoveFirst(std::size_t rendition,
                                 SegmentList::Removed& removed) {
    return type_ == PlaylistType::kLive &&
           renditions_[rendition].list.RemoveFirst(
               window_, TimeDelta::Seconds(3 * target_), removed);
  }
  // The size of the segment appended last.
  void Measure(std::size_t rendition, std::uint64_t bytes) {
    Rendition& r = renditions_[rendition];
    r.list.back().bytes = bytes;
    r.meter.Add(bytes, r.list.back().duration, TimeDelta::Seconds(target_));
  }
  void MeasureGap(std::size_t rendition) { renditions_[rendition].meter.Break(); }
  // A format is another than before.
  void FactsChanged() { stale_ = true; }

  std::string_view MediaText(std::size_t rendition, bool ended) {
    model_.target_duration = TimeDelta::Seconds(target_);
    model_.type = type_ == PlaylistType::kEvent ? playlist::PlaylistType::kEvent
                  : type_ == PlaylistType::kVod ? playlist::PlaylistType::kVod
                                                : playlist::PlaylistType::kLive;
    model_.end_list = ended;
    renditions_[rendition].list.Describe(model_, names_, init_names_);
    std::size_t size = 0;
    if (!playlist::Write(model_, Room(), size)) return {};
    return std::string_view(text_.get(), size);
  }

  // For a list that is written when all is known.
  void SetTargetToLongest() {
    target_ = 1;
    for (const Rendition& r : renditions_) {
      for (std::size_t i = 0; i < r.list.size(); ++i) {
        target_ = std::max(
            target_, (r.list[i].duration + TimeDelta::Millis(500)).us() / 1'000'000);
      }
    }
  }

  // Whether the multivariant playlist has to be written (again). `rewrites`
  // counts the times that an announced BANDWIDTH was exceeded.
  bool UpdateRates(bool ended, std::uint64_t& rewrites) {
    const bool exact = ended && type_ != PlaylistType::kLive;
    if (exact) MeasureAgain();
    bool exceeded = false;
    bool changed = stale_ || exact;
    for (std::size_t i = 0; i < renditions_.size(); ++i) {
      if (!IsVariant(i) || renditions_[i].meter.empty()) continue;
      Rendition& r = renditions_[i];
      const DataRate peak = Sum(i, &BandwidthMeter::peak);
      DataRate average = Sum(i, &BandwidthMeter::average);
      if (exact) {
        r.bandwidth = std::max(peak, average);
        r.average = average;
        continue;
      }
      average = std::max(average, Sum(i, &BandwidthMeter::recent));
      if (r.bandwidth == DataRate::Zero() && max_bitrate_) r.bandwidth = *max_bitrate_;
      if (peak > r.bandwidth) {
        exceeded |= r.bandwidth > DataRate::Zero();
        changed = true;
        r.bandwidth = peak * 5 / 4;
      }
      if (average * 20 > r.average * 21) {  // by more than a twentieth
        changed = true;
        r.average = average;
      }
      r.average = std::min(r.average, r.bandwidth);
    }
    if (exceeded) ++rewrites;
    stale_ = false;
    return changed;
  }

  // `facts` in the order of the renditions.
  std::string_view MultivariantText(const std::vector<RenditionFacts>& facts) {
    master_.variants.clear();
    master_.renditions.clear();
    codecs_.clear();
    const std::size_t sound = SoundRendition();
    const bool group = sound < renditions_.size() && renditions_[sound].joined &&
                       VideoCount() > 0;
    if (group) {
      channels_ = std::to_string(facts[sound].channels);
      sound_uri_ = renditions_[sound].list.PlaylistName();
      playlist::Rendition& rendition = master_.renditions.emplace_back();
      rendition.type = playlist::Rendition::Type::kAudio;
      rendition.uri = sound_uri_.view();
      rendition.group_id = "audio";
      rendition.name = "audio";
      rendition.is_default = true;
      rendition.autoselect = true;
      rendition.channels = channels_;
    }
    names_.clear();
    for (std::size_t i = 0; i < renditions_.size(); ++i) {
      if (!IsVariant(i) || !renditions_[i].joined) continue;
      const RenditionFacts& fact = facts[i];
      std::string& codecs = codecs_.emplace_back(fact.video_codec);
      const std::string_view audio =
          group ? facts[sound].audio_codec : fact.audio_codec;
      if (!audio.empty()) {
        if (!codecs.empty()) codecs += ',';
        codecs += audio;
      }
      names_.push_back(renditions_[i].list.PlaylistName());
      playlist::Variant& variant = master_.variants.emplace_back();
      variant.uri = names_.back().view();
      variant.bandwidth = renditions_[i].bandwidth;
      variant.average_bandwidth = renditions_[i].average;
      variant.codecs = codecs;
      if (fact.width > 0) {
        variant.resolution = playlist::Resolution{fact.width, fact.height};
        if (fact.frame_rate > Frequency::Zero()) variant.frame_rate = fact.frame_rate;
        variant.video_range = fact.transfer == 16   ? "PQ"
                              : fact.transfer == 18 ? "HLG"
                                                    : "SDR";
      }
      if (group) variant.audio = "audio";
    }
    std::size_t size = 0;
    if (!playlist::Write(master_, Room(), size)) return {};
    return std::string_view(text_.get(), size);
  }

 private:
  struct Rendition {
    SegmentList list;
    bool video = false;
    bool joined = false;
    BandwidthMeter meter;
    DataRate bandwidth = DataRate::Zero();  // as announced
    DataRate average = DataRate::Zero();
  };

  static std::size_t TextBytes(std::size_t capacity, std::size_t renditions) {
    return 4096 + capacity * 384 + renditions * 1024;
  }
  std::span<char> Room() { return std::span(text_.get(), text_bytes_); }
  std::size_t VideoCount() const {
    return static_cast<std::size_t>(
        std::count_if(renditions_.begin(), renditions_.end(),
                      [](const Rendition& r) { return r.video; }));
  }
  // The list of sound, or past the end.
  std::size_t SoundRendition() const {
    return renditions_.back().video ? renditions_.size() : renditions_.size() - 1;
  }
  bool IsVariant(std::size_t i) const {
    return renditions_[i].video || VideoCount() == 0;
  }
  // A variant's own rate and that of the sound beside it.
  DataRate Sum(std::size_t i, DataRate (BandwidthMeter::*rate)() const) const {
    const std::size_t sound = SoundRendition();
    DataRate sum = (renditions_[i].meter.*rate)();
    if (sound < renditions_.size() && sound != i) {
      sum += (renditions_[sound].meter.*rate)();
    }
    return sum;
  }
  void MeasureAgain() {
    for (Rendition& r : renditions_) {
      r.meter = BandwidthMeter();
      for (std::size_t i = 0; i < r.list.size(); ++i) {
        if (r.list[i].gap) {
          r.meter.Break();
        } else {
          r.meter.Add(r.list[i].bytes, r.list[i].duration, TimeDelta::Seconds(target_));
        }
      }
    }
  }

  PlaylistType type_;
  bool fmp4_;
  std::size_t window_;
  std::int64_t target_;
  bool target_announced_ = false;
  std::optional<DataRate> max_bitrate_;
  std::size_t capacity_;
  std::vector<Rendition> renditions_;
  bool stale_ = true;
  playlist::MediaPlaylist model_;
  playlist::MultivariantPlaylist master_;
  std::vector<FileName> names_;
  std::vector<FileName> init_names_;
  std::vector<std::string> codecs_;
  std::string channels_;
  FileName sound_uri_;
  std::size_t text_bytes_ = 0;
  std::unique_ptr<char[]> text_;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_PLAYLISTS_H_
