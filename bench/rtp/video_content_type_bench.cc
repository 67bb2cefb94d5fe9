#include "mediacore/rtp/video_content_type.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(VideoContentType, VideoContentType, {1});

}  // namespace
}  // namespace mediacore::rtp
