#include "mediacore/rtp/generic_frame_descriptor.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

// A frame that refers to three others.
BENCH_EXTENSION_VALUE(GenericFrameDescriptor, GenericFrameDescriptor,
                      {0xfb, 0x05, 0x34, 0x12, 0x05, 0x03, 0x01, 0xfe, 0xff});

}  // namespace
}  // namespace mediacore::rtp
