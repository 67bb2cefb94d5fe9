#ifndef MEDIACORE_MUX_SAMPLE_H_
#define MEDIACORE_MUX_SAMPLE_H_

#include "mediacore/base/bytes.h"

namespace mediacore::mux {

// One frame on its way into or out of a container. Times are ticks of the
// track's time scale; decode times rise, presentation times may not (B frames).
struct Sample {
  std::int64_t dts = 0;
  std::int64_t pts = 0;
  std::uint32_t duration = 0;
  bool sync = false;  // decoding can begin here
  Bytes data;         // as codec::EncodedFrame::data
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_SAMPLE_H_
