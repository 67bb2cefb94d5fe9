#include "mediacore/rtp/playout_delay.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(PlayoutDelay, PlayoutDelay, {0x00, 0xa0, 0x28});

}  // namespace
}  // namespace mediacore::rtp
