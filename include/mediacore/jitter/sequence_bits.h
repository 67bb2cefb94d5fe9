#ifndef MEDIACORE_JITTER_SEQUENCE_BITS_H_
#define MEDIACORE_JITTER_SEQUENCE_BITS_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mediacore::jitter {

// A ring of bits: one for each of the last `size` sequence numbers, or for each
// slot of a ring. Places are taken modulo the size, a power of two, 64 or more.
class SequenceBits {
 public:
  explicit SequenceBits(std::size_t size)
      : size_(std::max<std::size_t>(std::bit_ceil(size), 64)),
        words_(std::make_unique<std::uint64_t[]>(size_ / 64)) {}

  static std::size_t MaxMemory(std::size_t size) {
    return std::max<std::size_t>(std::bit_ceil(size), 64) / 8;
  }

  bool Test(std::size_t at) const noexcept {
    return (words_[Word(at)] >> (at % 64) & 1u) != 0;
  }
  void Set(std::size_t at) noexcept {
    words_[Word(at)] |= std::uint64_t{1} << (at % 64);
  }
  void Clear(std::size_t at) noexcept {
    words_[Word(at)] &= ~(std::uint64_t{1} << (at % 64));
  }
  void SetRange(std::size_t from, std::size_t count) noexcept {
    ForRange(from, count, [](std::uint64_t& word, std::uint64_t bits) { word |= bits; });
  }
  void ClearRange(std::size_t from, std::size_t count) noexcept {
    ForRange(from, count, [](std::uint64_t& word, std::uint64_t bits) { word &= ~bits; });
  }
  // The first set bit from `at` on, all the way round; `at` when none is set.
  std::size_t FindFrom(std::size_t at) const noexcept {
    const std::size_t words = size_ / 64;
    std::size_t word = Word(at);
    std::uint64_t bits = words_[word] & (~std::uint64_t{0} << (at % 64));
    for (std::size_t i = 0; i <= words; ++i) {
      if (bits != 0) {
        return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      }
      word = (word + 1) & (words - 1);
      bits = words_[word];
    }
    return at;
  }

 private:
  template <typename F>
  void ForRange(std::size_t from, std::size_t count, F change) noexcept {
    count = std::min(count, size_);
    while (count > 0) {  // at most once for each word, and one more
      const std::size_t bit = from % 64;
      const std::size_t take = std::min(count, 64 - bit);
      change(words_[Word(from)], ~std::uint64_t{0} >> (64 - take) << bit);
      from += take;
      count -= take;
    }
  }
  std::size_t Word(std::size_t at) const noexcept {
    return (at & (size_ - 1)) / 64;
  }

  std::size_t size_;
  std::unique_ptr<std::uint64_t[]> words_;
};

}  // namespace mediacore::jitter

#endif  // MEDIACORE_JITTER_SEQUENCE_BITS_H_
