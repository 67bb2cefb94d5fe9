#ifndef MEDIACORE_MUX_BOX_VIEW_H_
#define MEDIACORE_MUX_BOX_VIEW_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/expected.h"
#include "mediacore/mux/box_writer.h"

namespace mediacore::mux {

// Why bytes do not begin with a box, in the order looked at.
enum class BoxError : std::uint8_t {
  kTooShort,   // no room for size and type
  kBadSize,    // a size smaller than the box's own header
  kTruncated,  // the box runs past the end of what holds it
};

constexpr std::string_view ToString(BoxError error) {
  switch (error) {
    case BoxError::kTooShort: return "box: too short";
    case BoxError::kBadSize: return "box: bad size";
    case BoxError::kTruncated: return "box: truncated";
  }
  return "box: unknown";
}

// One box of ISO/IEC 14496-12 (section 4.2), seen in place. A box lies wholly in
// the bytes it was taken from, so children never reach past their parent.
class BoxView {
 public:
  // Takes one box off the front of `reader`. On error `reader` is unchanged; on
  // success it has moved by at least 8 bytes, so a loop over it ends.
  static constexpr Expected<BoxView, BoxError> TakeFrom(ByteReader& reader) noexcept {
    const Bytes rest = reader.rest();
    if (rest.size() < 8) return BoxError::kTooShort;
    std::uint64_t size = LoadU32(rest.data());
    std::size_t header = 8;
    if (size == 0) {  // to the end
      size = rest.size();
    } else if (size == 1) {
      if (rest.size() < 16) return BoxError::kTooShort;
      size = LoadU64(rest.data() + 8);
      header = 16;
    }
    if (size < header) return BoxError::kBadSize;
    if (size > rest.size()) return BoxError::kTruncated;
    Bytes box;
    if (!reader.ReadBytes(static_cast<std::size_t>(size), box)) {
      return BoxError::kTruncated;
    }
    return BoxView(box, header);
  }

  constexpr std::uint32_t type() const { return LoadU32(box_.data() + 4); }
  constexpr bool Is(const char (&name)[5]) const { return type() == FourCc(name); }
  constexpr Bytes body() const { return box_.subspan(header_); }
  constexpr Bytes bytes() const { return box_; }

 private:
  constexpr BoxView(Bytes box, std::size_t header) : box_(box), header_(header) {}
  Bytes box_;
  std::size_t header_;
};

// The body of the first child of that type. False when there is none before
// the end or before something that is no box.
[[nodiscard]] constexpr bool FindBox(Bytes parent, const char (&name)[5],
                                     Bytes& body) noexcept {
  ByteReader reader(parent);
  while (const auto box = BoxView::TakeFrom(reader)) {
    if (!box->Is(name)) continue;
    body = box->body();
    return true;
  }
  return false;
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_BOX_VIEW_H_
