#include "mediacore/rtp/frame_tracking_id.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(VideoFrameTrackingId, VideoFrameTrackingId, {0x12, 0x34});

}  // namespace
}  // namespace mediacore::rtp
