#include "mediacore/rtp/video_orientation.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(VideoOrientation, VideoOrientation, {0x0f});
BENCH_EXTENSION_VALUE(VideoOrientation6, VideoOrientation6, {0xf3});

}  // namespace
}  // namespace mediacore::rtp
