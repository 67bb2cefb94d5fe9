#include "mediacore/rtp/transport_sequence_number.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(TransportSequenceNumber, TransportSequenceNumber, {0x12, 0x34});
BENCH_EXTENSION_VALUE(TransportSequenceNumberV2, TransportSequenceNumberV2, {0x12, 0x34, 0x80, 0x05});

}  // namespace
}  // namespace mediacore::rtp
