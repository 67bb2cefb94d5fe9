#ifndef MEDIACORE_MUX_FILE_PATCH_H_
#define MEDIACORE_MUX_FILE_PATCH_H_

#include <array>

#include "mediacore/base/bytes.h"

namespace mediacore::mux {

// Bytes that a writer knows only now, for a place that it wrote before: who can seek
// writes them there. The file is good without them too, only less handy.
struct FilePatch {
  std::uint64_t offset = 0;  // from the begin of the file
  std::size_t size = 0;
  std::array<std::uint8_t, 96> storage{};

  constexpr Bytes bytes() const { return Bytes(storage).first(size); }
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FILE_PATCH_H_
