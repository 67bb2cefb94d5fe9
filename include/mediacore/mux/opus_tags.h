#ifndef MEDIACORE_MUX_OPUS_TAGS_H_
#define MEDIACORE_MUX_OPUS_TAGS_H_

#include <string_view>

#include "mediacore/base/bytes.h"
#include "mediacore/base/expected.h"

namespace mediacore::mux {

// Why a packet is no OpusTags, in the order looked at.
enum class OpusTagsError : std::uint8_t {
  kTooShort,    // fewer than the 16 bytes that all have
  kBadMagic,    // does not begin with OpusTags
  kBadVendor,   // the vendor string, or the count behind it, runs past the end
  kBadComment,  // a comment runs past the end, or they are fewer than the count
};

constexpr std::string_view ToString(OpusTagsError error) {
  switch (error) {
    case OpusTagsError::kTooShort: return "opus tags: too short";
    case OpusTagsError::kBadMagic: return "opus tags: bad magic";
    case OpusTagsError::kBadVendor: return "opus tags: bad vendor string";
    case OpusTagsError::kBadComment: return "opus tags: bad comment";
  }
  return "opus tags: unknown";
}

// The second packet of Opus in Ogg, seen in place (RFC 7845, section 5.2): who
// made the stream and what is said of it. Numbers are little-endian.
//
//   "OpusTags" length(4) vendor  count(4) { length(4) "NAME=value" }...
//
// What may lie behind the comments is not looked at.
class OpusTagsView {
 public:
  static constexpr Expected<OpusTagsView, OpusTagsError> Parse(Bytes packet) noexcept {
    if (packet.size() < 16) return OpusTagsError::kTooShort;
    for (std::size_t i = 0; i < kMagic.size(); ++i) {
      if (packet[i] != static_cast<std::uint8_t>(kMagic[i])) return OpusTagsError::kBadMagic;
    }
    OpusTagsView tags;
    Bytes rest = packet.subspan(8);
    if (!TakeString(rest, tags.vendor_) || rest.size() < 4) return OpusTagsError::kBadVendor;
    tags.count_ = LoadLittleU32(rest.data());
    tags.comments_ = rest = rest.subspan(4);
    Bytes comment;
    for (std::uint32_t i = 0; i < tags.count_; ++i) {  // ends with the bytes: each takes 4 of them
      if (!TakeString(rest, comment)) return OpusTagsError::kBadComment;
    }
    return tags;
  }

  constexpr Bytes vendor() const { return vendor_; }  // UTF-8, as all of the text
  constexpr std::uint32_t comment_count() const { return count_; }

  // "NAME=value", one after the other.
  class Comments {
   public:
    [[nodiscard]] constexpr bool Next(Bytes& comment) noexcept {
      if (left_ == 0) return false;
      --left_;
      return TakeString(rest_, comment);
    }

   private:
    friend class OpusTagsView;
    constexpr Comments(Bytes rest, std::uint32_t left) : rest_(rest), left_(left) {}
    Bytes rest_;
    std::uint32_t left_;
  };
  constexpr Comments comments() const { return Comments(comments_, count_); }

 private:
  friend struct OpusTags;
  static constexpr std::string_view kMagic = "OpusTags";
  constexpr OpusTagsView() = default;
  static constexpr bool TakeString(Bytes& rest, Bytes& out) noexcept {
    if (rest.size() < 4) return false;
    const std::size_t size = LoadLittleU32(rest.data());
    if (rest.size() - 4 < size) return false;
    out = rest.subspan(4, size);
    rest = rest.subspan(4 + size);
    return true;
  }

  Bytes vendor_;
  Bytes comments_;
  std::uint32_t count_ = 0;
};

// Writes the same. The texts are the caller's.
struct OpusTags {
  std::string_view vendor;
  std::span<const std::string_view> comments;

  constexpr std::size_t WireSize() const noexcept {
    std::size_t size = 16 + vendor.size();
    for (const std::string_view comment : comments) size += 4 + comment.size();
    return size;
  }
  // What it wrote: WireSize(), or 0 when it does not fit.
  constexpr std::size_t Write(MutableBytes out) const noexcept {
    const std::size_t size = WireSize();
    if (out.size() < size || size > 0xffffffff) return 0;
    std::uint8_t* to = Put(OpusTagsView::kMagic, out.data());
    to = PutString(vendor, to);
    StoreLittleU32(to, static_cast<std::uint32_t>(comments.size()));
    to += 4;
    for (const std::string_view comment : comments) to = PutString(comment, to);
    return size;
  }

 private:
  static constexpr std::uint8_t* Put(std::string_view text, std::uint8_t* to) noexcept {
    for (const char c : text) *to++ = static_cast<std::uint8_t>(c);
    return to;
  }
  static constexpr std::uint8_t* PutString(std::string_view text, std::uint8_t* to) noexcept {
    StoreLittleU32(to, static_cast<std::uint32_t>(text.size()));
    return Put(text, to + 4);
  }
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_OPUS_TAGS_H_
