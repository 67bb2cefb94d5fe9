#ifndef MEDIACORE_SEGMENT_SAMPLE_QUEUE_H_
#define MEDIACORE_SEGMENT_SAMPLE_QUEUE_H_

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "mediacore/base/bytes.h"

namespace mediacore::segment {

// A frame that waits for its segment.
struct QueuedSample {
  std::int64_t ticks = 0;  // presentation time, MediaClock's ticks
  std::size_t offset = 0;  // of its bytes in the arena
  std::uint32_t size = 0;
  bool key = false;
  bool boundary = false;    // not the time base of the sample before
  bool new_format = false;  // needs another initialization section
  bool leading = false;     // shown before the key frame that it comes after
};

// The frames of one track and their bytes, in the order they came. Bytes lie
// in one ring, a frame never across its end, so that the first n frames are one
// piece of memory or two. PopFront() may move what is left.
//
//   if (std::uint8_t* to = queue.Reserve(size)) { ...; queue.Push(sample); }
//   for (const Bytes piece : queue.Pieces(n)) Send(piece);
//   queue.PopFront(n);
//
// Memory: the two capacities, taken by the constructor. Threads: one at a time.
class SampleQueue {
 public:
  SampleQueue(std::size_t max_bytes, std::size_t max_samples)
      : arena_(std::make_unique_for_overwrite<std::uint8_t[]>(max_bytes)),
        max_bytes_(max_bytes),
        max_samples_(max_samples) {
    samples_.reserve(max_samples);
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t max_samples() const { return max_samples_; }
  const QueuedSample& operator[](std::size_t i) const {
    assert(i < size_);
    return samples_[Slot(i)];
  }
  const QueuedSample& front() const { return (*this)[0]; }
  const QueuedSample& back() const { return (*this)[size_ - 1]; }
  Bytes data(std::size_t i) const {
    return Bytes(arena_.get() + (*this)[i].offset, (*this)[i].size);
  }

  // Room for a frame of up to `size` bytes, or nullptr when there is none.
  std::uint8_t* Reserve(std::size_t size) {
    if (size_ == max_samples_ || size > max_bytes_) return nullptr;
    if (empty()) write_ = 0;
    const std::size_t read = empty() ? 0 : front().offset;
    if (!empty() && write_ <= read) {  // the ring has turned
      if (read - write_ < size) return nullptr;
    } else if (max_bytes_ - write_ < size) {
      if (read < size) return nullptr;
      write_ = 0;
    }
    return arena_.get() + write_;
  }
  // Keeps the frame whose `size` bytes now lie where Reserve() said.
  void Push(QueuedSample sample) {
    sample.offset = write_;
    write_ += sample.size;
    const std::size_t slot = Slot(size_++);
    if (slot == samples_.size()) {  // the first time: memory is touched as it is used
      samples_.push_back(sample);
    } else {
      samples_[slot] = sample;
    }
  }
  // The front's format is in force.
  void ClearNewFormat() { samples_[first_].new_format = false; }
  void PopFront(std::size_t count) {
    assert(count <= size_);
    first_ = Slot(count);
    size_ -= count;
    if (!empty()) MoveToStart();
  }
  void PopBack(std::size_t count) {
    assert(count <= size_);
    if (count == 0) return;
    write_ = (*this)[size_ - count].offset;
    size_ -= count;
  }

  // The bytes of the first `count` frames, in order; the second piece is
  // mostly empty.
  std::array<Bytes, 2> Pieces(std::size_t count) const {
    std::array<Bytes, 2> pieces;
    if (count == 0) return pieces;
    const std::size_t begin = front().offset;
    const QueuedSample& last = (*this)[count - 1];
    if (last.offset >= begin) {
      pieces[0] = Bytes(arena_.get() + begin, last.offset + last.size - begin);
      return pieces;
    }
    std::size_t low = 1;  // the first frame after the turn lies at 0
    std::size_t high = count - 1;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if ((*this)[middle].offset < begin) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const QueuedSample& before = (*this)[low - 1];
    pieces[0] = Bytes(arena_.get() + begin, before.offset + before.size - begin);
    pieces[1] = Bytes(arena_.get(), last.offset + last.size);
    return pieces;
  }

 private:
  // What is left goes to the beginning when that is little beside what has gone
  // from there: the queue then stays in the memory (and the cache) that the
  // segments need, instead of walking through all of its capacity.
  void MoveToStart() {
    const std::size_t from = front().offset;
    if (write_ <= from) return;  // the ring has turned: it is in two places
    const std::size_t left = write_ - from;
    if (left > from / 4) return;
    std::memcpy(arena_.get(), arena_.get() + from, left);
    for (std::size_t i = 0; i < size_; ++i) samples_[Slot(i)].offset -= from;
    write_ = left;
  }
  std::size_t Slot(std::size_t i) const {
    const std::size_t slot = first_ + i;
    return slot < max_samples_ ? slot : slot - max_samples_;
  }

  std::unique_ptr<std::uint8_t[]> arena_;
  std::vector<QueuedSample> samples_;  // a ring
  std::size_t max_bytes_;
  std::size_t max_samples_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  std::size_t write_ = 0;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_SAMPLE_QUEUE_H_
