#include "mediacore/rtp/video_timing.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(VideoTiming, VideoTiming, {2, 0, 1, 0, 9, 0, 10, 0, 12, 1, 0, 0xff, 0xff});

}  // namespace
}  // namespace mediacore::rtp
