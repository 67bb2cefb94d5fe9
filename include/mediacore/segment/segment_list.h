#ifndef MEDIACORE_SEGMENT_SEGMENT_LIST_H_
#define MEDIACORE_SEGMENT_SEGMENT_LIST_H_

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mediacore/base/time.h"
#include "mediacore/playlist/media_playlist.h"
#include "mediacore/playlist/playlist_writer.h"

namespace mediacore::segment {

// A file name made of a stem, a number and an ending, held by value.
class FileName {
 public:
  static constexpr std::size_t kMaxStem = 48;

  FileName() = default;
  // `stem` is cut at kMaxStem characters, `ending` at 16.
  FileName(std::string_view stem, std::string_view ending) {
    Put(stem.substr(0, kMaxStem));
    Put(ending.substr(0, 16));
  }
  FileName(std::string_view stem, std::string_view infix, std::uint64_t number,
           std::string_view ending) {
    Put(stem.substr(0, kMaxStem));
    Put(infix.substr(0, 8));
    const auto end = std::to_chars(text_.data() + size_,
                                   text_.data() + text_.size(), number);
    size_ = static_cast<std::size_t>(end.ptr - text_.data());
    Put(ending.substr(0, 16));
  }
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  void Put(std::string_view text) {
    std::copy(text.begin(), text.end(), text_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += text.size();
  }
  std::array<char, 96> text_{};
  std::size_t size_ = 0;
};

// What a media playlist says of one segment.
struct ListedSegment {
  TimeDelta duration = TimeDelta::Zero();
  std::optional<playlist::DateTime> date_time;
  std::uint32_t init = 0;  // number of its initialization section
  bool discontinuity = false;
  bool gap = false;
  bool independent = false;  // begins with a key frame
  // The longest playlist that has held it.
  TimeDelta longest_list = TimeDelta::Zero();
  std::uint64_t bytes = 0;
};

// The segments that a media playlist lists (RFC 8216bis, sections 4.4 and 6.2):
// numbers, what leaves and for how long it has to stay, and the text.
//
//   list.Append(segment);
//   while (list.RemoveFirst(limits, removed)) DeleteAfter(removed.stays);
//   list.Describe(about, model); Write(model, text);
//
// Memory: `capacity` segments, taken by the constructor. Threads: one at a time.
class SegmentList {
 public:
  struct Removed {
    std::uint64_t number = 0;  // media sequence number
    bool gap = false;
    // For how long from now its file still has to be there (section 6.2.2).
    TimeDelta stays = TimeDelta::Zero();
    // Its initialization section, when no segment that is left needs it.
    std::optional<std::uint32_t> init;
  };

  // `stem` and `ending` name the files: stem-17.m4s; with `has_init` there are
  // stem-init1.mp4 and so on.
  SegmentList(std::string stem, std::string_view ending, bool has_init,
              std::size_t capacity)
      : stem_(std::move(stem)),
        ending_(ending),
        has_init_(has_init),
        capacity_(capacity) {
    ring_.reserve(capacity);
  }

  std::size_t size() const { return size_; }
  bool full() const { return size_ == capacity_; }
  std::size_t capacity() const { return capacity_; }
  const ListedSegment& operator[](std::size_t i) const { return ring_[Slot(i)]; }
  ListedSegment& back() { return ring_[Slot(size_ - 1)]; }
  std::uint64_t first_number() const { return first_number_; }
  std::uint64_t next_number() const { return first_number_ + size_; }
  TimeDelta duration() const { return duration_; }
  const std::string& stem() const { return stem_; }

  FileName SegmentName(std::uint64_t number) const {
    return FileName(stem_, "-", number, ending_);
  }
  FileName InitName(std::uint32_t number) const {
    return FileName(stem_, "-init", number, ".mp4");
  }
  FileName PlaylistName() const { return FileName(stem_, ".m3u8"); }

  // The first segment will have the number that `other` begins with.
  void StartLike(const SegmentList& other) {
    assert(size_ == 0);
    first_number_ = other.first_number_;
    removed_discontinuities_ = other.removed_discontinuities_;
  }
  // Not when full().
  void Append(const ListedSegment& segment) {
    assert(!full());
    const std::size_t slot = Slot(size_++);
    if (slot == ring_.size()) {  // the first time: memory is touched as it is used
      ring_.push_back(segment);
    } else {
      ring_[slot] = segment;
    }
    duration_ += segment.duration;
  }
  // Takes the first segment off a live list that is longer than `window`
  // segments, as long as `least` remains, or that is full.
  [[nodiscard]] bool RemoveFirst(std::size_t window, TimeDelta least,
                                 Removed& removed) {
    if (size_ == 0) return false;
    const ListedSegment& first = ring_[first_];
    const bool too_long = size_ > window && duration_ - first.duration >= least;
    if (!too_long && !full()) return false;
    removed = {first_number_, first.gap, first.duration + first.longest_list, {}};
    const std::uint32_t init = first.init;
    removed_discontinuities_ += first.discontinuity;
    duration_ -= first.duration;
    first_ = Slot(1);
    --size_;
    ++first_number_;
    if (!removed.gap) last_init_removed_ = init;
    if (has_init_ && last_init_removed_ != 0) {
      std::uint32_t next = 0;  // of the first that is left and has one
      for (std::size_t i = 0; i < size_ && next == 0; ++i) {
        if (!ring_[Slot(i)].gap) next = ring_[Slot(i)].init;
      }
      if (next != 0 && next != last_init_removed_) {
        removed.init = last_init_removed_;
        last_init_removed_ = 0;
      }
    }
    return true;
  }

  // How the list looks as a playlist. `names` holds the URIs that the model
  // points to: at least capacity() names. Also remembers that the segments
  // have been in a list of this length.
  void Describe(playlist::MediaPlaylist& model, std::vector<FileName>& names,
                std::vector<FileName>& init_names) {
    model.media_sequence = first_number_;
    model.discontinuity_sequence = removed_discontinuities_;
    model.independent_segments = true;
    model.segments.clear();
    names.clear();
    init_names.clear();
    std::uint32_t init = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      ListedSegment& from = ring_[Slot(i)];
      from.longest_list = std::max(from.longest_list, duration_);
      names.push_back(SegmentName(first_number_ + i));
      playlist::Segment& to = model.segments.emplace_back();
      to.uri = names.back().view();
      to.duration = from.duration;
      to.discontinuity = from.discontinuity;
      to.gap = from.gap;
      to.program_date_time = from.date_time;
      if (!from.gap) model.independent_segments &= from.independent;
      if (has_init_ && !from.gap && from.init != init) {
        init = from.init;
        init_names.push_back(InitName(init));
        to.map = playlist::Map{init_names.back().view(), {}};
      }
    }
  }

 private:
  std::size_t Slot(std::size_t i) const {
    const std::size_t slot = first_ + i;
    return slot < capacity_ ? slot : slot - capacity_;
  }

  std::string stem_;
  std::string_view ending_;
  bool has_init_;
  std::size_t capacity_;
  std::vector<ListedSegment> ring_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  std::uint64_t first_number_ = 0;
  std::uint64_t removed_discontinuities_ = 0;
  std::uint32_t last_init_removed_ = 0;
  TimeDelta duration_ = TimeDelta::Zero();
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_SEGMENT_LIST_H_
