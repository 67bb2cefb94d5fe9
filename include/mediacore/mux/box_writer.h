#ifndef MEDIACORE_MUX_BOX_WRITER_H_
#define MEDIACORE_MUX_BOX_WRITER_H_

#include <algorithm>

#include "mediacore/base/bytes.h"

namespace mediacore::mux {

// A box type: FourCc("moov").
constexpr std::uint32_t FourCc(const char (&name)[5]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(name[i]);
  }
  return value;
}

// Writes nested boxes of ISO/IEC 14496-12 (section 4.2), and counts. Bytes past
// the end of `out` are counted but not written: over an empty `out` the same
// code that writes says how much it will write.
//
//   BoxWriter writer(out);
//   const std::size_t moof = writer.Begin("moof");
//   ...
//   writer.End(moof);
//   if (!writer.ok()) ...  // `out` was shorter than writer.size()
class BoxWriter {
 public:
  constexpr explicit BoxWriter(MutableBytes out) noexcept : out_(out) {}

  constexpr std::size_t size() const noexcept { return at_; }
  constexpr bool ok() const noexcept { return at_ <= out_.size(); }

  // Opens a box; End() with what this returned fills in its length.
  constexpr std::size_t Begin(const char (&type)[5]) noexcept {
    const std::size_t start = at_;
    U32(0);
    U32(FourCc(type));
    return start;
  }
  constexpr std::size_t BeginFull(const char (&type)[5], std::uint8_t version,
                                  std::uint32_t flags) noexcept {
    const std::size_t start = Begin(type);
    U32(std::uint32_t{version} << 24 | flags);
    return start;
  }
  constexpr void End(std::size_t start) noexcept {
    if (start + 4 <= out_.size()) {
      StoreU32(out_.data() + start, static_cast<std::uint32_t>(at_ - start));
    }
  }

  constexpr void U8(std::uint32_t value) noexcept {
    if (std::uint8_t* to = Take(1)) *to = static_cast<std::uint8_t>(value);
  }
  constexpr void U16(std::uint32_t value) noexcept {
    if (std::uint8_t* to = Take(2)) {
      StoreU16(to, static_cast<std::uint16_t>(value));
    }
  }
  constexpr void U32(std::uint32_t value) noexcept {
    if (std::uint8_t* to = Take(4)) StoreU32(to, value);
  }
  constexpr void U64(std::uint64_t value) noexcept {
    if (std::uint8_t* to = Take(8)) StoreU64(to, value);
  }
  constexpr void Raw(Bytes bytes) noexcept {
    if (std::uint8_t* to = Take(bytes.size())) {
      std::copy_n(bytes.data(), bytes.size(), to);
    }
  }
  constexpr void Zeros(std::size_t count) noexcept {
    if (std::uint8_t* to = Take(count)) std::fill_n(to, count, std::uint8_t{0});
  }
  constexpr void Type(const char (&name)[5]) noexcept { U32(FourCc(name)); }
  // With the zero that ends it.
  template <std::size_t kSize>
  constexpr void Text(const char (&text)[kSize]) noexcept {
    for (const char c : text) U8(static_cast<std::uint8_t>(c));
  }

 private:
  constexpr std::uint8_t* Take(std::size_t count) noexcept {
    const std::size_t from = at_;
    at_ += count;
    return count == 0 || at_ > out_.size() ? nullptr : out_.data() + from;
  }

  MutableBytes out_;
  std::size_t at_ = 0;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_BOX_WRITER_H_
