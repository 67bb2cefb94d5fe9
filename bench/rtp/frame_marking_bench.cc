#include "mediacore/rtp/frame_marking.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

// The long form.
BENCH_EXTENSION_VALUE(FrameMarking, FrameMarking,
                      {0xda, 0x00, 0x07});

}  // namespace
}  // namespace mediacore::rtp
