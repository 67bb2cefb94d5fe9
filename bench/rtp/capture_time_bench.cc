#include "mediacore/rtp/capture_time.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(AbsCaptureTime, AbsCaptureTime,
                      {0xe8, 0, 0, 1, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0});

}  // namespace
}  // namespace mediacore::rtp
