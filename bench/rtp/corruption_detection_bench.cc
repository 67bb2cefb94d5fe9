#include "mediacore/rtp/corruption_detection.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

// With all 13 samples.
BENCH_EXTENSION_VALUE(CorruptionDetection, CorruptionDetection,
                      {0x85, 0x33, 0x3c, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d});

}  // namespace
}  // namespace mediacore::rtp
