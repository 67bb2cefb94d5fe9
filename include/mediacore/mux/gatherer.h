#ifndef MEDIACORE_MUX_GATHERER_H_
#define MEDIACORE_MUX_GATHERER_H_

#include <algorithm>

#include "mediacore/base/bytes.h"

namespace mediacore::mux {

// Puts together what a stream brings in pieces.
//
//   Gatherer gatherer;
//   if (!gatherer.Take(input, 12, storage, header)) return;  // more is to come
//
// What lies whole in `input` is seen there; only what is cut is copied, into
// `storage`, which holds it until the next call. Each byte is copied at most once.
class Gatherer {
 public:
  // Takes `want` bytes off the front of `input` and what was held before, which
  // was asked for with the same `want` and `storage`. False: `input` is used up and held.
  // `storage` has room for `want`.
  [[nodiscard]] constexpr bool Take(Bytes& input, std::size_t want, MutableBytes storage, Bytes& out) noexcept {
    if (held_ == 0 && input.size() >= want) {
      out = input.first(want);
      input = input.subspan(want);
      return true;
    }
    const std::size_t more = std::min(input.size(), want - held_);
    std::copy_n(input.data(), more, storage.data() + held_);
    input = input.subspan(more);
    held_ += more;
    if (held_ < want) return false;
    held_ = 0;
    out = storage.first(want);
    return true;
  }
  constexpr std::size_t held() const { return held_; }

 private:
  std::size_t held_ = 0;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_GATHERER_H_
