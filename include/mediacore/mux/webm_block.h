#ifndef MEDIACORE_MUX_WEBM_BLOCK_H_
#define MEDIACORE_MUX_WEBM_BLOCK_H_

#include "mediacore/mux/ebml.h"

namespace mediacore::mux {

// Why bytes are no block of Matroska, in the order looked at.
enum class WebmBlockError : std::uint8_t {
  kTooShort,      // the track number, time or flags are cut
  kBadTrack,      // track number 0 or above 2^32 - 1
  kBadLaceCount,  // laced, and the count is cut
  kBadLaceSize,   // a size of a lace is cut, negative, or more than there is
  kUnevenLace,    // laces of one size that do not come out even, or have no bytes
};

constexpr std::string_view ToString(WebmBlockError error) {
  switch (error) {
    case WebmBlockError::kTooShort: return "webm block: too short";
    case WebmBlockError::kBadTrack: return "webm block: bad track number";
    case WebmBlockError::kBadLaceCount: return "webm block: bad lace count";
    case WebmBlockError::kBadLaceSize: return "webm block: bad lace size";
    case WebmBlockError::kUnevenLace: return "webm block: uneven laces";
  }
  return "webm block: unknown";
}

enum class WebmLacing : std::uint8_t { kNone, kXiph, kFixed, kEbml };

// The bytes of a SimpleBlock or Block, seen in place (RFC 9559, section 10): a frame of
// one track, or several that share a header.
//
//   track number (EBML number)  time after the cluster's (2, signed)  flags(1)
//   [laced: number of frames less one (1), sizes of all but the last]  frames
class WebmBlockView {
 public:
  // Proves the sizes of all frames.
  static constexpr Expected<WebmBlockView, WebmBlockError> Parse(Bytes block) noexcept {
    EbmlVint track;
    if (!EbmlVint::Read(block, track) || block.size() < track.size + 3) return WebmBlockError::kTooShort;
    if (track.value == 0 || track.value > 0xffffffff) return WebmBlockError::kBadTrack;
    WebmBlockView view;
    view.track_ = static_cast<std::uint32_t>(track.value);
    view.time_ = static_cast<std::int16_t>(LoadU16(block.data() + track.size));
    view.flags_ = block[track.size + 2];
    view.rest_ = block.subspan(track.size + 3);
    if (view.lacing() == WebmLacing::kNone) return view;
    if (view.rest_.empty()) return WebmBlockError::kBadLaceCount;
    view.frames_ = view.rest_[0] + 1u;
    view.rest_ = view.rest_.subspan(1);
    if (view.lacing() == WebmLacing::kFixed) {
      // Frames without bytes would be many out of nothing.
      if (view.rest_.size() % view.frames_ != 0 || view.rest_.empty()) return WebmBlockError::kUnevenLace;
      view.first_size_ = view.rest_.size() / view.frames_;
      return view;
    }
    // Once over the sizes, to find where the frames begin and what is left to the last.
    Sizes sizes(view);
    std::size_t sum = 0;
    std::size_t size = 0;
    for (std::size_t i = 0; i + 1 < view.frames_; ++i) {
      if (!sizes.Next(size) || size > view.rest_.size() - sum) return WebmBlockError::kBadLaceSize;
      sum += size;
    }
    view.sizes_ = view.rest_.size() - sizes.rest().size();
    if (sum > sizes.rest().size()) return WebmBlockError::kBadLaceSize;
    return view;
  }

  constexpr std::uint32_t track() const { return track_; }
  // Ticks of the segment, after the time of the cluster.
  constexpr std::int16_t time() const { return time_; }
  constexpr std::uint8_t flags() const { return flags_; }
  constexpr bool key_frame() const { return (flags_ & 0x80) != 0; }  // of a SimpleBlock
  constexpr bool invisible() const { return (flags_ & 0x08) != 0; }
  constexpr bool discardable() const { return (flags_ & 0x01) != 0; }  // of a SimpleBlock
  constexpr WebmLacing lacing() const { return static_cast<WebmLacing>(flags_ >> 1 & 3); }
  constexpr std::size_t frame_count() const { return frames_; }

 private:
  // The sizes as they are written, of all frames but the last.
  class Sizes {
   public:
    constexpr explicit Sizes(const WebmBlockView& view)
        : rest_(view.rest_), ebml_(view.lacing() == WebmLacing::kEbml) {}
    constexpr Bytes rest() const { return rest_; }
    [[nodiscard]] constexpr bool Next(std::size_t& out) noexcept {
      if (!ebml_) return NextXiph(out);
      EbmlVint vint;
      if (!EbmlVint::Read(rest_, vint)) return false;
      rest_ = rest_.subspan(vint.size);
      // The first as it is, the others as what is more or less than the one before.
      const auto value = static_cast<std::int64_t>(vint.value);
      last_ = first_ ? value : last_ + value - ((std::int64_t{1} << (7 * vint.size - 1)) - 1);
      first_ = false;
      if (last_ < 0 || last_ > std::int64_t{1} << 40) return false;
      out = static_cast<std::size_t>(last_);
      return true;
    }

   private:
    constexpr bool NextXiph(std::size_t& out) noexcept {
      std::size_t size = 0;
      for (std::size_t i = 0; i < rest_.size(); ++i) {
        size += rest_[i];
        if (rest_[i] == 255) continue;
        rest_ = rest_.subspan(i + 1);
        out = size;
        return true;
      }
      return false;
    }
    Bytes rest_;
    std::int64_t last_ = 0;
    bool ebml_;
    bool first_ = true;
  };

 public:
  // The frames in their order.
  class Frames {
   public:
    [[nodiscard]] constexpr bool Next(Bytes& frame) noexcept {
      if (left_ == 0) return false;
      std::size_t size = fixed_;
      if (--left_ == 0) {
        size = data_.size();
      } else if (fixed_ == 0 && (!sizes_.Next(size) || size > data_.size())) {
        return false;  // cannot be: Parse() was here
      }
      frame = data_.first(size);
      data_ = data_.subspan(size);
      return true;
    }

   private:
    friend class WebmBlockView;
    constexpr explicit Frames(const WebmBlockView& view)
        : sizes_(view), data_(view.rest_.subspan(view.sizes_)), fixed_(view.first_size_), left_(view.frames_) {}
    Sizes sizes_;
    Bytes data_;
    std::size_t fixed_;
    std::size_t left_;
  };
  constexpr Frames frames() const { return Frames(*this); }

 private:
  constexpr WebmBlockView() = default;

  std::uint32_t track_ = 0;
  std::int16_t time_ = 0;
  std::uint8_t flags_ = 0;
  Bytes rest_;                  // sizes and frames
  std::size_t sizes_ = 0;       // bytes of the sizes
  std::size_t first_size_ = 0;  // of all frames, where they are of one
  std::size_t frames_ = 1;
};

// What goes in front of the frame in a SimpleBlock, or Block, of one frame.
struct WebmBlockHeader {
  std::uint32_t track = 1;  // 1 on
  std::int16_t time = 0;
  bool key_frame = false;  // SimpleBlock only, as `discardable`
  bool invisible = false;
  bool discardable = false;

  constexpr std::size_t WireSize() const noexcept { return EbmlVint::SizeOf(track) + 3; }
  // What it wrote: WireSize(), or 0 when it does not fit.
  constexpr std::size_t Write(MutableBytes out) const noexcept {
    const std::size_t size = EbmlVint::SizeOf(track);
    if (out.size() < size + 3) return 0;
    EbmlVint::Write(track, size, out.data());
    StoreU16(out.data() + size, static_cast<std::uint16_t>(time));
    out[size + 2] =
        static_cast<std::uint8_t>((key_frame ? 0x80 : 0) | (invisible ? 0x08 : 0) | (discardable ? 0x01 : 0));
    return size + 3;
  }
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_WEBM_BLOCK_H_
