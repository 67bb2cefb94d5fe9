#ifndef MEDIACORE_RTP_FEC_MASK_H_
#define MEDIACORE_RTP_FEC_MASK_H_

#include <array>
#include <bit>
#include <cstddef>
#include <iterator>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/sequence_number.h"

namespace mediacore::rtp {

// A set of offsets, 0 to 109, behind a base sequence number: which packets a FEC
// packet protects. All masks of ULPFEC and FlexFEC are such a set, written in the
// fewest bits that hold it, the lowest offset first. A range of int, in order.
//
//   rtp::FecMask mask;
//   for (const SequenceNumber number : batch) {
//     if (!mask.Add(static_cast<int>(number - batch.front()))) break;  // too far apart
//   }
//
// 16 bytes, no heap.
class FecMask {
 public:
  static constexpr int kCapacity = 110;

  class Iterator {
   public:
    using value_type = int;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr explicit Iterator(const std::array<std::uint64_t, 2>& words) : word_(words[0]), next_(words[1]) {
      Skip();
    }
    constexpr int operator*() const { return base_ + std::countl_zero(word_); }
    constexpr Iterator& operator++() {
      word_ ^= std::uint64_t{1} << 63 >> std::countl_zero(word_);
      Skip();
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(const Iterator&) const = default;
    constexpr bool operator==(std::default_sentinel_t) const { return word_ == 0; }

   private:
    constexpr void Skip() {
      if (word_ != 0 || next_ == 0) return;
      word_ = next_;
      next_ = 0;
      base_ = 64;
    }
    std::uint64_t word_ = 0;  // offsets still to come, from `base_` on
    std::uint64_t next_ = 0;
    int base_ = 0;
  };

  constexpr bool operator==(const FecMask&) const = default;

  constexpr bool empty() const { return (words_[0] | words_[1]) == 0; }
  constexpr int count() const { return std::popcount(words_[0]) + std::popcount(words_[1]); }
  // One more than the highest offset; 0 when empty.
  constexpr int size() const {
    return words_[1] != 0 ? 128 - std::countr_zero(words_[1]) : words_[0] != 0 ? 64 - std::countr_zero(words_[0]) : 0;
  }
  constexpr bool Contains(int offset) const {
    return offset >= 0 && offset < kCapacity && (words_[Word(offset)] & Bit(offset)) != 0;
  }
  // False when `offset` is not 0 to 109.
  [[nodiscard]] constexpr bool Add(int offset) {
    if (offset < 0 || offset >= kCapacity) return false;
    words_[Word(offset)] |= Bit(offset);
    return true;
  }
  constexpr Iterator begin() const { return Iterator(words_); }
  constexpr std::default_sentinel_t end() const { return {}; }

  // `count` offsets from `first` on as a number whose highest bit is `first`: a piece
  // of a mask as it is on the wire. At most 64, and none past the last offset.
  constexpr std::uint64_t Bits(int first, int count) const {
    std::uint64_t bits = words_[Word(first)] << (first % 64);
    if (first > 0 && first < 64) bits |= words_[1] >> (64 - first);
    return bits >> (64 - count);
  }
  // Adds what Bits() gave.
  constexpr void AddBits(int first, int count, std::uint64_t bits) {
    bits <<= 64 - count;
    words_[Word(first)] |= bits >> (first % 64);
    if (first > 0 && first < 64) words_[1] |= bits << (64 - first);
  }

 private:
  static constexpr std::size_t Word(int offset) { return static_cast<std::size_t>(offset) / 64; }
  static constexpr std::uint64_t Bit(int offset) { return std::uint64_t{1} << 63 >> (offset % 64); }

  std::array<std::uint64_t, 2> words_{};  // offset n: bit 63 - n % 64 of word n / 64
};

// The packets that one FEC packet protects: those of a mask, or every `step`-th of a
// run. A range of SequenceNumber, in the order of the stream, also across the wrap.
//
//   for (const SequenceNumber number : packets) missing += !Have(number);
class ProtectedPackets {
 public:
  class Iterator {
   public:
    using value_type = SequenceNumber;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr explicit Iterator(const ProtectedPackets& packets)
        : at_(packets.first_), mask_(packets.mask_.begin()), step_(packets.step_), left_(packets.run_) {}
    constexpr SequenceNumber operator*() const { return left_ > 0 ? at_ : at_ + *mask_; }
    constexpr Iterator& operator++() {
      if (left_ == 0) {
        ++mask_;
      } else {
        at_ = at_ + step_;
        --left_;
      }
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(std::default_sentinel_t) const { return left_ == 0 && mask_ == std::default_sentinel; }

   private:
    SequenceNumber at_;
    FecMask::Iterator mask_;
    std::uint8_t step_ = 0;
    std::uint8_t left_ = 0;
  };

  constexpr ProtectedPackets() = default;
  constexpr ProtectedPackets(SequenceNumber sn_base, const FecMask& mask) : first_(sn_base), mask_(mask) {}
  // first, first + step, ...: `count` of them, each once.
  static constexpr ProtectedPackets Run(SequenceNumber first, std::uint8_t step, std::uint8_t count) {
    ProtectedPackets packets;
    packets.first_ = first;
    packets.step_ = step == 0 ? std::uint8_t{1} : step;
    packets.run_ = count;
    return packets;
  }

  constexpr bool operator==(const ProtectedPackets&) const = default;

  constexpr int count() const { return run_ + mask_.count(); }
  constexpr bool Contains(SequenceNumber number) const {
    const int behind = static_cast<std::uint16_t>(number.value() - first_.value());
    if (run_ == 0) return mask_.Contains(behind);
    return behind % step_ == 0 && behind / step_ < run_;
  }
  constexpr Iterator begin() const { return Iterator(*this); }
  constexpr std::default_sentinel_t end() const { return {}; }

 private:
  SequenceNumber first_;
  std::uint8_t step_ = 0;
  std::uint8_t run_ = 0;  // 0: by the mask
  FecMask mask_;          // empty in a run
};

namespace internal {

// FlexFEC's masks: 15 offsets in 2 bytes, 31 more in 4, the rest in 8, with a bit k
// before each part that says whether another follows. Draft 03 and RFC 8627 mean the
// opposite by it, and the draft has one before the last part too.
struct FlexMaskForm {
  bool k_of_more;  // k when another part follows
  int last_bits;   // of the third part: 63 behind a k, or 64
};
inline constexpr FlexMaskForm kFlexFec03Mask{false, 63};
inline constexpr FlexMaskForm kFlexFecMask{true, 64};

enum class FlexMaskResult : std::uint8_t { kOk, kTruncated, kEndless };

constexpr FlexMaskResult ReadFlexMask(ByteReader& reader, FlexMaskForm form, FecMask& out) {
  out = {};
  std::uint16_t first = 0;
  if (!reader.ReadU16(first)) return FlexMaskResult::kTruncated;
  out.AddBits(0, 15, first & 0x7fffu);
  if ((first >> 15 != 0) != form.k_of_more) return FlexMaskResult::kOk;
  std::uint32_t second = 0;
  if (!reader.ReadU32(second)) return FlexMaskResult::kTruncated;
  out.AddBits(15, 31, second & 0x7fffffffu);
  if ((second >> 31 != 0) != form.k_of_more) return FlexMaskResult::kOk;
  std::uint64_t third = 0;
  if (!reader.ReadU64(third)) return FlexMaskResult::kTruncated;
  if (form.last_bits == 63) {
    if (third >> 63 == 0) return FlexMaskResult::kEndless;
    third &= ~std::uint64_t{0} >> 1;
  }
  out.AddBits(46, form.last_bits, third);
  return FlexMaskResult::kOk;
}

// 2, 6 or 14, at least `least`; 0 when the form cannot hold the mask.
constexpr std::size_t FlexMaskSize(const FecMask& mask, FlexMaskForm form, std::size_t least) {
  if (mask.size() > 46 + form.last_bits || least > 14) return 0;
  const std::size_t size = mask.size() > 46 ? 14 : mask.size() > 15 ? 6 : 2;
  return size >= least ? size : least > 6 ? 14 : 6;
}

// In `size` bytes, as FlexMaskSize() gave.
constexpr void WriteFlexMask(ByteWriter& writer, const FecMask& mask, FlexMaskForm form, std::size_t size) {
  const auto k = [&](bool more) { return more == form.k_of_more ? std::uint64_t{1} : 0; };
  writer.WriteU16(static_cast<std::uint16_t>(k(size > 2) << 15 | mask.Bits(0, 15)));
  if (size > 2) writer.WriteU32(static_cast<std::uint32_t>(k(size > 6) << 31 | mask.Bits(15, 31)));
  if (size > 6) {
    const std::uint64_t last = form.last_bits == 63 ? k(false) << 63 : 0;
    writer.WriteU64(last | mask.Bits(46, form.last_bits));
  }
}

}  // namespace internal

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_FEC_MASK_H_
